//! Time and instructions of the core's steps.

use anyhow::{Context, Result};
use aplomb_benches::machine::Machine;
use aplomb_benches::rounds::Nanos;
use aplomb_benches::scenario::{self, ALL};
use aplomb_benches::{callgrind, rounds, table};
use clap::{Parser, Subcommand};

/// Measures the core's steps: nanoseconds, and instructions where valgrind is installed.
#[derive(Parser)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// Runs one scenario and prints nothing, for callgrind.
    Count {
        /// The scenario's key.
        scenario: String,
        /// How many steps.
        #[arg(long)]
        steps: usize,
        /// For how many steps it is prepared.
        #[arg(long)]
        prepared: usize,
    },
}

fn main() -> Result<()> {
    match Cli::parse().command {
        Some(Command::Count { scenario, steps, prepared }) => count(&scenario, steps, prepared),
        None => measure(),
    }
}

fn count(scenario: &str, steps: usize, prepared: usize) -> Result<()> {
    let scenario = scenario::find(scenario).with_context(|| format!("no scenario {scenario}"))?;
    let mut step = (scenario.prepare)(prepared);
    for _ in 0..steps {
        step();
    }
    Ok(())
}

fn measure() -> Result<()> {
    let event = scenario::event();
    table::progress(&format!(
        "an event is {} bytes: {} of its subscriber's own, {} shared",
        event.len(),
        event.head.len(),
        event.tail.len()
    ))?;
    let before = Machine::read()?;
    let nanos = rounds::run(ALL);
    let noise = Machine::read()?.since(&before).busy_share();
    let mut figures = table::with_columns(["step", "ns, best", "ns, median", "instructions"]);
    for (scenario, Nanos { best, median }) in ALL.iter().zip(nanos) {
        let instructions = callgrind::instructions(scenario.key)?;
        let instructions = instructions.map_or_else(|| "no valgrind".into(), |count| count.to_string());
        figures.add_row([scenario.name.into(), format!("{best:.0}"), format!("{median:.0}"), instructions]);
    }
    let title = format!(
        "The core: {} rounds of {} steps (the whole machine was {:.0} % busy, this program included)",
        rounds::ROUNDS,
        rounds::STEPS,
        noise * 100.0
    );
    table::print(&title, &figures)
}

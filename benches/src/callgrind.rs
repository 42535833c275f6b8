//! Instructions per step: the same program under callgrind with N and with 2N steps; the difference is N steps
//! and nothing else. Unlike times, these figures repeat on a busy machine.

use anyhow::{Context, Result, ensure};
use std::process::Command;

/// Steps of the short run. Both runs prepare for twice as many.
pub const STEPS: u64 = 400;

/// Instructions of one step of the scenario, counted with valgrind. `None` when valgrind is not installed.
///
/// The program calls itself with `count NAME --steps N --prepared 2N`.
pub fn instructions(scenario: &str) -> Result<Option<u64>> {
    if Command::new("valgrind").arg("--version").output().is_err() {
        return Ok(None);
    }
    let difference = collected(scenario, 2 * STEPS)?.saturating_sub(collected(scenario, STEPS)?);
    Ok(Some(difference / STEPS))
}

fn collected(scenario: &str, steps: u64) -> Result<u64> {
    let program = std::env::current_exe()?;
    let out = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(program)
        .args(["count", scenario, "--steps", &steps.to_string(), "--prepared", &(2 * STEPS).to_string()])
        .output()?;
    let log = String::from_utf8_lossy(&out.stderr);
    ensure!(out.status.success(), "valgrind failed: {log}");
    total(&log).with_context(|| format!("callgrind did not say what it collected: {log}"))
}

/// The figure of the line `==PID== Collected : FIGURE`.
fn total(log: &str) -> Option<u64> {
    log.lines().find_map(|line| line.split_once("Collected :")?.1.trim().parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_total_is_found_among_callgrinds_lines() {
        let log = "==71== Events    : Ir\n==71== Collected : 8813400\n==71== \n";
        assert_eq!(total(log), Some(8_813_400));
        assert_eq!(total("==71== Events    : Ir\n"), None);
    }
}

//! `aplomb`: the one binary. Reads what it is told to do and does it.

mod audited;
mod backup;
mod beginnings;
mod cli;
mod client_logs;
mod config;
mod decode;
mod demo;
mod directory;
mod finesse_log;
mod floor_task;
mod greeting;
mod health;
mod http;
mod inject;
mod journal;
mod listeners;
mod log;
mod media_task;
mod metrics;
mod people;
mod policy;
mod present_policy;
mod pulse;
mod ready;
mod recording;
mod serve;
mod shares;
mod site;
mod sso_keys;
mod store;
mod strangers;
mod task_orders;
mod user;
mod warnings;
mod why;

use clap::Parser;
use cli::{Cli, Command, CtiCommand};
use std::process::ExitCode;

/// Measured: see docs/adr/0013.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let cli = Cli::parse();
    let done = match cli.command {
        Command::Serve(args) => serve::command(args),
        Command::Sim(args) => serve::sim_command(args),
        Command::Inject(args) => inject::command(args),
        Command::Why(args) => why::command(args),
        Command::Load(args) => load::run_command(args),
        Command::Cti(CtiCommand::Decode(args)) => decode::command(args),
        Command::Cti(CtiCommand::Replay(args)) => recording::replay(args),
        Command::User(args) => user::command(args),
        Command::ClientLogs(args) => client_logs::command(args),
        Command::Backup(args) => backup::back_up_command(args),
        Command::Restore(args) => backup::restore_command(args),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            log::complain(&error);
            ExitCode::FAILURE
        }
    }
}

//! `aplomb client-logs`: what desktops have sent in, for whoever looks into it.

use crate::cli::ClientLogsCommand;
use crate::store::{Tool, block_on};
use ::store::limits::CLIENT_LOGS_MAX;
use ::store::{ClientLog, ClientLogBody};
use anyhow::{Context, bail};
use serde_json::json;
use std::fs::File;
use std::io::{ErrorKind, IsTerminal, Write};
use std::path::Path;

pub(crate) fn command(command: ClientLogsCommand) -> anyhow::Result<()> {
    match command {
        ClientLogsCommand::List { user, count, json, store } => {
            let logs = block_on(async {
                let all = u32::try_from(CLIENT_LOGS_MAX).unwrap_or(u32::MAX);
                Ok(Tool::new(&store)?.open().await?.client_logs(all).await?)
            })?;
            let wanted =
                |log: &ClientLog| user.as_ref().is_none_or(|user| log.user.eq_ignore_ascii_case(user));
            let logs: Vec<ClientLog> = logs.into_iter().filter(wanted).take(count as usize).collect();
            print(&if json { as_json(&logs)? } else { table(&logs) })
        }
        ClientLogsCommand::Show { number, output, store } => {
            let body = block_on(async {
                let body = Tool::new(&store)?.open().await?.client_log(number).await?;
                body.with_context(|| format!("there is no client log {number}: aplomb client-logs list"))
            })?;
            match output {
                Some(path) => save(&path, &body),
                None => show(&body),
            }
        }
    }
}

fn as_json(logs: &[ClientLog]) -> anyhow::Result<String> {
    let logs: Vec<_> = logs
        .iter()
        .map(|log| json!({ "number": log.number, "user": log.user, "at": log.at.to_string(), "bytes": log.size }))
        .collect();
    Ok(serde_json::to_string_pretty(&logs)? + "\n")
}

fn table(logs: &[ClientLog]) -> String {
    let mut table = comfy_table::Table::new();
    table.load_style(comfy_table::presets::NOTHING);
    table.set_header(["number", "user", "at", "bytes kept"]);
    for log in logs {
        table.add_row([log.number.to_string(), log.user.clone(), log.at.to_string(), log.size.to_string()]);
    }
    table.trim_fmt() + "\n"
}

fn bytes(body: &ClientLogBody) -> &[u8] {
    match body {
        ClientLogBody::Text(text) => text.as_bytes(),
        ClientLogBody::Zip(archive) => archive,
    }
}

/// A new file: what is there is not written over.
fn save(path: &Path, body: &ClientLogBody) -> anyhow::Result<()> {
    let file = File::options().write(true).create_new(true).open(path);
    let mut file = file.with_context(|| format!("cannot make {}", path.display()))?;
    file.write_all(bytes(body)).with_context(|| format!("cannot write {}", path.display()))
}

fn show(body: &ClientLogBody) -> anyhow::Result<()> {
    let is_terminal = std::io::stdout().is_terminal();
    match body {
        ClientLogBody::Text(text) if is_terminal => print(&harmless(text)),
        ClientLogBody::Zip(_) if is_terminal => {
            bail!("it is a zip archive: --output FILE, or redirect standard output")
        }
        body => write(bytes(body)),
    }
}

/// The text without what would command a terminal: whoever wrote it may have meant to.
fn harmless(text: &str) -> String {
    let shown = |c: char| if c.is_control() && !"\n\t".contains(c) { '\u{FFFD}' } else { c };
    text.chars().map(shown).collect()
}

fn print(text: &str) -> anyhow::Result<()> {
    write(text.as_bytes())
}

fn write(bytes: &[u8]) -> anyhow::Result<()> {
    match std::io::stdout().write_all(bytes) {
        // `aplomb client-logs list | head`
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        written => written.context("cannot write"),
    }
}

#[cfg(test)]
mod tests {
    use super::harmless;

    #[test]
    fn a_log_commands_no_terminal() {
        assert_eq!(harmless("a\tb\r\n\u{1b}[2Jc\u{9b}d"), "a\tb\u{FFFD}\n\u{FFFD}[2Jc\u{FFFD}d");
    }
}

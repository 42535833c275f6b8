//! `aplomb cti decode`: GED-188 messages as a tree of fields with byte offsets.

mod capture;
pub(crate) mod hex;
mod input;
mod json;
mod reassembly;
mod recording;
mod stream;
mod tree;

#[cfg(test)]
mod tests;

use crate::cli::DecodeArgs;
use anyhow::{Context, bail};
use ged188::{Dialect, Width};
use std::io::{IsTerminal, Write};
use stream::Conversation;

/// The version of messages that come without an OPEN_REQ.
const VERSION_UNTOLD: u32 = 24;

/// How floating fields are read: the version unless the conversation names one, and the widths.
#[derive(Clone, Copy, Debug, Default)]
struct Reading {
    version: Option<u32>,
    uccx: bool,
    tag_width: Option<Width>,
    length_width: Option<Width>,
}

impl Reading {
    fn of(args: &DecodeArgs) -> Self {
        let width = |bytes: Option<u8>| bytes.map(|bytes| if bytes == 1 { Width::One } else { Width::Two });
        Self {
            version: args.version,
            uccx: args.uccx,
            tag_width: width(args.tag_width),
            length_width: width(args.length_width),
        }
    }

    /// `told`: the version that OPEN_REQ asks for.
    fn dialect(self, told: Option<u32>) -> Dialect {
        let version = self.version.or(told).unwrap_or(VERSION_UNTOLD);
        let dialect = if self.uccx { Dialect::uccx(version) } else { Dialect::cce(version) };
        Dialect {
            tag_width: self.tag_width.unwrap_or(dialect.tag_width),
            length_width: self.length_width.unwrap_or(dialect.length_width),
            ..dialect
        }
    }
}

/// How the answer looks.
#[derive(Clone, Copy, Debug, Default)]
struct Look {
    colours: bool,
    redact: bool,
}

/// Prints the messages; an error when a byte of them is left over or missing.
pub(crate) fn command(args: DecodeArgs) -> anyhow::Result<()> {
    let conversations = input::read(&args)?;
    let mut out = std::io::stdout().lock();
    let colours = out.is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
    let look = Look { colours, redact: args.redact };
    let text =
        if args.json { json::document(&conversations, look)? } else { tree::page(&conversations, look) };
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        // `aplomb cti decode … | head`
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => {}
        written => written.context("cannot write the answer")?,
    }
    match conversations.iter().map(Conversation::faults).sum::<usize>() {
        0 => Ok(()),
        1 => bail!("one place is broken, see above"),
        count => bail!("{count} places are broken, see above"),
    }
}

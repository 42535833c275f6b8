//! `aplomb user`.

use crate::cli::UserCommand;
use accounts::{Password, hash};
use anyhow::{Context, ensure};
use std::io::{Read, Write};

pub(crate) fn command(command: UserCommand) -> anyhow::Result<()> {
    match command {
        UserCommand::Hash => {
            let mut password = String::new();
            std::io::stdin().take(4_096).read_to_string(&mut password).context("cannot read the password")?;
            let password = password.trim_end_matches(['\r', '\n']);
            ensure!(
                !password.is_empty(),
                "no password on standard input: printf %s 'the password' | aplomb user hash"
            );
            let hash = hash(&Password::new(password), &rand::random::<[u8; 16]>())?;
            writeln!(std::io::stdout(), "{}", hash.as_str())?;
            Ok(())
        }
    }
}

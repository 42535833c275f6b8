//! `aplomb user`.

use crate::cli::UserCommand;
use accounts::scram::{Hash, Verifier};
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
            write!(std::io::stdout(), "{}", Secrets::of(&Password::new(password))?.to_toml())?;
            Ok(())
        }
    }
}

/// Iterations of new SCRAM verifiers. A thief of the verifiers needs them for each guess, and a client for each
/// sign-in: some milliseconds in a browser.
const ITERATIONS: u32 = 10_000;

/// What the configuration keeps of a password.
pub(crate) struct Secrets {
    pub(crate) password_hash: String,
    pub(crate) scram: Vec<String>,
}

impl Secrets {
    /// Everything, with salts of its own.
    pub(crate) fn of(password: &Password) -> anyhow::Result<Self> {
        let salt = || rand::random::<[u8; 16]>();
        let password_hash = hash(password, &salt())?.as_str().to_owned();
        let verifiers =
            Hash::ALL.into_iter().map(|hash| Verifier::derive(hash, password, &salt(), ITERATIONS));
        let scram = verifiers.map(|verifier| Ok(verifier?.to_text())).collect::<anyhow::Result<_>>()?;
        Ok(Self { password_hash, scram })
    }

    /// Lines for a `[[users]]` table.
    fn to_toml(&self) -> String {
        let lines = self.scram.iter().map(|verifier| format!("    \"{verifier}\",\n"));
        format!("password_hash = \"{}\"\nscram = [\n{}]\n", self.password_hash, lines.collect::<String>())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_printed_is_toml_that_the_configuration_takes() {
        let text = Secrets::of(&Password::new("a\"b\\c")).unwrap().to_toml();
        let table: toml::Table = text.parse().unwrap();
        assert!(accounts::PasswordHash::parse(table["password_hash"].as_str().unwrap()).is_ok());
        let schemes: Vec<_> = table["scram"]
            .as_array()
            .unwrap()
            .iter()
            .map(|text| Verifier::parse(text.as_str().unwrap()).unwrap().hash())
            .collect();
        assert_eq!(schemes, Hash::ALL);
    }
}

//! `aplomb user`.

mod import;

use crate::cli::{StoreArgs, UserAddArgs, UserCommand};
use crate::config::Config;
use crate::store::{Tool, block_on, by};
use ::store::{Store, Team, User, UserRole};
use accounts::scram::{Hash, Verifier};
use accounts::{Password, PasswordHash, hash};
use anyhow::{Context, anyhow, ensure};
use std::collections::BTreeMap;
use std::io::{Read, Write};

pub(crate) fn command(command: UserCommand) -> anyhow::Result<()> {
    match command {
        UserCommand::Hash => {
            let secrets = Secrets::of(&password("hash")?)?;
            write!(std::io::stdout(), "{}", secrets.to_toml())?;
            Ok(())
        }
        UserCommand::Add(args) => add(args),
        UserCommand::Passwd { id, store } => passwd(id, &store),
        UserCommand::Import { file, store } => import::command(&file, &store),
        UserCommand::List { json, store } => list(json, &store),
    }
}

/// Standard input, without the end of its line.
fn password(command: &str) -> anyhow::Result<Password> {
    let mut password = String::new();
    std::io::stdin().take(4_096).read_to_string(&mut password).context("cannot read the password")?;
    let password = password.trim_end_matches(['\r', '\n']);
    ensure!(
        !password.is_empty(),
        "no password on standard input: printf %s 'the password' | aplomb user {command}"
    );
    Ok(Password::new(password))
}

fn add(args: UserAddArgs) -> anyhow::Result<()> {
    let tool = Tool::new(&args.store)?;
    tool.check_not_configured(&args.id)?;
    let roles = args.roles.iter().map(|name| role(name)).collect::<Result<_, _>>()?;
    let password = password(&format!("add {} …", args.id))?;
    block_on(async {
        let store = tool.open().await?;
        let user = User {
            login_name: args.login_name.unwrap_or_else(|| args.id.clone()),
            id: args.id,
            first_name: args.first_name,
            last_name: args.last_name,
            team: args.team,
            roles,
            supervises: args.supervises,
            secrets: secrets(password).await?,
        };
        Teams::new(&store, &tool.config).await?.make(&user, args.team_name.as_deref()).await?;
        store.create_user(user, by()).await?;
        Ok(())
    })
}

fn passwd(id: String, args: &StoreArgs) -> anyhow::Result<()> {
    let tool = Tool::new(args)?;
    tool.check_not_configured(&id)?;
    let password = password(&format!("passwd {id}"))?;
    block_on(async {
        let store = tool.open().await?;
        store.set_secrets(id, secrets(password).await?, by()).await?;
        Ok(())
    })
}

fn list(json: bool, args: &StoreArgs) -> anyhow::Result<()> {
    let tool = Tool::new(args)?;
    let users = block_on(async { Ok(tool.open().await?.users().await?) })?;
    let text = if json { serde_json::to_string_pretty(&users)? + "\n" } else { table(&users) };
    match std::io::stdout().write_all(text.as_bytes()) {
        // `aplomb user list | head`
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        written => written.context("cannot write the list"),
    }
}

fn table(users: &[User]) -> String {
    let mut table = comfy_table::Table::new();
    table.load_style(comfy_table::presets::NOTHING);
    table.set_header(["id", "loginName", "name", "team", "roles"]);
    for user in users {
        let team = user.team.map(|team| team.to_string()).unwrap_or_default();
        let roles: Vec<&str> = user.roles.iter().map(|role| role.name()).collect();
        let name = format!("{} {}", user.first_name, user.last_name);
        table.add_row([&user.id, &user.login_name, name.trim(), &team, &roles.join(" ")]);
    }
    table.trim_fmt() + "\n"
}

fn role(name: &str) -> anyhow::Result<UserRole> {
    let found = UserRole::ALL.into_iter().find(|role| role.name() == name);
    let names = || UserRole::ALL.map(UserRole::name).join(", ");
    found.ok_or_else(|| anyhow!("{name:?} is no role: {}", names()))
}

/// What the store keeps of a password. Costs tens of milliseconds.
async fn secrets(password: Password) -> anyhow::Result<::store::Secrets> {
    let Secrets { password_hash, scram } =
        tokio::task::spawn_blocking(move || Secrets::of(&password)).await??;
    Ok(::store::Secrets { password_hash, scram })
}

/// Secrets that another program made.
fn verified(password_hash: String, scram: Vec<String>) -> anyhow::Result<::store::Secrets> {
    PasswordHash::parse(&password_hash)?;
    for verifier in &scram {
        Verifier::parse(verifier)?;
    }
    Ok(::store::Secrets { password_hash, scram })
}

impl Tool {
    /// Users of the configuration are changed there.
    fn check_not_configured(&self, id: &str) -> anyhow::Result<()> {
        let is_configured = self.config.users.iter().any(|user| user.id.eq_ignore_ascii_case(id));
        ensure!(!is_configured, "user {id} is in the configuration, not in the store");
        Ok(())
    }
}

/// The teams of the store, which come into being when a user needs them.
struct Teams<'a> {
    store: &'a Store,
    known: BTreeMap<u32, String>,
    configured: BTreeMap<u32, String>,
}

impl<'a> Teams<'a> {
    async fn new(store: &'a Store, config: &Config) -> anyhow::Result<Self> {
        let known = store.teams().await?.into_iter().map(|team| (team.id, team.name)).collect();
        let configured = config.teams.iter().map(|team| (team.id, team.name.clone())).collect();
        Ok(Self { store, known, configured })
    }

    /// Makes the user's teams that are not there, under the name that is given or that the configuration knows.
    async fn make(&mut self, user: &User, name: Option<&str>) -> anyhow::Result<()> {
        let own = user.team.map(|team| (team, name));
        for (id, name) in own.into_iter().chain(user.supervises.iter().map(|team| (*team, None))) {
            let name = name.map(str::to_owned).or_else(|| self.configured.get(&id).cloned());
            let Some(name) = name.filter(|_| !self.known.contains_key(&id)) else { continue };
            self.store.put_team(Team { id, name: name.clone() }, by()).await?;
            self.known.insert(id, name);
        }
        Ok(())
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

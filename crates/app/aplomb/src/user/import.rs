//! `aplomb user import`: many users from a CSV file.

use super::{Teams, role, secrets, verified};
use crate::cli::StoreArgs;
use crate::store::{Tool, block_on, by};
use ::store::limits::USERS_MAX;
use ::store::{Put, Store, User};
use accounts::Password;
use anyhow::{Context, anyhow, bail, ensure};
use csv::StringRecord;
use futures_util::{StreamExt, stream};
use indicatif::{ProgressBar, ProgressStyle};
use std::collections::HashMap;
use std::io::{Read, Write};
use std::path::Path;

const COLUMNS: [&str; 11] = [
    "id",
    "password",
    "password_hash",
    "scram",
    "login_name",
    "first_name",
    "last_name",
    "team",
    "team_name",
    "roles",
    "supervises",
];

/// A line of the file.
struct Line {
    number: u64,
    id: String,
    entry: anyhow::Result<Entry>,
}

/// A user, and the password that its secrets are still to be made of.
struct Entry {
    user: User,
    password: Option<Password>,
    team_name: Option<String>,
}

pub(crate) fn command(file: &Path, args: &StoreArgs) -> anyhow::Result<()> {
    let tool = Tool::new(args)?;
    let lines = if file.as_os_str() == "-" {
        read(std::io::stdin())?
    } else {
        read(std::fs::File::open(file).with_context(|| format!("cannot read {}", file.display()))?)?
    };
    let lines = without_clashes(lines, &tool);
    block_on(async {
        let store = tool.open().await?;
        let mut teams = Teams::new(&store, &tool.config).await?;
        for entry in lines.iter().filter_map(|line| line.entry.as_ref().ok()) {
            teams.make(&entry.user, entry.team_name.as_deref()).await?;
        }
        report(&store, lines).await
    })
}

fn read(input: impl Read) -> anyhow::Result<Vec<Line>> {
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(input);
    let heads: Vec<String> = reader.headers()?.iter().map(|head| head.trim().to_lowercase()).collect();
    for (at, head) in heads.iter().enumerate() {
        ensure!(
            COLUMNS.contains(&head.as_str()),
            "unknown column {head:?}; there are {}",
            COLUMNS.join(", ")
        );
        ensure!(!heads[..at].contains(head), "the column {head} is there twice");
    }
    ensure!(heads.iter().any(|head| head == "id"), "there is no column id");
    let has_secrets = heads.iter().any(|head| head == "password" || head == "password_hash");
    ensure!(has_secrets, "there is neither a column password nor password_hash");
    let mut lines = Vec::new();
    for record in reader.records() {
        let record = record?;
        ensure!(lines.len() < USERS_MAX as usize, "the file has more than {USERS_MAX} lines");
        let cell = |name: &str| {
            let at = heads.iter().position(|head| head == name);
            at.and_then(|at| record.get(at)).unwrap_or_default()
        };
        let number = record.position().map_or(0, csv::Position::line);
        let entry = whole(&record, &heads).and_then(|()| entry(&cell));
        lines.push(Line { number, id: cell("id").trim().to_owned(), entry });
    }
    Ok(lines)
}

fn whole(record: &StringRecord, heads: &[String]) -> anyhow::Result<()> {
    let (cells, columns) = (record.len(), heads.len());
    ensure!(cells == columns, "{cells} cells in {columns} columns");
    Ok(())
}

fn entry<'a>(cell: &impl Fn(&str) -> &'a str) -> anyhow::Result<Entry> {
    let text = |name: &str| cell(name).trim().to_owned();
    let several = |name: &str| -> Vec<String> { cell(name).split_whitespace().map(str::to_owned).collect() };
    let number = |text: &str| text.parse::<u32>().map_err(|_| anyhow!("{text:?} is no number of a team"));
    let roles = match several("roles") {
        none if none.is_empty() => vec!["agent".to_owned()],
        roles => roles,
    };
    let (id, team, login_name) = (text("id"), text("team"), text("login_name"));
    // a password may begin and end with blanks
    let (password, hash) = (cell("password"), text("password_hash"));
    let (password, secrets) = match (password.is_empty(), hash.is_empty()) {
        (false, true) => (Some(Password::new(password)), ::store::Secrets::default()),
        (true, false) => (None, verified(hash, several("scram"))?),
        (true, true) => bail!("no password"),
        (false, false) => bail!("a password and a hash of one"),
    };
    let user = User {
        login_name: if login_name.is_empty() { id.clone() } else { login_name },
        id,
        first_name: text("first_name"),
        last_name: text("last_name"),
        team: if team.is_empty() { None } else { Some(number(&team)?) },
        roles: roles.iter().map(|name| role(name)).collect::<Result<_, _>>()?,
        supervises: several("supervises").iter().map(|text| number(text)).collect::<Result<_, _>>()?,
        secrets,
    };
    Ok(Entry { user, password, team_name: Some(text("team_name")).filter(|name| !name.is_empty()) })
}

/// Two lines about one user: which of them is meant? And a user of the configuration file stays what it is there.
fn without_clashes(mut lines: Vec<Line>, tool: &Tool) -> Vec<Line> {
    let mut seen: HashMap<String, u64> = HashMap::new();
    for line in &mut lines {
        let first = *seen.entry(line.id.to_lowercase()).or_insert(line.number);
        if first != line.number {
            line.entry = Err(anyhow!("the user is on line {first} too"));
        } else if let Err(error) = tool.check_not_configured(&line.id) {
            line.entry = Err(error);
        }
    }
    lines
}

/// Puts them all, and says of each what became of it.
async fn report(store: &Store, lines: Vec<Line>) -> anyhow::Result<()> {
    let style = "{bar:40} {human_pos} of {human_len} users, {eta} to go";
    let progress = ProgressBar::new(lines.len() as u64).with_style(ProgressStyle::with_template(style)?);
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    // the hashes are made side by side, and those that are ready share one wait for the disk
    let outcomes = stream::iter(lines).map(|line| put(store, line)).buffered(cores * 4);
    let mut outcomes = std::pin::pin!(outcomes);
    let (mut created, mut replaced, mut refused) = (0_usize, 0_usize, 0_usize);
    let mut out = std::io::stdout();
    while let Some((number, id, outcome)) = outcomes.next().await {
        progress.inc(1);
        let line = match outcome {
            Ok(Put::Created) => {
                created += 1;
                format!("line {number}: {id} created")
            }
            Ok(Put::Replaced) => {
                replaced += 1;
                format!("line {number}: {id} replaced")
            }
            Err(error) => {
                refused += 1;
                format!("line {number}: {id} REFUSED: {error:#}")
            }
        };
        progress.suspend(|| writeln!(out, "{line}")).context("cannot write the report")?;
    }
    progress.finish_and_clear();
    writeln!(out, "{created} created, {replaced} replaced, {refused} refused")
        .context("cannot write the report")?;
    ensure!(refused == 0, "some lines were refused: the report says why");
    Ok(())
}

async fn put(store: &Store, line: Line) -> (u64, String, anyhow::Result<Put>) {
    let Line { number, id, entry } = line;
    let outcome = async {
        let Entry { mut user, password, .. } = entry?;
        if let Some(password) = password {
            user.secrets = secrets(password).await?;
        }
        Ok(store.put_user(user, by()).await?)
    };
    let outcome = outcome.await;
    (number, notification::printable(&id, 64), outcome)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_text(text: &str) -> anyhow::Result<Vec<Line>> {
        read(text.as_bytes())
    }

    fn error(text: &str) -> String {
        read_text(text).err().map(|error| error.to_string()).unwrap_or_default()
    }

    #[test]
    fn a_line_is_a_user_and_what_is_left_out_has_a_default() {
        let text = "ID,Password,team,roles,supervises,last_name\n1,\" p,w \",5000,agent supervisor,5000 5001,\"O\"\"H\"\n";
        let mut lines = read_text(text).unwrap();
        assert_eq!(lines[0].number, 2);
        let Entry { user, password, .. } = lines.remove(0).entry.unwrap();
        assert_eq!(password.unwrap(), Password::new(" p,w "));
        assert_eq!((user.login_name.as_str(), user.last_name.as_str()), ("1", "O\"H"));
        assert_eq!((user.team, user.supervises, user.roles.len()), (Some(5000), vec![5000, 5001], 2));
    }

    #[test]
    fn a_file_of_something_else_is_refused_before_anything_happens() {
        assert!(error("name,password\n").starts_with("unknown column \"name\"; there are id, password"));
        assert_eq!(error("id,id,password\n"), "the column id is there twice");
        assert_eq!(error("password\n"), "there is no column id");
        assert_eq!(error("id,team\n"), "there is neither a column password nor password_hash");
    }

    #[test]
    fn a_line_that_cannot_be_a_user_says_why() {
        let text = "id,password,password_hash,scram,team,roles\n1,p,,,x,\n2,,,,,\n3,p,$argon2id$,,,\n4,p\n\
                    5,p,,,,boss\n6,,hash,,,\n";
        let lines = read_text(text).unwrap();
        let why: Vec<String> = lines
            .iter()
            .map(|line| line.entry.as_ref().err().map(ToString::to_string).unwrap_or_default())
            .collect();
        let expected = [
            "\"x\" is no number of a team",
            "no password",
            "a password and a hash of one",
            "2 cells in 6 columns",
            "\"boss\" is no role: agent, supervisor, administrator, service",
            "not an argon2 hash in PHC form",
        ];
        for (why, expected) in why.iter().zip(expected) {
            assert!(why.starts_with(expected), "{why}");
        }
    }

    #[test]
    fn more_lines_than_there_may_be_users_are_refused() {
        let text = "id,password\n".to_owned() + &"1,p\n".repeat(USERS_MAX as usize + 1);
        assert!(error(&text).starts_with("the file has more than"));
    }
}

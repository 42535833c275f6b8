//! The arrow table of ARCHITECTURE.md: which of our crates may use which.

use super::workspace::{Arrows, arrows as real, pulled_in};
use std::collections::{BTreeMap, BTreeSet};

/// From the bottom: an arrow between groups points down.
const GROUPS: [&str; 5] = ["wire", "domain", "io", "edge", "app"];

/// What `wire` and `domain` do without, however indirectly, and where it belongs instead.
const KEPT_OUT_OF_CORES: [(&str, &str); 16] = [
    ("tokio", "no async: a core is driven by its owner"),
    ("async-std", "no async: a core is driven by its owner"),
    ("smol", "no async: a core is driven by its owner"),
    ("futures-util", "no async: a core is driven by its owner"),
    ("mio", "no sockets: io and edge own them"),
    ("socket2", "no sockets: io and edge own them"),
    ("hyper", "no sockets: io and edge own them"),
    ("axum", "no sockets: io and edge own them"),
    ("rustls", "no sockets: io and edge own them"),
    ("aws-lc-rs", "no sockets: io and edge own them"),
    ("rand", "no randomness: random bytes are arguments"),
    ("getrandom", "no randomness: random bytes are arguments"),
    ("tracing-subscriber", "no logs: return what happened, the driver says it"),
    ("sqlx", "no disk: io/store owns it"),
    ("tempfile", "no disk: bytes are arguments"),
    ("clap", "no command line: configuration is an argument"),
];

/// Which of ours a crate may use.
#[derive(Debug, PartialEq, Eq)]
enum Allowed {
    These(BTreeSet<String>),
    /// `tests` and `benches`.
    Anything,
}

type Table = BTreeMap<String, Allowed>;

/// Reads the table whose head is `| crate | may use …`. Names in the second column are folders without their group.
fn table(markdown: &str) -> Table {
    let rows = markdown.lines().skip_while(|line| !line.starts_with("| crate | may use")).skip(2);
    rows.take_while(|line| line.starts_with('|')).map(row).collect()
}

fn row(line: &str) -> (String, Allowed) {
    let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
    let allowed = match cells[1] {
        "–" => Allowed::These(BTreeSet::new()),
        "anything" => Allowed::Anything,
        list => Allowed::These(list.split(',').map(|name| name.trim().to_owned()).collect()),
    };
    (cells[0].to_owned(), allowed)
}

fn short(folder: &str) -> &str {
    folder.rsplit('/').next().unwrap_or(folder)
}

/// How far up a folder is; tests and benches are above everything.
fn height(folder: &str) -> usize {
    let group = folder.split('/').next().unwrap_or(folder);
    GROUPS.iter().position(|g| *g == group).unwrap_or(GROUPS.len())
}

/// Everything in which the table and the arrows differ, one sentence each.
fn differences(table: &Table, arrows: &Arrows) -> Vec<String> {
    let mut found = Vec::new();
    for (from, to) in arrows {
        match table.get(from) {
            None => found.push(format!("{from} has no row")),
            Some(Allowed::Anything) => {}
            Some(Allowed::These(allowed)) => {
                let used: BTreeSet<String> = to.iter().map(|folder| short(folder).to_owned()).collect();
                found.extend(
                    used.difference(allowed)
                        .map(|name| format!("{from} uses {name}, which its row does not list")),
                );
                found.extend(
                    allowed
                        .difference(&used)
                        .map(|name| format!("{from} lists {name}, which it does not use")),
                );
            }
        }
    }
    found.extend(
        table
            .keys()
            .filter(|row| !arrows.contains_key(*row))
            .map(|row| format!("{row} has a row but no crate")),
    );
    found
}

/// Arrows that point up, or sideways between two edges.
fn against_the_groups(arrows: &Arrows) -> Vec<String> {
    let mut found = Vec::new();
    for (from, tos) in arrows {
        for to in tos {
            let two_edges = from.starts_with("edge/") && to.starts_with("edge/");
            if height(to) > height(from) || two_edges {
                found.push(format!("{from} → {to}"));
            }
        }
    }
    found
}

fn drawn(list: &[(&str, &[&str])]) -> Arrows {
    list.iter().map(|(from, to)| ((*from).into(), to.iter().map(|t| (*t).into()).collect())).collect()
}

#[test]
fn the_arrow_table_is_what_cargo_says() {
    let differences = differences(&table(&super::text("ARCHITECTURE.md")), &real(None));
    assert!(
        differences.is_empty(),
        "ARCHITECTURE.md and the Cargo.toml files differ:\n{}",
        differences.join("\n")
    );
}

#[test]
fn arrows_point_down_the_groups_and_no_edge_knows_another() {
    let up = against_the_groups(&real(None));
    assert!(up.is_empty(), "{up:?}");
}

#[test]
fn even_tests_of_a_crate_do_not_reach_up() {
    let up = against_the_groups(&real(Some("dev")));
    assert!(up.is_empty(), "{up:?}");
}

/// What of the ban's list is in a folder's tree.
fn kept_out(folder: &str) -> Vec<String> {
    let pulled_in = pulled_in(&[folder], "normal");
    let banned =
        KEPT_OUT_OF_CORES.iter().filter(|(name, _)| pulled_in.iter().any(|package| package.name == *name));
    banned.map(|(name, why)| format!("{folder} pulls in {name}: {why}")).collect()
}

#[test]
fn cores_pull_in_nothing_that_does_io_or_draws_random_numbers() {
    let found: Vec<String> = real(None).keys().filter(|f| height(f) <= 1).flat_map(|f| kept_out(f)).collect();
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn a_crate_that_does_io_would_be_found() {
    let found = kept_out("io/listen");
    assert!(found.contains(&"io/listen pulls in mio: no sockets: io and edge own them".into()), "{found:?}");
}

const EXAMPLE: &str = "
text before

| crate | may use of ours | must not |
|---|---|---|
| wire/a | – | |
| edge/b | a | c |
| tests | anything | |

| another | table |
";

#[test]
fn an_arrow_that_the_table_does_not_list_is_found() {
    let drawn = drawn(&[("wire/a", &["wire/z"]), ("edge/b", &["wire/a"]), ("tests", &["edge/b"])]);
    assert_eq!(differences(&table(EXAMPLE), &drawn), ["wire/a uses z, which its row does not list"]);
}

#[test]
fn a_listed_arrow_that_nobody_draws_is_found() {
    let drawn = drawn(&[("wire/a", &[]), ("edge/b", &[]), ("tests", &[])]);
    assert_eq!(differences(&table(EXAMPLE), &drawn), ["edge/b lists a, which it does not use"]);
}

#[test]
fn a_crate_without_a_row_and_a_row_without_a_crate_are_found() {
    let drawn = drawn(&[("wire/a", &[]), ("io/new", &[]), ("tests", &[])]);
    assert_eq!(differences(&table(EXAMPLE), &drawn), ["io/new has no row", "edge/b has a row but no crate"]);
}

#[test]
fn an_arrow_up_and_an_arrow_between_edges_are_found() {
    let drawn = drawn(&[("domain/a", &["io/b", "wire/c"]), ("edge/rest", &["edge/notification", "io/b"])]);
    assert_eq!(against_the_groups(&drawn), ["domain/a → io/b", "edge/rest → edge/notification"]);
}

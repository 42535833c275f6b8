//! Every message whose layout the guides print is here, with every field in its place. The table is not the one that the
//! messages are made of: a script gathered it from the guides.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use ged188::layout::{FixedField, Kind};
use ged188::{Dialect, message};
use std::collections::BTreeSet;

const PRINTED: &str = include_str!("printed.tsv");

/// A line of the table.
struct Printed {
    kind: u32,
    name: &'static str,
    /// Names and sizes.
    fixed: Vec<(String, usize)>,
    tags: BTreeSet<u16>,
}

fn printed() -> Vec<Printed> {
    let lines = PRINTED.lines().filter(|line| !line.starts_with('#'));
    let row = |line: &'static str| {
        let columns: Vec<&str> = line.split('\t').collect();
        let field = |text: &'static str| {
            let (name, bytes) = text.split_once(':').unwrap();
            (name.to_owned(), bytes.parse().unwrap())
        };
        Printed {
            kind: columns[0].parse().unwrap(),
            name: columns[1],
            fixed: columns[2].split_whitespace().map(field).collect(),
            tags: columns.get(3).unwrap_or(&"").split_whitespace().map(|tag| tag.parse().unwrap()).collect(),
        }
    };
    lines.map(row).collect()
}

/// A field by name and size; three numbers in a row are one with us.
fn each(field: &FixedField) -> Vec<(String, usize)> {
    match field.kind {
        Kind::U32x3 => (1..=3).map(|number| (format!("{}{number}", field.name), 4)).collect(),
        kind => vec![(field.name.to_owned(), kind.bytes())],
    }
}

/// What is different about a message; empty for nothing.
fn differences(printed: &Printed) -> Vec<String> {
    let Some(layout) = message::layout(printed.kind) else { return vec!["not declared".to_owned()] };
    let mut differences = Vec::new();
    if layout.name != printed.name {
        differences.push(format!("is called {}", layout.name));
    }
    let fixed: Vec<_> = layout.fixed_in(Dialect::cce(25)).flat_map(each).collect();
    if fixed != printed.fixed {
        differences.push(format!("fixed part {fixed:?}, printed {:?}", printed.fixed));
    }
    let missing = printed.tags.iter().filter(|tag| layout.floating_field(**tag).is_none());
    differences.extend(missing.map(|tag| format!("no field {tag}")));
    differences
}

#[test]
fn every_printed_message_is_declared_with_every_field_in_its_place() {
    let printed = printed();
    assert_eq!(printed.len(), 163);
    let of = |message: &Printed| {
        let name = message.name;
        differences(message).into_iter().map(move |difference| format!("{name}: {difference}"))
    };
    let different: Vec<String> = printed.iter().flat_map(of).collect();
    assert!(different.is_empty(), "\n{}", different.join("\n"));
}

/// What no guide of CCE prints comes from that of UCCX.
#[test]
fn nothing_is_declared_without_a_source_that_prints_it() {
    let printed: BTreeSet<&str> = printed().iter().map(|message| message.name).collect();
    let others = message::LAYOUTS.iter().filter(|layout| !printed.contains(layout.name));
    let others: Vec<(&str, bool)> =
        others.map(|layout| (layout.name, layout.sources.starts_with("CCX"))).collect();
    assert_eq!(
        others,
        [
            ("QUERY_QUEUE_STATISTICS_REQ", true),
            ("QUERY_SUMMARY_STATISTICS_REQ", true),
            ("QUERY_AGENT_QUEUE_STATISTICS_REQ", true),
            ("TEAM_CONFIG_REQ", true),
            ("TEAM_CONFIG_EVENT", true),
            ("TEAM_CONFIG_CONF", true),
            ("QUERY_AGENT_QUEUE_STATISTICS_CONF", true),
        ]
    );
}

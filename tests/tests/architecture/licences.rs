//! The rules of deny.toml that matter most, checked where cargo-deny is not installed: licences and bans of
//! everything that is built into the program or runs while it is built.

use super::workspace::{Package, arrows, pulled_in};
use std::collections::{BTreeMap, BTreeSet};
use toml::{Table, Value};

/// deny.toml, as far as it is checked here.
#[derive(Debug, Default)]
struct Rules {
    allowed: BTreeSet<String>,
    exceptions: BTreeMap<String, BTreeSet<String>>,
    banned: BTreeMap<String, String>,
}

fn strings(value: &Value) -> BTreeSet<String> {
    value.as_array().unwrap().iter().map(|v| v.as_str().unwrap().to_owned()).collect()
}

fn rules(text: &str) -> Rules {
    let table: Table = text.parse().expect("deny.toml is TOML");
    let name = |entry: &Value| entry["crate"].as_str().unwrap().to_owned();
    let exceptions = table["licenses"]["exceptions"].as_array().unwrap();
    let bans = table["bans"]["deny"].as_array().unwrap();
    Rules {
        allowed: strings(&table["licenses"]["allow"]),
        exceptions: exceptions.iter().map(|e| (name(e), strings(&e["allow"]))).collect(),
        banned: bans.iter().map(|e| (name(e), e["reason"].as_str().unwrap().to_owned())).collect(),
    }
}

/// Whether an SPDX expression can be satisfied with the licences for which `may` holds. Knows AND, OR, parentheses,
/// and the old `/` for OR.
fn satisfied(expression: &str, may: &impl Fn(&str) -> bool) -> bool {
    let spaced =
        expression.replace('(', " ( ").replace(')', " ) ").replace('/', " OR ").replace(" WITH ", "\u{0}");
    let words: Vec<String> = spaced.split_whitespace().map(|word| word.replace('\u{0}', " WITH ")).collect();
    let mut rest = words.as_slice();
    let verdict = any(&mut rest, may);
    verdict && rest.is_empty()
}

fn any(words: &mut &[String], may: &impl Fn(&str) -> bool) -> bool {
    let mut verdict = all(words, may);
    while words.first().is_some_and(|word| word == "OR") {
        *words = &words[1..];
        verdict |= all(words, may);
    }
    verdict
}

fn all(words: &mut &[String], may: &impl Fn(&str) -> bool) -> bool {
    let mut verdict = one(words, may);
    while words.first().is_some_and(|word| word == "AND") {
        *words = &words[1..];
        verdict &= one(words, may);
    }
    verdict
}

fn one(words: &mut &[String], may: &impl Fn(&str) -> bool) -> bool {
    let Some((word, rest)) = words.split_first() else { return false };
    *words = rest;
    if word != "(" {
        return may(word);
    }
    let verdict = any(words, may);
    let closed = words.first().is_some_and(|word| word == ")");
    *words = words.get(1..).unwrap_or_default();
    verdict && closed
}

/// Others' packages in the program or in its build.
fn built() -> BTreeSet<Package> {
    let ours = arrows(None);
    let folders: Vec<&str> = ours.keys().map(String::as_str).collect();
    pulled_in(&folders, "normal,build")
}

#[test]
fn every_licence_is_allowed_by_deny_toml() {
    let rules = rules(&super::text("deny.toml"));
    let none = BTreeSet::new();
    let packages = built();
    assert!(packages.len() > 50, "the walk finds the tree: {}", packages.len());
    let refused: Vec<_> = packages
        .iter()
        .filter(|package| {
            let exceptions = rules.exceptions.get(&package.name).unwrap_or(&none);
            !satisfied(&package.licence, &|id| rules.allowed.contains(id) || exceptions.contains(id))
        })
        .collect();
    assert!(refused.is_empty(), "not allowed by deny.toml: {refused:?}");
}

#[test]
fn nothing_that_deny_toml_bans_is_built() {
    let rules = rules(&super::text("deny.toml"));
    assert!(rules.banned.contains_key("quick-xml"), "the list is read");
    let packages = built();
    let found: Vec<_> = packages.iter().filter_map(|p| Some((&p.name, rules.banned.get(&p.name)?))).collect();
    assert!(found.is_empty(), "banned by deny.toml: {found:?}");
}

#[test]
fn a_licence_expression_is_read_as_spdx_reads_it() {
    let may = |id: &str| ["MIT", "ISC", "Apache-2.0 WITH LLVM-exception"].contains(&id);
    for fine in [
        "MIT",
        "GPL-3.0 OR MIT",
        "GPL-3.0/MIT",
        "MIT AND ISC",
        "Apache-2.0 WITH LLVM-exception",
        "(GPL-3.0 OR ISC) AND MIT",
    ] {
        assert!(satisfied(fine, &may), "{fine}");
    }
    for refused in
        ["", "GPL-3.0", "MIT AND GPL-3.0", "Apache-2.0", "(MIT AND GPL-3.0) OR GPL-2.0", "(MIT", "MIT ISC"]
    {
        assert!(!satisfied(refused, &may), "{refused}");
    }
}

//! Makes `docs/conformance.md` from the results of the subjects: `conformance-page RESULTS… > PAGE`.

#![allow(clippy::print_stdout, reason = "the page goes to standard output")]

use serde_json::Value;
use std::collections::BTreeMap;
use std::error::Error;
use std::process::ExitCode;

const HEAD: &str = "# Conformance

What the documents ask for, clause by clause, and who does it. `make conformance` installs the two other servers,
starts each on loopback, asks all of them the same over the wire, and writes this page; `make test` asks ours. The
cases are in [tests/conformance](../tests/conformance), filed by document and section; each file begins with its list of
clauses.

*pass*: done as asked. *fail*: done otherwise, or not at all though it is asked for. *not offered*: the document leaves it
to the server, and this one does without (or has no part of it in this version). The other two run in Debian's version,
with the configuration that the suite gives them; a *fail* may be a choice, or mended in a later version.
";

const FOOT: &str = "
## Clauses without a case

What cannot be brought about from outside a single server that is its own connection manager, and what we do otherwise
on purpose:

| clause | why there is no case |
|---|---|
| XEP-0124 §17.2 `remote-connection-failed` for a connection that is lost | the manager and the server are one program: there is no connection between them to lose. The case is that of a `route` to another server, which is refused where the operator wants it so, and else ignored |
| XEP-0124 §17.2 `other-request` | for requests that another one brought down we say that one's condition: a widely used library takes `other-request` for a second sign-in of the user (`COMPAT` in `crates/wire/bosh`) |
| XEP-0252 §2.2, stanzas in pieces | for addresses of at most 2,048 characters; each request is a whole document here |
| XEP-0198 §5 `location` | `xmpp.resume_location`; tested inside (`crates/wire/xmpp/tests/acks.rs`) |
";

fn main() -> ExitCode {
    match page() {
        Ok(page) => {
            print!("{page}");
            ExitCode::SUCCESS
        }
        Err(e) => {
            println!("{e}");
            ExitCode::FAILURE
        }
    }
}

/// The results of one subject, its rows in the order of the documents.
struct Subject {
    name: String,
    version: String,
    rows: Vec<Value>,
}

fn page() -> Result<String, Box<dyn Error>> {
    let mut subjects = Vec::new();
    for file in std::env::args().skip(1) {
        let read: Value = serde_json::from_slice(&std::fs::read(&file)?)?;
        subjects.push(Subject {
            name: text(&read, "subject"),
            version: text(&read, "version"),
            rows: read["rows"].as_array().cloned().unwrap_or_default(),
        });
    }
    let first = subjects.first().ok_or("which results?")?;
    if subjects.iter().any(|subject| subject.rows.len() != first.rows.len()) {
        return Err("the results are of different suites: run them again".into());
    }
    Ok([HEAD.to_owned(), summary(&subjects), tables(&subjects), disagreements(&subjects)?, FOOT.to_owned()]
        .concat())
}

fn text(value: &Value, name: &str) -> String {
    value[name].as_str().unwrap_or_default().to_owned()
}

fn columns(subjects: &[Subject]) -> String {
    let rules = "|---".repeat(subjects.len());
    let names: Vec<&str> = subjects.iter().map(|subject| subject.name.as_str()).collect();
    format!("{} |\n|---{}", names.join(" | "), rules)
}

fn summary(subjects: &[Subject]) -> String {
    let mut page = String::from(
        "\n## Summary\n\n| | version | clauses | pass | fail | not offered |\n|---|---|---|---|---|---|\n",
    );
    for subject in subjects {
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        for row in &subject.rows {
            *counts.entry(text(row, "outcome")).or_default() += 1;
        }
        let count = |word: &str| counts.get(word).copied().unwrap_or_default();
        page.push_str(&format!(
            "| {} | {} | {} | {} | {} | {} |\n",
            subject.name,
            subject.version,
            subject.rows.len(),
            count("pass"),
            count("fail"),
            count("not offered")
        ));
    }
    page
}

fn tables(subjects: &[Subject]) -> String {
    let mut page = String::new();
    let mut document = String::new();
    for (at, row) in subjects[0].rows.iter().enumerate() {
        if text(row, "document") != document {
            document = text(row, "document");
            page.push_str(&format!("\n## {document}: {}\n\n", text(row, "title")));
            page.push_str(&format!("| § | asked | test | {}|---|---|\n", columns(subjects)));
        }
        let outcomes: Vec<String> = subjects.iter().map(|subject| word(&subject.rows[at])).collect();
        page.push_str(&format!(
            "| {} | {} | `{}` | {} |\n",
            text(row, "section"),
            text(row, "asks").replace('|', "\\|"),
            text(row, "test"),
            outcomes.join(" | ")
        ));
    }
    page
}

fn word(row: &Value) -> String {
    match text(row, "outcome").as_str() {
        "fail" => "**fail**".into(),
        "" => "–".into(),
        other => other.into(),
    }
}

/// A case that all others fail is probably a wrong case: each needs the reason why it is held for right.
fn disagreements(subjects: &[Subject]) -> Result<String, Box<dyn Error>> {
    let (_, others) = subjects.split_first().ok_or("which results?")?;
    let mut page =
        String::from("\n## Where both others fail\n\nEach was looked at; why it is held for right:\n\n");
    let mut unexplained = Vec::new();
    for (at, row) in subjects[0].rows.iter().enumerate() {
        if others.len() < 2 || others.iter().any(|subject| text(&subject.rows[at], "outcome") != "fail") {
            continue;
        }
        let (document, section, test) = (text(row, "document"), text(row, "section"), text(row, "test"));
        match text(row, "note") {
            note if note.is_empty() => unexplained.push(format!("{document} §{section} {test}")),
            note => page.push_str(&format!("* {document} §{section} `{test}`: {note}\n")),
        }
    }
    if unexplained.is_empty() {
        return Ok(page);
    }
    Err(format!("both others fail these; look at each and give it a note:\n{}", unexplained.join("\n"))
        .into())
}

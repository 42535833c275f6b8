//! What the documents ask, one case a clause, asked over the wire of one server.
//!
//! `SUBJECT=ours` (the default), `prosody` or `ejabberd` chooses whom. Nothing of the server's code is used here: the
//! clients in `client` write the bytes of the protocols by hand. Cases are filed by document and section, and each file
//! begins with the list of its clauses.
//!
//! With `RESULTS=FILE` the outcome of each case goes to a file, from which `conformance-page` makes `docs/conformance.md`.

#![allow(clippy::unwrap_used, reason = "a case that cannot go on says so by a panic")]
#![allow(clippy::print_stderr, reason = "what a failed case prints is the point")]

mod case;
mod client;
mod results;
mod rfc6120;
mod rfc6121;
mod rfc7395;
mod subject;
mod xep0030;
mod xep0060;
mod xep0092;
mod xep0124;
mod xep0156;
mod xep0198;
mod xep0199;
mod xep0202;
mod xep0206;
mod xep0252;
mod xep0352;

use case::Document;
use libtest_mimic::{Arguments, Trial};
use results::Results;
use std::process::ExitCode;
use std::sync::Arc;
use subject::{Kind, Running};

/// Cases that run at once. They wait for time-outs most of the time.
const AT_ONCE: usize = 32;

/// In the order of the page.
const DOCUMENTS: &[&Document] = &[
    &xep0124::DOCUMENT,
    &xep0206::DOCUMENT,
    &xep0252::DOCUMENT,
    &rfc6120::DOCUMENT,
    &rfc6121::DOCUMENT,
    &rfc7395::DOCUMENT,
    &xep0030::DOCUMENT,
    &xep0060::DOCUMENT,
    &xep0092::DOCUMENT,
    &xep0156::DOCUMENT,
    &xep0198::DOCUMENT,
    &xep0199::DOCUMENT,
    &xep0202::DOCUMENT,
    &xep0352::DOCUMENT,
];

fn main() -> ExitCode {
    let mut arguments = Arguments::from_args();
    arguments.test_threads.get_or_insert(AT_ONCE);
    let kind = match Kind::chosen() {
        Ok(kind) => kind,
        Err(what) => {
            eprintln!("{what}");
            return ExitCode::FAILURE;
        }
    };
    let running = Arc::new(Running::of(kind));
    let results = Arc::new(Results::new(kind));
    let conclusion = libtest_mimic::run(&arguments, trials(&running, &results));
    if !arguments.list {
        results.write();
    }
    running.stop(conclusion.has_failed());
    conclusion.exit_code()
}

fn trials(running: &Arc<Running>, results: &Arc<Results>) -> Vec<Trial> {
    let mut trials = Vec::new();
    for document in DOCUMENTS {
        for case in document.cases() {
            let (running, results) = (Arc::clone(running), Arc::clone(results));
            results.expect(document, case);
            let name = format!("{} §{} {}", document.name, case.section, case.name);
            trials.push(Trial::test(name, move || results.keep(document, case, || running.ask(case))));
        }
    }
    trials
}

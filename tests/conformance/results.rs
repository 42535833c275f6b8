//! What became of each case, for the page.

use crate::case::{Case, Document, Outcome};
use crate::subject::Kind;
use libtest_mimic::Failed;
use serde_json::{Value, json};
use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;

/// Collects while the cases run.
#[derive(Debug)]
pub(crate) struct Results {
    kind: Kind,
    rows: Mutex<Vec<Value>>,
}

impl Results {
    pub(crate) fn new(kind: Kind) -> Self {
        Self { kind, rows: Mutex::default() }
    }

    /// A row for a case, in the order of the documents.
    pub(crate) fn expect(&self, document: &Document, case: &Case) {
        self.rows.lock().unwrap().push(json!({
            "document": document.name, "title": document.title, "section": case.section,
            "asks": case.asks, "test": case.name, "note": case.note,
        }));
    }

    /// Runs a case and remembers its outcome. One that fails is asked once more, since 32 cases at once on a busy machine
    /// disturb each other; that it passed only then is told, and is a defect of the case or of the subject.
    pub(crate) fn keep(
        &self,
        document: &Document,
        case: &Case,
        run: impl Fn() -> Outcome,
    ) -> Result<(), Failed> {
        let (mut word, mut why) = self.outcome(&run);
        if word == "fail" {
            let first = why;
            (word, why) = self.outcome(&run);
            if word != "fail" {
                eprintln!("FLAKY: {} §{} {}: {first}", document.name, case.section, case.name);
            }
        }
        let mut rows = self.rows.lock().unwrap();
        let row = rows.iter_mut().find(|row| row["document"] == document.name && row["test"] == case.name);
        if let Some(row) = row {
            row["outcome"] = json!(word);
            row["why"] = json!(why);
        }
        if word == "fail" { Err(Failed::from(why)) } else { Ok(()) }
    }

    /// What a document leaves to the server passes with others when it is not there; we offer everything that is asked
    /// here.
    fn outcome(&self, run: impl Fn() -> Outcome) -> (&'static str, String) {
        match catch_unwind(AssertUnwindSafe(run)) {
            Ok(Ok(())) => ("pass", String::new()),
            Ok(Err(not_offered)) if self.kind == Kind::Ours => {
                ("fail", format!("we should offer this: {}", not_offered.0))
            }
            Ok(Err(not_offered)) => ("not offered", not_offered.0.to_owned()),
            Err(panic) => ("fail", words(&*panic)),
        }
    }

    /// Writes the file that `RESULTS` names.
    pub(crate) fn write(&self) {
        let Some(file) = std::env::var_os("RESULTS") else { return };
        let rows = self.rows.lock().unwrap();
        let all = json!({ "subject": self.kind.name(), "version": self.kind.version(), "rows": *rows });
        std::fs::write(file, format!("{all:#}\n")).unwrap();
    }
}

fn words(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("a panic without words").to_owned()
}

//! The same answers for the web service.

use super::history::History;
use super::{Question, Story, beginning, everybody, evidence, gather, when};
use crate::warnings::Warnings;
use diag::Language;
use diag::render::Reader;
use jiff::Zoned;
use rest::{Asked, Diagnosis, Form, Unanswered};
use std::path::PathBuf;

/// How far back a story goes, when nothing is said: as on the command line.
const SINCE: &str = "24h";

/// The same for the table of all.
const SINCE_OF_ALL: &str = "1h";

/// The server's own journal, to be asked while it is written.
pub(crate) struct Books {
    /// Where the journal is.
    pub(crate) directory: PathBuf,
    pub(crate) warnings: Warnings,
}

impl Diagnosis for Books {
    fn one(&self, asked: &Asked, form: Form) -> Result<String, Unanswered> {
        let now = Zoned::now();
        let question = question(asked, SINCE, &now)?;
        let reader = reader(asked, &now);
        let history = gather(&self.directory, &asked.agent).map_err(unreadable)?.1;
        // somebody of the floor whom the journal has not met: not connected as far as it goes back
        let history = history.unwrap_or_else(|| History {
            user: asked.agent.clone(),
            begins: question.since,
            is_running: true,
            ..History::default()
        });
        let story = Story::read(&self.directory, history, &question).map_err(unreadable)?;
        match form {
            Form::Json => {
                story.json(&question, &reader, |agent| asked.may_see.has(agent)).map_err(unreadable)
            }
            Form::Html => Ok(story.html(&question, &reader)),
        }
    }

    fn all(&self, asked: &Asked) -> Result<String, Unanswered> {
        let now = Zoned::now();
        let question = question(asked, SINCE_OF_ALL, &now)?;
        let case = evidence(&self.directory, "", None, question.now).map_err(unreadable)?;
        let may_name = |agent: &str| asked.may_see.has(agent);
        everybody::answer(case, &question, &reader(asked, &now), true, may_name).map_err(unreadable)
    }

    fn warnings(&self, asked: &Asked) -> String {
        let zone = Zoned::now().time_zone().clone();
        self.warnings.document(Language::of(&asked.lang), &zone, |agent| asked.may_see.has(agent))
    }
}

fn question(asked: &Asked, since: &str, now: &Zoned) -> Result<Question, Unanswered> {
    let fault = |name| move |error: anyhow::Error| Unanswered::Question(name, error.to_string());
    let at = asked.at.as_deref().map(|text| when::moment(text, now)).transpose().map_err(fault("at"))?;
    let since = asked.since.as_deref().unwrap_or(since);
    let since = beginning(since, at, now).map_err(fault("since"))?;
    Ok(Question { name: asked.agent.clone(), now: now.timestamp(), at, since })
}

fn reader(asked: &Asked, now: &Zoned) -> Reader {
    let zone = now.time_zone().clone();
    Reader { language: Language::of(&asked.lang), zone, columns: 110, emphasis: false }
}

fn unreadable(error: anyhow::Error) -> Unanswered {
    tracing::error!(error = format!("{error:#}"), "a question about a disconnection has no answer");
    Unanswered::Unreadable
}

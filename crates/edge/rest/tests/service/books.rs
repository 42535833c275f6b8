//! Books that say what they were asked.

use aplomb_rest::{Asked, Diagnosis, Form, MaySee, Unanswered};
use serde_json::json;

pub struct Books;

impl Diagnosis for Books {
    fn one(&self, asked: &Asked, form: Form) -> Result<String, Unanswered> {
        match (asked.at.as_deref(), form) {
            (Some("noon"), _) => Err(Unanswered::Question("at", "expected a time".into())),
            (Some("unreadable"), _) => Err(Unanswered::Unreadable),
            (_, Form::Json) => Ok(echo(asked)),
            (_, Form::Html) => Ok(format!("<!DOCTYPE html><title>{}</title>", asked.agent)),
        }
    }

    fn all(&self, asked: &Asked) -> Result<String, Unanswered> {
        Ok(echo(asked))
    }

    fn warnings(&self, asked: &Asked) -> String {
        echo(asked)
    }
}

fn echo(asked: &Asked) -> String {
    let mut names: Vec<&String> = match &asked.may_see {
        MaySee::Everybody => Vec::new(),
        MaySee::Only(names) => names.iter().collect(),
    };
    names.sort();
    let everybody = asked.may_see == MaySee::Everybody;
    json!({ "agent": asked.agent, "at": asked.at, "since": asked.since, "lang": asked.lang,
            "everybody": everybody, "names": names })
    .to_string()
}

//! `/User/{id}/Disconnection`, `/Disconnections` and `/Warnings`: why agents lost their desktops, and who may be next.
//!
//! Whoever keeps the books answers, behind [`Diagnosis`]; the web service knows who may ask about whom.

use crate::Services;
use crate::answer::ApiError;
use crate::caller::Caller;
use crate::limits::{DIAGNOSES_AT_ONCE, DIAGNOSIS_WAIT_MAX};
use crate::operation::{self, Fault, Gives, Kind, Operation, Query, Who};
use crate::resource::{Named, parameter};
use axum::extract::{RawQuery, State};
use axum::response::{IntoResponse, Response};
use floor::AgentId;
use http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};
use percent_encoding::percent_decode_str;
use std::collections::HashSet;
use std::fmt;
use std::sync::Arc;
use tokio::sync::Semaphore;
use tokio::time::timeout;

/// Who answers. The calls may read files: they are made where that is allowed.
pub trait Diagnosis: Send + Sync {
    /// One agent's disconnection.
    ///
    /// # Errors
    /// See [`Unanswered`].
    fn one(&self, asked: &Asked, form: Form) -> Result<String, Unanswered>;
    /// Those of a while, as JSON.
    ///
    /// # Errors
    /// See [`Unanswered`].
    fn all(&self, asked: &Asked) -> Result<String, Unanswered>;
    /// What may end in a disconnection, as JSON.
    fn warnings(&self, asked: &Asked) -> String;
}

/// A question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// The loginId; empty when the question is about nobody in particular.
    pub agent: String,
    /// About when, as it was written.
    pub at: Option<String>,
    /// How far back, as it was written.
    pub since: Option<String>,
    /// The language of the answer.
    pub lang: String,
    /// Whom the answer may name.
    pub may_see: MaySee,
}

/// Agents whom somebody may hear of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MaySee {
    /// All.
    Everybody,
    /// Those with these loginIds.
    Only(HashSet<String>),
}

impl MaySee {
    /// Whether this agent is one.
    pub fn has(&self, agent: &str) -> bool {
        match self {
            Self::Everybody => true,
            Self::Only(agents) => agents.contains(agent),
        }
    }
}

/// How an answer is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// A document for programs.
    Json,
    /// A page for browsers, whole in itself.
    Html,
}

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unanswered {
    /// The asker's fault: which parameter, and what was expected.
    Question(&'static str, String),
    /// Ours: the books cannot be read.
    Unreadable,
}

/// A [`Diagnosis`], and how many questions it is asked at one time.
#[derive(Clone)]
pub struct Diagnostician {
    diagnosis: Arc<dyn Diagnosis>,
    turns: Arc<Semaphore>,
}

impl Diagnostician {
    /// Asks it.
    pub fn new(diagnosis: Arc<dyn Diagnosis>) -> Self {
        Self { diagnosis, turns: Arc::new(Semaphore::new(DIAGNOSES_AT_ONCE)) }
    }

    /// Asks on a thread that may wait for files.
    async fn ask(
        &self,
        question: impl FnOnce(&dyn Diagnosis) -> Result<String, Unanswered> + Send + 'static,
    ) -> Result<String, ApiError> {
        let turn = timeout(DIAGNOSIS_WAIT_MAX, self.turns.clone().acquire_owned()).await;
        let Ok(Ok(turn)) = turn else {
            return Err(ApiError::unavailable("Too many questions at once"));
        };
        let diagnosis = self.diagnosis.clone();
        let asked = tokio::task::spawn_blocking(move || {
            let answer = question(&*diagnosis);
            drop(turn);
            answer
        });
        match asked.await {
            Ok(Ok(answer)) => Ok(answer),
            Ok(Err(Unanswered::Question(name, expected))) => Err(ApiError::invalid_input(name, &expected)),
            Ok(Err(Unanswered::Unreadable)) | Err(_) => {
                Err(ApiError::unavailable("The journal cannot be read"))
            }
        }
    }
}

impl fmt::Debug for Diagnostician {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Diagnostician")
    }
}

const AT: Query = Query { name: "at", kind: Kind::Text(0), needed: false };
const SINCE: Query = Query { name: "since", kind: Kind::Text(0), needed: false };
const LANG: Query = Query { name: "lang", kind: Kind::Text(0), needed: false };

pub(crate) fn operations() -> Vec<Operation> {
    const OF_AGENT: &[Fault] = &[Fault::INVALID_INPUT, Fault::USER_NOT_FOUND, Fault::NOT_SUPERVISED];
    vec![
        operation::get("/User/{id}/Disconnection", json)
            .title("Why an agent was disconnected")
            .who(Who::Supervisors)
            .query(&[AT, SINCE, LANG])
            .gives(Gives::Json)
            .fails(OF_AGENT),
        operation::get("/User/{id}/Disconnection/Page", html)
            .title("The same, as a page for a browser")
            .who(Who::Supervisors)
            .query(&[AT, SINCE, LANG])
            .gives(Gives::Other("text/html"))
            .fails(OF_AGENT),
        operation::get("/Disconnections", all)
            .title("The disconnections of a while, with their causes; a supervisor's own teams only")
            .who(Who::Supervisors)
            .query(&[SINCE, LANG])
            .gives(Gives::Json)
            .fails(&[Fault::INVALID_INPUT]),
        operation::get("/Warnings", warnings)
            .title("What may end in disconnections; of a supervisor's own teams and of the server")
            .who(Who::Supervisors)
            .query(&[LANG])
            .gives(Gives::Json),
    ]
}

async fn json(
    services: State<Arc<Services>>,
    caller: Caller,
    name: Named,
    query: RawQuery,
) -> Result<Response, ApiError> {
    Ok(json_answer(one(services, caller, name, query, Form::Json).await?))
}

async fn html(
    services: State<Arc<Services>>,
    caller: Caller,
    name: Named,
    query: RawQuery,
) -> Result<Response, ApiError> {
    let text = one(services, caller, name, query, Form::Html).await?;
    // what clients call themselves is in it: whatever a mistake of ours might let through runs nothing
    let headers = [
        (CONTENT_TYPE, "text/html; charset=utf-8"),
        (CONTENT_SECURITY_POLICY, "default-src 'none'; style-src 'unsafe-inline'; sandbox"),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    Ok((headers, text).into_response())
}

async fn one(
    State(services): State<Arc<Services>>,
    caller: Caller,
    Named(name): Named,
    RawQuery(query): RawQuery,
    form: Form,
) -> Result<String, ApiError> {
    let asked = about(&services, caller, Some(name), query).await?;
    services.diagnostician()?.ask(move |diagnosis| diagnosis.one(&asked, form)).await
}

async fn all(
    State(services): State<Arc<Services>>,
    caller: Caller,
    RawQuery(query): RawQuery,
) -> Result<Response, ApiError> {
    let asked = about(&services, caller, None, query).await?;
    let text = services.diagnostician()?.ask(move |diagnosis| diagnosis.all(&asked)).await?;
    Ok(json_answer(text))
}

async fn warnings(
    State(services): State<Arc<Services>>,
    caller: Caller,
    RawQuery(query): RawQuery,
) -> Result<Response, ApiError> {
    let asked = about(&services, caller, None, query).await?;
    // kept in memory: nobody waits for a turn
    Ok(json_answer(services.diagnostician()?.diagnosis.warnings(&asked)))
}

fn json_answer(text: String) -> Response {
    ([(CONTENT_TYPE, "application/json")], text).into_response()
}

impl Services {
    fn diagnostician(&self) -> Result<&Diagnostician, ApiError> {
        self.diagnostician.as_ref().ok_or_else(|| ApiError::unavailable("This server keeps no journal"))
    }
}

/// The question, if the caller may ask it: about agents of the own teams; administrators about everybody.
async fn about(
    services: &Services,
    caller: Caller,
    name: Option<String>,
    query: Option<String>,
) -> Result<Asked, ApiError> {
    let found = services.floor.call(move |floor, _| {
        let agent = match &name {
            Some(name) => caller.agent(floor, name)?.id().to_string(),
            None => String::new(),
        };
        let may_see = if caller.is_administrator() {
            MaySee::Everybody
        } else {
            let is_own = |agent: &&floor::Agent| floor.supervises(&caller.id, agent.profile.team);
            let ids = floor.agents().filter(is_own).map(|agent| agent.id().to_string());
            MaySee::Only(ids.chain([AgentId::to_string(&caller.id)]).collect())
        };
        Ok::<_, ApiError>((agent, may_see))
    });
    let (agent, may_see) = found.await??;
    let text = |name| {
        let value = parameter(query.as_deref(), name).filter(|value| !value.is_empty())?;
        Some(percent_decode_str(value).decode_utf8_lossy().into_owned())
    };
    Ok(Asked { agent, at: text("at"), since: text("since"), lang: text("lang").unwrap_or_default(), may_see })
}

//! `/MediaDomain`, `/User/{id}/Media`, `/User/{id}/Media/{mrdId}`: agents in media routing domains, each with a state
//! of its own beside the telephone's.

use crate::answer::{self, ApiError};
use crate::body::Sent;
use crate::caller::Caller;
use crate::operation::{
    self, Deployment, Fault, Gives, Operation, Shape, Who, flag, number, parts, text, word,
};
use crate::resource::{Named, NamedTwice};
use crate::user::{REASON, reason_id};
use crate::{Services, request_id};
use axum::extract::State;
use axum::response::Response;
use floor::{AgentId, Floor, ReasonCategory, ReasonCode, TeamId};
use http::HeaderMap;
use media::limits::DIALOGS_MAX;
use media::{Domain, DomainId, InterruptAction, LogoutAction, Media, MediaRequest, Refusal, Terms, Wish};
use std::sync::Arc;
use xml::{Document, Node, child_text};

const INTERRUPT: &[&str] = &["ACCEPT", "IGNORE"];
const ON_LOGOUT: &[&str] = &["CLOSE", "TRANSFER"];
const STATES: &[&str] =
    &["LOGOUT", "NOT_READY", "READY", "INTERRUPTED", "ACTIVE", "WORK_READY", "PAUSED", "RESERVED"];

const MEDIA: Shape = parts(
    "Media",
    &[
        text("description"),
        word("dialogLogoutAction", ON_LOGOUT).optional(),
        number("id", 2, u32::MAX as i64),
        word("interruptAction", INTERRUPT).optional(),
        flag("interruptible"),
        number("maxDialogLimit", 1, DIALOGS_MAX as i64).optional(),
        text("name"),
        REASON.optional(),
        number("reasonCodeId", -1, u32::MAX as i64).optional(),
        flag("routable").optional(),
        word("state", STATES).optional(),
        text("stateChangeTime").optional(),
        text("uri"),
    ],
);
const MEDIA_LIST: Shape = parts("MediaList", &[MEDIA.many()]);
const DOMAIN: Shape = parts(
    "MediaDomain",
    &[
        text("description"),
        number("id", 2, u32::MAX as i64),
        flag("interruptible"),
        number("maxTasks", 1, DIALOGS_MAX as i64),
        text("name"),
    ],
);
const DOMAINS: Shape = parts("MediaDomains", &[DOMAIN.many()]);
const CHANGE: Shape = parts(
    "Media",
    &[
        word("state", &["LOGIN", "READY", "NOT_READY", "LOGOUT"]).optional(),
        number("maxDialogLimit", 1, DIALOGS_MAX as i64).optional(),
        word("interruptAction", INTERRUPT).optional(),
        word("dialogLogoutAction", ON_LOGOUT).optional(),
        number("reasonCodeId", -1, u32::MAX as i64).optional(),
        flag("routable").optional(),
    ],
);

pub(crate) fn operations() -> Vec<Operation> {
    // COMPAT(finesse): the sheet of the API has the one name, its configuration pages the other
    let domains = ["/MediaDomain", "/MediaDomains"].map(|path| {
        operation::get(path, domains)
            .title("The kinds of work beside calls")
            .who(Who::Anybody)
            .only_on(Deployment::Ucce)
            .answers(&DOMAINS)
    });
    let others = [
        operation::get("/User/{id}/Media", list)
            .title("An agent in all media routing domains")
            .who(Who::OnlyOwn)
            .only_on(Deployment::Ucce)
            .answers(&MEDIA_LIST)
            .fails(&[Fault::USER_NOT_FOUND]),
        operation::get("/User/{id}/Media/{mrdId}", get)
            .title("An agent in a media routing domain")
            .who(Who::OnlyOwn)
            .only_on(Deployment::Ucce)
            .answers(&MEDIA)
            .fails(&[Fault::USER_NOT_FOUND, Fault::NOT_FOUND]),
        operation::put("/User/{id}/Media/{mrdId}", put)
            .title("Signs an agent in to a media routing domain or out of it, or changes the state there")
            .who(Who::OnlyOwn)
            .only_on(Deployment::Ucce)
            .takes(&CHANGE)
            .gives(Gives::Accepted)
            .fails(&[
                Fault::PARAMETER_MISSING,
                Fault::INVALID_INPUT,
                Fault::USER_NOT_FOUND,
                Fault::NOT_FOUND,
            ]),
    ];
    domains.into_iter().chain(others).collect()
}

async fn domains(State(services): State<Arc<Services>>, _caller: Caller) -> Result<Response, ApiError> {
    let all = services.media.call(|media, _| media.domains().cloned().collect::<Vec<Arc<Domain>>>()).await?;
    Ok(answer::document(|writer| notify::media::write_domains(writer, all.iter().map(|domain| &**domain))))
}

async fn list(
    State(services): State<Arc<Services>>,
    caller: Caller,
    Named(name): Named,
) -> Result<Response, ApiError> {
    let (agent, team) = services.floor.call(move |floor, _| reader(floor, &caller, &name)).await??;
    let all = services.media.call(move |media, _| {
        let ids: Vec<DomainId> = media.domains().map(|domain| domain.id).collect();
        ids.into_iter().filter_map(|id| media.media(&agent, team, id)).collect::<Vec<Media>>()
    });
    let all = all.await?;
    Ok(answer::document(|writer| notify::media::write_list(writer, all.iter())))
}

async fn get(
    State(services): State<Arc<Services>>,
    caller: Caller,
    NamedTwice(name, domain): NamedTwice,
) -> Result<Response, ApiError> {
    let (agent, team) = services.floor.call(move |floor, _| reader(floor, &caller, &name)).await??;
    let id = domain_id(&domain)?;
    let found = services.media.call(move |media, _| media.media(&agent, team, id)).await?;
    let found = found.ok_or_else(|| unknown_domain(&domain))?;
    Ok(answer::document(|writer| notify::media::write(writer, "Media", &found)))
}

/// PUT: 202 means that the request was understood; what comes of it is a notification.
async fn put(
    State(services): State<Arc<Services>>,
    caller: Caller,
    NamedTwice(name, domain): NamedTwice,
    headers: HeaderMap,
    sent: Sent,
) -> Result<Response, ApiError> {
    let change = Change::read(&sent.document(&caller, &services.metrics)?)?;
    let id = domain_id(&domain)?;
    let asked = services.floor.call(move |floor, _| {
        let (agent, team) = own(floor, &caller, &name)?;
        let wish = change.wish(floor, &agent)?;
        Ok::<_, ApiError>((agent, team, wish))
    });
    let (agent, team, wish) = asked.await??;
    let request_id = request_id::text_of(&headers);
    let request = MediaRequest { agent: agent.clone(), team, domain: id, wish, request_id };
    let outcome = services.media.call(move |media, now| media.request(now, request)).await?;
    outcome.map_err(|refusal| {
        tracing::info!(user = %agent, %refusal, "a request about a media routing domain was refused");
        ApiError::media_refused(&refusal, agent.as_str())
    })?;
    Ok(answer::accepted())
}

/// The agent that the URI names, and its team, for the agent itself and administrators.
pub(crate) fn reader(floor: &Floor, caller: &Caller, name: &str) -> Result<(AgentId, TeamId), ApiError> {
    let agent = floor.find(name).ok_or_else(|| ApiError::user_not_found(name))?;
    match agent.id() == &caller.id || caller.is_administrator() {
        true => Ok((agent.id().clone(), agent.profile.team)),
        false => Err(ApiError::not_own(name)),
    }
}

/// The agent that the URI names, and its team, for the agent itself.
fn own(floor: &Floor, caller: &Caller, name: &str) -> Result<(AgentId, TeamId), ApiError> {
    let (agent, team) = reader(floor, caller, name)?;
    if agent == caller.id { Ok((agent, team)) } else { Err(ApiError::not_own(name)) }
}

/// The number of a domain. One with another kind of name is not there.
pub(crate) fn domain_id(name: &str) -> Result<DomainId, ApiError> {
    name.parse().map(DomainId).map_err(|_| unknown_domain(name))
}

pub(crate) fn unknown_domain(name: &str) -> ApiError {
    ApiError::not_found(name, "Invalid mrdId specified for media")
}

/// What a `Media` document asks for, as far as it can be told without the floor.
enum Change {
    SignIn(Terms),
    Ready,
    NotReady(Option<floor::ReasonCodeId>),
    SignOut(Option<floor::ReasonCodeId>),
    Routable(bool),
}

impl Change {
    /// Elements may come in any order; unknown ones are ignored.
    fn read(document: &Document<'_>) -> Result<Self, ApiError> {
        let root = document.root();
        if root.tag_name().name() != "Media" {
            return Err(ApiError::bad_request("The root element is not Media"));
        }
        let Some(state) = given(root, "state") else {
            let routable = given(root, "routable").ok_or_else(|| ApiError::parameter_missing("state"))?;
            return match routable.as_str() {
                "true" => Ok(Self::Routable(true)),
                "false" => Ok(Self::Routable(false)),
                _ => Err(invalid("routable")),
            };
        };
        match state.as_str() {
            "LOGIN" => terms(root).map(Self::SignIn),
            "READY" => Ok(Self::Ready),
            "NOT_READY" => Ok(Self::NotReady(reason_id(root)?)),
            "LOGOUT" => Ok(Self::SignOut(reason_id(root)?)),
            _ => Err(invalid("state")),
        }
    }

    fn wish(self, floor: &Floor, agent: &AgentId) -> Result<Wish, ApiError> {
        let reason = |id, category| reason(floor, agent, id, category);
        Ok(match self {
            Self::SignIn(terms) => Wish::SignIn(terms),
            Self::Ready => Wish::Ready,
            Self::NotReady(id) => Wish::NotReady(reason(id, ReasonCategory::NotReady)?),
            Self::SignOut(id) => Wish::SignOut(reason(id, ReasonCategory::Logout)?),
            Self::Routable(routable) => Wish::Routable(routable),
        })
    }
}

fn terms(root: Node<'_, '_>) -> Result<Terms, ApiError> {
    let limit = given(root, "maxDialogLimit").ok_or_else(|| ApiError::parameter_missing("maxDialogLimit"))?;
    let dialogs_max = limit.parse().ok().filter(|limit| (1..=DIALOGS_MAX).contains(limit));
    let defaults = Terms::default();
    let interrupt = match given(root, "interruptAction") {
        Some(name) => InterruptAction::parse(&name).ok_or_else(|| invalid("interruptAction"))?,
        None => defaults.interrupt,
    };
    let on_logout = match given(root, "dialogLogoutAction") {
        Some(name) => LogoutAction::parse(&name).ok_or_else(|| invalid("dialogLogoutAction"))?,
        None => defaults.on_logout,
    };
    Ok(Terms { dialogs_max: dialogs_max.ok_or_else(|| invalid("maxDialogLimit"))?, interrupt, on_logout })
}

/// A reason that people may give.
fn reason(
    floor: &Floor,
    agent: &AgentId,
    id: Option<floor::ReasonCodeId>,
    category: ReasonCategory,
) -> Result<Option<Arc<ReasonCode>>, ApiError> {
    let Some(id) = id else { return Ok(None) };
    let code = floor.agent(agent).and_then(|agent| floor.reason_code(agent, id));
    let code = code.filter(|code| code.category == category && !code.system_code);
    code.cloned().map(|code| Some(Arc::new(code))).ok_or_else(ApiError::invalid_reason)
}

fn given(root: Node<'_, '_>, name: &str) -> Option<String> {
    child_text(root, name).filter(|text| !text.is_empty())
}

fn invalid(name: &str) -> ApiError {
    ApiError::invalid_input(name, &format!("Invalid {name} specified for media"))
}

impl ApiError {
    /// A refusal of task routing for the user that the URI names.
    pub(crate) fn media_refused(refusal: &Refusal, user: &str) -> Self {
        match refusal {
            Refusal::UnknownDomain(id) => unknown_domain(&id.to_string()),
            Refusal::NotInDomain(id) => {
                Self::not_found(&id.to_string(), "The user's team does not work in this media routing domain")
            }
            Refusal::UnknownTask(_) => Self::dialog_not_found(),
            Refusal::NotOwn(_) => Self::not_own(user),
            Refusal::UnknownSelector(_) => {
                Self::invalid_input("target", "Invalid target specified for dialog")
            }
            Refusal::AtWork(_) => Self::invalid_input("taskId", "An agent is at work on the task"),
            Refusal::Variable { name, why } => {
                Self::invalid_input("callvariables", &format!("{name}: {why}"))
            }
            Refusal::QueueFull(_) => Self::unavailable("Too many tasks wait in this media routing domain"),
        }
    }
}

//! `/User/{id}`: an agent, and what people ask of one.

use crate::answer::{self, ApiError};
use crate::body::Sent;
use crate::caller::Caller;
use crate::operation::{self, Fault, Operation, Shape, Who, number, parts, text, word};
use crate::resource::Named;
use crate::{Services, request_id};
use axum::extract::State;
use axum::response::Response;
use floor::{Action, MobileAgent, MobileMode, Place, ReasonCodeId, Refusal, SignIn};
use http::HeaderMap;
use std::sync::Arc;
use xml::{Document, child, child_text};

/// Every state there is.
const STATES: &[&str] = &[
    "LOGOUT",
    "NOT_READY",
    "READY",
    "RESERVED",
    "RESERVED_OUTBOUND",
    "RESERVED_OUTBOUND_PREVIEW",
    "TALKING",
    "HOLD",
    "WORK",
    "WORK_READY",
    "UNKNOWN",
];
const PENDING: Shape = word("pendingState", &["", "NOT_READY", "READY", "LOGOUT"]);
pub(crate) const REASON: Shape = parts(
    "reasonCode",
    &[
        word("category", &["NOT_READY", "LOGOUT"]),
        number("code", 0, 65_535),
        operation::flag("forAll"),
        number("id", 0, u32::MAX as i64),
        text("label"),
        text("uri"),
    ],
);
const WRAP_UP: &[&str] = &["REQUIRED", "REQUIRED_WITH_WRAP_UP_DATA", "OPTIONAL", "NOT_ALLOWED"];

const MODES: &[&str] = &["CALL_BY_CALL", "NAILED_CONNECTION"];
const DEVICE: Shape =
    parts("device", &[text("deviceId"), number("deviceType", 0, u32::MAX as i64), text("deviceTypeName")]);

/// A user.
pub(crate) const USER: Shape = parts(
    "User",
    &[
        text("activeDeviceId").optional(),
        parts("devices", &[DEVICE.many()]).optional(),
        text("dialogs"),
        text("extension"),
        text("firstName"),
        text("lastName"),
        text("loginId"),
        text("loginName"),
        number("mediaType", 1, 1),
        parts("mobileAgent", &[text("dialNumber"), word("mode", MODES)]).optional(),
        PENDING,
        REASON.optional(),
        number("reasonCodeId", -1, u32::MAX as i64).optional(),
        parts("roles", &[word("role", &["Agent", "Supervisor"]).many()]),
        parts("settings", &[word("wrapUpOnIncoming", WRAP_UP), word("wrapUpOnOutgoing", WRAP_UP).optional()]),
        word("state", STATES),
        text("stateChangeTime"),
        number("teamId", 0, u32::MAX as i64),
        text("teamName"),
        parts(
            "teams",
            &[parts("Team", &[number("id", 0, u32::MAX as i64), text("name"), text("uri")]).many()],
        )
        .optional(),
        text("uri"),
        number("wrapUpTimer", 0, u32::MAX as i64).optional(),
    ],
);

/// A user in the list of a team.
pub(crate) const SUMMARY: Shape = parts(
    "User",
    &[
        text("dialogs"),
        text("extension"),
        text("firstName"),
        text("lastName"),
        text("loginId"),
        word("mediaState", &["BUSY", "IDLE"]).optional(),
        PENDING,
        REASON.optional(),
        word("state", STATES),
        text("stateChangeTime"),
        text("uri"),
    ],
);

const CHANGE: Shape = parts(
    "User",
    &[
        word("state", &["LOGIN", "READY", "NOT_READY", "LOGOUT"]),
        text("extension").bytes_max(63).optional(),
        text("activeDeviceId").bytes_max(63).optional(),
        parts("mobileAgent", &[text("dialNumber").bytes_max(61), word("mode", MODES)]).optional(),
        number("reasonCodeId", -1, u32::MAX as i64).optional(),
        operation::flag("logoutAllMedia").optional(),
    ],
);

pub(crate) fn operations() -> Vec<Operation> {
    vec![
        operation::get("/User/{id}", get)
            .title("An agent, by loginId or loginName")
            .who(Who::Own)
            .answers(&USER)
            .fails(&[Fault::USER_NOT_FOUND]),
        operation::put("/User/{id}", put)
            .title("Signs an agent in or out, or changes the state")
            .who(Who::Own)
            .takes(&CHANGE)
            .gives(operation::Gives::Accepted)
            .fails(&[Fault::PARAMETER_MISSING, Fault::INVALID_INPUT, Fault::USER_NOT_FOUND]),
    ]
}

/// GET: the agent as it is now.
pub(crate) async fn get(
    State(services): State<Arc<Services>>,
    caller: Caller,
    Named(name): Named,
) -> Result<Response, ApiError> {
    let agent = services.floor.call(move |floor, _| caller.agent(floor, &name).cloned()).await??;
    Ok(answer::document(|writer| notify::agent::write(writer, "User", &agent)))
}

/// PUT: sign in, change state, sign out. 202 means that the request is on its way to the CTI server.
pub(crate) async fn put(
    State(services): State<Arc<Services>>,
    caller: Caller,
    Named(name): Named,
    headers: HeaderMap,
    sent: Sent,
) -> Result<Response, ApiError> {
    let document = sent.document(&caller, &services.metrics)?;
    let action = action(&document, &caller)?;
    let all_media = child_text(document.root(), "logoutAllMedia").as_deref() == Some("true");
    let all_media = all_media && matches!(action, Action::SignOut { .. });
    let request_id = request_id::text_of(&headers);
    let actor = caller.id.clone();
    let told = name.clone();
    let outcome = services.floor.call(move |floor, now| {
        let agent = floor.find(&name).map(|agent| agent.id().clone());
        let agent = agent.ok_or_else(|| Refusal::UnknownAgent(name.as_str().into()))?;
        floor.request(now, floor::Request { actor, agent: agent.clone(), action, request_id }).map(|()| agent)
    });
    let agent = outcome.await?.map_err(|refusal| {
        tracing::info!(user = %caller.id, %refusal, "a request was refused");
        ApiError::refused(&refusal, &told)
    })?;
    if all_media {
        // the desktop's sign-out does not fail for it (Finesse guide, User APIs for Nonvoice Tasks)
        services.media.call(move |media, now| media.sign_out_everywhere(now, &agent)).await?;
    }
    Ok(answer::accepted())
}

/// What a `User` document asks for. Elements may come in any order; unknown ones are ignored.
fn action(document: &Document<'_>, caller: &Caller) -> Result<Action, ApiError> {
    let root = document.root();
    if root.tag_name().name() != "User" {
        return Err(ApiError::bad_request("The root element is not User"));
    }
    let state = child_text(root, "state").filter(|state| !state.is_empty());
    let state = state.ok_or_else(|| ApiError::parameter_missing("state"))?;
    match state.as_str() {
        "LOGIN" => sign_in(root, caller),
        // A reason means nothing here; clients that send one with every state are not refused for it.
        "READY" => Ok(Action::SetState { state: floor::State::Ready, reason: None }),
        "NOT_READY" => Ok(Action::SetState { state: floor::State::NotReady, reason: reason_id(root)? }),
        "LOGOUT" => Ok(Action::SignOut { reason: reason_id(root)? }),
        _ => Err(ApiError::invalid_state()),
    }
}

fn sign_in(root: xml::Node<'_, '_>, caller: &Caller) -> Result<Action, ApiError> {
    let extension = filled(root, "extension").ok_or_else(|| ApiError::parameter_missing("extension"))?;
    let place = Place { mobile: mobile_agent(root)?, terminal: filled(root, "activeDeviceId") };
    Ok(Action::SignIn(SignIn { extension, password: caller.password.clone(), place }))
}

/// How a mobile agent signs in. Forms send the element with empty children for everybody else.
fn mobile_agent(root: xml::Node<'_, '_>) -> Result<Option<MobileAgent>, ApiError> {
    let Some(element) = child(root, "mobileAgent") else { return Ok(None) };
    let (mode, dial_number) = (filled(element, "mode"), filled(element, "dialNumber"));
    if mode.is_none() && dial_number.is_none() {
        return Ok(None);
    }
    let mode = mode.ok_or_else(|| ApiError::parameter_missing("mode"))?;
    let mode = MobileMode::of(&mode)
        .ok_or_else(|| ApiError::invalid_input("mode", "Invalid mode specified for mobile agent"))?;
    Ok(Some(MobileAgent { mode, dial_number: dial_number.unwrap_or_default().into() }))
}

/// The text of a child, if there is any.
fn filled(root: xml::Node<'_, '_>, name: &str) -> Option<String> {
    child_text(root, name).filter(|text| !text.is_empty())
}

/// The reason code asked for; an empty element and -1, the notification's word for none, ask for none.
pub(crate) fn reason_id(root: xml::Node<'_, '_>) -> Result<Option<ReasonCodeId>, ApiError> {
    match child_text(root, "reasonCodeId").as_deref() {
        None | Some("" | "-1") => Ok(None),
        Some(id) => id.parse().map(|id| Some(ReasonCodeId(id))).map_err(|_| ApiError::invalid_reason()),
    }
}

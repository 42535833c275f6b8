//! What stands before every operation: who calls, whether such a one may, and whether this deployment has it.

use super::{Facts, Who};
use crate::Services;
use crate::answer::{Answered, ApiError};
use crate::caller::Caller;
use axum::extract::{ConnectInfo, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::Method;
use std::net::SocketAddr;
use std::sync::Arc;

/// What a guard knows.
#[derive(Clone)]
pub(super) struct Gate {
    pub(super) services: Arc<Services>,
    pub(super) path: &'static str,
    pub(super) facts: Facts,
}

/// Lets a request through to its operation, with its [`Caller`] and its [`Facts`].
pub(super) async fn pass(State(gate): State<Gate>, mut request: Request, next: Next) -> Response {
    let mut answered = None;
    if gate.facts.who != Who::Public {
        let (mut parts, body) = request.into_parts();
        let from = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
        let caller = match Caller::authenticate(&gate.services, &parts.headers, from).await {
            Ok(caller) => caller,
            Err(error) => return error.into_response(),
        };
        if let Err(error) = check_role(gate.facts.who, &caller) {
            return error.into_response();
        }
        answered = Some(Answered { id: caller.id.to_string() });
        parts.extensions.insert(caller);
        request = Request::from_parts(parts, body);
    }
    if !gate.facts.deployment.includes(&gate.services.system.deployment_type) {
        return ApiError::not_implemented(gate.path).into_response();
    }
    if gate.facts.configures && gate.services.leaves_to_primary(request.method()) {
        return ApiError::forbidden("This is the secondary node: ask the primary one").into_response();
    }
    request.extensions_mut().insert(gate.facts);
    let mut response = next.run(request).await;
    if let Some(answered) = answered {
        response.extensions_mut().insert(answered);
    }
    response
}

impl Services {
    /// Whether this is the secondary node, and such a request on the configuration is for the primary one. With Unified
    /// CCX both may be read (Finesse guide, configuration APIs).
    fn leaves_to_primary(&self, method: &Method) -> bool {
        let reads = [Method::GET, Method::HEAD].contains(method);
        self.system.primary_host.is_some() && !(reads && self.system.deployment_type == "UCCX")
    }
}

fn check_role(who: Who, caller: &Caller) -> Result<(), ApiError> {
    let may = match who {
        Who::Administrators | Who::Operators => caller.is_administrator(),
        Who::Supervisors => caller.is_administrator() || caller.is_supervisor(),
        _ => true,
    };
    match (may, who) {
        (true, _) => Ok(()),
        (false, Who::Operators) => Err(ApiError::forbidden("Only administrators may see it")),
        (false, Who::Administrators) => Err(ApiError::no_administrator(caller.id.as_str())),
        (false, _) => Err(ApiError::no_supervisor(caller.id.as_str())),
    }
}

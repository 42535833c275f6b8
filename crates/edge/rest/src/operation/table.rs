//! The table of all operations, and the routes that come of it.

use super::guard::{self, Gate};
use super::{Operation, Verb};
use crate::answer::ApiError;
use crate::{
    Services, auth_mode, client_log, configured, connected_users, description, desktop_config, devices,
    diagnostic_portal, dialog, disconnection, ecc_variable, locked_out_users, maintenance_mode, media,
    performance, queue, reason, resource, runtime_config_info, system, task, team, team_message, user, users,
};
use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::routing::{MethodRouter, any, options};
use http::header::ALLOW;
use http::{Method, StatusCode};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Where almost all of it is.
pub(crate) const BASE: &str = "/finesse/api";

/// Every operation there is.
fn operations() -> Vec<Operation> {
    [
        auth_mode::operations(),
        client_log::operations(),
        configured::operations(),
        connected_users::operations(),
        description::operations(),
        desktop_config::operations(),
        devices::operations(),
        diagnostic_portal::operations(),
        dialog::operations(),
        disconnection::operations(),
        ecc_variable::operations(),
        locked_out_users::operations(),
        maintenance_mode::operations(),
        media::operations(),
        performance::operations(),
        queue::operations(),
        reason::operations(),
        runtime_config_info::operations(),
        system::operations(),
        task::operations(),
        team::operations(),
        team_message::operations(),
        user::operations(),
        users::operations(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// A path with what can be done there.
pub(crate) struct Path {
    pub(crate) base: &'static str,
    pub(crate) path: &'static str,
    pub(crate) operations: Vec<Operation>,
}

impl Path {
    /// The methods, for `Allow`. COMPAT(finesse): in the original's order, without blanks.
    fn allow(&self) -> String {
        let mut methods = vec!["OPTIONS"];
        for operation in &self.operations {
            match operation.verb {
                Verb::Get => methods.splice(0..1, ["GET", "OPTIONS", "HEAD"]).for_each(drop),
                verb => methods.push(verb.name()),
            }
        }
        methods.join(",")
    }
}

/// All operations by path, the methods of each in the order of [`Verb`].
pub(crate) fn paths() -> Vec<Path> {
    let mut paths: BTreeMap<_, Vec<Operation>> = BTreeMap::new();
    for operation in operations() {
        paths.entry((operation.path, operation.base)).or_default().push(operation);
    }
    let sorted = |((path, base), mut operations): (_, Vec<Operation>)| {
        operations.sort_by_key(|operation| operation.verb);
        Path { base, path, operations }
    };
    paths.into_iter().map(sorted).collect()
}

/// The routes of all operations.
pub(crate) fn router(services: &Arc<Services>) -> Router<Arc<Services>> {
    let routes = paths().into_iter().fold(Router::new(), |router, path| {
        let (address, routes) = (format!("{}{}", path.base, path.path), routes_of(path, services));
        // COMPAT(finesse): the original's library posts to /ReasonCode/
        router.route(&address, routes.clone()).route(&format!("{address}/"), routes)
    });
    routes
        // COMPAT(finesse): a dialog without its id is there, and has no methods
        .route(&format!("{BASE}/Dialog"), any(nothing_to_do))
        .route(BASE, any(resource::unknown))
        .route(&format!("{BASE}/"), any(resource::unknown))
        .route(&format!("{BASE}/{{*other}}"), any(resource::unknown))
}

async fn nothing_to_do(method: Method) -> ApiError {
    ApiError::method_not_allowed(&method, "OPTIONS")
}

fn routes_of(path: Path, services: &Arc<Services>) -> MethodRouter<Arc<Services>> {
    let allow: Arc<str> = path.allow().into();
    let allowed = allow.to_string();
    let frame = options(move || async move { (StatusCode::OK, [(ALLOW, allowed)]) })
        .fallback(move |method: Method| async move { ApiError::method_not_allowed(&method, &allow) });
    path.operations.into_iter().fold(frame, |routes, operation| {
        let gate = Gate { services: services.clone(), path: operation.path, facts: operation.facts };
        routes.merge(operation.route.route_layer(from_fn_with_state(gate, guard::pass)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::{Gives, Who};

    #[test]
    fn every_operation_says_what_it_is() {
        for path in paths() {
            for operation in &path.operations {
                let name = format!("{} {}", operation.verb.name(), path.path);
                assert!(path.path.starts_with('/') && !path.path.ends_with('/'), "{name}");
                assert!(!operation.facts.title.is_empty(), "{name}");
                let reads = operation.verb == Verb::Get || operation.verb == Verb::Delete;
                assert!(!(reads && operation.facts.takes.is_some()), "{name} takes a body");
                let says = !matches!(operation.facts.gives, Gives::Done | Gives::Created | Gives::Accepted);
                assert!(says || operation.verb != Verb::Get, "{name} says nothing");
                assert!(!says || matches!(operation.verb, Verb::Get | Verb::Post), "{name} says something");
                assert!(operation.verb == Verb::Get || operation.facts.who != Who::Public, "{name}");
            }
            let verbs: Vec<_> = path.operations.iter().map(|operation| operation.verb).collect();
            assert!(verbs.windows(2).all(|pair| pair[0] < pair[1]), "{} twice", path.path);
        }
    }
}

//! `/DesktopConfig`: what a desktop's page asks before anybody signs in. JSON, as are this family's errors in the original;
//! what a client gets when nothing answers is the web service's usual one.

use crate::answer::ApiError;
use crate::operation::{self, Gives, Operation, Who};
use crate::{Services, SystemIdentity};
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use floor::Status;
use http::HeaderMap;
use http::header::CONTENT_TYPE;
use serde_json::json;
use std::sync::Arc;

/// Where the desktop asks for what concerns its pages.
const DESKTOP_BASE: &str = "/desktop/api";

/// What proxies add to a request.
const OF_PROXIES: [&str; 3] = ["forwarded", "x-forwarded-for", "via"];

pub(crate) fn operations() -> Vec<Operation> {
    // COMPAT(finesse): the original's path is not public; what is known of its family is under the other base
    let places = [operation::BASE, DESKTOP_BASE];
    let everywhere = places.map(|base| {
        operation::get("/DesktopConfig", get)
            .under(base)
            .title("What a desktop asks before anybody signs in")
            .who(Who::Public)
            .gives(Gives::Json)
    });
    everywhere.into()
}

async fn get(State(services): State<Arc<Services>>, headers: HeaderMap) -> Result<Response, ApiError> {
    let asked = services.floor.call(|floor, _| (floor.system().status, floor.takes_mobile_agents()));
    let (status, takes_mobile_agents) = asked.await?;
    let identity = services.catalogue.identity(&services.system);
    let alternate = identity.primary_host.as_ref().or(identity.secondary_host.as_ref());
    let leaves = status == Status::OutOfService || identity.maintenance_since.is_some();
    let config = json!({
        "deploymentType": identity.deployment_type,
        "securityBannerMessage": services.site.security_banner,
        "systemStatus": status.name(),
        "host": with_port(&identity.host, &identity),
        "isAlternateSystemAvailable": alternate.is_some(),
        "desktopLicensed": true,
        "systemAuthMode": identity.auth_mode,
        // COMPAT(finesse): a text, as in the original
        "enableMobileAgentLogin": takes_mobile_agents.to_string(),
        "isProxyRequest": OF_PROXIES.iter().any(|name| headers.contains_key(*name)),
        "redirectToAlternateHost": leaves && alternate.is_some(),
        "alternateHost": alternate.map(|host| with_port(host, &identity)).unwrap_or_default(),
    });
    Ok(([(CONTENT_TYPE, "application/json")], config.to_string()).into_response())
}

/// Both nodes of a pair are taken to listen on the same port.
fn with_port(host: &str, identity: &SystemIdentity) -> String {
    identity.ports.https.map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}

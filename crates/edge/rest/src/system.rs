//! `/SystemInfo`: can one work here? Asked without credentials, and answered with 200 also when out of
//! service, since clients decide by it which server to go to.

use crate::Services;
use crate::answer::{self, ApiError};
use crate::operation::{self, Operation, Shape, Who, flag, number, parts, text, word};
use axum::extract::State;
use axum::response::Response;
use std::sync::Arc;

const CTI_SERVER: Shape =
    parts("ctiServer", &[flag("active"), number("connectedDuration", 0, i64::MAX), text("host")]);
/// Of the other node only the name is known.
const NODE: &[Shape] = &[
    text("host"),
    port("httpsPort").optional(),
    port("xmppPort").optional(),
    port("xmppSecurePort").optional(),
];
const fn port(name: &'static str) -> Shape {
    number(name, 1, u16::MAX as i64)
}

const SYSTEM_INFO: Shape = parts(
    "SystemInfo",
    &[
        number("ctiHeartbeatInterval", 0, u32::MAX as i64),
        word("ctiMMode", &["", "INITIATING", "IN_PROGRESS"]),
        parts("ctiServers", &[CTI_SERVER.many()]),
        number("ctiTimeInMMode", -1, i64::MAX),
        number("ctiVersion", 0, u32::MAX as i64),
        text("currentTimestamp"),
        word("deploymentType", &["UCCE", "UCCX"]),
        word("finesseMMode", &["", "IN_PROGRESS"]),
        number("finesseTimeInMMode", -1, i64::MAX),
        word("lastCTIHeartbeatStatus", &["success", "failure"]),
        number("lastSuccessCTIHeartbeatTime", 0, i64::MAX),
        text("license"),
        number("peripheralId", 0, u32::MAX as i64),
        parts("primaryNode", NODE),
        parts("secondaryNode", NODE).optional(),
        word("status", &["IN_SERVICE", "OUT_OF_SERVICE"]),
        text("statusReason"),
        word("systemAuthMode", &["NON_SSO", "SSO", "HYBRID"]),
        number("timezoneOffset", -1_440, 1_440),
        text("uri"),
        text("xmppDomain"),
        text("xmppPubSubDomain"),
    ],
);

pub(crate) fn operations() -> Vec<Operation> {
    vec![
        operation::get("/SystemInfo", get)
            .title("Whether one can work here")
            .who(Who::Public)
            .answers(&SYSTEM_INFO),
    ]
}

/// GET.
pub(crate) async fn get(State(services): State<Arc<Services>>) -> Result<Response, ApiError> {
    let (system, now) = services.floor.call(|floor, now| (floor.system().clone(), now)).await?;
    Ok(answer::document(|writer| {
        let identity = services.catalogue.identity(&services.system);
        notify::system::write(writer, "SystemInfo", &system, &identity, now.wall);
    }))
}

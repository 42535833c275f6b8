//! `/finesse-dp/rest/DiagnosticPortal/…`: the calls by which monitoring programs of a contact centre see that the server
//! lives, and how it does.

use crate::Services;
use crate::answer::ApiError;
use crate::operation::{self, Gives, Operation, Who};
use crate::process::Process;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::header::CONTENT_TYPE;
use std::sync::Arc;
use xml::{Layout, Writer};

const BASE: &str = "/finesse-dp/rest/DiagnosticPortal";

/// COMPAT(finesse): the portal's replies are in a namespace, unlike those of the rest of the web service.
const NAMESPACE: &str = "http://www.cisco.com/vtg/diagnosticportal";
const XML: &str = "text/xml";

pub(crate) fn operations() -> Vec<Operation> {
    let portal = |operation: Operation, title| {
        operation.under(BASE).title(title).who(Who::Operators).gives(Gives::Other(XML))
    };
    vec![
        portal(operation::get("/GetProductVersion", version), "Which release this is"),
        portal(operation::get("/GetPerformanceInformation", performance), "How the server does"),
    ]
}

fn reply(name: &'static str, write: impl FnOnce(&mut Writer)) -> Response {
    let mut writer = Writer::new(Layout::Compact);
    writer.open(name).attribute("ReturnCode", "0").attribute("xmlns:dp", NAMESPACE);
    writer.open("dp:Schema").attribute("Version", "1.0").close();
    write(&mut writer);
    let (text, _) = writer.finish();
    ([(CONTENT_TYPE, XML)], text).into_response()
}

async fn version() -> Response {
    reply("dp:GetProductVersionReply", |writer| {
        writer.open("dp:ProductVersion").attribute("Name", "Aplomb");
        writer.attribute("Major", env!("CARGO_PKG_VERSION_MAJOR"));
        writer.attribute("Minor", env!("CARGO_PKG_VERSION_MINOR"));
        writer.attribute("Maintenance", env!("CARGO_PKG_VERSION_PATCH"));
        writer.attribute("VersionString", env!("CARGO_PKG_VERSION")).close();
    })
}

/// COMPAT(finesse): the names are the original's, of which those that mean something here are told.
async fn performance(State(services): State<Arc<Services>>) -> Result<Response, ApiError> {
    let activity = services.activity().await?;
    let process = Process::now();
    let times = services.metrics.times();
    let properties = [
        ("Tomcat/Heap Memory Utilized", process.resident_bytes.map(|bytes| bytes.to_string())),
        ("Tomcat/Average Request Process Time", Some(times.average_ms().to_string())),
        ("Tomcat/Longest Request Process Time", Some(times.longest_ms().to_string())),
        ("Tomcat/Thread Count", process.threads.map(|threads| threads.to_string())),
        ("Average System Load", process.load.map(|load| load.to_string())),
        ("Active Totals/Logged In Agents", Some(activity.agents.to_string())),
        ("Active Totals/Current Calls", Some(activity.calls.to_string())),
    ];
    Ok(reply("dp:GetPerformanceInformationReply", |writer| {
        writer.open("dp:PerformanceInformation").open("dp:PropertyList");
        for (name, value) in properties {
            let Some(value) = value else { continue };
            writer.open("dp:Property").attribute("Name", name).attribute("Value", &value).close();
        }
        writer.close().close();
    }))
}

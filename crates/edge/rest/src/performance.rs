//! `/performance`: counters for programs that watch the original's through JMX, in the protocol that they speak with it
//! (Jolokia's JSON). Prometheus has many more (`listen.metrics`).

use crate::Services;
use crate::answer::ApiError;
use crate::body::Sent;
use crate::operation::{self, Fault, Gives, Operation, Who};
use crate::process::Process;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use floor::Status;
use http::header::CONTENT_TYPE;
use jiff::Timestamp;
use serde_json::{Map, Value, json};
use std::sync::Arc;

/// COMPAT(finesse): before the name of a counter of the notification service, which is the same process here.
const OF_NOTIFICATIONS: &str = "openfire//";

pub(crate) fn operations() -> Vec<Operation> {
    vec![
        operation::post("/performance", post)
            .title("Lists counters (`type` is `list`), or reads those of an `mbean`")
            .who(Who::Operators)
            .takes_data(&["application/json"])
            .gives(Gives::Json)
            .fails(&[Fault::PARAMETER_MISSING, Fault::INVALID_INPUT]),
    ]
}

/// A group of counters: its name, and each counter's name and value.
type Mbean = (&'static str, Vec<(&'static str, Value)>);

async fn post(State(services): State<Arc<Services>>, sent: Sent) -> Result<Response, ApiError> {
    let asked: Map<String, Value> = serde_json::from_slice(sent.bytes())
        .map_err(|error| ApiError::bad_request(format!("The body is no JSON object: {error}")))?;
    let word = |name: &str| asked.get(name).and_then(Value::as_str).filter(|word| !word.is_empty());
    let kind = word("type").ok_or_else(|| ApiError::parameter_missing("type"))?;
    let mbeans = services.mbeans().await?;
    let value = match kind {
        "list" => list(&mbeans),
        "read" => {
            let mbean = word("mbean").ok_or_else(|| ApiError::parameter_missing("mbean"))?;
            read(&mbeans, mbean, word("attribute"))?
        }
        _ => return Err(ApiError::invalid_input("type", "type is neither list nor read")),
    };
    let answer =
        json!({ "request": asked, "value": value, "timestamp": Timestamp::now().as_second(), "status": 200 });
    Ok(([(CONTENT_TYPE, "application/json")], answer.to_string()).into_response())
}

impl Services {
    /// COMPAT(finesse): names as in the guide's tables; where those end in a star, the counters are named by us.
    async fn mbeans(&self) -> Result<Vec<Mbean>, ApiError> {
        let status = self.floor.call(|floor, _| floor.system().status).await?;
        let activity = self.activity().await?;
        let (process, times) = (Process::now(), self.metrics.times());
        let state = match status {
            Status::InService => "STATE_IN_SERVICE",
            Status::OutOfService => "STATE_OUT_OF_SERVICE",
        };
        Ok(vec![
            // not a heap of Java's: all that the process holds
            ("java.lang:type=Memory", vec![("HeapMemoryUsage", json!({ "used": process.resident_bytes }))]),
            ("java.lang:type=OperatingSystem", vec![("SystemLoadAverage", json!(process.load))]),
            ("java.lang:type=Threading", vec![("ThreadCount", json!(process.threads))]),
            (
                "com.cisco.ccbu:category=AWSSubsystem,component0=AWS Subsystem State Counter",
                vec![("AWS System State", json!(state))],
            ),
            (
                "com.cisco.ccbu:category=RuntimeConfigMBean",
                vec![
                    ("activeDialogCount", json!(activity.calls)),
                    ("activeTaskCount", json!(activity.tasks)),
                    ("NumOfAgentsLoggedIn", json!(activity.agents)),
                ],
            ),
            (
                "com.cisco.ccbu:category=WebAppStats",
                vec![
                    ("AverageProcessingTime", json!(times.average_ms())),
                    ("LongestProcessingTime", json!(times.longest_ms())),
                ],
            ),
        ])
    }
}

/// By domain, then by the rest of the name, as Jolokia lists.
fn list(mbeans: &[Mbean]) -> Value {
    let mut domains = Map::new();
    for (name, attributes) in mbeans {
        let (domain, rest) = name.split_once(':').unwrap_or((name, ""));
        let attributes: Map<String, Value> =
            attributes.iter().map(|(name, _)| ((*name).to_owned(), json!({ "rw": false }))).collect();
        domains.entry(domain).or_insert_with(|| json!({}))[rest] = json!({ "attr": attributes });
    }
    Value::Object(domains)
}

fn read(mbeans: &[Mbean], mbean: &str, attribute: Option<&str>) -> Result<Value, ApiError> {
    let prefix = mbean.get(..OF_NOTIFICATIONS.len());
    let is_other = prefix.is_some_and(|prefix| prefix.eq_ignore_ascii_case(OF_NOTIFICATIONS));
    let name = if is_other { &mbean[OF_NOTIFICATIONS.len()..] } else { mbean };
    let found = mbeans.iter().find(|(known, _)| *known == name);
    let (_, attributes) = found.ok_or_else(|| ApiError::invalid_input("mbean", "There is no such mbean"))?;
    let Some(attribute) = attribute else {
        return Ok(attributes.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect());
    };
    let found = attributes.iter().find(|(known, _)| *known == attribute);
    let (_, value) =
        found.ok_or_else(|| ApiError::invalid_input("attribute", "The mbean has no such attribute"))?;
    Ok(value.clone())
}

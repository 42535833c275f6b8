//! Calls for those who look after the server: what goes on, who is locked out, how it does.
#![allow(clippy::unwrap_used, reason = "a test may fail here")]

mod service;

use aplomb_rest::ConnectedUsers;
use floor::Change;
use http::StatusCode;
use serde_json::{Value, json};
use service::{Answer, Service, basic, request};
use std::time::{Duration, Instant};

const LOCKED: &str = "/finesse/api/LockedOutUsers";
const MODE: &str = "/finesse/api/MaintenanceMode";

#[tokio::test]
async fn administrators_see_how_much_is_going_on() {
    let service = Service::open().await;
    let info = "/finesse/api/RuntimeConfigInfo";
    let none = service.get("boss", info).await.body;
    let begin = "<RuntimeConfigInfo><activeDialogCount>0</activeDialogCount><activeTaskCount>0</activeTaskCount>\
                 <averageConfiguredMediaPerAgent>0</averageConfiguredMediaPerAgent>";
    assert!(none.starts_with(begin), "{none}");
    service.sign_in_on("11", "901").await;
    service.sign_in_on("12", "902").await;
    service.talk(1, "901").await;
    let some = service.get("boss", info).await.body;
    // one chat domain beside the telephone, and nobody signed in to it
    let begin = "<RuntimeConfigInfo><activeDialogCount>1</activeDialogCount><activeTaskCount>0</activeTaskCount>\
                 <averageConfiguredMediaPerAgent>2</averageConfiguredMediaPerAgent>\
                 <averageLoggedInMediaPerAgent>1</averageLoggedInMediaPerAgent>\
                 <averageSkillGroupCountPerAgent>0</averageSkillGroupCountPerAgent>\
                 <connectedUsersInfo><userSummary><desktopUsers>3</desktopUsers>";
    assert!(some.starts_with(begin), "{some}");
}

#[tokio::test]
async fn with_unified_ccx_the_telephone_is_the_only_medium() {
    let service = Service::open_as_ccx().await;
    service.sign_in("11").await;
    let text = service.get("boss", "/finesse/api/RuntimeConfigInfo").await.body;
    assert!(text.contains("<averageConfiguredMediaPerAgent>1<"), "{text}");
    assert!(text.contains("<averageLoggedInMediaPerAgent>1<"), "{text}");
}

#[tokio::test]
async fn only_administrators_look_after_the_server() {
    let service = Service::open().await;
    let gets = [
        "/finesse/api/RuntimeConfigInfo",
        LOCKED,
        MODE,
        "/finesse-dp/rest/DiagnosticPortal/GetProductVersion",
        "/finesse-dp/rest/DiagnosticPortal/GetPerformanceInformation",
    ];
    for path in gets {
        service.get("71", path).await.error_is(403, "Forbidden", "");
        service.get("", path).await.error_is(401, "Authorization Failure", "");
    }
    let denied = service.call("DELETE", "71", "/finesse/api/LockedOutUser/11", "").await;
    denied.error_is(403, "Forbidden", "");
    performance(&service, "71", json!({ "type": "list" })).await.error_is(403, "Forbidden", "");
}

/// Five wrong passwords.
async fn lock(service: &Service, user: &str) {
    for _ in 0..5 {
        let wrong = request("GET", "", "/finesse/api/User/11").header("authorization", basic(user, "wrong"));
        assert_eq!(service.send(wrong.body("".into()).unwrap()).await.status, StatusCode::UNAUTHORIZED);
    }
}

#[tokio::test]
async fn an_administrator_sees_who_is_locked_out_and_lets_one_in_again() {
    let service = Service::open().await;
    assert_eq!(service.get("boss", LOCKED).await.body, "<LockedOutUsers></LockedOutUsers>");
    lock(&service, "12").await;
    lock(&service, "name11").await;
    lock(&service, "nobody").await;
    assert_eq!(service.get("11", "/finesse/api/User/11").await.status, StatusCode::UNAUTHORIZED);

    let text = service.get("boss", LOCKED).await.body;
    let user = |id: &str| {
        format!(
            "</lockedUntil><loginId>{id}</loginId><loginName>name{id}</loginName>\
             <uri>/finesse/api/LockedOutUser/{id}</uri></LockedOutUser>"
        )
    };
    assert!(text.contains(&user("11")) && text.contains(&user("12")), "{text}");
    assert!(!text.contains("nobody"), "who there is not is nobody's business: {text}");

    let unlocked = service.call("DELETE", "boss", "/finesse/api/LockedOutUser/name11", "").await;
    assert_eq!((unlocked.status, unlocked.body.as_str()), (StatusCode::OK, ""));
    assert_eq!(service.get("11", "/finesse/api/User/11").await.status, StatusCode::OK);
    let text = service.get("boss", LOCKED).await.body;
    assert!(!text.contains(&user("11")) && text.contains(&user("12")), "{text}");
    let trail = service.audit().await;
    let unlocks: Vec<_> = trail.iter().filter(|entry| entry.action == "unlock").collect();
    assert_eq!(unlocks.len(), 1, "{trail:?}");
    assert_eq!((unlocks[0].by.who.as_str(), unlocks[0].id.as_str()), ("boss", "11"));

    let again = service.call("DELETE", "boss", "/finesse/api/LockedOutUser/11", "").await;
    again.error_is(404, "Not Found", "11");
    let nobody = service.call("DELETE", "boss", "/finesse/api/LockedOutUser/nobody", "").await;
    nobody.error_is(404, "User Not Found", "nobody");
}

#[tokio::test]
async fn monitoring_programs_learn_the_release_and_how_the_server_does() {
    let service = Service::open().await;
    let portal = |call: &str| format!("/finesse-dp/rest/DiagnosticPortal/{call}");
    let version = service.get("boss", &portal("GetProductVersion")).await;
    assert_eq!(version.header("content-type"), Some("text/xml"));
    let document = roxmltree::Document::parse(&version.body).unwrap();
    let dp = "http://www.cisco.com/vtg/diagnosticportal";
    let root = document.root_element();
    assert!(root.has_tag_name((dp, "GetProductVersionReply")), "{}", version.body);
    assert_eq!(root.attribute("ReturnCode"), Some("0"));
    let product = root.children().find(|child| child.has_tag_name((dp, "ProductVersion"))).unwrap();
    assert_eq!(product.attribute("VersionString"), Some(env!("CARGO_PKG_VERSION")));

    service.sign_in("11").await;
    service.talk(1, "901").await;
    let text = service.get("boss", &portal("GetPerformanceInformation")).await.body;
    let document = roxmltree::Document::parse(&text).unwrap();
    let value = |name: &str| {
        let mut all = document.descendants().filter(|element| element.has_tag_name((dp, "Property")));
        let found = all.find(|element| element.attribute("Name") == Some(name));
        found.and_then(|element| element.attribute("Value")?.parse::<f64>().ok())
    };
    assert_eq!(value("Active Totals/Logged In Agents"), Some(1.0), "{text}");
    assert_eq!(value("Active Totals/Current Calls"), Some(1.0), "{text}");
    assert!(value("Tomcat/Longest Request Process Time").is_some(), "{text}");
    if cfg!(target_os = "linux") {
        assert!(value("Tomcat/Heap Memory Utilized").is_some_and(|bytes| bytes > 1e6), "{text}");
        assert!(value("Tomcat/Thread Count").is_some_and(|threads| threads >= 1.0), "{text}");
    }
}

async fn performance(service: &Service, user: &str, body: Value) -> Answer {
    let request =
        request("POST", user, "/finesse/api/performance").header("content-type", "application/json");
    service.send(request.body(body.to_string().into()).unwrap()).await
}

async fn read(service: &Service, mbean: &str, attribute: &str) -> Value {
    let asked = json!({ "type": "read", "mbean": mbean, "attribute": attribute });
    let answer = performance(service, "boss", asked.clone()).await;
    assert_eq!((answer.status, answer.header("content-type")), (StatusCode::OK, Some("application/json")));
    let answer: Value = serde_json::from_str(&answer.body).unwrap();
    assert_eq!((&answer["request"], &answer["status"]), (&asked, &json!(200)));
    answer["value"].clone()
}

#[tokio::test]
async fn counters_are_read_as_from_the_original() {
    let service = Service::open().await;
    let system = "com.cisco.ccbu:category=AWSSubsystem,component0=AWS Subsystem State Counter";
    assert_eq!(read(&service, system, "AWS System State").await, "STATE_IN_SERVICE");
    service.sign_in("11").await;
    let runtime = "com.cisco.ccbu:category=RuntimeConfigMBean";
    assert_eq!(read(&service, runtime, "NumOfAgentsLoggedIn").await, 1);
    service.link_down().await;
    assert_eq!(read(&service, system, "AWS System State").await, "STATE_OUT_OF_SERVICE");
    if cfg!(target_os = "linux") {
        for prefix in ["", "openfire//", "OpenFire//"] {
            let memory = read(&service, &format!("{prefix}java.lang:type=Memory"), "HeapMemoryUsage").await;
            assert!(memory["used"].as_u64().is_some_and(|bytes| bytes > 1_000_000), "{memory}");
        }
    }
}

#[tokio::test]
async fn every_counter_that_is_listed_can_be_read() {
    let service = Service::open().await;
    let listed = performance(&service, "boss", json!({ "type": "list" })).await;
    let listed: Value = serde_json::from_str(&listed.body).unwrap();
    let mut count = 0;
    for (domain, mbeans) in listed["value"].as_object().unwrap() {
        for (rest, mbean) in mbeans.as_object().unwrap() {
            let name = format!("{domain}:{rest}");
            let all = performance(&service, "boss", json!({ "type": "read", "mbean": name })).await;
            let all: Value = serde_json::from_str(&all.body).unwrap();
            for attribute in mbean["attr"].as_object().unwrap().keys() {
                assert!(all["value"].get(attribute).is_some(), "{name}: {all}");
                read(&service, &name, attribute).await;
                count += 1;
            }
        }
    }
    assert!(count >= 6, "{listed}");
}

#[tokio::test]
async fn a_counter_that_is_not_there_is_an_error() {
    let service = Service::open().await;
    let memory = "java.lang:type=Memory";
    for (asked, error_type, data) in [
        (json!({}), "Parameter Missing", "type"),
        (json!({ "type": "write" }), "Invalid Input", "type"),
        (json!({ "type": "read" }), "Parameter Missing", "mbean"),
        (json!({ "type": "read", "mbean": "java.lang:type=None" }), "Invalid Input", "mbean"),
        (json!({ "type": "read", "mbean": "ööööööö" }), "Invalid Input", "mbean"),
        (json!({ "type": "read", "mbean": memory, "attribute": "None" }), "Invalid Input", "attribute"),
        (json!([]), "Bad Request", ""),
    ] {
        performance(&service, "boss", asked).await.error_is(400, error_type, data);
    }
    let xml = service.call("POST", "boss", "/finesse/api/performance", "<list/>").await;
    xml.error_is(415, "Bad Request", "Content-Type");
}

#[tokio::test]
async fn workflows_take_variables_by_names_that_are_listed() {
    let service = Service::open().await;
    let text = service.get("boss", "/finesse/api/SystemVariables").await.body;
    let first = "<SystemVariables><SystemVariable><name>callVariable1</name><node>//Dialog/mediaProperties/\
                 callvariables/CallVariable/name[.=\"callVariable1\"]/../value</node></SystemVariable>";
    assert!(text.starts_with(first), "{text}");
    assert!(text.contains("<name>teamName</name><node>//User/teamName</node>"), "{text}");
    service.get("71", "/finesse/api/SystemVariables").await.error_is(401, "Authorization Failure", "71");
}

/// Whether everybody who watches SystemInfo was told since the last look.
async fn system_is_told(service: &Service) -> bool {
    service.settle().await;
    let told =
        service.seen.lock().unwrap().changes.iter().any(|change| matches!(change, Change::System { .. }));
    service.forget();
    told
}

#[tokio::test]
async fn everybody_is_told_to_leave_a_node_of_a_pair_and_it_is_seen_when_they_have() {
    let service = Service::open_as_secondary("UCCE").await;
    let state = async |service: &Service| {
        let text = service.get("boss", MODE).await.body;
        let (_, rest) = text.split_once("<pendingUserDisconnections>").unwrap();
        rest.to_owned()
    };
    let nobody = "<usersLoggedIn><desktop>0</desktop><fippa>0</fippa><thirdpartyclients>0</thirdpartyclients>\
                  </usersLoggedIn></MaintenanceMode>";
    assert_eq!(state(&service).await, format!("0</pendingUserDisconnections><status></status>{nobody}"));
    system_is_told(&service).await;

    let begun = service.call("POST", "boss", MODE, "").await;
    assert_eq!((begun.status, begun.body.as_str()), (StatusCode::ACCEPTED, ""));
    let somebody = nobody.replacen(">0<", ">3<", 1).replace("clients>0<", "clients>2<");
    let going = format!("5</pendingUserDisconnections><status>IN_PROGRESS</status>{somebody}");
    assert_eq!(state(&service).await, going);
    assert!(system_is_told(&service).await);
    let info = service.get("", "/finesse/api/SystemInfo").await.body;
    assert!(info.contains("<finesseMMode>IN_PROGRESS</finesseMMode><finesseTimeInMMode>"), "{info}");
    assert!(!info.contains("<finesseTimeInMMode>-1<"), "{info}");
    let config = service.get("", "/finesse/api/DesktopConfig").await.body;
    assert!(config.contains("\"redirectToAlternateHost\":true"), "{config}");
    service.call("POST", "boss", MODE, "").await.error_is(400, "Invalid State", "");

    *service.connected.lock().unwrap() = ConnectedUsers::default();
    let completed = format!("0</pendingUserDisconnections><status>COMPLETED</status>{somebody}");
    let until = Instant::now() + Duration::from_secs(30);
    while state(&service).await != completed {
        assert!(Instant::now() < until, "{}", state(&service).await);
        tokio::time::sleep(Duration::from_millis(20)).await;
    }

    assert_eq!(service.call("DELETE", "boss", MODE, "").await.status, StatusCode::OK);
    assert!(system_is_told(&service).await);
    let info = service.get("", "/finesse/api/SystemInfo").await.body;
    assert!(info.contains("<finesseMMode></finesseMMode><finesseTimeInMMode>-1<"), "{info}");
    service.call("DELETE", "boss", MODE, "").await.error_is(400, "Invalid State", "");
    let trail = service.audit().await.into_iter().filter(|entry| entry.kind == "MaintenanceMode");
    let trail: Vec<_> = trail.map(|entry| entry.action).collect();
    assert_eq!(trail, ["call off", "begin"]);
}

#[tokio::test]
async fn a_single_node_has_nobody_to_send_its_users_to() {
    let service = Service::open().await;
    service.call("POST", "boss", MODE, "").await.error_is(400, "Invalid State", "");
    service.call("POST", "71", MODE, "").await.error_is(403, "Forbidden", "");
}

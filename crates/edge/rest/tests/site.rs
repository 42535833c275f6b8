//! Calls about the system: which deployment type and which node of a pair has them.
#![allow(clippy::unwrap_used, reason = "a test may fail here")]

mod service;

use http::StatusCode;
use service::Service;

#[tokio::test]
async fn what_is_of_unified_cce_is_501_with_unified_ccx() {
    let service = Service::open_as_ccx().await;
    for path in
        ["SystemConfig", "EnterpriseDatabaseConfig", "ECCVariableConfig", "ConfigInfo", "Devices?extension=1"]
    {
        let answer = service.get("boss", &format!("/finesse/api/{path}")).await;
        let resource = format!("/{}", path.split('?').next().unwrap());
        answer.error_is(501, "Not Implemented", &resource);
    }
    let answer = service.put("boss", "/finesse/api/ClusterConfig", "<ClusterConfig/>").await;
    answer.error_is(501, "Not Implemented", "/ClusterConfig");
    assert_eq!(service.get("boss", "/finesse/api/ClusterConfig").await.status, StatusCode::OK, "is read");
}

#[tokio::test]
async fn with_unified_ccx_a_teams_list_says_that_nobody_is_busy_with_other_media() {
    const SAID: &str = "<mediaState>IDLE</mediaState><pendingState>";
    let path = "/finesse/api/Team/7?includeLoggedOutAgents=true";
    let team = Service::open_as_ccx().await.get("boss", path).await.body;
    assert!(team.contains(SAID), "{team}");
    assert_eq!(team.matches("<User>").count(), team.matches(SAID).count(), "{team}");
    let team = Service::open().await.get("boss", path).await.body;
    assert!(team.contains("<User>") && !team.contains("mediaState"), "{team}");
}

#[tokio::test]
async fn the_secondary_node_of_unified_cce_leaves_the_configuration_to_the_primary() {
    let service = Service::open_as_secondary("UCCE").await;
    for path in
        ["WrapUpReasons", "SystemConfig", "ClusterConfig", "LayoutConfig/default", "Team/7/PhoneBooks"]
    {
        service.get("boss", &format!("/finesse/api/{path}")).await.error_is(403, "Forbidden", "");
    }
    let body = "<WrapUpReason><label>x</label></WrapUpReason>";
    service.call("POST", "boss", "/finesse/api/WrapUpReason", body).await.error_is(403, "Forbidden", "");
    service.get("11", "/finesse/api/WrapUpReasons").await.error_is(401, "Authorization Failure", "11");
    // what agents work with is here too
    for path in ["User/11", "User/11/WrapUpReasons", "ChatConfig", "SystemInfo"] {
        assert_eq!(service.get("11", &format!("/finesse/api/{path}")).await.status, StatusCode::OK, "{path}");
    }
}

#[tokio::test]
async fn the_secondary_node_of_unified_ccx_is_read_only() {
    let service = Service::open_as_secondary("UCCX").await;
    for method in ["GET", "HEAD"] {
        let answer = service.call(method, "boss", "/finesse/api/WrapUpReasons", "").await;
        assert_eq!(answer.status, StatusCode::OK, "{method}");
    }
    service.call("DELETE", "boss", "/finesse/api/WrapUpReason/1", "").await.error_is(403, "Forbidden", "");
}

#[tokio::test]
async fn both_nodes_name_the_same_primary_one() {
    let service = Service::open_as_secondary("UCCE").await;
    let text = service.get("", "/finesse/api/SystemInfo").await.body;
    assert!(text.contains("<primaryNode><host>desk-a.example</host></primaryNode>"), "{text}");
    let own = "<secondaryNode><host>desk.example</host><httpsPort>8445</httpsPort>";
    assert!(text.contains(own), "{text}");
}

#[tokio::test]
async fn a_desktop_learns_before_anybody_signs_in_where_to_go() {
    let service = Service::open_as_secondary("UCCE").await;
    let config = desktop_config(&service).await;
    assert_eq!(config["deploymentType"], "UCCE");
    assert_eq!(config["systemStatus"], "IN_SERVICE");
    assert_eq!(config["host"], "desk.example:8445");
    assert_eq!(config["alternateHost"], "desk-a.example:8445");
    assert_eq!(config["isAlternateSystemAvailable"], true);
    assert_eq!(config["redirectToAlternateHost"], false);
    assert_eq!(config["enableMobileAgentLogin"], "true", "a text");
    assert_eq!(config["isProxyRequest"], false);
    service.link_down().await;
    let config = desktop_config(&service).await;
    assert_eq!(
        (&config["systemStatus"], &config["redirectToAlternateHost"]),
        (&"OUT_OF_SERVICE".into(), &true.into())
    );
}

#[tokio::test]
async fn a_desktop_of_a_single_node_has_nowhere_else_to_go() {
    let service = Service::without_link().await;
    let config = desktop_config(&service).await;
    assert_eq!(
        (&config["alternateHost"], &config["isAlternateSystemAvailable"]),
        (&"".into(), &false.into())
    );
    assert_eq!(config["redirectToAlternateHost"], false);
    let proxied =
        service::request("GET", "", "/finesse/api/DesktopConfig").header("X-Forwarded-For", "192.0.2.7");
    let answer = service.send(proxied.body("".into()).unwrap()).await;
    let config: serde_json::Value = serde_json::from_str(&answer.body).unwrap();
    assert_eq!(config["isProxyRequest"], true);
}

async fn desktop_config(service: &Service) -> serde_json::Value {
    let answer = service.get("", "/finesse/api/DesktopConfig").await;
    assert_eq!((answer.status, answer.header("content-type")), (StatusCode::OK, Some("application/json")));
    assert_eq!(service.get("", "/desktop/api/DesktopConfig").await.body, answer.body);
    serde_json::from_str(&answer.body).unwrap()
}

#[tokio::test]
async fn administrators_see_how_much_is_configured() {
    let service = Service::open().await;
    let text = service.get("boss", "/finesse/api/ConfigInfo").await.body;
    let counts = "<totalSkillGroups>0</totalSkillGroups><totalSupervisors>1</totalSupervisors>\
                  <totalTeams>2</totalTeams><totalUsers>4</totalUsers><uri>/finesse/api/ConfigInfo</uri>";
    assert!(text.contains(counts), "{text}");
    service.get("71", "/finesse/api/ConfigInfo").await.error_is(401, "Authorization Failure", "71");
}

#[tokio::test]
async fn administrators_see_how_many_users_are_connected() {
    let service = Service::open().await;
    let text = service.get("boss", "/finesse/api/ConnectedUsersInfo").await.body;
    let summary = "<desktopUsers>3</desktopUsers><fippaUsers>0</fippaUsers><thirdPartyUsers>2</thirdPartyUsers>\
                   <totalConnectedUsers>5</totalConnectedUsers>";
    assert!(text.contains(summary), "{text}");
    service.get("71", "/finesse/api/ConnectedUsersInfo").await.error_is(403, "Forbidden", "");
}

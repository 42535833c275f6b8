//! Everyone, for administrators; and how somebody signs in, for everybody.
#![allow(clippy::unwrap_used, reason = "a test may fail here")]

mod service;

use service::Service;

#[tokio::test]
async fn administrators_read_everyone_and_nobody_else_does() {
    let service = Service::open().await;
    let users = service.get("boss", "/finesse/api/Users?nocache=1").await;
    let document = roxmltree::Document::parse(&users.body).unwrap();
    assert_eq!(document.root_element().tag_name().name(), "Users");
    let ids: Vec<_> =
        document.descendants().filter(|node| node.has_tag_name("loginId")).map(|node| node.text()).collect();
    assert_eq!(ids, [Some("11"), Some("12"), Some("21"), Some("71")]);
    for user in ["11", "71"] {
        let refused = service.get(user, "/finesse/api/Users").await;
        refused.error_is(401, "Authorization Failure", user);
    }
}

#[tokio::test]
async fn how_somebody_signs_in_is_told_without_credentials_and_without_saying_who_there_is() {
    let service = Service::open().await;
    let mode = service.get("", "/finesse/api/UserAuthMode/11").await;
    assert_eq!(mode.body, "<UserAuthMode><authMode>NON_SSO</authMode><userName>11</userName></UserAuthMode>");
    let stranger = service.get("", "/finesse/api/UserAuthMode/nobody").await;
    assert_eq!(stranger.body, mode.body.replace("11", "nobody"));
    let service = Service::open_as_ccx().await;
    assert_eq!(service.get("", "/finesse/api/UserAuthMode/11").await.status, 501);
}

//! The OpenAPI document. That it is true is checked by every other test here: `service/described.rs` holds each
//! answer against it.
#![allow(clippy::unwrap_used, reason = "a test may fail here")]

mod service;

use http::StatusCode;
use service::Service;

#[tokio::test]
async fn the_description_is_there_without_credentials() {
    let service = Service::without_link().await;
    let answer = service.get("", "/finesse/api/openapi.json").await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.header("content-type"), Some("application/json"));
    assert!(answer.body.starts_with('{') && answer.body.contains("\"openapi\":\"3.0.3\""), "{}", answer.body);
}

#[test]
fn it_names_documents_errors_and_who_may() {
    let put = &aplomb_rest::openapi()["paths"]["/User/{id}"]["put"];
    let body = &put["requestBody"]["content"]["application/xml"]["schema"];
    assert_eq!(body["xml"]["name"], "User");
    assert_eq!(body["required"], serde_json::json!(["state"]));
    assert_eq!(put["security"], serde_json::json!([{ "password": [] }, { "token": [] }]));
    let errors = put["responses"].as_object().unwrap();
    let statuses: Vec<&str> = errors.keys().map(String::as_str).collect();
    assert_eq!(statuses, ["202", "400", "401", "404", "408", "413", "415", "503"]);
}

#[tokio::test]
async fn what_belongs_to_the_other_deployment_type_is_501() {
    let service = Service::open_as_ccx().await;
    for path in ["/finesse/api/Queue/1", "/finesse/api/User/11/Queues"] {
        let answer = service.get("11", path).await;
        assert_eq!((answer.status.as_u16(), answer.error().0.as_str()), (501, "Not Implemented"), "{path}");
        service.get("", path).await.error_is(401, "Authorization Failure", "");
    }
}

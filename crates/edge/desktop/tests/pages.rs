//! What a browser gets from the desktop's routes.

#![allow(clippy::unwrap_used, reason = "a failed step is a failed test")]

use aplomb_desktop::{Settings, SignOutSecs, Transport};
use axum::body::Body;
use http::{Method, Request, Response, StatusCode, header};
use http_body_util::BodyExt as _;
use tower::ServiceExt as _;

fn router() -> axum::Router {
    let connection = vec![Transport::WebSocket, Transport::Bosh];
    let sign_out_secs = SignOutSecs { websocket: 60, bosh: 120 };
    aplomb_desktop::router(Settings {
        connection,
        reconnect_spread_secs: 7,
        sign_out_secs,
        mobile_agents: true,
        shared_extensions: false,
    })
}

async fn ask(method: Method, path: &str) -> Response<Body> {
    let request = Request::builder().method(method).uri(path).body(Body::empty()).unwrap();
    router().oneshot(request).await.unwrap()
}

async fn get(path: &str) -> Response<Body> {
    ask(Method::GET, path).await
}

fn head<'a>(response: &'a Response<Body>, name: &str) -> &'a str {
    response.headers().get(name).map_or("", |value| value.to_str().unwrap())
}

async fn text(response: Response<Body>) -> String {
    String::from_utf8(response.into_body().collect().await.unwrap().to_bytes().to_vec()).unwrap()
}

/// The first `"./assets/….EXT"` that the page names; nothing when the page was not built.
fn asset(page: &str, extension: &str) -> Option<String> {
    let hit = page.split('"').find(|piece| piece.starts_with("./assets/") && piece.ends_with(extension))?;
    Some(hit.replacen("./", "/desktop/container/", 1))
}

#[tokio::test]
async fn the_address_of_the_local_log_leads_to_it() {
    let response = get("/desktop/locallog").await;
    assert_eq!(response.status(), StatusCode::FOUND);
    assert_eq!(head(&response, "location"), "/desktop/container/#log");
}

#[tokio::test]
async fn the_short_addresses_lead_to_the_desktop_with_302() {
    for path in ["/", "/desktop", "/desktop/", "/desktop/container"] {
        let response = get(path).await;
        assert_eq!(response.status(), StatusCode::FOUND, "{path}");
        assert_eq!(head(&response, "location"), "/desktop/container/", "{path}");
    }
}

#[tokio::test]
async fn the_page_is_html_and_asked_for_again_each_time() {
    let response = get("/desktop/container/?locale=en_US&lls=true").await;
    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!(head(&response, "content-type"), "text/html; charset=utf-8");
    assert_eq!(head(&response, "cache-control"), "no-cache");
    assert!(text(response).await.contains("Aplomb"));
}

#[tokio::test]
async fn a_page_the_browser_already_has_is_not_sent_again() {
    let tag = head(&get("/desktop/container/").await, "etag").to_owned();
    assert!(tag.len() > 2);
    let request = Request::get("/desktop/container/").header(header::IF_NONE_MATCH, &tag);
    let response = router().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
    assert_eq!(response.status(), StatusCode::NOT_MODIFIED);
    assert_eq!(text(response).await, "");
}

#[tokio::test]
async fn what_the_page_loads_is_there_and_may_be_kept() {
    let page = text(get("/desktop/container/").await).await;
    for (extension, mime) in [(".js", "text/javascript; charset=utf-8"), (".css", "text/css; charset=utf-8")]
    {
        let Some(path) = asset(&page, extension) else {
            assert!(page.contains("make web"), "a page without {extension} must be the placeholder");
            continue;
        };
        let response = get(&path).await;
        assert_eq!(response.status(), StatusCode::OK, "{path}");
        assert_eq!(head(&response, "content-type"), mime, "{path}");
        assert_eq!(head(&response, "cache-control"), "public, max-age=31536000, immutable");
    }
}

#[tokio::test]
async fn every_answer_carries_the_protective_headers() {
    for (path, status) in [
        ("/", StatusCode::FOUND),
        ("/desktop/container/", StatusCode::OK),
        ("/desktop/container/nothing.js", StatusCode::NOT_FOUND),
        ("/desktop/nowhere", StatusCode::NOT_FOUND),
    ] {
        let response = get(path).await;
        assert_eq!(response.status(), status, "{path}");
        let policy = head(&response, "content-security-policy");
        assert!(policy.starts_with("default-src 'none'; script-src 'self'; style-src 'self';"), "{policy}");
        assert!(policy.contains("frame-ancestors 'none'") && !policy.contains("unsafe"), "{policy}");
        assert_eq!(head(&response, "x-content-type-options"), "nosniff");
        assert_eq!(head(&response, "referrer-policy"), "no-referrer");
    }
}

#[tokio::test]
async fn the_page_obeys_its_own_policy() {
    let page = text(get("/desktop/container/").await).await;
    assert!(!page.contains("<style") && !page.contains("style="), "inline style");
    for script in page.split("<script").skip(1) {
        assert!(script.trim_start_matches(|c| c != '>').starts_with("></script>"), "inline script: {script}");
    }
    assert!(!page.contains("http://") && !page.contains("https://"), "another host");
}

#[tokio::test]
async fn a_missing_page_says_so_and_leads_back() {
    let response = get("/desktop/container/assets/../../../Cargo.toml").await;
    assert_eq!(response.status(), StatusCode::NOT_FOUND);
    assert_eq!(head(&response, "content-type"), "text/html; charset=utf-8");
    assert!(text(response).await.contains("href=\"/desktop/container/\""));
    assert_eq!(aplomb_desktop::not_found().await.status(), StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn only_reading_is_allowed() {
    for method in [Method::POST, Method::PUT, Method::DELETE] {
        let response = ask(method, "/desktop/container/").await;
        assert_eq!(response.status(), StatusCode::METHOD_NOT_ALLOWED);
        assert_eq!(head(&response, "allow"), "GET,HEAD");
    }
    let response = ask(Method::HEAD, "/desktop/container/").await;
    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!(text(response).await, "");
}

#[tokio::test]
async fn other_services_can_stand_beside_it() {
    let whole = router()
        .merge(axum::Router::new().route("/finesse/api/SystemInfo", axum::routing::get(async || "other")))
        .fallback(aplomb_desktop::not_found);
    let request = |path| Request::get(path).body(Body::empty()).unwrap();
    assert_eq!(text(whole.clone().oneshot(request("/finesse/api/SystemInfo")).await.unwrap()).await, "other");
    assert_eq!(whole.oneshot(request("/elsewhere")).await.unwrap().status(), StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn the_page_is_told_how_to_connect_and_asks_each_time() {
    let response = get("/desktop/settings.json").await;
    assert_eq!(head(&response, "content-type"), "application/json");
    assert_eq!(head(&response, "cache-control"), "no-store");
    assert_eq!(
        text(response).await,
        concat!(
            r#"{"connection":["websocket","bosh"],"reconnect_spread_secs":7,"#,
            r#""sign_out_secs":{"websocket":60,"bosh":120},"mobile_agents":true,"shared_extensions":false}"#
        )
    );
}

#[tokio::test]
async fn the_languages_are_those_that_the_page_speaks() {
    let page = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../web/desktop/src/i18n/language.ts");
    let page = std::fs::read_to_string(page).unwrap();
    let record = |name: &str| -> Vec<String> {
        let (_, record) = page.split_once(&format!("const {name}: Record<Language, string> = {{")).unwrap();
        record.split('}').next().unwrap().split('"').skip(1).step_by(2).map(str::to_owned).collect()
    };
    let response = get("/desktop/api/Languages").await;
    assert_eq!(head(&response, "content-type"), "application/json");
    let languages: serde_json::Value = serde_json::from_str(&text(response).await).unwrap();
    let told = |name: &str| -> Vec<String> {
        let languages = languages.as_array().unwrap().iter();
        languages.map(|language| language[name].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!((told("locale"), told("displayName")), (record("LOCALES"), record("LANGUAGES")));
}

#[tokio::test]
async fn every_address_of_the_desktops_files_leads_to_one() {
    let response = get("/desktop/api/ResourceURLs?nocache=1&type=desktop").await;
    assert_eq!((response.status(), head(&response, "content-type")), (StatusCode::OK, "application/json"));
    let addresses: Vec<String> = serde_json::from_str(&text(response).await).unwrap();
    assert!(addresses.iter().any(|address| address == "/desktop/container/index.html"), "{addresses:?}");
    for address in &addresses {
        assert_eq!(get(address).await.status(), StatusCode::OK, "{address}");
    }
    assert_eq!(text(get("/desktop/api/ResourceURLs?type=3rdParty").await).await, "[]");
}

#[tokio::test]
async fn other_kinds_of_files_are_refused_in_json() {
    for (query, error_type) in
        [("", "Parameter Missing"), ("?type=", "Parameter Missing"), ("?type=x", "Invalid Input")]
    {
        let response = get(&format!("/desktop/api/ResourceURLs{query}")).await;
        assert_eq!(response.status(), StatusCode::BAD_REQUEST, "{query}");
        let error: serde_json::Value = serde_json::from_str(&text(response).await).unwrap();
        assert_eq!(error["ApiErrors"]["ApiError"]["ErrorType"], error_type, "{query}");
    }
    assert_eq!(ask(Method::POST, "/desktop/api/Languages").await.status(), StatusCode::METHOD_NOT_ALLOWED);
}

//! The desktop's pages, embedded.
//!
//! The page is a build of `web/desktop` (see `build.rs`). It talks to its own origin only: REST under
//! `/finesse/api/`, WebSocket under `/ws/`, BOSH under `/http-bind/`; whoever mounts [`router`] mounts those beside it.

mod files;
mod headers;
mod interface;
mod settings;

pub use settings::{Settings, SignOutSecs, Transport};

use axum::Router;
use axum::extract::Path;
use axum::middleware::map_response;
use axum::response::Response;
use axum::routing::get;
use http::HeaderMap;
use std::sync::Arc;

/// Where the desktop is served.
pub const DESKTOP_PATH: &str = "/desktop/container/";

/// The page that shows the client log.
const LOCAL_LOG: &str = "/desktop/container/#log";

/// `/` and `/desktop` (to the desktop), `/desktop/container/` and what it loads, `/desktop/settings.json`,
/// `/desktop/api/…`.
///
/// Has no fallback of its own outside `/desktop/`, so that it can be merged with other services' routers;
/// [`not_found`] is the page to use as theirs.
pub fn router(settings: Settings) -> Router {
    let settings = Arc::new(settings);
    // COMPAT(finesse): `/` answers 302 to `/desktop`, and that to the container with its trailing slash.
    Router::new()
        .route("/", get(to_desktop))
        .route("/desktop", get(to_desktop))
        .route("/desktop/", get(to_desktop))
        .route("/desktop/container", get(to_desktop))
        .route(DESKTOP_PATH, get(async |request: HeaderMap| files::answer(files::PAGE, &request)))
        .route(
            "/desktop/container/{*path}",
            get(async |Path(path): Path<String>, request: HeaderMap| files::answer(&path, &request)),
        )
        // COMPAT(finesse): where people look for the client log that this browser has kept.
        .route("/desktop/locallog", get(async || headers::redirect(LOCAL_LOG)))
        .route("/desktop/api/Languages", get(interface::languages))
        .route("/desktop/api/ResourceURLs", get(interface::resource_urls))
        .route("/desktop/settings.json", get(async move || settings.answer()))
        .route("/desktop/{*path}", get(not_found))
        .layer(map_response(headers::protect))
}

/// The page for an address that leads nowhere, with status 404.
pub async fn not_found() -> Response {
    headers::protect(files::not_found()).await
}

async fn to_desktop() -> Response {
    headers::redirect(DESKTOP_PATH)
}

//! The embedded files, and how long a browser may keep each.

use crate::DESKTOP_PATH;
use axum::body::Body;
use axum::response::Response;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use rust_embed::{EmbeddedFile, RustEmbed};
use std::borrow::Cow;
use std::fmt::Write as _;

/// The page itself.
pub(crate) const PAGE: &str = "index.html";

/// Vite puts a hash of the content into the names of everything in here, so these never change.
const HASHED: &str = "assets/";

const NOT_FOUND: &str = include_str!("not_found.html");

#[derive(RustEmbed)]
#[folder = "$OUT_DIR/dist"]
struct Dist;

/// The file of this name, 304 when the browser already has it, or the page that says there is none.
pub(crate) fn answer(path: &str, request: &HeaderMap) -> Response {
    let Some(file) = Dist::get(path) else { return not_found() };
    let tag = etag(&file);
    let mut response = if request.get(header::IF_NONE_MATCH) == Some(&tag) {
        with_status(StatusCode::NOT_MODIFIED, Body::empty())
    } else {
        let mut response = Response::new(body(file.data));
        response.headers_mut().insert(header::CONTENT_TYPE, content_type(path));
        response
    };
    let keep = if path.starts_with(HASHED) { "public, max-age=31536000, immutable" } else { "no-cache" };
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static(keep));
    response.headers_mut().insert(header::ETAG, tag);
    response
}

/// The address of every file, in order.
pub(crate) fn addresses() -> Vec<String> {
    let mut addresses: Vec<String> = Dist::iter().map(|name| format!("{DESKTOP_PATH}{name}")).collect();
    addresses.sort();
    addresses
}

/// 404 with a page for people.
pub(crate) fn not_found() -> Response {
    let mut response = with_status(StatusCode::NOT_FOUND, Body::from(NOT_FOUND));
    response.headers_mut().insert(header::CONTENT_TYPE, content_type(PAGE));
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

fn with_status(status: StatusCode, body: Body) -> Response {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    response
}

fn body(data: Cow<'static, [u8]>) -> Body {
    match data {
        Cow::Borrowed(bytes) => Body::from(bytes),
        Cow::Owned(bytes) => Body::from(bytes),
    }
}

/// Text is always UTF-8 here; without the parameter some browsers guess.
fn content_type(path: &str) -> HeaderValue {
    let mime = mime_guess::from_path(path).first_or_octet_stream();
    let text = mime.type_() == "text";
    let value = if text { format!("{mime}; charset=utf-8") } else { mime.to_string() };
    HeaderValue::from_str(&value).unwrap_or_else(|_| HeaderValue::from_static("application/octet-stream"))
}

/// A strong tag from the file's SHA-256; half of it is plenty.
fn etag(file: &EmbeddedFile) -> HeaderValue {
    let mut tag = String::from("\"");
    for byte in &file.metadata.sha256_hash()[..16] {
        let _ = write!(tag, "{byte:02x}");
    }
    tag.push('"');
    HeaderValue::from_str(&tag).unwrap_or_else(|_| HeaderValue::from_static("\"\""))
}

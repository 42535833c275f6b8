//! Which pages may connect: the `Origin` of a request (RFC 6454).

use http::header::{self, HeaderMap, HeaderValue};

/// The request's origin, if pages from there may read answers. `allowed` holds origins, or `*` for any.
pub(crate) fn allowed(allowed: &[String], headers: &HeaderMap) -> Option<HeaderValue> {
    let origin = headers.get(header::ORIGIN)?;
    let is_allowed = allowed.iter().any(|one| one == "*" || one.as_bytes() == origin.as_bytes());
    // a copy: a clone would keep the connection's whole read buffer while the poll is parked
    is_allowed.then(|| HeaderValue::from_bytes(origin.as_bytes()).ok())?
}

/// Whether a WebSocket may be opened: browsers leave that to us (RFC 6455 §10.2). Programs that are no browsers
/// name no origin. A page of the same host may, whatever its port: the desktop on 8445 connects to 7443.
pub(crate) fn may_open_websocket(origins: &[String], headers: &HeaderMap) -> bool {
    let Some(origin) = headers.get(header::ORIGIN) else { return true };
    let host = |value: &HeaderValue| value.to_str().ok().and_then(|text| host(text).map(str::to_owned));
    let same_host = || match (host(origin), headers.get(header::HOST).and_then(host)) {
        (Some(origin), Some(own)) => origin.eq_ignore_ascii_case(&own),
        _ => false,
    };
    allowed(origins, headers).is_some() || same_host()
}

/// The host of `scheme://host:port` or `host:port`.
fn host(text: &str) -> Option<&str> {
    let authority = text.split_once("://").map_or(text, |(_, rest)| rest);
    let is_port = |port: &str| port.bytes().all(|byte| byte.is_ascii_digit());
    let host =
        authority.rsplit_once(':').filter(|(_, port)| is_port(port)).map_or(authority, |(host, _)| host);
    (!host.is_empty() && !host.contains(['/', '@'])).then_some(host)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(origin: Option<&'static str>, host: &'static str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        if let Some(origin) = origin {
            headers.insert(header::ORIGIN, HeaderValue::from_static(origin));
        }
        headers.insert(header::HOST, HeaderValue::from_static(host));
        headers
    }

    #[test]
    fn a_page_of_this_host_may_open_a_websocket_from_any_port_of_it() {
        let cases = [
            (None, true),
            (Some("https://cc.example:8445"), true),
            (Some("https://CC.example"), true),
            (Some("https://evil.example"), false),
            (Some("https://cc.example.evil.example"), false),
            (Some("https://evil.example:8445/cc.example"), false),
            (Some("null"), false),
        ];
        for (origin, may) in cases {
            assert_eq!(may_open_websocket(&[], &headers(origin, "cc.example:7443")), may, "{origin:?}");
        }
        assert!(may_open_websocket(&[], &headers(Some("https://[2001:db8::1]:8445"), "[2001:db8::1]:7443")));
        assert!(!may_open_websocket(&[], &headers(Some("https://[2001:db8::2]:8445"), "[2001:db8::1]:7443")));
    }

    #[test]
    fn listed_origins_are_exact() {
        let list = ["https://crm.example".to_owned()];
        let from = |origin| headers(Some(origin), "cc.example");
        assert!(may_open_websocket(&list, &from("https://crm.example")));
        assert!(allowed(&list, &from("https://crm.example")).is_some());
        assert!(allowed(&list, &from("http://crm.example")).is_none());
        assert!(allowed(&list, &from("https://crm.example:444")).is_none());
        assert!(allowed(&["*".to_owned()], &from("https://any.example")).is_some());
        assert!(allowed(&["*".to_owned()], &headers(None, "cc.example")).is_none(), "nobody asked");
    }
}

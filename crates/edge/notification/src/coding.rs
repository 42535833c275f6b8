//! Compressed bodies: gzip for answers that are worth it (RFC 9110 §12.5.3), and in requests of clients that we told
//! so (XEP-0124 §7.2 `accept`).

use crate::http_bind::Segments;
use crate::limits::GZIP_AT_ONCE_BYTES_MAX;
use bytes::Bytes;
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use http::Response;
use http::header::{self, HeaderMap, HeaderValue};
use std::borrow::Cow;
use std::io::{self, Read, Write};

/// The content codings in which requests are read, for the creation response of a session.
pub const READ: &str = "gzip";

/// Whether an answer to these headers may be in gzip.
pub(crate) fn accepts_gzip(headers: &HeaderMap) -> bool {
    let values = headers.get_all(header::ACCEPT_ENCODING).into_iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).any(|one| {
        let mut parts = one.split(';').map(str::trim);
        let is_gzip = parts.next().is_some_and(|coding| coding.eq_ignore_ascii_case("gzip"));
        is_gzip && parts.all(|part| !matches!(part.split_once('='), Some((_, quality)) if is_zero(quality)))
    })
}

fn is_zero(quality: &str) -> bool {
    quality.trim().parse::<f32>().is_ok_and(|quality| quality == 0.0)
}

/// The response in gzip if it has at least so many bytes.
pub(crate) async fn gzip(mut response: Response<Segments>, bytes_min: u64) -> Response<Segments> {
    let bytes = response.body().bytes();
    if bytes_min == 0 || bytes < bytes_min {
        return response;
    }
    let parts = std::mem::take(response.body_mut());
    let kept = parts.clone();
    let compressed = if bytes <= GZIP_AT_ONCE_BYTES_MAX {
        compress(parts)
    } else {
        // other sessions have their turn meanwhile
        tokio::task::spawn_blocking(|| compress(parts)).await.unwrap_or_else(|why| Err(io::Error::other(why)))
    };
    let Ok(compressed) = compressed else {
        *response.body_mut() = kept;
        return response;
    };
    *response.body_mut() = Segments::from(vec![compressed]);
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    headers.append(header::VARY, HeaderValue::from_static("Accept-Encoding"));
    response
}

fn compress(parts: Segments) -> io::Result<Bytes> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    for part in parts {
        encoder.write_all(&part)?;
    }
    encoder.finish().map(Bytes::from)
}

/// The body of a request as its `Content-Encoding` says, if it has one; longer than `bytes_max` it is refused before
/// more is unpacked. An error is what the client did wrong.
pub(crate) fn read(
    body: Bytes,
    coding: Option<&HeaderValue>,
    bytes_max: usize,
) -> Result<Bytes, Cow<'static, str>> {
    match coding.map(|coding| coding.as_bytes().trim_ascii()) {
        None | Some(b"" | b"identity") => return Ok(body),
        Some(b"gzip" | b"x-gzip") => {}
        Some(_) => return Err("the body's content coding is not one that is read here".into()),
    }
    let mut unpacked = Vec::new();
    let mut decoder = GzDecoder::new(&body[..]).take(bytes_max as u64 + 1);
    match decoder.read_to_end(&mut unpacked) {
        Ok(bytes) if bytes > bytes_max => Err(too_long(bytes_max).into()),
        Ok(_) => Ok(unpacked.into()),
        Err(_) => Err("the body is not gzip".into()),
    }
}

/// Says that a body, as it came or unpacked, is longer than the operator lets it be.
pub(crate) fn too_long(bytes_max: usize) -> String {
    format!("the body is longer than limits.stanza_bytes_max, {bytes_max} bytes")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gzip_is_used_for_those_who_accept_it() {
        let cases = [
            ("gzip, deflate, br", true),
            ("deflate;q=0.5, GZIP;q=0.8", true),
            ("gzip;q=0", false),
            ("gzip; q=0.000", false),
            ("br", false),
            ("", false),
            ("gzipped", false),
        ];
        for (value, accepted) in cases {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT_ENCODING, HeaderValue::from_static(value));
            assert_eq!(accepts_gzip(&headers), accepted, "{value}");
        }
    }

    #[test]
    fn a_small_body_that_unpacks_to_a_large_one_is_refused() {
        let bomb = compress(Segments::from(vec![Bytes::from(vec![b' '; 1_000_000])])).unwrap();
        assert!(bomb.len() < 20_000);
        let gzip = HeaderValue::from_static("gzip");
        let fault = read(bomb, Some(&gzip), 20_000).unwrap_err();
        assert_eq!(fault, "the body is longer than limits.stanza_bytes_max, 20000 bytes");
        assert!(read(Bytes::from_static(b"<body/>"), Some(&gzip), 65_536).is_err(), "not gzip");
        let brotli = HeaderValue::from_static("br");
        assert!(read(Bytes::from_static(b"<body/>"), Some(&brotli), 65_536).is_err());
        let whole = compress(Segments::from(vec![Bytes::from(vec![b' '; 65_536])])).unwrap();
        assert_eq!(read(whole, Some(&gzip), 65_536).unwrap().len(), 65_536);
    }
}

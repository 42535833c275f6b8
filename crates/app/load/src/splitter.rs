//! Whole elements out of an XMPP stream over TCP.

use crate::limits::INPUT_BYTES_MAX;
use anyhow::{Result, ensure};
use memchr::{memchr, memchr2};

/// Cuts a stream into its first-level elements. It trusts the server to send well-formed XML: this is no parser.
#[derive(Debug, Default)]
pub(crate) struct Splitter {
    input: Vec<u8>,
    /// Bytes of `input` that were looked at.
    at: usize,
    /// Where the element begins that is being read.
    start: usize,
    depth: usize,
}

impl Splitter {
    pub(crate) fn push(&mut self, bytes: &[u8]) -> Result<()> {
        ensure!(self.input.len() + bytes.len() <= INPUT_BYTES_MAX, "the server's element has no end");
        self.input.extend_from_slice(bytes);
        Ok(())
    }

    /// The next whole element, without the stream's own header.
    pub(crate) fn next(&mut self) -> Option<&[u8]> {
        loop {
            let Some(open) = memchr(b'<', &self.input[self.at..]).map(|found| self.at + found) else {
                self.compact();
                return None;
            };
            let Some(end) = tag_end(&self.input[open..]).map(|end| open + end) else {
                self.at = open;
                self.compact();
                return None;
            };
            let tag = &self.input[open..=end];
            self.at = end + 1;
            // the declaration and the stream's header hold no element, its end is the end
            if tag.starts_with(b"<?")
                || tag.starts_with(b"<stream:stream")
                || tag.starts_with(b"</stream:stream")
            {
                continue;
            }
            if self.depth == 0 {
                self.start = open;
            }
            match (tag.starts_with(b"</"), tag.ends_with(b"/>")) {
                (true, _) => self.depth = self.depth.saturating_sub(1),
                (_, true) => {}
                _ => self.depth += 1,
            }
            if self.depth == 0 {
                return Some(&self.input[self.start..self.at]);
            }
        }
    }

    /// Gives back what was read.
    fn compact(&mut self) {
        let done = if self.depth == 0 { self.at } else { self.start };
        self.input.drain(..done);
        self.at -= done;
        self.start = 0;
    }
}

/// Where a tag's `>` is, which may also stand in an attribute's value.
fn tag_end(tag: &[u8]) -> Option<usize> {
    let mut at = 0;
    loop {
        let end = at + memchr(b'>', &tag[at..])?;
        let Some(quote) = memchr2(b'"', b'\'', &tag[at..end]).map(|found| at + found) else {
            return Some(end);
        };
        at = quote + 1 + memchr(tag[quote], &tag[quote + 1..])? + 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_come_out_whole_wherever_the_stream_is_cut() {
        let elements = ["<a x='>/>'/>", "<b><c/>text<b d=\"'>\"></b></b>", "<presence></presence>"];
        let stream =
            format!("<?xml version='1.0'?><stream:stream to='x>y'>\n{} </stream:stream>", elements.concat());
        for cut in 0..stream.len() {
            let mut splitter = Splitter::default();
            let mut found = Vec::new();
            for part in [&stream[..cut], &stream[cut..]] {
                splitter.push(part.as_bytes()).unwrap();
                while let Some(element) = splitter.next() {
                    found.push(String::from_utf8(element.to_vec()).unwrap());
                }
            }
            assert_eq!(found, elements, "cut at {cut}");
        }
    }

    #[test]
    fn an_element_without_end_is_refused() {
        let mut splitter = Splitter::default();
        splitter.push(b"<a>").unwrap();
        assert!(splitter.push(&vec![b'x'; INPUT_BYTES_MAX]).is_err());
    }
}

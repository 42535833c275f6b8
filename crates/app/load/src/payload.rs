//! What is published, and how it is recognised.

use memchr::memmem;

/// Begins the mark of a publication. Nothing in it needs escaping, so every server leaves it as it is.
const MARK: &[u8] = b"@load:";

/// What tells publications apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Mark {
    /// Of which run: something may be under way from the one before.
    pub(crate) run: u64,
    /// To which node.
    pub(crate) node: u64,
    /// Its number among the publications to this node.
    pub(crate) sequence: u64,
    /// Its number among all publications.
    pub(crate) number: u64,
    /// When it was sent, in microseconds since the run began.
    pub(crate) sent_us: u64,
}

impl Mark {
    /// A notification of `bytes` bytes of escaped text, as one element.
    pub(crate) fn payload(&self, bytes: usize) -> String {
        const FILLER: &str =
            "&lt;Update&gt;&lt;data&gt;&lt;user&gt;&lt;state&gt;READY&lt;/state&gt;&lt;/user&gt;";
        let Self { run, node, sequence, number, sent_us } = self;
        let mut text = format!("@load:{run}:{node}:{sequence}:{number}:{sent_us};");
        while text.len() + FILLER.len() <= bytes {
            text.push_str(FILLER);
        }
        let missing = bytes.saturating_sub(text.len());
        text.extend(std::iter::repeat_n('x', missing));
        format!("<notification xmlns='http://jabber.org/protocol/pubsub'>{text}</notification>")
    }

    /// All marks in what came, in order.
    pub(crate) fn all(bytes: &[u8]) -> impl Iterator<Item = Self> {
        memmem::find_iter(bytes, MARK).filter_map(|at| Self::read(&bytes[at + MARK.len()..]))
    }

    fn read(bytes: &[u8]) -> Option<Self> {
        let mut numbers = [0_u64; 5];
        let mut at = 0;
        for byte in bytes {
            match byte {
                b'0'..=b'9' => {
                    numbers[at] = numbers[at].checked_mul(10)?.checked_add(u64::from(byte - b'0'))?
                }
                b':' if at < 4 => at += 1,
                b';' if at == 4 => {
                    let [run, node, sequence, number, sent_us] = numbers;
                    return Some(Self { run, node, sequence, number, sent_us });
                }
                _ => return None,
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_found_in_any_wrapping() {
        let marks = [1, 2].map(|n| Mark { run: 7, node: 50, sequence: n, number: 900 + n, sent_us: 12_345 });
        let body =
            format!("<body><message>{}</message>{}</body>", marks[0].payload(1_500), marks[1].payload(100));
        assert_eq!(Mark::all(body.as_bytes()).collect::<Vec<_>>(), marks);
        assert_eq!(Mark::all(b"<body>@load:1:2:3;</body>@load:1:2:3:4:5").count(), 0);
    }

    #[test]
    fn the_text_has_the_length_that_was_asked_for() {
        let mark = Mark { run: 7, node: 50, sequence: 1, number: 1, sent_us: 1 };
        let payload = mark.payload(1_500);
        let text = payload.split_once('>').unwrap().1.split_once("</").unwrap().0;
        assert_eq!(text.len(), 1_500);
    }
}

//! `Range: objects=1-1500`: which contacts of all phone books together.

use crate::answer::ApiError;
use configuration::limits::CONTACTS_IN_BOOK_MAX;
use http::HeaderMap;
use http::header::RANGE;

/// Contacts from one to another, counted from 1 through all phone books.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Range {
    pub(super) first: usize,
    pub(super) last: usize,
    /// The client has asked for it.
    pub(super) asked: bool,
}

impl Range {
    /// What the header says; without one, as many as there may be in an answer. A range of something else than
    /// objects is ignored (RFC 9110 §14.2).
    pub(super) fn of(headers: &HeaderMap) -> Result<Self, ApiError> {
        let all = Self { first: 1, last: CONTACTS_IN_BOOK_MAX, asked: false };
        let Some(header) = headers.get(RANGE) else { return Ok(all) };
        let wrong = || ApiError::range_not_satisfiable(CONTACTS_IN_BOOK_MAX);
        let text = header.to_str().map_err(|_| wrong())?.trim();
        let Some((unit, range)) = text.split_once('=') else { return Err(wrong()) };
        if !unit.trim().eq_ignore_ascii_case("objects") {
            return Ok(all);
        }
        let (first, last) = range.split_once('-').ok_or_else(wrong)?;
        let number = |text: &str| text.trim().parse::<usize>().map_err(|_| wrong());
        let (first, last) = (number(first)?, number(last)?);
        let is_range = 1 <= first && first <= last && last <= CONTACTS_IN_BOOK_MAX;
        if is_range { Ok(Self { first, last, asked: true }) } else { Err(wrong()) }
    }

    /// Whether it has the contact at this place.
    pub(super) fn has(&self, place: usize) -> bool {
        (self.first..=self.last).contains(&place)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    fn read(text: &str) -> Option<(usize, usize)> {
        let mut headers = HeaderMap::new();
        headers.insert(RANGE, HeaderValue::from_str(text).unwrap());
        Range::of(&headers).ok().map(|range| (range.first, range.last))
    }

    #[test]
    fn a_range_is_from_1_to_6000() {
        assert_eq!(read("objects=1-1500"), Some((1, 1500)));
        assert_eq!(read(" Objects = 3 - 3 "), Some((3, 3)));
        assert_eq!(read("objects=1-6000"), Some((1, 6000)));
        for wrong in [
            "objects=0-5",
            "objects=5-4",
            "objects=1-6001",
            "objects=-5",
            "objects=1-",
            "objects",
            "objects=16000",
        ] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
        assert_eq!(read("bytes=0-5"), Some((1, 6000)), "of something else");
        assert!(!Range::of(&HeaderMap::new()).unwrap().asked);
    }
}

//! XEP-0059: a long answer in pages.

use crate::{Condition, StanzaError, ns};
use xml::{Node, Writer};

/// Which page is wanted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ResultSet {
    /// How many at most; 0 asks for the count alone (§2.7).
    pub max: Option<usize>,
    /// Those behind this one (§2.2).
    pub after: Option<String>,
    /// Those before this one; empty for the last page (§2.3, §2.5).
    pub before: Option<String>,
    /// Those from this position on (§2.6).
    pub index: Option<usize>,
}

/// Which page it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// First and last of the page, and the first one's position where it is known (§2.6); `None` for an empty page.
    pub ends: Option<(String, String, Option<usize>)>,
    /// How many there are in all.
    pub count: usize,
}

impl ResultSet {
    /// The set that a request asks for, if it does.
    ///
    /// # Errors
    /// `bad-request` for a number that is none.
    pub(super) fn read(payload: Node<'_, '_>) -> Result<Option<Self>, StanzaError> {
        let Some(set) = payload.children().find(|child| child.has_tag_name((ns::RESULT_SET, "set"))) else {
            return Ok(None);
        };
        let number = |name| match xml::child_text(set, name) {
            None => Ok(None),
            Some(text) => text.parse().map(Some).map_err(|_| StanzaError::from(Condition::BadRequest)),
        };
        let (after, before) = (xml::child_text(set, "after"), xml::child_text(set, "before"));
        Ok(Some(Self { max: number("max")?, after, before, index: number("index")? }))
    }

    /// The part of a list that was asked for, `page_max` at most. The whole of a short one; of a long one the first page,
    /// and word of the rest.
    ///
    /// # Errors
    /// As [`of`](Self::of).
    pub fn part<'a>(
        set: Option<Self>,
        ids: impl Fn(usize) -> &'a str,
        count: usize,
        page_max: usize,
    ) -> Result<(std::ops::Range<usize>, Option<Page>), StanzaError> {
        if set.is_none() && count <= page_max {
            return Ok((0..count, None));
        }
        let (range, page) = set.unwrap_or_default().of(ids, count, page_max)?;
        Ok((range, Some(page)))
    }

    /// The part of `ids` that is wanted, `page_max` at most, as a range of positions.
    ///
    /// # Errors
    /// `item-not-found` when the one to go on from is not there (§2.2).
    pub fn of<'a>(
        &self,
        ids: impl Fn(usize) -> &'a str,
        count: usize,
        page_max: usize,
    ) -> Result<(std::ops::Range<usize>, Page), StanzaError> {
        let find = |id: &str| (0..count).find(|at| ids(*at) == id).ok_or(Condition::ItemNotFound);
        let max = self.max.unwrap_or(page_max).min(page_max);
        let range = match (&self.after, self.before.as_deref(), self.index) {
            (Some(after), _, _) if !after.is_empty() => {
                let from = find(after)? + 1;
                from..(from + max).min(count)
            }
            (_, Some(""), _) => count.saturating_sub(max)..count,
            (_, Some(before), _) => {
                let to = find(before)?;
                to.saturating_sub(max)..to
            }
            (_, _, Some(index)) if index > count => return Err(Condition::ItemNotFound.into()),
            (_, _, index) => {
                let from = index.unwrap_or(0);
                from..from.saturating_add(max).min(count)
            }
        };
        let ends = (!range.is_empty())
            .then(|| (ids(range.start).to_owned(), ids(range.end - 1).to_owned(), Some(range.start)));
        Ok((range, Page { ends, count }))
    }
}

impl Page {
    /// Writes it.
    pub fn write(&self, writer: &mut Writer) {
        writer.open("set").attribute("xmlns", ns::RESULT_SET);
        if let Some((first, last, index)) = &self.ends {
            writer.open("first");
            if let Some(index) = index {
                writer.attribute("index", &index.to_string());
            }
            writer.text(first).close();
            writer.leaf("last", last);
        }
        writer.leaf("count", &self.count.to_string()).close();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const IDS: [&str; 5] = ["a", "b", "c", "d", "e"];

    fn page(set: &ResultSet) -> Result<String, StanzaError> {
        set.of(|at| IDS[at], IDS.len(), 3).map(|(range, page)| {
            assert_eq!(page.count, 5);
            IDS[range].concat()
        })
    }

    fn set(after: &str, before: Option<&str>) -> ResultSet {
        let after = (!after.is_empty()).then(|| after.to_owned());
        ResultSet { max: Some(2), after, before: before.map(str::to_owned), index: None }
    }

    #[test]
    fn pages_go_forward_backward_and_to_a_position() {
        assert_eq!(page(&ResultSet::default()).as_deref(), Ok("abc"), "no more than our own bound");
        assert_eq!(page(&set("", None)).as_deref(), Ok("ab"));
        assert_eq!(page(&set("b", None)).as_deref(), Ok("cd"));
        assert_eq!(page(&set("e", None)).as_deref(), Ok(""));
        assert_eq!(page(&set("", Some(""))).as_deref(), Ok("de"));
        assert_eq!(page(&set("", Some("b"))).as_deref(), Ok("a"));
        let at = |index| ResultSet { index: Some(index), ..ResultSet::default() };
        assert_eq!((page(&at(3)).as_deref(), page(&at(5)).as_deref()), (Ok("de"), Ok("")));
        assert_eq!(page(&at(6)), Err(Condition::ItemNotFound.into()));
        assert_eq!(page(&ResultSet { max: Some(0), ..ResultSet::default() }).as_deref(), Ok(""));
    }

    #[test]
    fn a_page_cannot_go_on_from_what_is_not_there() {
        assert_eq!(page(&set("x", None)), Err(Condition::ItemNotFound.into()));
        assert_eq!(page(&set("", Some("x"))), Err(Condition::ItemNotFound.into()));
    }
}

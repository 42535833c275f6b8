//! A clause and how it is asked.

use crate::subject::Subject;

/// A document and what is asked of it.
#[derive(Debug)]
pub(crate) struct Document {
    /// `XEP-0124`.
    pub(crate) name: &'static str,
    /// Its title.
    pub(crate) title: &'static str,
    /// The files of its sections.
    pub(crate) sections: &'static [&'static [Case]],
}

impl Document {
    pub(crate) fn cases(&'static self) -> impl Iterator<Item = &'static Case> {
        self.sections.iter().flat_map(|section| section.iter())
    }
}

/// One clause.
#[derive(Debug)]
pub(crate) struct Case {
    /// `7.2`.
    pub(crate) section: &'static str,
    /// What the clause asks for.
    pub(crate) asks: &'static str,
    /// The name of the function: the behaviour as a sentence.
    pub(crate) name: &'static str,
    pub(crate) test: fn(&Subject) -> Outcome,
    /// Why we hold the case for right although two old servers fail it.
    pub(crate) note: &'static str,
}

/// Whether the subject does it; failing is a panic, as in every test.
pub(crate) type Outcome = Result<(), NotOffered>;

/// The document leaves it to the server, and this one does without: why we think so.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NotOffered(pub(crate) &'static str);

/// Ends a case that asks for something the subject does without.
pub(crate) fn not_offered(why: &'static str) -> Outcome {
    Err(NotOffered(why))
}

/// `case!(function, "section", "what is asked")`, and after that the note.
macro_rules! case {
    ($test:ident, $section:literal, $asks:literal) => {
        $crate::case::case!($test, $section, $asks, "")
    };
    ($test:ident, $section:literal, $asks:literal, $note:literal) => {
        $crate::case::Case {
            section: $section,
            asks: $asks,
            name: stringify!($test),
            test: $test,
            note: $note,
        }
    };
}
pub(crate) use case;

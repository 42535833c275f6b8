//! What documents look like.

/// An element: its name and what is in it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shape {
    pub(crate) name: &'static str,
    pub(crate) kind: Kind,
    /// Always there.
    pub(crate) needed: bool,
    /// Any number of them.
    pub(crate) many: bool,
    /// An attribute of the element that it is in.
    pub(crate) attribute: bool,
}

/// What may be in an element or a parameter.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Kind {
    /// Text of at most so many bytes; 0 where nothing is said.
    Text(usize),
    /// A whole number in these bounds; also nothing, where it is not known.
    Number(i64, i64),
    /// `true` or `false`.
    Flag,
    /// One of these; also nothing, where none holds.
    Word(&'static [&'static str]),
    /// Elements.
    Parts(&'static [Shape]),
}

/// An element with text.
pub(crate) const fn text(name: &'static str) -> Shape {
    Shape::new(name, Kind::Text(0))
}

/// An element with a number.
pub(crate) const fn number(name: &'static str, min: i64, max: i64) -> Shape {
    Shape::new(name, Kind::Number(min, max))
}

/// An element with how many there are of something.
pub(crate) const fn count(name: &'static str) -> Shape {
    number(name, 0, i64::MAX)
}

/// An element with `true` or `false`.
pub(crate) const fn flag(name: &'static str) -> Shape {
    Shape::new(name, Kind::Flag)
}

/// An element with one of some words.
pub(crate) const fn word(name: &'static str, words: &'static [&'static str]) -> Shape {
    Shape::new(name, Kind::Word(words))
}

/// An element with elements.
pub(crate) const fn parts(name: &'static str, parts: &'static [Shape]) -> Shape {
    Shape::new(name, Kind::Parts(parts))
}

/// An attribute with text.
pub(crate) const fn attribute(name: &'static str) -> Shape {
    Shape { attribute: true, ..text(name) }
}

impl Shape {
    const fn new(name: &'static str, kind: Kind) -> Self {
        Self { name, kind, needed: true, many: false, attribute: false }
    }

    /// It may be left out.
    pub(crate) const fn optional(self) -> Self {
        Self { needed: false, ..self }
    }

    /// There may be none or several.
    pub(crate) const fn many(self) -> Self {
        Self { needed: false, many: true, ..self }
    }

    /// Its text has at most so many bytes.
    pub(crate) const fn bytes_max(self, bytes: usize) -> Self {
        Self { kind: Kind::Text(bytes), ..self }
    }
}

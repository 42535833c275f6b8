//! Who can be a party to a call.

/// What kind of thing has a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum EndpointKind {
    /// A telephone of the house that an agent is, or could be, signed in on.
    Agent,
    /// A number outside.
    Outside,
    /// The route point of a queue.
    Queue,
}

/// A number and what kind of thing has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Endpoint {
    /// The number.
    pub(crate) number: String,
    /// Whose it is.
    pub(crate) kind: EndpointKind,
}

impl Endpoint {
    pub(crate) fn agent(number: &str) -> Self {
        Self { number: number.to_owned(), kind: EndpointKind::Agent }
    }

    pub(crate) fn outside(number: &str) -> Self {
        Self { number: number.to_owned(), kind: EndpointKind::Outside }
    }

    pub(crate) fn queue(number: &str) -> Self {
        Self { number: number.to_owned(), kind: EndpointKind::Queue }
    }

    pub(crate) fn is_agent(&self) -> bool {
        self.kind == EndpointKind::Agent
    }
}

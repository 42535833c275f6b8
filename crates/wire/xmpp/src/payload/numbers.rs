//! Numbers of events, and those that were missed: an extension of ours, announced and documented in the manual
//! (`docs/manual/numbers.md`).

use crate::{Condition, StanzaError, limits::NUMBERED_NODES_MAX, ns};
use xml::{Node, Writer};

/// From now on with numbers, and what was missed since these.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NumbersRequest {
    /// What the client has.
    pub nodes: Vec<Known>,
}

/// What a client has of one node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// Its name.
    pub node: String,
    /// Within which the number was given.
    pub epoch: String,
    /// The number of the last event that arrived.
    pub after: u64,
}

/// How far one node is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NodeNumber {
    /// Its name.
    pub node: String,
    /// Its epoch and the number of its latest event; `None` when the asker is not subscribed to it.
    pub last: Option<(String, u64)>,
    /// Whether everything since the number that was asked for has been sent; `None` when none was.
    pub recovered: Option<bool>,
    /// Whether the node's last item was sent instead.
    pub snapshot: bool,
    /// Whether the answer had no room for it: it is to be asked for again.
    pub again: bool,
}

/// The answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NumbersAnswer {
    /// Every node that was asked for, and every other one that the asker is subscribed to.
    pub nodes: Vec<NodeNumber>,
}

pub(super) fn numbers_request(type_: &str, payload: Node<'_, '_>) -> Result<NumbersRequest, StanzaError> {
    if type_ != "set" {
        return Err(Condition::BadRequest.into());
    }
    let mut nodes: Vec<Known> = Vec::new();
    for node in payload.children().filter(|child| child.has_tag_name((ns::NUMBERS, "node"))) {
        let name = node.attribute("name").filter(|name| !name.is_empty()).ok_or(Condition::BadRequest)?;
        let epoch = node.attribute("epoch").ok_or(Condition::BadRequest)?;
        let after =
            node.attribute("after").and_then(|after| after.parse().ok()).ok_or(Condition::BadRequest)?;
        if nodes.len() >= NUMBERED_NODES_MAX {
            return Err(Condition::PolicyViolation.into());
        }
        if nodes.iter().any(|known| known.node == name) {
            return Err(Condition::BadRequest.into());
        }
        nodes.push(Known { node: name.to_owned(), epoch: epoch.to_owned(), after });
    }
    Ok(NumbersRequest { nodes })
}

impl NumbersAnswer {
    /// Writes it into an IQ result.
    pub fn write(&self, writer: &mut Writer) {
        writer.open("numbers").attribute("xmlns", ns::NUMBERS);
        for node in &self.nodes {
            writer.open("node").attribute("name", &node.node);
            match &node.last {
                Some((epoch, last)) => writer.attribute("epoch", epoch).attribute("last", &last.to_string()),
                None => writer.attribute("subscribed", "false"),
            };
            if let Some(recovered) = node.recovered {
                writer.attribute("recovered", if recovered { "true" } else { "false" });
            }
            if node.snapshot {
                writer.attribute("snapshot", "true");
            }
            if node.again {
                writer.attribute("again", "true");
            }
            writer.close();
        }
        writer.close();
    }
}

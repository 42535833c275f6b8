//! XEP-0050: ad hoc commands.

use super::form::{Form, Submission};
use crate::{Condition, StanzaError, ns};
use xml::{Node, Writer};

/// What is to be done with a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Begin it, or go on with what was filled in.
    Go,
    /// Leave it.
    Cancel,
}

/// One step of a command (XEP-0050 §2.4).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Command {
    /// Which command.
    pub node: String,
    /// What to do.
    pub action: Action,
    /// Which execution; none at the beginning.
    pub session: Option<String>,
    /// What was filled in.
    pub form: Option<Submission>,
}

/// What a step is answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommandAnswer {
    /// Which command.
    pub node: String,
    /// Which execution.
    pub session: String,
    /// `executing`, `completed` or `canceled`.
    pub status: &'static str,
    /// What is to be filled in next.
    pub form: Option<Form>,
}

impl Command {
    /// Reads `<command/>`.
    ///
    /// # Errors
    /// `bad-request` for an action that there is not, or a form that is none.
    pub(super) fn read(command: Node<'_, '_>) -> Result<Self, StanzaError> {
        let action = match command.attribute("action") {
            None | Some("execute" | "next" | "complete") => Action::Go,
            Some("cancel") => Action::Cancel,
            // there is no way back: commands have one form
            Some(_) => return Err(Condition::BadRequest.into()),
        };
        let node = command.attribute("node").ok_or(Condition::BadRequest)?.to_owned();
        let form = command.children().find(|child| child.has_tag_name((ns::DATA_FORM, "x")));
        let form = form.map(Submission::read).transpose().map_err(|_| Condition::BadRequest)?;
        Ok(Self { node, action, session: command.attribute("sessionid").map(str::to_owned), form })
    }
}

impl CommandAnswer {
    /// Writes it into an IQ result.
    pub fn write(&self, writer: &mut Writer) {
        writer.open("command").attribute("xmlns", ns::COMMANDS).attribute("node", &self.node);
        writer.attribute("sessionid", &self.session).attribute("status", self.status);
        if let Some(form) = &self.form {
            if self.status == "executing" {
                writer.open("actions").attribute("execute", "complete").open("complete").close().close();
            }
            form.write(writer);
        }
        writer.close();
    }
}

//! `WorkflowAction`: one thing that a workflow does.

use super::reading::{all as all_in, text};
use super::{Described, Resource, all_of, uri};
use crate::answer::ApiError;
use crate::operation::{self, Operation, Shape, parts, word};
use configuration::limits::{ACTION_NAME_BYTES_MAX, NAME_BYTES_MAX, VALUE_BYTES_MAX};
use configuration::{Configuration, Param, Variable, WorkflowAction};
use xml::{Node, Writer, child};

const NAME: Shape = operation::text("name").bytes_max(ACTION_NAME_BYTES_MAX);
const HANDLED_BY: Shape = word("handledBy", &["FINESSE_DESKTOP", "OTHER"]);
const PARAM: Shape = parts(
    "Param",
    &[
        operation::text("name").bytes_max(NAME_BYTES_MAX),
        operation::text("value").bytes_max(VALUE_BYTES_MAX),
        operation::text("expandedValue").optional(),
    ],
);
const VARIABLE: Shape = parts(
    "ActionVariable",
    &[
        operation::text("name").bytes_max(NAME_BYTES_MAX),
        operation::text("node").optional(),
        word("type", &["SYSTEM", "CUSTOM"]),
        operation::text("testValue").optional(),
    ],
);
const PARAMS: Shape = parts("params", &[PARAM.many()]);
const VARIABLES: Shape = parts("actionVariables", &[VARIABLE.many()]);
const TYPE: Shape = operation::text("type").bytes_max(NAME_BYTES_MAX);
pub(super) const SHOWN: Shape =
    parts("WorkflowAction", &[operation::text("uri"), NAME, TYPE, HANDLED_BY, PARAMS, VARIABLES]);
const LISTED: Shape = parts("WorkflowActions", &[SHOWN.many()]);
const SENT: Shape =
    parts("WorkflowAction", &[NAME, TYPE, HANDLED_BY, PARAMS.optional(), VARIABLES.optional()]);

pub(super) fn operations() -> Vec<Operation> {
    all_of::<WorkflowAction>(&Described {
        list: "/WorkflowActions",
        make: "/WorkflowAction",
        one: "/WorkflowAction/{id}",
        titles: [
            "All workflow actions",
            "Makes a workflow action",
            "A workflow action",
            "Changes a workflow action",
            "Deletes a workflow action",
        ],
        listed: &LISTED,
        shown: &SHOWN,
        sent: &SENT,
    })
}

impl Resource for WorkflowAction {
    const LIST: &'static str = "WorkflowActions";

    fn read(root: Node<'_, '_>, before: Option<&Self>) -> Result<Self, ApiError> {
        let mut new = before.cloned().unwrap_or_default();
        new.name = text(root, "name", Some(&new.name));
        new.kind = text(root, "type", Some(&new.kind));
        new.handled_by = text(root, "handledBy", Some(&new.handled_by));
        if child(root, "params").is_some() {
            let params = all_in(root, "params", "Param");
            let param = |param| Param { name: text(param, "name", None), value: text(param, "value", None) };
            new.params = params.map(param).collect();
        }
        if child(root, "actionVariables").is_some() {
            new.variables = all_in(root, "actionVariables", "ActionVariable").map(variable).collect();
        }
        Ok(new)
    }

    fn write(&self, id: u32, writer: &mut Writer, _: &Configuration) {
        writer.open("WorkflowAction").leaf("uri", &uri::<Self>(id)).leaf("name", &self.name);
        writer.leaf("type", &self.kind).leaf("handledBy", &self.handled_by).open("params");
        for Param { name, value } in &self.params {
            writer.open("Param").leaf("name", name).leaf("value", value).leaf("expandedValue", "").close();
        }
        writer.close().open("actionVariables");
        for Variable { name, kind, node, test_value } in &self.variables {
            writer.open("ActionVariable").leaf("name", name).leaf("node", node).leaf("type", kind);
            writer.leaf("testValue", test_value).close();
        }
        writer.close().close();
    }
}

fn variable(element: Node<'_, '_>) -> Variable {
    let of = |name| text(element, name, None);
    Variable { name: of("name"), kind: of("type"), node: of("node"), test_value: of("testValue") }
}

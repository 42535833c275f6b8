//! `Workflow`: what the desktop does by itself, and when.

use super::reading::{all as all_in, referred, text};
use super::{Described, Resource, all_of, uri, workflow_action};
use crate::answer::{self, ApiError};
use crate::operation::{self, Operation, Shape, parts, word};
use axum::response::Response;
use configuration::limits::{DESCRIPTION_BYTES_MAX, NAME_BYTES_MAX, WORKFLOW_NAME_BYTES_MAX};
use configuration::{Condition, Configuration, Stored, Variable, Workflow, WorkflowAction};
use std::sync::Arc;
use xml::{Node, Writer, child};

const VARIABLE: Shape = parts(
    "Variable",
    &[
        operation::text("name").bytes_max(NAME_BYTES_MAX),
        operation::text("node").optional(),
        word("type", &["SYSTEM", "CUSTOM"]),
    ],
);
const COMPARED: &[Shape] = &[VARIABLE, operation::text("comparator"), operation::text("value")];
const NAME: Shape = operation::text("name").bytes_max(WORKFLOW_NAME_BYTES_MAX);
const DESCRIPTION: Shape = operation::text("description").bytes_max(DESCRIPTION_BYTES_MAX);
const TRIGGERS: Shape = parts(
    "TriggerSet",
    &[
        word("type", &["SYSTEM", "CUSTOM"]),
        operation::text("name").bytes_max(NAME_BYTES_MAX),
        parts("triggers", &[parts("Trigger", COMPARED).many()]).optional(),
    ],
);
const CONDITIONS: Shape = parts(
    "ConditionSet",
    &[word("applyMethod", &["ALL", "ANY", ""]), parts("conditions", &[parts("Condition", COMPARED).many()])],
);
const SUMMARY: Shape =
    parts("WorkflowAction", &[operation::text("name"), operation::text("type"), operation::text("uri")]);
const SHOWN: Shape = parts("Workflow", &shape(parts("workflowActions", &[SUMMARY.many()])));
pub(super) const LISTED: Shape = parts("Workflows", &[SHOWN.many()]);
const FULL: Shape = parts("Workflow", &shape(parts("workflowActions", &[workflow_action::SHOWN.many()])));
pub(super) const FULL_LIST: Shape = parts("Workflows", &[FULL.many()]);
const SENT: Shape = parts(
    "Workflow",
    &[
        NAME,
        DESCRIPTION.optional(),
        operation::text("media").optional(),
        TRIGGERS,
        CONDITIONS.optional(),
        parts("workflowActions", &[parts("WorkflowAction", &[operation::text("uri")]).many()]).optional(),
    ],
);

const fn shape(actions: Shape) -> [Shape; 7] {
    [operation::text("uri"), NAME, DESCRIPTION, operation::text("media"), TRIGGERS, CONDITIONS, actions]
}

pub(super) fn operations() -> Vec<Operation> {
    all_of::<Workflow>(&Described {
        list: "/Workflows",
        make: "/Workflow",
        one: "/Workflow/{id}",
        titles: [
            "All workflows",
            "Makes a workflow",
            "A workflow",
            "Changes a workflow",
            "Deletes a workflow",
        ],
        listed: &LISTED,
        shown: &SHOWN,
        sent: &SENT,
    })
}

impl Resource for Workflow {
    const LIST: &'static str = "Workflows";

    fn read(root: Node<'_, '_>, before: Option<&Self>) -> Result<Self, ApiError> {
        let mut new = before.cloned().unwrap_or_default();
        new.name = text(root, "name", Some(&new.name));
        new.description = text(root, "description", Some(&new.description));
        new.media = text(root, "media", Some(&new.media));
        if let Some(set) = child(root, "TriggerSet") {
            new.trigger_kind = text(set, "type", None);
            new.trigger_name = text(set, "name", None);
            new.triggers = all_in(set, "triggers", "Trigger").map(compared).collect();
        }
        if let Some(set) = child(root, "ConditionSet") {
            new.apply_method = text(set, "applyMethod", None);
            new.conditions = all_in(set, "conditions", "Condition").map(compared).collect();
        }
        if child(root, "workflowActions").is_some() {
            let actions = all_in(root, "workflowActions", "WorkflowAction");
            new.actions = actions.map(referred).collect::<Result<_, _>>()?;
        }
        Ok(new)
    }

    fn write(&self, id: u32, writer: &mut Writer, all: &Configuration) {
        write(self, id, writer, all, |writer, action| {
            writer.open("WorkflowAction").leaf("name", &action.value.name).leaf("type", &action.value.kind);
            writer.leaf("uri", &uri::<WorkflowAction>(action.id)).close();
        });
    }
}

/// Workflows with their actions in full, as the desktop needs them.
pub(super) fn full<'a>(
    all: &Configuration,
    workflows: impl Iterator<Item = &'a Arc<Stored<Workflow>>>,
) -> Response {
    answer::document(|writer| {
        writer.open("Workflows");
        for workflow in workflows {
            write(&workflow.value, workflow.id, writer, all, |writer, action| {
                action.value.write(action.id, writer, all);
            });
        }
        writer.close();
    })
}

fn compared(element: Node<'_, '_>) -> Condition {
    let variable = child(element, "Variable");
    let of = |name| variable.map(|variable| text(variable, name, None)).unwrap_or_default();
    let variable =
        Variable { name: of("name"), kind: of("type"), node: of("node"), test_value: String::new() };
    Condition { variable, comparator: text(element, "comparator", None), value: text(element, "value", None) }
}

fn write(
    workflow: &Workflow,
    id: u32,
    writer: &mut Writer,
    all: &Configuration,
    write_action: impl Fn(&mut Writer, &Stored<WorkflowAction>),
) {
    writer.open("Workflow").leaf("uri", &uri::<Workflow>(id)).leaf("name", &workflow.name);
    writer.leaf("description", &workflow.description).leaf("media", &workflow.media);
    writer.open("TriggerSet").leaf("type", &workflow.trigger_kind).leaf("name", &workflow.trigger_name);
    writer.open("triggers");
    workflow.triggers.iter().for_each(|trigger| write_compared(writer, "Trigger", trigger));
    writer.close().close();
    writer.open("ConditionSet").leaf("applyMethod", &workflow.apply_method).open("conditions");
    workflow.conditions.iter().for_each(|condition| write_compared(writer, "Condition", condition));
    writer.close().close();
    writer.open("workflowActions");
    for action in &workflow.actions {
        if let Ok(action) = all.found::<WorkflowAction>(*action) {
            write_action(writer, action);
        }
    }
    writer.close().close();
}

fn write_compared(writer: &mut Writer, name: &'static str, condition: &Condition) {
    let Condition { variable, comparator, value } = condition;
    writer.open(name).open("Variable").leaf("name", &variable.name);
    if !variable.node.is_empty() {
        writer.leaf("node", &variable.node);
    }
    writer.leaf("type", &variable.kind).close();
    writer.leaf("comparator", comparator).leaf("value", value).close();
}

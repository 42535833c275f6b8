//! `Dialog`: a task, that is work which is not a call.

use crate::agent::time_text;
use crate::node;
use media::TaskDialog;
use xml::Writer;

/// The full object, as in `GET /Dialog/{id}` and in notifications. `root` is `Dialog` or `dialog`. What means nothing for
/// tasks is left out, or empty where the guide has it so (Dialog APIs for Nonvoice Tasks).
pub fn write(writer: &mut Writer, root: &'static str, task: &TaskDialog) {
    writer.open(root);
    writer.leaf("associatedDialogUri", &task.associated.map(node::task).unwrap_or_default());
    writer.leaf("id", &task.id.to_string());
    write_properties(writer, task);
    writer.leaf("mediaType", &task.domain.name);
    writer.open("participants");
    write_participant(writer, task);
    writer.close();
    writer.leaf("state", task.state.name());
    writer.leaf("uri", &node::task(task.id));
    writer.close();
}

/// Tasks of an agent. COMPAT(finesse): clients look for both tags of an empty list.
pub fn write_list<'a>(writer: &mut Writer, root: &'static str, tasks: impl Iterator<Item = &'a TaskDialog>) {
    writer.open(root);
    for task in tasks {
        write(writer, "Dialog", task);
    }
    writer.close();
}

fn write_properties(writer: &mut Writer, task: &TaskDialog) {
    writer.open("mediaProperties");
    writer.open("callvariables");
    for variable in task.variables.iter() {
        writer.open("CallVariable").leaf("name", &variable.name).leaf("value", &variable.value).close();
    }
    writer.close();
    writer.leaf("dialedNumber", "");
    if let Some(disposition) = task.disposition {
        writer.leaf("dispositionCode", disposition.name());
    }
    writer.leaf("mediaId", &task.domain.id.to_string());
    writer.close();
}

fn write_participant(writer: &mut Writer, task: &TaskDialog) {
    writer.open("Participant").open("actions");
    for action in task.actions {
        writer.leaf("action", action.name());
    }
    writer.close();
    writer.leaf("mediaAddress", task.agent.as_str());
    writer.leaf("startTime", &task.started_at.map(time_text).unwrap_or_default());
    writer.leaf("state", task.state.name());
    writer.leaf("stateChangeTime", &time_text(task.changed_at));
    writer.close();
}

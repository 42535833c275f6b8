//! `SystemVariable`: what a workflow, or a layout of call data, may take from a call or its agent by name.

use crate::answer;
use crate::operation::{self, Operation, Shape, parts};
use axum::response::Response;
use xml::Writer;

const VARIABLES: Shape = parts(
    "SystemVariables",
    &[parts("SystemVariable", &[operation::text("name"), operation::text("node")]).many()],
);

/// Elements of a dialog.
const OF_DIALOG: [&str; 2] = ["fromAddress", "toAddress"];

/// Elements of a dialog's `mediaProperties`.
const OF_CALL: [&str; 10] = [
    "DNIS",
    "callType",
    "dialedNumber",
    "outboundClassification",
    "queueNumber",
    "queueName",
    "callKeyCallId",
    "callKeyPrefix",
    "callKeySequenceNum",
    "wrapUpReason",
];

/// Elements of a user.
const OF_USER: [&str; 7] =
    ["loginId", "loginName", "firstName", "lastName", "teamId", "teamName", "extension"];

/// Call variables of the dialer, beside `callVariable1` to `callVariable10`.
const OF_DIALER: [&str; 8] = [
    "BAAccountNumber",
    "BABuddyName",
    "BACampaign",
    "BADialedListID",
    "BAResponse",
    "BAStatus",
    "BATimeZone",
    "BACustomerNumber",
];

pub(super) fn operations() -> Vec<Operation> {
    vec![
        operation::get("/SystemVariables", list)
            .title("What workflows may take from a call or its agent")
            .answers(&VARIABLES),
    ]
}

/// The node is where the value stands in the document, as an XPath.
async fn list() -> Response {
    answer::document(|writer| {
        writer.open("SystemVariables");
        let numbered = (1..=10).map(|number| format!("callVariable{number}"));
        for name in numbered.chain(OF_DIALER.map(str::to_owned)) {
            let variables = "//Dialog/mediaProperties/callvariables/CallVariable";
            write(writer, &name, &format!("{variables}/name[.=\"{name}\"]/../value"));
        }
        OF_CALL.into_iter().for_each(|name| write(writer, name, &format!("//Dialog/mediaProperties/{name}")));
        OF_DIALOG.into_iter().for_each(|name| write(writer, name, &format!("//Dialog/{name}")));
        OF_USER.into_iter().for_each(|name| write(writer, name, &format!("//User/{name}")));
        writer.close();
    })
}

fn write(writer: &mut Writer, name: &str, node: &str) {
    writer.open("SystemVariable").leaf("name", name).leaf("node", node).close();
}

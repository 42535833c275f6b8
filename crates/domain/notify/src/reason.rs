//! `ReasonCode`: why an agent is not ready or signed out.

use crate::node;
use floor::{ReasonCategory, ReasonCode};
use xml::Writer;

/// The reason an agent has, inside a `User`.
///
/// COMPAT(finesse): the guide prints `ReasonCode`; real servers and their clients say `reasonCode`.
pub(crate) fn write_given(writer: &mut Writer, reason: &ReasonCode) {
    writer.open("reasonCode");
    writer.leaf("category", reason.category.name());
    writer.leaf("code", &reason.code.to_string());
    writer.leaf("forAll", text(reason.for_all));
    writer.leaf("id", &reason.id.0.to_string());
    writer.leaf("label", &reason.label);
    writer.leaf("uri", &node::reason_code(reason.id));
    writer.close();
}

/// A reason code by itself. `systemCode` is always there: clients offer only codes that say `false`.
pub fn write(writer: &mut Writer, reason: &ReasonCode) {
    writer.open("ReasonCode");
    writer.leaf("uri", &node::reason_code(reason.id));
    writer.leaf("category", reason.category.name());
    writer.leaf("code", &reason.code.to_string());
    writer.leaf("label", &reason.label);
    writer.leaf("forAll", text(reason.for_all));
    writer.leaf("systemCode", text(reason.system_code));
    writer.close();
}

/// The codes of a category, or of all.
pub fn write_list<'a>(
    writer: &mut Writer,
    category: Option<ReasonCategory>,
    reasons: impl Iterator<Item = &'a ReasonCode>,
) {
    writer.open("ReasonCodes").attribute("category", category.map_or("ALL", ReasonCategory::name));
    for reason in reasons {
        write(writer, reason);
    }
    writer.close();
}

fn text(yes: bool) -> &'static str {
    if yes { "true" } else { "false" }
}

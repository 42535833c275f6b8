//! `WrapUpReason`: what a call was about.

use super::reading::{flag, text, yes_or_no};
use super::{Described, Resource, all_of, uri};
use crate::answer::ApiError;
use crate::operation::{self, Operation, Shape, parts};
use configuration::limits::WRAP_UP_LABEL_BYTES_MAX;
use configuration::{Configuration, WrapUpReason};
use xml::{Node, Writer};

const LABEL: Shape = operation::text("label").bytes_max(WRAP_UP_LABEL_BYTES_MAX);
pub(super) const SHOWN: Shape =
    parts("WrapUpReason", &[operation::text("uri"), LABEL, operation::flag("forAll")]);
pub(super) const LISTED: Shape = parts("WrapUpReasons", &[SHOWN.many()]);
const SENT: Shape = parts("WrapUpReason", &[LABEL, operation::flag("forAll").optional()]);

pub(super) fn operations() -> Vec<Operation> {
    all_of::<WrapUpReason>(&Described {
        list: "/WrapUpReasons",
        make: "/WrapUpReason",
        one: "/WrapUpReason/{id}",
        titles: [
            "All wrap-up reasons",
            "Makes a wrap-up reason",
            "A wrap-up reason",
            "Changes a wrap-up reason",
            "Deletes a wrap-up reason",
        ],
        listed: &LISTED,
        shown: &SHOWN,
        sent: &SENT,
    })
}

impl Resource for WrapUpReason {
    const LIST: &'static str = "WrapUpReasons";
    const PLAIN_FAULTS: bool = true;

    fn read(root: Node<'_, '_>, before: Option<&Self>) -> Result<Self, ApiError> {
        Ok(Self {
            label: text(root, "label", before.map(|before| before.label.as_str())),
            for_all: flag(root, "forAll", before.is_some_and(|before| before.for_all))?,
        })
    }

    fn write(&self, id: u32, writer: &mut Writer, _: &Configuration) {
        writer.open("WrapUpReason");
        writer
            .leaf("uri", &uri::<Self>(id))
            .leaf("label", &self.label)
            .leaf("forAll", yes_or_no(self.for_all));
        writer.close();
    }
}

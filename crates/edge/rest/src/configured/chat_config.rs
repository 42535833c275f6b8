//! `ChatConfig`: where the desktop's chat is.

use super::FAULTS;
use super::reading::text;
use super::single::{Single, get, put};
use crate::Services;
use crate::answer::ApiError;
use crate::operation::{self, Operation, Shape, Who, parts};
use configuration::ChatConfig;
use xml::{Node, Writer};

const SHOWN: Shape = parts(
    "ChatConfig",
    &[operation::text("uri"), operation::text("primaryNode"), operation::text("secondaryNode")],
);
const SENT: Shape = parts(
    "ChatConfig",
    &[operation::text("primaryNode").optional(), operation::text("secondaryNode").optional()],
);

pub(super) fn operations() -> Vec<Operation> {
    vec![
        operation::get("/ChatConfig", get::<ChatConfig>)
            .title("Where the desktop's chat is")
            .who(Who::Anybody)
            .answers(&SHOWN),
        operation::put("/ChatConfig", put::<ChatConfig>)
            .title("Says where the desktop's chat is")
            .takes(&SENT)
            .fails(FAULTS),
    ]
}

impl Single for ChatConfig {
    fn present(services: &Services) -> Self {
        services.the()
    }

    fn read(root: Node<'_, '_>, before: &Self, _: &Services) -> Result<Self, ApiError> {
        Ok(Self {
            primary_url: text(root, "primaryNode", Some(&before.primary_url)),
            secondary_url: text(root, "secondaryNode", Some(&before.secondary_url)),
        })
    }

    fn write(&self, writer: &mut Writer) {
        writer.leaf("primaryNode", &self.primary_url).leaf("secondaryNode", &self.secondary_url);
    }
}

//! `MediaPropertiesLayout`: which call data agents see.

use super::reading::{flag, named, text, yes_or_no};
use super::{Described, Resource, all_of, uri};
use crate::answer::ApiError;
use crate::operation::{self, Operation, Shape, parts, word};
use configuration::limits::{
    DESCRIPTION_BYTES_MAX, DISPLAY_NAME_BYTES_MAX, LAYOUT_NAME_BYTES_MAX, NAME_BYTES_MAX,
};
use configuration::{Configuration, LayoutEntry, LayoutType, MediaPropertiesLayout};
use xml::{Node, Writer, child, child_text};

const ENTRY: Shape = parts(
    "entry",
    &[
        operation::text("displayName").bytes_max(DISPLAY_NAME_BYTES_MAX),
        operation::text("mediaProperty").bytes_max(NAME_BYTES_MAX),
        operation::flag("showInPopOver").optional(),
        operation::flag("uiEditable").optional(),
    ],
);
const TYPE: Shape = word("type", &["DEFAULT", "CUSTOM"]);
const NAME: Shape = operation::text("name").bytes_max(LAYOUT_NAME_BYTES_MAX);
const DESCRIPTION: Shape = operation::text("description").bytes_max(DESCRIPTION_BYTES_MAX);
const HEADER: Shape = parts("header", &[ENTRY.many()]);
const COLUMN: Shape = parts("column", &[ENTRY.many()]);
pub(super) const SHOWN: Shape =
    parts("MediaPropertiesLayout", &[operation::text("uri"), NAME, DESCRIPTION, TYPE, HEADER, COLUMN.many()]);
pub(super) const LISTED: Shape = parts("MediaPropertiesLayouts", &[SHOWN.many()]);
const SENT: Shape = parts(
    "MediaPropertiesLayout",
    &[NAME, DESCRIPTION.optional(), TYPE.optional(), HEADER.optional(), COLUMN.many()],
);

pub(super) fn operations() -> Vec<Operation> {
    all_of::<MediaPropertiesLayout>(&Described {
        list: "/MediaPropertiesLayouts",
        make: "/MediaPropertiesLayout",
        one: "/MediaPropertiesLayout/{id}",
        titles: [
            "All layouts of call data",
            "Makes a layout of call data",
            "A layout of call data",
            "Changes a layout of call data",
            "Deletes a layout of call data",
        ],
        listed: &LISTED,
        shown: &SHOWN,
        sent: &SENT,
    })
}

impl Resource for MediaPropertiesLayout {
    const LIST: &'static str = "MediaPropertiesLayouts";

    fn read(root: Node<'_, '_>, before: Option<&Self>) -> Result<Self, ApiError> {
        let kind = match child_text(root, "type").as_deref() {
            Some("DEFAULT") => LayoutType::Default,
            Some("CUSTOM") => LayoutType::Custom,
            None | Some("") => before.map_or(LayoutType::Custom, |before| before.kind),
            Some(_) => return Err(ApiError::invalid_input("type", "type is neither DEFAULT nor CUSTOM")),
        };
        let header = match child(root, "header") {
            Some(header) => child(header, "entry").map(entry).transpose()?,
            None => before.and_then(|before| before.header.clone()),
        };
        let mut columns = Vec::new();
        for column in named(root, "column") {
            columns.push(named(column, "entry").map(entry).collect::<Result<_, _>>()?);
        }
        if columns.is_empty() {
            columns = before.map(|before| before.columns.clone()).unwrap_or_default();
        }
        Ok(Self {
            name: text(root, "name", before.map(|before| before.name.as_str())),
            description: text(root, "description", before.map(|before| before.description.as_str())),
            kind,
            header,
            columns,
        })
    }

    fn write(&self, id: u32, writer: &mut Writer, _: &Configuration) {
        let kind = match self.kind {
            LayoutType::Default => "DEFAULT",
            LayoutType::Custom => "CUSTOM",
        };
        writer.open("MediaPropertiesLayout").leaf("uri", &uri::<Self>(id)).leaf("name", &self.name);
        writer.leaf("description", &self.description).leaf("type", kind);
        write_entries(writer, "header", self.header.iter());
        self.columns.iter().for_each(|column| write_entries(writer, "column", column.iter()));
        writer.close();
    }
}

fn entry(element: Node<'_, '_>) -> Result<LayoutEntry, ApiError> {
    Ok(LayoutEntry {
        display_name: text(element, "displayName", None),
        media_property: text(element, "mediaProperty", None),
        show_in_pop_over: flag(element, "showInPopOver", false)?,
        ui_editable: flag(element, "uiEditable", false)?,
    })
}

fn write_entries<'a>(
    writer: &mut Writer,
    name: &'static str,
    entries: impl Iterator<Item = &'a LayoutEntry>,
) {
    writer.open(name);
    for entry in entries {
        writer
            .open("entry")
            .leaf("displayName", &entry.display_name)
            .leaf("mediaProperty", &entry.media_property);
        writer.leaf("showInPopOver", yes_or_no(entry.show_in_pop_over));
        writer.leaf("uiEditable", yes_or_no(entry.ui_editable)).close();
    }
    writer.close();
}

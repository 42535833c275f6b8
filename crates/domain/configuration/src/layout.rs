//! Which call data agents see, and how the desktop is laid out.

use crate::limits::{
    CUSTOM_LAYOUTS_MAX, DESCRIPTION_BYTES_MAX, DESKTOP_LAYOUT_BYTES_MAX, DESKTOP_LAYOUTS_MAX,
    DISPLAY_NAME_BYTES_MAX, LAYOUT_COLUMNS_MAX, LAYOUT_ENTRIES_MAX, LAYOUT_NAME_BYTES_MAX, NAME_BYTES_MAX,
};
use crate::{Configuration, Deployment, Fault, Group, Object, Record, Shelf, text};
use serde::{Deserialize, Serialize};

/// One line of call data.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct LayoutEntry {
    /// What agents read.
    pub display_name: String,
    /// Which variable is shown.
    pub media_property: String,
    /// Also in the window that announces a call.
    pub show_in_pop_over: bool,
    /// Agents may change the value.
    pub ui_editable: bool,
}

impl LayoutEntry {
    fn check(&self) -> Result<(), Fault> {
        text::at_most("displayName", &self.display_name, DISPLAY_NAME_BYTES_MAX)?;
        text::needed("mediaProperty", &self.media_property, NAME_BYTES_MAX)
    }
}

/// Which of the layouts it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum LayoutType {
    /// The one for calls that name none; there is always one.
    Default,
    /// For calls that name it (`user.Layout`).
    #[default]
    Custom,
}

/// Which call data the desktop shows, and where.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct MediaPropertiesLayout {
    /// No other has it.
    pub name: String,
    /// For people.
    pub description: String,
    /// Which it is.
    pub kind: LayoutType,
    /// The line in the header.
    pub header: Option<LayoutEntry>,
    /// Two columns of lines.
    pub columns: Vec<Vec<LayoutEntry>>,
}

impl MediaPropertiesLayout {
    /// The default layout of a new system: the caller, and the call variables that route points fill.
    pub fn initial() -> Self {
        let variable = |number: u8| LayoutEntry {
            display_name: format!("Call variable {number}"),
            media_property: format!("callVariable{number}"),
            ..LayoutEntry::default()
        };
        Self {
            name: "Default Layout".into(),
            description: "For calls that name no other layout".into(),
            kind: LayoutType::Default,
            header: Some(variable(1)),
            columns: vec![(2..=5).map(variable).collect(), (6..=9).map(variable).collect()],
        }
    }
}

impl Record for MediaPropertiesLayout {
    const KIND: &'static str = "MediaPropertiesLayout";
    const COUNT_MAX: u32 = CUSTOM_LAYOUTS_MAX as u32 + 1;

    fn keys(&self) -> Vec<String> {
        vec![format!("name {:?}", self.name.to_lowercase())]
    }
}

impl Object for MediaPropertiesLayout {
    fn group(&self) -> Option<Group> {
        Some(match self.kind {
            LayoutType::Default => Group { name: "default layouts", count_max: 1 },
            LayoutType::Custom => Group { name: "custom layouts", count_max: CUSTOM_LAYOUTS_MAX },
        })
    }

    fn check(&self, _: Deployment) -> Result<(), Fault> {
        text::needed("name", &self.name, LAYOUT_NAME_BYTES_MAX)?;
        text::at_most("description", &self.description, DESCRIPTION_BYTES_MAX)?;
        text::count("column", self.columns.len(), LAYOUT_COLUMNS_MAX)?;
        for column in &self.columns {
            text::count("entry", column.len(), LAYOUT_ENTRIES_MAX)?;
        }
        self.header.iter().chain(self.columns.iter().flatten()).try_for_each(LayoutEntry::check)
    }

    fn check_change(&self, _: u32, new: &Self, _: &Configuration) -> Result<(), Fault> {
        match new.kind == self.kind {
            true => Ok(()),
            false => Err(Fault::invalid("type", "cannot be changed")),
        }
    }

    fn check_delete(&self, _: u32, _: &Configuration) -> Result<(), Fault> {
        match self.kind {
            LayoutType::Default => Err(Fault::Fixed("the default layout stays")),
            LayoutType::Custom => Ok(()),
        }
    }

    fn shelf(all: &Configuration) -> &Shelf<Self> {
        &all.media_layouts
    }

    fn shelf_mut(all: &mut Configuration) -> &mut Shelf<Self> {
        &mut all.media_layouts
    }
}

/// A desktop layout: the default one, or a team's.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct DesktopLayout {
    /// Whose; `None` for everybody's.
    pub team: Option<u32>,
    /// The document.
    pub xml: String,
}

impl Record for DesktopLayout {
    const KIND: &'static str = "LayoutConfig";
    const COUNT_MAX: u32 = DESKTOP_LAYOUTS_MAX;

    fn keys(&self) -> Vec<String> {
        vec![self.team.map_or_else(|| "default".to_owned(), |team| format!("team {team}"))]
    }
}

impl Object for DesktopLayout {
    fn check(&self, _: Deployment) -> Result<(), Fault> {
        if self.xml.trim().is_empty() {
            return Err(Fault::Missing("layoutxml"));
        }
        match self.xml.len() <= DESKTOP_LAYOUT_BYTES_MAX {
            true => Ok(()),
            false => {
                let why = format!("is longer than {DESKTOP_LAYOUT_BYTES_MAX} bytes");
                Err(Fault::invalid("layoutxml", why))
            }
        }
    }

    fn shelf(all: &Configuration) -> &Shelf<Self> {
        &all.desktop_layouts
    }

    fn shelf_mut(all: &mut Configuration) -> &mut Shelf<Self> {
        &mut all.desktop_layouts
    }
}

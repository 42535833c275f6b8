//! `LayoutConfig`: how the desktop is laid out, for everybody and for single teams.

use super::reading::{flag, yes_or_no};
use super::{FAULTS, refused_by_any, root};
use crate::Services;
use crate::answer::{self, ApiError};
use crate::body::Sent;
use crate::caller::Caller;
use crate::limits::{LAYOUT_BODY_BYTES_MAX, LAYOUT_NODES_MAX};
use crate::operation::{self, Fault, Operation, Shape, parts};
use crate::resource::Named;
use axum::extract::State;
use axum::response::Response;
use configuration::DesktopLayout;
use configuration::limits::DESKTOP_LAYOUT_BYTES_MAX;
use std::sync::Arc;
use xml::child_text;

/// What everybody has until an administrator says otherwise.
const INITIAL: &str = include_str!("initial_layout.xml");

const LAYOUT: Shape = operation::text("layoutxml").bytes_max(DESKTOP_LAYOUT_BYTES_MAX);
const SHOWN: Shape = parts("LayoutConfig", &[operation::text("uri"), LAYOUT]);
const SENT: Shape = parts("LayoutConfig", &[LAYOUT]);
const OF_TEAM: Shape = parts("TeamLayoutConfig", &[operation::flag("useDefault"), LAYOUT]);
const SENT_OF_TEAM: Shape =
    parts("TeamLayoutConfig", &[operation::flag("useDefault").optional(), LAYOUT.optional()]);

pub(super) fn operations() -> Vec<Operation> {
    vec![
        operation::get("/LayoutConfig/default", get).title("The desktop's layout").answers(&SHOWN),
        operation::put("/LayoutConfig/default", put)
            .title("Lays the desktop out anew")
            .takes(&SENT)
            .body_bytes_max(LAYOUT_BODY_BYTES_MAX)
            .fails(FAULTS),
        operation::get("/Team/{id}/LayoutConfig", get_of_team)
            .title("A team's layout of the desktop")
            .answers(&OF_TEAM)
            .fails(&[Fault::NOT_FOUND]),
        operation::put("/Team/{id}/LayoutConfig", put_of_team)
            .title("Gives a team a layout of its own, or the default one")
            .takes(&SENT_OF_TEAM)
            .body_bytes_max(LAYOUT_BODY_BYTES_MAX)
            .fails(FAULTS),
    ]
}

impl Services {
    /// The layout of a team's own, or with `None` the default one.
    fn desktop_layout(&self, team: Option<u32>) -> Option<String> {
        self.catalogue.read(|all| all.desktop_layout(team).map(|layout| layout.value.xml.clone()))
    }

    fn default_desktop_layout(&self) -> String {
        self.desktop_layout(None).unwrap_or_else(|| INITIAL.to_owned())
    }

    async fn put_layout(&self, caller: &Caller, layout: DesktopLayout) -> Result<Response, ApiError> {
        let (turn, team) = (self.turn(caller).await, layout.team);
        turn.put(|other: &DesktopLayout| other.team == team, layout).await.map_err(refused_by_any)?;
        Ok(answer::done())
    }
}

async fn get(State(services): State<Arc<Services>>) -> Response {
    let layout = services.default_desktop_layout();
    answer::document(|writer| {
        writer.open("LayoutConfig").leaf("uri", "/finesse/api/LayoutConfig/default");
        writer.leaf("layoutxml", &layout).close();
    })
}

async fn put(
    State(services): State<Arc<Services>>,
    caller: Caller,
    sent: Sent,
) -> Result<Response, ApiError> {
    let xml = {
        let document = sent.document(&caller, &services.metrics)?;
        checked(child_text(root(&document, "LayoutConfig")?, "layoutxml"))?
    };
    services.put_layout(&caller, DesktopLayout { team: None, xml }).await
}

/// A team without a layout of its own is shown the default one.
async fn get_of_team(
    State(services): State<Arc<Services>>,
    Named(name): Named,
) -> Result<Response, ApiError> {
    let team = services.team(name).await?;
    let own = services.desktop_layout(Some(team));
    let uses_default = own.is_none();
    let layout = own.unwrap_or_else(|| services.default_desktop_layout());
    Ok(answer::document(|writer| {
        writer.open("TeamLayoutConfig").leaf("useDefault", yes_or_no(uses_default));
        writer.leaf("layoutxml", &layout).close();
    }))
}

async fn put_of_team(
    State(services): State<Arc<Services>>,
    caller: Caller,
    Named(name): Named,
    sent: Sent,
) -> Result<Response, ApiError> {
    let team = services.team(name).await?;
    let xml = {
        let document = sent.document(&caller, &services.metrics)?;
        let root = root(&document, "TeamLayoutConfig")?;
        // the layout beside useDefault is ignored
        match flag(root, "useDefault", false)? {
            true => None,
            false => Some(checked(child_text(root, "layoutxml"))?),
        }
    };
    match xml {
        Some(xml) => services.put_layout(&caller, DesktopLayout { team: Some(team), xml }).await,
        None => {
            let turn = services.turn(&caller).await;
            let own = services.catalogue.read(|all| all.desktop_layout(Some(team)).map(|layout| layout.id));
            if let Some(own) = own {
                turn.delete::<DesktopLayout>(own).await.map_err(refused_by_any)?;
            }
            Ok(answer::done())
        }
    }
}

/// A layout that a desktop can read: one document whose root is `finesseLayout`. Comments are allowed in it.
fn checked(layout: Option<String>) -> Result<String, ApiError> {
    let layout = layout.filter(|layout| !layout.is_empty());
    let layout = layout.ok_or_else(|| ApiError::parameter_missing("layoutxml"))?;
    let wrong = |why: &str| ApiError::invalid_input("layoutxml", &format!("layoutxml {why}"));
    // as in the document around it, where an escaped sign is not counted
    let equals_signs_max = xml::Limits::CLIENT.equals_signs_max;
    if layout.matches('=').count() > equals_signs_max {
        return Err(wrong(&format!("has more than {equals_signs_max} equals signs")));
    }
    let options = roxmltree::ParsingOptions { nodes_limit: LAYOUT_NODES_MAX, ..Default::default() };
    let document = roxmltree::Document::parse_with_options(&layout, options)
        .map_err(|error| wrong(&format!("is no well-formed document: {error}")))?;
    match document.root_element().tag_name().name() == "finesseLayout" {
        true => Ok(layout),
        false => Err(wrong("has another root than finesseLayout")),
    }
}

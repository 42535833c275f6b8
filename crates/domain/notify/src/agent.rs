//! `User`: an agent.

use crate::{SystemIdentity, node, reason, team};
use floor::{Agent, ReasonCategory, Terminal};
use jiff::Timestamp;
use xml::Writer;

/// The full object, as in `GET /User/{id}` and on the agent's node. `root` is `User` or `user`.
pub fn write(writer: &mut Writer, root: &'static str, agent: &Agent) {
    let profile = &agent.profile;
    writer.open(root);
    write_terminals(writer, agent);
    writer.leaf("dialogs", &node::dialogs(agent.id()));
    writer.leaf("extension", &agent.extension);
    writer.leaf("firstName", &profile.first_name);
    writer.leaf("lastName", &profile.last_name);
    writer.leaf("loginId", agent.id().as_str());
    writer.leaf("loginName", &profile.login_name);
    writer.leaf("mediaType", "1");
    write_mobile(writer, agent);
    write_pending(writer, agent);
    write_reason(writer, agent);
    write_reason_id(writer, agent);
    write_roles(writer, agent);
    writer.open("settings");
    writer.leaf("wrapUpOnIncoming", profile.settings.wrap_up_on_incoming.name());
    if let Some(wrap_up) = profile.settings.wrap_up_on_outgoing {
        writer.leaf("wrapUpOnOutgoing", wrap_up.name());
    }
    writer.close();
    write_state(writer, agent);
    writer.leaf("teamId", &agent.team.id.to_string());
    writer.leaf("teamName", &agent.team.name);
    write_teams(writer, agent);
    writer.leaf("uri", &node::user(agent.id()));
    if let Some(secs) = profile.wrap_up_timer_secs {
        writer.leaf("wrapUpTimer", &secs.to_string());
    }
    writer.close();
}

/// The short object, as in `GET /Team/{id}` and on the team's node. `root` is `User` or `user`.
pub fn write_summary(writer: &mut Writer, root: &'static str, agent: &Agent, identity: &SystemIdentity) {
    writer.open(root);
    writer.leaf("dialogs", &node::dialogs(agent.id()));
    writer.leaf("extension", &agent.extension);
    writer.leaf("firstName", &agent.profile.first_name);
    writer.leaf("lastName", &agent.profile.last_name);
    writer.leaf("loginId", agent.id().as_str());
    if identity.deployment_type == "UCCX" {
        // whether there is e-mail or chat in hand: with Unified CCX none comes by way of this server
        writer.leaf("mediaState", "IDLE");
    }
    write_pending(writer, agent);
    write_reason(writer, agent);
    write_state(writer, agent);
    writer.leaf("uri", &node::user(agent.id()));
    writer.close();
}

/// The telephones that share the extension, and the one in use; absent where there is nothing to choose.
fn write_terminals(writer: &mut Writer, agent: &Agent) {
    if let Some(id) = &agent.place.terminal {
        writer.leaf("activeDeviceId", id);
    }
    if !agent.terminals.is_empty() {
        writer.open("devices");
        for terminal in agent.terminals.iter() {
            write_terminal(writer, "device", terminal);
        }
        writer.close();
    }
}

/// A telephone. `root` is `Device` or `device`.
pub fn write_terminal(writer: &mut Writer, root: &'static str, terminal: &Terminal) {
    writer.open(root).leaf("deviceId", &terminal.id).leaf("deviceType", &terminal.kind.to_string());
    writer.leaf("deviceTypeName", &terminal.kind_name).close();
}

/// Absent unless the agent is a mobile one.
fn write_mobile(writer: &mut Writer, agent: &Agent) {
    if let Some(mobile) = &agent.place.mobile {
        writer.open("mobileAgent").leaf("dialNumber", mobile.dial_number.as_str());
        writer.leaf("mode", mobile.mode.name()).close();
    }
}

fn write_pending(writer: &mut Writer, agent: &Agent) {
    writer.leaf("pendingState", agent.pending.map_or("", floor::State::name));
}

fn write_reason(writer: &mut Writer, agent: &Agent) {
    if let Some(listed) = agent.reason.as_ref().and_then(|reason| reason.listed.as_ref()) {
        reason::write_given(writer, listed);
    }
}

/// The id of the reason, -1 for none; absent in states that have no reasons, as in the captures.
fn write_reason_id(writer: &mut Writer, agent: &Agent) {
    if ReasonCategory::of(agent.state).is_some() {
        let listed = agent.reason.as_ref().and_then(|reason| reason.listed.as_ref());
        let id = listed.map_or_else(|| "-1".to_owned(), |reason| reason.id.0.to_string());
        writer.leaf("reasonCodeId", &id);
    }
}

fn write_roles(writer: &mut Writer, agent: &Agent) {
    let roles = agent.roles();
    writer.open("roles");
    if roles.agent {
        writer.leaf("role", "Agent");
    }
    if roles.supervisor {
        writer.leaf("role", "Supervisor");
    }
    writer.close();
}

fn write_state(writer: &mut Writer, agent: &Agent) {
    writer.leaf("state", agent.state.name());
    writer.leaf("stateChangeTime", &agent.changed_at.map(time_text).unwrap_or_default());
}

/// The teams a supervisor watches over; agents have no such element.
fn write_teams(writer: &mut Writer, agent: &Agent) {
    if !agent.roles().supervisor {
        return;
    }
    writer.open("teams");
    for team in agent.supervises.iter() {
        writer.open("Team");
        team::write_names(writer, team);
        writer.close();
    }
    writer.close();
}

/// ISO 8601 in UTC with milliseconds.
pub fn time_text(at: Timestamp) -> String {
    format!("{at:.3}")
}

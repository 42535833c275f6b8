//! `Team`: a team and its agents.

use crate::{SystemIdentity, agent, node};
use floor::{Agent, Team};
use xml::Writer;

/// A team with these agents, as in `GET /Team/{id}`. `root` is `Team` or `team`.
pub fn write<'a>(
    writer: &mut Writer,
    root: &'static str,
    team: &Team,
    agents: impl Iterator<Item = &'a Agent>,
    identity: &SystemIdentity,
) {
    writer.open(root);
    write_names(writer, team);
    writer.open("users");
    for member in agents {
        agent::write_summary(writer, "User", member, identity);
    }
    writer.close();
    writer.close();
}

/// All teams, as in `GET /Teams`.
pub fn write_list<'a>(writer: &mut Writer, teams: impl Iterator<Item = &'a Team>) {
    writer.open("Teams");
    for team in teams {
        writer.open("Team");
        write_names(writer, team);
        writer.close();
    }
    writer.close();
}

/// What a team is called, wherever it is named.
pub(crate) fn write_names(writer: &mut Writer, team: &Team) {
    writer.leaf("id", &team.id.to_string());
    writer.leaf("name", &team.name);
    writer.leaf("uri", &node::team(team.id));
}

//! `Team`: a team and its agents.

use crate::{agent, node};
use floor::{Agent, Team};
use xml::Writer;

/// A team with these agents, as in `GET /Team/{id}`. `root` is `Team` or `team`.
pub fn write<'a>(
    writer: &mut Writer,
    root: &'static str,
    team: &Team,
    agents: impl Iterator<Item = &'a Agent>,
) {
    writer.open(root);
    writer.leaf("id", &team.id.to_string());
    writer.leaf("name", &team.name);
    writer.leaf("uri", &node::team(team.id));
    writer.open("users");
    for member in agents {
        agent::write_summary(writer, "User", member);
    }
    writer.close();
    writer.close();
}

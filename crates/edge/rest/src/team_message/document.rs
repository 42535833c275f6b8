//! The documents of team messages.

use crate::answer::ApiError;
use crate::limits::{TEAM_MESSAGE_CHARS_MAX, TEAM_MESSAGE_SECS_MAX, TEAM_MESSAGE_TEAMS_MAX};
use crate::operation::{Shape, number, parts, text};
use floor::{Agent, AgentId};
use jiff::Timestamp;
use notify::node;
use store::TeamMessage;
use xml::{Document, Writer, child, child_text};

const TEAM: Shape = number("team", 0, u32::MAX as i64);

/// What a client sends.
pub(super) const CONTENT: Shape = parts(
    "TeamMessage",
    &[number("duration", 1, TEAM_MESSAGE_SECS_MAX as i64), text("content"), parts("teams", &[TEAM.many()])],
);

/// What is answered.
pub(super) const MESSAGE: Shape = parts(
    "TeamMessage",
    &[
        text("uri"),
        text("id"),
        parts("createdBy", &[text("id"), text("firstName"), text("lastName")]),
        number("createdAt", 0, i64::MAX),
        number("duration", 1, TEAM_MESSAGE_SECS_MAX as i64),
        text("content"),
        parts("teams", &[TEAM.many()]),
    ],
);
pub(super) const MESSAGES: Shape = parts("TeamMessages", &[MESSAGE.many()]);

/// What a supervisor wants to tell.
pub(super) struct Wish {
    duration_secs: u32,
    content: String,
    pub(super) teams: Vec<u32>,
}

impl Wish {
    /// Reads a document. Elements may come in any order; unknown ones are ignored.
    pub(super) fn read(document: &Document<'_>) -> Result<Self, ApiError> {
        let root = document.root();
        if root.tag_name().name() != "TeamMessage" {
            return Err(ApiError::bad_request("The root element is not TeamMessage"));
        }
        let required = |name: &str| {
            child_text(root, name)
                .filter(|text| !text.is_empty())
                .ok_or_else(|| ApiError::parameter_missing(name))
        };
        let duration_secs =
            required("duration")?.parse().ok().filter(|secs| (1..=TEAM_MESSAGE_SECS_MAX).contains(secs));
        let duration_secs = duration_secs.ok_or_else(|| {
            let message = format!("duration is a number of seconds from 1 to {TEAM_MESSAGE_SECS_MAX}");
            ApiError::invalid_input("duration", &message)
        })?;
        let content = required("content")?;
        if content.chars().count() > TEAM_MESSAGE_CHARS_MAX {
            let message = format!("content has more than {TEAM_MESSAGE_CHARS_MAX} characters");
            return Err(ApiError::invalid_input("content", &message));
        }
        let listed = child(root, "teams").into_iter().flat_map(|teams| teams.children());
        let listed = listed.filter(|team| team.tag_name().name() == "team");
        let teams: Option<Vec<u32>> =
            listed.map(|team| team.text().unwrap_or_default().trim().parse().ok()).collect();
        let mut teams = teams.ok_or_else(|| ApiError::invalid_input("teams", "A team is a number"))?;
        teams.sort_unstable();
        teams.dedup();
        match teams.len() {
            0 => Err(ApiError::parameter_missing("teams")),
            1..=TEAM_MESSAGE_TEAMS_MAX => Ok(Self { duration_secs, content, teams }),
            _ => {
                let message = format!("A message is for at most {TEAM_MESSAGE_TEAMS_MAX} teams");
                Err(ApiError::invalid_input("teams", &message))
            }
        }
    }

    /// As a message of somebody at a moment.
    pub(super) fn signed(self, author: &AgentId, known: Option<&Agent>, at: Timestamp) -> TeamMessage {
        let name = |of: fn(&Agent) -> &String| known.map(of).cloned().unwrap_or_default();
        TeamMessage {
            id: uuid(rand::random()),
            author: author.to_string(),
            first_name: name(|agent| &agent.profile.first_name),
            last_name: name(|agent| &agent.profile.last_name),
            created_at_secs: at.as_second(),
            duration_secs: self.duration_secs,
            content: self.content,
            teams: self.teams,
        }
    }
}

/// A random UUID (RFC 9562 §5.4).
fn uuid(random: u128) -> String {
    let bits = (random & !(0xf << 76) & !(0x3 << 62)) | (0x4 << 76) | (0x2 << 62);
    let hex = format!("{bits:032x}");
    [&hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]].join("-")
}

/// A message. `root` is `TeamMessage` or `teamMessage`; the order is the guide's.
pub(super) fn write(writer: &mut Writer, root: &'static str, message: &TeamMessage) {
    writer.open(root);
    writer.leaf("uri", &node::team_message(&message.id));
    writer.leaf("id", &message.id);
    writer.open("createdBy").leaf("id", &message.author);
    writer.leaf("firstName", &message.first_name).leaf("lastName", &message.last_name).close();
    writer.leaf("createdAt", &message.created_at_secs.to_string());
    writer.leaf("duration", &message.duration_secs.to_string());
    writer.leaf("content", &message.content);
    writer.open("teams");
    for team in &message.teams {
        writer.leaf("team", &team.to_string());
    }
    writer.close().close();
}

#[cfg(test)]
mod tests {
    use super::uuid;

    #[test]
    fn a_uuid_says_that_it_is_random() {
        assert_eq!(uuid(0), "00000000-0000-4000-8000-000000000000");
        assert_eq!(uuid(u128::MAX), "ffffffff-ffff-4fff-bfff-ffffffffffff");
    }
}

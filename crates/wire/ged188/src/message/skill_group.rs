//! The lists of skill groups that agent-state messages carry as floating fields.

use crate::cursor::Writer;
use crate::field::Found;
use crate::layout::FloatingField;
use crate::slot::Group;
use crate::value::Value;
use crate::{AgentState, DecodeError, tag};

/// One skill group of an agent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SkillGroup {
    /// SkillGroupNumber.
    pub number: u32,
    /// SkillGroupID.
    pub id: u32,
    /// SkillGroupPriority.
    pub priority: u16,
    /// SkillGroupState: what the agent does for this group.
    pub state: AgentState,
}

impl SkillGroup {
    /// Number and id of no skill group. Finesse logs it as -1.
    pub const NONE: u32 = super::NULL_ID;
}

impl Default for SkillGroup {
    /// What a group does not say has the protocol's value for "none".
    fn default() -> Self {
        Self { number: Self::NONE, id: Self::NONE, priority: 0, state: AgentState::UNKNOWN }
    }
}

impl Group for SkillGroup {
    const FIELDS: &'static [FloatingField] = &[
        member::<u32>(tag::SKILL_GROUP_NUMBER, "SkillGroupNumber"),
        member::<u32>(tag::SKILL_GROUP_ID, "SkillGroupID"),
        member::<u16>(tag::SKILL_GROUP_PRIORITY, "SkillGroupPriority"),
        member::<AgentState>(tag::SKILL_GROUP_STATE, "SkillGroupState"),
    ];

    fn read(fields: Vec<Found>) -> Result<Self, DecodeError> {
        let mut group = Self::default();
        for found in fields {
            match found.field.tag {
                tag::SKILL_GROUP_NUMBER => group.number = Value::read(found)?,
                tag::SKILL_GROUP_ID => group.id = Value::read(found)?,
                tag::SKILL_GROUP_PRIORITY => group.priority = Value::read(found)?,
                _ => group.state = Value::read(found)?,
            }
        }
        Ok(group)
    }

    /// In SET_AGENT_STATE_REQ only number and priority travel: the layout has no more.
    fn put(&self, out: &mut Writer) {
        let whole = out.kind() != SET_AGENT_STATE_REQ;
        self.number.write(tag::SKILL_GROUP_NUMBER, out);
        if whole {
            self.id.write(tag::SKILL_GROUP_ID, out);
        }
        self.priority.write(tag::SKILL_GROUP_PRIORITY, out);
        if whole {
            self.state.write(tag::SKILL_GROUP_STATE, out);
        }
    }
}

const SET_AGENT_STATE_REQ: u32 = 38;

const fn member<T: Value>(tag: u16, name: &'static str) -> FloatingField {
    FloatingField { tag, tags: 1, name, kind: T::KIND, bytes_max: 0, repeats: true, names: T::NAMES }
}

//! The lists of skill groups that agent-state messages carry as floating fields.

use crate::cursor::Writer;
use crate::field::number;
use crate::{AgentState, DecodeError, Fields, tag};

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
    pub const NONE: u32 = u32::MAX;
}

/// Takes the list: the n-th fields of each of the four tags make the n-th group. What a group does not say
/// gets the protocol's value for "none".
pub(super) fn take(fields: &mut Fields) -> Result<Vec<SkillGroup>, DecodeError> {
    let numbers = fields.take_all(tag::SKILL_GROUP_NUMBER);
    let ids = fields.take_all(tag::SKILL_GROUP_ID);
    let priorities = fields.take_all(tag::SKILL_GROUP_PRIORITY);
    let states = fields.take_all(tag::SKILL_GROUP_STATE);
    let count = [&numbers, &ids, &priorities, &states].map(Vec::len).into_iter().max().unwrap_or(0);
    let u32_at = |tag, values: &[bytes::Bytes], at: usize| {
        values.get(at).map(|value| number(tag, value).map(u32::from_be_bytes)).transpose()
    };
    let u16_at = |tag, values: &[bytes::Bytes], at: usize| {
        values.get(at).map(|value| number(tag, value).map(u16::from_be_bytes)).transpose()
    };
    (0..count)
        .map(|at| {
            Ok(SkillGroup {
                number: u32_at(tag::SKILL_GROUP_NUMBER, &numbers, at)?.unwrap_or(SkillGroup::NONE),
                id: u32_at(tag::SKILL_GROUP_ID, &ids, at)?.unwrap_or(SkillGroup::NONE),
                priority: u16_at(tag::SKILL_GROUP_PRIORITY, &priorities, at)?.unwrap_or(0),
                state: u16_at(tag::SKILL_GROUP_STATE, &states, at)?.map_or(AgentState::UNKNOWN, AgentState),
            })
        })
        .collect()
}

/// Writes the list, group by group in the printed order.
pub(super) fn put(out: &mut Writer, groups: &[SkillGroup]) {
    for group in groups {
        out.u32_field_if_any(tag::SKILL_GROUP_NUMBER, Some(group.number));
        out.u32_field_if_any(tag::SKILL_GROUP_ID, Some(group.id));
        out.u16_field_if_any(tag::SKILL_GROUP_PRIORITY, Some(group.priority));
        out.u16_field_if_any(tag::SKILL_GROUP_STATE, Some(group.state.0));
    }
}

/// A list's count for the fixed part.
pub(super) fn count(groups: &[SkillGroup]) -> u16 {
    u16::try_from(groups.len()).unwrap_or(u16::MAX)
}

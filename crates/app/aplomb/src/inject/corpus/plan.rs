//! What happens in each case: drawn from the seed, so that the same seed plans the same.

use crate::inject::Fault;
use clap::ValueEnum;
use rand::rngs::Xoshiro256PlusPlus;
use rand::seq::SliceRandom;
use rand::{RngExt, SeedableRng};
use serde::{Deserialize, Serialize};

/// The demo's agents that no simulated colleague uses.
const AGENTS: std::ops::RangeInclusive<u32> = 1_001_001..=1_001_010;

/// Others in one case.
const BYSTANDERS_MAX: usize = 5;

/// An agent works for no longer than that before it happens.
const AFTER_MS_MAX: u64 = 2_500;

/// What happens to a bystander happens within this time.
const FATE_MS_MAX: u64 = 6_000;

/// In so many of a hundred cases the agent's desktop tells of itself.
const PROBES_PERCENT: u32 = 65;

/// Part of a corpus.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Half {
    /// Rules may be made better with these
    Tune,
    /// Nobody looks at these one by one
    Kept,
    /// Both
    All,
}

impl Half {
    /// As it is typed, and its folder.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Tune => "tune",
            Self::Kept => "kept",
            Self::All => "all",
        }
    }

    /// Where its cases are.
    pub(crate) fn folders(self) -> &'static [&'static str] {
        match self {
            Self::Tune => &["tune"],
            Self::Kept => &["kept"],
            Self::All => &["tune", "kept"],
        }
    }
}

/// What becomes of an agent whom the case is not about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Fate {
    /// Works on.
    Works,
    /// Leaves in order.
    Leaves,
    /// Is not heard any more.
    FallsSilent,
    /// The connection of its poll ends.
    IsCut,
}

/// Somebody else.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Bystander {
    pub(crate) agent: String,
    pub(crate) fate: Fate,
    /// When, after signing in.
    pub(crate) after_ms: u64,
}

/// One case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Plan {
    pub(super) number: usize,
    /// `None`: nothing happens to the agent.
    pub(super) fault: Option<Fault>,
    pub(super) half: Half,
    pub(super) agent: String,
    pub(super) has_probe: bool,
    /// How long the agent works before.
    pub(super) after_ms: u64,
    pub(super) bystanders: Vec<Bystander>,
}

/// A case that was made.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Made {
    /// Below the corpus's directory.
    pub(crate) file: String,
    pub(crate) half: Half,
    /// `None`: nothing happened to the agent.
    pub(crate) fault: Option<String>,
    pub(crate) label: String,
    pub(crate) has_probe: bool,
    pub(crate) after_ms: u64,
    pub(crate) bystanders: Vec<Bystander>,
    /// When the verdict stood, counted from the disconnection; `None`: the cause was not known.
    pub(crate) named_after_ms: Option<i64>,
    /// When the agent's next session began, counted likewise.
    pub(crate) back_after_ms: Option<i64>,
}

impl Plan {
    /// Of the fault.
    pub(super) fn name(&self) -> String {
        self.fault.map_or_else(|| "healthy".to_owned(), Fault::name)
    }
}

/// Those that have a cause and need no browser.
fn all_faults() -> impl Iterator<Item = Fault> {
    let faults = Fault::value_variants().iter().copied();
    faults.filter(|fault| fault.label().is_some() && !fault.needs_browser())
}

/// So many cases of one fault, or of each that needs no browser; and as many in which nothing happens to the agent.
pub(super) fn plans(only: Option<Fault>, runs: u32, seed: u64) -> Vec<Plan> {
    let faults: Vec<Option<Fault>> = match only {
        Some(fault) => vec![Some(fault)],
        None => all_faults().map(Some).chain([None]).collect(),
    };
    let mut plans: Vec<Plan> = faults.into_iter().flat_map(|fault| of_fault(fault, runs, seed)).collect();
    for (number, plan) in plans.iter_mut().enumerate() {
        plan.number = number;
    }
    plans
}

/// A fault's plans do not depend on which other faults there are.
fn of_fault(fault: Option<Fault>, runs: u32, seed: u64) -> Vec<Plan> {
    let mut plan = Plan {
        number: 0,
        fault,
        half: Half::Tune,
        agent: String::new(),
        has_probe: false,
        after_ms: 0,
        bystanders: Vec::new(),
    };
    let mut chance = chance(seed, &plan.name());
    let mut halves: Vec<Half> = [Half::Tune, Half::Kept].into_iter().cycle().take(runs as usize).collect();
    halves.shuffle(&mut chance);
    let next = |half| {
        plan.half = half;
        draw(&mut plan, &mut chance);
        plan.clone()
    };
    halves.into_iter().map(next).collect()
}

/// FNV-1a of the name, begun with the seed.
fn chance(seed: u64, name: &str) -> Xoshiro256PlusPlus {
    let mixed =
        name.bytes().fold(seed, |mixed, byte| (mixed ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    Xoshiro256PlusPlus::seed_from_u64(mixed)
}

fn draw(plan: &mut Plan, chance: &mut Xoshiro256PlusPlus) {
    let mut agents: Vec<u32> = AGENTS.collect();
    agents.shuffle(chance);
    plan.agent = agents.pop().map(|agent| agent.to_string()).unwrap_or_default();
    plan.has_probe = chance.random_range(0..100) < PROBES_PERCENT;
    plan.after_ms = chance.random_range(0..=AFTER_MS_MAX);
    let count = chance.random_range(0..=BYSTANDERS_MAX);
    let mut has_loss = false;
    plan.bystanders = agents
        .into_iter()
        .take(count)
        .map(|agent| {
            let fate = match chance.random_range(0..10) {
                // two at once may be chance; more of them would be another cause than the label's
                0..2 if !has_loss => Fate::FallsSilent,
                2..4 if !has_loss => Fate::IsCut,
                4..6 => Fate::Leaves,
                _ => Fate::Works,
            };
            has_loss |= matches!(fate, Fate::FallsSilent | Fate::IsCut);
            Bystander { agent: agent.to_string(), fate, after_ms: chance.random_range(0..=FATE_MS_MAX) }
        })
        .collect();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_plans_the_same_and_another_one_does_not() {
        assert_eq!(plans(None, 6, 7), plans(None, 6, 7));
        assert_ne!(plans(None, 6, 7), plans(None, 6, 8));
        let halves = |seed| plans(None, 40, seed).into_iter().map(|plan| plan.half).collect::<Vec<_>>();
        assert_ne!(halves(7), halves(8), "who is kept apart follows from the seed");
    }

    #[test]
    fn half_of_each_fault_is_kept_apart() {
        let plans = plans(None, 10, 1);
        for fault in all_faults().map(Some).chain([None]) {
            let of = |half| plans.iter().filter(|plan| plan.fault == fault && plan.half == half).count();
            assert!(of(Half::Tune) == of(Half::Kept) && of(Half::All) == 0, "{fault:?}");
        }
    }

    #[test]
    fn a_fault_is_planned_alike_alone_and_among_all() {
        let alone = plans(Some(Fault::Slept), 4, 3);
        let among: Vec<Plan> =
            plans(None, 4, 3).into_iter().filter(|plan| plan.fault == Some(Fault::Slept)).collect();
        let agents = |plans: &[Plan]| plans.iter().map(|plan| plan.agent.clone()).collect::<Vec<_>>();
        assert_eq!(agents(&alone), agents(&among));
    }

    #[test]
    fn nobody_is_two_people_and_no_more_than_one_bystander_is_lost() {
        for plan in plans(None, 30, 5) {
            let mut agents: Vec<&str> = plan.bystanders.iter().map(|one| one.agent.as_str()).collect();
            agents.push(&plan.agent);
            let all = agents.len();
            agents.sort_unstable();
            agents.dedup();
            assert_eq!(agents.len(), all, "{plan:?}");
            let is_lost = |one: &&Bystander| matches!(one.fate, Fate::FallsSilent | Fate::IsCut);
            assert!(plan.bystanders.iter().filter(is_lost).count() <= 1, "{plan:?}");
            assert!(plan.bystanders.len() <= BYSTANDERS_MAX && plan.after_ms <= AFTER_MS_MAX);
        }
    }
}

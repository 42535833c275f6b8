//! The rules: a file for each cause, each saying what must be seen, what tells it from others, and what speaks against
//! it. A rule sees evidence only.

use crate::incident::Incident;
use crate::language::Words;
use crate::sight::Sight;
use serde::Serialize;

/// What a clue says about its cause.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Without it, it is another cause.
    Must,
    /// It tells the cause from others: without one, the cause is not named.
    Mark,
    /// It fits.
    Hint,
    /// With it, it is another cause.
    Against,
}

/// Whether a clue was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Finding {
    /// The places of what was seen among the facts.
    Seen(Vec<usize>),
    /// Looked for, and not there.
    Absent,
    /// Nobody looked there.
    NotLooked(Sight),
}

/// Something that a rule asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clue {
    /// What it says about the cause.
    pub role: Role,
    /// What was looked for.
    pub says: Words,
    /// Whether it was found.
    pub finding: Finding,
}

/// What helps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Remedy {
    /// What to do.
    pub what: Words,
    /// The command or policy, as it is typed.
    pub command: Option<&'static str>,
    /// Whom it disturbs.
    pub disturbs: Words,
}

/// One cause.
#[derive(Debug)]
pub struct Rule {
    /// `C1`…`C20`: one agent; `S1`…`S12`: many.
    pub id: &'static str,
    /// Its name.
    pub name: Words,
    /// What people see.
    pub symptom: Words,
    /// What helps.
    pub remedy: Remedy,
    /// Where it is known from.
    pub source: &'static str,
    /// Causes that it explains better, when both fit.
    pub rather_than: &'static [&'static str],
    /// What it asks of an incident.
    pub clues: fn(&Incident<'_>) -> Vec<Clue>,
}

/// What was looked for, and whether it was found.
type Asked = (Words, Finding);

fn must((says, finding): Asked) -> Clue {
    Clue { role: Role::Must, says, finding }
}

fn mark((says, finding): Asked) -> Clue {
    Clue { role: Role::Mark, says, finding }
}

fn hint((says, finding): Asked) -> Clue {
    Clue { role: Role::Hint, says, finding }
}

fn against((says, finding): Asked) -> Clue {
    Clue { role: Role::Against, says, finding }
}

mod asked;
mod c01_slept;
mod c02_network_cut;
mod c03_path_refused;
mod c04_tab_throttled;
mod c05_tab_frozen;
mod c06_starved;
mod c07_gadget;
mod c08_port_blocked;
mod c09_middlebox;
mod c10_wrong_node;
mod c11_certificate;
mod c12_interception;
mod c13_client_clock;
mod c14_second_sign_in;
mod c15_credential;
mod c16_page_left;
mod c17_browser_died;
mod c18_request_lost;
mod c19_connections_used_up;
mod c20_overactivity;
mod s01_service_stopped;
mod s02_service_died;
mod s03_forbidden_character;
mod s04_web_service_down;
mod s05_cti_lost;
mod s06_provider_down;
mod s07_server_paused;
mod s08_server_clock;
mod s09_site_network;
mod s10_certificate_replaced;
mod s11_failover;
mod s12_disk_full;

/// Every cause, in the order of the table.
pub const RULES: [&Rule; 32] = [
    &c01_slept::RULE,
    &c02_network_cut::RULE,
    &c03_path_refused::RULE,
    &c04_tab_throttled::RULE,
    &c05_tab_frozen::RULE,
    &c06_starved::RULE,
    &c07_gadget::RULE,
    &c08_port_blocked::RULE,
    &c09_middlebox::RULE,
    &c10_wrong_node::RULE,
    &c11_certificate::RULE,
    &c12_interception::RULE,
    &c13_client_clock::RULE,
    &c14_second_sign_in::RULE,
    &c15_credential::RULE,
    &c16_page_left::RULE,
    &c17_browser_died::RULE,
    &c18_request_lost::RULE,
    &c19_connections_used_up::RULE,
    &c20_overactivity::RULE,
    &s01_service_stopped::RULE,
    &s02_service_died::RULE,
    &s03_forbidden_character::RULE,
    &s04_web_service_down::RULE,
    &s05_cti_lost::RULE,
    &s06_provider_down::RULE,
    &s07_server_paused::RULE,
    &s08_server_clock::RULE,
    &s09_site_network::RULE,
    &s10_certificate_replaced::RULE,
    &s11_failover::RULE,
    &s12_disk_full::RULE,
];

/// The rule of an id.
pub fn rule(id: &str) -> Option<&'static Rule> {
    RULES.into_iter().find(|rule| rule.id.eq_ignore_ascii_case(id))
}

//! What reports will call it: the same disconnection has other codes in other deployments.

use crate::case::Case;
use crate::evidence::What;
use crate::incident::Incident;
use crate::language::{Words, words};
use serde::Serialize;

/// A code in the reports of one deployment type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct ReasonCode {
    /// `UCCE/PCCE` or `UCCX`.
    pub deployment: &'static str,
    /// The code.
    pub code: u32,
    /// What it says.
    pub says: Words,
}

const FORCED: Words = words("Logged out: connection failure", "ログアウト: 接続障害");

/// The codes of an incident; none without a forced sign-out or a lost link.
pub fn reason_codes(case: &Case, incident: &Incident<'_>) -> Vec<ReasonCode> {
    let own = |fact: &&crate::Fact| fact.of.as_deref().is_none_or(|of| of == case.subject);
    let span = incident.after();
    let within =
        |from| case.facts.iter().filter(own).filter(move |fact| fact.at >= from && fact.at <= span.to);
    let is_forced = within(incident.moment).any(|fact| fact.what == What::ForcedLogout);
    let is_cti = within(incident.run_up_near().from).any(|fact| matches!(fact.what, What::CtiLost { .. }));
    let mut codes = Vec::new();
    if is_forced {
        codes.push(ReasonCode { deployment: "UCCE/PCCE", code: 255, says: FORCED });
        codes.push(ReasonCode {
            deployment: "UCCE/PCCE",
            code: 50_002,
            says: words(
                "Not ready: connection failure (LOAD set to 0: the agent is not signed out)",
                "受信不可: 接続障害 (LOAD=0: サインアウトされない)",
            ),
        });
        codes.push(ReasonCode { deployment: "UCCX", code: 255, says: FORCED });
    }
    if is_cti && incident.ended.is_none() {
        codes.push(ReasonCode {
            deployment: "UCCE/PCCE",
            code: 50_001,
            says: words("System disconnect", "システム切断"),
        });
        codes.push(ReasonCode {
            deployment: "UCCX",
            code: 32_765,
            says: words("System disconnect", "システム切断"),
        });
    }
    codes
}

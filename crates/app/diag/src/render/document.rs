//! A verdict as JSON. The form is documented in `docs/manual/why.md`: fields are added, none changes its meaning.

use super::Reader;
use super::lanes::Lanes;
use crate::case::shown;
use crate::reason_code::reason_codes;
use crate::rules::{Clue, Finding};
use crate::telling::tell;
use crate::verdict::{Candidate, Verdict};
use serde_json::{Value, json};

/// The verdict, its evidence and its picture.
pub fn document(verdict: &Verdict<'_>, reader: &Reader) -> Value {
    let incident = &verdict.incident;
    let cohort = &incident.cohort;
    let lanes = Lanes::of(verdict);
    let countdowns = lanes.countdowns.iter().map(|countdown| {
        json!({ "lane": countdown.lane, "from": reader.stamp(countdown.span.from), "to": reader.stamp(countdown.span.to) })
    });
    let missing = verdict.missing.iter().map(|(sight, causes)| {
        json!({ "sight": sight, "causes": causes, "how": sight.how_to_get().in_language(reader.language) })
    });
    json!({
        "known": verdict.cause.is_some(),
        "confidence": verdict.confidence(),
        "cause": verdict.cause.as_ref().map(|cause| candidate(verdict, cause, reader)),
        "not_excluded": verdict.others.iter().map(|other| other.rule.id).collect::<Vec<_>>(),
        "missing": missing.collect::<Vec<_>>(),
        "others": {
            "count": cohort.count,
            "agents": cohort.others.iter().map(|agent| shown(agent)).collect::<Vec<_>>(),
            "stayed": cohort.stayed,
            "probability": cohort.probability,
            "more_than_chance": cohort.is_more_than_chance,
            "network": cohort.site.as_deref().map(shown),
        },
        "reason_codes": reason_codes(incident.case, incident).iter().map(|code| {
            json!({ "deployment": code.deployment, "code": code.code, "says": code.says.in_language(reader.language) })
        }).collect::<Vec<_>>(),
        "countdowns": countdowns.collect::<Vec<_>>(),
        "lanes": lanes.marks.iter().map(|mark| {
            json!({ "lane": mark.lane, "at": reader.stamp(mark.fact.at), "text": tell(mark.fact, reader.language) })
        }).collect::<Vec<_>>(),
    })
}

fn candidate(verdict: &Verdict<'_>, cause: &Candidate, reader: &Reader) -> Value {
    let rule = cause.rule;
    json!({
        "id": rule.id,
        "name": rule.name.in_language(reader.language),
        "symptom": rule.symptom.in_language(reader.language),
        "source": rule.source,
        "remedy": rule.remedy.what.in_language(reader.language),
        "command": rule.remedy.command,
        "disturbs": rule.remedy.disturbs.in_language(reader.language),
        "clues": cause.clues.iter().map(|clue| one_clue(verdict, clue, reader)).collect::<Vec<_>>(),
    })
}

fn one_clue(verdict: &Verdict<'_>, clue: &Clue, reader: &Reader) -> Value {
    let facts = &verdict.incident.case.facts;
    let (found, lines, sight) = match &clue.finding {
        Finding::Seen(places) => {
            let lines = places.iter().filter_map(|place| facts.get(*place)).map(|fact| {
                json!({ "at": reader.stamp(fact.at), "text": tell(fact, reader.language), "source": shown(&fact.source) })
            });
            ("seen", lines.collect(), None)
        }
        Finding::Absent => ("absent", Vec::new(), None),
        Finding::NotLooked(sight) => ("not-looked", Vec::new(), Some(sight)),
    };
    json!({
        "role": clue.role,
        "says": clue.says.in_language(reader.language),
        "found": found,
        "lines": lines,
        "look_at": sight,
    })
}

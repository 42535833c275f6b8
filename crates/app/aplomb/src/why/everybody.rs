//! `aplomb why --all`: the table of a bad hour.

use super::Question;
use comfy_table::presets::NOTHING;
use comfy_table::{ContentArrangement, Table};
use diag::render::Reader;
use diag::{Case, Confidence, End, Language, Verdict, What, diagnose, shown};
use jiff::Timestamp;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Ends that are explained one by one; of more, the newest.
const ENDS_MAX: usize = 1_000;

/// One line of the table.
struct Row {
    at: Timestamp,
    agent: String,
    cause: Option<(&'static str, &'static str)>,
    confidence: Confidence,
    together: usize,
    is_forced: bool,
}

/// Text or JSON, of the agents who may be named.
pub(super) fn answer(
    mut case: Case,
    question: &Question,
    reader: &Reader,
    as_json: bool,
    may_name: impl Fn(&str) -> bool,
) -> anyhow::Result<String> {
    let lost = |fact: &&diag::Fact| {
        matches!(fact.what, What::SessionEnded { end, .. } if end != End::Left) && fact.at >= question.since
    };
    let ends = case.facts.iter().filter(lost).filter_map(|fact| Some((fact.at, fact.of.clone()?)));
    let mut ends: Vec<(Timestamp, String)> = ends.filter(|(_, agent)| may_name(agent)).collect();
    let left_out = ends.len().saturating_sub(ENDS_MAX);
    ends.drain(..left_out);
    let mut rows = Vec::with_capacity(ends.len());
    for (at, agent) in ends {
        case.subject = agent;
        case.at = Some(at);
        rows.push(row(&diagnose(&case), at, reader.language));
    }
    if as_json { Ok(document(&rows, left_out, reader)? + "\n") } else { Ok(page(&rows, left_out, reader)) }
}

fn row(verdict: &Verdict<'_>, at: Timestamp, language: Language) -> Row {
    let codes = diag::reason_code::reason_codes(verdict.incident.case(), &verdict.incident);
    Row {
        at,
        agent: verdict.incident.case().subject.clone(),
        cause: verdict.cause.as_ref().map(|cause| (cause.rule.id, cause.rule.name.in_language(language))),
        confidence: verdict.confidence(),
        together: verdict.incident.cohort.count,
        is_forced: codes.iter().any(|code| code.code == 255),
    }
}

fn say(reader: &Reader, en: &'static str, ja: &'static str) -> &'static str {
    if reader.language == Language::Japanese { ja } else { en }
}

fn name(row: &Row, reader: &Reader) -> String {
    match row.cause {
        Some((id, name)) => format!("{name} ({id})"),
        None => say(reader, "not known", "不明").to_owned(),
    }
}

fn page(rows: &[Row], left_out: usize, reader: &Reader) -> String {
    if rows.is_empty() {
        return say(reader, "Nobody's session was lost.\n", "失われたセッションはない。\n").to_owned();
    }
    let mut table = Table::new();
    table.load_style(NOTHING).set_content_arrangement(ContentArrangement::Dynamic);
    table.set_width(u16::try_from(reader.columns).unwrap_or(u16::MAX));
    table.set_header(match reader.language {
        Language::English => ["time", "agent", "cause", "confidence", "at once", "forced"],
        Language::Japanese => ["時刻", "エージェント", "原因", "確度", "同時", "強制"],
    });
    for row in rows {
        table.add_row([
            row.at.to_zoned(reader.zone.clone()).strftime("%H:%M:%S").to_string(),
            shown(&row.agent),
            name(row, reader),
            confidence(row.confidence, reader).to_owned(),
            if row.together == 0 { String::new() } else { format!("+{}", row.together) },
            if row.is_forced { "255".to_owned() } else { String::new() },
        ]);
    }
    let mut out: String = table.lines().map(|line| format!("{}\n", line.trim_end())).collect();
    let mut causes: BTreeMap<String, usize> = BTreeMap::new();
    for row in rows {
        *causes.entry(name(row, reader)).or_default() += 1;
    }
    let mut causes: Vec<_> = causes.into_iter().collect();
    causes.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    out.push('\n');
    for (cause, count) in causes {
        out.push_str(&format!("{count:6}  {cause}\n"));
    }
    if left_out > 0 {
        out.push_str(&format!("({left_out} {})\n", say(reader, "earlier ones are left out", "件を省略")));
    }
    out
}

fn confidence(confidence: Confidence, reader: &Reader) -> &'static str {
    match confidence {
        Confidence::High => say(reader, "high", "高"),
        Confidence::Medium => say(reader, "medium", "中"),
        Confidence::Low => "",
    }
}

fn document(rows: &[Row], left_out: usize, reader: &Reader) -> anyhow::Result<String> {
    let rows: Vec<Value> = rows
        .iter()
        .map(|row| {
            json!({
                "at": row.at.to_zoned(reader.zone.clone()).strftime("%Y-%m-%dT%H:%M:%S%.3f%:z").to_string(),
                "agent": row.agent,
                "cause": row.cause.map(|(id, _)| id),
                "name": row.cause.map(|(_, name)| name),
                "confidence": row.confidence,
                "others_at_once": row.together,
                "forced_logout": row.is_forced,
            })
        })
        .collect();
    Ok(serde_json::to_string(&json!({ "version": 1, "left_out": left_out, "disconnections": rows }))?)
}

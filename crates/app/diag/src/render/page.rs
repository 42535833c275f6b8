//! A verdict as text.

use super::lanes::{Lanes, Mark};
use super::{Reader, company, confidence};
use crate::incident::Span;
use crate::reason_code::reason_codes;
use crate::rules::{Clue, Finding, Role};
use crate::sight::Lane;
use crate::telling::{duration, tell};
use crate::verdict::{Candidate, Verdict};

/// Columns of the lanes' names.
const NAME_COLUMNS: usize = 14;

/// Places to look next that are told.
const MISSING_MAX: usize = 3;

/// The whole text.
pub fn page(verdict: &Verdict<'_>, reader: &Reader) -> String {
    let mut out = String::new();
    match &verdict.cause {
        Some(cause) => named(&mut out, verdict, cause, reader),
        None => not_known(&mut out, verdict, reader),
    }
    if verdict.incident.ended.is_some() {
        line(&mut out, reader, 0, &company(reader, &verdict.incident.cohort));
    }
    let codes = reason_codes(verdict.incident.case, &verdict.incident);
    for code in codes {
        let says = code.says.in_language(reader.language);
        let report = reader.say("Reports call it", "レポート上の理由コード");
        line(&mut out, reader, 0, &format!("{report}: {} ({}): {says}", code.code, code.deployment));
    }
    out.push('\n');
    draw(&mut out, verdict, reader);
    out
}

fn named(out: &mut String, verdict: &Verdict<'_>, cause: &Candidate, reader: &Reader) {
    let sure = confidence(reader, cause.confidence);
    let name = cause.rule.name.in_language(reader.language);
    let text = match reader.language {
        crate::Language::English => format!("Cause: {name} ({}, confidence {sure}).", cause.rule.id),
        crate::Language::Japanese => format!("原因: {name} ({}、確度 {sure})", cause.rule.id),
    };
    emphasised(out, reader, &text);
    clues(out, verdict, cause, reader);
    let remedy = cause.rule.remedy;
    let what = remedy.what.in_language(reader.language);
    line(out, reader, 0, &format!("{}: {what}", reader.say("Remedy", "対処")));
    if let Some(command) = remedy.command {
        out.push_str(&format!("    {command}\n"));
    }
    let disturbs = remedy.disturbs.in_language(reader.language);
    line(out, reader, 0, &format!("{}: {disturbs}", reader.say("It disturbs", "影響範囲")));
    next(out, verdict, reader, reader.say("To be surer", "確度を上げるには"));
}

fn not_known(out: &mut String, verdict: &Verdict<'_>, reader: &Reader) {
    emphasised(out, reader, reader.say("Cause: not known.", "原因: 不明"));
    let (likely, rare): (Vec<&Candidate>, Vec<&Candidate>) =
        verdict.others.iter().partition(|other| other.fits());
    let left: Vec<String> = likely
        .iter()
        .map(|other| format!("{} ({})", other.rule.name.in_language(reader.language), other.rule.id))
        .collect();
    if !left.is_empty() {
        let text = reader.say("Nothing excludes", "除外できない原因");
        line(out, reader, 0, &format!("{text}: {}.", left.join(", ")));
    }
    if !rare.is_empty() {
        let ids: Vec<_> = rare.iter().map(|other| other.rule.id).collect();
        let text = reader.say("Nor, though nothing points there", "可能性は低いが除外できない原因");
        line(out, reader, 0, &format!("{text}: {}.", ids.join(", ")));
    }
    next(out, verdict, reader, reader.say("To find out", "特定するには"));
}

fn next(out: &mut String, verdict: &Verdict<'_>, reader: &Reader, head: &str) {
    let mut ways: Vec<&str> = Vec::new();
    for (sight, _) in &verdict.missing {
        let way = sight.how_to_get().in_language(reader.language);
        if !ways.contains(&way) {
            ways.push(way);
        }
    }
    for way in ways.into_iter().take(MISSING_MAX) {
        line(out, reader, 0, &format!("{head}: {way}."));
    }
}

fn clues(out: &mut String, verdict: &Verdict<'_>, cause: &Candidate, reader: &Reader) {
    for clue in &cause.clues {
        let says = clue.says.in_language(reader.language);
        let (sign, remark) = match (clue.role, &clue.finding) {
            (Role::Against, Finding::Absent) => {
                ("-", reader.say("looked for, not there", "確認済み・該当なし"))
            }
            (Role::Against, Finding::NotLooked(_)) => {
                ("?", reader.say("would refute it; nobody looked", "反証になり得るが未確認"))
            }
            (_, Finding::Seen(_)) => ("+", ""),
            (_, Finding::Absent) => (" ", reader.say("not there", "該当なし")),
            (_, Finding::NotLooked(_)) => ("?", reader.say("nobody looked", "未確認")),
        };
        let remark = if remark.is_empty() { String::new() } else { format!(" ({remark})") };
        line(out, reader, 1, &format!("{sign} {says}{remark}"));
        lines(out, verdict, clue, reader);
    }
}

/// What was seen, each once in an answer.
fn lines(out: &mut String, verdict: &Verdict<'_>, clue: &Clue, reader: &Reader) {
    let Finding::Seen(places) = &clue.finding else { return };
    let facts = &verdict.incident.case.facts;
    for fact in places.iter().filter_map(|place| facts.get(*place)).take(crate::limits::LINES_MAX) {
        line(out, reader, 3, &format!("{} {}", reader.time(fact.at), tell(fact, reader.language)));
    }
}

fn draw(out: &mut String, verdict: &Verdict<'_>, reader: &Reader) {
    let lanes = Lanes::of(verdict);
    let axis = reader.columns.saturating_sub(NAME_COLUMNS + 1).clamp(20, 120);
    let (from, to) = (reader.time(lanes.span.from), reader.time(lanes.span.to));
    let between = axis.saturating_sub(from.len() + to.len());
    out.push_str(&format!("{}{from}{}{to}\n", " ".repeat(NAME_COLUMNS), " ".repeat(between)));
    for lane in Lane::ALL {
        let name = lane.words().in_language(reader.language);
        let pad = NAME_COLUMNS.saturating_sub(width(name));
        out.push_str(&format!("{name}{}{}\n", " ".repeat(pad), row(&lanes, lane, axis)));
    }
    for countdown in &lanes.countdowns {
        let Span { from, to } = countdown.span;
        let ms = u64::try_from(to.duration_since(from).as_millis()).unwrap_or(0);
        let what = if countdown.is_silence {
            reader.say("--- not heard of", "--- 無通信")
        } else {
            reader.say("=== under watch", "=== 監視中")
        };
        line(out, reader, 1, &format!("{what}: {}", duration(ms)));
    }
    for Mark { letter, fact, .. } in &lanes.marks {
        line(out, reader, 1, &format!("{letter} {} {}", reader.time(fact.at), tell(fact, reader.language)));
    }
    if lanes.left_out > 0 {
        let more = reader.say("more are left out", "件を省略");
        line(out, reader, 1, &format!("{} {more}", lanes.left_out));
    }
}

fn row(lanes: &Lanes<'_>, lane: Lane, axis: usize) -> String {
    let mut cells = vec!['.'; axis];
    for countdown in lanes.countdowns.iter().filter(|countdown| countdown.lane == lane) {
        let (from, to) = (lanes.place(countdown.span.from, axis), lanes.place(countdown.span.to, axis));
        cells[from..=to].fill(if countdown.is_silence { '-' } else { '=' });
    }
    for mark in lanes.marks.iter().filter(|mark| mark.lane == lane) {
        // the next free place: things of one moment stand side by side
        let place = lanes.place(mark.fact.at, axis);
        let free = (place..axis).find(|place| !cells[*place].is_ascii_lowercase());
        if let Some(free) = free {
            cells[free] = mark.letter;
        }
    }
    cells.into_iter().collect()
}

/// Columns of a text: characters of East Asian scripts take two.
pub fn width(text: &str) -> usize {
    text.chars().map(|c| if is_wide(c) { 2 } else { 1 }).sum()
}

fn is_wide(c: char) -> bool {
    matches!(c, '\u{1100}'..='\u{115F}' | '\u{2E80}'..='\u{A4CF}' | '\u{AC00}'..='\u{D7A3}' | '\u{F900}'..='\u{FAFF}' | '\u{FF00}'..='\u{FF60}' | '\u{20000}'..='\u{3FFFD}')
}

fn emphasised(out: &mut String, reader: &Reader, text: &str) {
    if reader.emphasis {
        out.push_str(&format!("\x1b[1m{text}\x1b[0m\n"));
    } else {
        line(out, reader, 0, text);
    }
}

/// A line, wrapped at the reader's columns: between words, or, where there are none, between characters.
fn line(out: &mut String, reader: &Reader, depth: usize, text: &str) {
    let indent = "  ".repeat(depth);
    let room = reader.columns.saturating_sub(indent.len()).max(20);
    let mut used = 0;
    let mut row = indent.clone();
    for word in pieces(text) {
        let length = width(word);
        if used > 0 && used + width(word.trim_end()) > room {
            out.push_str(row.trim_end());
            out.push('\n');
            row = format!("{indent}  ");
            used = 2;
        }
        row.push_str(word);
        used += length;
    }
    out.push_str(row.trim_end());
    out.push('\n');
}

/// Words with the space behind them; each wide character is one.
pub fn pieces(text: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut start = 0;
    for (at, c) in text.char_indices() {
        let end = at + c.len_utf8();
        if c == ' ' || is_wide(c) {
            pieces.push(&text[start..end]);
            start = end;
        }
    }
    if start < text.len() {
        pieces.push(&text[start..]);
    }
    pieces
}

//! The answer as a page of text.

use super::Question;
use super::answer::{Answer, host};
use super::because::because;
use super::event::event;
use super::history::{End, History, Life};
use super::sentences::sentences;
use super::words::{Clock, duration, program, shown, transport_name};
use comfy_table::presets::NOTHING;
use comfy_table::{ContentArrangement, Table};
use diag::render::{pieces, width};
use jiff::Timestamp;

/// Lines of the table; the newest are shown.
const ROWS_MAX: usize = 200;

/// With fewer, what is known of a session's client stands below what happened to it.
const COLUMNS_FOR_ALL: usize = 110;

const HEADER: [&str; 6] = ["from", "to", "what happened", "connection", "program", "longest gap"];

const HEADER_JA: [&str; 6] = ["開始", "終了", "経過", "接続", "プログラム", "最長間隔"];

/// The whole page. `emphasis`: the answer stands out, for terminals.
pub(super) fn page(
    history: &History,
    question: &Question,
    answer: &Answer<'_>,
    clock: &Clock,
    columns: usize,
    emphasis: bool,
) -> String {
    let login = history.login.as_deref().map(|login| format!(" ({})", shown(login))).unwrap_or_default();
    let agent = clock.say("Agent", "エージェント");
    let mut out =
        format!("{agent} {}{login}: {}\n\n", shown(&history.user), clock.heading(question.moment()));
    let (table, left_out) = table(history, question, clock, columns);
    if left_out > 0 {
        out.push_str(&clock.say(
            format!("({left_out} earlier lines are left out: ask for less with --since)\n"),
            format!("(以前の {left_out} 行を省略: --since で範囲を狭める)\n"),
        ));
    }
    for line in table.lines() {
        out.push_str(line.trim_end());
        out.push('\n');
    }
    let answer = wrap(&sentences(answer, history, question, clock), columns);
    out.push_str(&if emphasis { format!("\n\x1b[1m{answer}\x1b[0m\n") } else { format!("\n{answer}\n") });
    out
}

fn table(history: &History, question: &Question, clock: &Clock, columns: usize) -> (Table, usize) {
    let mut table = Table::new();
    table.load_style(NOTHING).set_content_arrangement(ContentArrangement::Dynamic);
    table.set_width(u16::try_from(columns).unwrap_or(u16::MAX));
    let is_wide = columns >= COLUMNS_FOR_ALL;
    table.set_header(clock.say(HEADER, HEADER_JA)[..if is_wide { 6 } else { 3 }].iter().copied());
    let mut rows: Vec<(Timestamp, [String; 6])> = Vec::new();
    let is_shown = |at: Option<Timestamp>| at.is_none_or(|at| at >= question.since);
    for life in history.lives.iter().filter(|life| is_shown(life.ended())) {
        rows.push((life.opened, session(life, clock)));
    }
    for record in history.events.iter().filter(|record| is_shown(Some(record.at))) {
        let none = String::new;
        rows.push((
            record.at,
            [clock.time(record.at), none(), event(&record.what, clock.language), none(), none(), none()],
        ));
    }
    rows.sort_by_key(|(at, _)| *at);
    let left_out = rows.len().saturating_sub(ROWS_MAX);
    let rows = rows.into_iter().skip(left_out).map(|(_, row)| row);
    table.add_rows(rows.map(|row| if is_wide { row.to_vec() } else { narrow(row, clock) }));
    (table, left_out)
}

fn session(life: &Life, clock: &Clock) -> [String; 6] {
    let to = match &life.end {
        End::Open => clock.say("open", "接続中").to_owned(),
        End::Ended(at, _) | End::ServerDied(at) => clock.time(*at),
    };
    let connected = || clock.say("connected", "接続").to_owned();
    let what = life.reason().map_or_else(connected, |_| because(life, clock.language));
    let transport = transport_name(&life.session.transport, clock.language);
    let address = shown(host(&life.session.address));
    let connection = clock.say(format!("{transport} from {address}"), format!("{transport} {address}"));
    let client = life.session.client.as_deref().map(program).unwrap_or_default();
    let gap = life.tombstone().and_then(|ended| ended.longest_gap_ms).map(duration).unwrap_or_default();
    [clock.time(life.opened), to, what, connection, client, gap]
}

fn narrow([from, to, what, connection, program, gap]: [String; 6], clock: &Clock) -> Vec<String> {
    let longest = clock.say("longest gap", "最長間隔");
    let gap = if gap.is_empty() { gap } else { format!("{longest} {gap}") };
    let client: Vec<_> = [connection, program, gap].into_iter().filter(|text| !text.is_empty()).collect();
    let what = if client.is_empty() { what } else { format!("{what}\n{}", client.join(", ")) };
    vec![from, to, what]
}

/// Breaks a text between words; where there are none, between characters.
fn wrap(text: &str, columns: usize) -> String {
    let mut out = String::new();
    let mut used = 0;
    for piece in pieces(text) {
        if used > 0 && used + width(piece.trim_end()) > columns {
            out.truncate(out.trim_end().len());
            out.push('\n');
            used = 0;
        }
        out.push_str(piece);
        used += width(piece);
    }
    out
}

//! The answer as a page of text.

use super::Question;
use super::answer::{Answer, host, sentences};
use super::history::{End, History, Life};
use super::words::{Clock, because, duration, event, program, shown, transport_name};
use comfy_table::presets::NOTHING;
use comfy_table::{ContentArrangement, Table};
use jiff::Timestamp;

/// Lines of the table; the newest are shown.
const ROWS_MAX: usize = 200;

/// With fewer, what is known of a session's client stands below what happened to it.
const COLUMNS_FOR_ALL: usize = 110;

const HEADER: [&str; 6] = ["from", "to", "what happened", "connection", "program", "longest gap"];

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
    let mut out = format!("Agent {}{login}: {}\n\n", shown(&history.user), clock.heading(question.moment()));
    let (table, left_out) = table(history, question, clock, columns);
    if left_out > 0 {
        out.push_str(&format!("({left_out} earlier lines are left out: ask for less with --since)\n"));
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
    table.set_header(HEADER[..if is_wide { 6 } else { 3 }].iter().copied());
    let mut rows: Vec<(Timestamp, [String; 6])> = Vec::new();
    let is_shown = |at: Option<Timestamp>| at.is_none_or(|at| at >= question.since);
    for life in history.lives.iter().filter(|life| is_shown(life.ended())) {
        rows.push((life.opened, session(life, clock)));
    }
    for record in history.events.iter().filter(|record| is_shown(Some(record.at))) {
        let none = String::new;
        rows.push((record.at, [clock.time(record.at), none(), event(&record.what), none(), none(), none()]));
    }
    rows.sort_by_key(|(at, _)| *at);
    let left_out = rows.len().saturating_sub(ROWS_MAX);
    let rows = rows.into_iter().skip(left_out).map(|(_, row)| row);
    table.add_rows(rows.map(|row| if is_wide { row.to_vec() } else { narrow(row) }));
    (table, left_out)
}

fn session(life: &Life, clock: &Clock) -> [String; 6] {
    let to = match &life.end {
        End::Open => "open".to_owned(),
        End::Ended(at, _) | End::ServerDied(at) => clock.time(*at),
    };
    let what = life.reason().map_or_else(|| "connected".to_owned(), |_| because(life));
    let connection =
        format!("{} from {}", transport_name(&life.session.transport), shown(host(&life.session.address)));
    let client = life.session.client.as_deref().map(program).unwrap_or_default();
    let gap = life.tombstone().and_then(|ended| ended.longest_gap_ms).map(duration).unwrap_or_default();
    [clock.time(life.opened), to, what, connection, client, gap]
}

fn narrow([from, to, what, connection, program, gap]: [String; 6]) -> Vec<String> {
    let gap = if gap.is_empty() { gap } else { format!("longest gap {gap}") };
    let client: Vec<_> = [connection, program, gap].into_iter().filter(|text| !text.is_empty()).collect();
    let what = if client.is_empty() { what } else { format!("{what}\n{}", client.join(", ")) };
    vec![from, to, what]
}

/// Breaks a text between words.
fn wrap(text: &str, columns: usize) -> String {
    let mut out = String::new();
    let mut used = 0;
    for word in text.split(' ') {
        let length = word.chars().count();
        if used > 0 && used + 1 + length > columns {
            out.push('\n');
            used = 0;
        } else if used > 0 {
            out.push(' ');
            used += 1;
        }
        out.push_str(word);
        used += length;
    }
    out
}

//! What last went to and fro in a session (`--traffic`).

use super::history::Life;
use super::words::{Clock, shown};
use crate::journal::Way;
use comfy_table::presets::NOTHING;
use comfy_table::{CellAlignment, Table};
use jiff::SignedDuration;

/// For sessions that go on or left none behind.
pub(super) fn none(clock: &Clock) -> String {
    clock.say("\nNo traffic is kept of it.\n", "\n通信の記録はない。\n").to_owned()
}

/// A line for each request and answer, oldest first.
pub(super) fn page(life: &Life, clock: &Clock) -> String {
    let Some((ended, tombstone)) = life.ended().zip(life.tombstone()) else { return none(clock) };
    if tombstone.traffic.is_empty() {
        return none(clock);
    }
    let mut table = Table::new();
    table.load_style(NOTHING);
    table.set_header(clock.say(
        ["time", "before the end", "", "rid", "what", "bytes"],
        ["時刻", "終了まで", "", "rid", "種類", "バイト"],
    ));
    for passage in &tombstone.traffic {
        let ago = SignedDuration::from_millis(i64::try_from(passage.ago_ms).unwrap_or(i64::MAX));
        table.add_row([
            clock.time(ended.checked_sub(ago).unwrap_or(ended)),
            format!("{:.3} s", passage.ago_ms as f64 / 1_000.0),
            match passage.way {
                Way::In => clock.say("from the client", "クライアントから").to_owned(),
                Way::Out => clock.say("to the client", "クライアントへ").to_owned(),
            },
            passage.rid.map(|rid| rid.to_string()).unwrap_or_default(),
            shown(&passage.what),
            passage.bytes.to_string(),
        ]);
    }
    for number in [1, 3, 5] {
        if let Some(column) = table.column_mut(number) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    let lines: String = table.lines().map(|line| format!("{}\n", line.trim_end())).collect();
    let head = clock.say("Traffic of the session, without what was in it", "セッションの通信 (内容を除く)");
    format!("\n{head}:\n{lines}")
}

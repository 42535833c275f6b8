//! What last went to and fro in a session (`--traffic`).

use super::history::Life;
use super::words::{Clock, shown};
use crate::journal::Way;
use comfy_table::presets::NOTHING;
use comfy_table::{CellAlignment, Table};
use jiff::SignedDuration;

/// For sessions that go on or left none behind.
pub(super) const NONE: &str = "\nNo traffic is kept of it.\n";

/// A line for each request and answer, oldest first.
pub(super) fn page(life: &Life, clock: &Clock) -> String {
    let Some((ended, tombstone)) = life.ended().zip(life.tombstone()) else { return NONE.to_owned() };
    if tombstone.traffic.is_empty() {
        return NONE.to_owned();
    }
    let mut table = Table::new();
    table.load_style(NOTHING);
    table.set_header(["time", "before the end", "", "rid", "what", "bytes"]);
    for passage in &tombstone.traffic {
        let ago = SignedDuration::from_millis(i64::try_from(passage.ago_ms).unwrap_or(i64::MAX));
        table.add_row([
            clock.time(ended.checked_sub(ago).unwrap_or(ended)),
            format!("{:.3} s", passage.ago_ms as f64 / 1_000.0),
            match passage.way {
                Way::In => "from the client".to_owned(),
                Way::Out => "to the client".to_owned(),
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
    format!("\nTraffic of the session, without what was in it:\n{lines}")
}

//! Results, for people and for programs.

use crate::args::{Scenario, Transport};
use comfy_table::presets::ASCII_MARKDOWN;
use comfy_table::{CellAlignment, Table};
use serde::Serialize;
use std::fmt::Write;

/// All of a run.
#[derive(Debug, Serialize)]
pub(crate) struct Report {
    pub(crate) transport: Transport,
    /// Whether the agents shared connections.
    pub(crate) http2: bool,
    pub(crate) sessions: u32,
    pub(crate) payload_bytes: usize,
    pub(crate) online: Online,
    pub(crate) scenarios: Vec<Row>,
}

/// Bringing the agents online.
#[derive(Debug, Serialize)]
pub(crate) struct Online {
    pub(crate) seconds: f64,
    /// Of the server's processor, per 1,000 sessions.
    pub(crate) server_cpu_s_per_1000: Option<f64>,
    /// What the server grew by, per session.
    pub(crate) resident_kib_per_session: Option<f64>,
}

/// One scenario.
#[derive(Debug, Serialize)]
pub(crate) struct Row {
    pub(crate) scenario: Scenario,
    pub(crate) seconds: f64,
    pub(crate) publications: u64,
    pub(crate) deliveries: u64,
    pub(crate) deliveries_per_s: f64,
    pub(crate) p50_ms: Option<f64>,
    pub(crate) p95_ms: Option<f64>,
    pub(crate) p99_ms: Option<f64>,
    pub(crate) max_ms: Option<f64>,
    /// Of the reader of each publication who had it first.
    pub(crate) first: Spread,
    /// And of the one who had it last.
    pub(crate) last: Spread,
    pub(crate) server_cpu_s: Option<f64>,
    pub(crate) server_cpu_s_per_100000: Option<f64>,
    /// Milliseconds of processor time per second, per 1,000 sessions.
    pub(crate) server_cpu_ms_per_s_per_1000: Option<f64>,
    pub(crate) resident_kib_per_session: Option<f64>,
    /// Near 1: this program was the bottleneck.
    pub(crate) own_cpu_share: f64,
    pub(crate) lost: u64,
    pub(crate) doubled: u64,
    pub(crate) out_of_order: u64,
    pub(crate) sessions_lost: u64,
    pub(crate) refused: u64,
}

/// The usual and the unusual, in milliseconds.
#[derive(Clone, Copy, Debug, Serialize)]
pub(crate) struct Spread {
    pub(crate) p50_ms: Option<f64>,
    pub(crate) p99_ms: Option<f64>,
}

impl Spread {
    pub(crate) fn of(sorted_us: &[u32]) -> Self {
        Self { p50_ms: percentile_ms(sorted_us, 0.5), p99_ms: percentile_ms(sorted_us, 0.99) }
    }

    fn text(self) -> String {
        format!("{} / {}", figure(self.p50_ms, 2), figure(self.p99_ms, 2))
    }
}

impl Row {
    pub(crate) fn is_clean(&self) -> bool {
        [self.lost, self.doubled, self.out_of_order, self.sessions_lost, self.refused] == [0; 5]
    }
}

impl Report {
    /// A table that reads well in a terminal and is Markdown at the same time.
    pub(crate) fn table(&self) -> String {
        let mut text = String::new();
        let Online { seconds, server_cpu_s_per_1000, resident_kib_per_session } = &self.online;
        // writing to a String cannot fail
        let _ = writeln!(
            text,
            "{} sessions over {:?}{} in {seconds:.1} s: {} CPU s of the server per 1,000, {} KiB each\n",
            self.sessions,
            self.transport,
            if self.http2 { " and HTTP/2" } else { "" },
            figure(*server_cpu_s_per_1000, 2),
            figure(*resident_kib_per_session, 1),
        );
        let mut table = Table::new();
        table.load_style(ASCII_MARKDOWN).set_header([
            "scenario",
            "published",
            "delivered",
            "per s",
            "p50 ms",
            "p95 ms",
            "p99 ms",
            "max ms",
            "first reader p50 / p99",
            "last reader p50 / p99",
            "CPU s per 100,000",
            "CPU ms/s per 1,000",
            "KiB/session",
            "own CPU",
            "lost",
            "doubled",
            "out of order",
            "sessions lost",
            "refused",
        ]);
        table.column_iter_mut().skip(1).for_each(|column| {
            column.set_cell_alignment(CellAlignment::Right);
        });
        for row in &self.scenarios {
            let count = |number: u64| number.to_string();
            table.add_row([
                format!("{:?}", row.scenario).to_lowercase(),
                count(row.publications),
                count(row.deliveries),
                format!("{:.0}", row.deliveries_per_s),
                figure(row.p50_ms, 2),
                figure(row.p95_ms, 2),
                figure(row.p99_ms, 2),
                figure(row.max_ms, 1),
                row.first.text(),
                row.last.text(),
                figure(row.server_cpu_s_per_100000, 2),
                figure(row.server_cpu_ms_per_s_per_1000, 2),
                figure(row.resident_kib_per_session, 1),
                format!("{:.0} %", row.own_cpu_share * 100.0),
                count(row.lost),
                count(row.doubled),
                count(row.out_of_order),
                count(row.sessions_lost),
                count(row.refused),
            ]);
        }
        let _ = writeln!(text, "{table}");
        text
    }
}

fn figure(value: Option<f64>, digits: usize) -> String {
    value.map_or_else(|| "–".to_owned(), |value| format!("{value:.digits$}"))
}

/// The `share` (0 to 1) largest of sorted microseconds, in milliseconds.
pub(crate) fn percentile_ms(sorted_us: &[u32], share: f64) -> Option<f64> {
    let last = sorted_us.len().checked_sub(1)?;
    sorted_us.get((last as f64 * share).round() as usize).map(|us| f64::from(*us) / 1_000.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_values_that_were_measured() {
        let values: Vec<u32> = (1..=101).map(|n| n * 1_000).collect();
        assert_eq!(
            [0.5, 0.99, 1.0].map(|share| percentile_ms(&values, share)),
            [Some(51.0), Some(100.0), Some(101.0)]
        );
        assert_eq!(percentile_ms(&[], 0.5), None);
    }
}

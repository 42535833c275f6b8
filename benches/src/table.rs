//! Results as tables that read well in a terminal and are Markdown at the same time.

use anyhow::Result;
use comfy_table::presets::ASCII_MARKDOWN;
use comfy_table::{CellAlignment, Table};
use std::io::{self, Write};

/// A table with these columns; all but the first hold figures and are aligned to the right.
pub fn with_columns<const N: usize>(names: [&str; N]) -> Table {
    let mut table = Table::new();
    table.load_style(ASCII_MARKDOWN).set_header(names);
    table.column_iter_mut().skip(1).for_each(|column| {
        column.set_cell_alignment(CellAlignment::Right);
    });
    table
}

/// Prints a result.
pub fn print(title: &str, table: &Table) -> Result<()> {
    writeln!(io::stdout(), "\n{title}\n\n{table}")?;
    Ok(())
}

/// Prints a line of what is going on, apart from the results.
pub fn progress(line: &str) -> Result<()> {
    writeln!(io::stderr(), "-- {line}")?;
    Ok(())
}

/// The `share` (0 to 1) largest of sorted values: 0.5 is the median.
pub fn percentile<T: Copy>(sorted: &[T], share: f64) -> Option<T> {
    let last = sorted.len().checked_sub(1)?;
    sorted.get((last as f64 * share).round() as usize).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_values_that_were_measured() {
        let values: Vec<u32> = (1..=101).collect();
        assert_eq!(percentile(&values, 0.5), Some(51));
        assert_eq!(percentile(&values, 0.99), Some(100));
        assert_eq!(percentile(&values, 1.0), Some(101));
        assert_eq!(percentile::<u32>(&[], 0.5), None);
    }

    #[test]
    fn a_table_is_markdown() {
        let mut table = with_columns(["what", "ns"]);
        table.add_row(["parse", "480"]);
        let text = table.to_string();
        assert!(text.starts_with("| what  |") && text.contains("| parse | 480 |"), "{text}");
    }
}

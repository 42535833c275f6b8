//! `aplomb why --matrix DIR`: how often the rules are right about labelled cases.

use super::columns;
use crate::inject::{CORPUS_FILE, Corpus, Half};
use anyhow::{Context, bail, ensure};
use diag::{Case, Score};
use serde_json::json;
use std::fs;
use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};

/// Prints the matrix. An error when a case was named wrongly at high confidence, after everything was printed.
pub(crate) fn matrix(directory: &Path, half: Half, as_json: bool) -> anyhow::Result<()> {
    let files = case_files(directory, half)?;
    ensure!(!files.is_empty(), "{}: no cases in it (aplomb inject --all --cases DIR)", directory.display());
    let mut score = Score::default();
    for path in &files {
        let text = fs::read(path).with_context(|| path.display().to_string())?;
        let case = Case::parse(&text).with_context(|| path.display().to_string())?;
        ensure!(case.label.is_some(), "{}: a case without a label cannot be scored", path.display());
        score.take(&name(directory, path), &case);
    }
    let delays = Delays::of(directory, half)?;
    let mut out = std::io::stdout().lock();
    if as_json {
        let mut document = score.document();
        document["version"] = json!(1);
        document["half"] = json!(half.name());
        document["verdict_secs"] = delays.document();
        writeln!(out, "{document}")?;
    } else {
        let columns = columns(std::io::stdout().is_terminal());
        write!(out, "{}{}", score.table(columns), delays.sentence())?;
    }
    match score.count(diag::Outcome::is_wrong_at_high) {
        0 => Ok(()),
        wrong => bail!("{wrong} cases are named wrongly at high confidence"),
    }
}

/// The cases of one half, or of both; cases that lie in the directory itself belong to no half and are in each.
fn case_files(directory: &Path, half: Half) -> anyhow::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let halves = half.folders().iter().map(|folder| directory.join(folder)).filter(|folder| folder.is_dir());
    for folder in halves.chain([directory.to_owned()]) {
        for entry in fs::read_dir(&folder).with_context(|| folder.display().to_string())? {
            let path = entry?.path();
            let is_case = path.extension().is_some_and(|extension| extension == "json")
                && path.file_name().is_some_and(|name| name != CORPUS_FILE);
            if is_case {
                files.push(path);
            }
        }
    }
    files.sort();
    Ok(files)
}

/// As it is shown: below the directory, whatever its name holds.
fn name(directory: &Path, path: &Path) -> String {
    let path = path.strip_prefix(directory).unwrap_or(path);
    diag::shown(&path.with_extension("").to_string_lossy())
}

/// Seconds from a disconnection to its verdict, as they were seen while the cases were made.
struct Delays {
    /// From the end of the session.
    from_end: Vec<f64>,
    /// From the return of the agent's desktop, of verdicts that came after it.
    from_return: Vec<f64>,
    /// Cases whose cause was never named.
    never: usize,
}

impl Delays {
    fn of(directory: &Path, half: Half) -> anyhow::Result<Self> {
        let mut delays = Self { from_end: Vec::new(), from_return: Vec::new(), never: 0 };
        let Some(corpus) = Corpus::read(directory)? else { return Ok(delays) };
        let is_asked = |folder: &str| half.folders().contains(&folder);
        for made in corpus.cases.iter().filter(|made| is_asked(made.half.name())) {
            let secs = |ms: i64| ms as f64 / 1_000.0;
            match (made.named_after_ms, made.back_after_ms) {
                // the server cannot know what the desktop tells when it is back
                (Some(named), Some(back)) if named > back => delays.from_return.push(secs(named - back)),
                (Some(named), _) => delays.from_end.push(secs(named)),
                (None, _) => delays.never += usize::from(made.fault.is_some()),
            }
        }
        delays.from_end.sort_by(f64::total_cmp);
        delays.from_return.sort_by(f64::total_cmp);
        Ok(delays)
    }

    fn document(&self) -> serde_json::Value {
        let spread = |sorted: &[f64]| {
            json!({
                "cases": sorted.len(),
                "median": percentile(sorted, 0.5),
                "p95": percentile(sorted, 0.95),
                "longest": sorted.last(),
            })
        };
        json!({
            "from_the_end_of_the_session": spread(&self.from_end),
            "from_the_return_of_the_desktop": spread(&self.from_return),
            "never_named": self.never,
        })
    }

    fn sentence(&self) -> String {
        let line = |sorted: &[f64], from: &str| match (percentile(sorted, 0.5), sorted.last()) {
            (Some(median), Some(longest)) => format!(
                "Named {from}: {} cases, median {median:.1} s, 95 % within {:.1} s, longest {longest:.1} s\n",
                sorted.len(),
                percentile(sorted, 0.95).unwrap_or(*longest),
            ),
            _ => String::new(),
        };
        line(&self.from_end, "after the session's end")
            + &line(&self.from_return, "after the desktop's return, which tells why")
    }
}

/// The `share` (0 to 1) largest of sorted values.
fn percentile(sorted: &[f64], share: f64) -> Option<f64> {
    let last = sorted.len().checked_sub(1)?;
    sorted.get((last as f64 * share).round() as usize).copied()
}

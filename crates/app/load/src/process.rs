//! What the kernel says of a process.

use anyhow::{Context, Result};
use std::time::Duration;

/// A process's use of memory and processors so far.
#[derive(Clone, Copy, Debug)]
pub struct Usage {
    /// Resident memory (VmRSS).
    pub resident_bytes: u64,
    /// Processor time in user and kernel mode, all threads.
    pub cpu: Duration,
}

impl Usage {
    /// Reads it; `pid` may be our own.
    ///
    /// # Errors
    /// When there is no such process, or the kernel says it in a form that is not known.
    pub fn of(pid: u32) -> Result<Self> {
        let read = |file: &str| {
            std::fs::read_to_string(format!("/proc/{pid}/{file}"))
                .with_context(|| format!("process {pid} cannot be looked at"))
        };
        let ticks = cpu_ticks(&read("stat")?).context("/proc/PID/stat is of another form")?;
        let statm = read("statm")?;
        let pages = statm.split_ascii_whitespace().nth(1).and_then(|pages| pages.parse::<u64>().ok());
        let pages = pages.context("/proc/PID/statm is of another form")?;
        let per_second = rustix::param::clock_ticks_per_second() as f64;
        Ok(Self {
            resident_bytes: pages * rustix::param::page_size() as u64,
            cpu: Duration::from_secs_f64(ticks as f64 / per_second),
        })
    }
}

/// utime and stime: fields 14 and 15, counted behind the name in parentheses, which may hold anything.
fn cpu_ticks(stat: &str) -> Option<u64> {
    let mut fields = stat.rsplit_once(')')?.1.split_ascii_whitespace().skip(11);
    Some(fields.next()?.parse::<u64>().ok()? + fields.next()?.parse::<u64>().ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_processs_time_is_read_behind_its_name() {
        let stat = "71 (a ) b) S 1 1 1 0 -1 4194304 900 0 0 0 250 50 0 0 20 0 3 0 100 1 1";
        assert_eq!(cpu_ticks(stat), Some(300));
        assert_eq!(cpu_ticks("71 (a)"), None);
    }

    #[test]
    fn we_use_memory_ourselves() {
        assert!(Usage::of(std::process::id()).unwrap().resident_bytes > 100_000);
    }
}

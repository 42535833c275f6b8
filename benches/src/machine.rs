//! What the kernel says of processes and of the machine.

use anyhow::{Context, Result};
use rustix::param::{clock_ticks_per_second, page_size};
use rustix::process::{Pid, Resource, Rlimit, getrlimit, setrlimit};
use rustix::thread::{CpuSet, sched_setaffinity};
use std::fs;
use std::time::Duration;

/// A process's use of memory and processors so far.
#[derive(Clone, Copy, Debug)]
pub struct Usage {
    /// Resident memory (VmRSS).
    pub resident_bytes: u64,
    /// Processor time in user and kernel mode.
    pub cpu: Duration,
}

impl Usage {
    /// Reads it; `pid` may be our own.
    pub fn read(pid: u32) -> Result<Self> {
        let stat = fs::read_to_string(format!("/proc/{pid}/stat"))?;
        let ticks = cpu_ticks(&stat).with_context(|| format!("/proc/{pid}/stat is of another form"))?;
        let statm = fs::read_to_string(format!("/proc/{pid}/statm"))?;
        let pages = statm.split_ascii_whitespace().nth(1).and_then(|pages| pages.parse::<u64>().ok());
        let pages = pages.with_context(|| format!("/proc/{pid}/statm is of another form"))?;
        Ok(Self { resident_bytes: pages * page_size() as u64, cpu: time(ticks) })
    }
}

/// utime and stime: fields 14 and 15, counted after the name in parentheses, which may hold anything.
fn cpu_ticks(stat: &str) -> Option<u64> {
    let mut fields = stat.rsplit_once(')')?.1.split_ascii_whitespace().skip(11);
    Some(fields.next()?.parse::<u64>().ok()? + fields.next()?.parse::<u64>().ok()?)
}

/// Processor time of the whole machine so far.
#[derive(Clone, Copy, Debug)]
pub struct Machine {
    busy: Duration,
    idle: Duration,
}

impl Machine {
    /// Reads it.
    pub fn read() -> Result<Self> {
        let stat = fs::read_to_string("/proc/stat")?;
        let (busy, idle) = machine_ticks(&stat).context("/proc/stat is of another form")?;
        Ok(Self { busy: time(busy), idle: time(idle) })
    }

    /// What passed since an earlier reading.
    pub fn since(&self, earlier: &Self) -> Self {
        Self { busy: self.busy.saturating_sub(earlier.busy), idle: self.idle.saturating_sub(earlier.idle) }
    }

    /// The share (0 to 1) of the processors that was in use, by whomever.
    pub fn busy_share(&self) -> f64 {
        self.share(self.busy)
    }

    /// The share (0 to 1) that was used by others than those who used `ours`.
    pub fn others_share(&self, ours: Duration) -> f64 {
        self.share(self.busy.saturating_sub(ours))
    }

    fn share(&self, of: Duration) -> f64 {
        of.as_secs_f64() / (self.busy + self.idle).as_secs_f64().max(f64::EPSILON)
    }
}

/// Ticks in use and idle, from the line of all processors: user nice system idle iowait irq softirq steal.
fn machine_ticks(stat: &str) -> Option<(u64, u64)> {
    let line = stat.lines().find_map(|line| line.strip_prefix("cpu "))?;
    let ticks: Option<Vec<u64>> = line.split_ascii_whitespace().take(8).map(|n| n.parse().ok()).collect();
    match ticks?[..] {
        [user, nice, system, idle, iowait, irq, softirq, steal] => {
            Some((user + nice + system + irq + softirq + steal, idle + iowait))
        }
        _ => None,
    }
}

fn time(ticks: u64) -> Duration {
    Duration::from_secs_f64(ticks as f64 / clock_ticks_per_second() as f64)
}

/// Raises the limit of open files to `wanted`, for us and for the processes we start.
pub fn allow_open_files(wanted: u64) -> Result<()> {
    let limit = getrlimit(Resource::Nofile);
    if limit.current.is_none_or(|current| current >= wanted) {
        return Ok(());
    }
    let raised = Rlimit { current: Some(wanted), maximum: limit.maximum };
    setrlimit(Resource::Nofile, raised).with_context(|| {
        format!("{wanted} open files are needed and {:?} allowed: raise `ulimit -Hn`", limit.maximum)
    })
}

/// Keeps the calling thread, and the threads and processes it starts from now on, on one processor.
pub fn stay_on_processor(number: usize) -> Result<()> {
    let mut processors = CpuSet::new();
    processors.set(number);
    sched_setaffinity(None::<Pid>, &processors).with_context(|| {
        format!("processor {number} cannot be had: this machine may have only one (try --free)")
    })
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
    fn waiting_for_disks_is_idle_and_stolen_time_is_not() {
        let stat = "cpu  10 1 5 100 20 2 3 4 0 0\ncpu0 1 1 1 1 1 1 1 1 0 0\n";
        assert_eq!(machine_ticks(stat), Some((25, 120)));
        assert_eq!(machine_ticks("cpu 1 2\n"), None);
    }

    #[test]
    fn others_are_what_is_left_of_the_busy_time() {
        let passed = Machine { busy: Duration::from_secs(6), idle: Duration::from_secs(4) };
        assert!((passed.busy_share() - 0.6).abs() < 1e-9);
        assert!((passed.others_share(Duration::from_secs(2)) - 0.4).abs() < 1e-9);
    }

    #[test]
    fn we_have_memory_and_time_ourselves() {
        assert!(Usage::read(std::process::id()).unwrap().resident_bytes > 100_000);
    }
}

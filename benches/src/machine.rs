//! What the kernel says of the machine, and what we ask of it. What it says of a process is [`Usage`].

use anyhow::{Context, Result};
pub use load::process::Usage;
use rustix::param::clock_ticks_per_second;
use rustix::process::{Pid, Resource, Rlimit, getrlimit, setrlimit};
use rustix::thread::{CpuSet, sched_setaffinity};
use std::fs;
use std::time::Duration;

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
}

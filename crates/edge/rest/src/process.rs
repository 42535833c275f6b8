//! What the system says of this process (proc(5)). Nothing where there is no `/proc`.

/// Memory and threads of this process, and how busy the machine is.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Process {
    /// Memory that it holds.
    pub(crate) resident_bytes: Option<u64>,
    /// Threads that it has.
    pub(crate) threads: Option<u64>,
    /// Processes that run or want to, over the last minute.
    pub(crate) load: Option<f64>,
}

impl Process {
    /// As it is now.
    pub(crate) fn now() -> Self {
        let read = |name| std::fs::read_to_string(name).unwrap_or_default();
        Self::read(&read("/proc/self/status"), &read("/proc/loadavg"))
    }

    fn read(status: &str, load: &str) -> Self {
        let field = |name: &str| {
            let rest = status.lines().find_map(|line| line.strip_prefix(name))?;
            rest.split_ascii_whitespace().next()?.parse::<u64>().ok()
        };
        Self {
            resident_bytes: field("VmRSS:").map(|kib| kib * 1024),
            threads: field("Threads:"),
            load: load.split_ascii_whitespace().next().and_then(|load| load.parse().ok()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_numbers_are_found_among_others_and_what_is_not_there_is_unknown() {
        let status = "Name:\tx\nVmPeak:\t  20 kB\nVmRSS:\t  12 kB\nThreads:\t7\n";
        let process = Process::read(status, "1.47 0.90 0.50 1/200 4711\n");
        let known = Process { resident_bytes: Some(12_288), threads: Some(7), load: Some(1.47) };
        assert_eq!(process, known);
        assert_eq!(Process::read("VmRSS:\nThreads: x", ""), Process::default());
    }
}

//! The `aplomb` binary, started for one test on ports of its own and killed at its end.

use crate::{eventually, http};
use serde_json::Value;
use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// Each listener: its setting, and the name of its address in the ready file.
const LISTENERS: [(&str, &str); 7] = [
    ("listen.rest", "rest"),
    ("listen.rest_plain", "rest_plain"),
    ("listen.notification", "bosh"),
    ("listen.notification_plain", "bosh_plain"),
    ("listen.xmpp_tcp", "xmpp_tcp"),
    ("listen.xmpp_tls", "xmpp_tls"),
    ("simulator.listen", "cti"),
];

/// Longest time from a start to the ready file, on a busy machine.
const READY_WITHIN: Duration = Duration::from_secs(120);

/// How long a restart waits for the ports that the server had before.
const PORTS_FREE_WITHIN: Duration = Duration::from_secs(60);

/// Lines of the server's log that a failed test prints.
const LOG_LINES_SHOWN: usize = 200;

/// A running demo server. Dropping it ends the process; if the test is failing, its log is printed.
#[derive(Debug)]
pub struct Server {
    folder: TempDir,
    settings: Vec<String>,
    child: Child,
    ready: Value,
}

impl Server {
    /// Starts `aplomb serve --demo` with every listener on a free port of 127.0.0.1.
    pub fn start() -> Self {
        Self::with(&[])
    }

    /// The same with further `section.key=value` settings.
    pub fn with(settings: &[&str]) -> Self {
        Self::begin(TempDir::new().unwrap(), settings)
    }

    /// The same with a configuration file.
    pub fn configured(file: &str) -> Self {
        let folder = TempDir::new().unwrap();
        std::fs::write(config_file(folder.path()), file).unwrap();
        Self::begin(folder, &[])
    }

    fn begin(folder: TempDir, settings: &[&str]) -> Self {
        let listeners = LISTENERS.iter().map(|(setting, _)| format!("{setting}=127.0.0.1:0"));
        let mut all: Vec<String> = listeners.chain(["listen.metrics=127.0.0.1:0".to_owned()]).collect();
        all.extend(settings.iter().map(|s| (*s).to_owned()));
        let (child, ready) = launch(folder.path(), &all);
        Self { folder, settings: all, child, ready }
    }

    /// Plays a script of the built-in CTI simulator (docs/manual/simulator.md), for example `ring 1001001`. Returns what
    /// was said; a line that fails is a failed test.
    pub fn simulate(&self, script: &str) -> String {
        // What is expected may take a busy machine longer than it takes a person's.
        let patient =
            |line: &str| match line.trim_start().starts_with("expect ") && !line.contains(" within ") {
                true => format!("{line} within 30s\n"),
                false => format!("{line}\n"),
            };
        let patient: String = script.lines().map(patient).collect();
        let response = http::request(&self.address("cti_control"), "POST", "/", &[], patient.as_bytes());
        assert_eq!(response.status, 200, "{script}: {}", response.body);
        response.body
    }

    /// Ends the process at once, as a crash would.
    pub fn stop(&mut self) {
        // An error means that it is gone already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    /// Ends the process as an operator does, and waits until it has ended.
    pub fn terminate(&mut self) {
        let pid = self.child.id().to_string();
        let killed = Command::new("kill").args(["-TERM", &pid]).status().unwrap();
        assert!(killed.success(), "kill -TERM {pid}");
        let ended = self.child.wait().unwrap();
        assert!(ended.success(), "{ended}");
    }

    /// Lets the process open no more files than it has open now; `false`: as many as most systems let it (Linux).
    pub fn short_of_files(&self, is_short: bool) {
        let pid = self.child.id().to_string();
        let open = std::fs::read_dir(format!("/proc/{pid}/fd")).unwrap();
        let open = open.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse::<u64>().ok());
        let open: Vec<u64> = open.collect();
        // a new one gets the lowest number that is free, which must be below the limit
        let files = if is_short { (0..).find(|number| !open.contains(number)).unwrap() } else { 1_024 };
        // of the two limits only the one that counts
        let limit = format!("--nofile={files}:");
        let limited = Command::new("prlimit").args(["--pid", &pid, &limit]).status().unwrap();
        assert!(limited.success(), "prlimit {limit}");
    }

    /// Tells the process to look at its files again, as an operator does.
    pub fn hang_up(&self) {
        let told = Command::new("kill").args(["-HUP", &self.child.id().to_string()]).status().unwrap();
        assert!(told.success());
    }

    /// Runs another command of the binary with this server's data.
    pub fn aplomb(&self, args: &[&str]) -> Output {
        run(args, &self.folder.path().join("data"))
    }

    /// The same with something on its standard input.
    pub fn aplomb_reads(&self, args: &[&str], input: &str) -> Output {
        let mut command = command(args, &self.folder.path().join("data"));
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut stdin = child.stdin.take().unwrap();
        // a command that refuses at once reads nothing
        let _ = stdin.write_all(input.as_bytes());
        drop(stdin);
        child.wait_with_output().unwrap()
    }

    /// Runs another command of the binary with data that are not there.
    pub fn aplomb_elsewhere(&self, args: &[&str]) -> Output {
        run(args, &self.folder.path().join("elsewhere"))
    }

    /// Every line of the journal.
    pub fn journal(&self) -> String {
        self.journal_files().iter().map(|file| std::fs::read_to_string(file).unwrap()).collect()
    }

    /// Cuts the journal's last line in two, as a crash in the middle of a write would.
    pub fn tear_journal(&self) {
        let last = self.journal_files().pop().expect("a journal");
        let text = std::fs::read(&last).unwrap();
        std::fs::write(&last, &text[..text.len() - 10]).unwrap();
    }

    /// Writes something into the journal that no server would, behind its last line.
    pub fn spoil_journal(&self, garbage: &[u8]) {
        let last = self.journal_files().pop().expect("a journal");
        File::options().append(true).open(last).unwrap().write_all(garbage).unwrap();
    }

    fn journal_files(&self) -> Vec<PathBuf> {
        let entries = std::fs::read_dir(self.folder.path().join("data/journal")).into_iter().flatten();
        let files = entries.map(|entry| entry.unwrap().path());
        let mut files: Vec<_> = files.filter(|file| file.extension().is_some_and(|e| e == "jsonl")).collect();
        files.sort();
        files
    }

    /// Starts it again with the data it had before, on free ports: another process may have taken the former ones.
    pub fn start_elsewhere(&mut self) {
        (self.child, self.ready) = launch(self.folder.path(), &self.settings);
    }

    /// Starts it again with the data and on the ports it had before.
    pub fn start_again(&mut self) {
        let ready = &self.ready;
        let fixed = LISTENERS.iter().filter_map(|(setting, name)| {
            let address = ready[name].as_str()?;
            Some(format!("{setting}=127.0.0.1:{}", address_of(address).rsplit_once(':')?.1))
        });
        let fixed: Vec<String> = fixed.collect();
        self.settings.extend(fixed);
        // another process may have one of them for a connection of its own, for a moment
        let end = Instant::now() + PORTS_FREE_WITHIN;
        (self.child, self.ready) = loop {
            match try_launch(self.folder.path(), &self.settings) {
                Ok(launched) => break launched,
                Err(why) if why.contains("Address already in use") && Instant::now() < end => {
                    std::thread::sleep(Duration::from_millis(200));
                }
                Err(why) => panic!("{why}"),
            }
        };
    }

    /// `host:port` of a listener, by its name in the ready file.
    pub fn address(&self, name: &str) -> String {
        let listed = self.ready[name].as_str();
        address_of(listed.unwrap_or_else(|| panic!("{name} is off: {}", self.ready))).to_owned()
    }

    /// A text of the ready file, as it stands there.
    pub fn ready(&self, name: &str) -> &str {
        self.ready[name].as_str().unwrap_or_else(|| panic!("{name} is not in the ready file: {}", self.ready))
    }

    /// The ready file.
    pub fn ready_file(&self) -> PathBuf {
        self.folder.path().join("ready.json")
    }

    /// The certificate of the demo's own authority.
    pub fn ca_file(&self) -> PathBuf {
        self.folder.path().join("data/tls/ca.pem")
    }

    /// Everything the server has written since its first start.
    pub fn log(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("log")).unwrap_or_default()
    }

    /// Waits until the journal says that a session ended, in a line that holds all of `words`, and returns it.
    pub fn tombstone(&self, words: &[&str]) -> String {
        eventually(&format!("a tombstone with {words:?}"), Duration::from_secs(30), || {
            let journal = self.journal();
            let mut ended = journal.lines().filter(|line| line.contains("\"session-ended\""));
            ended.find(|line| words.iter().all(|word| line.contains(word))).map(str::to_owned)
        })
    }

    /// Memory that the process holds, in bytes (Linux).
    pub fn resident_bytes(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
        line.trim().trim_end_matches(" kB").trim().parse::<u64>().unwrap() * 1024
    }

    /// Waits until a line of the log holds all of `words`, and returns it.
    pub fn log_line(&self, words: &[&str]) -> String {
        eventually(&format!("a log line with {words:?}"), Duration::from_secs(30), || {
            self.log().lines().find(|line| words.iter().all(|word| line.contains(word))).map(str::to_owned)
        })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop();
        if std::thread::panicking() {
            let log = self.log();
            let lines: Vec<&str> = log.lines().collect();
            let shown = &lines[lines.len().saturating_sub(LOG_LINES_SHOWN)..];
            eprintln!("--- the server's log (last {} lines)\n{}\n---", shown.len(), shown.join("\n"));
        }
    }
}

fn run(args: &[&str], data_dir: &Path) -> Output {
    command(args, data_dir).stdin(Stdio::null()).output().unwrap()
}

fn command(args: &[&str], data_dir: &Path) -> Command {
    let mut command = Command::new(binary());
    command.args(args).arg("--data-dir").arg(data_dir).env_remove("COLUMNS");
    command
}

fn config_file(folder: &Path) -> PathBuf {
    folder.join("aplomb.toml")
}

fn launch(folder: &Path, settings: &[String]) -> (Child, Value) {
    try_launch(folder, settings).unwrap_or_else(|why| panic!("{why}"))
}

/// The process and its ready file, or why it ended before it was ready.
fn try_launch(folder: &Path, settings: &[String]) -> Result<(Child, Value), String> {
    let ready_file = folder.join("ready.json");
    let _ = std::fs::remove_file(&ready_file);
    let log = File::options().create(true).append(true).open(folder.join("log")).unwrap();
    let mut command = Command::new(binary());
    // Settings of the person who runs the tests are not settings of the tests.
    std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("APLOMB_")).for_each(
        |(name, _)| {
            command.env_remove(name);
        },
    );
    command.args(["serve", "--demo", "--data-dir"]).arg(folder.join("data"));
    command.arg("--ready-file").arg(&ready_file);
    if config_file(folder).exists() {
        command.arg("--config").arg(config_file(folder));
    }
    command.args(settings.iter().flat_map(|setting| ["--set", setting]));
    command.stdin(Stdio::null()).stdout(log.try_clone().unwrap()).stderr(log);
    let before = std::fs::metadata(folder.join("log")).map_or(0, |log| log.len());
    let mut child = command.spawn().unwrap();
    let ready = eventually("the ready file", READY_WITHIN, || {
        if let Some(status) = child.try_wait().unwrap() {
            let log = std::fs::read(folder.join("log")).unwrap_or_default();
            let own = String::from_utf8_lossy(log.get(before as usize..).unwrap_or_default()).into_owned();
            return Some(Err(format!("aplomb ended before it was ready: {status}\n{own}")));
        }
        serde_json::from_slice(&std::fs::read(&ready_file).ok()?).ok().map(Ok)
    });
    ready.map(|ready| (child, ready))
}

/// The binary under test. `CARGO_BIN_EXE_aplomb` exists only in tests of the binary's own package, so: the one that
/// `SERVER_UNDER_TEST` names (`make test` builds it first and says so), else the one that cargo builds now.
pub fn binary() -> &'static Path {
    static BINARY: OnceLock<PathBuf> = OnceLock::new();
    BINARY.get_or_init(|| std::env::var_os("SERVER_UNDER_TEST").map_or_else(build, PathBuf::from))
}

fn build() -> PathBuf {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".into());
    let mut command = Command::new(cargo);
    command.args(["build", "--quiet", "--package", "aplomb", "--message-format", "json-render-diagnostics"]);
    let out = command.stderr(Stdio::inherit()).output().unwrap();
    assert!(out.status.success(), "aplomb does not build");
    let messages = String::from_utf8(out.stdout).unwrap();
    let messages = messages.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let mut executables = messages.filter_map(|message| message["executable"].as_str().map(PathBuf::from));
    executables.next_back().expect("cargo says where it put the binary")
}

/// `host:port` of a URL; an address stays as it is.
fn address_of(listed: &str) -> &str {
    let rest = listed.split_once("://").map_or(listed, |(_, rest)| rest);
    rest.split('/').next().unwrap_or(rest)
}

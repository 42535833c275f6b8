//! The demo that a fault is done to: where it is, and how it was started.

use anyhow::{Context, ensure};
use serde::Deserialize;
use std::ffi::OsString;
use std::fs::{self, File};
use std::os::unix::ffi::OsStringExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// What the ready file says.
#[derive(Deserialize)]
pub(super) struct Ready {
    pub(super) pid: u32,
    pub(super) rest: Option<String>,
    pub(super) rest_plain: Option<String>,
    pub(super) bosh_plain: Option<String>,
    pub(super) cti_control: Option<String>,
    pub(super) metrics: Option<String>,
}

impl Ready {
    pub(super) fn read(file: &Path) -> anyhow::Result<Self> {
        let text = fs::read(file).with_context(|| format!("cannot read --ready-file {}", file.display()))?;
        serde_json::from_slice(&text).context("--ready-file: not a ready file")
    }
}

/// How a process was started, and where it writes to: enough to start it again (Linux).
pub(super) struct Start {
    words: Vec<OsString>,
    folder: PathBuf,
    environment: Vec<(OsString, OsString)>,
    outputs: [Option<File>; 2],
}

impl Start {
    /// Of a process that runs.
    pub(super) fn of(pid: u32) -> anyhow::Result<Self> {
        let words = split(&read(pid, "cmdline")?);
        ensure!(!words.is_empty(), "the demo's command line cannot be read");
        let folder = fs::read_link(of(pid, "cwd")).context("the demo's folder cannot be read")?;
        let output = |number: u8| File::options().append(true).open(of(pid, &format!("fd/{number}"))).ok();
        Ok(Self { words, folder, environment: environment(pid)?, outputs: [output(1), output(2)] })
    }

    /// The same again; it outlives this program.
    pub(super) fn again(self) -> anyhow::Result<()> {
        let output = |file: Option<File>| file.map_or_else(Stdio::null, Stdio::from);
        let [out, err] = self.outputs.map(output);
        let mut command = Command::new(&self.words[0]);
        command.args(&self.words[1..]).current_dir(&self.folder).env_clear().envs(self.environment);
        // an interrupt of this program is none of the demo's
        command.stdin(Stdio::null()).stdout(out).stderr(err).process_group(0);
        command.spawn().context("the demo cannot be started again").map(drop)
    }
}

/// Whether a process runs: one that has ended, and that its parent has not looked at yet, does not.
pub(super) fn runs(pid: u32) -> bool {
    let text = fs::read_to_string(of(pid, "stat")).unwrap_or_default();
    // behind the name, which may hold anything
    text.rsplit_once(") ").is_some_and(|(_, rest)| !rest.starts_with(['Z', 'X']))
}

/// The environment that a process was started with.
fn environment(pid: u32) -> anyhow::Result<Vec<(OsString, OsString)>> {
    let pair = |line: OsString| {
        let bytes = line.into_vec();
        let middle = bytes.iter().position(|byte| *byte == b'=')?;
        Some((OsString::from_vec(bytes[..middle].into()), OsString::from_vec(bytes[middle + 1..].into())))
    };
    Ok(split(&read(pid, "environ")?).into_iter().filter_map(pair).collect())
}

fn of(pid: u32, what: &str) -> PathBuf {
    PathBuf::from(format!("/proc/{pid}/{what}"))
}

fn read(pid: u32, what: &str) -> anyhow::Result<Vec<u8>> {
    let file = of(pid, what);
    fs::read(&file)
        .with_context(|| format!("cannot read {}: is the demo on this Linux machine?", file.display()))
}

/// Words that end with a zero byte each.
fn split(bytes: &[u8]) -> Vec<OsString> {
    let mut words: Vec<OsString> =
        bytes.split(|byte| *byte == 0).map(|word| OsString::from_vec(word.into())).collect();
    // behind the last zero
    words.pop();
    words
}

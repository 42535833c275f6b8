//! A real Chromium without a window, in a profile of its own.

use super::devtools::Devtools;
use anyhow::{Context, anyhow, ensure};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// What it is called where it is installed.
const NAMES: [&str; 5] =
    ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge"];

/// Read from a cold disk beside other work, it takes its time.
const STARTS_WITHIN: Duration = Duration::from_secs(120);

/// How often it is looked whether it is there.
const LOOK: Duration = Duration::from_millis(50);

/// Tabs that nobody sees are slowed down, after seconds instead of minutes (Chrome's own switch for its tests).
const THROTTLES_SOON: &str = "--enable-features=IntensiveWakeUpThrottling:grace_period_seconds/2";

/// A browser; dropping it ends it.
pub(super) struct Chromium {
    child: Child,
    /// Commands to it.
    pub(super) devtools: Devtools,
    /// Removed with it.
    _profile: TempDir,
}

/// Where it is: the file that was named, or the first on the path.
fn find(named: Option<&Path>) -> anyhow::Result<PathBuf> {
    if let Some(path) = named {
        ensure!(path.is_file(), "--chromium: {} is no program", path.display());
        return Ok(path.to_owned());
    }
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    let mut files = NAMES.iter().flat_map(|name| folders.iter().map(move |folder| folder.join(name)));
    files.find(|file| file.is_file()).ok_or_else(|| {
        anyhow!(
            "this fault is a browser's, and no Chromium is on the path ({}): install one (Debian: apt-get install \
             chromium) or name it with --chromium",
            NAMES.join(", ")
        )
    })
}

impl Chromium {
    /// Starts it. `trusts_all`: it takes any certificate.
    pub(super) fn start(named: Option<&Path>, trusts_all: bool) -> anyhow::Result<Self> {
        let program = find(named)?;
        let profile = tempfile::Builder::new().prefix("aplomb-chromium-").tempdir()?;
        let mut command = Command::new(&program);
        command
            .arg(format!("--user-data-dir={}", profile.path().display()))
            .args(["--headless=new", "--remote-debugging-port=0", "--no-first-run", "--disable-gpu"])
            .args(["--disable-quic", "--disable-sync", "--disable-component-update", THROTTLES_SOON])
            .args(["--disable-background-networking", "--disable-dev-shm-usage", "--password-store=basic"])
            .args(["--lang=en-US", "--mute-audio", "--no-default-browser-check"])
            .args(trusts_all.then_some("--ignore-certificate-errors"))
            // its sandbox will not have root
            .args(rustix::process::geteuid().is_root().then_some("--no-sandbox"))
            .arg("about:blank")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            // signals go to all its processes
            .process_group(0);
        let child = command.spawn().with_context(|| format!("cannot start {}", program.display()))?;
        let mut starting = Starting(Some(child));
        let (port, path) = starting.port(&profile.path().join("DevToolsActivePort"))?;
        let devtools = Devtools::connect(port, &path)?;
        let child = starting.0.take().context("a browser")?;
        Ok(Self { child, devtools, _profile: profile })
    }

    /// A signal to all its processes.
    pub(super) fn signal(&self, signal: &str) -> anyhow::Result<()> {
        group_signal(&self.child, signal)
    }
}

impl Drop for Chromium {
    fn drop(&mut self) {
        end(&mut self.child);
    }
}

/// Not connected yet; it is ended if that fails.
struct Starting(Option<Child>);

impl Drop for Starting {
    fn drop(&mut self) {
        self.0.iter_mut().for_each(end);
    }
}

impl Starting {
    /// Port and path of its DevTools, once it has written them down.
    fn port(&mut self, file: &Path) -> anyhow::Result<(u16, String)> {
        let until = Instant::now() + STARTS_WITHIN;
        while Instant::now() < until {
            let text = std::fs::read_to_string(file).unwrap_or_default();
            if let Some((port, path)) = text.split_once('\n')
                && path.starts_with('/')
            {
                return Ok((port.trim().parse().context("the browser's port")?, path.trim().to_owned()));
            }
            let ended = self.0.as_mut().and_then(|child| child.try_wait().ok().flatten());
            ensure!(ended.is_none(), "the browser ended before it was there: {}", ended.unwrap_or_default());
            sleep(LOOK);
        }
        Err(anyhow!("the browser was not there within {} s", STARTS_WITHIN.as_secs()))
    }
}

fn group_signal(child: &Child, signal: &str) -> anyhow::Result<()> {
    let status = Command::new("kill").args([signal, "--", &format!("-{}", child.id())]).status()?;
    ensure!(status.success(), "kill {signal} of the browser: {status}");
    Ok(())
}

fn end(child: &mut Child) {
    // an error means that it is gone already
    let _ = group_signal(child, "-KILL");
    let _ = child.wait();
}

//! The server under measurement: the release binary as a process of its own, with everything on free ports.

use crate::limits::START;
use crate::machine::Usage;
use anyhow::{Context, Result, bail};
use argon2::{Algorithm, Argon2, Params, PasswordHasher, Version};
use serde_json::Value;
use std::fmt::Write;
use std::fs::{self, File};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// The id of the demo's first agent.
pub const FIRST_AGENT: u32 = 1_001_001;

/// Everyone's password in the demo.
pub const PASSWORD: &str = "aplomb";

/// The number of the first team.
pub const FIRST_TEAM: u32 = 5_000;

/// The id of the supervisor of the first team, where passwords are cheap.
pub const SUPERVISOR: u32 = 1_900_001;

/// Agents of a team, as in the demo.
pub const AGENTS_PER_TEAM: u32 = 50;

const LISTENERS: [&str; 7] =
    ["rest", "rest_plain", "notification", "notification_plain", "xmpp_tcp", "xmpp_tls", "metrics"];

/// How the server is started.
#[derive(Debug)]
pub struct Options {
    /// The binary.
    pub binary: PathBuf,
    /// Agents of the demo.
    pub agents: u32,
    /// Agents of a team, where passwords are cheap; otherwise the demo's [`AGENTS_PER_TEAM`].
    pub agents_per_team: u32,
    /// Whether signing in costs what it does in life: 20 MiB and tens of milliseconds of argon2.
    pub real_passwords: bool,
    /// `section.key=value`.
    pub settings: Vec<String>,
}

/// A running server; dropping it ends the process.
#[derive(Debug)]
pub struct Server {
    folder: TempDir,
    child: Child,
    ready: Value,
}

impl Server {
    /// Starts it and waits until it is ready.
    pub fn start(options: &Options) -> Result<Self> {
        let folder = TempDir::new()?;
        let child = launch(&folder, options)?;
        let mut server = Self { folder, child, ready: Value::Null };
        server.ready = server.wait_for_ready()?;
        Ok(server)
    }

    /// Ends the process as a crash would. Its data stay.
    pub fn kill(&mut self) -> Result<()> {
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }

    /// Starts it again with the data that the process before has left. Its ports are others.
    pub fn start_again(&mut self, options: &Options) -> Result<()> {
        fs::remove_file(self.folder.path().join("ready.json"))?;
        self.child = launch(&self.folder, options)?;
        self.ready = self.wait_for_ready()?;
        Ok(())
    }

    fn wait_for_ready(&mut self) -> Result<Value> {
        let ready_file = self.folder.path().join("ready.json");
        self.wait_for(&ready_file)
    }

    fn wait_for(&mut self, ready_file: &PathBuf) -> Result<Value> {
        let until = Instant::now() + START;
        while Instant::now() < until {
            if let Some(status) = self.child.try_wait()? {
                bail!("the server ended: {status}\n{}", self.log());
            }
            if let Ok(text) = fs::read(ready_file) {
                return Ok(serde_json::from_slice(&text)?);
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        bail!("the server is not ready\n{}", self.log())
    }

    /// Memory and processor time so far.
    pub fn usage(&self) -> Result<Usage> {
        Usage::of(self.child.id())
    }

    /// The address of http-bind.
    pub fn http_bind(&self, tls: bool) -> Result<SocketAddr> {
        self.address(if tls { "bosh" } else { "bosh_plain" })
    }

    /// The address of the web service, over TLS.
    pub fn rest(&self) -> Result<SocketAddr> {
        self.address("rest")
    }

    fn address(&self, name: &str) -> Result<SocketAddr> {
        let url = self.ready[name].as_str().with_context(|| format!("{name} is not in the ready file"))?;
        let port = url.rsplit_once(':').and_then(|(_, rest)| rest.split('/').next()?.parse::<u16>().ok());
        let port = port.with_context(|| format!("no port in {url}"))?;
        Ok(SocketAddr::from(([127, 0, 0, 1], port)))
    }

    /// The certificate to trust.
    pub fn ca_file(&self) -> PathBuf {
        self.folder.path().join("data/tls/ca.pem")
    }

    /// What the server has written.
    pub fn log(&self) -> String {
        fs::read_to_string(self.folder.path().join("log")).unwrap_or_default()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // an error means that it is gone already
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Starts the process with its data in this folder.
fn launch(folder: &TempDir, options: &Options) -> Result<Child> {
    let folder = folder.path();
    let ready_file = folder.join("ready.json");
    let log = File::options().create(true).append(true).open(folder.join("log"))?;
    let mut command = Command::new(&options.binary);
    // settings of the person who measures are not settings of the measurement
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("APLOMB_")) {
        command.env_remove(name);
    }
    command.args(["serve", "--demo", "--demo-agents", &options.agents.to_string()]);
    command.arg("--data-dir").arg(folder.join("data")).arg("--ready-file").arg(&ready_file);
    if !options.real_passwords {
        let people = folder.join("people.toml");
        fs::write(&people, cheap_people(options)?)?;
        command.arg("--config").arg(people);
    }
    for listener in LISTENERS {
        command.arg("--set").arg(format!("listen.{listener}=127.0.0.1:0"));
    }
    for setting in &options.settings {
        command.arg("--set").arg(setting);
    }
    let child = command.stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log).spawn();
    child.with_context(|| {
        format!("cannot start {} (cargo build --release -p aplomb)", options.binary.display())
    })
}

/// The demo's agents with password hashes that cost next to nothing. Each real argon2 run takes 20 MiB, part of which
/// the allocator keeps: that would be counted as memory of sessions.
fn cheap_people(options: &Options) -> Result<String> {
    let params =
        Params::new(Params::MIN_M_COST, 1, 1, None).map_err(|error| anyhow::anyhow!("argon2: {error}"))?;
    let hash = Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_with_salt(PASSWORD.as_bytes(), b"salt of benches.")
        .map_err(|error| anyhow::anyhow!("argon2: {error}"))?;
    let mut toml = String::new();
    for n in 0..options.agents {
        let (id, number, team) = (FIRST_AGENT + n, n + 1, FIRST_TEAM + n / options.agents_per_team);
        write!(
            toml,
            "[[users]]\nid = \"{id}\"\nlogin_name = \"agent{number}\"\nfirst_name = \"Agent\"\n\
             last_name = \"{number}\"\nteam = {team}\nroles = [\"agent\"]\npassword_hash = \"{hash}\"\n"
        )?;
    }
    write!(
        toml,
        "[[users]]\nid = \"{SUPERVISOR}\"\nlogin_name = \"supervisor1\"\nteam = {FIRST_TEAM}\n\
         roles = [\"supervisor\"]\nsupervises = [{FIRST_TEAM}]\npassword_hash = \"{hash}\"\n"
    )?;
    Ok(toml)
}

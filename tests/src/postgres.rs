//! A PostgreSQL of our own: a cluster in a temporary folder, reached by a Unix socket, gone at the end.

use crate::eventually;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;
use tempfile::TempDir;

const USER: &str = "aplomb";

/// A running cluster. Dropping it ends the server.
#[derive(Debug)]
pub struct Postgres {
    folder: TempDir,
    child: Option<Child>,
    databases: AtomicU32,
}

impl Postgres {
    /// Makes a cluster and starts its server.
    ///
    /// # Panics
    ///
    /// When PostgreSQL is not installed: a suite without it would not say what the store does.
    pub fn start() -> Self {
        let folder = TempDir::new().unwrap();
        if is_root() {
            // PostgreSQL refuses to run as root; Debian's package brings a user for it
            done(Command::new("chown").arg("postgres:").arg(folder.path()));
        }
        let mut cluster = Self { folder, child: None, databases: AtomicU32::new(0) };
        let data = cluster.data();
        let mut initdb = program("initdb");
        initdb.args([
            "--username",
            USER,
            "--auth",
            "trust",
            "--encoding",
            "UTF8",
            "--locale",
            "C",
            "--no-sync",
        ]);
        done(initdb.arg(&data));
        cluster.start_again();
        cluster
    }

    /// Starts the server after [`Postgres::stop`].
    pub fn start_again(&mut self) {
        let log = File::options().create(true).append(true).open(self.folder.path().join("log")).unwrap();
        let mut postgres = program("postgres");
        postgres.arg("-D").arg(self.data()).arg("-k").arg(self.folder.path());
        // what the store promises when the database's machine loses power is the database's part
        postgres.args(["-c", "listen_addresses=", "-c", "fsync=off", "-c", "max_connections=50"]);
        postgres.stdin(Stdio::null()).stdout(log.try_clone().unwrap()).stderr(log);
        self.child = Some(postgres.spawn().unwrap());
        eventually("PostgreSQL takes connections", Duration::from_secs(30), || {
            let mut ready = Command::new(bin().join("pg_isready"));
            let ready = ready.args(["--quiet", "--dbname", "postgres", "--host"]).arg(self.folder.path());
            ready.status().unwrap().success().then_some(())
        });
    }

    /// Stops the server at once; its clients lose their connections.
    pub fn stop(&mut self) {
        let Some(mut child) = self.child.take() else { return };
        // SIGQUIT: at once, and its shared memory is cleared away all the same
        let _ = Command::new("kill").args(["-QUIT", &child.id().to_string()]).status();
        let _ = child.wait();
    }

    /// A new database: its URL.
    pub fn database(&self) -> String {
        let name = format!("store{}", self.databases.fetch_add(1, Ordering::Relaxed));
        let mut createdb = Command::new(bin().join("createdb"));
        done(createdb.args(["--username", USER, "--host"]).arg(self.folder.path()).arg(&name));
        format!("postgres://{USER}@localhost/{name}?host={}", self.folder.path().display())
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        self.stop();
    }
}

/// A program of PostgreSQL, run as somebody whom it accepts.
fn program(name: &str) -> Command {
    let path = bin().join(name);
    if !is_root() {
        return Command::new(path);
    }
    let mut command = Command::new("setpriv");
    command.args(["--reuid=postgres", "--regid=postgres", "--clear-groups"]).arg(path);
    command.current_dir("/");
    command
}

/// Debian keeps the programs of each version in a folder of their own, outside the path.
fn bin() -> PathBuf {
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut bins: Vec<_> = versions.map(|version| version.path().join("bin")).collect();
    bins.extend(std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default()));
    let programs = ["createdb", "initdb", "pg_isready", "postgres"];
    bins.retain(|bin| programs.iter().all(|program| bin.join(program).exists()));
    bins.sort();
    bins.pop()
        .expect("PostgreSQL is not installed: run scripts/setup postgres, or: apt-get install postgresql")
}

fn is_root() -> bool {
    use std::os::unix::fs::MetadataExt;
    std::fs::metadata(Path::new("/proc/self")).is_ok_and(|process| process.uid() == 0)
}

fn done(command: &mut Command) {
    let out = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    assert!(out.status.success(), "{command:?}: {}", String::from_utf8_lossy(&out.stderr));
}

//! A subject's process, its folder and its ports.

use super::DOMAIN;
use std::fs::File;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// A running server and all it wrote.
#[derive(Debug)]
pub(crate) struct Process {
    folder: TempDir,
    child: Child,
}

impl Process {
    /// Starts `command`, whose output goes to a file of the folder.
    pub(crate) fn start(folder: TempDir, command: &mut Command) -> Self {
        let log = File::options().create(true).append(true).open(folder.path().join("log")).unwrap();
        command.stdin(Stdio::null()).stdout(log.try_clone().unwrap()).stderr(log);
        let child = command.spawn().unwrap_or_else(|e| panic!("{command:?}: {e}"));
        Self { folder, child }
    }

    /// Waits until `ready`, or panics with the log.
    pub(crate) fn wait_until<T>(&mut self, limit: Duration, mut ready: impl FnMut() -> Option<T>) -> T {
        let end = Instant::now() + limit;
        loop {
            if let Some(answer) = ready() {
                return answer;
            }
            if let Some(status) = self.child.try_wait().unwrap() {
                panic!("the subject ended before it was ready: {status}\n{}", self.log());
            }
            assert!(Instant::now() < end, "not ready within {} s\n{}", limit.as_secs(), self.log());
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    pub(crate) fn log(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("log")).unwrap_or_default()
    }

    /// SIGTERM: no dependency is worth one signal.
    pub(crate) fn terminate(&mut self) {
        let _ = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status();
    }

    pub(crate) fn kill(&mut self) {
        // An error means that it is gone already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.kill();
    }
}

/// Ports that are free now. Subjects that cannot take port 0 are told these.
pub(crate) fn free_ports<const N: usize>() -> [u16; N] {
    let listeners: Vec<TcpListener> = (0..N).map(|_| TcpListener::bind("127.0.0.1:0").unwrap()).collect();
    std::array::from_fn(|n| listeners[n].local_addr().unwrap().port())
}

/// Whether somebody listens there.
pub(crate) fn listens(port: u16) -> Option<()> {
    std::net::TcpStream::connect(("127.0.0.1", port)).ok().map(drop)
}

/// A certificate for the domain: the files of the chain and of the key. Its years are such that ejabberd can read them.
pub(crate) fn certificate(folder: &Path) -> (PathBuf, PathBuf) {
    let mut terms = rcgen::CertificateParams::new(vec![DOMAIN.to_owned()]).unwrap();
    terms.not_before = rcgen::date_time_ymd(2020, 1, 1);
    terms.not_after = rcgen::date_time_ymd(2049, 1, 1);
    let key = rcgen::KeyPair::generate().unwrap();
    let made = terms.self_signed(&key).unwrap();
    let files = (folder.join("localhost.crt"), folder.join("localhost.key"));
    std::fs::write(&files.0, made.pem()).unwrap();
    std::fs::write(&files.1, key.serialize_pem()).unwrap();
    files
}

/// The program, if it is on the search path or where Debian puts what only root runs.
pub(crate) fn program(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = std::env::split_paths(&path).chain(["/usr/sbin".into(), "/sbin".into()]);
    folders.map(|folder| folder.join(name)).find(|file| file.is_file())
}

/// What dpkg says the version is.
pub(crate) fn debian_version(package: &str) -> String {
    let out = Command::new("dpkg-query").args(["--show", "--showformat=${Version}", package]).output();
    out.map(|out| String::from_utf8_lossy(&out.stdout).into_owned()).unwrap_or_default()
}

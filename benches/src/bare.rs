//! A bare axum route over TLS, in a process of its own: what a web service costs at the least.

use crate::limits::START;
use crate::machine::Usage;
use anyhow::{Context, Result, bail};
use axum::Router;
use axum::extract::Path;
use axum::routing::get;
use hyper::server::conn::http1;
use hyper_util::rt::TokioIo;
use hyper_util::service::TowerToHyperService;
use std::fs;
use std::net::SocketAddr;
use std::path::Path as File;
use std::process::{Child, Command};
use std::time::Instant;
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

/// The argument that makes a program with [`serve`] in it the bare server.
pub const ARGUMENT: &str = "--bare";

/// As long as the answer of the real one.
const BODY: &str = include_str!("bare_user.xml");

/// A running bare server; dropping it ends the process.
#[derive(Debug)]
pub struct Bare {
    folder: TempDir,
    child: Child,
    /// Where it listens.
    pub address: SocketAddr,
}

impl Bare {
    /// Starts this same program again as the bare server.
    pub fn start() -> Result<Self> {
        let folder = TempDir::new()?;
        let child = Command::new(std::env::current_exe()?).arg(ARGUMENT).arg(folder.path()).spawn()?;
        let mut bare = Self { folder, child, address: SocketAddr::from(([127, 0, 0, 1], 0)) };
        let until = Instant::now() + START;
        while Instant::now() < until {
            if let Ok(text) = fs::read_to_string(bare.folder.path().join("address")) {
                bare.address = text.parse().context("the bare server's address")?;
                return Ok(bare);
            }
            std::thread::sleep(std::time::Duration::from_millis(20));
        }
        bail!("the bare server is not ready")
    }

    /// Processor time so far.
    pub fn usage(&self) -> Result<Usage> {
        Usage::of(self.child.id())
    }

    /// The certificate to trust.
    pub fn ca_file(&self) -> std::path::PathBuf {
        self.folder.path().join("tls/ca.pem")
    }
}

impl Drop for Bare {
    fn drop(&mut self) {
        // an error means that it is gone already
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Serves until the process is ended, and leaves its address in the folder.
pub async fn serve(folder: &File) -> Result<()> {
    let identity = listen::development(&folder.join("tls"), &["localhost".to_owned()])?;
    let acceptor = TlsAcceptor::from(identity.tls);
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    // whole at once: whoever looks for it reads all of it
    fs::write(folder.join("address.new"), listener.local_addr()?.to_string())?;
    fs::rename(folder.join("address.new"), folder.join("address"))?;
    let router = Router::new().route("/finesse/api/User/{id}", get(|Path(_): Path<String>| async { BODY }));
    loop {
        let (socket, _) = listener.accept().await?;
        socket.set_nodelay(true)?;
        let (acceptor, service) = (acceptor.clone(), TowerToHyperService::new(router.clone()));
        tokio::spawn(async move {
            if let Ok(socket) = acceptor.accept(socket).await {
                // its end is the client's business
                let _ = http1::Builder::new().serve_connection(TokioIo::new(socket), service).await;
            }
        });
    }
}

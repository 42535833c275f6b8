//! A web server over TLS that has an identity provider's keys, or has not.

use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::thread;
use tempfile::TempDir;

/// What it answers when it is asked for the keys.
#[derive(Clone, Debug)]
pub(crate) enum Says {
    /// This key set.
    Keys(String),
    /// 503.
    Unavailable,
    /// 302 to another address.
    Elsewhere(String),
}

/// Listens until the test ends.
pub(crate) struct KeyServer {
    address: SocketAddr,
    folder: TempDir,
    says: Arc<Mutex<Says>>,
}

impl KeyServer {
    pub(crate) fn start() -> Self {
        let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        let folder = TempDir::new().unwrap();
        std::fs::write(folder.path().join("cert.pem"), made.cert.pem()).unwrap();
        let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(made.signing_key.serialize_der()));
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let config = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
        let config = config.unwrap().with_no_client_auth();
        let config = Arc::new(config.with_single_cert(vec![made.cert.der().clone()], key).unwrap());
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let says = Arc::new(Mutex::new(Says::Unavailable));
        let said = says.clone();
        thread::spawn(move || {
            for socket in listener.incoming().map_while(Result::ok) {
                let (config, said) = (config.clone(), said.lock().unwrap().clone());
                // a client that trusts nobody breaks off
                thread::spawn(move || drop(answer(socket, config, address, &said)));
            }
        });
        Self { address, folder, says }
    }

    /// From now on.
    pub(crate) fn says(&self, says: Says) {
        *self.says.lock().unwrap() = says;
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("https://localhost:{}{path}", self.address.port())
    }

    /// Its certificate (PEM), signed by itself.
    pub(crate) fn certificate(&self) -> PathBuf {
        self.folder.path().join("cert.pem")
    }
}

fn answer(
    socket: TcpStream,
    config: Arc<ServerConfig>,
    address: SocketAddr,
    says: &Says,
) -> std::io::Result<()> {
    let connection = ServerConnection::new(config).map_err(std::io::Error::other)?;
    let mut stream = StreamOwned::new(connection, socket);
    let mut lines = BufReader::new(&mut stream).lines();
    let first = lines.next().transpose()?.unwrap_or_default();
    for line in lines {
        if line?.is_empty() {
            break;
        }
    }
    let keys = format!("https://localhost:{}/keys", address.port());
    let (status, more, body) = match says {
        _ if first.contains("/.well-known/openid-configuration ") => {
            ("200 OK", String::new(), format!("{{\"jwks_uri\":\"{keys}\"}}"))
        }
        Says::Keys(keys) => ("200 OK", String::new(), keys.clone()),
        Says::Unavailable => ("503 Service Unavailable", String::new(), String::new()),
        Says::Elsewhere(url) => ("302 Found", format!("Location: {url}\r\n"), String::new()),
    };
    let length = body.len();
    write!(stream, "HTTP/1.1 {status}\r\n{more}Content-Length: {length}\r\nConnection: close\r\n\r\n{body}")?;
    stream.conn.send_close_notify();
    stream.flush()
}

//! Which server.

use crate::Args;
use crate::args::Transport;
use crate::http2::Connections;
use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;
use std::net::{SocketAddr, ToSocketAddrs};
use std::rc::Rc;

/// Where the server is and what it is called.
#[derive(Clone, Debug)]
pub(crate) struct Target {
    pub(crate) transport: Transport,
    /// Where agents connect.
    pub(crate) agents: SocketAddr,
    /// The same as the client writes it: `Host` and path.
    pub(crate) host: String,
    pub(crate) path: String,
    /// The agents' connections, when several share one.
    pub(crate) http2: Option<Rc<Connections>>,
    /// Where the publisher connects.
    pub(crate) tcp: SocketAddr,
    pub(crate) domain: String,
    pub(crate) pubsub: String,
    pub(crate) pid: Option<u32>,
}

impl Target {
    pub(crate) fn new(args: &Args) -> Result<Self> {
        let ready: Value = match &args.ready_file {
            Some(file) => {
                let text = std::fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
                serde_json::from_slice(&text)
                    .with_context(|| format!("{} is no ready file", file.display()))?
            }
            None => Value::Null,
        };
        let chosen = |given: &Option<String>, name: &str| {
            given.clone().or_else(|| ready[name].as_str().map(str::to_owned))
        };
        let domain = chosen(&args.domain, "domain").unwrap_or_else(|| "localhost".into());
        let pubsub =
            chosen(&args.pubsub_domain, "pubsub_domain").unwrap_or_else(|| format!("pubsub.{domain}"));
        let tcp = chosen(&args.tcp, "xmpp_tcp").context("where is XMPP over TCP? --tcp or --ready-file")?;
        let (url, scheme) = match args.transport {
            Transport::Bosh => {
                (chosen(&args.bosh, "bosh_plain").context("where is BOSH? --bosh")?, "http://")
            }
            Transport::Websocket => {
                (chosen(&args.websocket, "ws_plain").context("where is WebSocket? --websocket")?, "ws://")
            }
            Transport::Tcp => (tcp.clone(), ""),
        };
        let rest = url.strip_prefix(scheme).with_context(|| format!("{url}: only {scheme} can be driven"))?;
        let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
        let agents = address(host, args.any_address)?;
        ensure!(!args.http2 || args.transport == Transport::Bosh, "--http2 is for --transport bosh");
        let http2 = args.http2.then(|| {
            Rc::new(Connections::new(
                agents,
                format!("{scheme}{host}/{path}"),
                args.sessions,
                args.http2_streams,
            ))
        });
        Ok(Self {
            transport: args.transport,
            agents,
            http2,
            host: host.to_owned(),
            path: format!("/{path}"),
            tcp: address(&tcp, args.any_address)?,
            domain,
            pubsub,
            pid: args.pid.or_else(|| ready["pid"].as_u64().and_then(|pid| u32::try_from(pid).ok())),
        })
    }
}

fn address(host: &str, any: bool) -> Result<SocketAddr> {
    let found = host.to_socket_addrs().with_context(|| format!("{host}: not an address with a port"))?;
    let found: Vec<SocketAddr> = found.collect();
    // most servers under measurement listen on IPv4 only
    let Some(address) = found.iter().find(|address| address.is_ipv4()).or_else(|| found.first()) else {
        bail!("{host}: no such address");
    };
    ensure!(any || address.ip().is_loopback(), "{host} is not this machine: --any-address if it is yours");
    Ok(*address)
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser;

    #[derive(Parser)]
    struct Cli {
        #[command(flatten)]
        args: Args,
    }

    fn target(args: &[&str]) -> Result<Target> {
        Target::new(&Cli::parse_from([&["load"], args].concat()).args)
    }

    #[test]
    fn addresses_come_from_flags() {
        let target =
            target(&["--tcp", "127.0.0.1:5222", "--bosh", "http://127.0.0.1:7071/http-bind/"]).unwrap();
        assert_eq!((target.host.as_str(), target.path.as_str()), ("127.0.0.1:7071", "/http-bind/"));
        assert_eq!(target.pubsub, "pubsub.localhost");
    }

    #[test]
    fn another_machine_needs_the_flag() {
        let args = ["--tcp", "192.0.2.1:5222", "--transport", "tcp"];
        assert!(target(&args).unwrap_err().to_string().contains("--any-address"));
        assert!(target(&[&args[..], &["--any-address"]].concat()).is_ok());
    }

    #[test]
    fn sessions_share_http2_connections_and_only_bosh_has_them() {
        let bosh = ["--tcp", "127.0.0.1:5222", "--bosh", "http://127.0.0.1:7071/http-bind/", "--http2"];
        let shared = target(&[&bosh[..], &["--sessions", "201"]].concat()).unwrap().http2.unwrap();
        assert_eq!(shared.count(), 3);
        let error = target(&[&bosh[..], &["--transport", "tcp"]].concat()).unwrap_err();
        assert!(error.to_string().contains("--transport bosh"), "{error}");
    }

    #[test]
    fn tls_cannot_be_driven() {
        let error =
            target(&["--tcp", "127.0.0.1:5222", "--bosh", "https://127.0.0.1:7443/http-bind/"]).unwrap_err();
        assert!(error.to_string().contains("only http://"), "{error}");
    }
}

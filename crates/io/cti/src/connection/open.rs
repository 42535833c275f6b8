//! Making a connection.

use super::Connection;
use crate::stream::Stream;
use crate::{Config, Metrics};
use rustls_pki_types::ServerName;
use std::io;
use std::sync::Arc;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;

/// Connects to a side, with TLS if it is set, and begins a session at this version.
pub(crate) async fn connect(
    config: &Arc<Config>,
    metrics: &Metrics,
    server: &Arc<str>,
    version: u32,
) -> io::Result<Connection> {
    let within = config.connect_timeout;
    let stream = timeout(within, stream(config, server)).await.map_err(|_| {
        let waited = format!("no connection within {} s", within.as_secs_f32());
        io::Error::new(io::ErrorKind::TimedOut, waited)
    })??;
    Ok(Connection::new(config.clone(), metrics.clone(), server.clone(), version, stream))
}

async fn stream(config: &Config, server: &str) -> io::Result<Stream> {
    let tcp = TcpStream::connect(server).await?;
    // GED-188, "Connection Management": messages are small and each is awaited.
    tcp.set_nodelay(true)?;
    let Some(tls) = &config.tls else { return Ok(Stream::Plain(tcp)) };
    let host = server.rsplit_once(':').map_or(server, |(host, _)| host);
    let name = ServerName::try_from(host.trim_matches(['[', ']']).to_owned()).map_err(io::Error::other)?;
    let tls = TlsConnector::from(tls.clone()).connect(name, tcp).await?;
    Ok(Stream::Tls(Box::new(tls)))
}

//! The listeners: which addresses are bound, and what answers on each.

use crate::config::{Address, Config};
use crate::http::{Rest, Site};
use crate::metrics;
use crate::ready::Ready;
use crate::serve::SimulatorAddresses;
use axum::Router;
use listen::{Listener, ServerConfig};
use notification::{HostMeta, Service, Tunnel};
use prometheus_client::registry::Registry;
use rest::Ports;
use std::net::SocketAddr;
use std::sync::Arc;

/// All bound addresses.
pub(crate) struct Listeners {
    rest: Option<Listener>,
    rest_plain: Option<Listener>,
    notification: Option<Listener>,
    notification_plain: Option<Listener>,
    xmpp_tcp: Option<Listener>,
    xmpp_tls: Option<Listener>,
    metrics: Option<Listener>,
}

impl Listeners {
    /// Binds every address that is not off.
    pub(crate) async fn bind(
        config: &Config,
        tls: &Arc<ServerConfig>,
        metrics: &listen::Metrics,
    ) -> anyhow::Result<Self> {
        let listen = &config.listen;
        let limited = |listener: Listener| Some(listener.bounds(config.listener()).metrics(metrics.clone()));
        let plain = async |setting, address: &Address| match address.get() {
            Some(address) => Listener::bind(setting, address, None).await.map(limited),
            None => Ok(None),
        };
        let encrypted = async |setting, address: &Address, protocols: &[&str]| match address.get() {
            Some(address) => {
                let tls = listen::for_protocols(tls, protocols);
                Listener::bind(setting, address, Some(tls)).await.map(limited)
            }
            None => Ok(None),
        };
        Ok(Self {
            rest: encrypted("listen.rest", &listen.rest, &listen::http::PROTOCOLS).await?,
            rest_plain: plain("listen.rest_plain", &listen.rest_plain).await?,
            notification: encrypted("listen.notification", &listen.notification, &listen::http::PROTOCOLS)
                .await?,
            notification_plain: plain("listen.notification_plain", &listen.notification_plain).await?,
            xmpp_tcp: plain("listen.xmpp_tcp", &listen.xmpp_tcp).await?,
            xmpp_tls: encrypted("listen.xmpp_tls", &listen.xmpp_tls, &["xmpp-client"]).await?,
            metrics: plain("listen.metrics", &listen.metrics).await?,
        })
    }

    /// Where clients find what.
    pub(crate) fn ready(&self, config: &Config, simulator: Option<SimulatorAddresses>) -> Ready {
        let domain = &config.server.domain;
        let port =
            |listener: &Option<Listener>| listener.as_ref()?.local_addr().ok().map(|address| address.port());
        let url = |scheme: &str, listener, path: &str| {
            port(listener).map(|port| format!("{scheme}://{domain}:{port}{path}"))
        };
        let host = |listener| port(listener).map(|port| format!("{domain}:{port}"));
        Ready {
            pid: std::process::id(),
            domain: domain.clone(),
            pubsub_domain: format!("pubsub.{domain}"),
            rest: url("https", &self.rest, ""),
            rest_plain: url("http", &self.rest_plain, ""),
            bosh: url("https", &self.notification, "/http-bind/"),
            bosh_plain: url("http", &self.notification_plain, "/http-bind/"),
            ws: url("wss", &self.notification, "/ws/"),
            ws_plain: url("ws", &self.notification_plain, "/ws/"),
            xmpp_tcp: host(&self.xmpp_tcp),
            xmpp_tls: host(&self.xmpp_tls),
            cti: simulator.map(|addresses| addresses.cti.to_string()),
            cti_control: simulator.map(|addresses| addresses.control.to_string()),
            metrics: port(&self.metrics).map(|port| format!("http://127.0.0.1:{port}/metrics")),
        }
    }

    /// What SystemInfo says of where this node listens.
    pub(crate) fn ports(&self) -> Ports {
        let port =
            |listener: &Option<Listener>| listener.as_ref()?.local_addr().ok().map(|address| address.port());
        Ports { https: port(&self.rest), xmpp: port(&self.xmpp_tcp), xmpp_secure: port(&self.xmpp_tls) }
    }

    /// All that listens, by its setting.
    pub(crate) fn addresses(&self) -> Vec<(&'static str, SocketAddr)> {
        let all = [
            ("listen.rest", &self.rest),
            ("listen.rest_plain", &self.rest_plain),
            ("listen.notification", &self.notification),
            ("listen.notification_plain", &self.notification_plain),
            ("listen.xmpp_tcp", &self.xmpp_tcp),
            ("listen.xmpp_tls", &self.xmpp_tls),
            ("listen.metrics", &self.metrics),
        ];
        let address = |(setting, listener): (_, &Option<Listener>)| {
            Some((setting, listener.as_ref()?.local_addr().ok()?))
        };
        all.into_iter().filter_map(address).collect()
    }

    /// The ports on which pages of this server may be.
    fn web_ports(&self) -> Vec<u16> {
        let listeners = [&self.rest, &self.rest_plain, &self.notification, &self.notification_plain];
        let addresses = listeners.into_iter().flatten().filter_map(|listener| listener.local_addr().ok());
        addresses.map(|address| address.port()).collect()
    }

    /// Starts answering.
    pub(crate) fn run(
        self,
        config: &Config,
        ready: &Ready,
        notification: &Service,
        router: Router,
        tls: &Arc<ServerConfig>,
        registry: Registry,
    ) {
        let http_bind = notification.http_bind();
        let websocket = notification.websocket();
        let host_meta = host_meta(ready);
        let tunnel = Tunnel::new(self.web_ports(), &config.bosh.cors_origins, &config.server.service_user);
        let site = |rest| Site {
            http_bind: http_bind.clone(),
            websocket: websocket.clone(),
            host_meta: host_meta.clone(),
            tunnel: tunnel.clone(),
            rest,
        };
        let https = self.rest.as_ref().and_then(|listener| listener.local_addr().ok());
        let plain = match https {
            Some(https) if !config.listen.rest_plain_serves => Rest::Redirect { port: https.port() },
            _ => Rest::Serve(router.clone()),
        };
        let sites = [
            (self.rest, Rest::Serve(router)),
            (self.rest_plain, plain),
            (self.notification, Rest::Nothing),
            (self.notification_plain, Rest::Nothing),
        ];
        for (listener, rest) in sites {
            if let Some(listener) = listener {
                tokio::spawn(site(rest).run(listener));
            }
        }
        for (listener, starttls) in [(self.xmpp_tcp, Some(tls.clone())), (self.xmpp_tls, None)] {
            let Some(listener) = listener else { continue };
            let notification = notification.clone();
            tokio::spawn(listener.run(move |socket, peer| {
                let (notification, starttls) = (notification.clone(), starttls.clone());
                async move { notification.serve_tcp(socket, peer, starttls).await }
            }));
        }
        if let Some(listener) = self.metrics {
            tokio::spawn(metrics::serve(listener, registry));
        }
    }
}

/// What clients that know only the domain are told: encrypted addresses first.
fn host_meta(ready: &Ready) -> HostMeta {
    let bosh: Vec<&str> =
        [&ready.bosh, &ready.bosh_plain].into_iter().flatten().map(String::as_str).collect();
    let ws: Vec<&str> = [&ready.ws, &ready.ws_plain].into_iter().flatten().map(String::as_str).collect();
    HostMeta::new(&bosh, &ws)
}

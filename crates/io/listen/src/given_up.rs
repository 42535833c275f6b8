//! Connections that nothing came of, by name: given up, refused by the client, or never accepted.

use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::registry::Registry;
use rustls::AlertDescription;
use std::io;
use std::net::SocketAddr;
use tokio::sync::mpsc;

/// Why a connection was given up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reason {
    /// Nothing was asked for in time.
    Silent,
    /// A request's head began and did not end in time (slowloris).
    SlowHead,
    /// The TLS handshake did not end in time, or failed.
    Handshake,
}

impl Reason {
    /// The name in the log and of the metric's label.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Silent => "silent",
            Self::SlowHead => "slow-head",
            Self::Handshake => "tls-handshake",
        }
    }
}

/// What operators count.
#[derive(Clone, Debug, Default)]
pub struct Metrics {
    given_up: Family<[(&'static str, &'static str); 1], Counter>,
    accept_failures: Family<[(&'static str, &'static str); 1], Counter>,
    troubles: Option<mpsc::Sender<Trouble>>,
}

/// What went wrong at a listener. `listener` is its setting.
#[derive(Clone, Debug)]
pub enum Trouble {
    /// A client's TLS refused our certificate, with this alert (RFC 8446 §6.2).
    Distrust {
        /// Which listener.
        listener: &'static str,
        /// Where the client is.
        address: SocketAddr,
        /// What it said.
        alert: String,
    },
    /// The system gave us no connection: out of file descriptors or memory (accept(2)).
    NotAccepted {
        /// Which listener.
        listener: &'static str,
        /// The system's word.
        error: String,
    },
}

/// The alert, if the handshake failed because the peer does not like our certificate.
pub(crate) fn distrust(error: &io::Error) -> Option<String> {
    let error = error.get_ref()?.downcast_ref::<rustls::Error>()?;
    let rustls::Error::AlertReceived(alert) = error else { return None };
    let is_about_it = matches!(
        alert,
        AlertDescription::BadCertificate
            | AlertDescription::UnsupportedCertificate
            | AlertDescription::CertificateRevoked
            | AlertDescription::CertificateExpired
            | AlertDescription::CertificateUnknown
            | AlertDescription::UnknownCA
    );
    is_about_it.then(|| format!("{alert:?}"))
}

impl Metrics {
    /// Makes the metrics known under their names.
    pub fn register(registry: &mut Registry) -> Self {
        let metrics = Self::default();
        let help = "Connections closed because nothing came of them, by reason";
        registry.register("aplomb_connections_given_up", help, metrics.given_up.clone());
        let help = "Times at which the system gave a listener no connection, by its setting";
        registry.register("aplomb_accept_failures", help, metrics.accept_failures.clone());
        metrics
    }

    /// Tells what goes wrong. Whoever does not keep up misses some.
    #[must_use]
    pub fn telling(self, troubles: mpsc::Sender<Trouble>) -> Self {
        Self { troubles: Some(troubles), ..self }
    }

    pub(crate) fn tell(&self, trouble: Trouble) {
        if let Trouble::NotAccepted { listener, .. } = &trouble {
            self.accept_failures.get_or_create(&[("listener", listener)]).inc();
        }
        if let Some(troubles) = &self.troubles {
            let _ = troubles.try_send(trouble);
        }
    }

    pub(crate) fn count(&self, reason: Reason) {
        self.given_up.get_or_create(&[("reason", reason.name())]).inc();
    }
}

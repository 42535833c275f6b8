//! Settings: defaults, then the file, then `APLOMB_*` variables, then `--set`.

mod accounts;
mod address;
mod calls;
mod cti;
mod desktop;
mod layers;
mod limits;
mod media;
mod parts;
mod people;
mod pubsub;
mod sso;
mod store;

use self::accounts::Accounts;
pub(crate) use address::Address;
pub(crate) use calls::Calls;
pub(crate) use cti::Cti;
use desktop::Desktop;
pub(crate) use layers::{Source, load};
pub(crate) use limits::Limits;
pub(crate) use media::MediaDomain;
pub(crate) use people::{Category, Device, EccVariable, Queue, ReasonCode, Role, Team, User};
pub(crate) use pubsub::CreateNodes;
use pubsub::Pubsub;
pub(crate) use sso::KeySource;
use sso::Sso;
pub(crate) use store::Store;

use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// All settings.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Config {
    pub(crate) server: Server,
    pub(crate) listen: Listen,
    pub(crate) tls: Tls,
    pub(crate) sso: Sso,
    pub(crate) accounts: Accounts,
    pub(crate) cti: Cti,
    pub(crate) simulator: Simulator,
    pub(crate) bosh: Bosh,
    pub(crate) websocket: WebSocket,
    pub(crate) xmpp: Xmpp,
    pub(crate) limits: Limits,
    pub(crate) presence: Presence,
    pub(crate) calls: Calls,
    pub(crate) desktop: Desktop,
    pub(crate) pubsub: Pubsub,
    pub(crate) store: Store,
    pub(crate) journal: Journal,
    pub(crate) log: Log,
    /// The directory of people; in the demo it is made up.
    pub(crate) teams: Vec<Team>,
    pub(crate) users: Vec<User>,
    pub(crate) reason_codes: Vec<ReasonCode>,
    /// Queues whose statistics are shown.
    pub(crate) queues: Vec<Queue>,
    /// ECC variables that calls may have; any when empty.
    pub(crate) ecc_variables: Vec<EccVariable>,
    /// Phones that share an extension.
    pub(crate) devices: Vec<Device>,
    /// Kinds of work beside calls.
    pub(crate) media_domains: Vec<MediaDomain>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Server {
    /// The XMPP domain and the host name clients reach the server by.
    pub(crate) domain: String,
    /// The user whose presence says that the web service is up; may publish to any node.
    pub(crate) service_user: String,
    /// Where this is the secondary node of a pair: the host name of the primary one.
    pub(crate) primary_host: String,
    /// Where this is the primary node of a pair: the host name of the other one, unless ClusterConfig says it.
    pub(crate) secondary_host: String,
}

impl Default for Server {
    fn default() -> Self {
        Self {
            domain: "localhost".into(),
            service_user: "finesse".into(),
            primary_host: String::new(),
            secondary_host: String::new(),
        }
    }
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Listen {
    /// HTTPS: REST, desktop, http-bind.
    pub(crate) rest: Address,
    /// HTTP: redirects to HTTPS, unless `rest_plain_serves`.
    pub(crate) rest_plain: Address,
    /// Serve REST and desktop over HTTP too. Passwords then cross the network in the clear.
    pub(crate) rest_plain_serves: bool,
    /// HTTPS: http-bind.
    pub(crate) notification: Address,
    /// HTTP: http-bind. Passwords then cross the network in the clear.
    pub(crate) notification_plain: Address,
    /// XMPP over TCP with STARTTLS.
    pub(crate) xmpp_tcp: Address,
    /// XMPP over TCP, TLS from the first byte.
    pub(crate) xmpp_tls: Address,
    /// Prometheus metrics over HTTP, without authentication.
    pub(crate) metrics: Address,
    /// Connections of one address to one listener at one time; 0 for no limit.
    pub(crate) connections_per_address_max: usize,
    /// Connections to one listener at one time.
    pub(crate) connections_max: usize,
}

impl Default for Listen {
    fn default() -> Self {
        Self {
            rest: Address::on("0.0.0.0:8445"),
            rest_plain: Address::on("0.0.0.0:8082"),
            rest_plain_serves: false,
            notification: Address::on("0.0.0.0:7443"),
            notification_plain: Address::off(),
            xmpp_tcp: Address::on("0.0.0.0:5222"),
            xmpp_tls: Address::on("0.0.0.0:5223"),
            metrics: Address::on("127.0.0.1:9464"),
            connections_per_address_max: 4_096,
            connections_max: listen::limits::Bounds::default().connections_max,
        }
    }
}

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Tls {
    /// PEM file with the certificate chain; without one a development certificate is made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) certificate: Option<PathBuf>,
    /// PEM file with its key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) key: Option<PathBuf>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Simulator {
    /// Where the built-in CTI simulator listens; `off` without it.
    pub(crate) listen: Address,
    /// Where its side B listens; `off` without one.
    pub(crate) listen_b: Address,
    /// Whether some of the demo's agents come and go by themselves.
    pub(crate) colleagues: bool,
    /// After how long a ready agent gets a call, where there are colleagues; 0: only when `aplomb sim ctl` asks for one.
    pub(crate) call_ready_after_secs: u64,
}

impl Default for Simulator {
    fn default() -> Self {
        Self { listen: Address::off(), listen_b: Address::off(), colleagues: true, call_ready_after_secs: 0 }
    }
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Bosh {
    /// Silence after which a session ends.
    pub(crate) inactivity_secs: u32,
    /// Longest time a poll is held.
    pub(crate) wait_secs_max: u32,
    /// Longest pause a client may ask for.
    pub(crate) maxpause_secs: u32,
    /// Least time between two empty polls of a session that holds none.
    pub(crate) polling_secs: u32,
    /// XMPP streams that a client may have in one BOSH session.
    pub(crate) streams_max: u32,
    /// Where clients without TLS are sent; they are taken where this is not set.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) see_other_uri: Option<String>,
    /// Refuse sessions whose clients name another server in `route`, instead of serving them here.
    pub(crate) refuse_routes: bool,
    /// Take requests in the query of a GET, for pages that may load nothing but scripts.
    pub(crate) script_syntax: bool,
    /// Stanzas that may wait for a client.
    pub(crate) pending_stanzas_max: usize,
    /// Bytes that may wait for a client.
    pub(crate) pending_bytes_max: usize,
    /// Origins whose pages may connect; `*` for any.
    #[serde(deserialize_with = "address::one_or_many")]
    pub(crate) cors_origins: Vec<String>,
    /// Answers of at least so many bytes are compressed for clients that accept it; 0 for none.
    pub(crate) gzip_bytes_min: u64,
    /// Shards of sessions; 0 for one per core.
    pub(crate) shards: usize,
}

impl Default for Bosh {
    fn default() -> Self {
        let policy = bosh::Policy::default();
        Self {
            inactivity_secs: policy.inactivity_secs,
            wait_secs_max: policy.wait_secs_max,
            maxpause_secs: policy.maxpause_secs,
            polling_secs: policy.polling_secs,
            streams_max: policy.streams_max,
            see_other_uri: None,
            refuse_routes: false,
            script_syntax: false,
            pending_stanzas_max: policy.pending_stanzas_max,
            pending_bytes_max: policy.pending_bytes_max,
            cors_origins: Vec::new(),
            gzip_bytes_min: 4_096,
            shards: 0,
        }
    }
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct WebSocket {
    /// Silence after which a client is asked whether it lives.
    pub(crate) ping_secs: u64,
    /// Where clients are sent instead of being served here.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) see_other_uri: Option<String>,
}

impl Default for WebSocket {
    fn default() -> Self {
        Self { ping_secs: 30, see_other_uri: None }
    }
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Xmpp {
    /// Let TCP clients sign in without TLS. Passwords then cross the network in the clear.
    pub(crate) allow_plain_tcp: bool,
    /// Domains that were served here once: whoever still names one is told that it is gone.
    #[serde(deserialize_with = "address::one_or_many")]
    pub(crate) former_domains: Vec<String>,
    /// Refuse clients that name any other domain as theirs, instead of telling them ours.
    pub(crate) refuse_other_domains: bool,
    /// How long a TCP or WebSocket session whose connection is lost waits for its client; 0: not at all.
    pub(crate) resume_secs: u32,
    /// `host:port` where such clients are to come back; empty: where they were.
    pub(crate) resume_location: String,
}

impl Default for Xmpp {
    fn default() -> Self {
        // as long as a BOSH session may be silent: an agent's absence begins at the same time either way
        let resume_secs = bosh::Policy::default().inactivity_secs;
        Self {
            allow_plain_tcp: false,
            former_domains: Vec::new(),
            refuse_other_domains: false,
            resume_secs,
            resume_location: String::new(),
        }
    }
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Presence {
    /// How long an agent may be away before a forced sign-out.
    pub(crate) grace_secs: u64,
}

impl Default for Presence {
    fn default() -> Self {
        Self { grace_secs: 60 }
    }
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Journal {
    /// How long it is kept what became of each session.
    pub(crate) keep_hours: u32,
    /// Bytes of all its files together.
    pub(crate) bytes_max: u64,
    /// The last requests and answers of each session that are kept until it ends; 0 for none.
    #[serde(deserialize_with = "parts::traffic")]
    pub(crate) traffic_max: usize,
    /// A data directory's disk with fewer mebibytes left is warned of.
    pub(crate) disk_mib_low: u64,
}

impl Default for Journal {
    fn default() -> Self {
        let traffic_max = notification::limits::Limits::default().recorded_max;
        // a journal of the default size would fill what is left
        Self { keep_hours: 24, bytes_max: 64 * 1024 * 1024, traffic_max, disk_mib_low: 128 }
    }
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Log {
    /// What is logged, as `tracing` filters: `info`, `debug`, `aplomb_cti=debug,info`.
    pub(crate) filter: String,
    /// `text` or `json`, to standard error; or `finesse`, to files, with warnings to standard error.
    pub(crate) format: LogFormat,
    /// Where the files are; empty: `logs` below the data directory.
    pub(crate) directory: String,
}

#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum LogFormat {
    Text,
    Json,
    Finesse,
}

impl Default for Log {
    fn default() -> Self {
        Self { filter: "info".into(), format: LogFormat::Text, directory: String::new() }
    }
}

#[cfg(test)]
mod tests {
    use super::Config;
    use std::collections::BTreeMap;
    use toml::Value;

    const MANUAL: &str = include_str!("../../../../docs/manual/configuration.md");

    /// Settings that are left out where they are not set.
    const UNSET: [&str; 11] = [
        "tls.certificate",
        "tls.key",
        "cti.record",
        "cti.tls_ca",
        "cti.tls_certificate",
        "cti.tls_key",
        "bosh.see_other_uri",
        "websocket.see_other_uri",
        "store.url_file",
        "sso.keys",
        "sso.ca",
    ];

    #[test]
    fn the_manual_names_every_setting_with_its_default_and_no_other() {
        let settings = toml::Table::try_from(Config::default()).unwrap();
        let sections = settings.iter().filter_map(|(section, value)| Some((section, value.as_table()?)));
        let mut known: BTreeMap<String, String> = sections
            .flat_map(|(section, keys)| {
                keys.iter().map(move |(key, value)| (format!("{section}.{key}"), shown(value)))
            })
            .collect();
        known.extend(UNSET.map(|name| (name.to_owned(), "none".to_owned())));
        let rows = MANUAL.lines().filter_map(|line| {
            let (setting, rest) = line.strip_prefix("| `")?.split_once('`')?;
            let default = rest.split('|').nth(1)?.trim().trim_matches('`');
            Some((setting.to_owned(), default.to_owned()))
        });
        assert_eq!(rows.collect::<BTreeMap<_, _>>(), known);
    }

    fn shown(value: &Value) -> String {
        match value {
            Value::String(text) if text.is_empty() => "empty".into(),
            Value::String(text) => text.clone(),
            Value::Array(values) if values.is_empty() => "none".into(),
            other => other.to_string(),
        }
    }
}

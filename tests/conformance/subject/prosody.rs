//! Prosody, with as much switched on as its package has.

use super::launch::{Process, certificate, free_ports, listens, program};
use super::{Addresses, DOMAIN, FIRST_OWNER, INACTIVITY_SECS, Kind, PASSWORD, Subject, USERS, user};
use std::process::Command;
use std::time::Duration;
use tempfile::TempDir;

pub(super) fn is_installed() -> bool {
    program("prosody").is_some()
}

pub(super) fn start() -> Subject {
    let folder = TempDir::new().unwrap();
    let accounts = folder.path().join("data").join(DOMAIN).join("accounts");
    std::fs::create_dir_all(&accounts).unwrap();
    for number in 1..=USERS {
        let account = format!("return {{ [\"password\"] = \"{PASSWORD}\" }};\n");
        std::fs::write(accounts.join(format!("{}.dat", user(number))), account).unwrap();
    }
    let (certificate, key) = certificate(folder.path());
    let [http, tcp, tls, https] = free_ports();
    let configuration = format!(
        r#"
        run_as_root = true
        daemonize = false
        data_path = "{data}"
        pidfile = "{data}/prosody.pid"
        interfaces = {{ "127.0.0.1" }}
        modules_enabled = {{
            "roster", "saslauth", "tls", "disco", "ping", "time", "version", "uptime", "smacks", "csi",
            "bosh", "websocket", "carbons", "blocklist", "vcard_legacy", "private", "presence", "message", "iq"
        }}
        modules_disabled = {{ "s2s" }}
        c2s_ports = {{ {tcp} }}
        c2s_direct_tls_ports = {{ {tls} }}
        s2s_ports = {{}}
        http_ports = {{ {http} }}
        http_interfaces = {{ "127.0.0.1" }}
        https_ports = {{ {https} }}
        https_interfaces = {{ "127.0.0.1" }}
        https_ssl = {{ certificate = "{certificate}", key = "{key}" }}
        ssl = {{ certificate = "{certificate}", key = "{key}" }}
        c2s_direct_tls_ssl = {{ certificate = "{certificate}", key = "{key}" }}
        c2s_require_encryption = true
        consider_bosh_secure = true
        consider_websocket_secure = true
        bosh_max_inactivity = {INACTIVITY_SECS}
        authentication = "internal_plain"
        storage = "internal"
        log = {{ {{ levels = {{ min = "info" }}, to = "console" }} }}
        VirtualHost "{DOMAIN}"
        Component "pubsub.{DOMAIN}" "pubsub"
            admins = {{ {owners} }}
        "#,
        owners = owners(),
        data = folder.path().join("data").display(),
        certificate = certificate.display(),
        key = key.display(),
    );
    let file = folder.path().join("prosody.cfg.lua");
    std::fs::write(&file, configuration).unwrap();
    let mut command = Command::new(program("prosody").unwrap());
    command.arg("-F").arg("--config").arg(&file);
    let mut process = Process::start(folder, &mut command);
    for port in [http, tcp, tls, https] {
        process.wait_until(Duration::from_secs(20), || listens(port));
    }
    let address = |port: u16| format!("127.0.0.1:{port}");
    let at = Addresses {
        http: address(http),
        bosh_path: "/http-bind",
        websocket: address(http),
        websocket_path: "/xmpp-websocket",
        tcp: address(tcp),
        tls: address(tls),
        web: address(http),
        https: address(https),
    };
    Subject::new(Kind::Prosody, at, process)
}

/// Only administrators of the component create nodes; they own all of them.
fn owners() -> String {
    (FIRST_OWNER..=USERS)
        .map(|number| format!("\"{}@{DOMAIN}\"", user(number)))
        .collect::<Vec<_>>()
        .join(", ")
}

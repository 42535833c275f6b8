//! ejabberd, started without its control script, which insists on a system user, and without Erlang's distribution,
//! which would leave a port mapper behind.

use super::launch::{Process, certificate, free_ports, listens, program};
use super::{Addresses, DOMAIN, INACTIVITY_SECS, Kind, MAXPAUSE_SECS, PASSWORD, Subject, USERS, user};
use crate::client::http;
use std::process::Command;
use std::time::Duration;
use tempfile::TempDir;

/// Where Debian puts Erlang's libraries, ejabberd's among them.
const LIBRARIES: [&str; 3] =
    ["/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/lib/erlang/lib"];

pub(super) fn is_installed() -> bool {
    program("erl").is_some() && program("ejabberdctl").is_some()
}

pub(super) fn start() -> Subject {
    let folder = TempDir::new().unwrap();
    let spool = folder.path().join("spool");
    std::fs::create_dir(&spool).unwrap();
    let (certificate, key) = certificate(folder.path());
    let both = [&key, &certificate].map(|file| std::fs::read_to_string(file).unwrap()).concat();
    let pem = folder.path().join("both.pem");
    std::fs::write(&pem, both).unwrap();
    let [http, tcp, tls, https] = free_ports();
    let file = folder.path().join("ejabberd.yml");
    let configuration = configuration(
        [http, tcp, tls, https],
        &pem.display().to_string(),
        &certificate.display().to_string(),
    );
    std::fs::write(&file, configuration).unwrap();
    let mut command = Command::new(program("erl").unwrap());
    command.args(["-noinput", "-mnesia", "dir", &format!("\"{}\"", spool.display()), "-s", "ejabberd"]);
    command.env("ERL_LIBS", LIBRARIES.join(":"));
    command.env("EJABBERD_CONFIG_PATH", &file);
    command.env("EJABBERD_LOG_PATH", folder.path().join("ejabberd.log"));
    command.env("SPOOL_DIR", &spool);
    command.env("HOME", folder.path());
    let mut process = Process::start(folder, &mut command);
    for port in [http, tcp, tls, https] {
        process.wait_until(Duration::from_secs(30), || listens(port));
    }
    let address = |port: u16| format!("127.0.0.1:{port}");
    for number in 1..=USERS {
        let name = user(number);
        let order = format!(r#"{{"user":"{name}","host":"{DOMAIN}","password":"{PASSWORD}"}}"#);
        let answer = http::send(&address(http), "POST", "/api/register", &[], order.as_bytes()).answer();
        assert_eq!(answer.status, 200, "{}", answer.text());
    }
    let at = Addresses {
        http: address(http),
        bosh_path: "/bosh",
        websocket: address(http),
        websocket_path: "/ws",
        tcp: address(tcp),
        tls: address(tls),
        web: address(http),
        https: address(https),
    };
    Subject::new(Kind::Ejabberd, at, process)
}

fn configuration([http, tcp, tls, https]: [u16; 4], pem: &str, authority: &str) -> String {
    format!(
        r#"
hosts: ["{DOMAIN}"]
loglevel: info
certfiles: ["{pem}"]
ca_file: "{authority}"
listen:
  - {{port: {tcp}, ip: "127.0.0.1", module: ejabberd_c2s, starttls_required: true, access: c2s}}
  - {{port: {tls}, ip: "127.0.0.1", module: ejabberd_c2s, tls: true, access: c2s}}
  - port: {http}
    ip: "127.0.0.1"
    module: ejabberd_http
    request_handlers:
      /bosh: mod_bosh
      /ws: ejabberd_http_ws
      /api: mod_http_api
      /.well-known/host-meta: mod_host_meta
      /.well-known/host-meta.json: mod_host_meta
  - port: {https}
    ip: "127.0.0.1"
    module: ejabberd_http
    tls: true
    request_handlers: {{/bosh: mod_bosh}}
acl: {{loopback: {{ip: ["127.0.0.0/8"]}}}}
access_rules: {{c2s: {{allow: all}}}}
api_permissions: {{loopback: {{who: [{{access: [{{allow: loopback}}]}}], what: [register]}}}}
auth_method: internal
auth_password_format: plain
modules:
  mod_blocking: {{}}
  mod_bosh: {{max_inactivity: {INACTIVITY_SECS}, max_pause: {MAXPAUSE_SECS}}}
  mod_carboncopy: {{}}
  mod_client_state: {{}}
  mod_disco: {{}}
  mod_host_meta:
    bosh_service_url: "http://@HOST@:{http}/bosh"
    websocket_url: "ws://@HOST@:{http}/ws"
  mod_http_api: {{}}
  mod_last: {{}}
  mod_ping: {{}}
  mod_privacy: {{}}
  mod_private: {{}}
  mod_pubsub:
    host: "pubsub.@HOST@"
    access_createnode: c2s
    last_item_cache: false
    plugins: [flat]
  mod_roster: {{}}
  mod_stream_mgmt: {{resend_on_timeout: if_offline}}
  mod_time: {{}}
  mod_vcard: {{}}
  mod_version: {{}}
"#
    )
}

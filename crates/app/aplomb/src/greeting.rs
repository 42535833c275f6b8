//! What the demo says when it is ready.

use crate::demo;
use crate::ready::Ready;
use std::io::Write;
use std::path::Path;

/// Prints where to go and who can sign in.
pub(crate) fn print(ready: &Ready, agents: u32, ca: Option<&Path>) {
    let text = greeting(ready, agents, ca);
    // a closed standard output is no reason to stop
    let _ = std::io::stdout().write_all(text.as_bytes());
    let _ = std::io::stdout().flush();
}

fn greeting(ready: &Ready, agents: u32, ca: Option<&Path>) -> String {
    let off = || "off".to_owned();
    let url = |url: &Option<String>| url.as_ref().map_or_else(off, |url| format!("{url}/"));
    let text = |text: &Option<String>| text.clone().unwrap_or_else(off);
    let last = 1_001_000 + agents;
    let free = 1_001_000 + agents.min(10);
    let (who, supervisors) = (format!("1001001 … {free}"), "1900001, 1900002");
    let (extensions, supervisor_extensions) = (format!("2001 … {}", 2_000 + agents.min(10)), "1901, 1902");
    let mut out = format!(
        "\nThe Aplomb demo is running.

  Open       {plain}
             {tls}   (TLS)

  Sign in    {who:<20} extension {extensions:<13} password {password}
             {supervisors:<20} extension {supervisor_extensions:<13} password {password}   (supervisors)

  XMPP       {tcp} (STARTTLS), {xmpps} (TLS), {bosh} (BOSH)
  REST       {rest}finesse/api/SystemInfo
  CTI        {cti} (simulator, GED-188)
  A call     sign in, then: aplomb sim ctl ring 1001001
  Metrics    {metrics}
",
        plain = url(&ready.rest_plain),
        tls = url(&ready.rest),
        password = demo::PASSWORD,
        tcp = text(&ready.xmpp_tcp),
        xmpps = text(&ready.xmpp_tls),
        bosh = text(&ready.bosh_plain),
        rest = url(&ready.rest_plain),
        cti = text(&ready.cti),
        metrics = text(&ready.metrics),
    );
    if last > free {
        out.push_str(&format!("\n  Agents {} … {last} are there as well.\n", free + 1));
    }
    if let Some(ca) = ca {
        out.push_str(&format!("\n  To trust the TLS addresses, trust {}\n", ca.display()));
    }
    out.push_str("\n  Ctrl-C stops it.\n\n");
    out
}

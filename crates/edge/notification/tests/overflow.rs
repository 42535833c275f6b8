//! A hundred thousand stanzas for a client that takes none: the session ends by its name, and memory stays bounded.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod site;

use aplomb_notification::Config;
use site::{Client, Site};

const STANZAS: usize = 100_000;

/// All of them together are a hundred times this, in bytes.
const MEMORY: u64 = 32 * 1024 * 1024;

fn payload() -> String {
    format!("<flood>{}</flood>", "x".repeat(32 * 1024))
}

/// Memory that this process holds, in bytes (Linux).
fn resident_bytes() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    line.trim().trim_end_matches(" kB").trim().parse::<u64>().unwrap() * 1024
}

/// Floods the user's session while another user's events arrive one by one.
async fn flood(site: &Site, other: &mut Client) {
    let payload = payload();
    site.publish("1", &payload).await;
    let before = resident_bytes();
    for n in 0..STANZAS {
        site.publish("1", &payload).await;
        if n % 1_000 == 0 {
            site.publish("2", &format!("<event n='{n}'/>")).await;
            assert!(other.next().await.contains(&format!("n='{n}'")));
        }
    }
    let grown = resident_bytes().saturating_sub(before);
    assert!(grown < MEMORY, "{} KiB more than before", grown / 1024);
}

#[tokio::test]
async fn a_client_that_does_not_read_costs_so_much_and_no_more() {
    let site = Site::start().await;
    let mut other = site.available("2", "desk").await;
    let client = site.available("1", "desk").await;
    flood(&site, &mut other).await;
    assert_eq!(
        site.metric("aplomb_notification_sessions_ended_total{transport=\"tcp\",reason=\"queue-overflow\"}"),
        1
    );
    drop(client);
}

#[tokio::test]
async fn a_session_that_waits_for_its_client_costs_so_much_and_no_more() {
    let site = Site::start_with(Config { resume_secs: 60, ..Config::default() }).await;
    let mut other = site.available("2", "desk").await;
    let mut client = site.bound("1", "desk").await;
    client.send("<enable xmlns='urn:xmpp:sm:3' resume='true'/>").await;
    assert!(client.next().await.starts_with("<enabled "));
    client.send("<presence/>").await;
    client.next().await;
    client.cut();
    flood(&site, &mut other).await;
    assert_eq!(
        site.metric("aplomb_notification_sessions_ended_total{transport=\"tcp\",reason=\"queue-overflow\"}"),
        1
    );
}

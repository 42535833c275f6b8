//! Two sessions that want one address.

mod site;

use site::{Client, Site};

const ENDED: &str = "aplomb_notification_sessions_ended_total";

async fn ends_with_conflict(client: &mut Client) {
    let error = client.next().await;
    assert!(error.starts_with("<stream:error") && error.contains("<conflict "), "{error}");
    assert_eq!(client.next_or_end().await, None);
}

#[tokio::test]
async fn the_newer_session_gets_the_address_and_the_older_one_is_told() {
    let site = Site::start().await;
    let mut older = site.available("1", "desk").await;
    let newer = site.bound("1", "desk").await;
    assert_eq!(newer.jid, "1@localhost/desk");
    ends_with_conflict(&mut older).await;
    assert_eq!(site.metric(&format!("{ENDED}{{transport=\"tcp\",reason=\"superseded\"}}")), 1);
}

#[tokio::test]
async fn two_clients_that_displace_each_other_for_ever_are_named_and_then_both_stay() {
    let site = Site::start().await;
    let mut current = site.bound("1", "desk").await;
    for _ in 0..aplomb_notification::limits::DISPLACEMENTS_MAX {
        let newer = site.bound("1", "desk").await;
        assert_eq!(newer.jid, "1@localhost/desk");
        ends_with_conflict(&mut current).await;
        current = newer;
    }
    let mut other = site.available("1", "desk").await;
    assert!(other.jid.starts_with("1@localhost/") && other.jid != "1@localhost/desk", "{}", other.jid);
    current.send("<presence/>").await;
    current.settled().await;
    other.settled().await;
    site.publish("1", "<notification/>").await;
    for client in [&mut current, &mut other] {
        assert!(client.next().await.contains("<notification/>"), "both work");
    }
    assert_eq!(site.metric(&format!("{ENDED}{{transport=\"tcp\",reason=\"displacement-loop\"}}")), 1);
    assert_eq!(site.metric("aplomb_notification_displacement_loop_resources_total"), 1);
}

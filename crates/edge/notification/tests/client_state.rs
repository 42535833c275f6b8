//! XEP-0352: what a client hears that nobody looks at.

mod site;

use site::{Client, Site};

const INACTIVE: &str = "<inactive xmlns='urn:xmpp:csi:0'/>";
const ACTIVE: &str = "<active xmlns='urn:xmpp:csi:0'/>";

async fn hidden(site: &Site) -> Client {
    let mut client = site.available("1", "desk").await;
    client.send(INACTIVE).await;
    client.settled().await;
    client
}

#[tokio::test]
async fn the_features_announce_it() {
    assert!(Site::start().await.signed_in("1").await.jid.contains("<csi xmlns=\"urn:xmpp:csi:0\">"));
}

#[tokio::test]
async fn presence_waits_and_of_each_sender_only_the_latest_is_sent() {
    let site = Site::start().await;
    let mut client = hidden(&site).await;
    let (mut two, mut three) = (site.bound("2", "a").await, site.bound("3", "a").await);
    for show in ["away", "xa", "dnd"] {
        two.send(&format!("<presence to='1@localhost'><show>{show}</show></presence>")).await;
        three.send(&format!("<presence to='1@localhost'><show>{show}</show></presence>")).await;
        two.settled().await;
        three.settled().await;
    }
    assert_eq!(client.settled().await, Vec::<String>::new());
    client.send(ACTIVE).await;
    let seen = client.settled().await;
    assert_eq!(seen.len(), 2, "{seen:?}");
    assert!(seen.iter().all(|presence| presence.contains("<show>dnd</show>")), "{seen:?}");
    two.send("<presence to='1@localhost'/>").await;
    assert!(client.next().await.contains("2@localhost/a"), "from now on at once");
}

#[tokio::test]
async fn events_messages_and_the_web_services_presence_do_not_wait() {
    let site = Site::start().await;
    let mut client = hidden(&site).await;
    let mut other = site.bound("2", "a").await;
    other.send("<presence to='1@localhost'/>").await;
    other.settled().await;
    site.publish("1", "<notification/>").await;
    assert!(client.next().await.contains("<notification/>"));
    site.service.set_service_presence(true).await;
    assert!(client.next().await.contains("finesse@localhost"));
    other.send("<message to='1@localhost' type='chat'><body>hello</body></message>").await;
    assert!(client.next().await.starts_with("<presence"), "what its sender had sent before comes first");
    assert!(client.next().await.contains("hello"));
}

#[tokio::test]
async fn what_waits_is_bounded() {
    let site = Site::start().await;
    let mut client = hidden(&site).await;
    let mut other = site.bound("2", "a").await;
    for n in 0..aplomb_notification::limits::DEFERRED_PRESENCES_MAX {
        assert_eq!(client.settled().await, Vec::<String>::new());
        other.cut();
        other = site.bound("2", &format!("r{n}")).await;
        other.send("<presence to='1@localhost'/>").await;
        other.settled().await;
    }
    while client.settled().await.is_empty() {}
}

#[tokio::test]
async fn states_may_be_repeated_and_other_states_end_the_stream() {
    let site = Site::start().await;
    let mut client = hidden(&site).await;
    client.send(&format!("{INACTIVE}{ACTIVE}{ACTIVE}{INACTIVE}")).await;
    assert_eq!(client.settled().await, Vec::<String>::new());
    client.send("<asleep xmlns='urn:xmpp:csi:0'/>").await;
    assert!(client.next().await.contains("<unsupported-stanza-type "));
}

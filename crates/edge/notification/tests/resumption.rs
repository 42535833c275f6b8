//! XEP-0198: acknowledgements, and sessions that outlive their connections.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod site;

use aplomb_notification::{Config, limits};
use site::{Client, Site};
use std::time::Instant;

const SM: &str = "xmlns='urn:xmpp:sm:3'";
const ENDED: &str = "aplomb_notification_sessions_ended_total{transport=\"tcp\",reason=";

async fn start(resume_secs: u32) -> Site {
    Site::start_with(Config { resume_secs, ..Config::default() }).await
}

/// A client that counts as the XEP says.
struct Managed {
    client: Client,
    user: String,
    id: String,
    /// Stanzas that have come since `<enabled/>`.
    h: u32,
}

impl Managed {
    async fn enable(mut client: Client, user: &str) -> Self {
        client.send(&format!("<enable {SM} resume='true'/>")).await;
        let enabled = client.next().await;
        assert!(enabled.starts_with("<enabled ") && enabled.contains("resume=\"true\""), "{enabled}");
        let id = value(&enabled, "id").to_owned();
        Self { client, user: user.to_owned(), id, h: 0 }
    }

    /// Bound, enabled, available.
    async fn new(site: &Site, user: &str) -> Self {
        let mut managed = Self::enable(site.bound(user, "desk").await, user).await;
        managed.client.send("<presence/>").await;
        assert!(managed.next().await.starts_with("<presence"));
        managed
    }

    /// The next stanza; a request for our count is answered.
    async fn next(&mut self) -> String {
        loop {
            let element = self.client.next().await;
            if element.starts_with("<r ") {
                self.client.send(&format!("<a {SM} h='{}'/>", self.h)).await;
            } else if !element.starts_with("<a ") {
                self.h = self.h.wrapping_add(1);
                return element;
            }
        }
    }

    /// The server's count.
    async fn server_count(&mut self) -> u32 {
        self.client.send(&format!("<r {SM}/>")).await;
        loop {
            let element = self.client.next().await;
            if element.starts_with("<a ") {
                return value(&element, "h").parse().unwrap();
            }
            self.h += u32::from(!element.starts_with("<r "));
        }
    }

    /// Goes on over a new connection; returns the server's count.
    async fn resume(&mut self, site: &Site) -> u32 {
        let mut client = site.signed_in(&self.user).await;
        client.send(&format!("<resume {SM} previd='{}' h='{}'/>", self.id, self.h)).await;
        let resumed = client.next().await;
        assert!(resumed.starts_with("<resumed ") && value(&resumed, "previd") == self.id, "{resumed}");
        self.client = client;
        value(&resumed, "h").parse().unwrap()
    }
}

fn value<'a>(element: &'a str, attribute: &str) -> &'a str {
    let rest = element.split_once(&format!(" {attribute}=\"")).unwrap_or_else(|| panic!("{element}")).1;
    rest.split('"').next().unwrap()
}

/// A session that is over is told with its count, one that never was, or is somebody else's, without.
async fn refused(site: &Site, user: &str, id: &str, h: Option<u32>) -> Client {
    let mut client = site.signed_in(user).await;
    client.send(&format!("<resume {SM} previd='{id}' h='0'/>")).await;
    let failed = client.next().await;
    assert!(failed.starts_with("<failed ") && failed.contains("<item-not-found "), "{failed}");
    let told = failed.contains(" h=").then(|| value(&failed, "h").parse().unwrap());
    assert_eq!(told, h, "{failed}");
    client
}

#[tokio::test]
async fn it_is_announced_and_enabled_with_an_id_and_a_time() {
    let site = start(60).await;
    let mut client = site.signed_in("1").await;
    assert!(client.jid.contains("<sm xmlns=\"urn:xmpp:sm:3\">"), "{}", client.jid);
    client.bind("desk").await;
    client.send(&format!("<enable {SM} resume='true' max='20'/>")).await;
    let enabled = client.next().await;
    assert_eq!((value(&enabled, "max"), value(&enabled, "id").len()), ("20", 32));
    client.send(&format!("<enable {SM} resume='true'/>")).await;
    assert!(client.next().await.contains("<unexpected-request "), "once is enough");
}

#[tokio::test]
async fn without_the_wish_or_the_setting_there_is_no_promise_and_the_session_ends_with_its_connection() {
    let (with, without) = (start(60).await, start(0).await);
    for (site, wish) in [(&with, ""), (&without, " resume='true'")] {
        let mut client = site.available("1", "desk").await;
        client.send(&format!("<enable {SM}{wish}/>")).await;
        let enabled = client.next().await;
        assert!(enabled.starts_with("<enabled ") && !enabled.contains("id="), "{enabled}");
        assert!(site.next_presence().await.available);
        client.cut();
        assert!(!site.next_presence().await.available);
    }
}

#[tokio::test]
async fn both_sides_count_stanzas_and_nothing_else() {
    let site = start(60).await;
    let mut managed = Managed::new(&site, "1").await;
    assert_eq!(managed.server_count().await, 1, "one presence");
    managed.client.send("<iq type='get' id='p'><ping xmlns='urn:xmpp:ping'/></iq>").await;
    managed.client.send("<inactive xmlns='urn:xmpp:csi:0'/><active xmlns='urn:xmpp:csi:0'/>").await;
    managed.client.send("<message to='1@localhost/gone'/>").await;
    assert!(managed.next().await.contains("id=\"p\""));
    assert!(managed.next().await.contains("service-unavailable"));
    assert_eq!(managed.server_count().await, 3);
}

#[tokio::test]
async fn nothing_comes_between_the_address_and_the_answer_to_enable() {
    let site = start(60).await;
    let mut other = site.available("2", "a").await;
    let client = site.bound("1", "desk").await;
    for n in 0..5 {
        other.send(&format!("<message to='1@localhost/desk' id='m{n}'/>")).await;
    }
    other.settled().await;
    let mut managed = Managed::enable(client, "1").await;
    for n in 0..5 {
        assert!(managed.next().await.contains(&format!("id='m{n}'")));
    }
    assert_eq!(managed.h, 5);
}

#[tokio::test]
async fn nothing_comes_together_with_the_answer_to_enable_and_nothing_of_it_is_lost() {
    let site = start(60).await;
    for cut in [false, true] {
        let client = site.bound("1", "desk").await;
        let mut managed = Managed::enable(client, "1").await;
        let enabled = Instant::now();
        managed.client.send("<iq type='get' id='p'><ping xmlns='urn:xmpp:ping'/></iq>").await;
        if cut {
            // most probably with the answer still held back
            managed.resume(&site).await;
            assert!(managed.next().await.contains("id=\"p\""));
        } else {
            assert!(managed.next().await.contains("id=\"p\""));
            assert!(enabled.elapsed() >= limits::HELD_BACK_ENABLED / 2, "not at once");
        }
    }
}

#[tokio::test]
async fn a_client_that_says_nothing_after_its_address_is_not_kept_waiting() {
    let site = start(60).await;
    let mut other = site.available("2", "a").await;
    let mut client = site.bound("1", "desk").await;
    other.send("<message to='1@localhost/desk' id='m'/>").await;
    assert!(client.next().await.contains("id='m'"));
}

#[tokio::test]
async fn a_session_goes_on_where_it_was_and_nobody_noticed() {
    let site = start(60).await;
    let mut watcher = site.available("1", "watcher").await;
    let mut managed = Managed::new(&site, "1").await;
    managed.next().await;
    watcher.settled().await;
    assert!(site.next_presence().await.available);
    let client = std::mem::replace(&mut managed.client, site.signed_in("1").await);
    client.cut();
    site.publish("1", "<while-away/>").await;
    assert_eq!(managed.resume(&site).await, 1);
    assert!(managed.next().await.contains("<while-away/>"));
    site.publish("1", "<back/>").await;
    assert!(managed.next().await.contains("<back/>"));
    let seen = watcher.settled().await;
    assert!(seen.iter().all(|seen| !seen.contains("unavailable")), "{seen:?}");
    assert!(site.presence_is_quiet());
    assert_eq!(site.metric("aplomb_notification_resumed_total"), 1);
    assert_eq!(site.metric("aplomb_notification_sessions{transport=\"tcp\"}"), 2, "two sessions, no more");
}

#[tokio::test]
async fn a_session_is_resumed_even_while_its_old_connection_looks_alive() {
    let site = start(60).await;
    let mut managed = Managed::new(&site, "1").await;
    site.publish("1", "<unread/>").await;
    let mut old = std::mem::replace(&mut managed.client, site.signed_in("1").await);
    managed.resume(&site).await;
    assert!(managed.next().await.contains("<unread/>"));
    while let Some(element) = old.next_or_end().await {
        assert!(element.contains("<unread/>") || element.contains("<conflict "), "{element}");
    }
    assert!(site.next_presence().await.available);
    assert!(site.presence_is_quiet());
}

#[tokio::test]
async fn what_was_acknowledged_does_not_come_again() {
    let site = start(60).await;
    let mut managed = Managed::new(&site, "1").await;
    for n in 0..3 {
        site.publish("1", &format!("<event{n}/>")).await;
    }
    assert!(managed.next().await.contains("<event0/>"));
    // the others are on their way and get lost
    managed.resume(&site).await;
    for n in 1..3 {
        assert!(managed.next().await.contains(&format!("<event{n}/>")));
    }
    assert_eq!(managed.resume(&site).await, 1);
    site.publish("1", "<last/>").await;
    assert!(managed.next().await.contains("<last/>"));
}

#[tokio::test]
async fn after_its_time_a_session_is_over_and_its_client_may_begin_anew() {
    let site = start(1).await;
    let managed = Managed::new(&site, "1").await;
    assert!(site.next_presence().await.available);
    let mut writer = site.available("2", "desk").await;
    assert!(site.next_presence().await.available);
    managed.client.cut();
    writer.send("<message to='1@localhost' type='chat' id='lost'><body>hello</body></message>").await;
    let returned = writer.next().await;
    assert!(returned.contains("id=\"lost\"") && returned.contains("<service-unavailable "), "{returned}");
    assert!(!site.next_presence().await.available);
    assert_eq!(site.metric(&format!("{ENDED}\"transport-lost\"}}")), 1);
    refused(&site, "1", &managed.id, Some(1)).await.bind("desk").await;
}

#[tokio::test]
async fn nobody_else_can_resume_a_session_and_an_unknown_one_is_not_found() {
    let site = start(60).await;
    let mut managed = Managed::new(&site, "1").await;
    refused(&site, "2", &managed.id, None).await;
    refused(&site, "1", "no-such-id", None).await;
    refused(&site, "1", "", None).await;
    site.publish("1", "<still/>").await;
    assert!(managed.next().await.contains("<still/>"), "the owner did not notice");
}

#[tokio::test]
async fn a_session_that_was_closed_or_displaced_cannot_be_resumed() {
    let site = start(60).await;
    let mut managed = Managed::new(&site, "1").await;
    managed.client.send("</stream:stream>").await;
    assert_eq!(managed.client.next_or_end().await, None);
    refused(&site, "1", &managed.id, Some(1)).await;
    let older = Managed::new(&site, "1").await;
    older.client.cut();
    let newer = Managed::new(&site, "1").await;
    refused(&site, "1", &older.id, Some(1)).await;
    assert_eq!(site.metric(&format!("{ENDED}\"superseded\"}}")), 1);
    drop(newer);
}

#[tokio::test]
async fn a_count_that_cannot_be_right_ends_the_stream() {
    let site = start(60).await;
    for resumes in [false, true] {
        let mut managed = Managed::new(&site, "1").await;
        if resumes {
            let mut client = site.signed_in("1").await;
            client.send(&format!("<resume {SM} previd='{}' h='100'/>", managed.id)).await;
            managed.client = client;
        } else {
            managed.client.send(&format!("<a {SM} h='100'/>")).await;
        }
        let error = managed.client.next().await;
        assert!(error.contains("<handled-count-too-high ") && error.contains("send-count=\"1\""), "{error}");
        assert_eq!(managed.client.next_or_end().await, None);
        refused(&site, "1", &managed.id, Some(1)).await;
    }
}

#[tokio::test]
async fn acknowledgements_that_were_not_agreed_on_are_no_stanzas() {
    let site = start(60).await;
    let mut client = site.available("1", "desk").await;
    client.send(&format!("<r {SM}/>")).await;
    assert!(client.next().await.contains("<unsupported-stanza-type "));
}

#[tokio::test]
async fn a_client_that_acknowledges_nothing_is_ended_at_the_limit() {
    let site = start(60).await;
    let managed = Managed::new(&site, "1").await;
    assert!(site.next_presence().await.available);
    managed.client.cut();
    for _ in 0..xmpp::limits::Unacknowledged::default().stanzas_max {
        site.publish("1", "<event/>").await;
    }
    assert!(!site.next_presence().await.available);
    assert_eq!(site.metric(&format!("{ENDED}\"queue-overflow\"}}")), 1);
    refused(&site, "1", &managed.id, Some(1)).await;
}

#[tokio::test]
async fn a_resumed_client_counts_as_looked_at() {
    let site = start(60).await;
    let mut managed = Managed::new(&site, "1").await;
    managed.client.send("<inactive xmlns='urn:xmpp:csi:0'/>").await;
    managed.server_count().await;
    let mut other = site.bound("2", "a").await;
    other.send("<presence to='1@localhost'/>").await;
    other.settled().await;
    managed.resume(&site).await;
    assert!(managed.next().await.contains("2@localhost/a"));
}

/// Small random numbers, the same in each run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % n
    }
}

/// Both ways, over connections that are cut or replaced at any moment: what is sent arrives, in order, once.
#[tokio::test]
async fn over_cut_connections_no_stanza_is_lost_and_none_comes_twice() {
    for seed in 1..=6 {
        let (site, mut dice) = (start(60).await, Dice(seed));
        let mut friend = site.available("2", "friend").await;
        let mut managed = Managed::new(&site, "1").await;
        let (mut published, mut seen, mut sent, mut acked) = (0, 0, 0, 0);
        // one presence was sent before
        let mut outgoing: Vec<u64> = Vec::new();
        for _ in 0..20 {
            for _ in 0..dice.below(6) {
                site.publish("1", &format!("<event n='{published}'/>")).await;
                published += 1;
            }
            for _ in 0..dice.below(6) {
                managed.client.send(&format!("<message to='2@localhost/friend' id='{sent}'/>")).await;
                outgoing.push(sent);
                sent += 1;
            }
            for _ in 0..dice.below(published - seen + 1) {
                assert!(managed.next().await.contains(&format!("n='{seen}'")), "seed {seed}");
                seen += 1;
            }
            if dice.below(2) == 0 {
                // cut at once: what is in the pipe is lost
                let next = site.signed_in("2").await;
                std::mem::replace(&mut managed.client, next).cut();
            }
            let handled = u64::from(managed.resume(&site).await) - 1;
            outgoing.drain(..(handled - acked) as usize);
            acked = handled;
            for n in &outgoing {
                managed.client.send(&format!("<message to='2@localhost/friend' id='{n}'/>")).await;
            }
        }
        while seen < published {
            assert!(managed.next().await.contains(&format!("n='{seen}'")), "seed {seed}");
            seen += 1;
        }
        for n in 0..sent {
            let message = friend.next().await;
            assert!(message.contains(&format!("id='{n}'")), "seed {seed}, {n}: {message}");
        }
        assert_eq!(friend.settled().await, Vec::<String>::new(), "seed {seed}");
    }
}

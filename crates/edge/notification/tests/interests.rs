//! Clients that tell by their capabilities of which nodes they want events.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod site;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use sha1::{Digest, Sha1};
use site::{Client, Site};

const FEATURES: &str = "<feature var='/tune+notify'/><feature var='http://jabber.org/protocol/caps'/>";

/// The word for [`FEATURES`].
fn word() -> String {
    BASE64_STANDARD.encode(Sha1::digest("/tune+notify<http://jabber.org/protocol/caps<"))
}

/// Sends its presence with this word.
async fn tell(client: &mut Client, word: &str) {
    let caps = format!("<c xmlns='http://jabber.org/protocol/caps' hash='sha-1' node='urn:x' ver='{word}'/>");
    client.send(&format!("<presence>{caps}</presence>")).await;
}

async fn answer(client: &mut Client, features: &str) {
    let query = format!("<query xmlns='http://jabber.org/protocol/disco#info'>{features}</query>");
    client.send(&format!("<iq type='result' id='capabilities' to='pubsub.localhost'>{query}</iq>")).await;
}

fn questions(seen: &[String]) -> Vec<&String> {
    seen.iter().filter(|element| element.starts_with("<iq ") && element.contains("disco#info")).collect()
}

fn events(seen: &[String]) -> usize {
    seen.iter().filter(|element| element.contains("<items node=\"/tune\">")).count()
}

/// User `4` makes a node that is open to everyone.
async fn with_node(site: &Site) -> Client {
    let mut owner = site.available("4", "desk").await;
    let made = "<pubsub xmlns='http://jabber.org/protocol/pubsub'><create node='/tune'/></pubsub>";
    assert!(owner.ask("set", "pubsub.localhost", made).await.contains("type=\"result\""));
    owner
}

async fn publish(owner: &mut Client) {
    let item = "<publish node='/tune'><item><x xmlns='urn:x'/></item></publish>";
    let text = format!("<pubsub xmlns='http://jabber.org/protocol/pubsub'>{item}</pubsub>");
    assert!(owner.ask("set", "pubsub.localhost", &text).await.contains("type=\"result\""));
}

#[tokio::test]
async fn one_client_of_a_kind_is_asked_and_all_of_them_get_what_it_names() {
    let site = Site::start().await;
    let mut owner = with_node(&site).await;
    let (mut first, mut second) = (site.bound("1", "a").await, site.bound("2", "b").await);
    tell(&mut first, &word()).await;
    let seen = first.settled().await;
    let [question] = questions(&seen)[..] else { panic!("{seen:?}") };
    assert!(question.contains(&format!("node=\"urn:x#{}\"", word())), "{question}");
    assert!(question.contains("from=\"pubsub.localhost\" to=\"1@localhost/a\""), "{question}");
    tell(&mut second, &word()).await;
    assert!(questions(&second.settled().await).is_empty(), "the other one is being asked");
    answer(&mut first, FEATURES).await;
    first.settled().await;
    publish(&mut owner).await;
    assert_eq!((events(&first.settled().await), events(&second.settled().await)), (1, 1));
    // and whoever comes later is not asked either
    let mut third = site.bound("3", "c").await;
    tell(&mut third, &word()).await;
    assert!(questions(&third.settled().await).is_empty());
    second.send("<presence/>").await;
    second.settled().await;
    first.send("<presence type='unavailable'/>").await;
    first.settled().await;
    publish(&mut owner).await;
    assert_eq!(events(&third.settled().await), 1);
    assert_eq!(events(&second.settled().await), 0, "it has taken its word back");
    assert_eq!(events(&first.settled().await), 0, "it is not there");
}

#[tokio::test]
async fn a_client_whose_word_is_false_speaks_for_itself_alone() {
    let site = Site::start().await;
    let mut owner = with_node(&site).await;
    let (mut liar, mut other) = (site.bound("1", "a").await, site.bound("2", "b").await);
    let of_another = BASE64_STANDARD.encode([7; 20]);
    tell(&mut liar, &of_another).await;
    liar.settled().await;
    tell(&mut other, &of_another).await;
    other.settled().await;
    answer(&mut liar, FEATURES).await;
    liar.settled().await;
    assert_eq!(questions(&other.settled().await).len(), 1, "now this one is asked");
    answer(&mut other, "<feature var='urn:y'/>").await;
    other.settled().await;
    publish(&mut owner).await;
    assert_eq!((events(&liar.settled().await), events(&other.settled().await)), (1, 0));
}

#[tokio::test]
async fn answers_that_nobody_asked_for_and_that_are_none_change_nothing() {
    let site = Site::start().await;
    let mut owner = with_node(&site).await;
    let (mut client, mut next) = (site.available("1", "a").await, site.bound("2", "b").await);
    answer(&mut client, FEATURES).await;
    tell(&mut client, &word()).await;
    client.settled().await;
    tell(&mut next, &word()).await;
    next.settled().await;
    client.send("<iq type='error' id='capabilities' to='pubsub.localhost'/>").await;
    client.settled().await;
    assert_eq!(questions(&next.settled().await).len(), 1, "the next one is asked");
    next.send("<iq type='result' id='capabilities' to='pubsub.localhost'><query xmlns='urn:x'/></iq>").await;
    next.settled().await;
    publish(&mut owner).await;
    assert_eq!((events(&client.settled().await), events(&next.settled().await)), (0, 0));
}

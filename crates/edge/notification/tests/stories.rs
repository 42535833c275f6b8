//! What the service tells of its sessions to whoever keeps the books.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod site;

use aplomb_notification::{Config, Opened, Story, Tombstone};
use site::Site;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::broadcast;
use tokio::time::timeout;

type Stories = broadcast::Receiver<Arc<Story>>;

async fn next(stories: &mut Stories) -> Story {
    let told = timeout(Duration::from_secs(10), stories.recv()).await.expect("a story");
    (*told.unwrap_or_else(|error| panic!("{error}"))).clone()
}

async fn opened(stories: &mut Stories) -> Opened {
    match next(stories).await {
        Story::Opened(opened) => opened,
        other => panic!("not an opening: {other:?}"),
    }
}

async fn ended(stories: &mut Stories) -> Tombstone {
    match next(stories).await {
        Story::Ended(tombstone) => tombstone,
        other => panic!("not an end: {other:?}"),
    }
}

#[tokio::test]
async fn a_connection_that_breaks_leaves_a_tombstone_of_the_session_that_was_opened() {
    let site = Site::start().await;
    let mut stories = site.service.stories();
    let client = site.available("1", "desk").await;
    let opened = opened(&mut stories).await;
    drop(client);

    let end = ended(&mut stories).await;

    assert_eq!((opened.user.as_str(), opened.resource.as_str()), ("1", "desk"));
    assert_eq!((end.user.as_deref(), end.resource.as_deref()), (Some("1"), Some("desk")));
    assert_eq!(end.mark, opened.mark);
    assert_eq!((end.reason.as_str(), end.client.transport), ("transport-lost", "tcp"));
    assert!(end.opened <= opened.at && opened.at <= end.at && end.last_seen <= end.at);
    assert!(end.counts.requests >= 5, "header, auth, header, bind, presence: {:?}", end.counts);
    assert_eq!((end.last_rid, end.longest_gap), (None, None), "only BOSH has these");
}

#[tokio::test]
async fn a_session_that_another_replaces_is_told_apart_from_it() {
    let site = Site::start().await;
    let mut stories = site.service.stories();
    let _older = site.available("1", "desk").await;
    let older = opened(&mut stories).await;
    let _newer = site.available("1", "desk").await;

    let mut told = [next(&mut stories).await, next(&mut stories).await];
    told.sort_by_key(|story| matches!(story, Story::Opened(_)));

    let [Story::Ended(end), Story::Opened(newer)] = told else { panic!("an end and an opening: {told:?}") };
    assert_eq!((end.reason.as_str(), end.condition), ("superseded", Some("conflict")));
    assert_eq!(end.mark, older.mark);
    assert_ne!(newer.mark, older.mark);
}

#[tokio::test]
async fn a_stream_error_is_told_with_its_condition() {
    let site = Site::start().await;
    let mut stories = site.service.stories();
    let mut client = site.available("1", "desk").await;
    opened(&mut stories).await;
    client.send("<nonsense/>").await;

    let end = ended(&mut stories).await;

    assert_eq!((end.reason.as_str(), end.condition), ("stream-error", Some("unsupported-stanza-type")));
}

#[tokio::test]
async fn a_resumed_session_is_told_with_the_address_of_its_latest_connection() {
    let site = Site::start_with(Config { resume_secs: 60, ..Config::default() }).await;
    let mut stories = site.service.stories();
    let mut first = site.bound("1", "desk").await;
    first.send("<enable xmlns='urn:xmpp:sm:3' resume='true'/>").await;
    let enabled = first.next().await;
    let id = enabled.split_once(" id=\"").unwrap().1.split('"').next().unwrap();
    let opened = opened(&mut stories).await;
    assert_eq!(opened.client.address, first.address());
    let mut second = site.signed_in("1").await;
    second.send(&format!("<resume xmlns='urn:xmpp:sm:3' previd='{id}' h='0'/>")).await;
    assert!(second.next().await.starts_with("<resumed "));
    let address = second.address();
    second.send("</stream:stream>").await;

    // the stream that the session took the place of has none of its own
    let end = ended(&mut stories).await;

    assert_eq!((end.mark, end.reason.as_str()), (opened.mark, "client-terminate"));
    assert_eq!(end.client.address, address);
    assert_ne!(address, opened.client.address);
}

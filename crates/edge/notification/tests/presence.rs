//! Presence: a user's own resources, others directly, and the web service's user (RFC 6121 §3, §4).

mod site;

use site::Site;

#[tokio::test]
async fn a_client_hears_of_itself_then_of_its_users_other_resources_then_of_the_web_service() {
    let site = Site::start().await;
    site.service.set_service_presence(true).await;
    let mut first = site.bound("1", "first").await;
    first.send("<presence><show>away</show><priority>3</priority></presence>").await;
    first.settled().await;
    let mut second = site.bound("1", "second").await;
    second.send("<presence><status>new</status></presence>").await;
    let seen = second.settled().await;
    assert!(seen[0].contains("from=\"1@localhost/second\" to=\"1@localhost/second\""), "{seen:?}");
    assert!(seen[0].contains("<status>new</status>"), "{seen:?}");
    assert!(
        seen[1].contains("from=\"1@localhost/first\"") && seen[1].contains("<show>away</show>"),
        "{seen:?}"
    );
    assert!(seen[2].contains("from=\"finesse@localhost/finesse\""), "{seen:?}");
    assert_eq!(seen.len(), 3);
    assert!(first.next().await.contains("<status>new</status>"));
    second.send("<presence><show>dnd</show></presence>").await;
    assert_eq!(second.settled().await.len(), 2, "later presence does not repeat the others'");
}

#[tokio::test]
async fn the_others_hear_when_a_resource_says_goodbye_and_when_its_connection_is_cut() {
    let site = Site::start().await;
    let mut watcher = site.available("1", "watcher").await;
    for cut in [false, true] {
        let mut other = site.available("1", "other").await;
        assert!(watcher.next().await.contains("from=\"1@localhost/other\""));
        if cut {
            other.cut();
        } else {
            other.send("<presence type='unavailable'/></stream:stream>").await;
        }
        let gone = watcher.next().await;
        assert!(gone.contains("1@localhost/other") && gone.contains("type=\"unavailable\""), "{gone}");
    }
    assert_eq!(watcher.settled().await, Vec::<String>::new(), "once each");
}

#[tokio::test]
async fn presence_sent_directly_arrives_and_so_does_its_end() {
    let site = Site::start().await;
    let (mut a, mut b) = (site.available("2", "a").await, site.available("2", "b").await);
    a.settled().await;
    let mut sender = site.bound("1", "desk").await;
    sender.send("<presence to='2@localhost'><status>hi</status></presence>").await;
    sender.send("<presence to='3@localhost'/>").await;
    for receiver in [&mut a, &mut b] {
        assert!(receiver.next().await.contains("from=\"1@localhost/desk\" to=\"2@localhost\""));
    }
    sender.cut();
    for receiver in [&mut a, &mut b] {
        let gone = receiver.next().await;
        assert!(gone.contains("from=\"1@localhost/desk\"") && gone.contains("unavailable"), "{gone}");
    }
}

#[tokio::test]
async fn whoever_was_told_of_the_end_already_is_not_told_twice() {
    let site = Site::start().await;
    let mut receiver = site.available("2", "a").await;
    let mut sender = site.available("1", "desk").await;
    sender.send("<presence to='2@localhost/a'/><presence to='2@localhost/a' type='unavailable'/>").await;
    sender.settled().await;
    sender.cut();
    assert!(!receiver.next().await.contains("unavailable"));
    assert!(receiver.next().await.contains("unavailable"));
    while site.next_presence().await.available {}
    assert_eq!(receiver.settled().await, Vec::<String>::new());
}

#[tokio::test]
async fn one_resource_is_present_to_so_many_directly_and_no_more() {
    let site = Site::start().await;
    let mut sender = site.available("1", "desk").await;
    for n in 0..aplomb_notification::limits::DIRECTED_PRESENCES_MAX {
        sender.send(&format!("<presence to='x{n}@localhost'/>")).await;
    }
    assert_eq!(sender.settled().await, Vec::<String>::new());
    sender.send("<presence to='one-more@localhost' id='p'/>").await;
    assert!(sender.next().await.contains("<policy-violation "));
    sender.send("<presence to='x0@localhost'/>").await;
    assert_eq!(sender.settled().await, Vec::<String>::new(), "those it knows already are no more");
}

#[tokio::test]
async fn a_presence_too_long_to_be_kept_is_refused() {
    let site = Site::start().await;
    let mut client = site.bound("1", "desk").await;
    let status = "x".repeat(aplomb_notification::limits::PRESENCE_BYTES_MAX);
    client.send(&format!("<presence id='p'><status>{status}</status></presence>")).await;
    assert!(client.next().await.contains("<policy-violation "));
    assert!(site.presence_is_quiet());
}

#[tokio::test]
async fn the_web_services_user_takes_subscriptions_and_answers_probes() {
    let site = Site::start().await;
    site.service.set_service_presence(true).await;
    let mut client = site.available("1", "desk").await;
    client.send("<presence to='finesse@localhost' type='subscribe' id='s'/>").await;
    let seen = client.settled().await;
    assert!(seen[0].contains("from=\"finesse@localhost\"") && seen[0].contains("\"subscribed\""), "{seen:?}");
    assert!(seen[1].contains("finesse@localhost/finesse") && !seen[1].contains("type"), "{seen:?}");
    client.send("<presence to='finesse@localhost' type='unsubscribe'/>").await;
    assert!(client.next().await.contains("\"unsubscribed\""));
    client.send("<presence to='finesse@localhost' type='probe'/><presence to='finesse@localhost'/>").await;
    assert_eq!(client.settled().await.len(), 1);
    site.service.set_service_presence(false).await;
    assert!(client.next().await.contains("unavailable"));
    client.send("<presence to='finesse@localhost/finesse' type='probe'/>").await;
    assert!(client.next().await.contains("unavailable"));
}

#[tokio::test]
async fn users_do_not_subscribe_to_each_other_and_a_probe_tells_only_of_oneself() {
    let site = Site::start().await;
    let mut other = site.available("2", "here").await;
    let mut client = site.available("1", "desk").await;
    for type_ in ["subscribe", "probe"] {
        client.send(&format!("<presence to='2@localhost' type='{type_}'/>")).await;
        let answer = client.next().await;
        assert!(answer.contains("from=\"2@localhost\"") && answer.contains("\"unsubscribed\""), "{answer}");
    }
    client
        .send("<presence to='2@localhost' type='subscribed'/><presence to='2@localhost' type='unsubscribe'/>")
        .await;
    client.send("<presence to='1@localhost' type='probe'/>").await;
    assert!(client.next().await.contains("from=\"1@localhost/desk\""));
    client.send("<presence to='2@localhost' type='nonsense' id='n'/>").await;
    assert!(client.next().await.contains("<bad-request "));
    client.send("<presence type='subscribe' id='n'/>").await;
    assert!(client.next().await.contains("<bad-request "));
    assert_eq!(other.settled().await, Vec::<String>::new());
}

#[tokio::test]
async fn the_floor_hears_of_the_first_resource_and_of_the_end_of_the_last() {
    let site = Site::start().await;
    let first = site.available("1", "a").await;
    assert!(site.next_presence().await.available);
    let mut second = site.available("1", "b").await;
    first.cut();
    assert!(second.next().await.contains("unavailable"));
    assert!(site.presence_is_quiet());
    second.send("<presence type='unavailable'/>").await;
    let gone = site.next_presence().await;
    assert_eq!((gone.user.as_str(), gone.available), ("1", false));
}

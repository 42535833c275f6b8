//! Messages from one user to another (RFC 6121 §8).

mod site;

use site::Site;

const HELLO: &str = "<body>hello</body>";

fn error(answer: &str, condition: &str) -> bool {
    answer.contains("type=\"error\"") && answer.contains(&format!("<{condition} "))
}

#[tokio::test]
async fn a_message_to_a_user_reaches_every_resource_with_the_senders_address() {
    let site = Site::start().await;
    let mut sender = site.available("1", "desk").await;
    let (mut first, mut second) = (site.available("2", "a").await, site.available("2", "b").await);
    first.settled().await;
    sender.send(&format!("<message to='2@localhost' type='chat' id='m'>{HELLO}</message>")).await;
    for receiver in [&mut first, &mut second] {
        let message = receiver.next().await;
        assert!(message.contains("from=\"1@localhost/desk\" to=\"2@localhost\""), "{message}");
        assert!(message.contains("id='m'") && message.ends_with("<body>hello</body></message>"), "{message}");
    }
    assert_eq!(sender.settled().await, Vec::<String>::new());
}

#[tokio::test]
async fn a_message_to_a_full_address_reaches_that_resource_only_available_or_not() {
    let site = Site::start().await;
    let mut sender = site.available("1", "desk").await;
    let (mut other, mut quiet) = (site.available("2", "a").await, site.bound("2", "b").await);
    sender.send(&format!("<message to='2@localhost/b'>{HELLO}</message>")).await;
    // a client that was silent since its bind may be about to say <enable/>: it speaks first here
    let seen = loop {
        let seen = quiet.settled().await;
        if !seen.is_empty() {
            break seen;
        }
    };
    assert!(seen[0].contains("to=\"2@localhost/b\""), "{seen:?}");
    assert_eq!(other.settled().await, Vec::<String>::new());
}

#[tokio::test]
async fn nobody_there_is_an_error_whether_the_user_exists_or_not() {
    let site = Site::start().await;
    let mut sender = site.available("1", "desk").await;
    for to in
        ["2@localhost", "nobody@localhost", "2@localhost/x", "localhost", "pubsub.localhost", "2@elsewhere"]
    {
        for type_ in ["chat", "normal", "groupchat", "no-such-type"] {
            sender.send(&format!("<message to='{to}' type='{type_}' id='m'>{HELLO}</message>")).await;
            let answer = sender.next().await;
            assert!(error(&answer, "service-unavailable"), "{to} {type_}: {answer}");
            assert!(answer.contains(&format!("from=\"{to}\"")) && answer.contains("id=\"m\""), "{answer}");
        }
        // neither is ever answered
        sender.send(&format!("<message to='{to}' type='headline'>{HELLO}</message>")).await;
        sender.send(&format!("<message to='{to}' type='error'><error/></message>")).await;
    }
    assert_eq!(sender.settled().await, Vec::<String>::new());
}

#[tokio::test]
async fn a_chat_with_a_resource_that_is_gone_goes_on_with_who_is_there_and_other_types_do_not() {
    let site = Site::start().await;
    let mut sender = site.available("1", "desk").await;
    let mut receiver = site.available("2", "here").await;
    sender.send(&format!("<message to='2@localhost/gone' type='chat'>{HELLO}</message>")).await;
    assert!(receiver.next().await.contains("to=\"2@localhost/gone\""));
    sender.send(&format!("<message to='2@localhost/gone'>{HELLO}</message>")).await;
    assert!(error(&sender.next().await, "service-unavailable"));
}

#[tokio::test]
async fn a_groupchat_message_to_a_user_is_refused_and_to_a_resource_delivered() {
    let site = Site::start().await;
    let mut sender = site.available("1", "desk").await;
    let mut receiver = site.available("2", "here").await;
    sender.send(&format!("<message to='2@localhost' type='groupchat'>{HELLO}</message>")).await;
    assert!(error(&sender.next().await, "service-unavailable"));
    sender.send(&format!("<message to='2@localhost/here' type='groupchat'>{HELLO}</message>")).await;
    assert!(receiver.next().await.contains("groupchat"));
}

#[tokio::test]
async fn an_error_reaches_the_resource_it_is_for_and_nobody_by_the_bare_address() {
    let site = Site::start().await;
    let mut sender = site.available("1", "desk").await;
    let mut receiver = site.available("2", "here").await;
    sender
        .send("<message to='2@localhost' type='error'/><message to='2@localhost/here' type='error' id='e'/>")
        .await;
    assert!(receiver.next().await.contains("id='e'"));
}

#[tokio::test]
async fn a_resource_of_negative_priority_gets_nothing_by_the_bare_address() {
    let site = Site::start().await;
    let mut sender = site.available("1", "desk").await;
    let mut shy = site.bound("2", "shy").await;
    shy.send("<presence><priority> -1 </priority></presence>").await;
    shy.settled().await;
    sender.send(&format!("<message to='2@localhost'>{HELLO}</message>")).await;
    assert!(error(&sender.next().await, "service-unavailable"));
    site.publish("2", "<notification/>").await;
    sender.send(&format!("<message to='2@localhost/shy'>{HELLO}</message>")).await;
    assert!(shy.next().await.contains("hello"), "by its full address it is reached");
    shy.send("<presence><priority>not a number</priority></presence>").await;
    shy.settled().await;
    sender.send(&format!("<message to='2@localhost'>{HELLO}</message>")).await;
    assert!(shy.next().await.contains("hello"), "what is no number counts as zero");
}

#[tokio::test]
async fn a_message_without_an_address_is_to_oneself_and_a_bad_one_is_told() {
    let site = Site::start().await;
    let (mut one, mut two) = (site.available("1", "a").await, site.available("1", "b").await);
    one.settled().await;
    two.send(&format!("<message>{HELLO}</message>")).await;
    assert!(one.next().await.contains("to=\"1@localhost\""));
    assert!(two.next().await.contains("from=\"1@localhost/b\""));
    two.send(&format!("<message to='@localhost' id='m'>{HELLO}</message>")).await;
    assert!(error(&two.next().await, "jid-malformed"));
}

#[tokio::test]
async fn nobody_can_claim_to_be_another() {
    let site = Site::start().await;
    let mut sender = site.available("1", "desk").await;
    let mut receiver = site.available("2", "here").await;
    sender.send(&format!("<message from='1@localhost' to='2@localhost'>{HELLO}</message>")).await;
    assert!(receiver.next().await.contains("from=\"1@localhost/desk\""), "the bare address is completed");
    sender.send(&format!("<message from='3@localhost/x' to='2@localhost'>{HELLO}</message>")).await;
    assert!(sender.next().await.contains("<invalid-from "));
    assert_eq!(receiver.settled().await, Vec::<String>::new());
}

#[tokio::test]
async fn a_reader_that_is_behind_is_not_ended_by_what_another_user_sends() {
    let site = Site::start().await;
    let mut sender = site.available("1", "desk").await;
    let mut slow = site.available("2", "slow").await;
    let body = "x".repeat(60_000);
    let mut refused = None;
    for _ in 0..2_000 {
        sender.send(&format!("<message to='2@localhost/slow'><body>{body}</body></message>")).await;
        if let Some(answer) = sender.settled().await.pop() {
            refused = Some(answer);
            break;
        }
    }
    assert!(error(&refused.expect("at some time it is too much"), "resource-constraint"));
    // whoever reads on is still there
    site.publish("2", "<notification/>").await;
    slow.skip_to("<notification/>").await;
}

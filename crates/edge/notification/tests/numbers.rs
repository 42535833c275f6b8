//! Numbers of events, over connections: one resource counts, the other sees what it always saw.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod site;

use aplomb_notification::Question;
use site::{Client, Site, node};
use tokio::sync::mpsc;

const ASK: &str = "<iq type='set' id='n' to='pubsub.localhost'><numbers xmlns='urn:aplomb:pubsub:numbers:0'";

/// Asks for numbers; what comes before the answer, and the answer.
async fn numbers(client: &mut Client, rest: &str) -> (Vec<String>, String) {
    client.send(&format!("{ASK}{rest}</numbers></iq>")).await;
    let mut missed = Vec::new();
    loop {
        let element = client.next().await;
        if element.starts_with("<iq ") {
            assert!(element.contains("id=\"n\"") && element.contains("type=\"result\""), "{element}");
            return (missed, element);
        }
        missed.push(element);
    }
}

fn between<'a>(text: &'a str, before: &str, after: &str) -> &'a str {
    text.split_once(before).and_then(|(_, rest)| rest.split_once(after)).unwrap_or_else(|| panic!("{text}")).0
}

fn number(message: &str) -> &str {
    between(message, "<header name=\"Event-Number\">", "<")
}

/// The message without what differs from one to the next: its id, the item's id, the number in the payload.
fn shape(message: &str) -> String {
    let ids = message.match_indices("id=\"").map(|(at, _)| &message[at + 4..]);
    let ids: Vec<&str> = ids.filter_map(|rest| rest.split('"').next()).collect();
    ids.iter().fold(message.to_owned(), |shape, id| shape.replacen(&format!("\"{id}\""), "\"\"", 1))
}

#[tokio::test]
async fn only_the_resource_that_asks_gets_numbers() {
    let site = Site::start().await;
    let mut old = site.available("1", "old").await;
    site.publish("1", "<a></a>").await;
    let before = old.next().await;
    let mut new = site.bound("1", "new").await;
    new.send("<presence/>").await;
    new.settled().await;
    old.settled().await;
    let (_, answer) = numbers(&mut new, ">").await;
    assert!(
        answer.contains("<node name=\"/finesse/api/User/1\" epoch=\"")
            && answer.contains("last=\"1\"></node>"),
        "{answer}"
    );
    site.publish("1", "<a></a>").await;
    let (seen, counted) = (old.next().await, new.next().await);
    assert_eq!(shape(&seen), shape(&before));
    assert_eq!(number(&counted), "2");
    let plain = counted.split_once("<headers").unwrap().0.to_owned() + "</message>";
    assert_eq!(shape(&plain).replace("/new", "/old"), shape(&seen));
}

#[tokio::test]
async fn what_was_missed_in_a_break_comes_before_the_answer_and_the_next_event_after_it() {
    let site = Site::start().await;
    let mut client = site.available("1", "desk").await;
    let (_, answer) = numbers(&mut client, ">").await;
    let epoch = between(&answer, "epoch=\"", "\"").to_owned();
    site.publish("1", "<a n=\"1\"></a>").await;
    assert_eq!(number(&client.next().await), "1");
    client.cut();
    for n in 2..=4 {
        site.publish("1", &format!("<a n=\"{n}\"></a>")).await;
    }
    let mut client = site.available("1", "desk").await;
    let known = format!("><node name='/finesse/api/User/1' epoch='{epoch}' after='1'/>");
    let (missed, answer) = numbers(&mut client, &known).await;
    assert_eq!(missed.iter().map(|message| number(message)).collect::<Vec<_>>(), ["2", "3", "4"]);
    assert!(
        missed[2].contains("<a n=\"4\"></a>") && missed[2].contains("to=\"1@localhost/desk\""),
        "{missed:?}"
    );
    assert!(answer.contains("last=\"4\" recovered=\"true\""), "{answer}");
    site.publish("1", "<a n=\"5\"></a>").await;
    assert_eq!(number(&client.next().await), "5");
}

#[tokio::test]
async fn another_epoch_cannot_be_recovered_and_that_is_said() {
    let site = Site::start().await;
    let mut client = site.available("1", "desk").await;
    site.publish("1", "<a></a>").await;
    client.next().await;
    let known = "><node name='/finesse/api/User/1' epoch='of-yesterday.0' after='1'/>";
    let (missed, answer) = numbers(&mut client, known).await;
    assert!(missed.is_empty() && answer.contains("last=\"1\" recovered=\"false\""), "{answer}");
}

/// A question about the one node of user `1`.
async fn question(questions: &mut mpsc::Receiver<Question>) -> Question {
    let question = questions.recv().await.unwrap();
    assert_eq!(question.nodes, [node("1")]);
    question
}

#[tokio::test]
async fn what_cannot_be_recovered_comes_as_the_publishers_state_and_nothing_falls_between_it_and_the_next_event()
 {
    let site = Site::start().await;
    let (publisher, mut questions) = mpsc::channel(1);
    site.service.ask_states_of(publisher).await;
    let mut client = site.available("1", "desk").await;
    let known = "><node name='/finesse/api/User/1' epoch='of-yesterday.0' after='7'/>";
    client.send(&format!("{ASK}{known}</numbers></iq>")).await;
    let question = question(&mut questions).await;
    // something happens while the publisher looks, and something right behind its answer
    site.publish("1", "<a>1</a>").await;
    site.service.tell_states(question.ticket, vec![(node("1"), "<state>1</state>".into())]).await;
    site.publish("1", "<a>2</a>").await;
    let live = client.next().await;
    assert!(live.contains("<a>1</a>") && !live.contains("<headers"), "{live}");
    let state = client.next().await;
    assert!(state.contains("<state>1</state>") && state.contains("Event-Snapshot"), "{state}");
    assert_eq!(number(&state), "1");
    let answer = client.next().await;
    assert!(answer.contains("last=\"1\" recovered=\"false\" snapshot=\"true\""), "{answer}");
    let next = client.next().await;
    assert!(next.contains("<a>2</a>") && number(&next) == "2", "{next}");
    assert_eq!(between(&next, "Event-Epoch\">", "<"), between(&answer, "epoch=\"", "\""));
}

#[tokio::test]
async fn a_publisher_who_has_too_many_questions_or_no_state_is_not_waited_for() {
    let site = Site::start().await;
    let (publisher, mut questions) = mpsc::channel(1);
    site.service.ask_states_of(publisher).await;
    let (mut first, mut second) = (site.available("1", "a").await, site.available("1", "b").await);
    let known = "><node name='/finesse/api/User/1' epoch='of-yesterday.0' after='7'/>";
    first.send(&format!("{ASK}{known}</numbers></iq>")).await;
    // its turn has come when something behind it is answered
    first.settled().await;
    let (missed, answer) = numbers(&mut second, known).await;
    assert!(missed.is_empty() && answer.contains("recovered=\"false\"></node>"), "{answer}");
    let again = format!("<numbers xmlns='urn:aplomb:pubsub:numbers:0'{known}</numbers>");
    let answer = first.ask("set", "pubsub.localhost", &again).await;
    assert!(answer.contains("<resource-constraint "), "one question at a time: {answer}");
    let question = question(&mut questions).await;
    site.service.tell_states(question.ticket, Vec::new()).await;
    let answer = first.next().await;
    assert!(answer.contains("recovered=\"false\"></node>"), "{answer}");
}

#[tokio::test]
async fn a_presence_that_tells_how_long_the_client_was_away_brings_what_came_since() {
    let site = Site::start().await;
    let other = site.available("1", "other").await;
    site.publish("1", "<a></a>").await;
    let mut client = site.bound("1", "desk").await;
    client.send("<presence><query xmlns='jabber:iq:last' seconds='300'/></presence>").await;
    let seen = client.settled().await;
    let events: Vec<_> = seen.iter().filter(|element| element.contains("<a></a>")).collect();
    assert!(
        events.len() == 1 && events[0].contains("<delay ") && !events[0].contains("<headers"),
        "{seen:?}"
    );
    drop(other);
}

#[tokio::test]
async fn what_is_no_request_for_numbers_is_refused() {
    let site = Site::start().await;
    let mut client = site.available("1", "desk").await;
    let nodes = "<numbers xmlns='urn:aplomb:pubsub:numbers:0'><node name='n' after='x'/></numbers>";
    let answer = client.ask("set", "pubsub.localhost", nodes).await;
    assert!(answer.contains("<bad-request "), "{answer}");
    let answer = client.ask("set", "localhost", "<numbers xmlns='urn:aplomb:pubsub:numbers:0'/>").await;
    assert!(answer.contains("<service-unavailable "), "{answer}");
}

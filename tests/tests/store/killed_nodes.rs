//! A server that is killed while nodes are made and deleted and people are let in: what was answered is there, and what was
//! not is there wholly or not at all.

use crate::Ground;
use crate::server::start;
use aplomb_tests::{Server, Tcp};
use pubsub::Record;
use std::collections::BTreeSet;
use std::io::{ErrorKind, Read, Write};
use std::time::{Duration, Instant};

const ROUNDS: u64 = 5;

/// Nodes of a round.
const NODES_MAX: u64 = 400;

/// Unanswered requests at one time: those in flight are the ones that matter.
const IN_FLIGHT: usize = 8;

const PUBLISHER: &str = "1001001@localhost";
const READER: &str = "1001002@localhost";

/// What is asked about one node, in this order; some nodes are deleted by and by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Step {
    Create,
    Affiliate,
    Subscribe,
    Delete,
}

type Ask = (u64, Step);

fn name(round: u64, number: u64) -> String {
    format!("/round {round}/{number}")
}

/// Every request of a round: a node's own, and then the end of the one two before, if that is even.
fn plan() -> impl Iterator<Item = Ask> {
    (1..=NODES_MAX).flat_map(|number| {
        let made = [Step::Create, Step::Affiliate, Step::Subscribe].map(|step| (number, step));
        let deleted = (number > 2 && number.is_multiple_of(2)).then(|| (number - 2, Step::Delete));
        made.into_iter().chain(deleted)
    })
}

fn request(round: u64, (number, step): Ask) -> String {
    let node = name(round, number);
    let id = format!("{number} {step:?}");
    let (namespace, inner) = match step {
        Step::Create => ("", format!("<create node='{node}'/>")),
        Step::Affiliate => (
            "#owner",
            format!(
                "<affiliations node='{node}'><affiliation jid='{PUBLISHER}' affiliation='publisher'/></affiliations>"
            ),
        ),
        Step::Subscribe => (
            "#owner",
            format!(
                "<subscriptions node='{node}'><subscription jid='{READER}' subscription='subscribed'/></subscriptions>"
            ),
        ),
        Step::Delete => ("#owner", format!("<delete node='{node}'/>")),
    };
    format!(
        "<iq type='set' id='{id}' to='pubsub.localhost'>\
         <pubsub xmlns='http://jabber.org/protocol/pubsub{namespace}'>{inner}</pubsub></iq>"
    )
}

/// Asks until the server is gone: what was asked, and what was answered.
fn ask_until_killed(server: &mut Server, round: u64, moment: Duration) -> (BTreeSet<Ask>, BTreeSet<Ask>) {
    let mut client = Tcp::bound(server, "finesse", "maker");
    let stream = client.stream();
    stream.set_read_timeout(Some(Duration::from_millis(1))).unwrap();
    let (mut asked, mut answered) = (BTreeSet::new(), BTreeSet::new());
    let (mut plan, mut text, begun) = (plan(), String::new(), Instant::now());
    let mut is_killed = false;
    loop {
        if !is_killed && begun.elapsed() >= moment {
            server.stop();
            is_killed = true;
        }
        while !is_killed
            && asked.len() < answered.len() + IN_FLIGHT
            && let Some(next) = plan.next()
        {
            asked.insert(next);
            let _ = stream.write_all(request(round, next).as_bytes());
        }
        let mut buffer = [0; 8192];
        match stream.read(&mut buffer) {
            Ok(0) => break,
            Ok(count) => text.push_str(&String::from_utf8_lossy(&buffer[..count])),
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {}
            Err(_) => break,
        }
        while let Some((answer, rest)) = text.split_once("</iq>") {
            assert!(answer.contains("type=\"result\""), "{answer}");
            let is_it = |ask: &&Ask| answer.contains(&format!(" id=\"{} {:?}\"", ask.0, ask.1));
            answered.insert(*asked.iter().find(is_it).expect("an answer to what was asked"));
            text = rest.to_owned();
        }
    }
    (asked, answered)
}

/// Who is what to the node and who is subscribed, as its owner sees it; `None` when there is no such node.
fn seen(client: &mut Tcp, node: &str) -> Option<(String, String)> {
    let mut ask = |list: &str| {
        let query = format!(
            "<iq type='get' id='seen' to='pubsub.localhost'>\
             <pubsub xmlns='http://jabber.org/protocol/pubsub#owner'><{list} node='{node}'/></pubsub></iq>"
        );
        client.send(query.as_bytes());
        client.read_to("</iq>")
    };
    let lists = (ask("affiliations"), ask("subscriptions"));
    if lists.0.contains("item-not-found") {
        assert!(lists.1.contains("item-not-found"), "{lists:?}");
        return None;
    }
    assert!(lists.0.contains("affiliation=\"owner\""), "a node is never without an owner: {lists:?}");
    Some(lists)
}

fn check(server: &Server, round: u64, asked: &BTreeSet<Ask>, answered: &BTreeSet<Ask>) {
    let mut client = Tcp::bound(server, "finesse", "reader");
    let numbers: BTreeSet<u64> = asked.iter().map(|(number, _)| *number).collect();
    for number in numbers {
        let there = seen(&mut client, &name(round, number));
        let was = |step| (asked.contains(&(number, step)), answered.contains(&(number, step)));
        let place = format!("node {number} of round {round}: {there:?}");
        let Some((affiliations, subscriptions)) = there else {
            let (is_asked, _) = was(Step::Delete);
            let is_promised = was(Step::Create).1 || was(Step::Affiliate).1 || was(Step::Subscribe).1;
            assert!(is_asked || !is_promised, "answered and lost: {place}");
            continue;
        };
        assert!(!was(Step::Delete).1, "deleted and there again: {place}");
        for (step, is_there) in [
            (Step::Affiliate, affiliations.contains(PUBLISHER)),
            (Step::Subscribe, subscriptions.contains(READER)),
        ] {
            let (is_asked, is_answered) = was(step);
            assert!(is_there || !is_answered, "{step:?} was answered and is lost: {place}");
            assert!(is_asked || !is_there, "{step:?} was never asked: {place}");
        }
    }
}

pub(crate) fn nodes_and_people_that_were_answered_survive_a_kill_at_any_moment(ground: Ground) {
    let mut server = start(&ground);
    let (mut deleted, mut kept) = (BTreeSet::new(), 0);
    for round in 1..=ROUNDS {
        let moment = Duration::from_millis(40 + 83 * round % 250);
        let (asked, answered) = ask_until_killed(&mut server, round, moment);
        server.start_elsewhere();
        check(&server, round, &asked, &answered);
        let ends = answered.iter().filter(|(_, step)| *step == Step::Delete);
        deleted.extend(ends.map(|(number, _)| name(round, *number)));
        kept += answered.len();
    }
    assert!(kept > 20 && !deleted.is_empty(), "{kept} answers, {} nodes deleted", deleted.len());
    server.terminate();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let records = runtime.block_on(async { ground.open().await.pubsub_records().await.unwrap() });
    for record in records {
        let node = match &record {
            Record::Node(record) => &record.name,
            Record::Affiliation(record) => &record.node,
            Record::Subscription(record) => &record.node,
            Record::Item(record) => &record.node,
        };
        assert!(!deleted.contains(node), "nothing of a deleted node is left: {record:?}");
    }
}

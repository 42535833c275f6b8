//! A server that is killed while nodes are made, configured and deleted, people are let in, and subscriptions get options:
//! what was answered is there, and what was not is there wholly or not at all.

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
const MAKER: &str = "finesse@localhost";

/// What is asked about one node, in this order; some nodes are deleted by and by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Step {
    Create,
    Affiliate,
    Subscribe,
    /// Another title.
    Configure,
    /// Subscribes itself.
    Follow,
    /// Has nothing delivered.
    Mute,
    Delete,
}

type Ask = (u64, Step);

fn name(round: u64, number: u64) -> String {
    format!("/round {round}/{number}")
}

/// Every request of a round: a node's own, and then the end of the one two before, if that is even.
fn plan() -> impl Iterator<Item = Ask> {
    (1..=NODES_MAX).flat_map(|number| {
        let made =
            [Step::Create, Step::Affiliate, Step::Subscribe, Step::Configure, Step::Follow, Step::Mute]
                .map(|step| (number, step));
        let deleted = (number > 2 && number.is_multiple_of(2)).then(|| (number - 2, Step::Delete));
        made.into_iter().chain(deleted)
    })
}

/// A submitted form with one field.
fn form(form_type: &str, name: &str, value: &str) -> String {
    format!(
        "<x xmlns='jabber:x:data' type='submit'>\
         <field var='FORM_TYPE'><value>http://jabber.org/protocol/pubsub#{form_type}</value></field>\
         <field var='pubsub#{name}'><value>{value}</value></field></x>"
    )
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
        Step::Configure => {
            let form = form("node_config", "title", &format!("title {number}"));
            ("#owner", format!("<configure node='{node}'>{form}</configure>"))
        }
        Step::Follow => ("", format!("<subscribe node='{node}' jid='{MAKER}'/>")),
        Step::Mute => {
            let form = form("subscribe_options", "deliver", "0");
            ("", format!("<options node='{node}' jid='{MAKER}'>{form}</options>"))
        }
        Step::Delete => ("#owner", format!("<delete node='{node}'/>")),
    };
    format!(
        "<iq type='set' id='{id}' to='pubsub.localhost'>\
         <pubsub xmlns='http://jabber.org/protocol/pubsub{namespace}'>{inner}</pubsub></iq>"
    )
}

/// Asks until the server is gone: what was asked, and what was answered.
///
/// In every second round not before a node was deleted, however slow the machine.
fn ask_until_killed(server: &mut Server, round: u64, moment: Duration) -> (BTreeSet<Ask>, BTreeSet<Ask>) {
    let mut client = Tcp::bound(server, "finesse", "maker");
    let stream = client.stream();
    stream.set_read_timeout(Some(Duration::from_millis(1))).unwrap();
    let (mut asked, mut answered) = (BTreeSet::new(), BTreeSet::new());
    let (mut plan, mut text, begun) = (plan(), String::new(), Instant::now());
    let mut is_killed = false;
    loop {
        let is_enough = round % 2 == 1 || answered.iter().any(|(_, step): &Ask| *step == Step::Delete);
        if !is_killed && is_enough && begun.elapsed() >= moment {
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

/// What is true of a node, as its owner sees it.
#[derive(Debug)]
struct Seen {
    affiliations: String,
    subscriptions: String,
    configuration: String,
    /// Of the owner's own subscription; an error when there is none.
    options: String,
}

/// `None` when there is no such node.
fn seen(client: &mut Tcp, node: &str) -> Option<Seen> {
    let mut ask = |namespace: &str, inside: &str| {
        let query = format!(
            "<iq type='get' id='seen' to='pubsub.localhost'>\
             <pubsub xmlns='http://jabber.org/protocol/pubsub{namespace}'>{inside}</pubsub></iq>"
        );
        client.send(query.as_bytes());
        client.read_to("</iq>")
    };
    let seen = Seen {
        affiliations: ask("#owner", &format!("<affiliations node='{node}'/>")),
        subscriptions: ask("#owner", &format!("<subscriptions node='{node}'/>")),
        configuration: ask("#owner", &format!("<configure node='{node}'/>")),
        options: ask("", &format!("<options node='{node}' jid='{MAKER}'/>")),
    };
    let all = [&seen.affiliations, &seen.subscriptions, &seen.configuration, &seen.options];
    if seen.affiliations.contains("item-not-found") {
        assert!(all.iter().all(|answer| answer.contains("item-not-found")), "{seen:?}");
        return None;
    }
    let has_owner = seen.affiliations.contains("affiliation=\"owner\"");
    assert!(has_owner, "a node is never without an owner: {seen:?}");
    Some(seen)
}

/// The value of the form's field.
fn value<'a>(form: &'a str, name: &str) -> &'a str {
    let field = form.split_once(&format!("var=\"pubsub#{name}\"")).map_or("", |(_, field)| field);
    let field = field.split("</field>").next().unwrap_or_default();
    let value = field.split_once("<value>").and_then(|(_, value)| value.split_once("</value>"));
    value.map_or("", |(value, _)| value)
}

fn check(server: &Server, round: u64, asked: &BTreeSet<Ask>, answered: &BTreeSet<Ask>) {
    let mut client = Tcp::bound(server, "finesse", "reader");
    let numbers: BTreeSet<u64> = asked.iter().map(|(number, _)| *number).collect();
    for number in numbers {
        let there = seen(&mut client, &name(round, number));
        let was = |step| (asked.contains(&(number, step)), answered.contains(&(number, step)));
        let place = format!("node {number} of round {round}: {there:?}");
        let Some(there) = there else {
            let (is_asked, _) = was(Step::Delete);
            let is_promised = answered.range((number, Step::Create)..(number, Step::Delete)).next().is_some();
            assert!(is_asked || !is_promised, "answered and lost: {place}");
            continue;
        };
        assert!(!was(Step::Delete).1, "deleted and there again: {place}");
        for (step, is_there) in [
            (Step::Affiliate, there.affiliations.contains(PUBLISHER)),
            (Step::Subscribe, there.subscriptions.contains(READER)),
            (Step::Configure, value(&there.configuration, "title") == format!("title {number}")),
            (Step::Follow, there.subscriptions.contains(&format!("jid=\"{MAKER}\""))),
            (Step::Mute, ["0", "false"].contains(&value(&there.options, "deliver"))),
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

//! A server that is killed at any moment: what was answered is there, what was not is there wholly or not at all.

use crate::server::start;
use crate::{Ground, administration};
use aplomb_tests::{Rest, Server, Tcp};
use std::collections::BTreeMap;
use std::io::{ErrorKind, Read, Write};
use std::time::{Duration, Instant};

/// Rounds with the whole server, whose start costs a second.
const ROUNDS: u64 = 6;

/// Items of a round: as many as one answer shows.
const ITEMS_MAX: u64 = 250;

const NODE: &str = "/shop/orders";

fn request(id: &str, type_: &str, inner: &str) -> String {
    format!(
        "<iq type='{type_}' id='{id}' to='pubsub.localhost'>\
         <pubsub xmlns='http://jabber.org/protocol/pubsub'>{inner}</pubsub></iq>"
    )
}

/// An item's two halves, which belong together: a torn one would be seen.
fn halves(round: u64, number: u64) -> String {
    let half = format!("{round}-{number} ").repeat(40);
    format!("<left>{half}</left><right>{half}</right>")
}

/// Publishes until the server is gone: the last number published of each item, and the last answered.
fn publish_until_killed(server: &mut Server, round: u64, moment: Duration) -> (u64, u64) {
    let mut client = Tcp::bound(server, "finesse", "shop");
    let stream = client.stream();
    stream.set_read_timeout(Some(Duration::from_millis(1))).unwrap();
    let (mut published, mut text) = (0, String::new());
    let mut answered = 0;
    let begun = Instant::now();
    let mut is_killed = false;
    loop {
        if !is_killed && begun.elapsed() >= moment {
            server.stop();
            is_killed = true;
        }
        // a few at a time: those in flight are the ones that matter
        if !is_killed && published < (answered + 8).min(ITEMS_MAX) {
            published += 1;
            let order = halves(round, published);
            let item = format!(
                "<publish node='{NODE}'><item id='i{published}'><order xmlns='urn:x:shop'>{order}</order></item></publish>"
            );
            let _ = stream.write_all(request(&published.to_string(), "set", &item).as_bytes());
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
            let id = answer.split_once(" id=\"").unwrap().1.split('"').next().unwrap();
            answered = answered.max(id.parse().unwrap());
            text = rest.to_owned();
        }
    }
    (published, answered)
}

/// The items of the node: number and payload, as the server has them after its start.
fn items(server: &Server) -> BTreeMap<u64, String> {
    let mut client = Tcp::bound(server, "finesse", "reader");
    client.send(request("items", "get", &format!("<items node='{NODE}'/>")).as_bytes());
    let answer = client.read_past("</pubsub></iq>");
    assert!(answer.contains("type=\"result\""), "{answer}");
    let items = answer.split("<item id=\"i").skip(1).map(|item| {
        let (number, rest) = item.split_once('"').unwrap();
        (number.parse().unwrap(), rest.to_owned())
    });
    items.collect()
}

pub(crate) fn what_was_answered_survives_a_kill_at_any_moment(ground: Ground) {
    let mut server = start(&ground);
    let mut client = Tcp::bound(&server, "finesse", "shop");
    let form = "<configure><x xmlns='jabber:x:data' type='submit'><field var='FORM_TYPE'>\
        <value>http://jabber.org/protocol/pubsub#node_config</value></field>\
        <field var='pubsub#max_items'><value>1000</value></field></x></configure>";
    client.send(request("c", "set", &format!("<create node='{NODE}'/>{form}")).as_bytes());
    let made = client.read_past("</iq>");
    assert!(made.contains("type=\"result\""), "{made}");
    drop(client);
    for round in 1..=ROUNDS {
        let moment = Duration::from_millis(20 + 97 * round % 250);
        let (published, answered) = publish_until_killed(&mut server, round, moment);
        server.start_elsewhere();
        let items = items(&server);
        for number in 1..=answered {
            let item = items.get(&number).unwrap_or_else(|| panic!("{number} of round {round} was answered"));
            assert!(item.contains(&halves(round, number)), "{number} of round {round} was answered: {item}");
        }
        for (number, item) in items.range(answered + 1..published + 1) {
            let is_whole = (1..=round).any(|round| item.contains(&halves(round, *number)));
            assert!(is_whole, "item {number} is whole, of this round or of one before: {item}");
        }
    }
}

/// A hundred kills of a process that does nothing but write to the store: users, objects, nodes.
pub(crate) fn a_hundred_kills_lose_nothing_that_was_answered(ground: Ground) {
    use std::io::{BufRead, BufReader};
    use std::process::{Command, Stdio};
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async { administration::with_team(&ground).await.close().await });
    let mut answered = 0;
    for round in 0..100_u64 {
        let mut writer = Command::new(std::env::current_exe().unwrap());
        writer.env(WRITER, &ground.url).stdout(Stdio::piped());
        let mut child = writer.spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        // as many answers as the round says, then at once
        for line in lines.by_ref().take(1 + (round as usize * 7) % 12) {
            answered = line.unwrap().parse().unwrap();
        }
        child.kill().unwrap();
        child.wait().unwrap();
        for line in lines.map_while(Result::ok) {
            // a line that was cut is no answer
            answered = line.parse().map_or(answered, |number: u64| number.max(answered));
        }
    }
    let (users, revision) = runtime.block_on(async {
        let store = ground.open().await;
        (store.users().await.unwrap(), store.revision().await.unwrap())
    });
    let numbers: Vec<u64> = users.iter().map(|user| user.id.parse().unwrap()).collect();
    assert!(
        (1..=answered).all(|number| numbers.contains(&number)),
        "{answered} answered, {} there",
        users.len()
    );
    assert!(answered >= 100, "each round answered something");
    assert!(users.iter().all(|user| *user == administration::user(&user.id)), "each is whole");
    // each change is there with its entry in the audit trail, or neither is: one team, and the users
    assert_eq!(revision, 1 + users.len() as u64);
}

/// Names the store of a process that only writes.
const WRITER: &str = "STORE_WRITER";

/// The process that is killed: makes users with rising numbers, and says each that is durable. Returns where this is
/// not that process.
pub(crate) fn write_if_told() {
    let Ok(url) = std::env::var(WRITER) else { return };
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        let place = store::Place::parse(&url).unwrap();
        let store = store::Store::open(place, store::Role::Tool, store::Metrics::default()).await.unwrap();
        let mut out = std::io::stdout();
        let mut next = store.users().await.unwrap().len() as u64 + 1;
        loop {
            // several at once: they share a transaction
            let batch = (next..next + 3).map(|number| {
                store.put_user(administration::user(&format!("{number}")), administration::by())
            });
            for outcome in futures_util::future::join_all(batch).await {
                outcome.unwrap();
                writeln!(out, "{next}").unwrap();
                next += 1;
            }
        }
    })
}

/// The web service's users too: a command beside the server is answered, then the server is killed.
pub(crate) fn a_user_that_was_added_survives_a_kill_of_the_server(ground: Ground) {
    let mut server = start(&ground);
    let setting = format!("store.url={}", ground.url);
    let add = ["user", "add", "2000001", "--team", "5000", "--demo", "--set", &setting];
    let added = server.aplomb_reads(&add, "secret");
    assert!(added.status.success(), "{added:?}");
    server.stop();
    server.start_elsewhere();
    assert_eq!(Rest::with_password(&server, "2000001", "secret").get("User/2000001").status, 200);
}

//! A store that stands still under a server: what needs it is told to wait, what does not goes on.

use crate::Ground;
use crate::server::start;
use aplomb_tests::{Server, Tcp, eventually, http};
use std::io::Read;
use std::thread;
use std::time::Duration;
use store::limits::{ORDERS_SPARE, ORDERS_WAITING_MAX};

/// More than may wait for the store.
const PUBLISHERS: usize = 14;
const ITEMS: usize = 1_000;
const _: () = assert!(PUBLISHERS * ITEMS > ORDERS_WAITING_MAX - ORDERS_SPARE);

const END: &[u8] = b"</iq>";

fn iq(id: &str, inner: &str) -> String {
    let pubsub = format!("<pubsub xmlns='http://jabber.org/protocol/pubsub'>{inner}</pubsub>");
    format!("<iq type='set' id='{id}' to='pubsub.localhost'>{pubsub}</iq>")
}

fn publish(node: &str, id: &str) -> String {
    iq(id, &format!("<publish node='{node}'><item id='{id}'><x xmlns='urn:x'/></item></publish>"))
}

fn create(client: &mut Tcp, node: &str, keeps_items: bool) {
    let field = |name: &str, value: &str| format!("<field var='{name}'><value>{value}</value></field>");
    let form = field("FORM_TYPE", "http://jabber.org/protocol/pubsub#node_config")
        + &field("pubsub#persist_items", if keeps_items { "1" } else { "0" });
    let configure = format!("<configure><x xmlns='jabber:x:data' type='submit'>{form}</x></configure>");
    client.send(iq("c", &format!("<create node='{node}'/>{configure}")).as_bytes());
    let answer = client.read_past("</iq>");
    assert!(answer.contains("type=\"result\""), "{answer}");
}

/// Publishes without waiting in between; how many were kept and how many refused.
fn publish_many(server: &Server, number: usize) -> (usize, usize) {
    let mut client = Tcp::bound(server, "finesse", &format!("publisher-{number}"));
    let items: String = (0..ITEMS).map(|n| publish("/kept", &format!("i{number}-{n}"))).collect();
    client.send(items.as_bytes());
    client.stream().set_read_timeout(Some(Duration::from_secs(60))).unwrap();
    let (mut said, mut buffer, mut answers) = (Vec::new(), vec![0; 64 * 1024], 0);
    while answers < ITEMS {
        let count = client.stream().read(&mut buffer).unwrap();
        assert!(count > 0, "the publisher's session was ended");
        let from = said.len().saturating_sub(END.len() - 1);
        said.extend_from_slice(&buffer[..count]);
        answers += said[from..].windows(END.len()).filter(|part| *part == END).count();
    }
    let said = String::from_utf8(said).unwrap();
    let refused = said.matches("type=\"error\"").count();
    for how in ["<error type=\"wait\">", "<resource-constraint ", "store takes no changes at the moment"] {
        // an IQ's own type, and its error's
        let told = said.matches(how).count();
        assert_eq!(told, refused, "{how}");
    }
    (said.matches("type=\"result\"").count(), refused)
}

/// Requests that were refused because of the store, as operators see it.
fn refused(server: &Server) -> u64 {
    let metrics = http::request(&server.address("metrics"), "GET", "/metrics", &[], b"").body;
    let sample = "aplomb_notification_refused_total{limit=\"store\"} ";
    metrics.lines().find_map(|line| line.strip_prefix(sample)).map_or(0, |count| count.parse().unwrap())
}

pub(crate) fn while_it_stands_still_events_go_on_and_changes_are_told_to_wait() {
    use sqlx::{Connection, Executor, SqliteConnection};
    let ground = Ground::sqlite();
    let server = start(&ground);
    let mut client = Tcp::bound(&server, "finesse", "plain");
    create(&mut client, "/plain", false);
    create(&mut client, "/kept", true);
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let mut other = runtime.block_on(SqliteConnection::connect(&ground.url)).unwrap();
    runtime.block_on(other.execute("BEGIN IMMEDIATE")).unwrap();
    thread::scope(|scope| {
        let publishers: Vec<_> = (0..PUBLISHERS)
            .map(|number| {
                scope.spawn({
                    let server = &server;
                    move || publish_many(server, number)
                })
            })
            .collect();
        eventually("some are refused", Duration::from_secs(60), || (refused(&server) > 0).then_some(()));
        // nothing of this one has to be kept
        for n in 0..100 {
            client.send(publish("/plain", &format!("p{n}")).as_bytes());
            let answer = client.read_past("</iq>");
            assert!(answer.contains("type=\"result\""), "{answer}");
        }
        runtime.block_on(other.execute("COMMIT")).unwrap();
        let outcomes: Vec<_> = publishers.into_iter().map(|publisher| publisher.join().unwrap()).collect();
        let (kept, refused) = outcomes.iter().fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
        assert_eq!(kept + refused, PUBLISHERS * ITEMS);
        assert!(kept > 0 && refused > 0, "{kept} kept, {refused} refused");
    });
    eventually("changes are taken again", Duration::from_secs(30), || {
        client.send(publish("/kept", "again").as_bytes());
        client.read_past("</iq>").contains("type=\"result\"").then_some(())
    });
    server.log_line(&["WARN", "the server's store takes no changes at the moment"]);
}

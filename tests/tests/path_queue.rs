//! The golden path of a queue's statistics: one frame becomes bytes in the browser of everybody who watches the queue.
//! The stages are those of `path_agent_ready`; the snapshots are in `tests/tests/snapshots/queue`.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on says so by a panic")]

mod path;

use floor::{Change, CtiInput, Floor, Output, QueueId, QueueProfile, Roster};
use ged188::Message;
use path::{answer, bytes, dump, identity, jid, lines, message, now, response, snapshots};
use pubsub::{Ids, Policy, Service};

const WATCHER: &str = "1900001";
const QUEUE: QueueId = QueueId(1004);

/// QUERY_SKILL_GROUP_STATISTICS_CONF, version 24, by hand: request 9, peripheral 5000, skill group 1004 of unknown id;
/// 7 agents signed in, 1 available, 2 not ready, 1 ready, 3 talking inbound, 4 outbound, 5 otherwise, 6 in wrap-up then not
/// ready, 7 then ready, 0 busy elsewhere; three counts that nobody shows; 3 calls in the router's queue, the longest for
/// 95 s; then zeros.
fn frame() -> Vec<u8> {
    let mut frame = bytes(
        "00000254 00000073
        00000009 00001388 000003ec ffffffff
        00000007 00000001 00000002 00000001 00000003 00000004 00000005 00000006 00000007 00000000
        00000000 00000000 00000000 00000000 00000000 00000000 00000000
        00000003 0000005f",
    );
    frame.resize(8 + 0x254, 0);
    frame
}

/// Everybody may watch the queue.
struct Access;

impl Policy for Access {
    fn may_subscribe(&self, _user: &str, _node: &str) -> bool {
        true
    }

    fn default_nodes(&self, _user: &str) -> Vec<String> {
        Vec::new()
    }

    fn visible_nodes(&self, _user: &str) -> Vec<String> {
        Vec::new()
    }
}

fn floor() -> Floor {
    let mut floor = Floor::new(Roster::default(), floor::Policy::default());
    floor.set_queues([QueueProfile { id: QUEUE, name: "Sales".into(), teams: Vec::new() }]);
    floor
}

/// A service with the queue's node and one who watches it.
fn service() -> Service {
    let ids = Ids::new("6f0c1f1e-7a3e-4f0b-9d55-000000000001", 7);
    let mut service = Service::new("pubsub.desk.example", Box::new(Access), ids);
    let node = notify::node::queue(QUEUE);
    service.create(&node).unwrap();
    let watcher = jid(WATCHER, Some("watch"));
    service.subscribe(jiff::Timestamp::UNIX_EPOCH, &watcher, &node, &watcher, None).unwrap();
    service
}

#[test]
fn a_frame_of_statistics_becomes_bytes_in_the_browser_of_who_watches() {
    let _snapshots = snapshots("queue").bind_to_scope();
    let now = now();
    let frame = frame();
    insta::assert_snapshot!("1-frame", dump(&frame[..100]));

    let message = message(&frame);
    let Message::QuerySkillGroupStatisticsConf(conf) = &message else { panic!("another message") };
    let text = format!("{message:#?}");
    let shown: Vec<&str> = text.lines().filter(|line| !line.ends_with(": 0,")).collect();
    insta::assert_snapshot!("2-message", shown.join("\n"));

    let mut floor = floor();
    let report = cti::queue_report(conf, QUEUE);
    floor.handle_cti(now, CtiInput::Queue(report.clone()));
    let Some(Output::Change(change)) = floor.poll_output() else { panic!("nothing changed") };
    let Change::Queue { queue } = &change else { panic!("another change: {change:?}") };
    insta::assert_snapshot!("3-change", format!("{queue:#?}"));
    floor.handle_cti(now, CtiInput::Queue(report));
    assert!(floor.poll_output().is_none(), "the same again is no news");

    let notifications = notify::notifications(&change, &identity());
    let [notification] = &notifications[..] else { panic!("{notifications:?}") };
    let text = String::from_utf8_lossy(&notification.payload);
    insta::assert_snapshot!("4-notification", format!("{}\n{text}\n", notification.node));

    let mut service = service();
    service.publish(jiff::Timestamp::UNIX_EPOCH, &notification.node, &notification.payload).unwrap();
    let deliveries: Vec<_> = std::iter::from_fn(|| service.poll_delivery()).collect();
    let who: Vec<String> =
        deliveries.iter().map(|d| format!("{}\n  {}", d.to, String::from_utf8_lossy(&d.head))).collect();
    insta::assert_snapshot!("5-deliveries", who.join("\n"));

    let answer = answer(now.instant, &deliveries[0]);
    let segments: Vec<String> = answer.segments.iter().map(|s| lines(&String::from_utf8_lossy(s))).collect();
    insta::assert_snapshot!("6-segments", segments.join("\n--- next segment ---\n"));

    insta::assert_snapshot!("7-response", response(answer));
}

//! `Queue`: calls that wait, and who could take them.

use crate::node;
use floor::{Queue, QueueStatistics};
use xml::Writer;

/// What the original says of a count that it does not know.
const UNKNOWN: &str = "-1";

/// A queue, as in `GET /Queue/{id}` and on its node.
///
/// COMPAT(finesse): the root is `Queue` with a capital in notifications too.
pub fn write(writer: &mut Writer, queue: &Queue) {
    writer.open("Queue");
    writer.leaf("uri", &node::queue(queue.profile.id));
    writer.leaf("name", &queue.profile.name);
    write_statistics(writer, queue.statistics.as_ref());
    writer.close();
}

/// Queues, as in `GET /User/{id}/Queues` and on the node of the same name.
pub fn write_list<'a>(writer: &mut Writer, queues: impl Iterator<Item = &'a Queue>) {
    writer.open("Queues");
    for queue in queues {
        write(writer, queue);
    }
    writer.close();
}

/// In the guide's order.
fn write_statistics(writer: &mut Writer, statistics: Option<&QueueStatistics>) {
    let counts = statistics.map(|statistics| &statistics.counts);
    let count = |name, count: Option<u32>| {
        let text = count.map_or_else(|| UNKNOWN.to_owned(), |count| count.to_string());
        (name, text)
    };
    let longest = statistics.and_then(|statistics| statistics.longest_since);
    let leaves = [
        count("callsInQueue", counts.and_then(|counts| counts.calls)),
        // COMPAT(finesse): whole seconds, and nothing when no call waits.
        ("startTimeOfLongestCallInQueue", longest.map(|since| format!("{since:.0}")).unwrap_or_default()),
        count("agentsReady", counts.and_then(|counts| counts.ready)),
        count("agentsNotReady", counts.and_then(|counts| counts.not_ready)),
        count("agentsBusyOther", counts.and_then(|counts| counts.busy_other)),
        count("agentsLoggedOn", counts.and_then(|counts| counts.logged_on)),
        count("agentsTalkingInbound", counts.and_then(|counts| counts.talking_in)),
        count("agentsTalkingOutbound", counts.and_then(|counts| counts.talking_out)),
        count("agentsTalkingInternal", counts.and_then(|counts| counts.talking_internal)),
        count("agentsWrapUpNotReady", counts.and_then(|counts| counts.work_not_ready)),
        count("agentsWrapUpReady", counts.and_then(|counts| counts.work_ready)),
    ];
    writer.open("statistics");
    for (name, text) in &leaves {
        writer.leaf(name, text);
    }
    writer.close();
}

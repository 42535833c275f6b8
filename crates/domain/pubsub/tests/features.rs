//! What is announced: everything that a server in use announces, and the little that none of them does.

use aplomb_pubsub::features::SERVICE;
use std::collections::BTreeSet;

const PUBSUB: &str = "http://jabber.org/protocol/pubsub#";

/// Who of Openfire, ejabberd, Prosody and Tigase announces it, by itself or when it is configured so (read in their
/// sources, 2026).
const PEERS: &[(&str, &str)] = &[
    ("access-authorize", "OET"),
    ("access-open", "OEPT"),
    ("access-presence", "OET"),
    ("access-roster", "OET"),
    ("access-whitelist", "OEPT"),
    ("auto-create", "EPT"),
    ("auto-subscribe", "ET"),
    ("collections", "OET"),
    ("config-node", "OEPT"),
    ("config-node-max", "EPT"),
    ("create-and-configure", "OEPT"),
    ("create-nodes", "OEPT"),
    ("delete-items", "OEP"),
    ("delete-nodes", "OEPT"),
    ("filtered-notifications", "ET"),
    ("get-pending", "OET"),
    ("instant-nodes", "OEPT"),
    ("item-ids", "OEPT"),
    ("last-published", "EP"),
    ("manage-subscriptions", "OET"),
    ("member-affiliation", "EPT"),
    ("meta-data", "OPT"),
    ("modify-affiliations", "OEPT"),
    ("multi-collection", "T"),
    ("multi-items", "OEPT"),
    ("multi-subscribe", "O"),
    ("outcast-affiliation", "OEPT"),
    ("persistent-items", "OEPT"),
    ("presence-notifications", "OET"),
    ("presence-subscribe", "E"),
    ("publish", "OEPT"),
    ("publish-only-affiliation", "EP"),
    ("publish-options", "OEPT"),
    ("publisher-affiliation", "OEPT"),
    ("purge-nodes", "OEPT"),
    ("retract-items", "OEPT"),
    ("retrieve-affiliations", "OEPT"),
    ("retrieve-default", "OEPT"),
    ("retrieve-items", "OEPT"),
    ("retrieve-subscriptions", "OEPT"),
    ("subscribe", "OEPT"),
    ("subscription-notifications", "ET"),
    ("subscription-options", "OP"),
];

/// Left out for good: no node of ours is made of nodes.
const NOT_OURS: [&str; 2] = ["collections", "multi-collection"];

/// Of the document, and of none of them: leases, the default options, pages, events since a time (XEP-0312).
const ONLY_OURS: [&str; 4] = ["leased-subscription", "retrieve-default-sub", "rsm", "since"];

#[test]
fn everything_that_a_server_in_use_announces_is_announced_but_collections() {
    let expected: BTreeSet<&str> = PEERS.iter().map(|(feature, _)| *feature).chain(ONLY_OURS).collect();
    let expected = expected.into_iter().filter(|feature| !NOT_OURS.contains(feature));
    let announced = SERVICE.iter().filter_map(|feature| feature.strip_prefix(PUBSUB));
    assert_eq!(expected.collect::<Vec<_>>(), announced.collect::<Vec<_>>());
    // ejabberd announces `pubsub#shim`, which is no name of the document: headers have a namespace of their own
    assert!(SERVICE.contains(&"http://jabber.org/protocol/shim"));
}

//! A store that an earlier release left: its schema as that release made it, with its data, written down here and never
//! changed.

use crate::Ground;
use crate::records::{keep, moment, node, put};
use crate::tasks;
use jid::{BareJid, Jid};
use pubsub::{
    AccessModel, Affiliation, AffiliationRecord, Change, Configuration, ItemRecord, NodeRecord, Record, Show,
    SubscriptionOptions, SubscriptionRecord, SubscriptionState,
};
use store::{ClientLogBody, Secrets, Store, Team, User, UserRole};

/// In SQLite's words; see [`in_words_of`].
const FIRST: &str = "
CREATE TABLE aplomb_schema (version INTEGER NOT NULL PRIMARY KEY, name TEXT NOT NULL);
INSERT INTO aplomb_schema (version, name) VALUES (1, '0001_pubsub');
CREATE TABLE pubsub_nodes (name TEXT NOT NULL PRIMARY KEY, creator TEXT NOT NULL, created INTEGER NOT NULL,
    configuration TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE pubsub_affiliations (node TEXT NOT NULL, jid TEXT NOT NULL, affiliation TEXT NOT NULL,
    PRIMARY KEY (node, jid)) STRICT, WITHOUT ROWID;
CREATE TABLE pubsub_subscriptions (node TEXT NOT NULL, subid TEXT NOT NULL, jid TEXT NOT NULL, state TEXT NOT NULL,
    options TEXT NOT NULL, expires INTEGER, PRIMARY KEY (node, subid)) STRICT, WITHOUT ROWID;
CREATE TABLE pubsub_items (node TEXT NOT NULL, id TEXT NOT NULL, publisher TEXT, payload BLOB NOT NULL,
    sequence INTEGER NOT NULL, published INTEGER NOT NULL, PRIMARY KEY (node, id)) STRICT;
INSERT INTO pubsub_nodes VALUES ('/shop/„orders“', 'finesse@desk.example', 1790000000001,
    '{\"access-model\":\"whitelist\",\"max-items\":7}');
INSERT INTO pubsub_affiliations VALUES ('/shop/„orders“', 'finesse@desk.example', 'owner');
INSERT INTO pubsub_affiliations VALUES ('/shop/„orders“', '1001001@desk.example', 'publish-only');
INSERT INTO pubsub_subscriptions VALUES ('/shop/„orders“', 'sub1', '1001002@desk.example/Desk', 'subscribed',
    '{\"deliver\":false,\"show-values\":[\"dnd\"]}', 1790000000099);
INSERT INTO pubsub_subscriptions VALUES ('/finesse/api/User/1001001', 'sub2', '1900001@desk.example', 'subscribed',
    '{}', NULL);
INSERT INTO pubsub_items VALUES ('/shop/„orders“', 'b', '1001001@desk.example', HEX(3C782F3E), 3, 1790000000002);
INSERT INTO pubsub_items VALUES ('/shop/„orders“', 'a', NULL, HEX(), 4, 1790000000003);
";

/// What the second version has besides.
const SECOND: &str = "
INSERT INTO aplomb_schema (version, name) VALUES (2, '0002_administration');
CREATE TABLE teams (id INTEGER NOT NULL PRIMARY KEY, name TEXT NOT NULL, name_key TEXT NOT NULL UNIQUE) STRICT;
CREATE TABLE users (id TEXT NOT NULL PRIMARY KEY, id_key TEXT NOT NULL UNIQUE, login_name TEXT NOT NULL,
    login_key TEXT NOT NULL UNIQUE, first_name TEXT NOT NULL, last_name TEXT NOT NULL, team INTEGER,
    roles TEXT NOT NULL, supervises TEXT NOT NULL, password_hash TEXT NOT NULL, scram TEXT NOT NULL) STRICT;
CREATE TABLE objects (kind TEXT NOT NULL, id INTEGER NOT NULL, parent INTEGER, version INTEGER NOT NULL,
    body TEXT NOT NULL, PRIMARY KEY (kind, id)) STRICT;
CREATE INDEX objects_parent ON objects (kind, parent);
CREATE TABLE object_keys (kind TEXT NOT NULL, value TEXT NOT NULL, id INTEGER NOT NULL, PRIMARY KEY (kind, value)) STRICT;
CREATE TABLE assignments (team INTEGER NOT NULL, kind TEXT NOT NULL, id INTEGER NOT NULL, position INTEGER NOT NULL,
    PRIMARY KEY (team, kind, id)) STRICT;
CREATE TABLE numbers (name TEXT NOT NULL PRIMARY KEY, latest INTEGER NOT NULL) STRICT;
CREATE TABLE audit (number INTEGER NOT NULL PRIMARY KEY, moment INTEGER NOT NULL, who TEXT NOT NULL, address TEXT,
    action TEXT NOT NULL, kind TEXT NOT NULL, id TEXT NOT NULL, before_change TEXT, after_change TEXT) STRICT;
INSERT INTO teams VALUES (5000, 'Team Ä', 'team ä');
INSERT INTO users VALUES ('1001001', '1001001', 'agent1', 'agent1', 'Agent', '1', 5000, '[\"agent\"]', '[]',
    '$argon2id$hash', '[\"a-verifier\"]');
INSERT INTO numbers VALUES ('revision', 2);
INSERT INTO numbers VALUES ('people', 2);
INSERT INTO audit VALUES (1, 1790000000001, 'somebody', NULL, 'create', 'Team', '5000', NULL, '{}');
INSERT INTO audit VALUES (2, 1790000000002, 'somebody', NULL, 'create', 'User', '1001001', NULL, '{}');
";

/// What the third version has besides.
const THIRD: &str = "
INSERT INTO aplomb_schema (version, name) VALUES (3, '0003_client_logs');
CREATE TABLE client_logs (number INTEGER NOT NULL PRIMARY KEY, user_id TEXT NOT NULL, moment INTEGER NOT NULL,
    form TEXT NOT NULL, size INTEGER NOT NULL, body BLOB NOT NULL) STRICT;
CREATE INDEX client_logs_user ON client_logs (user_id, number);
";

/// The same script for either database.
fn in_words_of(ground: &Ground, script: &str) -> String {
    if ground.is_sqlite {
        return script.replace("HEX(3C782F3E)", "X'3C782F3E'").replace("HEX()", "X''");
    }
    let bytes = script.replace("HEX(3C782F3E)", "'\\x3C782F3E'").replace("HEX()", "''");
    let plain = bytes.replace(" STRICT, WITHOUT ROWID", "").replace(" STRICT", "");
    plain.replace(" INTEGER", " BIGINT").replace(" BLOB", " BYTEA").replace(" TEXT", " TEXT COLLATE \"C\"")
}

fn user(name: &str) -> BareJid {
    BareJid::new(&format!("{name}@desk.example")).unwrap()
}

/// What the scripts put there.
fn records() -> Vec<Record> {
    let node = || "/shop/„orders“".to_owned();
    let configuration =
        Configuration { access_model: AccessModel::Whitelist, max_items: 7, ..Configuration::default() };
    let affiliation = |name, affiliation| {
        Record::Affiliation(AffiliationRecord { node: node(), user: user(name), affiliation })
    };
    let subscription = |node: &str, subid: &str, jid: &str, options, expires| {
        let (node, subid, jid) = (node.to_owned(), subid.to_owned(), Jid::new(jid).unwrap());
        let state = SubscriptionState::Subscribed;
        Record::Subscription(SubscriptionRecord { node, jid, subid, state, options, expires })
    };
    let item = |id: &str, publisher, payload: &'static str, sequence, published| {
        let (id, payload) = (id.to_owned(), payload.into());
        Record::Item(ItemRecord { node: node(), id, publisher, payload, sequence, published })
    };
    let chosen = SubscriptionOptions { deliver: false, show_values: vec![Show::DoNotDisturb] };
    let own = "/finesse/api/User/1001001";
    vec![
        Record::Node(NodeRecord {
            name: node(),
            creator: user("finesse"),
            created: moment(1),
            configuration,
        }),
        affiliation("1001001", Affiliation::PublishOnly),
        affiliation("finesse", Affiliation::Owner),
        subscription(own, "sub2", "1900001@desk.example", SubscriptionOptions::default(), None),
        subscription(&node(), "sub1", "1001002@desk.example/Desk", chosen, Some(moment(99))),
        item("b", Some(user("1001001")), "<x/>", 3, moment(2)),
        item("a", None, "", 4, moment(3)),
    ]
}

/// What was there is there, and everything that this release does can be done with it.
async fn check(ground: &Ground, store: &Store) {
    assert_eq!(store.pubsub_records().await.unwrap(), records());
    put(store, [node("/new")]).await;
    keep(store, [Change::NodeDeleted { node: "/shop/„orders“".into() }]).await;
    assert_eq!(store.pubsub_records().await.unwrap().len(), 2, "the new node, and what needs none");
    let log = ClientLogBody::Text("a line\n".into());
    assert_eq!(store.keep_client_log("1001001".into(), moment(1), log).await.unwrap(), 1);
    assert_eq!(store.tasks().await.unwrap(), (vec![], vec![]));
    tasks::keep(store, vec![tasks::put(tasks::task(1)), tasks::sit(tasks::seat("1001001", 5001))]).await;
    assert_eq!(store.tasks().await.unwrap(), (vec![tasks::seat("1001001", 5001)], vec![tasks::task(1)]));
    store.close().await;
    assert_eq!(ground.try_open(store::Role::Tool).await.unwrap().client_logs(9).await.unwrap().len(), 1);
}

pub(crate) async fn a_store_of_the_first_version_is_brought_forward_with_what_is_in_it(ground: Ground) {
    ground.sql(&in_words_of(&ground, FIRST)).await;
    let store = ground.open().await;
    assert_eq!((store.users().await.unwrap(), store.teams().await.unwrap()), (Vec::new(), Vec::new()));
    check(&ground, &store).await;
}

pub(crate) async fn a_store_of_the_second_version_is_brought_forward_with_what_is_in_it(ground: Ground) {
    ground.sql(&in_words_of(&ground, &format!("{FIRST}{SECOND}"))).await;
    let store = ground.open().await;
    let team = Team { id: 5000, name: "Team Ä".into() };
    assert_eq!(store.teams().await.unwrap(), [team]);
    let agent = User {
        id: "1001001".into(),
        login_name: "agent1".into(),
        first_name: "Agent".into(),
        last_name: "1".into(),
        team: Some(5000),
        roles: vec![UserRole::Agent],
        supervises: Vec::new(),
        secrets: Secrets { password_hash: "$argon2id$hash".into(), scram: vec!["a-verifier".into()] },
    };
    assert_eq!(store.users().await.unwrap(), [agent]);
    assert_eq!((store.revision().await.unwrap(), store.audit(None, 9).await.unwrap().len()), (2, 2));
    check(&ground, &store).await;
}

pub(crate) async fn a_store_of_the_third_version_is_brought_forward_with_what_is_in_it(ground: Ground) {
    ground.sql(&in_words_of(&ground, &format!("{FIRST}{SECOND}{THIRD}"))).await;
    let store = ground.open().await;
    assert_eq!(store.users().await.unwrap().len(), 1);
    check(&ground, &store).await;
}

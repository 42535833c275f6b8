//! What is opened, and what is refused.

use crate::Ground;
use crate::records::{node, put};
use prometheus_client::encoding::text::encode;
use prometheus_client::registry::Registry;
use pubsub::Change;
use store::{Metrics, Role, Store};

pub(crate) async fn a_newer_database_is_refused_and_both_versions_are_named(ground: Ground) {
    ground.open().await.close().await;
    ground.sql("INSERT INTO aplomb_schema (version, name) VALUES (4711, 'of the future')").await;
    for role in [Role::Server, Role::Tool] {
        let error = ground.try_open(role).await.unwrap_err().to_string();
        assert!(error.contains("4711") && error.contains("versions up to"), "{error}");
    }
}

pub(crate) async fn a_database_of_something_else_is_refused_and_left_alone(ground: Ground) {
    ground.sql("CREATE TABLE invoices (id INTEGER)").await;
    let error = ground.try_open(Role::Server).await.unwrap_err().to_string();
    assert!(error.contains("invoices"), "{error}");
    // no table of ours was made: it would be refused for another reason then
    ground.sql("DROP TABLE invoices").await;
    put(&ground.open().await, [node("/a")]).await;
}

pub(crate) async fn a_second_server_is_refused_and_a_tool_is_not(ground: Ground) {
    let store = ground.open().await;
    let error = ground.try_open(Role::Server).await.unwrap_err().to_string();
    assert!(error.starts_with("another server uses the store"), "{error}");
    let tool = ground.try_open(Role::Tool).await.unwrap();
    put(&tool, [node("/a")]).await;
    put(&store, [node("/b")]).await;
    assert_eq!(store.pubsub_records().await.unwrap(), [node("/a"), node("/b")]);
}

pub(crate) async fn after_the_first_server_has_ended_another_may_begin(ground: Ground) {
    let store = ground.open().await;
    put(&store, [node("/a")]).await;
    store.close().await;
    drop(store);
    assert_eq!(ground.open().await.pubsub_records().await.unwrap(), [node("/a")]);
}

pub(crate) async fn an_open_store_can_be_opened_again_by_many_tools_at_once(ground: Ground) {
    let openings: Vec<_> = (0..8).map(|_| ground.try_open(Role::Tool)).collect();
    for (number, opened) in futures_util::future::join_all(openings).await.into_iter().enumerate() {
        put(&opened.unwrap(), [node(&format!("/{number}"))]).await;
    }
    assert_eq!(ground.open().await.pubsub_records().await.unwrap().len(), 8);
}

pub(crate) async fn the_journal_of_the_database_is_a_write_ahead_log(ground: Ground) {
    use sqlx::{Connection, SqliteConnection};
    let store = ground.open().await;
    put(&store, [node("/a")]).await;
    let file = ground.url.strip_prefix("sqlite:").unwrap();
    let log = std::fs::metadata(format!("{file}-wal")).unwrap();
    assert!(log.len() > 0, "what was kept is in the log first");
    let mut link = SqliteConnection::connect(&ground.url).await.unwrap();
    let mode: String = sqlx::query_scalar("PRAGMA journal_mode").fetch_one(&mut link).await.unwrap();
    assert_eq!(mode, "wal");
    // who reads does not wait for who writes, and sees what was there before
    sqlx::raw_sql("BEGIN IMMEDIATE; DELETE FROM pubsub_nodes").execute(&mut link).await.unwrap();
    assert_eq!(store.pubsub_records().await.unwrap(), [node("/a")]);
    sqlx::raw_sql("ROLLBACK").execute(&mut link).await.unwrap();
}

pub(crate) async fn many_changes_at_once_share_a_few_transactions(ground: Ground) {
    const CHANGES: usize = 2_000;
    let mut registry = Registry::default();
    let metrics = Metrics::register(&mut registry);
    let store = Store::open(ground.place.clone(), Role::Server, metrics).await.unwrap();
    let kept = (0..CHANGES).map(|number| store.keep(vec![Change::Put(node(&format!("/{number}")))]));
    let kept: Vec<_> = kept.collect();
    for kept in kept {
        kept.await.unwrap().unwrap();
    }
    assert_eq!(store.pubsub_records().await.unwrap().len(), CHANGES);
    let mut text = String::new();
    encode(&mut text, &registry).unwrap();
    let count = |name: &str| {
        let line = text.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_else(|| panic!("{text}"));
        line.trim().parse::<usize>().unwrap()
    };
    assert_eq!(count("aplomb_store_changes_total"), CHANGES);
    let commits = count("aplomb_store_commits_total");
    assert!(commits < CHANGES / 20, "{commits} transactions");
}

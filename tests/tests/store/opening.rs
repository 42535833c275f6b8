//! What is opened, and what is refused.

use crate::Ground;
use crate::records::{node, put};
use store::Role;

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

//! A database that fails while the server runs.

use crate::records::{item, node, put};
use crate::{Ground, run};
use aplomb_tests::Postgres;
use libtest_mimic::Trial;
use pubsub::Change;
use std::time::Duration;
use store::limits::{BUSY, CHANGES_KEPT_MAX};
use store::{Health, Store};

pub(crate) fn trials() -> Vec<Trial> {
    let trial = |name: &str, test: fn()| {
        Trial::test(format!("failure::{name}"), move || {
            test();
            Ok(())
        })
    };
    vec![
        trial("postgres_goes_and_returns_and_nothing_kept_is_lost", postgres_goes_and_returns),
        trial("postgres_is_gone_for_too_long_and_the_store_gives_up", postgres_is_gone_for_too_long),
        trial("after_an_order_that_postgres_failed_the_next_one_is_taken", postgres_fails_an_order),
        trial("sqlite_is_locked_by_another_and_nothing_kept_is_lost", sqlite_is_locked),
        trial("a_file_that_is_no_database_is_refused", no_database),
        trial("a_store_moves_between_the_databases", crate::moving::a_store_moves_between_the_databases),
        trial("a_change_that_the_database_refuses_harms_no_other", a_change_is_refused),
        trial(
            "while_the_store_stands_still_events_go_on_and_changes_are_told_to_wait",
            crate::blocked::while_it_stands_still_events_go_on_and_changes_are_told_to_wait,
        ),
    ]
}

async fn until(store: &Store, health: Health) {
    let waiting = async {
        while store.health() != health {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), waiting).await.expect("the store says how it is");
}

/// A test with a cluster of its own that it may stop.
fn with_postgres(test: impl AsyncFnOnce(&mut Postgres, Ground)) {
    let mut cluster = Postgres::start();
    let ground = Ground::postgres(&cluster);
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(test(&mut cluster, ground));
}

fn postgres_goes_and_returns() {
    with_postgres(async |cluster, ground| {
        let store = ground.open().await;
        put(&store, [node("/a")]).await;
        cluster.stop();
        let first = store.keep(vec![Change::Put(item("/a", "1", 1))]);
        until(&store, Health::Failing).await;
        let second = store.keep(vec![Change::Put(item("/a", "2", 2))]);
        assert!(store.pubsub_records().await.is_err());
        cluster.start_again();
        first.await.unwrap().unwrap();
        second.await.unwrap().unwrap();
        assert_eq!(store.health(), Health::Well);
        let records = store.pubsub_records().await.unwrap();
        assert_eq!(records, [node("/a"), item("/a", "1", 1), item("/a", "2", 2)]);
    });
}

/// Nothing is kept for later, so nobody but the store itself would find out that the database is back.
fn postgres_fails_an_order() {
    with_postgres(async |cluster, ground| {
        let store = ground.open().await;
        let keep = async |text: &str| {
            let log = store::ClientLogBody::Text(text.to_owned());
            store.keep_client_log("1001".into(), jiff::Timestamp::now(), log).await
        };
        keep("first").await.unwrap();
        let mut health = store.follow_health();
        cluster.stop();
        assert!(keep("second").await.is_err());
        assert_eq!(*health.borrow_and_update(), Health::Failing);
        cluster.start_again();
        until(&store, Health::Well).await;
        assert!(health.has_changed().unwrap());
        keep("third").await.unwrap();
        assert_eq!(store.client_logs(9).await.unwrap().len(), 2);
        store.close().await;
    });
}

fn postgres_is_gone_for_too_long() {
    with_postgres(async |cluster, ground| {
        let store = ground.open().await;
        put(&store, [node("/a")]).await;
        cluster.stop();
        let purges = |count| vec![Change::Purged { node: "/a".into() }; count];
        let first = store.keep(purges(CHANGES_KEPT_MAX));
        until(&store, Health::Failing).await;
        let second = store.keep(purges(1));
        until(&store, Health::GivenUp).await;
        assert!(first.await.unwrap().is_err());
        assert!(second.await.unwrap().is_err());
        cluster.start_again();
        // half of the changes would be worse than none
        assert!(store.keep(vec![Change::Put(item("/a", "1", 1))]).await.unwrap().is_err());
        store.close().await;
        drop(store);
        assert_eq!(ground.open().await.pubsub_records().await.unwrap(), [node("/a")]);
    });
}

fn sqlite_is_locked() {
    run(
        |ground| {
            Box::pin(async move {
                use sqlx::{Connection, Executor, SqliteConnection};
                let store = ground.open().await;
                put(&store, [node("/a")]).await;
                let mut other = SqliteConnection::connect(&ground.url).await.unwrap();
                other.execute("BEGIN IMMEDIATE").await.unwrap();
                let begun = std::time::Instant::now();
                let kept = store.keep(vec![Change::Put(item("/a", "1", 1))]);
                tokio::time::sleep(BUSY / 2).await;
                let health = store.health();
                // a busy machine may have slept through it
                let is_a_while = begun.elapsed() < BUSY;
                assert!(!is_a_while || health == Health::Well, "another may write for a while");
                until(&store, Health::Failing).await;
                other.execute("COMMIT").await.unwrap();
                kept.await.unwrap().unwrap();
                assert_eq!(store.health(), Health::Well);
                assert_eq!(store.pubsub_records().await.unwrap().len(), 2);
            })
        },
        Ground::sqlite(),
    );
}

fn no_database() {
    run(
        |ground| {
            Box::pin(async move {
                let path = ground.url.strip_prefix("sqlite:").unwrap();
                std::fs::write(path, "This is a letter, not a database.\n".repeat(100)).unwrap();
                let error = ground.try_open(store::Role::Server).await.unwrap_err();
                let text = error.to_string();
                assert!(text.contains("not a database") && text.contains(path), "{text}");
                let letter = std::fs::read_to_string(path).unwrap();
                assert!(letter.starts_with("This is a letter"), "it is left alone");
            })
        },
        Ground::sqlite(),
    );
}

fn a_change_is_refused() {
    with_postgres(async |_, ground| {
        let store = ground.open().await;
        // PostgreSQL holds no U+0000, which XML forbids as well
        let changes = [node("/a"), node("/b\0"), node("/c")].map(Change::Put);
        let kept: Vec<_> = changes.into_iter().map(|change| store.keep(vec![change])).collect();
        let mut outcomes = Vec::new();
        for kept in kept {
            outcomes.push(kept.await.unwrap().is_ok());
        }
        assert_eq!(outcomes, [true, false, true]);
        let together = [node("/d"), node("/e\0")].map(Change::Put);
        assert!(store.keep(together.into()).await.unwrap().is_err(), "together or not at all");
        assert_eq!(store.pubsub_records().await.unwrap(), [node("/a"), node("/c")]);
        assert_eq!(store.health(), Health::Well);
    });
}

//! Backup and restore, also from one database to the other.

use crate::Ground;
use crate::administration::{by, user, with_team};
use crate::records::{item, keep, node, put, subscription};
use crate::tasks;
use aplomb_tests::Postgres;
use configuration::ReasonCode;
use pubsub::Change;
use store::{Role, Store, StoreError, restore};

async fn filled(ground: &Ground) -> Store {
    let store = with_team(ground).await;
    store.put_user(user("1001001"), by()).await.unwrap();
    let reason = ReasonCode { code: 7, label: "Über \"alles\"\n".into(), ..ReasonCode::default() };
    store.create(reason, by()).await.unwrap();
    put(&store, [node("/a"), subscription("/a", "s1"), item("/a", "one", 1), item("/a", "two", 2)]).await;
    tasks::keep(&store, vec![tasks::put(tasks::task(1)), tasks::sit(tasks::seat("1001001", 5001))]).await;
    store
}

async fn backup(store: &Store) -> Vec<u8> {
    store.back_up("2026-11-22".into(), Vec::new()).await.unwrap().1
}

async fn assert_same(left: &Store, right: &Store) {
    assert_eq!(left.pubsub_records().await.unwrap(), right.pubsub_records().await.unwrap());
    assert_eq!(left.tasks().await.unwrap(), right.tasks().await.unwrap());
    assert_eq!(left.users().await.unwrap(), right.users().await.unwrap());
    assert_eq!(left.teams().await.unwrap(), right.teams().await.unwrap());
    assert_eq!(left.objects::<ReasonCode>().await.unwrap(), right.objects::<ReasonCode>().await.unwrap());
}

pub(crate) async fn a_backup_brings_everything_back(ground: Ground) {
    let store = filled(&ground).await;
    let records = store.pubsub_records().await.unwrap();
    let revision = store.revision().await.unwrap();
    let bytes = backup(&store).await;
    keep(&store, [Change::NodeDeleted { node: "/a".into() }]).await;
    store.delete_user("1001001".into(), by()).await.unwrap();
    let error = restore(&ground.place, &by(), &mut bytes.as_slice()).await.unwrap_err();
    assert!(matches!(error, StoreError::Running { .. }), "the server has it: {error}");
    assert!(store.pubsub_records().await.unwrap().is_empty() && store.users().await.unwrap().is_empty());
    store.close().await;
    drop(store);
    let contents = restore(&ground.place, &by(), &mut bytes.as_slice()).await.unwrap();
    assert_eq!((contents.rows["users"], contents.rows["pubsub_items"]), (1, 2));
    let store = ground.open().await;
    assert_eq!(store.pubsub_records().await.unwrap(), records);
    assert_eq!(store.users().await.unwrap(), [user("1001001")]);
    assert_eq!(store.tasks().await.unwrap().1, [tasks::task(1)]);
    assert!(store.revision().await.unwrap() > revision + 1, "those who look for changes see one");
    assert_eq!(store.audit(None, 1).await.unwrap()[0].action, "restore");
    put(&store, [node("/b")]).await;
    store.put_user(user("2"), by()).await.unwrap();
    let next = store.create(ReasonCode { code: 8, ..ReasonCode::default() }, by()).await.unwrap();
    assert_eq!(next, 2);
}

pub(crate) async fn a_backup_that_is_not_whole_changes_nothing(ground: Ground) {
    let store = filled(&ground).await;
    let bytes = backup(&store).await;
    put(&store, [node("/later")]).await;
    let before = store.pubsub_records().await.unwrap();
    store.close().await;
    drop(store);
    let lines: Vec<&[u8]> = bytes.split_inclusive(|byte| *byte == b'\n').collect();
    let without = |number: usize| {
        let left = lines.iter().enumerate().filter(|(at, _)| *at != number).map(|(_, line)| *line);
        left.collect::<Vec<_>>().concat()
    };
    let text = String::from_utf8(bytes.clone()).unwrap();
    let (_, version) = text.split_once("\"schema\":").unwrap();
    let version: String = version.chars().take_while(char::is_ascii_digit).collect();
    let schema = format!("\"schema\":{version}");
    let damaged = [
        (Vec::new(), "it is empty"),
        (b"hello\n".to_vec(), "line 1 is not of a backup"),
        (bytes[..bytes.len() - 20].to_vec(), "is not of a backup"),
        (without(lines.len() - 1), "its end is missing"),
        (without(3), "the digest is another"),
        (text.replace("1001001", "1001009").into_bytes(), "the digest is another"),
        (text.replacen(&schema, "\"schema\":999", 1).into_bytes(), "schema version 999"),
        (text.replace("\"aplomb-backup\":1", "\"aplomb-backup\":2").into_bytes(), "its format is 2"),
        (text.replace("\"users\":[", "\"users; --\":[").into_bytes(), "names of something else"),
        (text.replace("login_key", "login_kez").into_bytes(), "its table users is another"),
    ];
    for (bytes, why) in damaged {
        let error = restore(&ground.place, &by(), &mut bytes.as_slice()).await.unwrap_err().to_string();
        assert!(error.contains(why), "{error}, not: {why}");
        let store = ground.open().await;
        assert_eq!(store.pubsub_records().await.unwrap(), before, "{why}");
        assert_eq!(store.users().await.unwrap(), [user("1001001")], "{why}");
        store.close().await;
    }
}

pub(crate) async fn a_backup_holds_one_moment(ground: Ground) {
    let store = with_team(&ground).await;
    // two records that are always there together, changed while the backups are made
    let pair =
        |sequence| vec![Change::Put(item("/a", "one", sequence)), Change::Put(item("/b", "two", sequence))];
    store.keep(pair(1)).await.unwrap().unwrap();
    let writing = async {
        for sequence in 2..200 {
            store.keep(pair(sequence)).await.unwrap().unwrap();
        }
    };
    let backing_up = async {
        for _ in 0..10 {
            let text = String::from_utf8(backup(&store).await).unwrap();
            let items = text.lines().filter(|line| line.starts_with("[\"pubsub_items\""));
            let numbers: Vec<_> =
                items.map(|line| line.split(',').rev().nth(1).unwrap().to_owned()).collect();
            assert_eq!(numbers.len(), 2);
            assert_eq!(numbers[0], numbers[1]);
        }
    };
    futures_util::future::join(writing, backing_up).await;
}

/// SQLite to PostgreSQL and back.
pub(crate) fn a_store_moves_between_the_databases() {
    let cluster = Postgres::start();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let (sqlite, postgres, back) = (Ground::sqlite(), Ground::postgres(&cluster), Ground::sqlite());
        let first = filled(&sqlite).await;
        restore(&postgres.place, &by(), &mut backup(&first).await.as_slice()).await.unwrap();
        let second = postgres.try_open(Role::Server).await.unwrap();
        assert_same(&first, &second).await;
        restore(&back.place, &by(), &mut backup(&second).await.as_slice()).await.unwrap();
        assert_same(&first, &back.open().await).await;
    });
}

//! Client logs.

use crate::Ground;
use crate::records::moment;
use store::limits::{CLIENT_LOG_BYTES_MAX, CLIENT_LOGS_BYTES_MAX, CLIENT_LOGS_PER_USER_MAX};
use store::{ClientLogBody, StoreError};

pub(crate) async fn client_logs_are_there_after_a_restart_the_newest_first(ground: Ground) {
    let store = ground.open().await;
    let text = ClientLogBody::Text("Header : Client: now\n".repeat(50_000));
    let zip = ClientLogBody::Zip(vec![b'P', b'K', 0, 255]);
    assert_eq!(store.keep_client_log("1001001".into(), moment(1), text.clone()).await.unwrap(), 1);
    assert_eq!(store.keep_client_log("1001002".into(), moment(2), zip.clone()).await.unwrap(), 2);
    store.close().await;
    drop(store);
    let store = ground.open().await;
    let logs = store.client_logs(10).await.unwrap();
    let told: Vec<_> = logs.iter().map(|log| (log.number, log.user.as_str(), log.at)).collect();
    assert_eq!(told, [(2, "1001002", moment(2)), (1, "1001001", moment(1))]);
    assert!(logs[1].size < 50_000, "the text is packed: {} bytes", logs[1].size);
    assert_eq!(store.client_log(1).await.unwrap(), Some(text));
    assert_eq!(store.client_log(2).await.unwrap(), Some(zip));
    assert_eq!(store.client_log(3).await.unwrap(), None);
    assert_eq!(store.client_logs(1).await.unwrap().len(), 1);
}

pub(crate) async fn the_oldest_client_logs_go_when_there_are_too_many(ground: Ground) {
    let store = ground.open().await;
    let small = || ClientLogBody::Text("a line".into());
    store.keep_client_log("2".into(), moment(0), small()).await.unwrap();
    for n in 0..=CLIENT_LOGS_PER_USER_MAX {
        store.keep_client_log("1".into(), moment(n), small()).await.unwrap();
    }
    let logs = store.client_logs(1_000).await.unwrap();
    let of = |user: &str| logs.iter().filter(|log| log.user == user).count() as i64;
    assert_eq!((of("1"), of("2")), (CLIENT_LOGS_PER_USER_MAX, 1), "only whoever sends many loses one");
    let large = ClientLogBody::Zip(vec![7; CLIENT_LOG_BYTES_MAX]);
    for n in 0..=CLIENT_LOGS_BYTES_MAX / CLIENT_LOG_BYTES_MAX as i64 {
        // of several users, so that only the sum is over its limit
        store.keep_client_log(format!("large{}", n % 10), moment(n), large.clone()).await.unwrap();
    }
    let logs = store.client_logs(1_000).await.unwrap();
    let total: u64 = logs.iter().map(|log| log.size).sum();
    assert!(total <= CLIENT_LOGS_BYTES_MAX as u64 && logs.len() > 60, "{total} bytes in {}", logs.len());
    assert!(logs.iter().all(|log| log.user.starts_with("large")), "the oldest are gone");
    let larger = ClientLogBody::Zip(vec![7; CLIENT_LOG_BYTES_MAX + 1]);
    let refused = store.keep_client_log("1".into(), moment(1), larger).await;
    assert!(matches!(refused, Err(StoreError::Limit(_))), "{refused:?}");
}

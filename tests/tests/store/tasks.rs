//! Tasks and sign-ins to media routing domains: kept, changed, forgotten.

use crate::Ground;
use crate::records::{item, node};
use media::{
    HeldRecord, Keep, MediaState, ReasonRecord, SeatRecord, TaskId, TaskRecord, TaskState, Terms, Variable,
};
use pubsub::Change;
use store::Store;

pub(crate) fn task(number: u64) -> TaskRecord {
    TaskRecord {
        id: TaskId { run: 1_790_000_000, number, attempt: 2 },
        domain: 5001,
        associated: Some(TaskId { run: 1_790_000_000, number, attempt: 1 }),
        rank: -3,
        avoids: Some("1001002".into()),
        variables: vec![Variable { name: "user.order".into(), value: "Größe '4' \"\n".into() }],
        held: Some(HeldRecord {
            agent: "1001001".into(),
            state: TaskState::WrappingUp,
            started_at: Some(1_790_000_000_001),
            changed_at: 1_790_000_000_002,
            end_at: 1_790_000_099_003,
        }),
    }
}

pub(crate) fn seat(agent: &str, domain: u32) -> SeatRecord {
    SeatRecord {
        agent: agent.into(),
        domain,
        is_watched: true,
        ready: false,
        routable: true,
        leaves_route: false,
        reason: Some(ReasonRecord { id: 4, code: 12, label: "Pause – „kurz“".into(), for_all: false }),
        terms: Terms { dialogs_max: 7, ..Terms::default() },
        offered: 99,
        state: MediaState::NotReady,
        changed_at: Some(1_790_000_000_004),
    }
}

pub(crate) fn put(task: TaskRecord) -> Keep {
    Keep::Task(Box::new(task))
}

pub(crate) fn sit(seat: SeatRecord) -> Keep {
    Keep::Seat(Box::new(seat))
}

pub(crate) async fn keep(store: &Store, changes: Vec<Keep>) {
    store.keep_tasks(changes).await.unwrap().unwrap();
}

pub(crate) async fn tasks_and_sign_ins_are_there_after_a_restart(ground: Ground) {
    let store = ground.open().await;
    assert_eq!(store.tasks().await.unwrap(), (vec![], vec![]));
    let (seats, tasks) = (vec![seat("1001001", 5001), seat("1001001", 5002)], vec![task(1), task(2)]);
    let changes = seats.iter().cloned().map(sit).chain(tasks.iter().cloned().map(put));
    keep(&store, changes.collect()).await;
    store.close().await;
    drop(store);
    assert_eq!(ground.open().await.tasks().await.unwrap(), (seats, tasks));
}

pub(crate) async fn a_change_of_a_task_applied_twice_changes_nothing(ground: Ground) {
    let store = ground.open().await;
    let waits = TaskRecord { held: None, associated: None, avoids: None, variables: Vec::new(), ..task(1) };
    let ready = SeatRecord { ready: true, reason: None, changed_at: None, ..seat("1001001", 5001) };
    let changes = [
        put(task(1)),
        put(task(2)),
        sit(seat("1001001", 5001)),
        sit(seat("1001002", 5001)),
        put(waits.clone()),
        sit(ready.clone()),
        Keep::TaskOver(task(2).id),
        Keep::SignedOut { agent: "1001002".into(), domain: 5001 },
        Keep::TaskOver(task(9).id),
        Keep::SignedOut { agent: "1001001".into(), domain: 5002 },
    ];
    for _ in 0..2 {
        keep(&store, changes.to_vec()).await;
        assert_eq!(store.tasks().await.unwrap(), (vec![ready.clone()], vec![waits.clone()]));
    }
}

pub(crate) async fn who_waits_for_the_store_waits_for_what_was_given_before(ground: Ground) {
    let store = ground.open().await;
    for number in 1..=700 {
        drop(store.keep_tasks(vec![put(task(number))]));
    }
    drop(store.keep(vec![Change::Put(node("/a")), Change::Put(item("/a", "one", 1))]));
    store.settled().await.unwrap();
    assert_eq!(store.tasks().await.unwrap().1.len(), 700);
    assert_eq!(store.pubsub_records().await.unwrap().len(), 2);
}

pub(crate) async fn a_task_that_cannot_be_read_is_no_reason_to_forget_it(ground: Ground) {
    let store = ground.open().await;
    keep(&store, vec![put(task(1))]).await;
    ground.sql("UPDATE tasks SET body = '{}'").await;
    let error = store.tasks().await.unwrap_err();
    assert!(error.to_string().starts_with("the store is damaged: task routing"), "{error}");
}

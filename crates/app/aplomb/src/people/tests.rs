//! What becomes of subscriptions when people change.

use super::*;
use crate::config::CreateNodes;
use ::store::{By, Place, Role as Opener, Secrets, Team as StoredTeam, User as Stored};
use accounts::{Accounts, Password, hash};
use floor::{Floor, Now};
use notification::{Keeper, Kept, Memory};
use pubsub::{Change, Record, SubscriptionOptions, SubscriptionRecord, SubscriptionState};
use rest::Job;
use std::sync::{Arc, Mutex};
use tempfile::TempDir;
use tokio::sync::mpsc;

const NODE: &str = "/finesse/api/User/AgentX";

/// Notes what is to be kept.
#[derive(Default)]
struct Notes(Mutex<Vec<Change>>);

impl Keeper for Notes {
    fn is_ready(&self) -> bool {
        true
    }

    fn keep(&self, changes: Vec<Change>) -> Kept {
        self.0.lock().expect("no test panics with it").extend(changes);
        Box::pin(async { true })
    }
}

impl Notes {
    fn has_ended(&self) -> bool {
        let changes = self.0.lock().expect("no test panics with it");
        changes
            .iter()
            .any(|change| matches!(change, Change::SubscriptionRemoved { node, .. } if node == NODE))
    }
}

fn by() -> By {
    By { who: "administrator".into(), address: None, at: jiff::Timestamp::UNIX_EPOCH }
}

fn user(id: &str, team: u32, supervises: &[u32]) -> Stored {
    let password_hash = hash(&Password::new("x"), b"a salt for tests").unwrap().as_str().to_owned();
    Stored {
        id: id.into(),
        login_name: id.into(),
        first_name: String::new(),
        last_name: String::new(),
        team: Some(team),
        roles: vec![if supervises.is_empty() { UserRole::Agent } else { UserRole::Supervisor }],
        supervises: supervises.to_vec(),
        secrets: Secrets { password_hash, scram: Vec::new() },
    }
}

/// Agent `AgentX` of team 5000, whose node supervisor `boss` of that team is subscribed to. Nobody answers for the floor.
async fn people(folder: &TempDir) -> (People, Arc<Notes>) {
    let place = Place::parse(&format!("sqlite:{}", folder.path().join("store").display())).unwrap();
    let store = Store::open(place, Opener::Server, ::store::Metrics::default()).await.unwrap();
    for id in [5000, 5001] {
        store.put_team(StoredTeam { id, name: format!("Team {id}") }, by()).await.unwrap();
    }
    for user in [user("AgentX", 5000, &[]), user("boss", 5000, &[5000])] {
        store.put_user(user, by()).await.unwrap();
    }
    let config = Config::default();
    let roster = directory::roster(&with_stored(&config, &store).await.unwrap()).unwrap();
    let policy = PresentPolicy::new(NodePolicy::new(&roster, [], CreateNodes::default()));
    let checker = Checker::new(Accounts::new([], [7; 32]));
    let subscription = SubscriptionRecord {
        node: NODE.into(),
        jid: format!("boss@{}", config.server.domain).parse().unwrap(),
        subid: "s".into(),
        state: SubscriptionState::Subscribed,
        options: SubscriptionOptions::default(),
        expires: None,
    };
    let notes = Arc::new(Notes::default());
    let memory = Memory { records: vec![Record::Subscription(subscription)], keeper: Some(notes.clone()) };
    let nodes = policy::nodes(&roster, &[], false);
    let rules = Box::new(policy.clone());
    let metrics = notification::Metrics::default();
    let (notification, _) =
        Service::start(config.notification(), checker.clone(), rules, nodes, memory, metrics);
    let floor = FloorClient::new(mpsc::channel(1).0);
    (
        People {
            config,
            store,
            checker,
            policy,
            floor,
            notification,
            untold: HashSet::new(),
            taken: watch::Sender::default(),
        },
        notes,
    )
}

/// Somebody answers for the floor.
fn floor() -> FloorClient {
    let (jobs, mut mailbox) = mpsc::channel::<Job>(1);
    tokio::spawn(async move {
        let mut floor = Floor::new(floor::Roster::default(), floor::Policy::default());
        while let Some(job) = mailbox.recv().await {
            job(&mut floor, Now { instant: std::time::Instant::now(), wall: jiff::Timestamp::now() });
        }
    });
    FloorClient::new(jobs)
}

async fn ends(notes: &Notes) {
    let end = async {
        while !notes.has_ended() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), end).await.expect("the subscription ends");
}

#[tokio::test]
async fn who_could_not_be_told_of_because_the_floor_did_not_answer_is_told_of_at_the_next_try() {
    let folder = TempDir::new().unwrap();
    let (mut people, notes) = people(&folder).await;
    people.store.put_user(user("AgentX", 5001, &[]), by()).await.unwrap();
    people.take_over().await.unwrap_err();
    assert_eq!(people.untold, HashSet::from(["AgentX".to_owned()]));
    assert!(!notes.has_ended());
    people.floor = floor();
    people.take_over().await.unwrap();
    assert!(people.untold.is_empty(), "the rules were replaced before: that it differs is remembered");
    ends(&notes).await;
}

#[tokio::test]
async fn who_is_deleted_has_no_readers_any_more_however_the_id_is_spelled() {
    let folder = TempDir::new().unwrap();
    let (mut people, notes) = people(&folder).await;
    people.floor = floor();
    people.take_over().await.unwrap();
    people.store.delete_user("AgentX".into(), by()).await.unwrap();
    people.take_over().await.unwrap();
    ends(&notes).await;
}

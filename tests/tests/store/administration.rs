//! Users, teams and configuration objects, and who changed them.

use crate::Ground;
use crate::records::moment;
use configuration::{Contact, PhoneBook, ReasonCategory, ReasonCode, Record, WrapUpReason};
use store::limits::{ASSIGNED_MAX, LOGIN_ID_BYTES_MAX, OBJECT_BYTES_MAX};
use store::{By, Put, Secrets, Store, StoreError, Team, User, UserRole};

pub(crate) fn by() -> By {
    By { who: "administrator".into(), address: Some("192.0.2.7".into()), at: moment(5) }
}

pub(crate) fn user(id: &str) -> User {
    User {
        id: id.into(),
        login_name: format!("Login{id}"),
        first_name: "Agent".into(),
        last_name: id.into(),
        team: Some(5000),
        roles: vec![UserRole::Agent, UserRole::Supervisor],
        supervises: vec![5000],
        secrets: Secrets { password_hash: "$argon2id$hash".into(), scram: vec!["a-verifier".into()] },
    }
}

pub(crate) async fn with_team(ground: &Ground) -> Store {
    let store = ground.open().await;
    store.put_team(Team { id: 5000, name: "Team 1".into() }, by()).await.unwrap();
    store
}

fn reason(code: u16, label: &str) -> ReasonCode {
    ReasonCode { category: ReasonCategory::Logout, code, label: label.into(), for_all: true }
}

fn text<T>(outcome: Result<T, StoreError>) -> String {
    outcome.err().map(|error| error.to_string()).unwrap_or_default()
}

pub(crate) async fn users_and_teams_are_there_after_a_restart(ground: Ground) {
    let store = with_team(&ground).await;
    assert_eq!(store.put_user(user("1001002"), by()).await.unwrap(), Put::Created);
    assert_eq!(store.put_user(user("1001001"), by()).await.unwrap(), Put::Created);
    let changed = User {
        last_name: "Other".into(),
        team: None,
        roles: vec![UserRole::Administrator],
        ..user("1001002")
    };
    assert_eq!(store.put_user(changed.clone(), by()).await.unwrap(), Put::Replaced);
    let secrets = Secrets { password_hash: "$argon2id$other".into(), scram: Vec::new() };
    store.set_secrets("1001001".into(), secrets.clone(), by()).await.unwrap();
    store.close().await;
    drop(store);
    let store = ground.open().await;
    assert_eq!(store.users().await.unwrap(), [User { secrets, ..user("1001001") }, changed]);
    assert_eq!(store.teams().await.unwrap(), [Team { id: 5000, name: "Team 1".into() }]);
    store.delete_user("1001001".into(), by()).await.unwrap();
    assert_eq!(store.users().await.unwrap().len(), 1);
}

pub(crate) async fn two_users_cannot_share_a_name(ground: Ground) {
    let store = with_team(&ground).await;
    store.put_user(user("A1"), by()).await.unwrap();
    let clash = |id: &str, login_name: &str| User { login_name: login_name.into(), ..user(id) };
    for (id, login_name) in [("a1", "other"), ("B2", "LOGINa1"), ("B2", "a1"), ("logina1", "other")] {
        let error = text(store.put_user(clash(id, login_name), by()).await);
        assert_eq!(error, "user A1 has this id or loginName", "{id} {login_name}");
    }
    assert!(matches!(store.create_user(user("A1"), by()).await, Err(StoreError::Conflict(_))));
    assert_eq!(
        store.put_user(clash("B2", "B2"), by()).await.unwrap(),
        Put::Created,
        "the own id is no other's"
    );
}

pub(crate) async fn a_user_that_cannot_be_is_refused_and_said_why(ground: Ground) {
    let store = with_team(&ground).await;
    let wrong = [
        (user(""), "an id has 1 to"),
        (user(&"1".repeat(LOGIN_ID_BYTES_MAX + 1)), "an id has 1 to"),
        (user("a/b"), "an id is part of addresses"),
        (user("a b"), "an id is part of addresses"),
        (User { login_name: "a:b".into(), ..user("1") }, "without a colon"),
        (User { first_name: "x".repeat(256), ..user("1") }, "at most 255 bytes"),
        (User { last_name: "x\u{1}".into(), ..user("1") }, "no control characters"),
        (User { roles: Vec::new(), ..user("1") }, "a role is needed"),
        (User { team: None, ..user("1") }, "need a team"),
        (User { team: Some(1), ..user("1") }, "there is no team 1"),
        (User { supervises: vec![2], ..user("1") }, "there is no team 2"),
        (User { supervises: vec![5000; 1_001], ..user("1") }, "more than 1000 teams"),
    ];
    for (user, why) in wrong {
        let error = text(store.put_user(user, by()).await);
        assert!(error.contains(why), "{error}");
    }
    assert_eq!(store.users().await.unwrap(), []);
    assert_eq!(text(store.delete_user("1".into(), by()).await), "there is no user 1");
    assert_eq!(text(store.set_secrets("1".into(), user("1").secrets, by()).await), "there is no user 1");
}

pub(crate) async fn a_team_with_users_stays(ground: Ground) {
    let store = with_team(&ground).await;
    store.put_user(user("1"), by()).await.unwrap();
    assert_eq!(text(store.delete_team(5000, by()).await), "team 5000 has users");
    assert_eq!(
        text(store.put_team(Team { id: 5001, name: "TEAM 1".into() }, by()).await),
        "there is a team \"TEAM 1\""
    );
    store.delete_user("1".into(), by()).await.unwrap();
    store.delete_team(5000, by()).await.unwrap();
    assert_eq!(store.teams().await.unwrap(), []);
}

pub(crate) async fn an_object_is_made_changed_and_deleted(ground: Ground) {
    let store = ground.open().await;
    let first = store.create(reason(1, "Lunch"), by()).await.unwrap();
    let second = store.create(reason(2, "Break"), by()).await.unwrap();
    assert_eq!(store.replace(second, Some(1), reason(3, "Pause"), by()).await.unwrap(), 2);
    let found = store.object::<ReasonCode>(second).await.unwrap().unwrap();
    assert_eq!((found.version, found.value), (2, reason(3, "Pause")));
    store.delete::<ReasonCode>(second, by()).await.unwrap();
    assert_eq!(store.object::<ReasonCode>(second).await.unwrap(), None);
    let third = store.create(reason(3, "Pause"), by()).await.unwrap();
    assert!(third > second, "a number is not given out twice");
    store.close().await;
    drop(store);
    let store = ground.open().await;
    let all: Vec<_> =
        store.objects::<ReasonCode>().await.unwrap().into_iter().map(|object| object.id).collect();
    assert_eq!(all, [first, third]);
    assert_eq!(store.objects::<WrapUpReason>().await.unwrap(), []);
}

pub(crate) async fn two_administrators_at_once_do_not_overwrite_each_other(ground: Ground) {
    let store = ground.open().await;
    let id = store.create(reason(1, "Lunch"), by()).await.unwrap();
    let both = (0..2).map(|n| store.replace(id, Some(1), reason(1, &format!("Lunch {n}")), by()));
    let outcomes = futures_util::future::join_all(both).await;
    let refused: Vec<_> = outcomes.into_iter().map(text).filter(|error| !error.is_empty()).collect();
    assert_eq!(refused, [format!("ReasonCode {id} was changed by another")]);
}

pub(crate) async fn two_objects_cannot_share_what_is_unique(ground: Ground) {
    let store = ground.open().await;
    store.create(reason(1, "Lunch"), by()).await.unwrap();
    let other = store.create(reason(2, "Break"), by()).await.unwrap();
    for clash in [reason(1, "Other"), reason(7, "LUNCH")] {
        let error = text(store.create(clash.clone(), by()).await);
        assert!(error.starts_with("there is a ReasonCode with"), "{error}");
        assert!(
            text(store.replace(other, None, clash, by()).await).starts_with("there is a ReasonCode with")
        );
    }
    store.replace(other, None, reason(2, "Break!"), by()).await.unwrap();
    let in_the_other_category = ReasonCode { category: ReasonCategory::NotReady, ..reason(1, "Lunch") };
    store.create(in_the_other_category, by()).await.unwrap();
    assert_eq!(store.objects::<ReasonCode>().await.unwrap().len(), 3, "nothing half done");
}

pub(crate) async fn with_a_phone_book_go_its_contacts(ground: Ground) {
    let store = ground.open().await;
    let book = |name: &str| PhoneBook { name: name.into(), ..PhoneBook::default() };
    let first = store.create(book("first"), by()).await.unwrap();
    let second = store.create(book("second"), by()).await.unwrap();
    let contact = |phone_book| Contact { phone_book, phone_number: "+15550100".into(), ..Contact::default() };
    for phone_book in [first, first, second] {
        store.create(contact(phone_book), by()).await.unwrap();
    }
    assert_eq!(store.parts::<Contact>(first).await.unwrap().len(), 2);
    assert_eq!(text(store.create(contact(99), by()).await), "there is no PhoneBook 99");
    store.delete::<PhoneBook>(first, by()).await.unwrap();
    assert_eq!(store.parts::<Contact>(first).await.unwrap(), []);
    assert_eq!(store.objects::<Contact>().await.unwrap().len(), 1);
    assert!(!format!("{:?}", store.objects::<Contact>().await.unwrap()).contains("5550100"));
}

pub(crate) async fn a_team_has_what_is_assigned_to_it_in_that_order(ground: Ground) {
    let store = with_team(&ground).await;
    let mut ids = Vec::new();
    for code in 1..=3 {
        ids.push(store.create(reason(code, &format!("Reason {code}")), by()).await.unwrap());
    }
    let assigned = async || {
        let assigned = store.assigned::<ReasonCode>(5000).await.unwrap();
        assigned.into_iter().map(|object| object.id).collect::<Vec<_>>()
    };
    store.assign::<ReasonCode>(5000, vec![ids[2], ids[0]], by()).await.unwrap();
    assert_eq!(assigned().await, [ids[2], ids[0]]);
    for (wrong, why) in [
        (vec![99], "there is no ReasonCode 99".to_owned()),
        (vec![ids[1], ids[1]], format!("ReasonCode {} is in the list twice", ids[1])),
        (vec![ids[1]; ASSIGNED_MAX + 1], format!("a team has at most {ASSIGNED_MAX} ReasonCode")),
    ] {
        assert_eq!(text(store.assign::<ReasonCode>(5000, wrong, by()).await), why);
    }
    assert_eq!(assigned().await, [ids[2], ids[0]], "nothing half done");
    store.delete::<ReasonCode>(ids[2], by()).await.unwrap();
    assert_eq!(assigned().await, [ids[0]]);
}

pub(crate) async fn what_is_past_a_limit_is_refused(ground: Ground) {
    let store = ground.open().await;
    let huge = WrapUpReason { label: "x".repeat(OBJECT_BYTES_MAX), for_all: true };
    assert!(text(store.create(huge, by()).await).contains("at most"));
    for code in 1..=ReasonCode::COUNT_MAX as u16 {
        store.create(reason(code, &code.to_string()), by()).await.unwrap();
    }
    assert_eq!(text(store.create(reason(999, "one more"), by()).await), "there may be 400 ReasonCode");
}

pub(crate) async fn the_audit_trail_says_who_changed_what_when_and_from_where(ground: Ground) {
    let store = with_team(&ground).await;
    let revision = store.revision().await.unwrap();
    store.put_user(user("1"), by()).await.unwrap();
    store.set_secrets("1".into(), user("1").secrets, by()).await.unwrap();
    let id = store.create(reason(1, "Lunch"), by()).await.unwrap();
    store.replace(id, None, reason(1, "Break"), by()).await.unwrap();
    store.delete::<ReasonCode>(id, by()).await.unwrap();
    let _ = store.delete::<ReasonCode>(id, by()).await.unwrap_err();
    let trail = store.audit(None, 5).await.unwrap();
    let seen: Vec<_> =
        trail.iter().map(|entry| (entry.action.as_str(), entry.kind.as_str(), entry.id.as_str())).collect();
    let reason = id.to_string();
    assert_eq!(
        seen,
        [
            ("delete", "ReasonCode", reason.as_str()),
            ("change", "ReasonCode", &reason),
            ("create", "ReasonCode", &reason),
            ("password", "User", "1"),
            ("create", "User", "1"),
        ]
    );
    assert!(trail.iter().all(|entry| entry.by == by()));
    let change = &trail[1];
    assert!(
        change.before.as_ref().unwrap().contains("Lunch") && change.after.as_ref().unwrap().contains("Break")
    );
    let secrets = format!("{trail:?}");
    assert!(!secrets.contains("argon2id") && !secrets.contains("a-verifier"), "no secrets in the trail");
    let before = store.audit(Some(trail[4].number), 10).await.unwrap();
    assert_eq!(before.len(), 1, "what is before the oldest seen");
    assert_eq!(store.revision().await.unwrap(), revision + 5);
}

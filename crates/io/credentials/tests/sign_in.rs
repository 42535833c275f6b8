//! Both doors, many at once, and the exchanges.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use accounts::scram::{Hash, Verifier};
use accounts::{
    Account, Accounts, ChannelBindings, Denial, Mechanism, Password, PasswordHash, Refusal, Roles, hash,
};
use aplomb_credentials::{Checker, Exchange, Step, limits};
use std::sync::Arc;
use tokio::task::JoinSet;

const SHA_256: Mechanism = Mechanism::Scram { hash: Hash::Sha256, plus: false };

fn account(n: u32, password: PasswordHash, scram: Vec<Arc<Verifier>>) -> Account {
    let (id, login_name) = ((1_001_000 + n).to_string(), format!("agent{n}"));
    Account { id, login_name, roles: Roles { agent: true, ..Roles::default() }, password, scram }
}

fn hashed(password: &str) -> PasswordHash {
    hash(&Password::new(password), b"a salt for tests").unwrap()
}

fn verifier() -> Arc<Verifier> {
    Arc::new(Verifier::derive(Hash::Sha256, &Password::new("right"), &[3; 16], 4096).unwrap())
}

fn one_agent() -> Checker {
    Checker::new(Accounts::new([account(1, hashed("right"), vec![verifier()])], [7; 32]))
}

fn start(checker: &Checker, mechanism: Mechanism) -> Exchange {
    checker.start(mechanism, &ChannelBindings::default())
}

fn plain(name: &str, password: &str) -> Vec<u8> {
    format!("\0{name}\0{password}").into_bytes()
}

#[tokio::test]
async fn many_checks_at_once_agree_and_wrong_ones_lock() {
    let checker = one_agent();
    let mut checks = JoinSet::new();
    for _ in 0..20 {
        let checker = checker.clone();
        checks.spawn(async move { checker.check("agent1", "right").await.is_ok() });
    }
    assert!(checks.join_all().await.into_iter().all(|right| right));
    for _ in 0..5 {
        assert_eq!(checker.check("agent1", "wrong").await.unwrap_err(), Denial::WrongPassword);
    }
    assert!(matches!(checker.check("agent1", "right").await, Err(Denial::Locked { .. })));
}

/// As in the demo: everybody has the same password, and the same hash of it.
#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_agents_who_sign_in_at_once_cost_a_few_argon2_runs() {
    let password = hashed("right");
    let accounts = (1..=1_000).map(|n| account(n, password.clone(), vec![]));
    let checker = Checker::new(Accounts::new(accounts, [7; 32]));
    let mut storm = JoinSet::new();
    for n in 1..=1_000 {
        let mut exchange = start(&checker, Mechanism::Plain);
        storm.spawn(async move { exchange.step(Some(&plain(&format!("agent{n}"), "right"))).await });
    }
    let steps = storm.join_all().await;
    assert!(steps.iter().all(|step| matches!(step, Step::Granted { data: None, .. })));
    assert!(checker.runs() <= limits::RUNS_MAX as u64, "{} runs", checker.runs());
}

#[tokio::test(flavor = "multi_thread")]
async fn agents_with_passwords_of_their_own_cost_a_run_each_once_and_scram_costs_none() {
    let own = |n: u32| format!("right{n}");
    let accounts = (1..=12).map(|n| account(n, hashed(&own(n)), vec![verifier()]));
    let checker = Checker::new(Accounts::new(accounts, [7; 32]));
    for _ in 0..3 {
        let mut storm = JoinSet::new();
        for n in 1..=12 {
            let checker = checker.clone();
            storm.spawn(async move { checker.check(&format!("agent{n}"), &own(n)).await.is_ok() });
        }
        assert!(storm.join_all().await.into_iter().all(|right| right));
        assert_eq!(checker.runs(), 12);
    }
    let mut exchange = start(&checker, SHA_256);
    assert!(matches!(exchange.step(Some(b"n,,n=agent1,r=abc")).await, Step::Challenge(_)));
    assert_eq!(checker.runs(), 12);
}

#[tokio::test]
async fn more_passwords_than_may_wait_are_refused_as_our_fault() {
    let checker = one_agent();
    let mut crowd = JoinSet::new();
    // some are done before the last one comes
    for n in 0..limits::WAITING_MAX + 200 {
        let checker = checker.clone();
        // distinct names, so that none is locked
        crowd.spawn(async move { checker.check(&format!("nobody{n}"), "wrong").await.unwrap_err() });
    }
    while let Some(denial) = crowd.join_next().await
        && denial.unwrap() != Denial::Busy
    {}
    assert!(!crowd.is_empty(), "one was refused while others waited");
    crowd.shutdown().await;
    assert!(checker.check("agent1", "right").await.is_ok(), "whoever comes later is served again");
}

#[tokio::test]
async fn wrong_passwords_count_together_by_whatever_way_they_come() {
    let checker = one_agent();
    for _ in 0..2 {
        checker.check("1001001", "wrong").await.unwrap_err();
        let step = start(&checker, Mechanism::Plain).step(Some(&plain("agent1", "wrong"))).await;
        assert!(matches!(step, Step::Refused(Refusal::Denied(Denial::WrongPassword))));
    }
    let mut exchange = start(&checker, SHA_256);
    let Step::Challenge(challenge) = exchange.step(Some(b"n,,n=agent1,r=abc")).await else { panic!() };
    let nonce = String::from_utf8(challenge).unwrap().split(',').next().unwrap().to_owned();
    let proof = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
    let step = exchange.step(Some(format!("c=biws,{nonce},p={proof}").as_bytes())).await;
    assert!(matches!(step, Step::Refused(Refusal::Denied(Denial::WrongPassword))), "{step:?}");
    assert!(matches!(checker.check("agent1", "right").await, Err(Denial::Locked { .. })));
    let step = start(&checker, SHA_256).step(Some(b"n,,n=agent1,r=abc")).await;
    assert!(matches!(step, Step::Refused(Refusal::Denied(Denial::Locked { .. }))), "{step:?}");
}

#[tokio::test]
async fn a_client_that_begins_without_a_message_is_asked_for_it() {
    let checker = one_agent();
    let mut exchange = start(&checker, Mechanism::Plain);
    assert!(matches!(exchange.step(None).await, Step::Challenge(empty) if empty.is_empty()));
    assert_eq!(exchange.name(), None);
    let step = exchange.step(Some(&plain("agent1@localhost", "right"))).await;
    assert!(matches!(step, Step::Granted { account, data: None, until: None } if account.id == "1001001"));
    assert_eq!(exchange.name(), Some("agent1"));
    assert!(matches!(exchange.step(Some(b"more")).await, Step::Refused(Refusal::Malformed(_))));
}

#[tokio::test]
async fn our_nonce_is_another_each_time() {
    let checker = one_agent();
    let mut nonces = Vec::new();
    for _ in 0..3 {
        let step = start(&checker, SHA_256).step(Some(b"n,,n=agent1,r=abc")).await;
        let Step::Challenge(challenge) = step else { panic!("{step:?}") };
        let challenge = String::from_utf8(challenge).unwrap();
        let nonce = challenge.split(',').next().unwrap().strip_prefix("r=abc").unwrap().to_owned();
        assert_eq!(nonce.len(), 24);
        nonces.push(nonce);
    }
    nonces.dedup();
    assert_eq!(nonces.len(), 3);
}

#[tokio::test]
async fn an_exchange_prints_without_the_password_and_without_keys() {
    let checker = one_agent();
    let mut exchange = start(&checker, SHA_256);
    exchange.step(Some(b"n,,n=agent1,r=abc")).await;
    let text = verifier().to_text();
    let printed = format!("{exchange:?}");
    assert!(text.rsplit_once('$').unwrap().1.split(':').all(|key| !printed.contains(key)), "{printed}");
}

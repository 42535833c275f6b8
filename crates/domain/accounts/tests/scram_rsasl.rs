//! rsasl, an implementation that is not ours, signs in.

#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a test may panic, and begins at some moment"
)]

use aplomb_accounts::scram::{Exchange, Hash, Verifier};
use aplomb_accounts::{
    Account, Accounts, Attempt, ChannelBindings, Denial, Mechanism, Password, Refusal, Roles, hash,
};
use rsasl::callback::{Context, Request, SessionCallback, SessionData};
use rsasl::mechanisms::scram::{SCRAM_SHA1, SCRAM_SHA1_PLUS, SCRAM_SHA256, SCRAM_SHA256_PLUS};
use rsasl::prelude::{Mechname, Registry, SASLClient, SASLConfig, Session, SessionError};
use rsasl::property::{AuthId, AuthzId, ChannelBindings as BindingData, OverrideCBType, Password as Secret};
use std::sync::Arc;
use std::time::{Duration, Instant};

const PASSWORD: &str = "p\u{e4}ss,w=rd";
const NONCE: &str = "0123456789abcdefghijkl";

static KNOWN: [rsasl::prelude::Mechanism; 4] = [SCRAM_SHA1, SCRAM_SHA1_PLUS, SCRAM_SHA256, SCRAM_SHA256_PLUS];

/// What the client knows and binds to.
#[derive(Clone)]
struct Person {
    name: &'static str,
    acts_as: Option<&'static str>,
    password: String,
    binding: Option<(&'static str, Vec<u8>)>,
}

impl SessionCallback for Person {
    fn callback(
        &self,
        _: &SessionData,
        _: &Context<'_>,
        request: &mut Request<'_>,
    ) -> Result<(), SessionError> {
        request.satisfy::<AuthId>(self.name)?.satisfy::<Secret>(self.password.as_bytes())?;
        if let Some(acts_as) = self.acts_as {
            request.satisfy::<AuthzId>(acts_as)?;
        }
        if let Some((type_, data)) = &self.binding {
            request.satisfy::<OverrideCBType>(type_)?.satisfy::<BindingData>(data)?;
        }
        Ok(())
    }

    fn enable_channel_binding(&self) -> bool {
        self.binding.is_some()
    }
}

impl Person {
    fn new(name: &'static str) -> Self {
        Self { name, acts_as: None, password: PASSWORD.into(), binding: None }
    }

    fn bound(self, type_: &'static str, data: &[u8]) -> Self {
        Self { binding: Some((type_, data.to_vec())), ..self }
    }

    /// A client that knows this mechanism only.
    fn client(&self, mechanism: Mechanism) -> Session {
        let at = KNOWN.iter().position(|known| known.mechanism.as_str() == mechanism.name()).unwrap();
        let registry = Registry::with_mechanisms(&KNOWN[at..=at]);
        let config = SASLConfig::builder().with_registry(registry).with_callback(self.clone()).unwrap();
        let offered = Mechname::parse(mechanism.name().as_bytes()).unwrap();
        let client = SASLClient::new(config).start_suggested(&[offered]).unwrap();
        assert_eq!(client.get_mechname().as_str(), mechanism.name());
        client
    }

    fn sign_in(
        &self,
        accounts: &mut Accounts,
        now: Instant,
        bindings: &ChannelBindings,
        mechanism: &str,
    ) -> Result<String, Refusal> {
        let mechanism = Mechanism::named(mechanism).unwrap();
        let Mechanism::Scram { hash, plus } = mechanism else { panic!("{mechanism:?}") };
        let mut client = self.client(mechanism);
        let exchange = Exchange { hash, plus, bindings: bindings.clone() };
        let mut first = Vec::new();
        client.step(None, &mut first).unwrap();
        let (step, challenge) = accounts.begin_scram(now, &exchange, &first, NONCE)?;
        let mut last = Vec::new();
        client.step(Some(challenge.as_bytes()), &mut last).unwrap();
        let (account, signature) = accounts.finish_scram(now, &step, &last)?;
        let state = client.step(Some(signature.as_bytes()), &mut Vec::new()).unwrap();
        assert!(state.is_finished(), "the client knows that we know its password");
        Ok(account.id.clone())
    }
}

fn accounts() -> Accounts {
    let password = Password::new(PASSWORD);
    let account = |id: &str, name: &str| Account {
        id: id.into(),
        login_name: name.into(),
        roles: Roles::default(),
        password: hash(&password, b"a salt for tests").unwrap(),
        scram: Hash::ALL
            .map(|hash| Arc::new(Verifier::derive(hash, &password, &[3; 16], 4096).unwrap()))
            .to_vec(),
    };
    Accounts::new([account("1001001", "agent1"), account("1001002", "a,b=c")], [7; 32])
}

fn tls() -> ChannelBindings {
    ChannelBindings { tls_exporter: Some([5; 32]), tls_server_end_point: Some(Arc::from([6; 48])) }
}

const UNBOUND: [&str; 2] = ["SCRAM-SHA-1", "SCRAM-SHA-256"];
const PLUS: [&str; 2] = ["SCRAM-SHA-1-PLUS", "SCRAM-SHA-256-PLUS"];

#[test]
fn each_mechanism_lets_in_whoever_knows_the_password() {
    let (mut accounts, now) = (accounts(), Instant::now());
    let none = ChannelBindings::default();
    for mechanism in UNBOUND {
        for (name, id) in [
            ("1001001", "1001001"),
            ("agent1", "1001001"),
            ("Agent1", "1001001"),
            ("agent1@localhost", "1001001"),
            ("a,b=c", "1001002"),
        ] {
            let signed_in = Person::new(name).sign_in(&mut accounts, now, &none, mechanism);
            assert_eq!(signed_in.as_deref(), Ok(id), "{mechanism} {name}");
            let wrong = Person { password: "wrong".into(), ..Person::new(name) };
            let refusal = wrong.sign_in(&mut accounts, now, &none, mechanism).unwrap_err();
            assert_eq!(refusal, Denial::WrongPassword.into(), "{mechanism} {name}");
        }
    }
}

#[test]
fn plus_binds_to_the_connection_and_to_no_other() {
    let (mut accounts, now) = (accounts(), Instant::now());
    let person = || Person::new("agent1");
    for mechanism in PLUS {
        for (type_, data) in [("tls-exporter", &[5; 32][..]), ("tls-server-end-point", &[6; 48])] {
            let bound = person().bound(type_, data);
            assert_eq!(bound.sign_in(&mut accounts, now, &tls(), mechanism).as_deref(), Ok("1001001"));
            let elsewhere = person().bound(type_, &[9; 32]);
            let refusal = elsewhere.sign_in(&mut accounts, now, &tls(), mechanism).unwrap_err();
            assert_eq!(refusal, Refusal::OtherBinding, "{mechanism} {type_}");
        }
        let unique = person().bound("tls-unique", &[1; 12]);
        let refusal = unique.sign_in(&mut accounts, now, &tls(), mechanism).unwrap_err();
        assert_eq!(refusal, Refusal::UnknownBinding, "{mechanism}");
    }
}

/// RFC 5802 §6: a client that can bind, and was not shown that we can, says so.
#[test]
fn a_client_from_whom_plus_was_hidden_is_refused_and_one_that_cannot_bind_is_not() {
    let (mut accounts, now) = (accounts(), Instant::now());
    let messages = |flag: &str| format!("{flag},,n=agent1,r=abc");
    let exchange = |bindings| Exchange { hash: Hash::Sha256, plus: false, bindings };
    let mut begin = |flag: &str, bindings| {
        accounts.begin_scram(now, &exchange(bindings), messages(flag).as_bytes(), NONCE).map(drop)
    };
    assert_eq!(begin("y", tls()), Err(Refusal::Downgraded));
    assert_eq!(begin("y", ChannelBindings::default()), Ok(()));
    assert_eq!(begin("n", tls()), Ok(()));
    assert!(matches!(begin("p=tls-exporter", tls()), Err(Refusal::Malformed(_))), "and not -PLUS");
    let exchange = Exchange { hash: Hash::Sha256, plus: true, bindings: tls() };
    for flag in ["n", "y"] {
        let begun = accounts.begin_scram(now, &exchange, messages(flag).as_bytes(), NONCE);
        assert!(matches!(begun, Err(Refusal::Malformed(_))), "-PLUS and {flag}");
    }
}

#[test]
fn acting_as_another_is_refused_and_as_oneself_is_not() {
    let (mut accounts, now, none) = (accounts(), Instant::now(), ChannelBindings::default());
    let mut as_ = |acts_as| {
        let person = Person { acts_as: Some(acts_as), ..Person::new("1001001") };
        person.sign_in(&mut accounts, now, &none, "SCRAM-SHA-1")
    };
    assert_eq!(as_("1001001@localhost").as_deref(), Ok("1001001"));
    assert_eq!(as_("1001002@localhost"), Err(Refusal::OtherIdentity));
    assert_eq!(as_("1001001@localhost/desk"), Err(Refusal::OtherIdentity));
}

#[test]
fn wrong_proofs_and_wrong_passwords_count_together_and_lock_known_and_unknown_users_alike() {
    for name in ["agent1", "nobody"] {
        let (mut accounts, now, none) = (accounts(), Instant::now(), ChannelBindings::default());
        let wrong = Person { password: "wrong".into(), ..Person::new(name) };
        for _ in 0..3 {
            wrong.sign_in(&mut accounts, now, &none, "SCRAM-SHA-256").unwrap_err();
        }
        for _ in 0..2 {
            let Attempt::Verify(work) = accounts.begin(now, name, Password::new("wrong")) else {
                panic!("a wrong password is checked, whoever is asked for")
            };
            accounts.finish(now, work.run()).unwrap_err();
        }
        let locked = |outcome| matches!(outcome, Err(Refusal::Denied(Denial::Locked { .. })));
        let person = Person::new(name);
        assert!(locked(person.sign_in(&mut accounts, now, &none, "SCRAM-SHA-1")), "{name}");
        let attempt = accounts.begin(now, name, Password::new(PASSWORD));
        assert!(matches!(attempt, Attempt::Denied(Denial::Locked { .. })), "{name}");
        let later = now + Duration::from_secs(300);
        assert!(!locked(person.sign_in(&mut accounts, later, &none, "SCRAM-SHA-1")), "{name}");
    }
}

#[test]
fn a_right_proof_forgets_the_wrong_ones() {
    let (mut accounts, now, none) = (accounts(), Instant::now(), ChannelBindings::default());
    let wrong = Person { password: "wrong".into(), ..Person::new("agent1") };
    for _ in 0..3 {
        for _ in 0..4 {
            let refusal = wrong.sign_in(&mut accounts, now, &none, "SCRAM-SHA-1").unwrap_err();
            assert_eq!(refusal, Denial::WrongPassword.into());
        }
        Person::new("agent1").sign_in(&mut accounts, now, &none, "SCRAM-SHA-1").unwrap();
    }
}

/// Proofs that were begun before the lock are refused after it.
#[test]
fn exchanges_begun_side_by_side_give_no_more_than_five_guesses() {
    let (mut accounts, now) = (accounts(), Instant::now());
    let exchange = Exchange { hash: Hash::Sha1, plus: false, bindings: ChannelBindings::default() };
    let begun: Vec<_> = (0..20)
        .map(|_| accounts.begin_scram(now, &exchange, b"n,,n=agent1,r=abc", NONCE).unwrap().0)
        .collect();
    let message = format!("c=biws,r=abc{NONCE},p=AAAAAAAAAAAAAAAAAAAAAAAAAAA=");
    let outcomes: Vec<_> = begun
        .iter()
        .map(|step| accounts.finish_scram(now, step, message.as_bytes()).map(drop).unwrap_err())
        .collect();
    let wrong = outcomes.iter().filter(|refusal| **refusal == Denial::WrongPassword.into()).count();
    assert_eq!(wrong, 5);
    assert!(matches!(outcomes[19], Refusal::Denied(Denial::Locked { .. })));
}

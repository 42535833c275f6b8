//! The examples of RFC 5802 and RFC 7677, and what must not be accepted instead of them.

#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a test may panic, and begins at some moment"
)]

use aplomb_accounts::scram::{BadVerifier, Exchange, Hash, Verifier};
use aplomb_accounts::{Account, Accounts, ChannelBindings, Denial, Password, Refusal, Roles, hash, limits};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use std::sync::Arc;
use std::time::Instant;

struct Vector {
    hash: Hash,
    salt: &'static str,
    nonce: &'static str,
    messages: [&'static str; 4],
}

const RFC_5802: Vector = Vector {
    hash: Hash::Sha1,
    salt: "QSXCR+Q6sek8bf92",
    nonce: "3rfcNHYJY1ZVvWVs7j",
    messages: [
        "n,,n=user,r=fyko+d2lbbFgONRv9qkxdawL",
        "r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,s=QSXCR+Q6sek8bf92,i=4096",
        "c=biws,r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,p=v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=",
        "v=rmF9pqV8S7suAoZWja4dJRkFsKQ=",
    ],
};

const RFC_7677: Vector = Vector {
    hash: Hash::Sha256,
    salt: "W22ZaJ0SNY7soEsUEjb6gQ==",
    nonce: "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0",
    messages: [
        "n,,n=user,r=rOprNGfwEbeRWgbNEkqO",
        "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096",
        "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=",
        "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=",
    ],
};

impl Vector {
    fn accounts(&self) -> Accounts {
        let password = Password::new("pencil");
        let salt = STANDARD.decode(self.salt).unwrap();
        let verifier = Verifier::derive(self.hash, &password, &salt, 4096).unwrap();
        let account = Account {
            id: "user".into(),
            login_name: "Somebody".into(),
            roles: Roles::default(),
            password: hash(&password, b"a salt for tests").unwrap(),
            // through the form in which it is stored
            scram: vec![Arc::new(Verifier::parse(&verifier.to_text()).unwrap())],
        };
        Accounts::new([account], [7; 32])
    }

    fn exchange(&self) -> Exchange {
        Exchange { hash: self.hash, plus: false, bindings: ChannelBindings::default() }
    }
}

#[test]
fn the_examples_of_rfc_5802_and_rfc_7677_are_answered_as_printed() {
    for vector in [RFC_5802, RFC_7677] {
        let (mut accounts, now) = (vector.accounts(), Instant::now());
        let [first, server_first, last, server_last] = vector.messages;
        let (step, answer) =
            accounts.begin_scram(now, &vector.exchange(), first.as_bytes(), vector.nonce).unwrap();
        assert_eq!(answer, server_first);
        let (account, answer) = accounts.finish_scram(now, &step, last.as_bytes()).unwrap();
        assert_eq!((account.id.as_str(), answer.as_str()), ("user", server_last));
    }
}

#[test]
fn a_proof_that_differs_in_anything_is_no_proof() {
    for vector in [RFC_5802, RFC_7677] {
        let mut accounts = vector.accounts();
        let now = Instant::now();
        let [first, _, last, _] = vector.messages;
        let (head, proof) = last.rsplit_once("p=").unwrap();
        let mut flipped = STANDARD.decode(proof).unwrap();
        flipped[3] ^= 1;
        let long = [STANDARD.decode(proof).unwrap(), vec![0]].concat();
        for bytes in [flipped, vec![], long] {
            let (step, _) =
                accounts.begin_scram(now, &vector.exchange(), first.as_bytes(), vector.nonce).unwrap();
            let message = format!("{head}p={}", STANDARD.encode(bytes));
            let refusal = accounts.finish_scram(now, &step, message.as_bytes()).unwrap_err();
            assert_eq!(refusal, Refusal::Denied(Denial::WrongPassword));
        }
        let (step, _) =
            accounts.begin_scram(now, &vector.exchange(), first.as_bytes(), "another nonce of ours").unwrap();
        assert!(matches!(accounts.finish_scram(now, &step, last.as_bytes()), Err(Refusal::Malformed(_))));
    }
}

#[test]
fn nobody_proves_anything_for_a_user_that_there_is_not_even_with_the_right_keys() {
    let mut accounts = RFC_5802.accounts();
    let now = Instant::now();
    let first = "n,,n=nobody,r=fyko+d2lbbFgONRv9qkxdawL";
    let (step, answer) =
        accounts.begin_scram(now, &RFC_5802.exchange(), first.as_bytes(), RFC_5802.nonce).unwrap();
    let [_, server_first, last, _] = RFC_5802.messages;
    assert_eq!(answer.len(), server_first.len(), "looks like any other: {answer}");
    let refusal = accounts.finish_scram(now, &step, last.as_bytes()).unwrap_err();
    assert_eq!(refusal, Refusal::Denied(Denial::UnknownUser));
}

#[test]
fn a_made_up_salt_is_the_same_each_time_and_unlike_that_of_another_name_or_server() {
    let now = Instant::now();
    let ask = |accounts: &mut Accounts, name: &str| {
        let first = format!("n,,n={name},r=abc");
        accounts.begin_scram(now, &RFC_5802.exchange(), first.as_bytes(), "def").unwrap().1
    };
    let mut accounts = RFC_5802.accounts();
    let nobody = ask(&mut accounts, "nobody");
    assert_eq!(ask(&mut accounts, "nobody"), nobody);
    assert_eq!(ask(&mut accounts, "Nobody@localhost"), nobody, "as names of accounts are compared");
    assert_ne!(ask(&mut accounts, "nobody2"), nobody);
    let user = (**accounts.find("user").unwrap()).clone();
    let mut restarted = Accounts::new([user.clone()], [8; 32]);
    assert_eq!(ask(&mut restarted, "nobody"), nobody, "or a restart would tell it from a real one");
    let password = hash(&Password::new("pencil"), b"another salt for it").unwrap();
    let mut elsewhere = Accounts::new([Account { password, ..user }], [7; 32]);
    assert_ne!(ask(&mut elsewhere, "nobody"), nobody);
}

#[test]
fn scram_is_offered_only_if_every_account_can_use_it() {
    let with = RFC_7677.accounts();
    let names = |accounts: &Accounts, bindings: &ChannelBindings| -> Vec<_> {
        accounts.mechanisms(bindings).into_iter().map(|mechanism| mechanism.name()).collect()
    };
    let unbound = ChannelBindings::default();
    let bound = ChannelBindings { tls_exporter: Some([1; 32]), ..ChannelBindings::default() };
    assert_eq!(names(&with, &unbound), ["SCRAM-SHA-256", "PLAIN"]);
    assert_eq!(names(&with, &bound), ["SCRAM-SHA-256-PLUS", "SCRAM-SHA-256", "PLAIN"]);
    let user = (**with.find("user").unwrap()).clone();
    let without = Account { id: "other".into(), login_name: "other".into(), scram: vec![], ..user.clone() };
    assert_eq!(names(&Accounts::new([user, without], [7; 32]), &bound), ["PLAIN"]);
    assert_eq!(names(&Accounts::new([], [7; 32]), &bound), ["PLAIN"]);
}

#[test]
fn what_is_no_verifier_is_named() {
    let good = "SCRAM-SHA-1$4096:QSXCR+Q6sek8bf92$6dlGYMOdZcOPutkcNY8U2g7vK9Y=:D+CSWLOshSulAsxiupA+qs2/fTE=";
    assert_eq!(Verifier::parse(good).unwrap().to_text(), good, "RFC 5803 with the numbers of RFC 5802");
    for (from, to, why) in [
        ("SHA-1", "SHA-256", BadVerifier::Form),
        ("SHA-1", "MD5", BadVerifier::Form),
        ("4096:", "", BadVerifier::Form),
        ("4096", "many", BadVerifier::Form),
        ("4096", "4095", BadVerifier::Iterations(4095)),
        ("4096", "1000001", BadVerifier::Iterations(1_000_001)),
        ("QSXCR+Q6sek8bf92", "QSXCRw==", BadVerifier::Salt(4)),
        ("$6dlG", "$*", BadVerifier::Form),
        (":D+CS", ":D+C", BadVerifier::Form),
        ("fTE=", "fTE=$", BadVerifier::Form),
    ] {
        let text = good.replacen(from, to, 1);
        assert_eq!(Verifier::parse(&text).unwrap_err(), why, "{text}");
    }
    let derive = |password: &str, salt: &[u8]| {
        Verifier::derive(Hash::Sha1, &Password::new(password), salt, limits::ITERATIONS_MIN).map(drop)
    };
    assert_eq!(derive("a\u{7}bell", &[1; 16]), Err(BadVerifier::Password));
    assert_eq!(derive("", &[1; 16]), Err(BadVerifier::Password));
    assert_eq!(derive(&"x".repeat(limits::PASSWORD_BYTES_MAX + 1), &[1; 16]), Err(BadVerifier::Password));
    assert_eq!(derive("right", &[1; 65]), Err(BadVerifier::Salt(65)));
}

#[test]
fn nothing_prints_a_key() {
    let verifier = Verifier::derive(Hash::Sha256, &Password::new("pencil"), &[1; 16], 4096).unwrap();
    let text = verifier.to_text();
    let keys = text.rsplit_once('$').unwrap().1;
    let printed = format!("{verifier:?}");
    assert!(keys.split(':').all(|key| !printed.contains(key)), "{printed}");
    assert!(!printed.contains("pencil"));
}

/// The examples of RFC 4013 §3: clients prepare passwords, so what is kept must be made of prepared ones.
#[test]
fn passwords_that_are_prepared_alike_have_the_same_verifier() {
    let text = |password: &str| {
        Verifier::derive(Hash::Sha256, &Password::new(password), &[1; 16], 4096).map(|it| it.to_text())
    };
    for written in ["I\u{ad}X", "\u{2168}"] {
        assert_eq!(text(written), text("IX"), "{written:?}");
    }
    assert_ne!(text("user"), text("USER"));
}

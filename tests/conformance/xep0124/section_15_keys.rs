//! Key sequences, for sessions without TLS.

use crate::case::{Case, Outcome, case, not_offered};
use crate::client::Bosh;
use crate::client::bosh::{FIRST_RID, assert_ends, body, end};
use crate::subject::Subject;
use sha1::{Digest, Sha1};

pub(crate) const CASES: &[Case] = &[
    case!(a_session_with_the_right_keys_is_served, "15.4", "`key` hashes to the key before it"),
    case!(a_wrong_key_ends_the_session, "15.4", "A wrong key: nothing is processed, item-not-found"),
    case!(a_missing_key_ends_the_session, "15.4", "A missing key: nothing is processed, item-not-found"),
    case!(a_new_sequence_begins_where_the_old_one_ends, "15.5", "`key` and `newkey` in one request switch"),
    case!(the_old_sequence_ends_with_the_switch, "15.5", "After a switch the old sequence is void"),
    case!(a_repeat_with_its_own_key_is_served, "15.4", "A repeat is an exact copy, its key too"),
];

/// K(1) … K(n) (§15.3).
fn keys(seed: &str, count: usize) -> Vec<String> {
    let hash = |text: &str| {
        let digest = Sha1::digest(text.as_bytes());
        digest.iter().map(|byte| format!("{byte:02x}")).collect::<String>()
    };
    std::iter::successors(Some(hash(seed)), |key| Some(hash(key))).take(count).collect()
}

/// A stanza that is answered before sign-in.
const STANZA: &str = "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='NONE-SUCH'/>";

/// A session with keys, and the keys that are left.
fn keyed(subject: &Subject) -> (Bosh<'_>, Vec<String>) {
    let mut keys = keys("a seed that nobody knows", 10);
    let first = keys.pop().unwrap();
    (Bosh::create_at(subject, FIRST_RID, &[("newkey", &first)]), keys)
}

/// Keys may be ignored; whether they are shows with a wrong one.
fn are_ignored(subject: &Subject) -> bool {
    let (mut session, _) = keyed(subject);
    end(&session.ask("key='0123456789012345678901234567890123456789'", STANZA)).is_none()
}

fn a_session_with_the_right_keys_is_served(subject: &Subject) -> Outcome {
    let (mut session, mut keys) = keyed(subject);
    for _ in 0..3 {
        let answer = body(&session.ask(&format!("key='{}'", keys.pop().unwrap()), STANZA));
        assert_eq!(answer.attr("type"), None, "{answer}");
    }
    Ok(())
}

fn a_wrong_key_ends_the_session(subject: &Subject) -> Outcome {
    if are_ignored(subject) {
        return not_offered("keys are ignored");
    }
    let (mut session, mut keys) = keyed(subject);
    let right = keys.pop().unwrap();
    assert_ends(session.next("key='0123456789012345678901234567890123456789'", STANZA), "item-not-found");
    let after = session.ask(&format!("key='{right}'"), STANZA);
    assert!(end(&after).is_some(), "{}", after.text());
    Ok(())
}

fn a_missing_key_ends_the_session(subject: &Subject) -> Outcome {
    if are_ignored(subject) {
        return not_offered("keys are ignored");
    }
    let (mut session, _) = keyed(subject);
    assert_ends(session.next("", STANZA), "item-not-found");
    Ok(())
}

fn a_new_sequence_begins_where_the_old_one_ends(subject: &Subject) -> Outcome {
    let (mut session, mut old) = keyed(subject);
    let mut new = keys("another seed", 5);
    let switch = format!("key='{}' newkey='{}'", old.pop().unwrap(), new.pop().unwrap());
    let answer = body(&session.ask(&switch, STANZA));
    assert_eq!(answer.attr("type"), None, "{answer}");
    for _ in 0..2 {
        let answer = body(&session.ask(&format!("key='{}'", new.pop().unwrap()), STANZA));
        assert_eq!(answer.attr("type"), None, "{answer}");
    }
    Ok(())
}

fn the_old_sequence_ends_with_the_switch(subject: &Subject) -> Outcome {
    if are_ignored(subject) {
        return not_offered("keys are ignored");
    }
    let (mut session, mut old) = keyed(subject);
    let mut new = keys("another seed", 5);
    session.ask(&format!("key='{}' newkey='{}'", old.pop().unwrap(), new.pop().unwrap()), STANZA);
    assert_ends(session.next(&format!("key='{}'", old.pop().unwrap()), STANZA), "item-not-found");
    Ok(())
}

fn a_repeat_with_its_own_key_is_served(subject: &Subject) -> Outcome {
    let (mut session, mut keys) = keyed(subject);
    let key = format!("key='{}'", keys.pop().unwrap());
    let original = session.ask(&key, STANZA);
    let again = session.at(session.rid - 1, &key, STANZA).answer();
    assert_eq!(again.text(), original.text());
    let next = body(&session.ask(&format!("key='{}'", keys.pop().unwrap()), STANZA));
    assert_eq!(next.attr("type"), None, "{next}");
    Ok(())
}

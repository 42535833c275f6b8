//! The best plain answer: which disconnection was meant, and what is known of it.

use super::Question;
use super::history::{History, Life};
use crate::journal::What;
use jiff::{SignedDuration, Timestamp};

/// People say a round time when they are asked when it was.
const ABOUT: SignedDuration = SignedDuration::from_mins(10);

/// Others who are disconnected within this time share a cause.
const TOGETHER: SignedDuration = SignedDuration::from_secs(30);

/// What the question comes to.
#[derive(Debug)]
pub(super) enum Answer<'a> {
    Disconnected(Disconnection<'a>),
    /// There was a session, and none had ended at about that time.
    Connected(&'a Life),
    /// The first session is later, or there is none.
    NoSession(Option<&'a Life>),
}

/// One end of a session, and what surrounds it.
#[derive(Debug)]
pub(super) struct Disconnection<'a> {
    pub(super) life: &'a Life,
    pub(super) at: Timestamp,
    /// The agent's next session.
    pub(super) back: Option<&'a Life>,
    /// Another session of the agent was open all the while.
    pub(super) beside: Option<&'a Life>,
    pub(super) forced_logout: Option<Timestamp>,
    /// Other users whose sessions ended, not by their own wish, within half a minute.
    pub(super) others: usize,
    /// The CTI link was lost within half a minute.
    pub(super) cti_down: Option<Timestamp>,
}

/// The disconnection that was most likely meant.
pub(super) fn answer<'a>(history: &'a History, question: &Question) -> Answer<'a> {
    let lives = || history.lives.iter();
    let Some(at) = question.at else {
        let ended = || lives().filter(|life| life.ended().is_some_and(|ended| ended >= question.since));
        let unwanted = ended().filter(|life| is_unwanted(life)).max_by_key(|life| life.ended());
        return match unwanted.or_else(|| ended().max_by_key(|life| life.ended())) {
            Some(life) => disconnected(history, life),
            None => match lives().rfind(|life| life.ended().is_none()) {
                Some(life) => Answer::Connected(life),
                None => Answer::NoSession(history.lives.first()),
            },
        };
    };
    let distance = |life: &&Life| life.ended().map(|ended| ended.duration_since(at).abs());
    let near = || lives().filter(|life| distance(life).is_some_and(|distance| distance <= ABOUT));
    if let Some(life) = near().filter(|life| is_unwanted(life)).min_by_key(distance) {
        return disconnected(history, life);
    }
    if let Some(life) = lives().find(|life| life.is_open_at(at)) {
        return Answer::Connected(life);
    }
    // the end that began the time without a session
    let before = lives().filter(|life| life.ended().is_some_and(|ended| ended <= at));
    match before.max_by_key(|life| life.ended()) {
        Some(life) => disconnected(history, life),
        None => Answer::NoSession(lives().find(|life| life.opened > at)),
    }
}

fn is_unwanted(life: &Life) -> bool {
    life.reason().is_some_and(|reason| reason != "client-terminate")
}

fn disconnected<'a>(history: &'a History, life: &'a Life) -> Answer<'a> {
    let at = life.ended().unwrap_or(life.opened);
    let is_other = |other: &&Life| other.session.session != life.session.session;
    let back = history.lives.iter().filter(is_other).find(|other| other.opened >= at);
    let beside =
        history.lives.iter().filter(is_other).find(|other| other.opened < at && other.is_open_at(at));
    let until = back.map(|back| back.opened);
    let in_absence = |when: Timestamp| when >= at && until.is_none_or(|until| when <= until);
    let mut events = history.events.iter();
    let forced = events.find(|event| matches!(event.what, What::ForcedLogout { .. }) && in_absence(event.at));
    let is_together = |when: Timestamp| when.duration_since(at).abs() <= TOGETHER;
    let mut together: Vec<&str> =
        history.others.iter().filter(|(when, _)| is_together(*when)).map(|(_, user)| user.as_str()).collect();
    together.sort_unstable();
    together.dedup();
    let mut events = history.events.iter();
    let down = events.find(|event| matches!(event.what, What::CtiDown { .. }) && is_together(event.at));
    Answer::Disconnected(Disconnection {
        life,
        at,
        back,
        beside,
        forced_logout: forced.map(|event| event.at),
        others: together.len(),
        cti_down: down.map(|event| event.at),
    })
}

/// An address without its port.
pub(super) fn host(address: &str) -> &str {
    address.rsplit_once(':').map_or(address, |(host, _)| host.trim_matches(['[', ']']))
}

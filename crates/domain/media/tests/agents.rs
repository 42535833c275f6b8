//! Agents in media routing domains: signing in, states, interruptions, presence.
#![allow(clippy::unwrap_used, reason = "a test may fail here")]

mod office;

use aplomb_media::*;
use office::*;
use std::time::Duration;

#[test]
fn who_signs_in_is_not_ready_and_routable_and_is_told() {
    let mut office = Office::open();
    assert_eq!(office.state(1, CHAT), MediaState::Logout);
    assert_eq!(office.seat(1, CHAT).changed_at, None, "never there");
    office.ask(1, CHAT, Wish::SignIn(terms(5)));
    let seat = office.seat(1, CHAT);
    assert_eq!((seat.state, seat.routable, seat.terms.dialogs_max), (MediaState::NotReady, true, 5));
    assert_eq!(seat.changed_at, Some(office.now().wall));
    assert_eq!(office.told(), ["1 NOT_READY"]);
    assert_eq!(office.state(1, MAIL), MediaState::Logout, "each domain by itself");
}

#[test]
fn a_second_sign_in_fails_and_changes_the_terms_only() {
    let mut office = Office::open();
    office.ready(1, CHAT, terms(2));
    office.told();
    office.ask(1, CHAT, Wish::SignIn(terms(9)));
    assert_eq!(office.told(), ["1 AlreadySignedIn", "1 READY"]);
    assert_eq!((office.state(1, CHAT), office.seat(1, CHAT).terms.dialogs_max), (MediaState::Ready, 9));
    office.ask(1, CHAT, Wish::SignIn(terms(9)));
    assert_eq!(office.told(), ["1 AlreadySignedIn"], "the terms are as they were");
}

#[test]
fn who_is_not_signed_in_can_only_sign_in() {
    let mut office = Office::open();
    for wish in [Wish::Ready, Wish::NotReady(None), Wish::SignOut(None), Wish::Routable(true)] {
        office.ask(1, CHAT, wish);
        assert_eq!(office.told(), ["1 NotSignedIn"]);
    }
}

#[test]
fn a_failure_repeats_the_request_id() {
    let mut office = Office::open();
    office.ask(1, CHAT, Wish::Ready);
    let Change::MediaFailed { request_id, domain, .. } = &office.changes[0] else {
        panic!("{:?}", office.changes)
    };
    assert_eq!((request_id.as_deref(), *domain), (Some("asked"), CHAT));
}

#[test]
fn ready_after_ready_is_not_told() {
    let mut office = Office::open();
    office.ready(1, CHAT, terms(1));
    office.told();
    office.ask(1, CHAT, Wish::Ready);
    assert!(office.told().is_empty());
}

#[test]
fn a_domain_that_is_not_there_or_of_another_team_is_refused() {
    let mut office = Office::open();
    let mut ask = |domain| {
        let wish = Wish::SignIn(terms(1));
        let request = MediaRequest { agent: id(1), team: TEAM, domain, wish, request_id: None };
        office.media.request(office.now(), request)
    };
    assert_eq!(ask(DomainId(9)), Err(Refusal::UnknownDomain(DomainId(9))));
    assert_eq!(ask(CLAIM), Err(Refusal::NotInDomain(CLAIM)));
    assert_eq!(office.media.media(&id(1), TEAM, CLAIM).unwrap().seat, None);
    assert_eq!(office.media.media(&id(1), TEAM, DomainId(9)), None);
}

#[test]
fn the_state_is_the_first_that_holds_of_several_tasks() {
    use TaskAction::{Accept, Close, Pause, Resume, Start, WrapUp};
    let mut office = Office::open();
    office.ready(1, CHAT, terms(3));
    let [a, b, c] = [(); 3].map(|()| office.bring(CHAT));
    assert_eq!(office.state(1, CHAT), MediaState::Reserved);
    let mut then = |task, action, state| {
        office.act(1, task, action);
        assert_eq!(office.state(1, CHAT), state, "after {action:?}");
    };
    then(a, Accept, MediaState::Active);
    then(a, Start, MediaState::Active);
    then(a, Pause, MediaState::Paused);
    then(b, Accept, MediaState::Active);
    then(b, Start, MediaState::Active);
    then(b, WrapUp, MediaState::WorkReady);
    then(c, Accept, MediaState::Active);
    then(c, Close, MediaState::WorkReady);
    then(b, Close, MediaState::Paused);
    then(a, Resume, MediaState::Active);
    then(a, Close, MediaState::Ready);
}

#[test]
fn a_call_interrupts_work_that_yields_and_only_the_state_is_told() {
    let mut office = Office::open();
    office.ready(1, MAIL, terms(1));
    let task = office.bring(MAIL);
    office.act(1, task, TaskAction::Accept);
    office.act(1, task, TaskAction::Start);
    office.told();
    office.call(1, true);
    assert_eq!(office.told(), ["1 INTERRUPTED"]);
    let seen = office.media.task(task).unwrap();
    assert_eq!((seen.state, seen.actions), (TaskState::Interrupted, &[][..]));
    office.act(1, task, TaskAction::Pause);
    assert_eq!(office.told(), ["1 Interrupted"], "no action, and the reason");
    office.call(1, false);
    assert_eq!(office.told(), ["1 ACTIVE"]);
    assert_eq!(office.task_state(task), Some(TaskState::Active));
}

#[test]
fn work_goes_on_during_a_call_for_who_ignores_it_and_where_nothing_interrupts() {
    let ignores = Terms { interrupt: InterruptAction::Ignore, ..terms(2) };
    for (domain, terms) in [(MAIL, ignores), (CHAT, terms(2))] {
        let mut office = Office::open();
        office.ready(1, domain, terms);
        let task = office.bring(domain);
        office.act(1, task, TaskAction::Accept);
        office.told();
        office.call(1, true);
        assert!(office.told().is_empty());
        office.act(1, task, TaskAction::Start);
        assert_eq!(office.state(1, domain), MediaState::Active);
    }
}

#[test]
fn a_chat_interrupts_mails_and_its_end_lets_them_go_on() {
    let mut office = Office::open();
    office.ready(1, MAIL, terms(1));
    office.ready(1, CHAT, terms(1));
    let mail = office.bring(MAIL);
    office.act(1, mail, TaskAction::Accept);
    let chat = office.bring(CHAT);
    assert_eq!(office.task_state(chat), Some(TaskState::Offered));
    assert_eq!(office.state(1, MAIL), MediaState::Interrupted);
    office.act(1, chat, TaskAction::Accept);
    office.act(1, chat, TaskAction::Close);
    assert_eq!(office.state(1, MAIL), MediaState::Active);
}

#[test]
fn who_is_on_a_call_gets_no_tasks_until_it_ends() {
    let mut office = Office::open();
    office.call(1, true);
    for domain in [MAIL, CHAT] {
        office.ready(1, domain, terms(1));
        office.bring(domain);
    }
    assert!(office.tasks(1).is_empty());
    assert_eq!((office.media.waiting(MAIL), office.media.waiting(CHAT)), (1, 1));
    office.call(1, false);
    assert_eq!(office.tasks(1).len(), 1, "the chat interrupts mails, so they wait");
    assert_eq!(office.media.waiting(MAIL), 1);
}

#[test]
fn not_ready_is_refused_while_a_task_is_offered_and_possible_at_work() {
    let mut office = Office::open();
    office.ready(1, CHAT, terms(2));
    let task = office.bring(CHAT);
    office.told();
    office.ask(1, CHAT, Wish::NotReady(None));
    assert_eq!(office.told(), ["1 TaskOffered"]);
    office.act(1, task, TaskAction::Accept);
    office.ask(1, CHAT, Wish::NotReady(None));
    assert_eq!(office.state(1, CHAT), MediaState::NotReady);
    office.bring(CHAT);
    assert_eq!(office.tasks(1), [task], "no more of them");
    office.ask(1, CHAT, Wish::Ready);
    assert_eq!(office.tasks(1).len(), 2);
}

#[test]
fn not_routable_waits_until_every_task_is_started() {
    let mut office = Office::open();
    office.ready(1, CHAT, terms(3));
    let task = office.bring(CHAT);
    office.ask(1, CHAT, Wish::Routable(false));
    assert!(office.seat(1, CHAT).routable);
    office.bring(CHAT);
    assert_eq!(office.tasks(1), [task], "but nothing more is offered");
    office.act(1, task, TaskAction::Accept);
    assert!(office.seat(1, CHAT).routable);
    office.act(1, task, TaskAction::Start);
    assert!(!office.seat(1, CHAT).routable);
    assert_eq!(office.state(1, CHAT), MediaState::Active, "the state is left as it is");
    office.ask(1, CHAT, Wish::Routable(true));
    assert_eq!(office.tasks(1).len(), 2);
}

#[test]
fn signing_out_closes_tasks_or_gives_them_away_as_agreed() {
    for (on_logout, event, waiting) in [
        (LogoutAction::Close, "1 Removed CLOSED CD_AGENT_LOGGED_OUT_DURING_DIALOG", 0),
        (LogoutAction::Transfer, "1 Removed CLOSED CD_TASK_TRANSFERRED_ON_AGENT_LOGOUT", 1),
    ] {
        let mut office = Office::open();
        office.ready(1, CHAT, Terms { on_logout, ..terms(1) });
        let task = office.bring(CHAT);
        office.act(1, task, TaskAction::Accept);
        office.told();
        office.ask(1, CHAT, Wish::SignOut(None));
        assert_eq!(office.told(), [event, "1 LOGOUT"]);
        assert_eq!((office.state(1, CHAT), office.media.waiting(CHAT)), (MediaState::Logout, waiting));
    }
}

#[test]
fn an_offered_task_goes_to_somebody_else_when_the_agent_signs_out() {
    let mut office = Office::open();
    office.ready(1, CHAT, terms(1));
    let task = office.bring(CHAT);
    office.ready(2, CHAT, terms(1));
    office.ask(1, CHAT, Wish::SignOut(None));
    let next = office.media.tasks_of(&id(2), Some(CHAT)).pop().unwrap();
    assert_eq!((next.associated, next.id.attempt, next.state), (Some(task), 2, TaskState::Offered));
}

#[test]
fn a_sign_out_of_the_desktop_is_one_of_all_domains() {
    let mut office = Office::open();
    office.ready(1, CHAT, terms(1));
    office.ready(1, MAIL, terms(1));
    office.media.sign_out_everywhere(office.now(), &id(1));
    office.drain();
    assert_eq!([CHAT, MAIL].map(|domain| office.state(1, domain)), [MediaState::Logout; 2]);
}

#[test]
fn who_stays_away_is_signed_out_and_who_returns_in_time_is_not() {
    let mut office = Office::open();
    office.ready(1, CHAT, terms(1));
    office.presence(1, false);
    office.sleep(GRACE - Duration::from_secs(1));
    office.presence(1, true);
    office.sleep(GRACE);
    assert_eq!(office.state(1, CHAT), MediaState::Ready, "a timer from before the return does nothing");
    office.presence(1, false);
    office.presence(1, false);
    office.sleep(GRACE);
    assert_eq!(office.state(1, CHAT), MediaState::Logout);
    assert!(office.notes.contains(&Note::ForcedLogout { agent: id(1) }));
    assert_eq!(office.media.poll_timeout(), None);
}

#[test]
fn who_is_nowhere_signed_in_is_not_watched() {
    let mut office = Office::open();
    office.presence(1, false);
    office.ready(1, CHAT, terms(1));
    office.ask(1, CHAT, Wish::SignOut(None));
    office.presence(1, false);
    assert_eq!(office.media.poll_timeout(), None);
}

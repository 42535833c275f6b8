//! Restarts: who was signed in still is, what was begun is where it was, and what waited waits.
#![allow(clippy::unwrap_used, reason = "a test may fail here")]

mod office;

use aplomb_media::*;
use floor::{ReasonCategory, ReasonCode, ReasonCodeId};
use office::*;
use std::sync::Arc;
use std::time::Duration;

const SOON: Duration = Duration::from_secs(5);

fn nothing(office: &Office) -> bool {
    office.media.poll_timeout().is_none() && office.disk.is_empty()
}

#[test]
fn tasks_that_waited_wait_in_the_same_order_under_the_same_ids() {
    let mut office = Office::open();
    let [a, b, c] = [(); 3].map(|()| office.bring(CHAT));
    let mail = office.bring(MAIL);
    office.restart(SOON, domains());
    assert_eq!((office.media.waiting(CHAT), office.media.waiting(MAIL)), (3, 1));
    office.ready(1, CHAT, terms(3));
    assert_eq!(office.tasks(1), [a, b, c]);
    office.media.withdraw(office.now(), mail).unwrap();
    assert_eq!(office.media.waiting(MAIL), 0);
}

#[test]
fn a_task_shows_what_its_application_attached() {
    let mut office = Office::open();
    let variables = vec![Variable { name: "user.order".into(), value: "Größe <4>".into() }];
    let new = NewTask { domain: CHAT, variables: variables.clone() };
    let id = office.media.submit(office.now(), new).unwrap();
    office.drain();
    office.restart(SOON, domains());
    office.ready(1, CHAT, terms(1));
    assert_eq!(office.media.task(id).unwrap().variables[..], variables);
}

#[test]
fn what_was_begun_stays_as_it_was_and_is_told_to_nobody() {
    use TaskAction::{Accept, Pause, Start, WrapUp};
    let mut office = Office::open();
    office.ready(1, CHAT, terms(4));
    let [a, b, c, d] = [(); 4].map(|()| office.bring(CHAT));
    office.sleep(Duration::from_secs(3));
    for (task, actions) in [
        (a, &[Accept][..]),
        (b, &[Accept, Start]),
        (c, &[Accept, Start, Pause]),
        (d, &[Accept, Start, WrapUp]),
    ] {
        actions.iter().for_each(|action| office.act(1, task, *action));
    }
    let (seat, before) = (office.seat(1, CHAT), office.media.tasks_of(&id(1), None));
    office.told();
    office.restart(SOON, domains());
    assert!(office.told().is_empty());
    assert_eq!(office.seat(1, CHAT), seat);
    assert_eq!(office.media.tasks_of(&id(1), None), before);
    [a, b, c, d].into_iter().for_each(|task| office.act(1, task, TaskAction::Close));
    assert_eq!(office.state(1, CHAT), MediaState::Ready);
}

#[test]
fn a_task_that_was_only_offered_waits_before_all_others_under_its_next_id() {
    let mut office = Office::open();
    office.presence(1, true);
    office.ready(1, CHAT, terms(1));
    office.ready(2, CHAT, terms(1));
    let [to_1, to_2, waits] = [(); 3].map(|()| office.bring(CHAT));
    office.act(2, to_2, TaskAction::Accept);
    office.told();
    office.restart(SOON, domains());
    assert_eq!(office.told(), ["1 READY"]);
    assert_eq!(office.media.waiting(CHAT), 2);
    office.presence(1, true);
    let next = TaskId { attempt: 2, ..to_1 };
    assert_eq!(office.tasks(1), [next]);
    assert_eq!(office.media.task(next).unwrap().associated, Some(to_1));
    // the application knows it by its first id
    office.media.withdraw(office.now(), to_1).unwrap();
    office.drain();
    assert_eq!(office.tasks(1), [waits]);
}

#[test]
fn who_was_connected_is_offered_nothing_before_it_returns() {
    let mut office = Office::open();
    office.presence(1, true);
    office.ready(1, CHAT, terms(1));
    office.restart(SOON, domains());
    let task = office.bring(CHAT);
    office.sleep(START * 2);
    assert_eq!((office.tasks(1), office.media.waiting(CHAT)), (vec![], 1));
    office.presence(1, true);
    assert_eq!(office.tasks(1), [task]);
    office.act(1, task, TaskAction::Accept);
    office.sleep(GRACE);
    assert_eq!(office.state(1, CHAT), MediaState::Active, "the watch ended with the return");
}

#[test]
fn who_does_not_return_is_signed_out_and_its_tasks_go_as_it_agreed_to() {
    let mut office = Office::open();
    office.presence(1, true);
    office.ready(1, CHAT, Terms { on_logout: LogoutAction::Transfer, ..terms(1) });
    let task = office.bring(CHAT);
    office.act(1, task, TaskAction::Accept);
    office.restart(SOON, domains());
    office.sleep(GRACE - Duration::from_secs(1));
    assert_eq!(office.state(1, CHAT), MediaState::Active);
    office.sleep(Duration::from_secs(1));
    assert_eq!((office.state(1, CHAT), office.media.waiting(CHAT)), (MediaState::Logout, 1));
    assert!(office.disk.seats().is_empty());
}

#[test]
fn who_went_away_before_the_restart_has_its_grace_again() {
    let mut office = Office::open();
    office.presence(1, true);
    office.ready(1, CHAT, terms(1));
    office.presence(1, false);
    office.sleep(GRACE / 2);
    office.restart(SOON, domains());
    office.sleep(GRACE - Duration::from_secs(1));
    assert_eq!(office.state(1, CHAT), MediaState::Ready);
    office.sleep(Duration::from_secs(1));
    assert_eq!(office.state(1, CHAT), MediaState::Logout);
    assert!(nothing(&office));
}

#[test]
fn a_client_that_speaks_rest_only_goes_on() {
    let mut office = Office::open();
    office.ready(1, CHAT, terms(1));
    office.restart(SOON, domains());
    let task = office.bring(CHAT);
    assert_eq!(office.tasks(1), [task]);
    office.act(1, task, TaskAction::Accept);
    office.sleep(GRACE * 2);
    assert_eq!(office.state(1, CHAT), MediaState::Active);
}

#[test]
fn who_is_not_ready_or_not_routable_is_so_for_the_same_reason() {
    let mut office = Office::open();
    let lunch = ReasonCode {
        id: ReasonCodeId(4),
        category: ReasonCategory::NotReady,
        code: 12,
        label: "Lunch".into(),
        for_all: false,
        teams: Vec::new(),
        system_code: false,
    };
    office.ask(1, CHAT, Wish::SignIn(terms(2)));
    office.ask(1, CHAT, Wish::NotReady(Some(Arc::new(lunch))));
    office.ready(1, MAIL, terms(2));
    office.ask(1, MAIL, Wish::Routable(false));
    let before = (office.seat(1, CHAT), office.seat(1, MAIL));
    office.restart(SOON, domains());
    assert_eq!((office.seat(1, CHAT), office.seat(1, MAIL)), before);
    office.bring(MAIL);
    assert!(office.tasks(1).is_empty());
}

#[test]
fn a_task_has_the_life_that_it_had() {
    let mut office = Office::open();
    office.ready(1, CHAT, terms(1));
    let task = office.bring(CHAT);
    office.act(1, task, TaskAction::Accept);
    office.sleep(LIFE - SOON - Duration::from_secs(1));
    office.restart(SOON, domains());
    assert_eq!(office.tasks(1), [task]);
    office.sleep(Duration::from_secs(1));
    assert!(office.tasks(1).is_empty());
    // and one whose life ended meanwhile ends at once
    let task = office.bring(CHAT);
    office.act(1, task, TaskAction::Accept);
    office.restart(LIFE * 2, domains());
    office.sleep(Duration::ZERO);
    assert!(office.tasks(1).is_empty());
    assert_eq!(office.state(1, CHAT), MediaState::Ready);
}

#[test]
fn whoever_has_waited_longest_is_still_the_next() {
    let mut office = Office::open();
    for agent in [1, 2, 3] {
        office.ready(agent, CHAT, terms(1));
    }
    let [a, b] = [(); 2].map(|()| office.bring(CHAT));
    for (agent, task) in [(1, a), (2, b)] {
        office.act(agent, task, TaskAction::Accept);
        office.act(agent, task, TaskAction::Close);
    }
    office.restart(SOON, domains());
    let c = office.bring(CHAT);
    assert_eq!(office.tasks(3), [c]);
    office.bring(CHAT);
    assert_eq!((office.tasks(1).len(), office.tasks(2).len()), (1, 0));
}

#[test]
fn who_gave_a_task_away_does_not_get_it_back() {
    let mut office = Office::open();
    office.ready(1, CHAT, terms(1));
    let task = office.bring(CHAT);
    office.act(1, task, TaskAction::Accept);
    office.act_on(1, task, TaskAction::Transfer, Some("to_chat")).unwrap();
    office.restart(SOON, domains());
    assert_eq!((office.tasks(1).len(), office.media.waiting(CHAT)), (0, 1));
    office.ready(2, CHAT, terms(1));
    assert_eq!(office.tasks(2), [TaskId { attempt: 2, ..task }]);
}

#[test]
fn ids_of_two_runs_are_never_the_same() {
    let mut office = Office::open();
    let before = office.bring(CHAT);
    office.restart(Duration::ZERO, domains());
    let after = office.bring(CHAT);
    assert_ne!((before.run, before.number), (after.run, after.number));
}

#[test]
fn a_domain_that_is_taken_away_is_as_it_was_when_it_comes_back() {
    let mut office = Office::open();
    office.ready(1, CHAT, terms(1));
    let [held, waits] = [(); 2].map(|()| office.bring(CHAT));
    office.act(1, held, TaskAction::Accept);
    let mut others = domains();
    others.retain(|domain| domain.id != CHAT);
    office.notes.clear();
    office.restart(SOON, others);
    let left_out = |note: &Note| matches!(note, Note::Restored { left_out: 3, .. });
    assert!(office.notes.iter().any(left_out), "{:?}", office.notes);
    assert_eq!(office.media.withdraw(office.now(), waits), Err(Refusal::UnknownTask(waits)));
    office.restart(SOON, domains());
    assert_eq!((office.tasks(1), office.media.waiting(CHAT)), (vec![held], 1));
}

#[test]
fn a_task_whose_agent_is_signed_in_no_more_waits_again() {
    let mut office = Office::open();
    office.ready(1, CHAT, terms(1));
    let task = office.bring(CHAT);
    office.act(1, task, TaskAction::Accept);
    let tasks = office.disk.tasks();
    let mut media = TaskRouting::new(domains(), Policy { presence_grace: GRACE }, 8);
    media.restore(office.now(), Vec::new(), tasks);
    assert_eq!((media.waiting(CHAT), media.task(task)), (1, None));
}

#[test]
fn nothing_is_left_when_everything_is_over() {
    let mut office = Office::open();
    office.ready(1, CHAT, terms(1));
    let task = office.bring(CHAT);
    office.restart(SOON, domains());
    let next = office.tasks(1)[0];
    assert_eq!(next, TaskId { attempt: 2, ..task });
    office.act(1, next, TaskAction::Accept);
    office.act(1, next, TaskAction::Close);
    office.ask(1, CHAT, Wish::SignOut(None));
    assert!(nothing(&office));
}

//! Tasks: who gets them, what becomes of them, and how many there may be.
#![allow(clippy::unwrap_used, reason = "a test may fail here")]

mod office;

use aplomb_media::limits::{QUEUE_MAX, VARIABLES_MAX};
use aplomb_media::*;
use office::*;
use std::time::Duration;

#[test]
fn a_task_goes_from_its_offer_to_its_end() {
    use TaskAction::{Accept, Close, Pause, Resume, Start, WrapUp};
    let mut office = Office::open();
    office.ready(1, CHAT, terms(1));
    office.told();
    let task = office.bring(CHAT);
    assert_eq!(office.told(), ["1 Added OFFERED", "1 RESERVED"]);
    office.act(1, task, Accept);
    assert_eq!(office.told(), ["1 Changed ACCEPTED", "1 ACTIVE"]);
    assert_eq!(office.media.task(task).unwrap().started_at, Some(office.now().wall));
    for (action, told) in [
        (Start, &["1 Changed ACTIVE"][..]),
        (Pause, &["1 Changed PAUSED", "1 PAUSED"]),
        (Resume, &["1 Changed ACTIVE", "1 ACTIVE"]),
        (WrapUp, &["1 Changed WRAPPING_UP", "1 WORK_READY"]),
        (Close, &["1 Removed CLOSED CD_NORMAL_END_TASK", "1 READY"]),
    ] {
        office.act(1, task, action);
        assert_eq!(office.told(), told, "{action:?}");
    }
    assert_eq!(office.media.task(task), None);
}

#[test]
fn an_action_that_is_not_of_the_state_fails_and_changes_nothing() {
    let mut office = Office::open();
    office.ready(1, CHAT, terms(1));
    let task = office.bring(CHAT);
    office.told();
    for action in
        [TaskAction::Start, TaskAction::Pause, TaskAction::Resume, TaskAction::WrapUp, TaskAction::Close]
    {
        office.act(1, task, action);
        assert_eq!(office.told(), ["1 OutOfSequence"], "{action:?}");
        assert_eq!(office.task_state(task), Some(TaskState::Offered));
    }
}

#[test]
fn who_has_waited_longest_gets_the_next_task() {
    let mut office = Office::open();
    for agent in [1, 2, 3] {
        office.ready(agent, CHAT, terms(2));
    }
    for _ in 0..6 {
        office.bring(CHAT);
    }
    assert_eq!([1, 2, 3].map(|agent| office.tasks(agent).len()), [2; 3], "spread evenly");
    office.bring(CHAT);
    assert_eq!(office.media.waiting(CHAT), 1, "everybody has as many as agreed");
}

#[test]
fn tasks_that_wait_are_offered_in_their_order() {
    let mut office = Office::open();
    let [first, second] = [(); 2].map(|()| office.bring(CHAT));
    office.ready(1, CHAT, terms(1));
    assert_eq!(office.tasks(1), [first]);
    office.act(1, first, TaskAction::Accept);
    office.act(1, first, TaskAction::Close);
    assert_eq!(office.tasks(1), [second]);
}

#[test]
fn a_task_that_is_not_accepted_goes_to_somebody_else_and_the_agent_is_not_routable() {
    let mut office = Office::open();
    office.ready(1, CHAT, terms(1));
    let task = office.bring(CHAT);
    office.told();
    office.sleep(START - Duration::from_millis(1));
    assert!(office.told().is_empty());
    office.sleep(Duration::from_millis(1));
    assert_eq!(office.told(), ["1 Removed CLOSED CD_RING_NO_ANSWER", "1 READY"]);
    assert!(!office.seat(1, CHAT).routable);
    assert_eq!(office.media.waiting(CHAT), 1, "nobody else is there yet");
    office.ready(2, CHAT, terms(1));
    let next = office.media.tasks_of(&id(2), None).pop().unwrap();
    assert_eq!((next.associated, next.id), (Some(task), TaskId { attempt: 2, ..task }));
    office.ask(1, CHAT, Wish::NotReady(None));
    office.ask(1, CHAT, Wish::Ready);
    assert!(office.seat(1, CHAT).routable, "who says ready again is asked again");
}

#[test]
fn a_transfer_goes_where_the_selector_leads_and_never_back_at_once() {
    let mut office = Office::open();
    office.ready(1, CHAT, terms(1));
    office.ready(2, MAIL, terms(1));
    let task = office.bring(CHAT);
    office.act(1, task, TaskAction::Accept);
    office.told();
    let refused = office.act_on(1, task, TaskAction::Transfer, Some("nowhere"));
    assert_eq!(refused, Err(Refusal::UnknownSelector("nowhere".into())));
    office.act_on(1, task, TaskAction::Transfer, Some("to_mail")).unwrap();
    assert_eq!(office.told()[0], "1 Removed CLOSED CD_TASK_TRANSFER");
    let mail = office.media.tasks_of(&id(2), Some(MAIL)).pop().unwrap();
    assert_eq!((mail.associated, mail.domain.id), (Some(task), MAIL));

    let chat = office.bring(CHAT);
    office.act(1, chat, TaskAction::Accept);
    office.act_on(1, chat, TaskAction::Transfer, Some("to_chat")).unwrap();
    assert!(office.tasks(1).is_empty(), "who gave it away does not get it back");
    office.ready(3, CHAT, terms(1));
    assert_eq!(office.media.tasks_of(&id(3), None)[0].associated, Some(chat));
}

#[test]
fn a_task_that_takes_too_long_is_closed() {
    let mut office = Office::open();
    office.ready(1, CHAT, terms(1));
    let task = office.bring(CHAT);
    office.act(1, task, TaskAction::Accept);
    office.told();
    office.sleep(LIFE);
    assert_eq!(office.told(), ["1 Removed CLOSED CD_MAX_DIALOG_LIFETIME_EXCEEDED", "1 READY"]);
    assert_eq!(office.media.poll_timeout(), None);
}

#[test]
fn a_customer_may_give_up_until_the_agent_begins() {
    let mut office = Office::open();
    let waiting = office.bring(CHAT);
    office.media.withdraw(office.now(), waiting).unwrap();
    assert_eq!(office.media.waiting(CHAT), 0);
    assert_eq!(office.media.withdraw(office.now(), waiting), Err(Refusal::UnknownTask(waiting)));

    office.ready(1, CHAT, terms(1));
    let offered = office.bring(CHAT);
    office.told();
    office.media.withdraw(office.now(), offered).unwrap();
    office.drain();
    assert_eq!(office.told(), ["1 Removed CLOSED CD_TASK_ABANDONED_WHILE_OFFERED", "1 READY"]);

    let begun = office.bring(CHAT);
    office.act(1, begun, TaskAction::Accept);
    office.act(1, begun, TaskAction::Start);
    assert_eq!(office.media.withdraw(office.now(), begun), Err(Refusal::AtWork(begun)));
}

#[test]
fn the_application_takes_a_task_back_by_its_first_id_after_it_was_routed_anew() {
    let mut office = Office::open();
    office.ready(1, CHAT, terms(1));
    let task = office.bring(CHAT);
    office.sleep(START);
    assert_eq!(office.media.waiting(CHAT), 1);
    office.media.withdraw(office.now(), task).unwrap();
    assert_eq!(office.media.waiting(CHAT), 0);
}

#[test]
fn another_agents_task_is_not_to_be_touched() {
    let mut office = Office::open();
    office.ready(1, CHAT, terms(1));
    let task = office.bring(CHAT);
    assert_eq!(office.act_on(2, task, TaskAction::Accept, None), Err(Refusal::NotOwn(task)));
    let gone = TaskId { attempt: 9, ..task };
    assert_eq!(office.act_on(1, gone, TaskAction::Accept, None), Err(Refusal::UnknownTask(gone)));
}

#[test]
fn a_queue_has_an_end() {
    let mut office = Office::open();
    let new = || NewTask { domain: CHAT, variables: Vec::new() };
    for _ in 0..QUEUE_MAX {
        office.media.submit(office.now(), new()).unwrap();
    }
    assert_eq!(office.media.submit(office.now(), new()), Err(Refusal::QueueFull(CHAT)));
    office.ready(1, CHAT, terms(1));
    office.media.submit(office.now(), new()).unwrap();
}

#[test]
fn variables_are_named_and_bounded_as_those_of_calls() {
    let mut office = Office::open();
    let mut try_with = |variables: &[(&str, usize)]| {
        let variable =
            |(name, bytes): &(&str, usize)| Variable { name: (*name).into(), value: "v".repeat(*bytes) };
        let variables = variables.iter().map(variable).collect();
        office.media.submit(office.now(), NewTask { domain: CHAT, variables }).is_ok()
    };
    assert!(try_with(&[
        ("callVariable1", 40),
        ("callVariable10", 40),
        ("user.order", 1_000),
        ("POD.ID", 1_000)
    ]));
    for bad in [
        &[("callVariable1", 41)][..],
        &[("callVariable11", 1)],
        &[("callVariable0", 1)],
        &[("callVariable01", 1)],
        &[("user.order", 2_001)],
        &[("user.order", 1_001), ("user.other", 1_000)],
        &[("", 1)],
        &[("a b", 1)],
        &[("user.order", 1), ("user.order", 1)],
    ] {
        assert!(!try_with(bad), "{bad:?}");
    }
    let names: Vec<String> = (0..=VARIABLES_MAX).map(|n| format!("user.v{n}")).collect();
    let many: Vec<(&str, usize)> = names.iter().map(|name| (name.as_str(), 1)).collect();
    assert!(try_with(&many[..VARIABLES_MAX]) && !try_with(&many));
}

#[test]
fn an_id_has_one_spelling() {
    let id = TaskId { run: 1_800, number: 3, attempt: 1 };
    assert_eq!((id.to_string().as_str(), "1800_3_1".parse()), ("1800_3_1", Ok(id)));
    for bad in
        ["", "16804377", "1_2", "1_2_", "1_2_3_4", "+1_2_3", "01_2_3", "1_2_x", "a_b_c", "1_2_99999999999"]
    {
        assert!(bad.parse::<TaskId>().is_err(), "{bad}");
    }
}

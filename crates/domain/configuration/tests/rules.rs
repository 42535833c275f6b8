//! What may be made, changed, deleted and assigned.
#![allow(clippy::unwrap_used, reason = "a test may fail here")]

use aplomb_configuration::limits::*;
use aplomb_configuration::*;

fn reason(code: u16, label: &str, for_all: bool) -> ReasonCode {
    ReasonCode { category: ReasonCategory::NotReady, code, label: label.into(), for_all }
}

/// Makes an object as its owner does: asks, then tells.
fn make<T: Object>(all: &mut Configuration, id: u32, value: T) {
    all.check_new(&value).unwrap();
    all.put(Stored { id, version: 1, value });
}

fn why<T: Object>(all: &Configuration, value: &T) -> String {
    all.check_new(value).unwrap_err().to_string()
}

#[test]
fn what_is_missing_too_long_or_out_of_bounds_is_refused() {
    let all = Configuration::default();
    assert_eq!(why(&all, &reason(1, " ", true)), "label is missing");
    assert_eq!(why(&all, &reason(0, "Lunch", true)), "code is not from 1 to 65535");
    all.check_new(&reason(u16::MAX, &"x".repeat(REASON_LABEL_BYTES_MAX), true)).unwrap();
    // 21 letters, 42 bytes
    assert_eq!(why(&all, &reason(1, &"ä".repeat(21), true)), "label is longer than 40 bytes");
    assert_eq!(why(&all, &reason(1, "a\nb", true)), "label has a control character");
    let label = |bytes: usize| WrapUpReason { label: "x".repeat(bytes), for_all: true };
    all.check_new(&label(WRAP_UP_LABEL_BYTES_MAX)).unwrap();
    assert_eq!(why(&all, &label(WRAP_UP_LABEL_BYTES_MAX + 1)), "label is longer than 39 bytes");
}

#[test]
fn ccx_has_shorter_codes() {
    let all = Configuration::new(Deployment::Ccx);
    all.check_new(&reason(CCX_CODE_MAX, "Lunch", true)).unwrap();
    assert_eq!(why(&all, &reason(CCX_CODE_MAX + 1, "Lunch", true)), "code is not from 1 to 999");
}

#[test]
fn two_of_one_category_share_neither_code_nor_label() {
    let mut all = Configuration::default();
    make(&mut all, 1, reason(1, "Lunch", true));
    make(&mut all, 2, reason(2, "Break", true));
    assert_eq!(
        why(&all, &reason(1, "Other", true)),
        "there is a ReasonCode with code 1 in category NotReady"
    );
    assert!(why(&all, &reason(3, "LUNCH", true)).contains("label \"lunch\""));
    all.check_new(&ReasonCode { category: ReasonCategory::Logout, ..reason(1, "Lunch", true) }).unwrap();
    all.check_change(1, &reason(1, "lunch", true)).unwrap();
    assert!(matches!(all.check_change(2, &reason(1, "Break", true)), Err(Fault::Duplicate { .. })));
    assert_eq!(
        all.check_change(9, &reason(9, "x", true)),
        Err(Fault::NotFound { kind: "ReasonCode", id: 9 })
    );
    // what is gone is free again
    all.remove::<ReasonCode>(1);
    all.check_new(&reason(1, "Lunch", true)).unwrap();
}

#[test]
fn the_hundred_and_first_of_a_group_is_one_too_many() {
    let mut all = Configuration::default();
    for code in 1..=GLOBAL_REASON_CODES_MAX as u16 {
        make(&mut all, code.into(), reason(code, &code.to_string(), true));
    }
    assert_eq!(why(&all, &reason(999, "more", true)), "there may be 100 global Not Ready reason codes");
    make(&mut all, 1000, reason(999, "of a team", false));
    // nor can one come over from the other group
    assert!(matches!(all.check_change(1000, &reason(999, "of a team", true)), Err(Fault::Exceeded { .. })));
    all.check_change(1, &reason(1, "another label", true)).unwrap();
}

#[test]
fn a_phone_book_in_use_stays_and_stays_a_teams() {
    let mut all = Configuration::default();
    let book = |kind| PhoneBook { name: "Sales".into(), kind };
    make(&mut all, 1, book(PhoneBookType::Team));
    all.check_assign::<PhoneBook>(&[1]).unwrap();
    all.assign::<PhoneBook>(5000, vec![1]);
    for refused in [all.check_delete::<PhoneBook>(1), all.check_change(1, &book(PhoneBookType::Global))] {
        assert_eq!(refused.unwrap_err().to_string(), "PhoneBook 1 is in use: Team 5000");
    }
    all.assign::<PhoneBook>(5000, vec![]);
    all.check_change(1, &book(PhoneBookType::Global)).unwrap();
    all.check_delete::<PhoneBook>(1).unwrap();
}

#[test]
fn a_phone_book_has_so_many_contacts_and_takes_them_with_it() {
    let mut all = Configuration::default();
    let contact = |phone_book| Contact { phone_book, phone_number: "+15550100".into(), ..Contact::default() };
    assert_eq!(why(&all, &contact(1)), "there is no PhoneBook 1");
    for id in [1, 2] {
        make(&mut all, id, PhoneBook { name: format!("Book {id}"), kind: PhoneBookType::Team });
    }
    for id in 0..CONTACTS_IN_BOOK_MAX as u32 {
        all.put(Stored { id, version: 1, value: contact(1) });
    }
    assert_eq!(why(&all, &contact(1)), "there may be 6000 Contact in one PhoneBook");
    all.check_new(&contact(2)).unwrap();
    let full = vec![contact(1); CONTACTS_IN_BOOK_MAX];
    all.check_all_new(&full, Some(1)).unwrap();
    assert!(all.check_all_new(&full, None).is_err());
    assert!(all.check_change(1, &contact(2)).is_err(), "a contact stays in its book");
    all.put(Stored { id: 70_000, version: 1, value: contact(2) });
    all.remove::<PhoneBook>(1);
    assert_eq!(all.all::<Contact>().len(), 1);
    assert_eq!(all.all::<Contact>().parts(2).count(), 1);
}

#[test]
fn a_workflow_names_actions_that_are_there_and_holds_them() {
    let mut all = Configuration::default();
    let workflow = |actions: Vec<u32>| Workflow {
        name: "Pop".into(),
        trigger_kind: "SYSTEM".into(),
        trigger_name: "CALL_ARRIVES".into(),
        actions,
        ..Workflow::default()
    };
    assert_eq!(why(&all, &workflow(vec![3])), "there is no WorkflowAction 3");
    let action = WorkflowAction {
        name: "Open".into(),
        kind: "BROWSER_POP".into(),
        handled_by: "FINESSE_DESKTOP".into(),
        ..WorkflowAction::default()
    };
    make(&mut all, 3, action);
    make(&mut all, 1, workflow(vec![3]));
    assert_eq!(
        all.check_delete::<WorkflowAction>(3).unwrap_err().to_string(),
        "WorkflowAction 3 is in use: Workflow 1"
    );
    let one_more = Workflow { name: "More".into(), ..workflow(vec![3; WORKFLOW_PARTS_MAX + 1]) };
    assert_eq!(why(&all, &one_more), "workflowActions has more than 5");
    all.remove::<Workflow>(1);
    all.check_delete::<WorkflowAction>(3).unwrap();
}

#[test]
fn there_is_always_one_default_layout() {
    let mut all = Configuration::default();
    make(&mut all, 1, MediaPropertiesLayout::initial());
    assert_eq!(
        all.check_delete::<MediaPropertiesLayout>(1).unwrap_err().to_string(),
        "the default layout stays"
    );
    let second = MediaPropertiesLayout { name: "Second".into(), ..MediaPropertiesLayout::initial() };
    assert_eq!(why(&all, &second), "there may be 1 default layouts");
    let custom = MediaPropertiesLayout { kind: LayoutType::Custom, ..second };
    assert!(all.check_change(1, &custom).is_err());
    make(&mut all, 2, custom);
    assert_eq!(all.default_media_layout().unwrap().id, 1);
}

#[test]
fn a_team_has_what_is_for_all_and_then_its_own_in_order() {
    let mut all = Configuration::default();
    for (id, for_all) in [(1, false), (2, true), (3, false), (4, true)] {
        make(&mut all, id, WrapUpReason { label: format!("Reason {id}"), for_all });
    }
    assert!(all.check_assign::<WrapUpReason>(&[2]).is_err(), "every team has it");
    assert!(all.check_assign::<WrapUpReason>(&[1, 1]).is_err(), "twice");
    assert_eq!(all.check_assign::<WrapUpReason>(&[9]), Err(Fault::NotFound { kind: "WrapUpReason", id: 9 }));
    all.check_assign::<WrapUpReason>(&[3, 1]).unwrap();
    all.assign::<WrapUpReason>(5000, vec![3, 1]);
    let ids = |all: &Configuration, team| all.of_team::<WrapUpReason>(team).map(|r| r.id).collect::<Vec<_>>();
    assert_eq!(ids(&all, 5000), [2, 4, 3, 1]);
    assert_eq!(ids(&all, 5001), [2, 4]);
    all.remove::<WrapUpReason>(3);
    assert_eq!(ids(&all, 5000), [2, 4, 1]);
}

#[test]
fn assigning_one_category_leaves_the_other() {
    let mut all = Configuration::default();
    make(&mut all, 1, reason(1, "Lunch", false));
    make(&mut all, 2, reason(2, "Break", false));
    make(&mut all, 3, ReasonCode { category: ReasonCategory::Logout, ..reason(1, "Home", false) });
    all.assign::<ReasonCode>(5000, vec![1, 3]);
    assert_eq!(all.with_reason_codes(5000, ReasonCategory::NotReady, vec![2]), [3, 2]);
    assert_eq!(all.with_reason_codes(5000, ReasonCategory::Logout, vec![]), [1]);
}

#[test]
fn a_desktop_layout_has_at_most_200_kib() {
    let all = Configuration::default();
    let layout = |bytes| DesktopLayout { team: None, xml: "x".repeat(bytes) };
    all.check_new(&layout(DESKTOP_LAYOUT_BYTES_MAX)).unwrap();
    assert_eq!(why(&all, &layout(DESKTOP_LAYOUT_BYTES_MAX + 1)), "layoutxml is longer than 204800 bytes");
}

#[test]
fn the_chat_is_at_web_addresses() {
    let all = Configuration::default();
    let chat = |primary: &str| ChatConfig { primary_url: primary.into(), ..ChatConfig::default() };
    all.check_new(&chat("")).unwrap();
    all.check_new(&chat("https://chat.example/http-bind/")).unwrap();
    assert_eq!(why(&all, &chat("chat.example")), "primaryNode is no http or https address");
}

#[test]
fn the_cti_server_has_one_side_or_two() {
    let all = Configuration::default();
    let one = SystemConfig { host: "cti-a.example".into(), port: 42027, ..SystemConfig::default() };
    all.check_new(&one).unwrap();
    assert_eq!(one.sides(), ["cti-a.example:42027"]);
    let two = SystemConfig { backup_host: "2001:db8::2".into(), backup_port: 43027, ..one.clone() };
    all.check_new(&two).unwrap();
    assert_eq!(two.sides(), ["cti-a.example:42027", "[2001:db8::2]:43027"]);
    for (system, fault) in [
        (SystemConfig { host: String::new(), ..one.clone() }, "host is missing"),
        (SystemConfig { host: "a/b".into(), ..one.clone() }, "host is no host name and no IP address"),
        (
            SystemConfig { host: "x".repeat(HOST_BYTES_MAX + 1), ..one.clone() },
            "host is longer than 255 bytes",
        ),
        (SystemConfig { port: 0, ..one.clone() }, "port is missing"),
        (SystemConfig { backup_port: 1, ..one.clone() }, "backupHost is missing"),
        (SystemConfig { backup_port: 0, ..two.clone() }, "backupPort is missing"),
        (
            SystemConfig { backup_host: one.host.clone(), backup_port: one.port, ..one.clone() },
            "backupHost is the host, on the same port",
        ),
    ] {
        assert_eq!(why(&all, &system), fault);
    }
}

#[test]
fn there_is_one_of_what_is_said_of_the_system() {
    let mut all = Configuration::default();
    make(&mut all, 1, ClusterConfig { secondary_host: "desk-b.example".into() });
    assert!(matches!(all.check_new(&ClusterConfig::default()), Err(Fault::Duplicate { .. })));
    all.check_change(1, &ClusterConfig::default()).unwrap();
}

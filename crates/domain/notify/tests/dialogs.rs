//! Dialogs as notifications: for whom, with which event, and rendered once.
#![allow(clippy::unwrap_used, reason = "a test may fail here")]

mod identity;

use aplomb_notify::{Notification, notifications};
use floor::*;
use identity::identity;
use std::sync::Arc;

fn dialog() -> Dialog {
    Dialog {
        id: CallId(16),
        secondary: Some(CallId(17)),
        associated: Some(CallId(15)),
        from: "5550199".into(),
        to: "7000".into(),
        state: DialogState::Active,
        media: MediaProperties {
            wrap_up: "a & b".into(),
            ecc: vec![EccVariable { name: "user.list".into(), index: Some(2), value: "<x>".into() }],
            ..MediaProperties::default()
        },
        participants: Vec::new(),
        callback: None,
    }
}

fn told(event: DialogEvent, whom: &[(&str, Option<&str>)]) -> Vec<Notification> {
    let told = whom
        .iter()
        .map(|(agent, request)| Told { agent: (*agent).into(), request_id: request.map(str::to_owned) });
    notifications(&Change::Dialog { dialog: Arc::new(dialog()), event, told: told.collect() }, &identity())
}

fn text(notification: &Notification) -> String {
    String::from_utf8(notification.payload.to_vec()).unwrap().replace("&lt;", "<").replace("&gt;", ">")
}

#[test]
fn a_change_is_rendered_once_for_all_but_the_asker() {
    let all = told(DialogEvent::Changed, &[("1", None), ("2", Some("r-1")), ("3", None)]);
    let nodes: Vec<&str> = all.iter().map(|notification| notification.node.as_str()).collect();
    let node = |id: u32| format!("/finesse/api/User/{id}/Dialogs");
    assert_eq!(nodes, [node(1), node(2), node(3)]);
    assert_eq!(all[0].payload.as_ptr(), all[2].payload.as_ptr(), "the same bytes, not a copy");
    assert!(text(&all[0]).contains("<requestId></requestId>"));
    let asked = text(&all[1]);
    assert!(asked.contains("<event>PUT</event>\n  <requestId>r-1</requestId>"), "{asked}");
    assert!(asked.contains("<source>/finesse/api/Dialog/16</source>"), "{asked}");
    assert!(asked.contains("<dialog>\n"), "{asked}");
}

#[test]
fn coming_and_going_are_events_of_each_agents_collection() {
    for (event, name) in [(DialogEvent::Added, "POST"), (DialogEvent::Removed, "DELETE")] {
        for (notification, id) in told(event, &[("1", None), ("2", None)]).iter().zip(1..) {
            let text = text(notification);
            assert!(text.contains("<dialogs>\n      <Dialog>\n"), "{text}");
            assert!(text.contains(&format!("<event>{name}</event>")), "{text}");
            assert!(text.contains(&format!("<source>/finesse/api/User/{id}/Dialogs</source>")), "{text}");
        }
    }
}

#[test]
fn related_calls_arrays_and_markup_are_written_as_clients_read_them() {
    let text = text(&told(DialogEvent::Changed, &[("1", None)])[0]);
    assert!(text.contains("<associatedDialogUri>/finesse/api/Dialog/15</associatedDialogUri>"), "{text}");
    assert!(text.contains("<secondaryId>17</secondaryId>"), "{text}");
    assert!(text.contains("<name>user.list[2]</name>"), "{text}");
    // Escaped twice: once in the Update, once for the stanza, whose first is undone above.
    assert!(text.contains("<wrapUpReason>a &amp;amp; b</wrapUpReason>"), "{text}");
}

#[test]
fn several_wrap_up_reasons_are_shown_one_by_one_too() {
    let mut dialog = dialog();
    dialog.media.wrap_up = "Sold,Call back".into();
    let mut writer = xml::Writer::new(xml::Layout::Compact);
    aplomb_notify::dialog::write(&mut writer, "Dialog", &dialog);
    let (text, _) = writer.finish();
    let items = "<wrapUpItems><wrapUpItem>Sold</wrapUpItem><wrapUpItem>Call back</wrapUpItem></wrapUpItems>\
                 <wrapUpReason>Sold,Call back</wrapUpReason>";
    assert!(text.contains(items), "{text}");
}

#[test]
fn a_failure_goes_to_the_askers_dialogs_and_names_its_object() {
    let error = RequestError {
        error_type: "Call Operation Failure",
        error_data: 34,
        error_message: "CF_RESOURCE_OUT_OF_SERVICE".into(),
        peripheral_error: None,
    };
    for (call, source) in
        [(Some(CallId(16)), "/finesse/api/Dialog/16"), (None, "/finesse/api/User/1/Dialogs")]
    {
        let request_id = Some("r-1".to_owned());
        let failed =
            Change::DialogRequestFailed { agent: "1".into(), call, request_id, error: error.clone() };
        let all = notifications(&failed, &identity());
        assert_eq!(all[0].node, "/finesse/api/User/1/Dialogs");
        let text = text(&all[0]);
        assert!(text.contains("<errorType>Call Operation Failure</errorType>"), "{text}");
        assert!(text.contains(&format!("<requestId>r-1</requestId>\n  <source>{source}</source>")), "{text}");
    }
}

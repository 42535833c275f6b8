//! Calls over the web service.
#![allow(clippy::unwrap_used, reason = "a test may fail here")]

mod service;

use floor::*;
use http::StatusCode;
use service::{Service, request};

const MY_DIALOGS: &str = "/finesse/api/User/11/Dialogs";
const DIALOG: &str = "/finesse/api/Dialog/16";

/// Agent 11 on 901 in call 16; agent 12 on 902, supervisor 71 on 971.
async fn office() -> Service {
    let service = Service::open().await;
    for (user, extension) in [("11", "901"), ("12", "902"), ("71", "971")] {
        service.sign_in_on(user, extension).await;
    }
    service.talk(16, "901").await;
    service
}

fn act(action: &str, more: &str) -> String {
    format!(
        "<Dialog>{more}<targetMediaAddress>901</targetMediaAddress><requestedAction>{action}</requestedAction></Dialog>"
    )
}

fn own() -> Connection {
    Connection { call: CallId(16), dynamic: false, device: "901".into() }
}

#[tokio::test]
async fn an_empty_list_has_both_tags() {
    let service = Service::open().await;
    assert_eq!(service.get("11", MY_DIALOGS).await.body, "<Dialogs></Dialogs>");
}

#[tokio::test]
async fn a_dialog_is_shown_with_all_that_clients_cannot_do_without() {
    let service = office().await;
    let list = service.get("11", MY_DIALOGS).await.body;
    let one = service.get("11", DIALOG).await;
    assert_eq!(list, format!("<Dialogs>{}</Dialogs>", one.body));
    let start = "<Dialog><associatedDialogUri></associatedDialogUri><fromAddress>5550199</fromAddress><id>16</id>\
                 <mediaProperties><DNIS></DNIS><callType>NULL</callType><callvariables></callvariables>\
                 <dialedNumber>7000</dialedNumber><mediaId>1</mediaId>\
                 <outboundClassification></outboundClassification>";
    assert!(one.body.starts_with(start), "{}", one.body);
    let part = "<Participant><actions><action>HOLD</action><action>DROP</action><action>UPDATE_CALL_DATA</action>\
                <action>CONSULT_CALL</action><action>TRANSFER_SST</action><action>SEND_DTMF</action></actions>\
                <mediaAddress>901</mediaAddress><mediaAddressType>AGENT_DEVICE</mediaAddressType><startTime>20";
    assert!(one.body.contains(part), "{}", one.body);
    let end = "<secondaryId></secondaryId><state>ACTIVE</state><toAddress>7000</toAddress>\
               <uri>/finesse/api/Dialog/16</uri></Dialog>";
    assert!(one.body.ends_with(end), "{}", one.body);
}

#[tokio::test]
async fn dialogs_are_for_those_in_them_their_supervisors_and_administrators() {
    let service = office().await;
    for user in ["11", "name11", "71", "boss"] {
        assert_eq!(service.get(user, DIALOG).await.status, StatusCode::OK, "{user}");
        assert_eq!(service.get(user, MY_DIALOGS).await.status, StatusCode::OK, "{user}");
    }
    service.get("12", DIALOG).await.error_is(401, "Invalid Authorization User Specified", "12");
    service.get("12", MY_DIALOGS).await.error_is(401, "Invalid Authorization User Specified", "11");
    service.get("11", "/finesse/api/Dialog/17").await.error_is(404, "Not Found", "dialogId");
    service.get("11", "/finesse/api/Dialog/1_2").await.error_is(404, "Not Found", "dialogId");
    service.put("12", DIALOG, act("HOLD", "")).await.error_is(
        401,
        "Invalid Authorization User Specified",
        "12",
    );
    service.put("boss", DIALOG, act("HOLD", "")).await.error_is(
        401,
        "Invalid Authorization User Specified",
        "boss",
    );
}

#[tokio::test]
async fn each_action_on_a_call_becomes_its_order() {
    let to = "<toAddress>902</toAddress>";
    let keys =
        "<actionParams><ActionParam><name>dtmfString</name><value>777</value></ActionParam></actionParams>";
    let cases = [
        (act("HOLD", ""), CallRequest::Hold { connection: own() }),
        (act("DROP", ""), CallRequest::Clear { connection: own(), requester: None }),
        (act("CONSULT_CALL", to), CallRequest::Consult { active: own(), to: "902".into() }),
        (act("TRANSFER_SST", to), CallRequest::SingleStepTransfer { active: own(), to: "902".into() }),
        (act("SEND_DTMF", keys), CallRequest::SendDtmf { connection: own(), digits: "777".into() }),
    ];
    for (body, expected) in cases {
        let service = office().await;
        let answer = service.put("11", DIALOG, body.clone()).await;
        assert_eq!((answer.status, answer.body.as_str()), (StatusCode::ACCEPTED, ""), "{body}");
        let order = service.call_order().await;
        assert_eq!(order.what, expected, "{body}");
        assert_eq!(order.by, Operator { agent: "11".into(), instrument: "901".into() });
    }
}

#[tokio::test]
async fn call_data_is_read_by_name() {
    let service = office().await;
    let body = "<Dialog><requestedAction>UPDATE_CALL_DATA</requestedAction><mediaProperties>\
                <wrapUpReason>Happy &amp; gone</wrapUpReason><callvariables>\
                <CallVariable><name>callVariable10</name><value>ten</value></CallVariable>\
                <CallVariable><value>a</value><name>user.list[3]</name></CallVariable>\
                <CallVariable><name>user.one</name><value></value></CallVariable>\
                </callvariables></mediaProperties></Dialog>";
    let put = request("PUT", "11", DIALOG).header("requestId", "u-1").body(body.into()).unwrap();
    assert_eq!(service.send(put).await.status, StatusCode::ACCEPTED);
    let order = service.call_order().await;
    let CallRequest::SetData { connection, data } = &order.what else { panic!("{order:?}") };
    assert_eq!((connection, data.variables[9].as_deref()), (&own(), Some("ten")));
    assert_eq!(data.wrap_up.as_deref(), Some("Happy & gone"));
    let ecc: Vec<_> = data.ecc.iter().map(|v| (v.name.as_str(), v.index, v.value.as_str())).collect();
    assert_eq!(ecc, [("user.list", Some(3), "a"), ("user.one", None, "")]);
    service.confirm(&order).await;
    let what = CallHappened::DataUpdated { new: own(), call_type: CallType::Unknown, data: data.clone() };
    service.call_event(CallEvent { connection: own(), cause: Cause::None, what }).await;
    let seen = service.seen.lock().unwrap();
    let Some(Change::Dialog { told, .. }) = seen.changes.last() else { panic!("{:?}", seen.changes) };
    assert_eq!(told[0].request_id.as_deref(), Some("u-1"));
}

#[tokio::test]
async fn an_agent_makes_a_call_from_the_own_extension() {
    let service = office().await;
    let body = "<Dialog><requestedAction>MAKE_CALL</requestedAction ><fromAddress>902</fromAddress>\
                <toAddress>5550123</toAddress></Dialog>";
    // One known client posts to its extension.
    for path in
        ["/finesse/api/User/12/Dialogs", "/finesse/api/User/name12/Dialogs", "/finesse/api/User/902/Dialogs"]
    {
        let service = office().await;
        assert_eq!(service.call("POST", "12", path, body).await.status, StatusCode::ACCEPTED, "{path}");
        let expected = CallRequest::Make { to: "5550123".into(), data: Box::default() };
        assert_eq!(service.call_order().await.what, expected);
    }
    let refused = service.call("POST", "boss", "/finesse/api/User/12/Dialogs", body).await;
    refused.error_is(401, "Invalid Authorization User Specified", "boss");
    let refused = service.call("POST", "11", "/finesse/api/User/12/Dialogs", body).await;
    refused.error_is(401, "Invalid Authorization User Specified", "12");
    let refused = service.call("POST", "11", "/finesse/api/User/x/Dialogs", body).await;
    refused.error_is(404, "User Not Found", "x");
}

#[tokio::test]
async fn a_supervisor_monitors_and_an_agent_may_not() {
    let service = office().await;
    let body = |from: &str| {
        format!(
            "<Dialog><requestedAction>SILENT_MONITOR</requestedAction><fromAddress>{from}</fromAddress><toAddress>901</toAddress></Dialog>"
        )
    };
    let answer = service.call("POST", "71", "/finesse/api/User/71/Dialogs", body("971")).await;
    assert_eq!(answer.status, StatusCode::ACCEPTED);
    let order = service.call_order().await;
    assert!(matches!(order.what, CallRequest::Supervise { action: Supervision::Monitor, .. }), "{order:?}");
    let answer = service.call("POST", "12", "/finesse/api/User/12/Dialogs", body("902")).await;
    answer.error_is(401, "Invalid Authorization User Specified", "12");
}

#[tokio::test]
async fn what_cannot_be_asked_of_a_call_is_400() {
    let service = office().await;
    let variable = |name: &str, value: &str| {
        format!(
            "<Dialog><requestedAction>UPDATE_CALL_DATA</requestedAction><mediaProperties><callvariables><CallVariable>\
             <name>{name}</name><value>{value}</value></CallVariable></callvariables></mediaProperties></Dialog>"
        )
    };
    let long = "x".repeat(41);
    let cases = [
        (act("", ""), "Parameter Missing", "requestedAction"),
        (act("hold", ""), "Invalid Input", "requestedAction"),
        (act("MAKE_CALL", ""), "Invalid Input", "requestedAction"),
        ("<Dialog><requestedAction>HOLD</requestedAction></Dialog>".into(), "Parameter Missing", "targetMediaAddress"),
        (act("CONSULT_CALL", ""), "Parameter Missing", "toAddress"),
        (act("SEND_DTMF", ""), "Parameter Missing", "dtmfString"),
        (act("RETRIEVE", ""), "Invalid State", "requestedAction"),
        (act("UPDATE_CALL_DATA", ""), "Parameter Missing", "mediaProperties"),
        (variable("callVariable1", &long), "Invalid Input", "callVariable"),
        (variable("callVariable11", "x"), "Invalid Input", "callvariables"),
        (variable("user.a[256]", "x"), "Invalid Input", "callvariables"),
        (variable("user.a[1", "x"), "Invalid Input", "callvariables"),
        (variable("other", "x"), "Invalid Input", "callvariables"),
        ("<User/>".into(), "Bad Request", ""),
        (
            "<Dialog><requestedAction>HOLD</requestedAction><targetMediaAddress>902</targetMediaAddress></Dialog>".into(),
            "Invalid Input",
            "targetMediaAddress",
        ),
    ];
    for (body, error_type, data) in cases {
        let answer = service.put("11", DIALOG, body.clone()).await;
        let (actual_type, actual_data, _) = answer.error();
        let actual = (answer.status.as_u16(), actual_type.as_str(), actual_data.as_str());
        assert_eq!(actual, (400, error_type, data), "{body}");
    }
    let same = "<Dialog><requestedAction>MAKE_CALL</requestedAction><fromAddress>901</fromAddress><toAddress>901</toAddress></Dialog>";
    service.call("POST", "11", MY_DIALOGS, same).await.error_is(400, "Invalid Destination", "toAddress");
    assert!(service.no_orders().await);
    service.link_down().await;
    service.put("11", DIALOG, act("HOLD", "")).await.error_is(503, "Service Unavailable", "");
    let other = same.replace("<toAddress>901", "<toAddress>902");
    service.call("POST", "11", MY_DIALOGS, other).await.error_is(503, "Service Unavailable", "");
    assert_eq!(service.get("11", MY_DIALOGS).await.status, StatusCode::OK, "what was known can be read");
}

#[tokio::test]
async fn keys_into_a_held_call_are_401_as_the_guide_has_it() {
    let service = office().await;
    let what = CallHappened::Held { holding: Device { kind: DeviceKind::Station, address: "901".into() } };
    service.call_event(CallEvent { connection: own(), cause: Cause::None, what }).await;
    let keys =
        "<actionParams><ActionParam><name>dtmfString</name><value>7</value></ActionParam></actionParams>";
    service.put("11", DIALOG, act("SEND_DTMF", keys)).await.error_is(401, "Invalid State", "requestedAction");
}

#[tokio::test]
async fn methods_are_those_of_a_collection_and_of_a_thing() {
    let service = office().await;
    let answer = service.put("11", MY_DIALOGS, "<Dialog/>").await;
    assert_eq!((answer.status.as_u16(), answer.header("allow")), (405, Some("GET,OPTIONS,HEAD,POST")));
    let answer = service.call("POST", "11", DIALOG, "<Dialog/>").await;
    assert_eq!((answer.status.as_u16(), answer.header("allow")), (405, Some("GET,OPTIONS,HEAD,PUT")));
}

#[tokio::test]
async fn what_ccx_has_and_has_not() {
    let service = Service::open_as_ccx().await;
    service.sign_in_on("11", "901").await;
    service.talk(16, "901").await;
    assert_eq!(service.put("11", DIALOG, act("START_RECORDING", "")).await.status, 202);
    let order = service.call_order().await;
    assert!(matches!(order.what, CallRequest::StartRecording { .. }), "{order:?}");
    let drop = act("PARTICIPANT_DROP", "");
    service.put("11", DIALOG, drop).await.error_is(501, "Not Implemented", "PARTICIPANT_DROP");
}

#[tokio::test]
async fn several_wrap_up_items_become_one_reason() {
    let service = office().await;
    let body = "<Dialog><requestedAction>UPDATE_CALL_DATA</requestedAction><mediaProperties><wrapUpItems>\
                <wrapUpItem>Sold</wrapUpItem><wrapUpItem> Call back </wrapUpItem></wrapUpItems>\
                </mediaProperties></Dialog>";
    assert_eq!(service.put("11", DIALOG, body).await.status, StatusCode::ACCEPTED);
    let CallRequest::SetData { data, .. } = service.call_order().await.what else { panic!("no data") };
    assert_eq!(data.wrap_up.as_deref(), Some("Sold,Call back"));
    let many = body.replace("Sold", "A wrap-up reason of some length");
    service.put("11", DIALOG, many).await.error_is(400, "Invalid Input", "wrapUpReason");
}

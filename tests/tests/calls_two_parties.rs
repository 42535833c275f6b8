//! Calls of two parties, end to end: REST, CTI simulator, notifications over BOSH.

use aplomb_tests::{Desk, Server};

const ON_CALL: [&str; 6] = ["HOLD", "DROP", "UPDATE_CALL_DATA", "CONSULT_CALL", "TRANSFER_SST", "SEND_DTMF"];
const CUSTOMER: &str = "5550123";
const SUPPORT: &str = "6001";

fn server() -> Server {
    Server::with(&["simulator.colleagues=false"])
}

#[test]
fn an_internal_call_from_the_first_word_to_the_last() {
    let server = server();
    let mut caller = Desk::sign_in(&server, "1001001", "2001");
    let mut called = Desk::sign_in(&server, "1001002", "2002");
    caller.make_call("2002", "make-1");
    let word = caller.word("the first word", |word| word.event == "POST");
    assert_eq!(word.request_id, "make-1", "{}", word.text);
    assert_eq!(word.source, "/finesse/api/User/1001001/Dialogs");
    let dialog = word.id.clone();

    let ringing = called.part("POST", "ALERTING");
    assert_eq!(
        (ringing.id.as_str(), ringing.state.as_str()),
        (dialog.as_str(), "ALERTING"),
        "{}",
        ringing.text
    );
    assert_eq!(ringing.actions("2002"), ["ANSWER"]);
    assert_eq!(
        (ringing.element("fromAddress"), ringing.element("toAddress")),
        ("2001".into(), "2002".into())
    );
    assert_eq!(ringing.element("callType"), "AGENT_INSIDE");
    assert!(called.dialogs().contains(&format!("<id>{dialog}</id>")));

    called.act(&dialog, "ANSWER", "", "answer-1");
    let active = called.part("PUT", "ACTIVE");
    assert_eq!(
        (active.request_id.as_str(), active.state.as_str()),
        ("answer-1", "ACTIVE"),
        "{}",
        active.text
    );
    assert_eq!(active.source, format!("/finesse/api/Dialog/{dialog}"));
    assert_eq!(active.actions("2002"), ON_CALL);
    let active = caller.part("PUT", "ACTIVE");
    assert_eq!((active.request_id.as_str(), active.part("2002")), ("", "ACTIVE"));

    // The second request waits for the first: both are taken, and both happen.
    caller.act(&dialog, "HOLD", "", "hold-1");
    caller.act(&dialog, "RETRIEVE", "", "retrieve-1");
    let held = caller.part("PUT", "HELD");
    assert_eq!((held.request_id.as_str(), held.state.as_str()), ("hold-1", "ACTIVE"));
    assert_eq!(held.actions("2001"), ["RETRIEVE", "DROP", "UPDATE_CALL_DATA"]);
    assert_eq!(caller.part("PUT", "ACTIVE").request_id, "retrieve-1");

    called.act(&dialog, "DROP", "", "drop-1");
    let dropped = called.part("PUT", "DROPPED");
    assert_eq!(dropped.request_id, "drop-1");
    let gone = called.word("the last word", |word| word.event == "DELETE");
    assert_eq!((gone.id, gone.state.as_str()), (dialog.clone(), "DROPPED"));
    let gone = caller.word("the last word", |word| word.event == "DELETE");
    assert_eq!((gone.part("2001"), gone.part("2002")), ("DROPPED", "DROPPED"));
    assert_eq!(caller.dialogs(), "<Dialogs></Dialogs>");
}

#[test]
fn an_outgoing_call_with_keys_and_data() {
    let server = server();
    let mut agent = Desk::sign_in(&server, "1001001", "2001");
    agent.make_call(CUSTOMER, "make-1");
    let dialog = agent.word("the first word", |word| word.request_id == "make-1").id;
    let active = agent.part("PUT", "ACTIVE");
    assert_eq!(
        (active.part(CUSTOMER), active.element("callType")),
        ("ACTIVE", "OUT".into()),
        "{}",
        active.text
    );
    assert!(active.actions(CUSTOMER).is_empty());
    agent.user("TALKING");

    let keys =
        "<actionParams><ActionParam><name>dtmfString</name><value>12#</value></ActionParam></actionParams>";
    agent.act(&dialog, "SEND_DTMF", keys, "keys-1");
    agent.word("the keys' answer", |word| word.request_id == "keys-1");

    let data = "<Dialog><requestedAction>UPDATE_CALL_DATA</requestedAction><mediaProperties>\
                <wrapUpReason>Sale</wrapUpReason><callvariables><CallVariable><name>callVariable3</name>\
                <value>a &lt; b</value></CallVariable></callvariables></mediaProperties></Dialog>";
    assert_eq!(agent.put(&dialog, data, "data-1").status, 202);
    let word = agent.word("the data", |word| word.request_id == "data-1");
    assert_eq!(word.variable("callVariable3").as_deref(), Some("a < b"), "{}", word.text);
    assert_eq!(word.element("wrapUpReason"), "Sale");

    let refused = agent.try_act(&dialog, "ANSWER", "", "no-1");
    assert_eq!((refused.status, refused.header("requestid")), (400, Some("no-1")), "{}", refused.body);
    agent.act(&dialog, "DROP", "", "drop-1");
    agent.word("the last word", |word| word.event == "DELETE");
}

#[test]
fn a_routed_call_reaches_the_ready_agent_whose_state_follows() {
    let server = server();
    let mut agent = Desk::sign_in(&server, "1001001", "2001");
    let caller = Desk::sign_in(&server, "1001002", "2002");
    agent.ready();
    // A call to the queue's number is routed like a customer's.
    caller.make_call(SUPPORT, "");
    let ringing = agent.part("POST", "ALERTING");
    assert_eq!(ringing.element("toAddress"), SUPPORT, "{}", ringing.text);
    assert_eq!(ringing.element("queueNumber"), "1", "{}", ringing.text);
    agent.user("RESERVED");
    agent.act(&ringing.id, "ANSWER", "", "");
    agent.part("PUT", "ACTIVE");
    agent.user("TALKING");
    agent.act(&ringing.id, "DROP", "", "");
    agent.user("READY");
    agent.word("the last word", |word| word.event == "DELETE");
}

#[test]
fn data_given_with_the_call_are_in_its_first_word_and_at_the_other_end() {
    let server = server();
    let caller = Desk::sign_in(&server, "1001001", "2001");
    let mut called = Desk::sign_in(&server, "1001002", "2002");
    let data = "<fromAddress>2001</fromAddress><toAddress>2002</toAddress><mediaProperties>\
                <callvariables><CallVariable><name>callVariable2</name><value>silver</value></CallVariable>\
                <CallVariable><name>user.order</name><value>4711</value></CallVariable>\
                <CallVariable><name>user.list[2]</name><value>c</value></CallVariable></callvariables>\
                </mediaProperties>";
    caller.ask("MAKE_CALL", data, "make-1");
    let ringing = called.part("POST", "ALERTING");
    for (name, value) in [("callVariable2", "silver"), ("user.order", "4711"), ("user.list[2]", "c")] {
        assert_eq!(ringing.variable(name).as_deref(), Some(value), "{name}: {}", ringing.text);
    }
    assert!(caller.dialogs().contains("<value>silver</value>"), "{}", caller.dialogs());
}

//! Calls that come to an agent: routed with data, not answered, wrapped up, offered by the dialer, failed.

use aplomb_tests::{Desk, Rest, Server, eventually};
use std::time::Duration;

const AGENT: &str = "1001001";
const EXTENSION: &str = "2001";
const CUSTOMER: &str = "5550144";
const SOON: Duration = Duration::from_secs(20);

fn server() -> Server {
    Server::with(&["simulator.colleagues=false"])
}

#[test]
fn a_customers_call_brings_its_data_and_is_wrapped_up() {
    let server = server();
    let mut agent = Desk::sign_in(&server, AGENT, EXTENSION);
    agent.ready();
    server.simulate(&format!("wrap-up {AGENT} 10m"));
    server.simulate(&format!("call from {CUSTOMER} to Support var1=gold user.level=3 user.list[1]=b"));
    let ringing = agent.part("POST", "ALERTING");
    assert_eq!(
        (ringing.state.as_str(), ringing.part(CUSTOMER)),
        ("ALERTING", "INITIATED"),
        "{}",
        ringing.text
    );
    assert_eq!(ringing.variable("callVariable1").as_deref(), Some("gold"), "{}", ringing.text);
    assert_eq!(ringing.variable("user.level").as_deref(), Some("3"));
    assert_eq!(ringing.variable("user.list[1]").as_deref(), Some("b"));
    assert_eq!(
        (ringing.element("callType"), ringing.element("fromAddress")),
        ("PREROUTE_ACD_IN".into(), CUSTOMER.into())
    );
    let dialog = ringing.id;
    agent.act(&dialog, "ANSWER", "", "");
    agent.part("PUT", "ACTIVE");
    server.simulate(&format!("{CUSTOMER} hangs up"));

    let wrapping = agent.part("PUT", "WRAP_UP");
    assert_eq!(wrapping.actions(EXTENSION), ["UPDATE_CALL_DATA"], "{}", wrapping.text);
    let data = "<Dialog><requestedAction>UPDATE_CALL_DATA</requestedAction><mediaProperties>\
                <wrapUpReason>Happy</wrapUpReason></mediaProperties></Dialog>";
    assert_eq!(agent.put(&dialog, data, "wrap-1").status, 202);
    let word = agent.word("the wrap-up reason", |word| word.request_id == "wrap-1");
    assert_eq!(word.element("wrapUpReason"), "Happy", "{}", word.text);
    server.simulate(&format!("{AGENT} is ready"));
    let gone = agent.word("the end of wrap-up", |word| word.event == "DELETE");
    assert_eq!((gone.id.as_str(), gone.part(EXTENSION)), (dialog.as_str(), "DROPPED"), "{}", gone.text);
    assert_eq!(agent.dialogs(), "<Dialogs></Dialogs>");
}

#[test]
fn a_call_that_is_not_answered_goes_on_and_the_agent_is_not_ready() {
    let server = server();
    let mut agent = Desk::sign_in(&server, AGENT, EXTENSION);
    let mut other = Desk::sign_in(&server, "1001002", "2002");
    agent.ready();
    server.simulate("ring time 1s");
    server.simulate(&format!("call from {CUSTOMER} to Support"));
    let ringing = agent.part("POST", "ALERTING");
    let gone = agent.word("it rings no more", |word| word.event == "DELETE");
    assert_eq!((&gone.id, gone.part(EXTENSION)), (&ringing.id, "DROPPED"), "{}", gone.text);
    agent.user("NOT_READY");
    server.simulate("ring time 20s");
    other.ready();
    let again = other.part("POST", "ALERTING");
    assert_eq!((again.part(CUSTOMER), again.part(EXTENSION)), ("INITIATED", ""), "{}", again.text);
}

/// The simulator's orders are another CTI client's.
#[test]
fn what_others_want_of_an_agent_after_the_call_is_the_pending_state() {
    let server = server();
    let mut agent = Desk::sign_in(&server, AGENT, EXTENSION);
    agent.ready();
    server.simulate(&format!("ring {AGENT} from {CUSTOMER}\n{AGENT} answers"));
    agent.user("TALKING");
    server.simulate(&format!("{AGENT} is not ready 2"));
    agent.user_with(&["<state>TALKING</state>", "<pendingState>NOT_READY</pendingState>"]);
    server.simulate(&format!("{AGENT} is ready"));
    agent.user_with(&["<state>TALKING</state>", "<pendingState></pendingState>"]);
    server.simulate(&format!("{AGENT} is not ready 2"));
    agent.user_with(&["<state>TALKING</state>", "<pendingState>NOT_READY</pendingState>"]);
    let rest = Rest::new(&server, AGENT);
    let shown = rest.get(&format!("User/{AGENT}")).body;
    assert!(shown.contains("<pendingState>NOT_READY</pendingState>"), "{shown}");
    server.simulate(&format!("{CUSTOMER} hangs up"));
    agent.user_with(&["<state>NOT_READY</state>", "<pendingState></pendingState>"]);
}

#[test]
fn who_signs_out_during_a_call_is_signed_out_when_it_is_over() {
    let server = server();
    let mut agent = Desk::sign_in(&server, AGENT, EXTENSION);
    agent.ready();
    server.simulate(&format!("ring {AGENT} from {CUSTOMER}\n{AGENT} answers"));
    agent.user("TALKING");
    Rest::new(&server, AGENT).set_state(AGENT, "LOGOUT", "out-1");
    let pending = ["<pendingState>LOGOUT</pendingState>", "<requestId>out-1</requestId>"];
    agent.user_with(&["<state>TALKING</state>", pending[0], pending[1]]);
    server.simulate(&format!("{CUSTOMER} hangs up"));
    agent.user_with(&["<state>LOGOUT</state>", "<pendingState></pendingState>"]);
}

#[test]
fn an_offered_record_is_accepted_and_the_customer_comes() {
    let server = server();
    let mut agent = Desk::sign_in(&server, AGENT, EXTENSION);
    agent.ready();
    server.simulate(&format!("{CUSTOMER} answers after 500ms"));
    server.simulate(&format!("offer {CUSTOMER} to {AGENT} campaign Spring"));
    let offered = agent.word("the offer", |word| word.event == "POST");
    assert_eq!(offered.element("callType"), "OUTBOUND_PREVIEW", "{}", offered.text);
    assert_eq!(offered.actions(EXTENSION), ["ACCEPT", "REJECT", "CLOSE"], "{}", offered.text);
    assert_eq!(offered.variable("BACampaign").as_deref(), Some("Spring"));
    let rest = Rest::new(&server, AGENT);
    eventually("the state of a preview", SOON, || {
        (rest.state(AGENT) == "RESERVED_OUTBOUND_PREVIEW").then_some(())
    });
    agent.act(&offered.id, "ACCEPT", "", "accept-1");
    agent.word("the answer", |word| word.request_id == "accept-1");
    let customer =
        agent.word("the customer", |word| word.id != offered.id && word.part(EXTENSION) == "ACTIVE");
    assert_eq!(
        (customer.part(CUSTOMER), customer.element("callType")),
        ("ACTIVE", "OUTBOUND".into()),
        "{}",
        customer.text
    );
    assert!(customer.actions(EXTENSION).contains(&"UPDATE_SCHEDULED_CALLBACK"), "{}", customer.text);
}

#[test]
fn a_directly_dialled_customer_is_reclassified_and_called_again_later() {
    let server = server();
    let mut agent = Desk::sign_in(&server, AGENT, EXTENSION);
    agent.ready();
    server.simulate(&format!("{CUSTOMER} answers after 200ms"));
    server.simulate(&format!("offer {CUSTOMER} to {AGENT} directly"));
    let offered = agent.word("the offer", |word| word.event == "POST");
    assert_eq!(offered.element("callType"), "OUTBOUND_DIRECT_PREVIEW", "{}", offered.text);
    agent.act(&offered.id, "ACCEPT", "", "");
    let talk = agent.word("the customer", |word| word.id != offered.id && word.part(CUSTOMER) == "ACTIVE");
    for action in ["RECLASSIFY", "UPDATE_SCHEDULED_CALLBACK"] {
        assert!(talk.actions(EXTENSION).contains(&action), "{}", talk.text);
    }
    let param = |name: &str, value: &str| {
        format!(
            "<actionParams><ActionParam><name>{name}</name><value>{value}</value></ActionParam></actionParams>"
        )
    };
    agent.act(&talk.id, "RECLASSIFY", &param("outboundClassification", "BUSY"), "class-1");
    let told = agent.word("the classification", |word| word.request_id == "class-1");
    assert_eq!(told.element("outboundClassification"), "BUSY", "{}", told.text);
    let later = param("callbackTime", "2031-03-07T14:30");
    agent.act(&talk.id, "UPDATE_SCHEDULED_CALLBACK", &later, "later-1");
    let told = agent.word("the callback", |word| word.request_id == "later-1");
    assert_eq!(told.element("callbackTime"), "2031-03-07T14:30", "{}", told.text);
    assert!(told.actions(EXTENSION).contains(&"CANCEL_SCHEDULED_CALLBACK"), "{}", told.text);
    agent.act(&talk.id, "CANCEL_SCHEDULED_CALLBACK", "", "never-1");
    let told = agent.word("no callback", |word| word.request_id == "never-1");
    assert!(!told.text.contains("<scheduledCallbackInfo>"), "{}", told.text);
}

#[test]
fn a_record_that_is_rejected_or_closed_is_taken_away() {
    let server = server();
    let mut agent = Desk::sign_in(&server, AGENT, EXTENSION);
    for action in ["REJECT", "CLOSE"] {
        agent.ready();
        server.simulate(&format!("offer {CUSTOMER} to {AGENT}"));
        let offered = agent.word("the offer", |word| word.event == "POST");
        agent.act(&offered.id, action, "", "");
        let gone = agent.word("no offer", |word| word.event == "DELETE");
        assert_eq!(gone.id, offered.id, "{action}");
    }
}

#[test]
fn a_busy_number_fails_the_dialog_and_the_agent_drops_it() {
    let server = server();
    let mut agent = Desk::sign_in(&server, AGENT, EXTENSION);
    server.simulate(&format!("{CUSTOMER} is busy"));
    agent.make_call(CUSTOMER, "");
    let failed = agent.part("PUT", "FAILED");
    assert_eq!(
        (failed.state.as_str(), failed.actions(EXTENSION)),
        ("FAILED", vec!["DROP"]),
        "{}",
        failed.text
    );
    assert!(failed.text.contains("<stateCause>BUSY</stateCause>"), "{}", failed.text);
    agent.act(&failed.id, "DROP", "", "");
    agent.word("the last word", |word| word.event == "DELETE");
}

//! Consultation, transfer, conference and supervision, end to end.

use aplomb_tests::{Desk, Server};

const CUSTOMER: &str = "5550123";

fn server() -> Server {
    Server::with(&["simulator.colleagues=false", "calls.drop_participant=all"])
}

/// An agent with a customer on the line; returns the dialog's id.
fn with_customer(agent: &mut Desk) -> String {
    agent.make_call(CUSTOMER, "");
    let word = agent.word("the customer", |word| word.part(CUSTOMER) == "ACTIVE");
    word.id
}

/// The agent consults the colleague, who answers; returns the consultation's id.
fn consult(agent: &mut Desk, colleague: &mut Desk, dialog: &str) -> String {
    let to = format!("<toAddress>{}</toAddress>", colleague.extension);
    agent.act(dialog, "CONSULT_CALL", &to, "consult-1");
    let word = agent.word("the consultation", |word| word.event == "POST");
    assert_eq!(word.request_id, "consult-1", "{}", word.text);
    let ringing = colleague.part("POST", "ALERTING");
    assert_eq!(ringing.id, word.id);
    colleague.act(&word.id, "ANSWER", "", "");
    colleague.part("PUT", "ACTIVE");
    word.id
}

#[test]
fn a_consultation_ends_in_a_transfer() {
    let server = server();
    let mut agent = Desk::sign_in(&server, "1001001", "2001");
    let mut colleague = Desk::sign_in(&server, "1001002", "2002");
    let dialog = with_customer(&mut agent);
    let consultation = consult(&mut agent, &mut colleague, &dialog);
    let held = agent.word("both can be joined", |word| word.id == dialog && word.actions("2001").len() == 5);
    assert_eq!(held.actions("2001"), ["RETRIEVE", "DROP", "UPDATE_CALL_DATA", "TRANSFER", "CONFERENCE"]);
    let list = agent.dialogs();
    assert!(
        list.contains(&format!("<associatedDialogUri>/finesse/api/Dialog/{dialog}</associatedDialogUri>")),
        "{list}"
    );

    agent.act(&dialog, "TRANSFER", "<toAddress></toAddress>", "transfer-1");
    let first = agent.word("a dialog goes", |word| word.event == "DELETE");
    let second = agent.word("the other goes", |word| word.event == "DELETE");
    assert_eq!((first.id.as_str(), second.id.as_str()), (consultation.as_str(), dialog.as_str()));
    assert_eq!(second.request_id, "transfer-1");
    assert_eq!(agent.dialogs(), "<Dialogs></Dialogs>");

    let gone = colleague.word("the consultation goes", |word| word.event == "DELETE");
    assert_eq!(gone.id, consultation);
    let given = colleague.word("the customer comes", |word| word.event == "POST" && word.id == dialog);
    assert_eq!((given.part("2002"), given.part(CUSTOMER)), ("ACTIVE", "ACTIVE"), "{}", given.text);
    assert_eq!(given.element("secondaryId"), consultation);
    colleague.act(&dialog, "DROP", "", "");
    colleague.word("the last word", |word| word.event == "DELETE");
}

#[test]
fn a_single_step_transfer_rings_at_the_colleague() {
    let server = server();
    let mut agent = Desk::sign_in(&server, "1001001", "2001");
    let mut colleague = Desk::sign_in(&server, "1001002", "2002");
    let dialog = with_customer(&mut agent);
    agent.act(&dialog, "TRANSFER_SST", "<toAddress>2002</toAddress>", "sst-1");
    let gone = agent.word("the customer goes", |word| word.event == "DELETE");
    assert_eq!((gone.id, gone.request_id.as_str()), (dialog.clone(), "sst-1"));
    let ringing = colleague.part("POST", "ALERTING");
    colleague.act(&ringing.id, "ANSWER", "", "");
    let active = colleague.part("PUT", "ACTIVE");
    assert_eq!(active.part(CUSTOMER), "ACTIVE", "{}", active.text);
}

#[test]
fn a_consultation_ends_in_a_conference_and_one_is_dropped_from_it() {
    let server = server();
    let mut agent = Desk::sign_in(&server, "1001001", "2001");
    let mut colleague = Desk::sign_in(&server, "1001002", "2002");
    let dialog = with_customer(&mut agent);
    let consultation = consult(&mut agent, &mut colleague, &dialog);
    agent.act(&dialog, "CONFERENCE", "", "conference-1");
    let joined = agent.word("three in one call", |word| {
        word.event == "PUT" && word.part("2002") == "ACTIVE" && word.id == dialog
    });
    assert_eq!((joined.part("2001"), joined.part(CUSTOMER)), ("ACTIVE", "ACTIVE"), "{}", joined.text);
    assert_eq!(
        (joined.element("callType"), joined.element("secondaryId")),
        ("CONFERENCE".into(), consultation.clone())
    );
    assert_eq!(joined.request_id, "conference-1");
    let given = colleague.word("the conference", |word| word.event == "POST" && word.id == dialog);
    assert_eq!(given.parts.len(), 3, "{}", given.text);

    let drop = format!(
        "<Dialog><targetMediaAddress>{CUSTOMER}</targetMediaAddress>\
         <requestedAction>PARTICIPANT_DROP</requestedAction></Dialog>"
    );
    let answer = agent.put(&dialog, &drop, "drop-1");
    assert_eq!(answer.status, 202, "{}", answer.body);
    let word = agent.word("the customer is out", |word| word.request_id == "drop-1");
    assert_eq!(word.part(CUSTOMER), "DROPPED", "{}", word.text);
}

#[test]
fn a_supervisor_listens_and_speaks() {
    let server = server();
    let mut agent = Desk::sign_in(&server, "1001001", "2001");
    let mut supervisor = Desk::sign_in(&server, "1900001", "1901");
    let dialog = with_customer(&mut agent);
    let ends = "<fromAddress>1901</fromAddress><toAddress>2001</toAddress>";
    supervisor.ask("SILENT_MONITOR", ends, "monitor-1");
    let own = supervisor.word("the monitor's call", |word| word.event == "POST");
    assert_eq!(
        (own.request_id.as_str(), own.element("callType")),
        ("monitor-1", "SUPERVISOR_MONITOR".into()),
        "{}",
        own.text
    );
    let own = supervisor.part("PUT", "ACTIVE");
    assert_eq!(own.actions("1901"), ["DROP", "UPDATE_CALL_DATA"]);
    let passive = agent.word("the passive dialog", |word| word.event == "POST" && word.id == own.id);
    assert!(passive.actions("2001").is_empty(), "{}", passive.text);

    let inside = format!("{ends}<associatedDialogUri>/finesse/api/Dialog/{dialog}</associatedDialogUri>");
    supervisor.ask("BARGE_CALL", &inside, "barge-1");
    let joined = supervisor.word("the agent's call", |word| word.event == "POST" && word.id == dialog);
    assert_eq!((joined.request_id.as_str(), joined.part("1901")), ("barge-1", "ACTIVE"), "{}", joined.text);
    let joined =
        agent.word("the supervisor in the call", |word| word.id == dialog && word.part("1901") == "ACTIVE");
    assert_eq!((joined.part("2001"), joined.part(CUSTOMER)), ("ACTIVE", "ACTIVE"), "{}", joined.text);
}

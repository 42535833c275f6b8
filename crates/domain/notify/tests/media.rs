//! Task routing as notifications: the node, the source and the bytes.
#![allow(clippy::unwrap_used, reason = "a test may fail here")]

use aplomb_notify::{Notification, of_media};
use floor::{ReasonCategory, ReasonCode, ReasonCodeId};
use jiff::Timestamp;
use media::*;
use std::sync::Arc;
use std::time::Duration;

fn moment() -> Timestamp {
    Timestamp::from_millisecond(1_772_000_096_007).unwrap()
}

fn domain() -> Arc<Domain> {
    Arc::new(Domain {
        id: DomainId(7004),
        name: "Letters".into(),
        description: "Letters & cards".into(),
        interruptible: true,
        teams: Vec::new(),
        selectors: Vec::new(),
        start_timeout: Duration::from_secs(1),
        task_life: Duration::from_secs(1),
    })
}

fn id(attempt: u32) -> TaskId {
    TaskId { run: 1_800, number: 5, attempt }
}

fn task(state: TaskState) -> TaskDialog {
    TaskDialog {
        id: id(2),
        associated: Some(id(1)),
        domain: domain(),
        agent: "8001".into(),
        state,
        actions: state.actions(),
        variables: [Variable { name: "callVariable1".into(), value: "a < b".into() }].into(),
        started_at: None,
        changed_at: moment(),
        disposition: (state == TaskState::Closed).then_some(Disposition::NormalEnd),
    }
}

fn told(task: TaskDialog, event: TaskEvent) -> Notification {
    of_media(&Change::Task { task: Box::new(task), event })
}

/// The `<Update>` document without the white space between its elements.
fn update(notification: &Notification) -> String {
    let document = xml::Document::parse(&notification.payload, &xml::Limits::CLIENT).unwrap();
    let text = document.root().text().unwrap().to_owned();
    text.lines().map(str::trim_start).collect()
}

#[test]
fn an_agent_in_a_domain_goes_to_its_node_of_media() {
    let lunch = ReasonCode {
        id: ReasonCodeId(6),
        category: ReasonCategory::NotReady,
        code: 17,
        label: "Lunch".into(),
        for_all: true,
        teams: Vec::new(),
        system_code: false,
    };
    let seat = Seat {
        state: MediaState::NotReady,
        reason: Some(Arc::new(lunch)),
        routable: true,
        terms: Terms {
            dialogs_max: 4,
            interrupt: InterruptAction::Ignore,
            on_logout: LogoutAction::Transfer,
        },
        changed_at: Some(moment()),
    };
    let media = Media { agent: "8001".into(), domain: domain(), seat: Some(seat) };
    let notification = of_media(&Change::Media(Box::new(media)));
    assert_eq!(notification.node, "/finesse/api/User/8001/Media");
    let expected = "<Update><data><media><description>Letters &amp; cards</description>\
<dialogLogoutAction>TRANSFER</dialogLogoutAction><id>7004</id><interruptAction>IGNORE</interruptAction>\
<interruptible>true</interruptible><maxDialogLimit>4</maxDialogLimit><name>Letters</name>\
<reasonCode><category>NOT_READY</category><code>17</code><forAll>true</forAll><id>6</id><label>Lunch</label>\
<uri>/finesse/api/ReasonCode/6</uri></reasonCode><reasonCodeId>6</reasonCodeId><routable>true</routable>\
<state>NOT_READY</state><stateChangeTime>2026-02-25T06:14:56.007Z</stateChangeTime>\
<uri>/finesse/api/User/8001/Media/7004</uri></media></data><event>PUT</event><requestId></requestId>\
<source>/finesse/api/User/8001/Media/7004</source></Update>";
    assert_eq!(update(&notification), expected);
}

#[test]
fn a_task_that_comes_goes_to_the_agents_node_of_tasks() {
    let notification = told(task(TaskState::Offered), TaskEvent::Added);
    assert_eq!(notification.node, "/finesse/api/User/8001/Dialogs/Media");
    let expected = "<Update><data><dialogs><Dialog><associatedDialogUri>/finesse/api/Dialog/1800_5_1</associatedDialogUri>\
<id>1800_5_2</id><mediaProperties><callvariables><CallVariable><name>callVariable1</name><value>a &lt; b</value>\
</CallVariable></callvariables><dialedNumber></dialedNumber><mediaId>7004</mediaId></mediaProperties>\
<mediaType>Letters</mediaType><participants><Participant><actions><action>ACCEPT</action></actions>\
<mediaAddress>8001</mediaAddress><startTime></startTime><state>OFFERED</state>\
<stateChangeTime>2026-02-25T06:14:56.007Z</stateChangeTime></Participant></participants><state>OFFERED</state>\
<uri>/finesse/api/Dialog/1800_5_2</uri></Dialog></dialogs></data><event>POST</event><requestId></requestId>\
<source>/finesse/api/User/8001/Media/7004/Dialogs</source></Update>";
    assert_eq!(update(&notification), expected);
}

#[test]
fn a_task_that_changes_names_itself_as_source_and_one_that_goes_says_why() {
    let changed = update(&told(task(TaskState::Active), TaskEvent::Changed));
    assert!(changed.starts_with("<Update><data><dialog><associatedDialogUri>"), "{changed}");
    assert!(
        changed.ends_with(
            "<event>PUT</event><requestId></requestId><source>/finesse/api/Dialog/1800_5_2</source></Update>"
        ),
        "{changed}"
    );
    let gone = update(&told(task(TaskState::Closed), TaskEvent::Removed));
    assert!(gone.contains("<dispositionCode>CD_NORMAL_END_TASK</dispositionCode>"), "{gone}");
    assert!(gone.contains("<actions></actions>") && gone.contains("<event>DELETE</event>"), "{gone}");
}

#[test]
fn a_failure_names_the_domain_and_the_request() {
    let (agent, domain, request_id) = ("8001".into(), DomainId(7004), Some("r-9".to_owned()));
    let failed = Change::MediaFailed { agent, domain, request_id, fault: Fault::NotSignedIn };
    let notification = of_media(&failed);
    assert_eq!(notification.node, "/finesse/api/User/8001/Media");
    let expected = "<Update><data><apiErrors><apiError><errorData>6</errorData><errorMedia>7004</errorMedia>\
<errorMessage>E_ARM_STAT_AGENT_NOT_LOGGED_IN</errorMessage><errorType>Agent is not logged in</errorType></apiError></apiErrors></data>\
<requestId>r-9</requestId><source>/finesse/api/User/8001/Media/7004</source><event>put</event></Update>";
    assert_eq!(update(&notification), expected);

    let (agent, fault) = ("8001".into(), Fault::Interrupted);
    let failed = Change::TaskFailed { agent, domain, task: id(2), request_id: None, fault };
    let notification = of_media(&failed);
    assert_eq!(notification.node, "/finesse/api/User/8001/Dialogs/Media");
    assert!(update(&notification).contains("<errorData>30</errorData><errorMedia>7004</errorMedia>"));
}

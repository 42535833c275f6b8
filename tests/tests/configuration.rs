//! Configuration over the web service: durable when it is answered, whole when two write, in force at once.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on says so by a panic")]

use aplomb_tests::rest::text_of;
use aplomb_tests::{Rest, Server, Tcp, eventually};
use std::thread;
use std::time::Duration;

#[test]
fn two_administrators_at_once_never_half_apply() {
    let server = Server::start();
    let rest = Rest::new(&server, "administrator");
    let made =
        rest.send("POST", "PhoneBook", "<PhoneBook><name>Both</name><type>GLOBAL</type></PhoneBook>", "");
    assert_eq!(made.status, 200, "{}", made.body);
    let contacts = |who: &str| {
        let contact =
            format!("<Contact><firstName>{who}</firstName><phoneNumber>5550100</phoneNumber></Contact>");
        format!("<Contacts>{}</Contacts>", contact.repeat(20))
    };
    thread::scope(|scope| {
        for who in ["first", "second"] {
            let (rest, body) = (rest.clone(), contacts(who));
            scope.spawn(move || {
                for _ in 0..15 {
                    let answer = rest.send("PUT", "PhoneBook/1/Contacts", &body, "");
                    assert_eq!(answer.status, 200, "{}", answer.body);
                }
            });
        }
        for _ in 0..30 {
            let seen = Rest::new(&server, "1001001").get("User/1001001/PhoneBooks").body;
            let of = |who: &str| seen.matches(&format!("<firstName>{who}</firstName>")).count();
            assert!(matches!((of("first"), of("second")), (0, 0) | (20, 0) | (0, 20)), "{seen}");
        }
    });
}

#[test]
fn a_reason_code_made_now_can_be_given_now() {
    let server = Server::start();
    let administrator = Rest::new(&server, "administrator");
    let agent = Rest::new(&server, "1001001");
    agent.sign_in("1001001", "2001");
    let is = |state: &str| {
        let wanted = || (agent.state("1001001") == state).then_some(());
        eventually(&format!("the agent is {state}"), Duration::from_secs(20), wanted);
    };
    is("NOT_READY");
    let change = "<User><state>NOT_READY</state><reasonCodeId>7</reasonCodeId></User>";
    let refused = agent.put_user("1001001", change, "");
    assert_eq!((refused.status, text_of(&refused.body, "ErrorData").as_str()), (400, "reasonCodeId"));
    let code = "<ReasonCode><category>NOT_READY</category><code>77</code><label>Coaching</label>\
                <forAll>true</forAll></ReasonCode>";
    let made = administrator.send("POST", "ReasonCode", code, "");
    assert!(
        made.header("location").is_some_and(|url| url.ends_with("/finesse/api/ReasonCode/7")),
        "{made:?}"
    );
    assert_eq!(agent.put_user("1001001", change, "").status, 202);
    eventually("the agent has the new reason", Duration::from_secs(20), || {
        let user = agent.get("User/1001001").body;
        (text_of(&user, "label") == "Coaching" && text_of(&user, "code") == "77").then_some(())
    });
    assert_eq!(administrator.send("DELETE", "ReasonCode/7", "", "").status, 200);
    assert_eq!(agent.put_user("1001001", change, "").status, 400);
}

#[test]
fn a_desktop_layout_fits_however_it_is_escaped_and_a_longer_one_is_refused() {
    const BYTES_MAX: usize = 200 * 1024;
    let server = Server::start();
    let rest = Rest::new(&server, "administrator");
    let put = |bytes: usize, signs: usize| {
        let (open, close) = ("<finesseLayout><!--", "--></finesseLayout>");
        let equals = "=".repeat(signs);
        let rest_of_it = "\"".repeat(bytes - open.len() - signs - close.len());
        let layout = format!("{open}{equals}{rest_of_it}{close}");
        let escaped =
            layout.replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;").replace('=', "&#61;");
        let body = format!("<LayoutConfig><layoutxml>{escaped}</layoutxml></LayoutConfig>");
        rest.send("PUT", "LayoutConfig/default", &body, "")
    };
    let taken = put(BYTES_MAX, 0);
    assert_eq!(taken.status, 200, "{}", taken.body);
    for (bytes, signs) in [(BYTES_MAX + 1, 0), (BYTES_MAX, 3_000)] {
        let refused = put(bytes, signs);
        assert_eq!((refused.status, text_of(&refused.body, "ErrorData").as_str()), (400, "layoutxml"));
    }
    assert!(rest.get("LayoutConfig/default").body.contains("\"\"\"\""));
}

/// Contacts as a client that indents sends back what it has read.
fn contacts(count: usize) -> String {
    let contact = |number: usize| {
        format!(
            "  <Contact>\n    <description>a=b</description>\n    <firstName>First</firstName>\n    \
             <lastName>{number}</lastName>\n    <phoneNumber>555{number:04}</phoneNumber>\n    \
             <uri>/finesse/api/PhoneBook/1/Contact/{number}</uri>\n  </Contact>\n"
        )
    };
    format!("<Contacts>\n{}</Contacts>", (1..=count).map(contact).collect::<String>())
}

#[test]
fn a_phone_book_has_room_for_6000_contacts_and_for_no_more() {
    let server = Server::start();
    let rest = Rest::new(&server, "administrator");
    let made =
        rest.send("POST", "PhoneBook", "<PhoneBook><name>All</name><type>GLOBAL</type></PhoneBook>", "");
    assert_eq!(made.status, 200, "{}", made.body);
    let put = rest.send("PUT", "PhoneBook/1/Contacts", &contacts(6_000), "");
    assert_eq!(put.status, 200, "{}", put.body);
    let count = |text: &str| text.matches("<Contact>").count();
    let book = rest.get("PhoneBook/1/Contacts");
    assert_eq!((book.status, count(&book.body)), (200, 6_000));
    // what was read can be written back as it is
    assert_eq!(rest.send("PUT", "PhoneBook/1/Contacts", &book.body, "").status, 200);
    let agent = Rest::new(&server, "1001001");
    for path in ["User/1001001/PhoneBooks", "TeamResource/5000/PhoneBooks"] {
        let books = agent.get(path);
        assert_eq!((books.status, count(&books.body)), (200, 6_000), "{path}");
    }
    let one_more = rest.send("PUT", "PhoneBook/1/Contacts", &contacts(6_001), "");
    assert_eq!((one_more.status, text_of(&one_more.body, "ErrorType").as_str()), (400, "Maximum Exceeded"));
    assert_eq!(count(&rest.get("PhoneBook/1/Contacts").body), 6_000, "it is as it was");
    // other documents keep their limit
    let label = format!("<WrapUpReason><label>x</label>{}</WrapUpReason>", "<x/>".repeat(5_000));
    let refused = rest.send("POST", "WrapUpReason", &label, "");
    assert_eq!((refused.status, text_of(&refused.body, "ErrorType").as_str()), (400, "Bad Request"));
}

#[test]
fn a_team_is_assigned_1500_wrap_up_reasons_at_once_and_no_more() {
    let server = Server::start();
    let rest = Rest::new(&server, "administrator");
    let list = |count: usize| {
        let reason = |number: usize| {
            format!(
                "  <WrapUpReason>\n    <uri>/finesse/api/WrapUpReason/{number}</uri>\n    \
                 <label>{number:039}</label>\n    <forAll>false</forAll>\n  </WrapUpReason>\n"
            )
        };
        format!("<WrapUpReasons>\n{}</WrapUpReasons>", (1..=count).map(reason).collect::<String>())
    };
    let error = |count| {
        let answer = rest.send("PUT", "Team/5000/WrapUpReasons", &list(count), "");
        (answer.status, text_of(&answer.body, "ErrorType"), text_of(&answer.body, "ErrorData"))
    };
    // read whole: the first of them is missed
    assert_eq!(error(1_500), (400, "Finesse API Error".into(), "1".into()));
    assert_eq!(error(1_501).1, "Maximum Exceeded");
}

#[test]
fn the_cti_server_is_where_system_config_says_from_the_next_start_on() {
    let (before, after) = (Server::start(), Server::start());
    let mut server = Server::with(&[&format!("cti.sides={}", before.address("cti"))]);
    let rest = Rest::new(&server, "administrator");
    let port = |server: &Server| server.address("cti").rsplit_once(':').unwrap().1.to_owned();
    assert_eq!(text_of(&rest.get("SystemConfig").body, "port"), port(&before), "as the settings say");
    let sides = format!("<port>{}</port>", port(&after));
    let body = format!("<SystemConfig><cti>{sides}</cti></SystemConfig>");
    let put = rest.send("PUT", "SystemConfig", &body, "");
    assert_eq!(put.status, 200, "{}", put.body);
    assert_eq!(text_of(&rest.get("SystemInfo").body, "status"), "IN_SERVICE", "nothing has changed yet");
    server.terminate();
    drop(before);
    server.start_elsewhere();
    let rest = Rest::new(&server, "administrator");
    assert_eq!(text_of(&rest.get("SystemConfig").body, "port"), port(&after));
    let info = rest.get("SystemInfo").body;
    assert_eq!((text_of(&info, "status"), text_of(&info, "active")), ("IN_SERVICE".into(), "true".into()));
    server.log_line(&["the CTI server is where SystemConfig says"]);
}

#[test]
fn everybody_hears_at_once_of_the_other_node() {
    let server = Server::with(&["xmpp.allow_plain_tcp=true"]);
    let mut client = Tcp::sign_in(&server, "1001001", "desk");
    client.read_past("finesse@localhost");
    let body = "<ClusterConfig><secondaryNode><host>desk-b.example</host></secondaryNode></ClusterConfig>";
    let put = Rest::new(&server, "administrator").send("PUT", "ClusterConfig", body, "");
    assert_eq!(put.status, 200, "{}", put.body);
    let event = client.read_past("&lt;host&gt;desk-b.example&lt;/host&gt;");
    assert!(event.contains("node=\"/finesse/api/SystemInfo\""), "{event}");
    let info = Rest::new(&server, "1001001").get("SystemInfo").body;
    assert!(info.contains("<secondaryNode><host>desk-b.example</host></secondaryNode>"), "{info}");
}

#[test]
fn connected_users_are_counted_once_by_what_they_use() {
    let server = Server::with(&["xmpp.allow_plain_tcp=true"]);
    let rest = Rest::new(&server, "administrator");
    let counted = |name: &str| text_of(&rest.get("ConnectedUsersInfo").body, name);
    assert_eq!((counted("desktopUsers").as_str(), counted("totalConnectedUsers").as_str()), ("0", "0"));
    let _clients =
        [("1001001", "desktop"), ("1001001", "script"), ("1001002", "script"), ("finesse", "more")]
            .map(|(user, resource)| Tcp::sign_in(&server, user, resource));
    let all = || (counted("totalConnectedUsers") == "2").then_some(());
    eventually("both users are counted", Duration::from_secs(20), all);
    assert_eq!((counted("desktopUsers").as_str(), counted("thirdPartyUsers").as_str()), ("1", "1"));
}

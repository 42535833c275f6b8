//! IQs: every one is answered, by whoever it is for (`facts`: what real clients ask before they are content).

mod site;

use site::Site;

async fn answered(to: &str, type_: &str, payload: &str) -> String {
    Site::start().await.available("1", "desk").await.ask(type_, to, payload).await
}

fn is_error(answer: &str, condition: &str) -> bool {
    answer.contains("type=\"error\"") && answer.contains(&format!("<{condition} "))
}

#[tokio::test]
async fn a_vcard_is_answered() {
    let vcard = "<vCard xmlns='vcard-temp'/>";
    for to in ["", "1@localhost", "2@localhost", "finesse@localhost", "localhost", "pubsub.localhost"] {
        assert!(is_error(&answered(to, "get", vcard).await, "service-unavailable"), "{to}");
    }
    assert!(is_error(&answered("", "set", vcard).await, "service-unavailable"));
}

#[tokio::test]
async fn private_storage_is_answered() {
    let query = "<query xmlns='jabber:iq:private'><storage xmlns='storage:bookmarks'/></query>";
    assert!(is_error(&answered("", "get", query).await, "service-unavailable"));
}

#[tokio::test]
async fn a_block_list_is_answered() {
    assert!(is_error(
        &answered("", "get", "<blocklist xmlns='urn:xmpp:blocking'/>").await,
        "service-unavailable"
    ));
}

#[tokio::test]
async fn carbons_are_answered() {
    assert!(is_error(
        &answered("", "set", "<enable xmlns='urn:xmpp:carbons:2'/>").await,
        "service-unavailable"
    ));
}

#[tokio::test]
async fn a_list_of_commands_is_answered() {
    let node = "http://jabber.org/protocol/commands";
    let list = format!("<query xmlns='http://jabber.org/protocol/disco#items' node='{node}'/>");
    assert!(is_error(&answered("localhost", "get", &list).await, "item-not-found"));
}

#[tokio::test]
async fn the_roster_holds_the_web_services_user_with_and_without_a_version() {
    for ver in ["", " ver=''", " ver='something'"] {
        let answer = answered("", "get", &format!("<query xmlns='jabber:iq:roster'{ver}/>")).await;
        assert!(answer.contains("<item jid=\"finesse@localhost\" subscription=\"both\">"), "{answer}");
        assert!(!answer.contains("ver="), "versions are not promised: {answer}");
    }
    let item = "<query xmlns='jabber:iq:roster'><item jid='2@localhost'/></query>";
    assert!(is_error(&answered("", "set", item).await, "not-allowed"));
}

#[tokio::test]
async fn a_ping_is_answered_by_everything_that_is_ours() {
    for to in ["", "localhost", "1@localhost", "pubsub.localhost"] {
        let answer = answered(to, "get", "<ping xmlns='urn:xmpp:ping'/>").await;
        assert!(answer.contains("type=\"result\""), "{answer}");
        assert!(to.is_empty() || answer.contains(&format!("from=\"{to}\"")), "{answer}");
    }
}

#[tokio::test]
async fn version_and_time_are_told() {
    let answer = answered("localhost", "get", "<query xmlns='jabber:iq:version'/>").await;
    assert!(answer.contains("<name>Aplomb</name><version>"), "{answer}");
    let answer = answered("localhost", "get", "<time xmlns='urn:xmpp:time'/>").await;
    let utc = answer.split_once("<utc>").unwrap().1.split_once("</utc>").unwrap().0;
    assert_eq!((utc.len(), &utc[10..11], &utc[19..]), (20, "T", "Z"), "{answer}");
    assert!(answer.contains("<tzo>+00:00</tzo>"), "{answer}");
}

/// Everything that disco#info announces of the server is asked for and answered.
#[tokio::test]
async fn the_server_announces_what_is_there_and_no_more() {
    let site = Site::start().await;
    let mut client = site.available("1", "desk").await;
    let info = client.ask("get", "localhost", "<query xmlns='http://jabber.org/protocol/disco#info'/>").await;
    let features: Vec<_> =
        info.split("<feature var=\"").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
    assert!(features.len() >= 5, "{info}");
    for feature in features {
        let name = match feature {
            // told by the client, not asked for
            "urn:aplomb:probe:0" => continue,
            "urn:xmpp:ping" => "ping",
            "urn:xmpp:time" => "time",
            _ => "query",
        };
        let answer = client.ask("get", "localhost", &format!("<{name} xmlns='{feature}'/>")).await;
        assert!(answer.contains("type=\"result\""), "{feature}: {answer}");
    }
}

#[tokio::test]
async fn every_item_that_is_listed_can_be_asked_and_the_account_is_one() {
    let site = Site::start().await;
    let mut client = site.available("1", "desk").await;
    let items = "<query xmlns='http://jabber.org/protocol/disco#items'/>";
    let info = "<query xmlns='http://jabber.org/protocol/disco#info'/>";
    let listed = client.ask("get", "localhost", items).await;
    let jids: Vec<_> =
        listed.split("<item jid=\"").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
    assert_eq!(jids, ["pubsub.localhost"]);
    for (to, type_) in [(jids[0], "service"), ("1@localhost", "registered"), ("localhost", "im")] {
        let answer = client.ask("get", to, info).await;
        assert!(answer.contains(&format!("from=\"{to}\"")), "{answer}");
        assert!(answer.contains(&format!("type=\"{type_}\"")), "{answer}");
        assert!(client.ask("get", to, items).await.contains("type=\"result\""));
    }
}

#[tokio::test]
async fn an_iq_for_another_users_resource_is_answered_by_that_client() {
    let site = Site::start().await;
    let mut asked = site.available("2", "here").await;
    let mut asker = site.available("1", "desk").await;
    asker.send("<iq type='get' id='v' to='2@localhost/here'><query xmlns='jabber:iq:version'/></iq>").await;
    let question = asked.next().await;
    assert!(
        question.contains("from=\"1@localhost/desk\"") && question.contains("jabber:iq:version"),
        "{question}"
    );
    asked
        .send("<iq type='result' id='v' to='1@localhost/desk'><query xmlns='jabber:iq:version'/></iq>")
        .await;
    let answer = asker.next().await;
    assert!(answer.contains("from=\"2@localhost/here\"") && answer.contains("type='result'"), "{answer}");
}

#[tokio::test]
async fn an_iq_for_who_is_not_there_or_for_another_account_is_refused() {
    for to in
        ["2@localhost/gone", "2@localhost", "nobody@localhost", "localhost/x", "elsewhere", "a@elsewhere/b"]
    {
        let answer = answered(to, "get", "<ping xmlns='urn:xmpp:ping'/>").await;
        assert!(is_error(&answer, "service-unavailable"), "{to}: {answer}");
    }
    assert!(is_error(&answered("@", "get", "<ping xmlns='urn:xmpp:ping'/>").await, "jid-malformed"));
}

#[tokio::test]
async fn answers_nobody_asked_for_are_dropped_and_broken_requests_refused() {
    let site = Site::start().await;
    let mut client = site.available("1", "desk").await;
    for to in
        ["", " to='localhost'", " to='2@localhost/gone'", " to='2@localhost'", " to='elsewhere'", " to='@'"]
    {
        client
            .send(&format!("<iq type='result' id='x'{to}/><iq type='error' id='x'{to}><error/></iq>"))
            .await;
    }
    assert_eq!(client.settled().await, Vec::<String>::new());
    for broken in [
        "<iq type='get' id='b'/>",
        "<iq id='b'><ping xmlns='urn:xmpp:ping'/></iq>",
        "<iq type='huh' id='b'/>",
    ] {
        client.send(broken).await;
        assert!(is_error(&client.next().await, "bad-request"), "{broken}");
    }
}

//! A client that follows the numbers of events is told what it missed, or what is true instead: also by a server that was
//! killed meanwhile.

use aplomb_tests::{Rest, Server, Tcp};

const NODES: [&str; 3] =
    ["/finesse/api/User/1001001", "/finesse/api/User/1001001/Dialogs", "/finesse/api/SystemInfo"];

/// Asks for what was missed since these numbers; everything up to the answer.
fn recover(client: &mut Tcp, known: &[(&str, &str, u64)]) -> String {
    let node = |(node, epoch, after): &(&str, &str, u64)| {
        format!("<node name='{node}' epoch='{epoch}' after='{after}'/>")
    };
    let nodes: String = known.iter().map(node).collect();
    let request = format!(
        "<iq type='set' id='n1' to='pubsub.localhost'><numbers xmlns='urn:aplomb:pubsub:numbers:0'>{nodes}</numbers></iq>"
    );
    client.send(request.as_bytes());
    client.read_to("</numbers></iq>")
}

/// An attribute of the answer's element about a node.
fn told<'a>(answer: &'a str, node: &str, attribute: &str) -> &'a str {
    let element = format!("<node name=\"{node}\"");
    let rest = answer.split_once(&element).unwrap_or_else(|| panic!("{node} in {answer}")).1;
    let rest = rest.split_once('>').expect("a tag's end").0;
    rest.split_once(&format!(" {attribute}=\""))
        .map_or("", |(_, value)| value.split('"').next().unwrap_or(""))
}

/// The message with this header and this node's items.
fn snapshot<'a>(text: &'a str, node: &str) -> &'a str {
    let is_it = |message: &&str| {
        message.contains(&format!("<items node=\"{node}\"")) && message.contains("Event-Snapshot")
    };
    text.split("</message>").find(is_it).unwrap_or_else(|| panic!("a snapshot of {node} in {text}"))
}

#[test]
fn after_a_kill_of_the_server_a_client_with_old_numbers_gets_what_is_true_and_then_every_event() {
    let mut server = Server::with(&["xmpp.allow_plain_tcp=true"]);
    let mut client = Tcp::sign_in(&server, "1001001", "desk");
    let answer = recover(&mut client, &[]);
    let epochs = NODES.map(|node| told(&answer, node, "epoch").to_owned());
    let rest = Rest::new(&server, "1001001");
    rest.sign_in("1001001", "2001");
    client.read_past("Event-Number");
    server.stop();
    server.start_again();
    let rest = Rest::new(&server, "1001001");
    rest.sign_in("1001001", "2001");
    let mut client = Tcp::sign_in(&server, "1001001", "desk");
    let known: Vec<_> = NODES.iter().zip(&epochs).map(|(node, epoch)| (*node, epoch.as_str(), 1)).collect();
    let text = recover(&mut client, &known);
    for node in NODES {
        assert_eq!(told(&text, node, "recovered"), "false", "{node}: {text}");
        assert_eq!(told(&text, node, "snapshot"), "true", "{node}: {text}");
        let number = format!("\"Event-Number\">{}<", told(&text, node, "last"));
        assert!(snapshot(&text, node).contains(&number), "{number} in {text}");
    }
    assert!(snapshot(&text, NODES[0]).contains("&lt;state&gt;NOT_READY&lt;/state&gt;"), "{text}");
    assert!(snapshot(&text, NODES[1]).contains("&lt;dialogs&gt;&lt;/dialogs&gt;"), "{text}");
    assert!(snapshot(&text, NODES[2]).contains("&lt;status&gt;IN_SERVICE&lt;/status&gt;"), "{text}");
    // and the event behind the snapshot has the next number
    let last: u64 = told(&text, NODES[0], "last").parse().expect("a number");
    rest.set_state("1001001", "READY", "r1");
    let event = client.read_past(&format!("\"Event-Number\">{}<", last + 1));
    assert!(event.contains("&lt;state&gt;READY&lt;/state&gt;"), "{event}");
}

#[test]
fn a_supervisor_gets_the_state_of_a_team_and_nobody_elses() {
    let server = Server::with(&["xmpp.allow_plain_tcp=true"]);
    let team = "/finesse/api/Team/5000/Users";
    let mut supervisor = Tcp::sign_in(&server, "1900001", "desk");
    let subscribe = format!(
        "<iq type='set' id='s1' to='pubsub.localhost'><pubsub xmlns='http://jabber.org/protocol/pubsub'>\
         <subscribe node='{team}' jid='1900001@localhost'/></pubsub></iq>"
    );
    supervisor.send(subscribe.as_bytes());
    supervisor.read_to("</pubsub></iq>");
    let text = recover(&mut supervisor, &[(team, "", 0)]);
    let state = snapshot(&text, team);
    for part in
        ["&lt;team&gt;", "&lt;loginId&gt;1001001&lt;", "&lt;loginId&gt;1001002&lt;", "&lt;event&gt;PUT&lt;"]
    {
        assert!(state.contains(part), "{part} in {state}");
    }
    let mut agent = Tcp::sign_in(&server, "1001001", "desk");
    let text = recover(&mut agent, &[(team, "", 0)]);
    assert_eq!(told(&text, team, "subscribed"), "false");
    assert!(!text.contains("&lt;team&gt;"), "{text}");
}

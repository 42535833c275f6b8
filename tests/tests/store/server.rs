//! The server on its store: users made by commands, backups, restarts.

use crate::Ground;
use aplomb_tests::{PASSWORD, Rest, Server, Tcp, eventually, http};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde_json::Value;
use std::process::Output;
use std::time::Duration;

/// A server on this ground.
pub(crate) fn start(ground: &Ground) -> Server {
    Server::with(&[&format!("store.url={}", ground.url), "xmpp.allow_plain_tcp=true"])
}

/// Runs a command on the server's store.
fn aplomb(server: &Server, ground: &Ground, args: &[&str], input: &str) -> Output {
    let setting = format!("store.url={}", ground.url);
    server.aplomb_reads(&[args, &["--demo", "--set", &setting]].concat(), input)
}

fn done(output: Output) -> String {
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}

fn refused(output: &Output) -> String {
    assert!(!output.status.success(), "{output:?}");
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// Waits until the server lets the user in by REST.
fn signs_in(server: &Server, user: &str, password: &str) {
    eventually(&format!("{user} signs in"), Duration::from_secs(10), || {
        let answer = Rest::with_password(server, user, password).get(&format!("User/{user}"));
        (answer.status == 200).then_some(())
    });
}

pub(crate) fn a_user_made_beside_the_server_signs_in_at_once(ground: Ground) {
    let mut server = start(&ground);
    let add =
        ["user", "add", "2000001", "--team", "5000", "--last-name", "Agent", "--login-name", "newcomer"];
    done(aplomb(&server, &ground, &add, "a new password\n"));
    signs_in(&server, "2000001", "a new password");
    // and over XMPP, with a node of its own that it is subscribed to
    let mut client = Tcp::bound_with_password(&server, "2000001", "a new password", "desk");
    client.send(
        b"<presence/><iq type='get' id='s' to='pubsub.localhost'>\
        <pubsub xmlns='http://jabber.org/protocol/pubsub'><subscriptions/></pubsub></iq>",
    );
    assert!(client.read_past("</pubsub></iq>").contains("/finesse/api/User/2000001"));
    // the floor knows it: a sign-in on an extension is an order for the phone system
    let answer = Rest::with_password(&server, "newcomer", "a new password").get("User/2000001");
    assert!(answer.body.contains("<teamName>Team 1</teamName>"), "{}", answer.body);

    let again = refused(&aplomb(&server, &ground, &["user", "add", "2000001", "--team", "5000"], "x"));
    assert!(again.contains("there is a user 2000001"), "{again}");
    let configured = refused(&aplomb(&server, &ground, &["user", "add", "1001001", "--team", "5000"], "x"));
    assert!(configured.contains("user 1001001 is in the configuration"), "{configured}");
    let no_password = refused(&aplomb(&server, &ground, &["user", "add", "2", "--team", "5000"], ""));
    assert!(no_password.contains("no password on standard input"), "{no_password}");

    done(aplomb(&server, &ground, &["user", "passwd", "2000001"], "another"));
    // the former one is tried, not the other before it holds: five wrong passwords lock
    eventually("the former password holds no more", Duration::from_secs(10), || {
        let answer = Rest::with_password(&server, "2000001", "a new password").get("User/2000001");
        (answer.status == 401).then_some(())
    });
    assert_eq!(Rest::with_password(&server, "2000001", "another").get("User/2000001").status, 200);
    let list = done(aplomb(&server, &ground, &["user", "list"], ""));
    assert!(list.contains("2000001") && list.contains("newcomer"), "{list}");

    server.terminate();
    server.start_elsewhere();
    assert_eq!(Rest::with_password(&server, "2000001", "another").get("User/2000001").status, 200);
    assert_eq!(
        Rest::new(&server, "1001001").get("User/1001001").status,
        200,
        "the demo's users are as before"
    );
    assert!(!server.log().contains("a new password"));
}

pub(crate) fn many_users_are_imported_and_each_line_is_reported(ground: Ground) {
    let server = start(&ground);
    let mut csv = "id,password,last_name,team,team_name,roles\n".to_owned();
    for n in 1..=40 {
        csv.push_str(&format!("30000{n:02},secret{n},\"Agent, {n}\",6000,\"Team \"\"New\"\"\",agent\n"));
    }
    csv.push_str(
        "3000001,again,,6000,,agent\n4000001,,,6000,,agent\n4000002,x,,6000,,chief\n1001001,x,,6000,,agent\n",
    );
    csv.push_str("4000003,x,,7000,,agent\n");
    let output = aplomb(&server, &ground, &["user", "import", "-"], &csv);
    let report = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(!output.status.success());
    for expected in [
        "line 2: 3000001 created",
        "line 41: 3000040 created",
        "line 42: 3000001 REFUSED: the user is on line 2 too",
        "line 43: 4000001 REFUSED: no password",
        "line 44: 4000002 REFUSED: \"chief\" is no role",
        "line 45: 1001001 REFUSED: user 1001001 is in the configuration",
        "line 46: 4000003 REFUSED: there is no team 7000",
        "40 created, 0 replaced, 5 refused",
    ] {
        assert!(report.contains(expected), "{expected}: {report}");
    }
    signs_in(&server, "3000040", "secret40");
    let answer = Rest::with_password(&server, "3000040", "secret40").get("User/3000040");
    assert!(
        answer.body.contains("<teamName>Team &quot;New&quot;</teamName>")
            || answer.body.contains("<teamName>Team \"New\"</teamName>"),
        "{}",
        answer.body
    );
    let again = done(aplomb(
        &server,
        &ground,
        &["user", "import", "-"],
        csv.lines().take(3).collect::<Vec<_>>().join("\n").as_str(),
    ));
    assert!(again.contains("0 created, 2 replaced, 0 refused"), "{again}");
}

/// What the publish-subscribe service answers.
fn pubsub(client: &mut Tcp, type_: &str, inner: &str) -> String {
    let pubsub = format!("<pubsub xmlns='http://jabber.org/protocol/pubsub'>{inner}</pubsub>");
    client.send(format!("<iq type='{type_}' id='p' to='pubsub.localhost'>{pubsub}</iq>").as_bytes());
    client.read_past("</iq>")
}

/// A service account tells the node this word.
fn tell(server: &Server, node: &str, word: &str) {
    let publish = format!("<publish node='{node}'><item><x xmlns='urn:x'>{word}</x></item></publish>");
    let answer = pubsub(&mut Tcp::bound(server, "finesse", "teller"), "set", &publish);
    assert!(answer.contains("type=\"result\""), "{answer}");
}

/// Agent 3000001 is in team 6000, then in 7000 while everyone is there, then in 6000 again while the server is down.
/// 3900006 supervises 6000 until it is no supervisor any more, 3900007 supervises 7000.
pub(crate) fn who_moves_to_another_team_is_followed_by_its_supervisors_alone(ground: Ground) {
    const NODE: &str = "/finesse/api/User/3000001";
    const TEAM: &str = "/finesse/api/Team/6000/Users";
    let mut server = start(&ground);
    let import_with = |server: &Server, team: u32, former: &str| {
        let csv = format!(
            "id,password,team,team_name,roles,supervises\n3900006,s,6000,Six,{former}\n\
             3900007,s,7000,Seven,agent supervisor,7000\n3000001,s,{team},,agent,\n"
        );
        done(aplomb(server, &ground, &["user", "import", "-"], &csv));
    };
    let import = |server: &Server, team: u32| import_with(server, team, "agent supervisor,6000");
    let subscribe = |client: &mut Tcp, user: &str, node: &str| {
        pubsub(client, "set", &format!("<subscribe node='{node}' jid='{user}@localhost'/>"))
    };
    let own = |client: &mut Tcp| pubsub(client, "get", "<subscriptions/>");
    import(&server, 6000);
    signs_in(&server, "3900007", "s");
    let enter = |server: &Server, user: &str| {
        let mut client = Tcp::bound_with_password(server, user, "s", "desk");
        client.send(b"<presence/>");
        client
    };
    let [mut agent, mut former, mut new] = ["3000001", "3900006", "3900007"].map(|user| enter(&server, user));
    assert!(own(&mut agent).contains(NODE));
    for node in [NODE, "/finesse/api/User/3000001/ClientLog"] {
        assert!(subscribe(&mut former, "3900006", node).contains("type=\"result\""), "{node}");
        assert!(subscribe(&mut new, "3900007", node).contains("not-authorized"), "{node}");
    }
    tell(&server, NODE, "word-1");
    for client in [&mut agent, &mut former] {
        client.read_past("word-1");
    }

    import(&server, 7000);
    eventually("the former supervisor's subscriptions end", Duration::from_secs(10), || {
        (!own(&mut former).contains(NODE)).then_some(())
    });
    assert!(subscribe(&mut new, "3900007", NODE).contains("type=\"result\""));
    tell(&server, NODE, "word-2");
    for client in [&mut agent, &mut new] {
        client.read_past("word-2");
    }
    let heard = own(&mut former);
    assert!(!heard.contains("word-2") && !heard.contains(NODE), "{heard}");

    assert!(subscribe(&mut former, "3900006", TEAM).contains("type=\"result\""));
    import_with(&server, 7000, "agent,");
    eventually("who is no supervisor any more hears of no team", Duration::from_secs(10), || {
        (!own(&mut former).contains(TEAM)).then_some(())
    });
    assert!(subscribe(&mut former, "3900006", TEAM).contains("not-authorized"));

    server.terminate();
    import(&server, 6000);
    server.start_elsewhere();
    let (mut agent, mut new) = (enter(&server, "3000001"), enter(&server, "3900007"));
    assert!(own(&mut agent).contains(NODE), "what everyone has without asking is there");
    assert!(!own(&mut new).contains(NODE), "nobody was there to be told, and it ended all the same");
    tell(&server, NODE, "word-3");
    agent.read_past("word-3");
    let heard = own(&mut new);
    assert!(!heard.contains("word-3"), "{heard}");
}

pub(crate) fn a_backup_is_made_while_the_server_runs_and_restored_when_it_does_not(ground: Ground) {
    let mut server = start(&ground);
    let folder = tempfile::TempDir::new().unwrap();
    let file = folder.path().join("desk.backup");
    let file = file.to_str().unwrap();
    let add = |id: &str| done(aplomb(&server, &ground, &["user", "add", id, "--team", "5000"], "secret"));
    add("2000001");
    let backup = aplomb(&server, &ground, &["backup", file], "");
    assert!(String::from_utf8_lossy(&backup.stderr).contains("1 users, 1 teams"), "{backup:?}");
    add("2000002");
    signs_in(&server, "2000002", "secret");
    let error = refused(&aplomb(&server, &ground, &["restore", file], ""));
    assert!(error.contains("a server uses the store") && error.contains("stop it"), "{error}");
    signs_in(&server, "2000002", "secret");
    server.terminate();
    let cut = folder.path().join("cut");
    let whole = std::fs::read(file).unwrap();
    std::fs::write(&cut, &whole[..whole.len() - 9]).unwrap();
    let error = refused(&aplomb(&server, &ground, &["restore", cut.to_str().unwrap()], ""));
    assert!(error.contains("not a whole backup") && error.contains("cut"), "{error}");
    done(aplomb(&server, &ground, &["restore", file], ""));
    server.start_again();
    signs_in(&server, "2000001", "secret");
    let answer = Rest::with_password(&server, "2000002", "secret").get("User/2000002");
    assert_eq!(answer.status, 401, "who is not in the backup is not let in");
}

pub(crate) fn a_server_does_not_start_on_a_newer_store(ground: Ground) {
    let mut server = start(&ground);
    server.terminate();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(ground.sql("INSERT INTO aplomb_schema (version, name) VALUES (4711, 'of the future')"));
    let setting = format!("store.url={}", ground.url);
    let error =
        refused(&server.aplomb(&["serve", "--demo", "--set", &setting, "--set", "listen.rest=127.0.0.1:0"]));
    assert!(error.contains("4711") && error.contains("versions up to"), "{error}");
}

pub(crate) fn client_logs_are_listed_and_read_beside_the_server(ground: Ground) {
    let server = start(&ground);
    let logs = |args: &[&str]| aplomb(&server, &ground, &[&["client-logs"], args].concat(), "");
    assert!(!done(logs(&["list"])).contains("1001001"), "there are none yet");
    let send = |agent: &str, text: &str| {
        let body = format!("<ClientLog><logData>{text}</logData></ClientLog>");
        let sent = Rest::new(&server, agent).send("POST", &format!("User/{agent}/ClientLog"), &body, "");
        assert_eq!(sent.status, 202, "{}", sent.body);
    };
    send("1001001", "the first line&#13;\nthe second");
    // as long as a client log may be
    send("1001002", &"x".repeat(1_048_576));
    let archive = "PK\x05\x06 an archive";
    let authorization = format!("Basic {}", BASE64_STANDARD.encode(format!("1001001:{PASSWORD}")));
    let headers = [("Authorization", authorization.as_str()), ("Content-Type", "application/zip")];
    let path = "/finesse/api/User/1001001/CompressedClientLog";
    let sent = http::request(&server.address("rest_plain"), "POST", path, &headers, archive.as_bytes());
    assert_eq!(sent.status, 202, "{}", sent.body);

    let all: Value = serde_json::from_str(&done(logs(&["list", "--json"]))).unwrap();
    let told = |log: &Value| (log["number"].as_u64().unwrap(), log["user"].as_str().unwrap().to_owned());
    let all: Vec<_> = all.as_array().unwrap().iter().map(told).collect();
    assert_eq!(
        all,
        [(3, "1001001".into()), (2, "1001002".into()), (1, "1001001".into())],
        "the newest first"
    );
    let own = done(logs(&["list", "--user", "1001001", "--count", "1"]));
    assert!(own.contains("1001001") && !own.contains("1001002") && own.trim().lines().count() == 2, "{own}");

    assert_eq!(done(logs(&["show", "1"])), "the first line\r\nthe second");
    assert_eq!(done(logs(&["show", "2"])).len(), 1_048_576);
    assert_eq!(done(logs(&["show", "3"])), archive);
    let folder = tempfile::TempDir::new().unwrap();
    let file = folder.path().join("log.zip").display().to_string();
    done(logs(&["show", "3", "--output", &file]));
    assert_eq!(std::fs::read_to_string(&file).unwrap(), archive);
    assert!(
        refused(&logs(&["show", "1", "--output", &file])).contains("cannot make"),
        "it is not written over"
    );
    assert!(refused(&logs(&["show", "4"])).contains("there is no client log 4"));
}

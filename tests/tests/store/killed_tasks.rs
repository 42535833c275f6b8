//! Tasks when the server is killed: what was answered is there, and agents go on with what they had begun.

use crate::Ground;
use crate::killed_rest::ask;
use crate::server::start;
use aplomb_tests::rest::text_of;
use aplomb_tests::{Rest, Server, Tcp, eventually};
use media::SeatRecord;
use std::collections::BTreeSet;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

const AGENT: &str = "1001001";
const MEDIA: &str = "User/1001001/Media/5001";
const KILLS: u64 = 8;
/// Tasks of one round by each of two writers: more than are answered before the kill, and all of them fewer than may
/// wait.
const TASKS: u64 = 40;

/// Brings a task with this in its first variable; its path, as the application knows it.
fn bring(server: &Server, words: &str) -> String {
    let body = format!(
        "<Task><callvariables><CallVariable><name>callVariable1</name><value>{words}</value></CallVariable>\
         </callvariables></Task>"
    );
    let (status, answer) =
        ask(&server.address("rest_plain"), "POST", "MediaDomain/5001/Tasks", &body).unwrap();
    assert_eq!(status, 200, "{answer}");
    location(&answer)
}

/// `Task/…` of an answer that made one.
fn location(answer: &str) -> String {
    let line = answer.lines().find(|line| line.to_lowercase().starts_with("location:")).unwrap();
    line[line.find("Task/").unwrap()..].trim().to_owned()
}

fn change(agent: &Rest, body: &str) {
    let answer = agent.send("PUT", MEDIA, body, "");
    assert_eq!((answer.status, answer.body.as_str()), (202, ""), "{body}");
}

fn sign_in(agent: &Rest) {
    change(agent, "<Media><state>LOGIN</state><maxDialogLimit>3</maxDialogLimit></Media>");
    change(agent, "<Media><state>READY</state></Media>");
}

fn act(agent: &Rest, id: &str, action: &str) {
    let body = format!("<Dialog><requestedAction>{action}</requestedAction></Dialog>");
    let answer = agent.send("PUT", &format!("Dialog/{id}"), &body, "");
    assert_eq!(answer.status, 202, "{action} {id}: {}", answer.body);
}

/// The agent's tasks: what is in the first variable, the state, the id.
fn tasks(agent: &Rest) -> Vec<(String, String, String)> {
    let list = agent.get("User/1001001/Dialogs/Media").body;
    let document = roxmltree::Document::parse(&list).unwrap();
    let text = |dialog: roxmltree::Node<'_, '_>, name: &str| {
        let found = dialog.children().find(|node| node.has_tag_name(name));
        found.and_then(|node| node.text()).unwrap_or_default().to_owned()
    };
    let words = |dialog: roxmltree::Node<'_, '_>| {
        let value = dialog.descendants().find(|node| node.has_tag_name("value"));
        value.and_then(|node| node.text()).unwrap_or_default().to_owned()
    };
    let dialogs = document.root_element().children().filter(|node| node.has_tag_name("Dialog"));
    dialogs.map(|dialog| (words(dialog), text(dialog, "state"), text(dialog, "id"))).collect()
}

fn in_short(tasks: &[(String, String, String)]) -> BTreeSet<(&str, &str)> {
    tasks.iter().map(|(words, state, _)| (words.as_str(), state.as_str())).collect()
}

pub(crate) fn tasks_and_who_works_on_them_survive_a_kill(ground: Ground) {
    let mut server = start(&ground);
    let agent = Rest::new(&server, AGENT);
    sign_in(&agent);
    let ids: Vec<String> =
        ["one", "two", "three", "four"].iter().map(|words| bring(&server, words)).collect();
    let id = |number: usize| ids[number].trim_start_matches("Task/");
    act(&agent, id(0), "ACCEPT");
    act(&agent, id(0), "START");
    act(&agent, id(1), "ACCEPT");
    // its answer means that the disk has everything before it
    let last = bring(&server, "five");
    server.stop();
    server.start_elsewhere();

    let agent = Rest::new(&server, AGENT);
    let seat = agent.get(MEDIA).body;
    assert_eq!((text_of(&seat, "state"), text_of(&seat, "maxDialogLimit")), ("ACTIVE".into(), "3".into()));
    let now = tasks(&agent);
    // the third was only offered, and is so again, under its next id
    assert_eq!(
        in_short(&now),
        BTreeSet::from([("one", "ACTIVE"), ("two", "ACCEPTED"), ("three", "OFFERED")])
    );
    let third = &now.iter().find(|(words, ..)| words == "three").unwrap().2;
    assert_eq!(third, &format!("{}_2", id(2).trim_end_matches("_1")));
    act(&agent, id(0), "CLOSE");
    assert!(in_short(&tasks(&agent)).contains(&("four", "OFFERED")), "the next that waited is the next");
    let address = server.address("rest_plain");
    for status in [200, 404] {
        assert_eq!(ask(&address, "DELETE", &last, "").unwrap().0, status);
    }
    change(&agent, "<Media><state>LOGOUT</state></Media>");
    assert!(tasks(&agent).is_empty());
}

/// The agent's sign-in, as the disk has it.
fn kept_seat(ground: &Ground) -> Option<SeatRecord> {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let (seats, _) =
        runtime.block_on(async { ground.try_open(store::Role::Tool).await.unwrap().tasks().await.unwrap() });
    seats.into_iter().find(|seat| seat.agent == AGENT)
}

fn with_grace(ground: &Ground, secs: u32) -> Server {
    let settings = [format!("store.url={}", ground.url), format!("presence.grace_secs={secs}")];
    Server::with(&[&settings[0], &settings[1], "xmpp.allow_plain_tcp=true"])
}

pub(crate) fn who_does_not_return_after_a_kill_is_signed_out_of_its_media(ground: Ground) {
    let mut server = with_grace(&ground, 3_600);
    let mut client = Tcp::bound(&server, AGENT, "desk");
    client.send(b"<presence/>");
    sign_in(&Rest::new(&server, AGENT));
    eventually("the disk knows that the agent is connected", Duration::from_secs(30), || {
        kept_seat(&ground).filter(|seat| seat.is_watched && seat.ready)
    });
    server.stop();
    server.start_elsewhere();
    bring(&server, "one");
    let agent = Rest::new(&server, AGENT);
    assert!(tasks(&agent).is_empty(), "who is not there is offered nothing");
    let mut client = Tcp::bound(&server, AGENT, "desk");
    client.send(b"<presence/>");
    eventually("who returns is offered what waits", Duration::from_secs(30), || {
        in_short(&tasks(&agent)).contains(&("one", "OFFERED")).then_some(())
    });
    server.stop();
    let server = with_grace(&ground, 1);
    let agent = Rest::new(&server, AGENT);
    eventually("who does not return is signed out", Duration::from_secs(30), || {
        (text_of(&agent.get(MEDIA).body, "state") == "LOGOUT").then_some(())
    });
    eventually("and the disk knows it", Duration::from_secs(30), || {
        kept_seat(&ground).is_none().then_some(())
    });
}

/// What became of a writer's task.
struct Told {
    task: String,
    is_withdrawal: bool,
    is_answered: bool,
}

/// Brings tasks, and takes every third back, until the server is gone.
fn write_until_killed(address: &str, tell: &mpsc::Sender<Told>) {
    for number in 0..TASKS {
        let Ok((status, answer)) = ask(address, "POST", "MediaDomain/5001/Tasks", "<Task/>") else { return };
        assert_eq!(status, 200, "{answer}");
        let task = location(&answer);
        tell.send(Told { task: task.clone(), is_withdrawal: false, is_answered: true }).unwrap();
        if number % 3 == 0 {
            tell.send(Told { task: task.clone(), is_withdrawal: true, is_answered: false }).unwrap();
            let Ok((status, answer)) = ask(address, "DELETE", &task, "") else { return };
            assert_eq!(status, 200, "{answer}");
            tell.send(Told { task, is_withdrawal: true, is_answered: true }).unwrap();
        }
    }
}

pub(crate) fn tasks_that_were_answered_survive_kills_at_any_moment(ground: Ground) {
    let mut server = start(&ground);
    let (mut brought, mut asked_back, mut taken_back) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    for round in 0..KILLS {
        let address = server.address("rest_plain");
        let (tell, told) = mpsc::channel();
        let writers: Vec<_> = (0..2)
            .map(|_| {
                let (address, tell) = (address.clone(), tell.clone());
                thread::spawn(move || write_until_killed(&address, &tell))
            })
            .collect();
        drop(tell);
        // killed in the middle of what comes after so much was told
        let before = 3 + (round as usize * 7) % 20;
        let mut all: Vec<Told> = told.iter().take(before).collect();
        server.stop();
        all.extend(told.iter());
        writers.into_iter().for_each(|writer| writer.join().unwrap());
        for Told { task, is_withdrawal, is_answered } in all {
            match (is_withdrawal, is_answered) {
                (false, _) => assert!(brought.insert(task), "an id comes once"),
                (true, false) => drop(asked_back.insert(task)),
                (true, true) => drop(taken_back.insert(task)),
            }
        }
        server.start_elsewhere();
    }
    let address = server.address("rest_plain");
    for task in &brought {
        let (status, answer) = ask(&address, "DELETE", task, "").unwrap();
        match (asked_back.contains(task), taken_back.contains(task)) {
            (_, true) => assert_eq!(status, 404, "{task} was taken back: {answer}"),
            (false, _) => assert_eq!(status, 200, "{task} was answered and is lost: {answer}"),
            // taken back or not
            (true, false) => assert!([200, 404].contains(&status), "{task}: {answer}"),
        }
    }
    assert!(brought.len() >= KILLS as usize && !taken_back.is_empty(), "each round answered something");
}

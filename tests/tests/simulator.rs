//! The simulator of the demo, by its command line.

use aplomb_tests::{Rest, Server};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

fn ctl(server: &Server, words: &str) -> Output {
    ctl_at(&server.ready_file(), words)
}

fn ctl_at(ready_file: &Path, words: &str) -> Output {
    let mut command = Command::new(aplomb_tests::server::binary());
    command.args(["sim", "ctl", "--ready-file"]).arg(ready_file).args(words.split(' '));
    command.env_remove("APLOMB_DATA_DIR").output().expect("the binary runs")
}

/// `aplomb sim`, ended with the test.
struct Alone(Child);

impl Drop for Alone {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn it_runs_alone_as_a_pair_and_plays_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let (ready, script) = (folder.path().join("ready.json"), folder.path().join("script"));
    let any = "127.0.0.1:0";
    let mut command = Command::new(aplomb_tests::server::binary());
    command.args(["sim", "--listen", any, "--listen-b", any, "--control", any, "--ready-file"]).arg(&ready);
    let _alone = Alone(command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap());
    aplomb_tests::eventually("the ready file", Duration::from_secs(30), || {
        let text = std::fs::read_to_string(&ready).ok()?;
        text.ends_with('\n').then_some(text)
    });
    std::fs::write(&script, "1001001 signs in\n1001001 is ready\nring 1001001\n1001001 answers\n").unwrap();
    let played = ctl_at(&ready, &format!("-f {}", script.display()));
    assert!(played.status.success(), "{played:?}");
    assert!(ctl_at(&ready, "switch now").status.success());
    let no_tasks = ctl_at(&ready, "task to Chat");
    assert!(String::from_utf8_lossy(&no_tasks.stderr).contains("they are the server's"), "{no_tasks:?}");
    let sides = String::from_utf8(ctl_at(&ready, "sides").stdout).unwrap();
    assert_eq!(sides, "a  standby  up  0 clients\nb  active  up  0 clients\n");
}

#[test]
fn calls_are_made_from_the_command_line() {
    let server = Server::start();
    let done = ctl(&server, "1001001 signs in");
    assert!(done.status.success(), "{done:?}");
    let rings = String::from_utf8(ctl(&server, "ring 1001001 from 5550142").stdout).unwrap();
    assert!(rings.contains("from 5550142 rings at 2001"), "{rings}");
    assert!(server.simulate("expect 2001 is ringing\n1001001 answers\ncalls").contains("2001 active"));
    let refused = ctl(&server, "1001001 retrieves");
    assert!(!refused.status.success());
    let why = String::from_utf8(refused.stderr).unwrap();
    assert!(why.contains("no call at 2001 is held"), "{why}");
}

#[test]
fn the_colleagues_of_the_demo_take_calls_and_people_do_not_get_theirs() {
    let server = Server::start();
    server.simulate("1001001 signs in\n1001001 is ready");
    aplomb_tests::eventually("a colleague talks", Duration::from_secs(60), || {
        server.simulate("agents").contains("talking").then_some(())
    });
    assert!(server.simulate("expect 1001001 is ready").is_empty());
}

#[test]
fn tasks_are_made_from_the_command_line() {
    let server = Server::start();
    let agent = Rest::new(&server, "1001001");
    for body in [
        "<Media><state>LOGIN</state><maxDialogLimit>1</maxDialogLimit></Media>",
        "<Media><state>READY</state></Media>",
    ] {
        assert_eq!(agent.send("PUT", "User/1001001/Media/5001", body, "").status, 202);
    }
    let said = |words: &str| {
        let done = ctl(&server, words);
        assert!(done.status.success(), "{done:?}");
        String::from_utf8(done.stdout).unwrap()
    };
    let offered = said("task to chat var1=gold user.order=4711");
    assert!(offered.ends_with("is offered to 1001001\n"), "{offered}");
    let seen = agent.get("User/1001001/Dialogs/Media").body;
    for part in
        ["<state>OFFERED<", "<name>callVariable1</name><value>gold<", "<name>user.order</name><value>4711<"]
    {
        assert!(seen.contains(part), "{part}: {seen}");
    }
    let waits = said("task to 5001");
    assert!(waits.contains("waits"), "{waits}");
    let id = waits.split(' ').nth(1).unwrap();
    let list = said("tasks");
    assert!(list.contains("Chat  1 waiting") && list.contains("Chat  1001001  OFFERED"), "{list}");
    said(&format!("task withdraw {id}"));
    assert!(said("tasks").contains("Chat  0 waiting"));
    for (words, why) in [
        ("task to Fax", "there is no media domain Fax; there are Chat, Mail"),
        ("task to Chat var11=x", "callVariable11"),
        ("task withdraw 1_1_1", "no task 1_1_1"),
    ] {
        let refused = ctl(&server, words);
        assert!(!refused.status.success(), "{words}");
        let said = String::from_utf8(refused.stderr).unwrap();
        assert!(said.contains(why), "{words}: {said}");
    }
}

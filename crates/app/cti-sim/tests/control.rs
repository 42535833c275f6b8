//! The script language, in the process and over HTTP.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod desk;

use desk::Running;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

#[tokio::test]
async fn a_script_from_a_call_to_its_end() {
    let running = Running::start().await;
    let said = running
        .play(
            "# two agents, one of them busy
             1001001 signs in
             1001001 is ready
             1001002 signs in
             call from 5551001 to Support var1=\"a b\"
             expect 1001001 is reserved
             1001001 answers
             expect 5551001 is active
             1001001 holds
             expect 2001 is held
             1001001 retrieves
             1001001 consults 2002
             1001002 answers
             1001001 conferences
             expect 2002 is active
             1001001 drops 2002
             1001001 sets wrapup=Sold user.x=y
             1001001 presses 12#
             1001001 is not ready 4
             wait 10ms
             5551001 hangs up
             expect 1001001 is not ready 4
             expect no calls within 2s",
        )
        .await;
    assert!(said.starts_with("1001001 is not ready\n1001001 is ready\n"), "{said}");
}

/// With tokio's clock paused, time passes as soon as everybody waits.
#[tokio::test(start_paused = true)]
async fn minutes_of_a_script_take_no_time_where_the_clock_is_not_a_real_one() {
    let running = Running::start().await;
    running
        .play(
            "1001001 signs in
             1001001 is ready
             wrap-up 1001001 2m
             call from 5551001 to Support talks 5m
             1001001 answers
             wait 4m
             expect 1001001 is talking
             wait 61s
             expect 1001001 is wrapping up
             wait 2m
             expect 1001001 is ready
             call from 5551002 to Support waits 3m
             wait 20s
             expect 1001001 is not ready 32767
             expect 1 waiting in Support
             wait 3m
             expect no calls",
        )
        .await;
}

#[tokio::test]
async fn a_line_that_fails_is_named_and_ends_the_script() {
    let running = Running::start().await;
    let why = running.control.play("1001001 signs in\n1001001 answers\n1001001 is ready").await.unwrap_err();
    assert_eq!(why, "1001001 is not ready\nline 2: no call at 2001 is ringing");
    let why = running.control.play("expect 1001001 is ready within 50ms").await.unwrap_err();
    assert_eq!(why, "1001001 is not ready, not ready");
}

#[tokio::test]
async fn what_is_not_understood_is_said() {
    let running = Running::start().await;
    for (line, words) in [
        ("dance", "try help"),
        ("1001001 dances", "not signed in"),
        ("call from 5551001", "to whom"),
        ("call from 5551001 to 9999", "neither a queue nor a telephone"),
        ("call from 5551001 to Support var11=x", "no call variable 11"),
        ("ring 1001001", "not signed in"),
        ("ring 9", "no agent 9"),
        ("offer 5551001 to 1001001", "not ready"),
        ("side c down", "no side"),
        ("burst 100001", "too many"),
        ("send 0g", "hexadecimal"),
        ("1001001 signs in and out", "not understood"),
        ("wait soon", "no time"),
        ("call from \"5551001", "quotation mark"),
    ] {
        let why = running.control.play(line).await.unwrap_err();
        assert!(why.contains(words), "{line}: {why}");
    }
}

#[tokio::test]
async fn a_call_rings_at_ones_own_desk_ready_or_not() {
    let running = Running::start().await;
    running.play("1001003 signs in\n1001003 is ready\n1001001 signs in\n1001001 is ready").await;
    let said = running.play("ring 1001001 from 5550142").await;
    assert!(said.ends_with("from 5550142 rings at 2001\n"), "{said}");
    running.play("expect 1001001 is reserved\nexpect 1001003 is ready\n1001001 answers\n1001001 drops").await;
    running.play("1001001 is not ready\nring 1001001\nexpect 2001 is ringing").await;
}

#[tokio::test]
async fn what_there_is_can_be_looked_at() {
    let running = Running::start().await;
    running.play("1001001 signs in\n1001001 is ready\ncall from 5551001 to Support var1=x").await;
    running.play("call from 5551002 to Support").await;
    let agents = running.play("agents").await;
    assert!(
        agents.lines().any(|line| line.contains("1001001    2001") && line.ends_with("reserved")),
        "{agents}"
    );
    let calls = running.play("calls").await;
    assert!(calls.contains("Routed of Support  5551001 calling, 2001 ringing  var1=\"x\""), "{calls}");
    assert!(calls.contains("waits in Support for 0:00"), "{calls}");
    assert!(running.play("queues").await.contains("1 wait"));
    assert!(running.play("clients").await.contains("no clients"));
    assert!(running.play("help").await.contains("ring ID"));
}

async fn http(running: &Running, head: &str, body: &str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(running.control.clone().serve(listener));
    let mut stream = TcpStream::connect(address).await.unwrap();
    let length = body.len();
    let request = format!(
        "{head} / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n{body}"
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    answer
}

#[tokio::test]
async fn orders_come_over_http_but_not_from_pages() {
    let running = Running::start().await;
    let answer = http(&running, "POST", "1001001 signs in").await;
    assert!(answer.starts_with("HTTP/1.1 200") && answer.ends_with("1001001 is not ready\n"), "{answer}");
    let answer = http(&running, "POST", "nonsense!").await;
    assert!(answer.starts_with("HTTP/1.1 400"), "{answer}");
    assert!(http(&running, "GET", "").await.contains("people who call"));
    let too_long = "# x\n".repeat(100_000);
    assert!(http(&running, "POST", &too_long).await.starts_with("HTTP/1.1 413"));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(running.control.clone().serve(listener));
    let mut stream = TcpStream::connect(address).await.unwrap();
    let request = "POST / HTTP/1.1\r\nHost: x\r\nOrigin: http://example.org\r\nContent-Length: 6\r\nConnection: close\r\n\r\nagents";
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 403"), "{answer}");
}

//! What the web service has answered with 200 is there, however often its server is killed.

use crate::Ground;
use crate::server::start;
use aplomb_tests::{PASSWORD, Rest};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use std::io::{self, Read as _, Write as _};
use std::net::TcpStream;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

const KILLS: u64 = 100;

/// Changes of one round by each of two writers: more than are answered before the kill.
const CHANGES: u64 = 25;

/// The administrator's request, whose answer may never come: what was answered, or that the server is gone.
pub(crate) fn ask(address: &str, method: &str, path: &str, body: &str) -> io::Result<(u16, String)> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(Duration::from_secs(20)))?;
    let credentials = BASE64_STANDARD.encode(format!("administrator:{PASSWORD}"));
    write!(
        stream,
        "{method} /finesse/api/{path} HTTP/1.1\r\nHost: {address}\r\nAuthorization: Basic {credentials}\r\n\
         Content-Type: application/xml\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    )?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    let is_whole = answer.contains("\r\n\r\n");
    let status = answer.split(' ').nth(1).and_then(|status| status.parse().ok()).filter(|_| is_whole);
    Ok((status.ok_or(io::ErrorKind::UnexpectedEof)?, answer))
}

fn post(address: &str, path: &str, body: &str) -> io::Result<u16> {
    ask(address, "POST", path, body).map(|(status, _)| status)
}

/// Makes contacts until the server is gone, and tells the label of each that was answered.
fn write_until_killed(address: &str, writer: &str, told: &mpsc::Sender<String>) {
    for number in 0..CHANGES {
        let label = format!("{writer}-{number}");
        let body =
            format!("<Contact><firstName>{label}</firstName><phoneNumber>5550100</phoneNumber></Contact>");
        match post(address, "PhoneBook/1/Contact", &body) {
            Ok(status) => {
                assert_eq!(status, 200, "{label}");
                told.send(label).unwrap();
            }
            Err(_) => return,
        }
    }
}

pub(crate) fn what_was_answered_200_survives_a_hundred_kills(ground: Ground) {
    let mut server = start(&ground);
    let book = "<PhoneBook><name>All</name><type>GLOBAL</type></PhoneBook>";
    assert_eq!(post(&server.address("rest_plain"), "PhoneBook", book).unwrap(), 200);
    let mut answered: Vec<String> = Vec::new();
    for round in 0..KILLS {
        let address = server.address("rest_plain");
        let (told, answers) = mpsc::channel();
        let writers: Vec<_> = (0..2)
            .map(|writer| {
                let (address, told) = (address.clone(), told.clone());
                thread::spawn(move || write_until_killed(&address, &format!("{round}-{writer}"), &told))
            })
            .collect();
        drop(told);
        // killed in the middle of what comes after so many answers
        answered.extend(answers.iter().take(1 + (round as usize * 7) % 12));
        server.stop();
        answered.extend(answers.iter());
        writers.into_iter().for_each(|writer| writer.join().unwrap());
        server.start_elsewhere();
        let list = Rest::new(&server, "administrator").get("PhoneBook/1/Contacts").body;
        for label in &answered {
            assert!(
                list.contains(&format!("<firstName>{label}</firstName>")),
                "{label} was answered: {list}"
            );
        }
    }
    assert!(answered.len() >= KILLS as usize, "each round answered something");
}

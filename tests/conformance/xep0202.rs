//! Entity time.

use crate::case::{Case, Document, Outcome, case};
use crate::client::Tcp;
use crate::subject::{DOMAIN, Subject};
use std::time::{SystemTime, UNIX_EPOCH};

pub(crate) const DOCUMENT: Document = Document { name: "XEP-0202", title: "Entity Time", sections: &[CASES] };

const NS: &str = "urn:xmpp:time";

const CASES: &[Case] = &[
    case!(the_time_is_right, "3", "`<utc/>`: the present time, as XEP-0082 writes it"),
    case!(the_offset_is_told, "3", "`<tzo/>`: `Z`, or `+hh:mm` or `-hh:mm`"),
    case!(it_is_announced, "4", "`urn:xmpp:time` is among the features of the domain"),
];

fn told(subject: &Subject, name: &str) -> String {
    let time = format!("<iq type='get' id='t' to='{DOMAIN}'><time xmlns='{NS}'/></iq>");
    let answer = Tcp::sign_in(subject).iq("t", &time);
    let time = answer.child(NS, "time").unwrap_or_else(|| panic!("{answer}"));
    time.child(NS, name).unwrap_or_else(|| panic!("no {name}: {answer}")).text.clone()
}

/// Seconds since midnight of a time like `2026-11-22T00:16:04.5Z`.
fn seconds_of_day(utc: &str) -> u64 {
    let (_, time) =
        utc.strip_suffix('Z').and_then(|utc| utc.split_once('T')).unwrap_or_else(|| panic!("{utc}"));
    let parts: Vec<&str> = time.split(':').collect();
    let [hours, minutes, seconds] = parts[..] else { panic!("{utc}") };
    let seconds = seconds.split('.').next().unwrap();
    [hours, minutes, seconds].iter().fold(0, |sum, part| sum * 60 + part.parse::<u64>().unwrap())
}

fn the_time_is_right(subject: &Subject) -> Outcome {
    let told = seconds_of_day(&told(subject, "utc"));
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs() % 86_400;
    // a minute for a busy machine, on either side of midnight
    let apart = told.abs_diff(now);
    assert!(apart.min(86_400 - apart) < 60, "{told} and {now} seconds of the day");
    Ok(())
}

fn the_offset_is_told(subject: &Subject) -> Outcome {
    let offset = told(subject, "tzo");
    let is_offset = offset.len() == 6 && offset.starts_with(['+', '-']) && offset.as_bytes()[3] == b':';
    assert!(offset == "Z" || is_offset, "{offset}");
    Ok(())
}

fn it_is_announced(subject: &Subject) -> Outcome {
    let features = crate::xep0030::features(&mut Tcp::sign_in(subject), DOMAIN);
    assert!(features.iter().any(|feature| feature == NS), "{features:?}");
    Ok(())
}

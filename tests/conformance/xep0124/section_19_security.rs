//! Under TLS.

use crate::case::{Case, Outcome, case};
use crate::client::bosh::{FIRST_RID, body, creation};
use crate::client::http::exchange_under_tls;
use crate::client::{Element, auth, bind, ns, ping};
use crate::subject::{DOMAIN, Subject};

pub(crate) const CASES: &[Case] = &[case!(
    a_session_over_https_is_served,
    "19.1",
    "All communication should be over encrypted connections"
)];

fn a_session_over_https_is_served(subject: &Subject) -> Outcome {
    let mut rid = FIRST_RID;
    let ask = |text: &str| -> Element {
        body(&exchange_under_tls(&subject.at.https, "POST", subject.at.bosh_path, text.as_bytes()))
    };
    let terms = ask(&creation(rid, &[("wait", "2")]));
    let sid = terms.attr("sid").unwrap_or_else(|| panic!("no session: {terms}")).to_owned();
    let mut next = |attributes: &str, inside: &str, wanted: &str| {
        let mut inside = inside;
        for _ in 0..10 {
            rid += 1;
            let root = ask(&format!(
                "<body xmlns='{}' xmlns:xmpp='{}' sid='{sid}' rid='{rid}' {attributes}>{inside}</body>",
                ns::HTTPBIND,
                ns::XBOSH
            ));
            if root.find(wanted).is_some() || root.children.iter().any(|child| child.has_id(wanted)) {
                return;
            }
            inside = "";
        }
        panic!("{wanted} did not come");
    };
    if terms.find("mechanisms").is_none() {
        next("", "", "mechanisms");
    }
    next("", &auth(&subject.user()), "success");
    next(&format!("xmpp:restart='true' to='{DOMAIN}'"), "", "features");
    next("", &bind("secure"), "jid");
    next("", &ping("p"), "p");
    Ok(())
}

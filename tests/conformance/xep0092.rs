//! Software version.

use crate::case::{Case, Document, Outcome, case};
use crate::client::Tcp;
use crate::subject::{DOMAIN, Subject};

pub(crate) const DOCUMENT: Document =
    Document { name: "XEP-0092", title: "Software Version", sections: &[CASES] };

const CASES: &[Case] = &[
    case!(name_and_version_are_told, "3", "`jabber:iq:version` get: a result with name and version"),
    case!(it_is_announced, "4", "`jabber:iq:version` is among the features of the domain"),
];

fn name_and_version_are_told(subject: &Subject) -> Outcome {
    let query = "<query xmlns='jabber:iq:version'/>";
    let answer = Tcp::sign_in(subject).iq("v", &format!("<iq type='get' id='v' to='{DOMAIN}'>{query}</iq>"));
    let query = answer.child("jabber:iq:version", "query").unwrap_or_else(|| panic!("{answer}"));
    for name in ["name", "version"] {
        let told = query.child("jabber:iq:version", name).unwrap_or_else(|| panic!("no {name}: {answer}"));
        assert!(!told.text.trim().is_empty(), "{answer}");
    }
    Ok(())
}

fn it_is_announced(subject: &Subject) -> Outcome {
    let features = crate::xep0030::features(&mut Tcp::sign_in(subject), DOMAIN);
    assert!(features.iter().any(|feature| feature == "jabber:iq:version"), "{features:?}");
    Ok(())
}

//! XMPP itself, over TCP.

use crate::case::Document;

mod section_04_streams;
mod section_05_starttls;
mod section_06_sasl;
mod section_07_binding;
mod section_08_stanzas;
mod section_11_xml;
mod section_13_binding;

pub(crate) const DOCUMENT: Document = Document {
    name: "RFC 6120",
    title: "Extensible Messaging and Presence Protocol (XMPP): Core",
    sections: &[
        section_04_streams::CASES,
        section_05_starttls::CASES,
        section_06_sasl::CASES,
        section_07_binding::CASES,
        section_08_stanzas::CASES,
        section_11_xml::CASES,
        section_13_binding::CASES,
    ],
};

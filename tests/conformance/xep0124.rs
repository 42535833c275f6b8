//! BOSH.

use crate::case::Document;

mod section_05_http;
mod section_06_body;
mod section_07_creation;
mod section_08_payloads;
mod section_09_acknowledgements;
mod section_10_inactivity;
mod section_11_overactivity;
mod section_12_polling;
mod section_13_termination;
mod section_14_request_ids;
mod section_15_keys;
mod section_16_streams;
mod section_17_conditions;
mod section_19_security;

pub(crate) const DOCUMENT: Document = Document {
    name: "XEP-0124",
    title: "Bidirectional-streams Over Synchronous HTTP (BOSH)",
    sections: &[
        section_05_http::CASES,
        section_06_body::CASES,
        section_07_creation::CASES,
        section_08_payloads::CASES,
        section_09_acknowledgements::CASES,
        section_10_inactivity::CASES,
        section_11_overactivity::CASES,
        section_12_polling::CASES,
        section_13_termination::CASES,
        section_14_request_ids::CASES,
        section_15_keys::CASES,
        section_16_streams::CASES,
        section_17_conditions::CASES,
        section_19_security::CASES,
    ],
};

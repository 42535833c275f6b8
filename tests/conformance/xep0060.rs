//! Publish-subscribe. The service is asked at `pubsub.localhost`; what a subject does not announce counts as not offered.

use crate::case::Document;

mod section_05_discovery;
mod section_06_items;
mod section_06_options;
mod section_06_subscribing;
mod section_07_options;
mod section_07_publishing;
mod section_07_retracting;
mod section_08_nodes;
mod section_08_people;
mod section_09_automatic;
mod section_12_delivery;

pub(crate) const DOCUMENT: Document = Document {
    name: "XEP-0060",
    title: "Publish-Subscribe",
    sections: &[
        section_05_discovery::CASES,
        section_06_subscribing::CASES,
        section_06_options::CASES,
        section_06_items::CASES,
        section_07_publishing::CASES,
        section_07_options::CASES,
        section_07_retracting::CASES,
        section_08_nodes::CASES,
        section_08_people::CASES,
        section_09_automatic::CASES,
        section_12_delivery::CASES,
    ],
};

//! What an established client asks for, and our answers.

mod answer;
mod capabilities;
mod command;
mod excerpt;
mod form;
mod management;
mod numbers;
mod probe;
mod pubsub;
mod request;
mod result_set;

pub use answer::{DiscoItem, disco_info, disco_items, roster, time, version};
pub use capabilities::{Ability, Capabilities};
pub use command::{Action, Command, CommandAnswer};
pub use form::{Field, Form, Malformed, Submission, Submitted};
pub use management::{
    Management, Resumption, management_answer, management_enabled, management_failed, management_request,
    management_resumed,
};
pub use numbers::{Known, NodeNumber, NumbersAnswer, NumbersRequest};
pub use probe::{Probe, ProbeNote};
pub use pubsub::{Affiliated, Item, Publication, PubsubAnswer, PubsubRequest, Scope, Subscription};
pub use request::{Request, authorization, request};
pub use result_set::{Page, ResultSet};

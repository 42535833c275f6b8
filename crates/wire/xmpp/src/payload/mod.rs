//! What an established client asks for, and our answers.

mod answer;
mod pubsub;
mod request;

pub use answer::{disco_info, disco_items, roster, version};
pub use pubsub::{PubsubRequest, Subscription, subscribed, subscriptions};
pub use request::{Request, request};

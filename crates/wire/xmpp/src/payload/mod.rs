//! What an established client asks for, and our answers.

mod answer;
mod excerpt;
mod management;
mod pubsub;
mod request;

pub use answer::{disco_info, disco_items, roster, time, version};
pub use management::{
    Management, Resumption, management_answer, management_enabled, management_failed, management_request,
    management_resumed,
};
pub use pubsub::{PubsubRequest, Subscription, published, subscribed, subscriptions};
pub use request::{Request, request};

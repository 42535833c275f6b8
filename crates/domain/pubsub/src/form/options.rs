//! A subscription's options (XEP-0060 §16.4.2).

use super::{SUBSCRIBE_OPTIONS, Wrong, flag, flag_word, single};
use crate::configuration::{Show, SubscriptionOptions};
use jiff::Timestamp;
use xmpp::payload::{Field, Form, Submitted};
use xmpp::{Condition, StanzaError};

/// The form with which a subscription is configured.
pub(crate) fn options(options: &SubscriptionOptions, expires: Option<Timestamp>) -> Form {
    let words = |shows: &[Show]| shows.iter().map(|show| show.word().to_owned()).collect::<Vec<_>>();
    let mut shows =
        Field::new("pubsub#show-values", "list-multi", "At which availability events are delivered", "");
    shows.values = words(&options.show_values);
    shows.options = words(Show::ALL);
    let mut type_ =
        Field::new("pubsub#subscription_type", "list-single", "What events are delivered", "items");
    type_.options = vec!["items".to_owned()];
    let deliver = flag_word(options.deliver);
    let mut expire =
        Field::new("pubsub#expire", "text-single", "When the subscription ends (XEP-0082)", String::new());
    expire.values = expires.iter().map(Timestamp::to_string).collect();
    let fields = vec![
        Field::new("pubsub#deliver", "boolean", "Whether events are delivered", deliver),
        Field::new("pubsub#digest", "boolean", "Whether they are gathered into digests", "0"),
        expire,
        Field::new("pubsub#include_body", "boolean", "Whether messages have a body for people", "0"),
        shows,
        type_,
    ];
    Form { type_: "form", form_type: SUBSCRIBE_OPTIONS, title: None, fields }
}

/// Changes what the form says; the rest stays as it is.
///
/// # Errors
/// `bad-request` with `invalid-options` (XEP-0060 §6.3.5).
pub(crate) fn apply_options(
    now: Timestamp,
    (options, expires): (SubscriptionOptions, Option<Timestamp>),
    form: &Submitted,
) -> Result<(SubscriptionOptions, Option<Timestamp>), StanzaError> {
    let invalid = StanzaError::pubsub(Condition::BadRequest, "invalid-options");
    if form.form_type.as_deref().is_some_and(|about| about != SUBSCRIBE_OPTIONS) {
        return Err(invalid);
    }
    let mut changed = (options, expires);
    for (var, values) in &form.fields {
        set(now, &mut changed, var, values).map_err(|Wrong| invalid)?;
    }
    Ok(changed)
}

fn set(
    now: Timestamp,
    (options, expires): &mut (SubscriptionOptions, Option<Timestamp>),
    var: &str,
    values: &[String],
) -> Result<(), Wrong> {
    match var {
        "pubsub#deliver" => options.deliver = flag(values)?,
        // we make neither digests nor texts for people
        "pubsub#digest" | "pubsub#include_body" if !flag(values)? => {}
        "pubsub#subscription_type" if single(values)? == "items" => {}
        "pubsub#subscription_depth" if matches!(single(values)?, "1" | "all") => {}
        "pubsub#expire" => *expires = expiry(now, values)?,
        "pubsub#show-values" => {
            let shows: Option<Vec<Show>> = values.iter().map(|value| Show::from_word(value.trim())).collect();
            options.show_values = shows.ok_or(Wrong)?;
            options.show_values.sort_unstable();
            options.show_values.dedup();
        }
        _ => return Err(Wrong),
    }
    Ok(())
}

/// A time to come (XEP-0082), or none.
fn expiry(now: Timestamp, values: &[String]) -> Result<Option<Timestamp>, Wrong> {
    match values {
        [] => Ok(None),
        [value] if value.is_empty() => Ok(None),
        _ => {
            let at: Timestamp = single(values)?.trim().parse().map_err(|_| Wrong)?;
            if at > now { Ok(Some(at)) } else { Err(Wrong) }
        }
    }
}

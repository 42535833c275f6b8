//! When notifications come, in which form, and to whom.

use crate::case::{Case, Outcome, case, not_offered};
use crate::client::entity::{granted, ids};
use crate::client::{Entity, Tcp};
use crate::subject::Subject;

pub(crate) const CASES: &[Case] = &[
    case!(
        the_last_item_comes_with_presence,
        "6.1.7",
        "on_sub_and_presence: the newest item when the subscriber comes"
    ),
    case!(
        nothing_comes_unasked_where_it_is_never_sent,
        "6.1.7",
        "send_last_published_item never: nothing at subscription"
    ),
    case!(
        nobody_who_is_away_gets_a_presence_based_event,
        "12.2",
        "presence_based_delivery: only the available get it"
    ),
    case!(
        messages_are_of_the_kind_that_is_configured,
        "12.7",
        "notification_type headline: type of the message"
    ),
    case!(deletions_may_go_untold, "8.4.2", "notify_delete false: no event"),
    case!(retractions_may_go_untold, "7.2.2.1", "notify_retract false and none asked for: no event"),
    case!(an_item_may_expire, "16.4.4", "item_expire: after so many seconds it is no longer told"),
    case!(events_come_in_order, "7.1.2.1", "Many publications: every one, once, in their order"),
    case!(everyone_who_is_subscribed_is_told, "7.1.2.1", "Many subscribers: each gets the event"),
];

fn the_last_item_comes_with_presence(subject: &Subject) -> Outcome {
    let mut owner = Entity::owner(subject);
    if !owner.offers("last-published") && !owner.offers("presence-notifications") {
        return not_offered("it announces neither last-published nor presence-notifications");
    }
    let node = owner.create(&[("send_last_published_item", "on_sub_and_presence")]);
    let name = subject.user();
    let mut user = Entity::of(Tcp::sign_in_as(subject, &name, "first"));
    let bare = user.bare();
    granted(user.set(&format!("<subscribe node='{node}' jid='{bare}'/>")));
    granted(owner.publish(&node, "older"));
    granted(owner.publish(&node, "newest"));
    user.event(&node);
    user.event(&node);
    user.tcp.send("</stream:stream>");
    user.tcp.ending();
    let mut user = Entity::of(Tcp::sign_in_as(subject, &name, "second"));
    let event = user.event(&node);
    assert_eq!(event.find("item").and_then(|item| item.attr("id")), Some("newest"), "{event}");
    Ok(())
}

/// An owner, a subscriber, and a node with one such setting; `None` if there is no such setting.
fn subscribed(subject: &Subject, name: &str, value: &str) -> Option<(Entity, Entity, String)> {
    let (mut owner, mut user) = (Entity::owner(subject), Entity::user(subject));
    let node = owner.create(&[]);
    if !owner.configures(&node, name) {
        return None;
    }
    granted(owner.configure(&node, &[(name, value)]));
    granted(user.subscribe(&node));
    Some((owner, user, node))
}

const NO_SETTING: &str = "no such setting";

fn nothing_comes_unasked_where_it_is_never_sent(subject: &Subject) -> Outcome {
    let mut owner = Entity::owner(subject);
    let node = owner.create(&[("send_last_published_item", "never")]);
    granted(owner.publish(&node, "one"));
    let mut user = Entity::user(subject);
    granted(user.subscribe(&node));
    user.hears_nothing_of(&node, &mut owner);
    Ok(())
}

fn nobody_who_is_away_gets_a_presence_based_event(subject: &Subject) -> Outcome {
    let Some((mut owner, mut user, node)) = subscribed(subject, "presence_based_delivery", "1") else {
        return not_offered(NO_SETTING);
    };
    granted(owner.publish(&node, "one"));
    user.event(&node);
    user.tcp.send("<presence type='unavailable'/>");
    user.tcp.is_alive();
    granted(owner.publish(&node, "two"));
    owner.tcp.is_alive();
    user.tcp.send("<presence/>");
    user.hears_nothing_of(&node, &mut owner);
    Ok(())
}

fn messages_are_of_the_kind_that_is_configured(subject: &Subject) -> Outcome {
    let Some((mut owner, mut user, node)) = subscribed(subject, "notification_type", "headline") else {
        return not_offered(NO_SETTING);
    };
    granted(owner.publish(&node, "one"));
    let event = user.event(&node);
    assert_eq!(event.attr("type"), Some("headline"), "{event}");
    granted(owner.configure(&node, &[("notification_type", "normal")]));
    granted(owner.publish(&node, "two"));
    let event = user.message("the second", |message| message.find("item").is_some());
    assert!(event.attr("type").is_none_or(|type_| type_ == "normal"), "{event}");
    Ok(())
}

fn deletions_may_go_untold(subject: &Subject) -> Outcome {
    let Some((mut owner, mut user, node)) = subscribed(subject, "notify_delete", "0") else {
        return not_offered(NO_SETTING);
    };
    granted(owner.owner_set(&format!("<delete node='{node}'/>")));
    user.hears_nothing_of(&node, &mut owner);
    Ok(())
}

fn retractions_may_go_untold(subject: &Subject) -> Outcome {
    let Some((mut owner, mut user, node)) = subscribed(subject, "notify_retract", "0") else {
        return not_offered(NO_SETTING);
    };
    granted(owner.publish(&node, "one"));
    user.event(&node);
    granted(owner.set(&format!("<retract node='{node}'><item id='one'/></retract>")));
    user.hears_nothing_of(&node, &mut owner);
    Ok(())
}

fn an_item_may_expire(subject: &Subject) -> Outcome {
    let Some((mut owner, mut user, node)) = subscribed(subject, "item_expire", "2") else {
        return not_offered(NO_SETTING);
    };
    granted(owner.publish(&node, "short-lived"));
    user.event(&node);
    assert_eq!(ids(&granted(user.items(&node))), ["short-lived"]);
    let end = std::time::Instant::now() + std::time::Duration::from_secs(20);
    while !ids(&granted(user.items(&node))).is_empty() {
        assert!(std::time::Instant::now() < end, "the item does not expire");
        std::thread::sleep(std::time::Duration::from_millis(250));
    }
    Ok(())
}

fn events_come_in_order(subject: &Subject) -> Outcome {
    let (mut owner, mut user) = (Entity::owner(subject), Entity::user(subject));
    let node = owner.create(&[]);
    granted(user.subscribe(&node));
    let published: Vec<String> = (0..50).map(|number| format!("i{number}")).collect();
    for id in &published {
        granted(owner.publish(&node, id));
    }
    let seen = published.iter().map(|_| {
        let event = user.event(&node);
        event.find("item").and_then(|item| item.attr("id")).unwrap_or_default().to_owned()
    });
    assert_eq!(seen.collect::<Vec<_>>(), published);
    Ok(())
}

fn everyone_who_is_subscribed_is_told(subject: &Subject) -> Outcome {
    let mut owner = Entity::owner(subject);
    let node = owner.create(&[]);
    let mut users: Vec<Entity> = (0..10).map(|_| Entity::user(subject)).collect();
    for user in &mut users {
        granted(user.subscribe(&node));
    }
    granted(owner.publish(&node, "one"));
    for user in &mut users {
        user.event(&node);
    }
    Ok(())
}

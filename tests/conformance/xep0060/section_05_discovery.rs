//! What can be found out about the service, its nodes and one's own part in them.

use crate::case::{Case, Outcome, case, not_offered};
use crate::client::entity::{SERVICE, fresh_node, granted, refused, values};
use crate::client::{Element, Entity, ns};
use crate::subject::Subject;

pub(crate) const CASES: &[Case] = &[
    case!(
        the_service_is_found_by_looking,
        "5.1",
        "disco#items of the server lists it, disco#info names it `pubsub/service`"
    ),
    case!(a_created_node_is_listed, "5.2", "disco#items of the service lists its nodes"),
    case!(a_node_is_a_leaf, "5.3", "disco#info of a node: identity `pubsub/leaf`, feature of the protocol"),
    case!(an_unknown_node_has_no_information, "5.3", "disco#info of no node: item-not-found"),
    case!(a_node_tells_about_itself, "5.4", "Meta-data: title, type and access model in a form"),
    case!(a_nodes_items_are_listed_by_their_ids, "5.5", "disco#items of a node: its items' ids as `name`"),
    case!(
        items_of_a_closed_node_are_not_listed,
        "5.5",
        "disco#items of a whitelist node for a stranger: an error"
    ),
    case!(own_subscriptions_to_all_nodes_are_told, "5.6", "`<subscriptions/>`: every node, JID and state"),
    case!(
        own_subscriptions_to_one_node_are_told,
        "5.6",
        "`<subscriptions node=''/>`: those to that node only"
    ),
    case!(nobody_without_subscriptions_gets_an_empty_list, "5.6", "No subscriptions: an empty element"),
    case!(own_affiliations_with_all_nodes_are_told, "5.7", "`<affiliations/>`: every node and affiliation"),
    case!(own_affiliation_with_one_node_is_told, "5.7", "`<affiliations node=''/>`: with that node only"),
    case!(node_names_are_any_text, "12.12", "Slashes, spaces, apostrophes and any script in a node's name"),
];

fn the_service_is_found_by_looking(subject: &Subject) -> Outcome {
    let mut user = Entity::user(subject);
    let items = granted(user.ask("localhost", "get", &format!("<query xmlns='{}'/>", ns::DISCO_ITEMS)));
    assert!(
        items.find("query").unwrap().children.iter().any(|item| item.attr("jid") == Some(SERVICE)),
        "{items}"
    );
    let info = granted(user.info(""));
    let identity = info.find("identity").unwrap_or_else(|| panic!("{info}"));
    assert_eq!(
        (identity.attr("category"), identity.attr("type")),
        (Some("pubsub"), Some("service")),
        "{info}"
    );
    assert!(has_feature(&info, ns::PUBSUB), "{info}");
    Ok(())
}

fn has_feature(info: &Element, feature: &str) -> bool {
    info.find("query").unwrap().children.iter().any(|child| child.attr("var") == Some(feature))
}

fn listed(answer: &Element, attribute: &str, value: &str) -> bool {
    answer.find("query").unwrap().children.iter().any(|item| item.attr(attribute) == Some(value))
}

fn looks(who: &mut Entity, node: &str) -> Element {
    who.ask(SERVICE, "get", &format!("<query xmlns='{}' {node}/>", ns::DISCO_ITEMS))
}

fn a_created_node_is_listed(subject: &Subject) -> Outcome {
    let mut owner = Entity::owner(subject);
    let node = owner.create(&[]);
    let mut seen = granted(looks(&mut owner, ""));
    // a long list comes in pages (XEP-0059)
    while !listed(&seen, "node", &node) {
        let set = seen.find("set").unwrap_or_else(|| panic!("{node} is not in {seen}"));
        let last = set.find("last").unwrap_or_else(|| panic!("{node} is nowhere: {seen}")).text.clone();
        let page = format!("<set xmlns='{}'><after>{last}</after></set>", ns::RSM);
        seen =
            granted(owner.ask(SERVICE, "get", &format!("<query xmlns='{}'>{page}</query>", ns::DISCO_ITEMS)));
    }
    Ok(())
}

fn a_node_is_a_leaf(subject: &Subject) -> Outcome {
    let mut owner = Entity::owner(subject);
    let node = owner.create(&[]);
    let info = granted(Entity::user(subject).info(&node));
    let identity = info.find("identity").unwrap_or_else(|| panic!("{info}"));
    assert_eq!((identity.attr("category"), identity.attr("type")), (Some("pubsub"), Some("leaf")), "{info}");
    assert_eq!(info.find("query").unwrap().attr("node"), Some(node.as_str()), "{info}");
    Ok(())
}

fn an_unknown_node_has_no_information(subject: &Subject) -> Outcome {
    refused(&Entity::user(subject).info(&fresh_node()), "item-not-found", "");
    Ok(())
}

fn a_node_tells_about_itself(subject: &Subject) -> Outcome {
    let mut owner = Entity::owner(subject);
    if !owner.offers("meta-data") {
        return not_offered("it does not announce meta-data");
    }
    let node = owner.create(&[("title", "Queue of the day"), ("type", "urn:example:conformance")]);
    let info = granted(Entity::user(subject).info(&node));
    assert_eq!(values(&info, "FORM_TYPE"), [format!("{}#meta-data", ns::PUBSUB)], "{info}");
    assert_eq!(values(&info, "pubsub#title"), ["Queue of the day"], "{info}");
    assert_eq!(values(&info, "pubsub#type"), ["urn:example:conformance"], "{info}");
    assert_eq!(values(&info, "pubsub#access_model"), ["open"], "{info}");
    Ok(())
}

fn a_nodes_items_are_listed_by_their_ids(subject: &Subject) -> Outcome {
    let mut owner = Entity::owner(subject);
    let node = owner.create(&[]);
    granted(owner.publish(&node, "one"));
    granted(owner.publish(&node, "two"));
    let answer = granted(looks(&mut owner, &format!("node='{node}'")));
    assert!(listed(&answer, "name", "one") && listed(&answer, "name", "two"), "{answer}");
    assert!(!listed(&answer, "node", &node), "an item is not a node: {answer}");
    Ok(())
}

fn items_of_a_closed_node_are_not_listed(subject: &Subject) -> Outcome {
    let mut owner = Entity::owner(subject);
    let node = owner.create(&[("access_model", "whitelist")]);
    granted(owner.publish(&node, "secret"));
    let answer = looks(&mut Entity::user(subject), &format!("node='{node}'"));
    assert!(!answer.to_string().contains("secret"), "{answer}");
    Ok(())
}

fn subscriptions(answer: &Element) -> Vec<(String, String, String)> {
    let list = answer.find("subscriptions").unwrap_or_else(|| panic!("{answer}"));
    let node = list.attr("node");
    let attr = |e: &Element, name: &str| e.attr(name).unwrap_or_default().to_owned();
    let one = |e: &Element| {
        (e.attr("node").or(node).unwrap_or_default().to_owned(), attr(e, "jid"), attr(e, "subscription"))
    };
    list.children.iter().map(one).collect()
}

fn own_subscriptions_to_all_nodes_are_told(subject: &Subject) -> Outcome {
    let (mut owner, mut user) = (Entity::owner(subject), Entity::user(subject));
    let nodes = [owner.create(&[]), owner.create(&[])];
    for node in &nodes {
        granted(user.subscribe(node));
    }
    let answer = granted(user.get("<subscriptions/>"));
    for node in nodes {
        let wanted = (node, user.jid(), "subscribed".to_owned());
        assert!(subscriptions(&answer).contains(&wanted), "{wanted:?}: {answer}");
    }
    Ok(())
}

fn own_subscriptions_to_one_node_are_told(subject: &Subject) -> Outcome {
    let (mut owner, mut user, mut other) =
        (Entity::owner(subject), Entity::user(subject), Entity::user(subject));
    let (node, another) = (owner.create(&[]), owner.create(&[]));
    granted(user.subscribe(&node));
    granted(user.subscribe(&another));
    granted(other.subscribe(&node));
    let answer = granted(user.get(&format!("<subscriptions node='{node}'/>")));
    assert_eq!(subscriptions(&answer), [(node, user.jid(), "subscribed".to_owned())], "{answer}");
    Ok(())
}

fn nobody_without_subscriptions_gets_an_empty_list(subject: &Subject) -> Outcome {
    let mut owner = Entity::owner(subject);
    let node = owner.create(&[]);
    let answer = granted(Entity::user(subject).get(&format!("<subscriptions node='{node}'/>")));
    assert_eq!(subscriptions(&answer), [], "{answer}");
    Ok(())
}

fn affiliations(answer: &Element) -> Vec<(String, String)> {
    let list = answer.find("affiliations").unwrap_or_else(|| panic!("{answer}"));
    let node = list.attr("node");
    let one = |e: &Element| {
        let affiliation = e.attr("affiliation").unwrap_or_default().to_owned();
        (e.attr("node").or(node).unwrap_or_default().to_owned(), affiliation)
    };
    list.children.iter().map(one).collect()
}

fn own_affiliations_with_all_nodes_are_told(subject: &Subject) -> Outcome {
    let (mut owner, mut user) = (Entity::owner(subject), Entity::user(subject));
    if !owner.offers("retrieve-affiliations") {
        return not_offered("it does not announce retrieve-affiliations");
    }
    let node = owner.create(&[]);
    granted(owner.affiliate(&node, &user.bare(), "publisher"));
    let answer = granted(user.get("<affiliations/>"));
    assert_eq!(affiliations(&answer), [(node.clone(), "publisher".to_owned())], "{answer}");
    let answer = granted(owner.get("<affiliations/>"));
    assert!(affiliations(&answer).contains(&(node, "owner".to_owned())), "{answer}");
    Ok(())
}

fn own_affiliation_with_one_node_is_told(subject: &Subject) -> Outcome {
    let (mut owner, mut user) = (Entity::owner(subject), Entity::user(subject));
    if !owner.offers("retrieve-affiliations") {
        return not_offered("it does not announce retrieve-affiliations");
    }
    let nodes = [owner.create(&[]), owner.create(&[])];
    for node in &nodes {
        granted(owner.affiliate(node, &user.bare(), "publisher"));
    }
    let answer = granted(user.get(&format!("<affiliations node='{}'/>", nodes[0])));
    assert_eq!(affiliations(&answer), [(nodes[0].clone(), "publisher".to_owned())], "{answer}");
    Ok(())
}

fn node_names_are_any_text(subject: &Subject) -> Outcome {
    let (mut owner, mut user) = (Entity::owner(subject), Entity::user(subject));
    let name = fresh_node();
    for kind in
        ["a/b//c/", "with space", "it&apos;s &quot;so&quot; &amp; &lt;so&gt;", "事件/キュー", "Ünïcode-Ω-🎧"]
    {
        let node = format!("{name}/{kind}");
        granted(owner.create_named(&node, &[]));
        granted(user.subscribe(&node));
        granted(owner.publish(&node, "i"));
        let plain = Element::parse(&format!("<e n='{node}'/>")).unwrap().attr("n").unwrap().to_owned();
        user.event(&plain);
    }
    Ok(())
}

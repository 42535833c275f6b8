//! Who is subscribed to what, and what a publication becomes.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use aplomb_pubsub::{Defaults, Delivery, Ids, Policy, PubsubRequest, Service, limits};
use jiff::Timestamp;
use xmpp::{BareJid, Condition, Jid, StanzaError};

const NOW: Timestamp = Timestamp::UNIX_EPOCH;

const OWN: &str = "/finesse/api/User/1001001";
const TEAM: &str = "/finesse/api/Team/5000/Users";
const PAYLOAD: &[u8] = b"<notification xmlns=\"http://jabber.org/protocol/pubsub\">x</notification>";

struct Rules;

impl Policy for Rules {
    fn may_subscribe(&self, user: &str, node: &str) -> bool {
        node.ends_with(user) || (user == "1900001" && node == TEAM) || node.starts_with("/open/")
    }
    fn default_nodes(&self, user: &str) -> Vec<String> {
        vec![format!("/finesse/api/User/{user}"), "/no/such/node".into()]
    }
    fn visible_nodes(&self, user: &str) -> Vec<String> {
        self.default_nodes(user)
    }
}

fn service() -> Service {
    let mut service = Service::new("pubsub.localhost", Box::new(Rules), Ids::new("run-", 1));
    for node in [OWN, TEAM, "/finesse/api/User/1900001"] {
        service.create(node).unwrap();
    }
    service
}

fn jid(text: &str) -> Jid {
    Jid::new(text).unwrap()
}

fn bare(text: &str) -> BareJid {
    BareJid::new(text).unwrap()
}

fn publish(service: &mut Service, node: &str) -> Vec<Delivery> {
    service.publish(NOW, node, PAYLOAD).unwrap();
    std::iter::from_fn(|| service.poll_delivery()).collect()
}

fn receivers(service: &mut Service, node: &str) -> Vec<String> {
    publish(service, node).iter().map(|delivery| delivery.to.to_string()).collect()
}

fn unsubscribe(
    service: &mut Service,
    requester: &Jid,
    node: &str,
    jid: &Jid,
    subid: Option<&str>,
) -> Result<(), StanzaError> {
    let (node, jid, subid) = (node.to_owned(), jid.clone(), subid.map(str::to_owned));
    service.handle_request(NOW, requester, PubsubRequest::Unsubscribe { node, jid, subid }).map(drop)
}

#[test]
fn a_publication_is_the_documented_message() {
    let mut service = service();
    service.make_defaults(&bare("1001001@localhost"));
    let delivery = publish(&mut service, OWN).remove(0);
    let head = String::from_utf8(delivery.head.to_vec()).unwrap();
    let (start, word) = head.rsplit_once("__").unwrap();
    assert_eq!(
        start,
        "<message xmlns=\"jabber:client\" from=\"pubsub.localhost\" to=\"1001001@localhost\" id=\"/finesse/api/User/1001001__1001001@localhost"
    );
    assert!(word.len() == 7 && word[..5].bytes().all(|byte| byte.is_ascii_alphanumeric()), "{word}");
    assert_eq!(
        delivery.tail,
        "<event xmlns=\"http://jabber.org/protocol/pubsub#event\"><items node=\"/finesse/api/User/1001001\"><item id=\"run-1\"><notification xmlns=\"http://jabber.org/protocol/pubsub\">x</notification></item></items></event></message>"
    );
}

#[test]
fn default_subscriptions_last_from_presence_to_absence() {
    let mut service = service();
    let user = bare("1001001@localhost");
    assert_eq!(receivers(&mut service, OWN), [""; 0]);
    assert_eq!(service.make_defaults(&user), Defaults::Made);
    assert_eq!(service.make_defaults(&user), Defaults::Kept);
    assert_eq!(receivers(&mut service, OWN), ["1001001@localhost"]);
    assert_eq!(service.subscriptions(&user, None).len(), 1);
    service.drop_defaults(&user);
    assert_eq!(receivers(&mut service, OWN), [""; 0]);
    assert_eq!(service.subscriptions(&user, None), []);
}

#[test]
fn a_supervisor_subscribes_to_the_team_and_an_agent_may_not() {
    let mut service = service();
    let desk = jid("1900001@localhost/desktop");
    let subscription = service.subscribe(NOW, &desk, TEAM, &desk, None).unwrap();
    assert_eq!(
        service.subscribe(NOW, &desk, TEAM, &desk, None).unwrap(),
        subscription,
        "a repeated request changes nothing"
    );
    assert_eq!(receivers(&mut service, TEAM), ["1900001@localhost/desktop"]);
    assert_eq!(service.subscriptions(&desk.to_bare(), Some(TEAM)), [subscription]);
    let agent = jid("1001001@localhost/desktop");
    assert_eq!(service.subscribe(NOW, &agent, TEAM, &agent, None), Err(Condition::NotAuthorized.into()));
    unsubscribe(&mut service, &desk, TEAM, &desk, None).unwrap();
    assert_eq!(receivers(&mut service, TEAM), [""; 0]);
}

#[test]
fn each_mistake_has_its_error() {
    let mut service = service();
    let desk = jid("1900001@localhost/desktop");
    let other = jid("1001001@localhost");
    let invalid_jid = StanzaError::pubsub(Condition::BadRequest, "invalid-jid");
    assert_eq!(service.subscribe(NOW, &desk, TEAM, &other, None), Err(invalid_jid));
    assert_eq!(service.subscribe(NOW, &desk, "/nowhere", &desk, None), Err(Condition::ItemNotFound.into()));
    assert_eq!(
        unsubscribe(&mut service, &desk, "/nowhere", &desk, None),
        Err(Condition::ItemNotFound.into())
    );
    assert_eq!(unsubscribe(&mut service, &desk, TEAM, &other, None), Err(Condition::Forbidden.into()));
    let not_subscribed = StanzaError::pubsub(Condition::UnexpectedRequest, "not-subscribed");
    assert_eq!(unsubscribe(&mut service, &desk, TEAM, &desk, None), Err(not_subscribed));
    service.subscribe(NOW, &desk, TEAM, &desk, None).unwrap();
    let invalid_subid = StanzaError::pubsub(Condition::NotAcceptable, "invalid-subid");
    assert_eq!(unsubscribe(&mut service, &desk, TEAM, &desk, Some("other")), Err(invalid_subid));
    assert_eq!(service.publish(NOW, "/nowhere", PAYLOAD), Err(Condition::ItemNotFound.into()));
    assert_eq!(service.create(&"x".repeat(limits::NODE_BYTES_MAX + 1)), Err(Condition::NotAcceptable.into()));
}

#[test]
fn nobody_gets_a_publication_twice() {
    let mut service = service();
    let desk = jid("1001001@localhost/desktop");
    service.subscribe(NOW, &desk, OWN, &desk, None).unwrap();
    service.subscribe(NOW, &desk, OWN, &jid("1001001@localhost/phone"), None).unwrap();
    assert_eq!(receivers(&mut service, OWN), ["1001001@localhost/desktop", "1001001@localhost/phone"]);
    service.make_defaults(&desk.to_bare());
    assert_eq!(receivers(&mut service, OWN), ["1001001@localhost"]);
    service.subscribe(NOW, &desk, OWN, &jid("1001001@localhost"), None).unwrap();
    assert_eq!(receivers(&mut service, OWN), ["1001001@localhost"]);
}

#[test]
fn subscriptions_left_behind_give_way_to_new_ones() {
    let mut service = service();
    for n in 0..=limits::SUBSCRIPTIONS_PER_USER_AND_NODE_MAX {
        let desk = jid(&format!("1900001@localhost/r{n:02}"));
        service.subscribe(NOW, &desk, TEAM, &desk, None).unwrap();
    }
    let receivers = receivers(&mut service, TEAM);
    assert_eq!(receivers.len(), limits::SUBSCRIPTIONS_PER_USER_AND_NODE_MAX);
    assert!(!receivers.contains(&"1900001@localhost/r00".to_owned()));
}

#[test]
fn subscriptions_of_one_user_are_bounded() {
    let mut service = service();
    let desk = jid("1001001@localhost/desktop");
    for n in 0..limits::Limits::default().subscriptions_per_user_max {
        service.create(&format!("/open/{n}")).unwrap();
        service.subscribe(NOW, &desk, &format!("/open/{n}"), &desk, None).unwrap();
    }
    let too_many = StanzaError::pubsub(Condition::PolicyViolation, "too-many-subscriptions")
        .because_of("limits.subscriptions_per_user_max");
    assert_eq!(service.subscribe(NOW, &desk, OWN, &desk, None), Err(too_many));
    unsubscribe(&mut service, &desk, "/open/7", &desk, None).unwrap();
    assert!(service.subscribe(NOW, &desk, OWN, &desk, None).is_ok());
}

#[test]
fn how_many_subscriptions_a_user_may_have_is_the_operators_choice() {
    let mut service =
        service().with_limits(limits::Limits { subscriptions_per_user_max: 1, ..Default::default() });
    let desk = jid("1001001@localhost/desktop");
    service.subscribe(NOW, &desk, OWN, &desk, None).unwrap();
    service.create("/open/1").unwrap();
    let refused = service.subscribe(NOW, &desk, "/open/1", &desk, None).unwrap_err();
    assert_eq!(refused.obstacle, Some(xmpp::Obstacle::Limit("limits.subscriptions_per_user_max")));
}

#[test]
fn a_resource_with_markup_stays_inside_its_attribute() {
    let mut service = service();
    let desk = jid("1900001@localhost/a\"<'&");
    service.subscribe(NOW, &desk, TEAM, &desk, None).unwrap();
    let delivery = publish(&mut service, TEAM).remove(0);
    let message = [delivery.head, delivery.tail].concat();
    let stanza = xmpp::Stanza::parse(&message).unwrap();
    assert_eq!(stanza.head().unwrap().to.as_deref(), Some("1900001@localhost/a\"<'&"));
}

//! An agent at a desk: signed in over REST, with a BOSH session in which every word about calls is kept.

use crate::bosh::{Bosh, payloads};
use crate::http::Response;
use crate::{Rest, Server};
use std::collections::VecDeque;
use std::time::{Duration, Instant};

/// How long a word about a call may take.
const WORD_SECS_MAX: u64 = 20;

/// An agent with a session.
#[derive(Debug)]
pub struct Desk {
    /// loginId.
    pub agent: String,
    /// The extension signed in on.
    pub extension: String,
    rest: Rest,
    session: Bosh,
    /// Updates that have come and were not asked for yet.
    updates: VecDeque<String>,
}

/// One update about a call.
#[derive(Clone, Debug)]
pub struct Word {
    /// `POST`, `PUT` or `DELETE`.
    pub event: String,
    /// The request it answers.
    pub request_id: String,
    /// What it is about: the dialog's path, or that of the agent's dialogs.
    pub source: String,
    /// The dialog's id; empty in an error.
    pub id: String,
    /// The dialog's state.
    pub state: String,
    /// Address, state and actions of each participant.
    pub parts: Vec<(String, String, Vec<String>)>,
    /// The whole `<Update>`.
    pub text: String,
}

impl Word {
    fn read(update: &str) -> Self {
        let document =
            roxmltree::Document::parse(update).unwrap_or_else(|e| panic!("not XML ({e}): {update}"));
        let root = document.root_element();
        let text = |node: roxmltree::Node<'_, '_>, name: &str| {
            let child = node.children().find(|child| child.has_tag_name(name));
            child.and_then(|child| child.text()).unwrap_or_default().to_owned()
        };
        let is_dialog =
            |node: &roxmltree::Node<'_, '_>| node.has_tag_name("dialog") || node.has_tag_name("Dialog");
        let dialog = root.descendants().find(is_dialog);
        let participants = root.descendants().filter(|node| node.has_tag_name("Participant"));
        let parts = participants.map(|node| {
            let actions = node.descendants().filter(|node| node.has_tag_name("action"));
            let actions = actions.filter_map(|action| action.text().map(str::to_owned)).collect();
            (text(node, "mediaAddress"), text(node, "state"), actions)
        });
        Self {
            event: text(root, "event"),
            request_id: text(root, "requestId"),
            source: text(root, "source"),
            id: dialog.map(|dialog| text(dialog, "id")).unwrap_or_default(),
            state: dialog.map(|dialog| text(dialog, "state")).unwrap_or_default(),
            parts: parts.collect(),
            text: update.to_owned(),
        }
    }

    /// The state of the participant at this address; empty when nobody is there.
    pub fn part(&self, address: &str) -> &str {
        self.parts.iter().find(|part| part.0 == address).map_or("", |part| &part.1)
    }

    /// What the participant at this address may do.
    pub fn actions(&self, address: &str) -> Vec<&str> {
        let part = self.parts.iter().find(|part| part.0 == address);
        part.map(|part| part.2.iter().map(String::as_str).collect()).unwrap_or_default()
    }

    /// The text of the first element with this name.
    pub fn element(&self, name: &str) -> String {
        crate::rest::text_of(&self.text, name)
    }

    /// The value of a call variable.
    pub fn variable(&self, name: &str) -> Option<String> {
        let document = roxmltree::Document::parse(&self.text).ok()?;
        let named = |node: &roxmltree::Node<'_, '_>| {
            let mut children = node.children();
            node.has_tag_name("CallVariable") && children.any(|child| child.text() == Some(name))
        };
        let variable = document.descendants().find(named)?;
        let value = variable.children().find(|child| child.has_tag_name("value"))?;
        Some(value.text().unwrap_or_default().to_owned())
    }
}

impl Desk {
    /// Signs in, over BOSH and REST, and waits until the agent is not ready.
    pub fn sign_in(server: &Server, agent: &str, extension: &str) -> Self {
        let mut session = Bosh::sign_in(server, agent, "desktop");
        let rest = Rest::new(server, agent);
        rest.sign_in(agent, extension);
        session.event(&[&format!("<extension>{extension}</extension>"), "<state>NOT_READY</state>"]);
        let (agent, extension) = (agent.to_owned(), extension.to_owned());
        Self { agent, extension, rest, session, updates: VecDeque::new() }
    }

    /// Asks for READY and waits for it.
    pub fn ready(&mut self) {
        self.rest.set_state(&self.agent, "READY", "");
        self.user("READY");
    }

    /// Waits for the agent's state.
    pub fn user(&mut self, state: &str) -> String {
        let state = format!("<state>{state}</state>");
        self.update(&format!("the user in {state}"), |text| text.contains("<user>") && text.contains(&state))
    }

    /// Waits for the agent with all of these texts in it.
    pub fn user_with(&mut self, texts: &[&str]) -> String {
        let is_it = |text: &str| text.contains("<user>") && texts.iter().all(|part| text.contains(part));
        self.update(&format!("the user with {texts:?}"), is_it)
    }

    /// `POST /User/{id}/Dialogs`, taken with 202.
    pub fn ask(&self, action: &str, inside: &str, request_id: &str) {
        let body = format!("<Dialog><requestedAction>{action}</requestedAction>{inside}</Dialog>");
        let answer = self.rest.send("POST", &format!("User/{}/Dialogs", self.agent), &body, request_id);
        assert_eq!((answer.status, answer.body.as_str()), (202, ""), "{action}");
    }

    /// MAKE_CALL from the own extension.
    pub fn make_call(&self, to: &str, request_id: &str) {
        let inside = format!("<fromAddress>{}</fromAddress><toAddress>{to}</toAddress>", self.extension);
        self.ask("MAKE_CALL", &inside, request_id);
    }

    /// `PUT /Dialog/{id}` with what is inside beside the action and the own address.
    pub fn try_act(&self, dialog: &str, action: &str, inside: &str, request_id: &str) -> Response {
        let body = format!(
            "<Dialog>{inside}<targetMediaAddress>{}</targetMediaAddress>\
             <requestedAction>{action}</requestedAction></Dialog>",
            self.extension
        );
        self.rest.send("PUT", &format!("Dialog/{dialog}"), &body, request_id)
    }

    /// The same, taken with 202.
    pub fn act(&self, dialog: &str, action: &str, inside: &str, request_id: &str) {
        let answer = self.try_act(dialog, action, inside, request_id);
        assert_eq!((answer.status, answer.body.as_str()), (202, ""), "{action} on {dialog}");
    }

    /// `PUT /Dialog/{id}` with a body of choice.
    pub fn put(&self, dialog: &str, body: &str, request_id: &str) -> Response {
        self.rest.send("PUT", &format!("Dialog/{dialog}"), body, request_id)
    }

    /// `GET /User/{id}/Dialogs`.
    pub fn dialogs(&self) -> String {
        let answer = self.rest.get(&format!("User/{}/Dialogs", self.agent));
        assert_eq!(answer.status, 200, "{}", answer.body);
        answer.body
    }

    /// Waits for a word about a call, in the order of their coming; those before it are passed over.
    pub fn word(&mut self, what: &str, is_it: impl Fn(&Word) -> bool) -> Word {
        let update = self.update(what, |text| !text.contains("<user>") && is_it(&Word::read(text)));
        Word::read(&update)
    }

    /// Waits for a dialog's event in which the own part has this state.
    pub fn part(&mut self, event: &str, state: &str) -> Word {
        let extension = self.extension.clone();
        self.word(&format!("{event} with {extension} {state}"), |word| {
            word.event == event && word.part(&extension) == state
        })
    }

    fn update(&mut self, what: &str, is_it: impl Fn(&str) -> bool) -> String {
        let end = Instant::now() + Duration::from_secs(WORD_SECS_MAX);
        let mut passed = Vec::new();
        loop {
            // A machine that pauses: the last look is after the end.
            let is_last = Instant::now() >= end;
            while let Some(update) = self.updates.pop_front() {
                if is_it(&update) {
                    return update;
                }
                passed.push(update);
            }
            assert!(!is_last, "{}: no {what}; seen: {passed:#?}", self.agent);
            let answer = self.session.body("", "");
            assert_eq!(answer.status, 200, "the session lives: {}", answer.body);
            self.updates.extend(payloads(&answer.body));
        }
    }
}

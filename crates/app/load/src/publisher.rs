//! The account that makes nodes and publishes: one XMPP client over TCP, pipelined.

use crate::board::Board;
use crate::limits::{CREATIONS_AT_ONCE, SIGN_IN_STEP};
use crate::link::{Link, iq};
use crate::target::Target;
use crate::tcp::Tcp;
use anyhow::{Context, Result, ensure};
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::time::timeout;

/// What a node is to be like: as the nodes of a contact centre's events are, it tells and keeps nothing. Otherwise the
/// figures would be those of each server's store.
const CONFIGURATION: &str = "<x xmlns='jabber:x:data' type='submit'>\
    <field var='FORM_TYPE' type='hidden'><value>http://jabber.org/protocol/pubsub#node_config</value></field>\
    <field var='pubsub#persist_items'><value>0</value></field>\
    <field var='pubsub#access_model'><value>open</value></field></x>";

/// The way to the publisher's task.
#[derive(Debug)]
pub(crate) struct Publisher {
    stanzas: mpsc::UnboundedSender<String>,
    pubsub: String,
    board: Board,
    /// Written together at the next flush.
    pending: String,
}

impl Publisher {
    pub(crate) async fn sign_in(target: &Target, board: &Board, user: &str, password: &str) -> Result<Self> {
        let mut link = Link::Tcp(Tcp::connect(target.tcp, &target.domain).await?);
        link.sign_in(user, password, "load").await.context("the publisher")?;
        make_nodes(&mut link, target, board).await?;
        let (stanzas, mailbox) = mpsc::unbounded_channel();
        tokio::task::spawn_local(run(link, board.clone(), mailbox));
        Ok(Self { stanzas, pubsub: target.pubsub.clone(), board: board.clone(), pending: String::new() })
    }

    /// Publishes at the next flush.
    pub(crate) fn publish(&mut self, node: u32) {
        let (number, payload) = self.board.publish(node);
        let name = self.board.floor.name(node);
        let publish = format!(
            "<pubsub xmlns='http://jabber.org/protocol/pubsub'><publish node='{name}'><item>{payload}</item></publish></pubsub>"
        );
        self.pending.push_str(&iq(&format!("p{number}"), "set", &self.pubsub, &publish));
    }

    pub(crate) fn flush(&mut self) -> Result<()> {
        if self.pending.is_empty() {
            return Ok(());
        }
        self.stanzas.send(std::mem::take(&mut self.pending)).ok().context("the publisher lost its connection")
    }
}

/// Writes what is to be published and reads what becomes of it.
async fn run(mut link: Link, board: Board, mut mailbox: mpsc::UnboundedReceiver<String>) {
    loop {
        tokio::select! {
            stanzas = mailbox.recv() => match stanzas {
                Some(stanzas) => {
                    if link.send(&[stanzas]).await.is_err() {
                        return board.note_session_lost();
                    }
                }
                None => {
                    let _ = timeout(Duration::from_secs(1), link.close()).await;
                    return;
                }
            },
            answer = link.receive() => match answer {
                Ok(answer) if is_error(answer) => board.note_refused(),
                Ok(_) => {}
                Err(_) => return board.note_session_lost(),
            },
        }
    }
}

/// Makes all nodes; those of an earlier run are there.
async fn make_nodes(link: &mut Link, target: &Target, board: &Board) -> Result<()> {
    let (mut asked, mut answered) = (0, 0);
    while answered < board.floor.nodes() {
        while asked < board.floor.nodes() && (asked - answered) < CREATIONS_AT_ONCE as u32 {
            let name = board.floor.name(asked);
            let create = format!(
                "<pubsub xmlns='http://jabber.org/protocol/pubsub'><create node='{name}'/><configure>{CONFIGURATION}\
                 </configure></pubsub>"
            );
            link.send(&[iq(&format!("n{asked}"), "set", &target.pubsub, &create)]).await?;
            asked += 1;
        }
        let answer =
            timeout(SIGN_IN_STEP, link.receive()).await.context("no answer to the making of a node")??;
        let text = String::from_utf8_lossy(answer);
        ensure!(!is_error(answer) || text.contains("<conflict"), "a node cannot be made: {text}");
        answered += u32::from(text.contains("<iq") && (text.contains("id='n") || text.contains("id=\"n")));
    }
    Ok(())
}

fn is_error(answer: &[u8]) -> bool {
    let has = |sign: &[u8]| memchr::memmem::find(answer, sign).is_some();
    has(b"type='error'") || has(b"type=\"error\"")
}

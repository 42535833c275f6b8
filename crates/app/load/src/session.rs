//! One agent: signs in, subscribes, and reads until the run is over.

use crate::board::Board;
use crate::link::{Link, iq};
use crate::target::Target;
use anyhow::{Context, Result};
use std::time::Duration;
use tokio::sync::watch;

/// Signs an agent in and subscribes it by bare JID, as desktops do.
pub(crate) async fn sign_in(
    target: &Target,
    board: &Board,
    user: &str,
    password: &str,
    agent: u32,
) -> Result<Link> {
    let mut link = Link::connect(target, agent).await?;
    link.sign_in(user, password, "load").await?;
    let jid = format!("{user}@{}", target.domain);
    let mut stanzas = vec!["<presence xmlns='jabber:client'/>".to_owned()];
    let ids = &["s0", "s1", "s2"][..if board.floor.has_all { 3 } else { 2 }];
    for (node, id) in board.floor.nodes_of(agent).into_iter().zip(ids) {
        let name = board.floor.name(node);
        let subscribe = format!("<subscribe node='{name}' jid='{jid}'/>");
        let payload = format!("<pubsub xmlns='http://jabber.org/protocol/pubsub'>{subscribe}</pubsub>");
        stanzas.push(iq(id, "set", &target.pubsub, &payload));
    }
    link.ask(&stanzas, ids).await.with_context(|| format!("{user} cannot subscribe"))?;
    Ok(link)
}

/// Reads until `over`, then says goodbye.
pub(crate) async fn read(mut link: Link, board: Board, agent: u32, mut over: watch::Receiver<bool>) {
    loop {
        tokio::select! {
            biased;
            received = link.receive() => match received {
                Ok(bytes) => board.receive(agent, bytes),
                Err(_) => return board.note_session_lost(),
            },
            _ = over.wait_for(|over| *over) => {
                // an error means that the server was quicker
                let _ = tokio::time::timeout(Duration::from_secs(1), link.close()).await;
                return;
            }
        }
    }
}

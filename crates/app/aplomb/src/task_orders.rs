//! Tasks made by hand: what `aplomb sim ctl` says about them, done by task routing.

use cti_sim::{Done, TaskOrder};
use floor::Now;
use media::{DomainId, NewTask, Refusal, TaskId, TaskRouting, Variable};
use rest::MediaClient;
use std::fmt::Write;

/// Carries out orders about tasks.
pub(crate) fn carried_out_by(media: MediaClient) -> impl Fn(TaskOrder) -> Done + Send + Sync {
    move |order| {
        let media = media.clone();
        Box::pin(async move {
            let done = media.call(move |media, now| carry_out(media, now, order)).await;
            done.unwrap_or_else(|unavailable| Err(unavailable.to_string()))
        })
    }
}

fn carry_out(media: &mut TaskRouting, now: Now, order: TaskOrder) -> Result<String, String> {
    match order {
        TaskOrder::Bring { domain, variables } => {
            let domain = find(media, &domain)?;
            let variable = |(name, value)| Variable { name, value };
            let new = NewTask { domain, variables: variables.into_iter().map(variable).collect() };
            let id = media.submit(now, new).map_err(|refusal| refusal.to_string())?;
            Ok(match media.task(id) {
                Some(task) => format!("task {id} is offered to {}", task.agent),
                None => format!("task {id} waits: nobody is ready for it"),
            })
        }
        TaskOrder::Withdraw { id } => {
            let id: TaskId = id.parse().map_err(|_| format!("{id} is no id of a task; tasks shows them"))?;
            media.withdraw(now, id).map_err(|refusal: Refusal| refusal.to_string())?;
            Ok(format!("task {id} is withdrawn"))
        }
        TaskOrder::List => Ok(list(media)),
    }
}

/// A domain by its name, in any case, or by its number.
fn find(media: &TaskRouting, name: &str) -> Result<DomainId, String> {
    let is_it = |domain: &&std::sync::Arc<media::Domain>| {
        domain.name.eq_ignore_ascii_case(name) || domain.id.to_string() == name
    };
    if let Some(domain) = media.domains().find(is_it) {
        return Ok(domain.id);
    }
    let names: Vec<&str> = media.domains().map(|domain| domain.name.as_str()).collect();
    Err(match names.is_empty() {
        true => "there are no media domains ([[media_domains]])".into(),
        false => format!("there is no media domain {name}; there are {}", names.join(", ")),
    })
}

fn list(media: &TaskRouting) -> String {
    let mut text = String::new();
    for domain in media.domains() {
        // a String takes everything
        let _ = writeln!(text, "{}  {} waiting", domain.name, media.waiting(domain.id));
    }
    for task in media.held() {
        let _ = writeln!(text, "{}  {}  {}  {}", task.id, task.domain.name, task.agent, task.state.name());
    }
    text
}

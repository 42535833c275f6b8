//! The notification service's logs: closings in `info.log`, the idle time of each session at each sweep in `debug.log`.

use super::FinesseLog;
use jiff::Timestamp;
use notification::{Service, Story, Tombstone};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::broadcast;

/// The original looks each half of the inactivity time: 30 s of 60.
const SWEEPS_PER_INACTIVITY: u32 = 2;

/// Writes down the ends of sessions.
pub(crate) async fn follow(
    log: FinesseLog,
    mut stories: broadcast::Receiver<Arc<Story>>,
    inactivity_secs: u32,
) {
    loop {
        match stories.recv().await {
            Ok(story) => {
                if let Story::Ended(tombstone) = &*story {
                    ended(&log, tombstone, inactivity_secs);
                }
            }
            Err(broadcast::error::RecvError::Lagged(_)) => {}
            Err(broadcast::error::RecvError::Closed) => return,
        }
    }
}

fn ended(log: &FinesseLog, tombstone: &Tombstone, inactivity_secs: u32) {
    let (Some(user), Some(inner)) = (&tombstone.user, &log.0) else { return };
    let at = Timestamp::try_from(tombstone.at).unwrap_or_else(|_| Timestamp::now());
    let resource = tombstone.resource.as_deref().unwrap_or_default();
    let jid = format!("{user}@{}/{resource}", inner.domain);
    if tombstone.reason.as_str() == "inactivity" {
        let limit = format!("after inactivity for more than threshold value of {inactivity_secs}");
        log.info(at, format!("Closing idle session: {jid} {limit}"));
    }
    log.info(at, format!("A session is closed for {jid}"));
}

/// At each sweep: how long each session has been silent, and who is under watch.
pub(crate) async fn sweep(log: FinesseLog, service: Service, inactivity: Duration) {
    let mut sweeps = tokio::time::interval(inactivity / SWEEPS_PER_INACTIVITY);
    sweeps.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        sweeps.tick().await;
        let at = Timestamp::now();
        log.examine(at);
        for (jid, silent) in service.silences().await {
            log.debug(at, format!("Session was last active {} ms ago: {jid}", silent.as_millis()));
        }
    }
}

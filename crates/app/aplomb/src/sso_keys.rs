//! The identity provider's keys, as the file has them at present: providers change theirs every few weeks, and nobody
//! should have to restart a server full of agents for that.

use credentials::Checker;
use credentials::limits::KEY_SET_BYTES_MAX;
use std::path::{Path, PathBuf};
use std::time::Duration;
use tokio::fs::File;
use tokio::io::AsyncReadExt;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::time::sleep;

/// How often the file is looked at without anybody asking.
const LOOK_EVERY: Duration = Duration::from_secs(10);

/// The least time between two looks: a stranger with made-up tokens costs no more than that.
const LOOK_AGAIN_AFTER: Duration = Duration::from_secs(1);

/// Takes over what the file has whenever it is different: found when it is time to look, told by SIGHUP, or noticed by a
/// token of a key that is not known yet. Keys that cannot be used leave those of before in force.
pub(crate) async fn follow(path: PathBuf, checker: Checker) {
    let mut hangups =
        signal(SignalKind::hangup()).inspect_err(|error| tracing::error!(%error, "no SIGHUP")).ok();
    // what the server began with may be older than the file is now: the first look takes it, whatever it is
    let mut seen = None;
    let mut is_asked = false;
    loop {
        let file = path.display();
        match read(&path).await {
            Ok(text) if seen.as_ref() == Some(&text) => {
                if is_asked {
                    tracing::info!(%file, "the identity provider's keys are as before");
                }
            }
            Ok(text) => {
                match checker.replace_keys(&text) {
                    Ok(_) if seen.is_none() => {}
                    Ok(keys) => tracing::info!(keys, %file, "the identity provider's keys are taken anew"),
                    Err(error) => {
                        tracing::error!(%file, "the identity provider's keys stay as before: {error}")
                    }
                }
                seen = Some(text);
            }
            Err(error) if is_asked => {
                tracing::error!(%file, "the identity provider's keys stay as before: {error}")
            }
            Err(error) => tracing::debug!(%file, %error, "the identity provider's keys cannot be read"),
        }
        sleep(LOOK_AGAIN_AFTER).await;
        is_asked = tokio::select! {
            () = sleep(LOOK_EVERY) => false,
            () = next(&mut hangups) => true,
            () = checker.key_missed() => false,
        };
    }
}

async fn next(hangups: &mut Option<Signal>) {
    match hangups {
        Some(hangups) => drop(hangups.recv().await),
        None => std::future::pending().await,
    }
}

/// As much of the file as keys can be; what is longer will not be JSON.
async fn read(path: &Path) -> std::io::Result<String> {
    let mut text = String::new();
    File::open(path).await?.take(KEY_SET_BYTES_MAX).read_to_string(&mut text).await?;
    Ok(text)
}

//! The identity provider's keys, as it has them at present: providers change theirs every few weeks, and nobody should have
//! to restart a server full of agents for that.

use crate::config::KeySource;
use credentials::limits::KEY_SET_BYTES_MAX;
use credentials::{Checker, Provider};
use std::fmt::Display;
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

/// How often the provider is asked without anybody wanting to know.
const ASK_EVERY: Duration = Duration::from_secs(600);

/// The least time between two questions, likewise.
const ASK_AGAIN_AFTER: Duration = Duration::from_secs(5);

/// How soon a provider that did not answer is asked again; each time in vain it is twice as long.
const RETRY_FIRST: Duration = Duration::from_secs(1);

/// And how late at most.
const RETRY_LONGEST: Duration = Duration::from_secs(60);

/// Takes over what there is whenever it is different. Keys that cannot be used, or had, leave those of before in force.
pub(crate) async fn follow(source: KeySource, checker: Checker) {
    let hangups = signal(SignalKind::hangup()).inspect_err(|error| tracing::error!(%error, "no SIGHUP")).ok();
    match source {
        KeySource::File(path) => follow_file(path, checker, hangups).await,
        KeySource::Provider(provider) => ask(provider, checker, hangups).await,
    }
}

/// Found when it is time to look, told by SIGHUP, or noticed by a token of a key that is not known yet.
async fn follow_file(path: PathBuf, checker: Checker, mut hangups: Option<Signal>) {
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
                    Err(error) => stay(&file, &error),
                }
                seen = Some(text);
            }
            Err(error) if is_asked => stay(&file, &error),
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

/// Asked at the start, from time to time, at SIGHUP, and when a token names a key that is not known yet. A provider that
/// does not answer is left in peace for longer and longer.
async fn ask(provider: Provider, checker: Checker, mut hangups: Option<Signal>) {
    let mut seen = None;
    let mut retry = RETRY_FIRST;
    loop {
        let taken = match provider.key_set().await {
            Ok(text) if seen.as_ref() == Some(&text) => Ok(()),
            Ok(text) => checker.replace_keys(&text).map_err(|error| error.to_string()).map(|keys| {
                tracing::info!(keys, from = %provider, "the identity provider's keys are taken over");
                seen = Some(text);
            }),
            Err(error) => Err(error.to_string()),
        };
        match taken {
            Ok(()) => {
                retry = RETRY_FIRST;
                sleep(ASK_AGAIN_AFTER).await;
                tokio::select! {
                    () = sleep(ASK_EVERY) => {}
                    () = next(&mut hangups) => {}
                    () = checker.key_missed() => {}
                }
            }
            Err(error) => {
                stay(&provider, &error);
                tokio::select! {
                    () = sleep(retry) => retry = (retry * 2).min(RETRY_LONGEST),
                    () = next(&mut hangups) => {}
                }
            }
        }
    }
}

fn stay(from: &dyn Display, error: &dyn Display) {
    tracing::error!(%from, "the identity provider's keys stay as before: {error}");
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

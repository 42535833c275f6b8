//! How handlers reach the floor and task routing: the owner of each runs their jobs, one after the other.

use crate::limits::FLOOR_WAIT_MAX;
use floor::{Floor, Now};
use media::TaskRouting;
use std::fmt;
use thiserror::Error;
use tokio::sync::{mpsc, oneshot};
use tokio::time::timeout;

/// Something to do with a core, for example the floor. Its owner runs it, then drains the core's outputs.
pub type Job<C = Floor> = Box<dyn FnOnce(&mut C, Now) + Send>;

/// A way to the owner of a core.
pub struct Client<C> {
    jobs: mpsc::Sender<Job<C>>,
}

/// A way to the floor's owner.
pub type FloorClient = Client<Floor>;

/// A way to the owner of task routing.
pub type MediaClient = Client<TaskRouting>;

/// The owner does not answer: it is gone or too busy. Ours to mend.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error("the floor, or task routing, does not answer")]
pub struct Unavailable;

impl<C: 'static> Client<C> {
    /// A client of the owner that reads the other end.
    pub fn new(jobs: mpsc::Sender<Job<C>>) -> Self {
        Self { jobs }
    }

    /// Runs `job` on the core and returns what it returned.
    pub async fn call<R: Send + 'static>(
        &self,
        job: impl FnOnce(&mut C, Now) -> R + Send + 'static,
    ) -> Result<R, Unavailable> {
        let (answer, answered) = oneshot::channel();
        let job: Job<C> = Box::new(move |core, now| {
            // The asker may have gone away meanwhile.
            let _ = answer.send(job(core, now));
        });
        let call = async {
            self.jobs.send(job).await.map_err(|_| Unavailable)?;
            answered.await.map_err(|_| Unavailable)
        };
        timeout(FLOOR_WAIT_MAX, call).await.map_err(|_| Unavailable)?
    }
}

impl<C> Clone for Client<C> {
    fn clone(&self) -> Self {
        Self { jobs: self.jobs.clone() }
    }
}

impl<C> fmt::Debug for Client<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Client")
    }
}

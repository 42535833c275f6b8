//! How handlers reach the floor: its owner runs their jobs, one after the other.

use crate::limits::FLOOR_WAIT_MAX;
use floor::{Floor, Now};
use std::fmt;
use thiserror::Error;
use tokio::sync::{mpsc, oneshot};
use tokio::time::timeout;

/// Something to do with the floor. The owner of the floor runs it, then drains the floor's outputs.
pub type Job = Box<dyn FnOnce(&mut Floor, Now) + Send>;

/// A way to the floor's owner.
#[derive(Clone)]
pub struct FloorClient {
    jobs: mpsc::Sender<Job>,
}

/// The floor's owner does not answer: it is gone or too busy. Ours to mend.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error("the floor does not answer")]
pub struct Unavailable;

impl FloorClient {
    /// A client of the owner that reads the other end.
    pub fn new(jobs: mpsc::Sender<Job>) -> Self {
        Self { jobs }
    }

    /// Runs `job` on the floor and returns what it returned.
    pub async fn call<R: Send + 'static>(
        &self,
        job: impl FnOnce(&mut Floor, Now) -> R + Send + 'static,
    ) -> Result<R, Unavailable> {
        let (answer, answered) = oneshot::channel();
        let job: Job = Box::new(move |floor, now| {
            // The asker may have gone away meanwhile.
            let _ = answer.send(job(floor, now));
        });
        let call = async {
            self.jobs.send(job).await.map_err(|_| Unavailable)?;
            answered.await.map_err(|_| Unavailable)
        };
        timeout(FLOOR_WAIT_MAX, call).await.map_err(|_| Unavailable)?
    }
}

impl fmt::Debug for FloorClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FloorClient")
    }
}

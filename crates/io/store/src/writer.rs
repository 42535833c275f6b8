//! The one task that writes.

use crate::health::Sign;
use crate::limits::{CHANGES_KEPT_MAX, ORDERS_PER_COMMIT_MAX, RETRY_FIRST, RETRY_LONGEST};
use crate::link::Link;
use crate::{Health, Metrics, Place, Role, StoreError, pubsub, sole, tasks};
use ::pubsub::Change;
use futures_util::future::BoxFuture;
use media::Keep;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::{mpsc, oneshot};

/// What the writer is told.
pub(crate) enum Order {
    /// Changes that must become durable, sooner or later.
    Keep { changes: Changes, done: Option<oneshot::Sender<Result<(), StoreError>>> },
    /// Something whose outcome is answered: done now, or not at all.
    Work(Box<dyn Unit>),
    /// The last order.
    Close(oneshot::Sender<()>),
}

/// Changes that become durable together.
pub(crate) enum Changes {
    Pubsub(Vec<Change>),
    Tasks(Vec<Keep>),
}

impl Changes {
    async fn apply(&self, link: &mut Link) -> Result<(), StoreError> {
        match self {
            Self::Pubsub(changes) => {
                for change in changes {
                    pubsub::apply(link, change).await?;
                }
            }
            Self::Tasks(changes) => {
                for change in changes {
                    tasks::apply(link, change).await?;
                }
            }
        }
        Ok(())
    }

    fn len(&self) -> usize {
        match self {
            Self::Pubsub(changes) => changes.len(),
            Self::Tasks(changes) => changes.len(),
        }
    }
}

/// Something to be done in a transaction.
pub(crate) trait Unit: Send {
    /// Does it, once.
    fn run<'a>(&'a mut self, link: &'a mut Link) -> BoxFuture<'a, Result<(), StoreError>>;
    /// Tells what came of it.
    fn tell(self: Box<Self>, outcome: Result<(), StoreError>);
}

/// A unit whose outcome is a value.
pub(crate) struct Work<T, F> {
    work: Option<F>,
    made: Option<T>,
    reply: oneshot::Sender<Result<T, StoreError>>,
}

impl<T, F> Work<T, F> {
    pub(crate) fn new(work: F, reply: oneshot::Sender<Result<T, StoreError>>) -> Self {
        Self { work: Some(work), made: None, reply }
    }
}

impl<T, F> Unit for Work<T, F>
where
    T: Send,
    F: for<'c> FnOnce(&'c mut Link) -> BoxFuture<'c, Result<T, StoreError>> + Send,
{
    fn run<'a>(&'a mut self, link: &'a mut Link) -> BoxFuture<'a, Result<(), StoreError>> {
        Box::pin(async move {
            let work = self.work.take().ok_or(StoreError::Unavailable)?;
            self.made = Some(work(link).await?);
            Ok(())
        })
    }

    fn tell(self: Box<Self>, outcome: Result<(), StoreError>) {
        let Self { made, reply, .. } = *self;
        // nobody waits any more: then nobody wants to know
        let _ = reply.send(outcome.and_then(|()| made.ok_or(StoreError::Unavailable)));
    }
}

impl Order {
    async fn run(&mut self, link: &mut Link) -> Result<(), StoreError> {
        match self {
            Self::Keep { changes, .. } => changes.apply(link).await,
            Self::Work(unit) => unit.run(link).await,
            Self::Close(_) => Ok(()),
        }
    }

    fn tell(self, outcome: Result<(), StoreError>) {
        match self {
            Self::Keep { done: Some(done), .. } => drop(done.send(outcome)),
            Self::Keep { done: None, .. } => {}
            Self::Work(unit) => unit.tell(outcome),
            Self::Close(closed) => drop(closed.send(())),
        }
    }

    pub(crate) fn refuse(self, metrics: &Metrics) {
        metrics.refused.inc();
        self.tell(Err(StoreError::Unavailable));
    }

    fn changes(&self) -> usize {
        match self {
            Self::Keep { changes, .. } => changes.len(),
            Self::Work(_) => 1,
            Self::Close(_) => 0,
        }
    }
}

pub(crate) struct Writer {
    place: Place,
    role: Role,
    link: Option<Link>,
    sign: Arc<Sign>,
    metrics: Metrics,
}

impl Writer {
    pub(crate) fn new(place: Place, role: Role, link: Link, sign: Arc<Sign>, metrics: Metrics) -> Self {
        Self { place, role, link: Some(link), sign, metrics }
    }

    pub(crate) async fn run(mut self, mut mailbox: mpsc::Receiver<Order>) {
        while let Some(first) = mailbox.recv().await {
            let mut batch = vec![first];
            let is_last = |batch: &[Order]| matches!(batch.last(), Some(Order::Close(_)));
            while batch.len() < ORDERS_PER_COMMIT_MAX && !is_last(&batch) {
                let Ok(order) = mailbox.try_recv() else { break };
                batch.push(order);
            }
            let is_over = is_last(&batch);
            self.write(batch, &mut mailbox).await;
            if is_over {
                break;
            }
        }
        if let Some(link) = self.link {
            link.close().await;
        }
    }

    /// Writes a batch, however often it has to be tried. When all who failed have been told so, it still looks whether
    /// the database is back: until it is, nobody else is let in who would find out.
    async fn write(&mut self, mut batch: Vec<Order>, mailbox: &mut mpsc::Receiver<Order>) {
        let mut wait = RETRY_FIRST;
        let mut is_over = matches!(batch.last(), Some(Order::Close(_)));
        loop {
            if self.sign.get() == Health::GivenUp {
                return batch.into_iter().for_each(|order| order.refuse(&self.metrics));
            }
            let begun = Instant::now();
            let error = match self.attempt(&mut batch).await {
                Ok(outcomes) => return self.done(batch, outcomes, begun.elapsed()),
                Err(error) => error,
            };
            self.failed(&error);
            batch = self.without_those_who_wait(batch);
            if batch.is_empty() && is_over {
                return;
            }
            is_over |= !self.collect(&mut batch, mailbox, wait).await;
            if batch.is_empty() && is_over {
                return;
            }
            wait = (wait * 2).min(RETRY_LONGEST);
        }
    }

    /// All of the batch in one transaction: what came of each, or why the database has nothing of it.
    async fn attempt(&mut self, batch: &mut [Order]) -> Result<Vec<Result<(), StoreError>>, StoreError> {
        // taken out: after an error it is not used again
        let mut link = match self.link.take() {
            Some(link) => link,
            None => self.connect().await?,
        };
        link.begin().await?;
        let mut outcomes = Vec::with_capacity(batch.len());
        for order in batch {
            outcomes.push(one(&mut link, order).await?);
        }
        link.commit().await?;
        self.link = Some(link);
        Ok(outcomes)
    }

    async fn connect(&self) -> Result<Link, StoreError> {
        let mut link = Link::open(&self.place).await?;
        if self.role == Role::Server {
            sole::on_connection(&mut link, &self.place).await?;
        }
        Ok(link)
    }

    fn done(&self, batch: Vec<Order>, outcomes: Vec<Result<(), StoreError>>, took: Duration) {
        if self.sign.get() == Health::Failing {
            tracing::info!(place = %self.place, "the store works again");
            self.sign.set(Health::Well);
            self.metrics.healthy.set(1);
        }
        self.metrics.commits.inc();
        self.metrics.commit_seconds.observe(took.as_secs_f64());
        for (order, outcome) in batch.into_iter().zip(outcomes) {
            match &outcome {
                Ok(()) => drop(self.metrics.changes.inc_by(order.changes() as u64)),
                Err(error) if matches!(order, Order::Keep { .. }) => {
                    tracing::error!(%error, "the store: the database does not take a change");
                }
                Err(_) => {}
            }
            order.tell(outcome);
        }
    }

    fn failed(&self, error: &StoreError) {
        self.metrics.failures.inc();
        if self.sign.get() == Health::Well {
            tracing::error!(place = %self.place, %error, "the store fails: what must survive a restart is refused until it works again");
            self.sign.set(Health::Failing);
            self.metrics.healthy.set(0);
        } else {
            tracing::debug!(%error, "the store still fails");
        }
    }

    /// Those who wait for an answer get one; only changes are tried again.
    fn without_those_who_wait(&self, batch: Vec<Order>) -> Vec<Order> {
        let (kept, others): (Vec<_>, Vec<_>) =
            batch.into_iter().partition(|order| matches!(order, Order::Keep { .. }));
        others.into_iter().for_each(|order| order.refuse(&self.metrics));
        kept
    }

    /// Waits before the next try, and takes what comes meanwhile. `false`: nothing more will come.
    async fn collect(
        &self,
        batch: &mut Vec<Order>,
        mailbox: &mut mpsc::Receiver<Order>,
        wait: Duration,
    ) -> bool {
        let until = tokio::time::Instant::now() + wait;
        let mut kept: usize = batch.iter().map(Order::changes).sum();
        loop {
            let order = match tokio::time::timeout_at(until, mailbox.recv()).await {
                Err(_) => return true,
                Ok(None) if batch.is_empty() => return false,
                // the handles are gone: one more try
                Ok(None) => {
                    tokio::time::sleep_until(until).await;
                    return false;
                }
                Ok(Some(order)) => order,
            };
            if !matches!(order, Order::Keep { .. }) {
                let is_last = matches!(order, Order::Close(_));
                order.refuse(&self.metrics);
                if is_last && batch.is_empty() {
                    return false;
                }
                continue;
            }
            kept += order.changes();
            batch.push(order);
            if kept > CHANGES_KEPT_MAX {
                tracing::error!(
                    kept,
                    "the store failed for too long: it gives up until the next start, which begins with what \
                     is in the database"
                );
                self.sign.set(Health::GivenUp);
                return true;
            }
        }
    }
}

/// One order, with a point to come back to: what it asks may be refused without harm to the others.
async fn one(link: &mut Link, order: &mut Order) -> Result<Result<(), StoreError>, StoreError> {
    link.script("SAVEPOINT before_order").await?;
    match order.run(link).await {
        Ok(()) => {
            link.script("RELEASE SAVEPOINT before_order").await?;
            Ok(Ok(()))
        }
        Err(error) if error.is_about_data() => {
            link.script("ROLLBACK TO SAVEPOINT before_order").await?;
            link.script("RELEASE SAVEPOINT before_order").await?;
            Ok(Err(error))
        }
        Err(error) => Err(error),
    }
}

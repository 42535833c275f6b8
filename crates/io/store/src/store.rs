//! The handle.

use crate::health::Sign;
use crate::limits::{ORDERS_SPARE, ORDERS_WAITING_MAX, READERS};
use crate::link::Link;
use crate::sole::{self, Claim};
use crate::writer::{Changes, Order, Work, Writer};
use crate::{Health, Metrics, Place, StoreError, pubsub, schema};
use ::pubsub::{Change, Record};
use futures_util::future::BoxFuture;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::sync::{Mutex, mpsc, oneshot, watch};

/// Who opens a store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// The server, of which there is one.
    Server,
    /// A command that works beside it.
    Tool,
}

/// An open store. Clones are handles of the same one.
#[derive(Clone)]
pub struct Store(Arc<Shared>);

struct Shared {
    place: Place,
    orders: mpsc::Sender<Order>,
    sign: Arc<Sign>,
    metrics: Metrics,
    readers: [Mutex<Option<Link>>; READERS],
    next_reader: AtomicUsize,
    _claim: Option<Claim>,
}

impl Store {
    /// Opens a store, makes it where there is none, and brings its schema forward.
    pub async fn open(place: Place, role: Role, metrics: Metrics) -> Result<Self, StoreError> {
        let claim = if role == Role::Server { Some(Claim::on_file(&place)?) } else { None };
        let mut link = Link::open(&place).await?;
        if role == Role::Server {
            sole::on_connection(&mut link, &place).await?;
        }
        schema::migrate(&mut link, &place).await?;
        let sign = Arc::new(Sign::default());
        let (orders, mailbox) = mpsc::channel(ORDERS_WAITING_MAX);
        let writer = Writer::new(place.clone(), role, link, sign.clone(), metrics.clone());
        tokio::spawn(writer.run(mailbox));
        let (readers, next_reader) = (Default::default(), AtomicUsize::new(0));
        Ok(Self(Arc::new(Shared { place, orders, sign, metrics, readers, next_reader, _claim: claim })))
    }

    /// Where it is.
    pub fn place(&self) -> &Place {
        &self.0.place
    }

    /// How it is.
    pub fn health(&self) -> Health {
        self.0.sign.get()
    }

    /// How it is, and how it will be: for whoever keeps books of it.
    pub fn follow_health(&self) -> watch::Receiver<Health> {
        self.0.sign.follow()
    }

    /// Whether changes are taken now: the store works, and there is room in front of it.
    pub fn is_ready(&self) -> bool {
        self.health() == Health::Well && self.0.orders.capacity() >= ORDERS_SPARE
    }

    /// Everything of publish-subscribe, nodes first and the items of a node in the order of their numbers.
    pub async fn pubsub_records(&self) -> Result<Vec<Record>, StoreError> {
        self.read(|link| Box::pin(pubsub::load(link))).await
    }

    /// Takes changes, which become durable in the order of the calls, and those of one call together or not at
    /// all. Never waits. The receiver hears when they are durable, and of an error when they will not be.
    ///
    /// While the store fails they are kept, and tried again with what comes after them.
    pub fn keep(&self, changes: Vec<Change>) -> oneshot::Receiver<Result<(), StoreError>> {
        self.keep_all(Changes::Pubsub(changes))
    }

    pub(crate) fn keep_all(&self, changes: Changes) -> oneshot::Receiver<Result<(), StoreError>> {
        let (done, kept) = oneshot::channel();
        if let Err(refused) = self.0.orders.try_send(Order::Keep { changes, done: Some(done) }) {
            // what comes later must not be written without it
            self.0.sign.set(Health::GivenUp);
            self.0.metrics.healthy.set(0);
            tracing::error!(
                "the store: more changes wait than it can take; it gives up until the next start"
            );
            refused.into_inner().refuse(&self.0.metrics);
        }
        kept
    }

    /// Waits until everything that was given before is durable; an error when that may take long.
    pub async fn settled(&self) -> Result<(), StoreError> {
        self.write(|_| Box::pin(async { Ok(()) })).await
    }

    /// Ends the writing when everything that was given is durable.
    pub async fn close(&self) {
        let (done, closed) = oneshot::channel();
        if self.0.orders.send(Order::Close(done)).await.is_ok() {
            let _ = closed.await;
        }
    }

    /// Changes something, together or not at all; the answer comes when it is durable.
    pub(crate) async fn write<T, F>(&self, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: for<'c> FnOnce(&'c mut Link) -> BoxFuture<'c, Result<T, StoreError>> + Send + 'static,
    {
        if self.health() != Health::Well {
            self.0.metrics.refused.inc();
            return Err(StoreError::Unavailable);
        }
        let (reply, answer) = oneshot::channel();
        let order = Order::Work(Box::new(Work::new(work, reply)));
        self.0.orders.try_send(order).map_err(|_| StoreError::Unavailable)?;
        answer.await.unwrap_or(Err(StoreError::Unavailable))
    }

    /// Reads, beside whoever writes.
    pub(crate) async fn read<T, F>(&self, work: F) -> Result<T, StoreError>
    where
        F: for<'c> FnOnce(&'c mut Link) -> BoxFuture<'c, Result<T, StoreError>>,
    {
        let number = self.0.next_reader.fetch_add(1, Ordering::Relaxed) % READERS;
        let mut reader = self.0.readers[number].lock().await;
        // taken out: a connection that failed, or whose reader was given up in the middle, is not used again
        let mut link = match reader.take() {
            Some(link) => link,
            None => Link::open(&self.0.place).await?,
        };
        link.begin_reading().await?;
        let outcome = work(&mut link).await;
        if link.roll_back().await.is_ok() {
            *reader = Some(link);
        }
        outcome
    }
}

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Store({})", self.0.place)
    }
}

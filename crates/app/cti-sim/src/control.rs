//! Giving orders to a running simulator: in the same process, or over HTTP on loopback.

use crate::hall::ToHall;
use crate::orders::tasks::{self, TaskOrder};
use crate::{limits, orders};
use axum::Router;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::routing::get;
use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::{mpsc, oneshot};
use tokio::time::{Instant, sleep};

/// How long `expect` waits when the line does not say.
const EXPECTED_WITHIN: Duration = Duration::from_secs(5);
/// How often it looks.
const LOOK_EVERY: Duration = Duration::from_millis(20);

/// What comes of an order about tasks: what is said, or why it cannot be.
pub type Done = Pin<Box<dyn Future<Output = Result<String, String>> + Send>>;

/// Gives orders to a running simulator, in the words of its scripts.
#[derive(Clone)]
pub struct Control {
    hall: mpsc::Sender<ToHall>,
    tasks: Option<Arc<dyn Fn(TaskOrder) -> Done + Send + Sync>>,
}

impl fmt::Debug for Control {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Control")
    }
}

impl Control {
    pub(crate) fn new(hall: mpsc::Sender<ToHall>) -> Self {
        Self { hall, tasks: None }
    }

    /// With somebody who carries out orders about tasks, which the simulator itself has none of.
    #[must_use]
    pub fn with_tasks(self, tasks: impl Fn(TaskOrder) -> Done + Send + Sync + 'static) -> Self {
        Self { tasks: Some(Arc::new(tasks)), ..self }
    }

    /// Carries out a line of a script and says what came of it.
    ///
    /// # Errors
    /// When the line is not understood or cannot be carried out; the text says why. Also when the simulator has
    /// ended.
    pub async fn order(&self, line: &str) -> Result<String, String> {
        if let Some(order) = tasks::order(line)? {
            let tasks = self.tasks.as_ref().ok_or("there are no tasks here: they are the server's")?;
            return tasks(order).await;
        }
        let ended = || "the simulator has ended".to_owned();
        let (answer, answered) = oneshot::channel();
        let order = ToHall::Ordered { line: line.to_owned(), answer };
        self.hall.send(order).await.map_err(|_| ended())?;
        answered.await.map_err(|_| ended())?
    }

    /// Carries out a script line by line: orders, and beside them `wait TIME` and `expect … [within TIME]`. Returns what
    /// was said.
    ///
    /// # Errors
    /// At the first line that fails; what was said before comes first.
    pub async fn play(&self, script: &str) -> Result<String, String> {
        let mut said = String::new();
        for (number, line) in (1..).zip(script.lines()) {
            match self.line(line.trim()).await {
                Ok(text) if text.is_empty() => {}
                Ok(text) => {
                    said.push_str(text.trim_end());
                    said.push('\n');
                }
                Err(why) if script.lines().nth(1).is_none() => return Err(why),
                Err(why) => return Err(format!("{said}line {number}: {why}")),
            }
        }
        Ok(said)
    }

    async fn line(&self, line: &str) -> Result<String, String> {
        if let Some(time) = line.strip_prefix("wait ") {
            sleep(orders::duration(time.trim())?).await;
            return Ok(String::new());
        }
        if !line.starts_with("expect ") {
            return self.order(line).await;
        }
        let (what, within) = match line.rsplit_once(" within ") {
            Some((what, time)) => (what, orders::duration(time.trim())?),
            None => (line, EXPECTED_WITHIN),
        };
        let until = Instant::now() + within;
        loop {
            match self.order(what).await {
                Err(_) if Instant::now() < until => sleep(LOOK_EVERY).await,
                said => return said,
            }
        }
    }

    /// Takes orders over HTTP: the body of a POST to `/` is a script, the answer what was said; GET tells what can be said.
    /// Never ends. Pages of other origins are refused, so that no page in a browser on this machine gives orders.
    ///
    /// # Errors
    /// When connections cannot be accepted any more.
    pub async fn serve(self, listener: TcpListener) -> std::io::Result<()> {
        let router = Router::new()
            .route("/", get(|| async { format!("{}\n", orders::HELP) }).post(post))
            .layer(DefaultBodyLimit::max(limits::SCRIPT_BYTES_MAX))
            .with_state(self);
        axum::serve(listener, router).await
    }
}

async fn post(State(control): State<Control>, headers: HeaderMap, script: String) -> (StatusCode, String) {
    if headers.contains_key(header::ORIGIN) {
        return (StatusCode::FORBIDDEN, "pages may not give orders\n".into());
    }
    match control.play(&script).await {
        Ok(said) => (StatusCode::OK, said),
        Err(why) => (StatusCode::BAD_REQUEST, format!("{why}\n")),
    }
}

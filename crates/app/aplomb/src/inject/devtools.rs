//! The Chrome DevTools Protocol, as far as faults need it: commands and their answers, one at a time.

use anyhow::{Context, bail};
use serde_json::{Value, json};
use std::net::TcpStream;
use std::time::Duration;
use tungstenite::{Message, WebSocket};

/// A browser on a busy machine takes its time; one that says nothing for longer will say nothing.
const ANSWER_WITHIN: Duration = Duration::from_secs(60);

/// A connection to a browser.
pub(super) struct Devtools {
    socket: WebSocket<TcpStream>,
    last: u64,
}

impl Devtools {
    /// Connects to the browser's own end: `ws://127.0.0.1:{port}{path}`.
    pub(super) fn connect(port: u16, path: &str) -> anyhow::Result<Self> {
        let stream = TcpStream::connect(("127.0.0.1", port)).context("the browser takes no orders")?;
        stream.set_read_timeout(Some(ANSWER_WITHIN))?;
        stream.set_write_timeout(Some(ANSWER_WITHIN))?;
        let url = format!("ws://127.0.0.1:{port}{path}");
        let (socket, _) = tungstenite::client(url, stream).context("the browser takes no orders")?;
        Ok(Self { socket, last: 0 })
    }

    /// A command to the browser, or to what a session is attached to, and its answer.
    pub(super) fn call(
        &mut self,
        session: Option<&str>,
        method: &str,
        params: Value,
    ) -> anyhow::Result<Value> {
        let id = self.begin(session, method, params)?;
        loop {
            let message = self.read().with_context(|| format!("{method} has no answer"))?;
            if message["id"] != id {
                // an event, or the answer to a command that nobody waited for
                continue;
            }
            if let Some(error) = message.get("error") {
                bail!("the browser refuses {method}: {}", error["message"]);
            }
            return Ok(message["result"].clone());
        }
    }

    /// A command whose answer nobody waits for.
    pub(super) fn begin(
        &mut self,
        session: Option<&str>,
        method: &str,
        params: Value,
    ) -> anyhow::Result<u64> {
        self.last += 1;
        let mut message = json!({ "id": self.last, "method": method, "params": params });
        if let Some(session) = session {
            message["sessionId"] = session.into();
        }
        self.socket.send(Message::text(message.to_string())).context("the browser is gone")?;
        Ok(self.last)
    }

    /// The value of an expression, whose promise is waited for.
    pub(super) fn evaluate(&mut self, session: &str, expression: &str) -> anyhow::Result<Value> {
        let params = json!({ "expression": expression, "returnByValue": true, "awaitPromise": true });
        let answer = self.call(Some(session), "Runtime.evaluate", params)?;
        if let Some(exception) = answer.get("exceptionDetails") {
            let text = &exception["exception"]["description"];
            bail!(
                "the page says: {}",
                text.as_str().or_else(|| exception["text"].as_str()).unwrap_or_default()
            );
        }
        Ok(answer["result"]["value"].clone())
    }

    fn read(&mut self) -> anyhow::Result<Value> {
        loop {
            if let Message::Text(text) = self.socket.read()? {
                return Ok(serde_json::from_str(&text)?);
            }
        }
    }
}

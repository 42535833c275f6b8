//! The desktop's own page in a real browser.

use super::chromium::Chromium;
use anyhow::{Context, bail};
use serde_json::{Value, json};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// A page on a busy machine takes its time.
const SHOWS_WITHIN: Duration = Duration::from_secs(60);

/// How often it is looked at.
const LOOK: Duration = Duration::from_millis(100);

/// Browsers without shared workers (those of telephones, those of some policies): the desk lives and dies with its tab.
const NO_SHARED_WORKERS: &str = "delete globalThis.SharedWorker";

/// Types into the form as a person does.
const SIGN_IN: &str = r#"(fields) => {
  const at = (id) => document.querySelector(`[data-testid="${id}"]`);
  const { set } = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value");
  for (const [id, text] of fields) {
    set.call(at(id), text);
    at(id).dispatchEvent(new Event("input", { bubbles: true }));
  }
  at("login-submit").click();
}"#;

/// Where the desk lives.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Home {
    /// In a worker that all tabs share, as on computers.
    Shared,
    /// In a worker of its tab.
    Tab,
}

/// A tab.
pub(super) struct Tab {
    pub(super) target: String,
    pub(super) session: String,
}

impl Tab {
    /// Opens an address in a tab, in a browser of its own as far as the page can tell if `is_apart`.
    pub(super) fn open(
        browser: &mut Chromium,
        url: &str,
        home: Home,
        is_apart: bool,
    ) -> anyhow::Result<Self> {
        let devtools = &mut browser.devtools;
        let mut place = json!({ "url": "about:blank" });
        if is_apart {
            let context = devtools.call(None, "Target.createBrowserContext", json!({}))?;
            place["browserContextId"] = context["browserContextId"].clone();
        }
        let target = text(&devtools.call(None, "Target.createTarget", place)?["targetId"])?;
        let params = json!({ "targetId": target, "flatten": true });
        let session = text(&devtools.call(None, "Target.attachToTarget", params)?["sessionId"])?;
        let tab = Self { target, session };
        tab.call(browser, "Page.enable", json!({}))?;
        if home == Home::Tab {
            let params = json!({ "source": NO_SHARED_WORKERS });
            tab.call(browser, "Page.addScriptToEvaluateOnNewDocument", params)?;
        }
        tab.call(browser, "Page.navigate", json!({ "url": url }))?;
        Ok(tab)
    }

    /// A command to this tab.
    pub(super) fn call(&self, browser: &mut Chromium, method: &str, params: Value) -> anyhow::Result<Value> {
        browser.devtools.call(Some(&self.session), method, params)
    }

    /// Signs an agent in at the desktop's form, and waits until events come.
    pub(super) fn sign_in(&self, browser: &mut Chromium, user: &str, password: &str) -> anyhow::Result<()> {
        self.shows(browser, r#"[data-testid="login-submit"]"#)?;
        let extension = extension(user)?;
        let fields =
            json!([["login-id", user], ["login-password", password], ["login-extension", extension]]);
        browser.devtools.evaluate(&self.session, &format!("({SIGN_IN})({fields})"))?;
        self.shows(browser, r#"[data-connected="true"]"#)?;
        self.shows(browser, r#"[data-testid="agent-state"]"#)
    }

    /// Waits until something is on the page.
    pub(super) fn shows(&self, browser: &mut Chromium, selector: &str) -> anyhow::Result<()> {
        self.until(browser, &format!("document.querySelector({})", json!(selector)))
    }

    /// Waits until an expression is true on the page.
    pub(super) fn until(&self, browser: &mut Chromium, expression: &str) -> anyhow::Result<()> {
        let asked = format!("Boolean({expression})");
        let until = Instant::now() + SHOWS_WITHIN;
        while Instant::now() < until {
            // a page that is being loaded has no answer
            if browser.devtools.evaluate(&self.session, &asked).is_ok_and(|is| is == true) {
                return Ok(());
            }
            sleep(LOOK);
        }
        let seen = browser.devtools.evaluate(&self.session, "document.body.innerText").unwrap_or_default();
        bail!("on the page there is no {expression}; it shows: {}", seen.as_str().unwrap_or_default().trim())
    }
}

/// A session of the DevTools with the worker that tabs share.
pub(super) fn shared_worker(browser: &mut Chromium) -> anyhow::Result<String> {
    let targets = browser.devtools.call(None, "Target.getTargets", json!({}))?;
    let mut targets = targets["targetInfos"].as_array().into_iter().flatten();
    let worker =
        targets.find(|target| target["type"] == "shared_worker").context("the desk's worker is not there")?;
    let params = json!({ "targetId": worker["targetId"], "flatten": true });
    text(&browser.devtools.call(None, "Target.attachToTarget", params)?["sessionId"])
}

fn text(value: &Value) -> anyhow::Result<String> {
    value.as_str().map(str::to_owned).context("the browser's answer is not what it should be")
}

/// The demo's: 1001001 has the telephone 2001.
fn extension(user: &str) -> anyhow::Result<u32> {
    let number: u32 = user.parse().ok().and_then(|id: u32| id.checked_sub(1_001_000)).unwrap_or_default();
    if !(1..=9_999).contains(&number) {
        bail!("--agent {user}: the desktop signs the demo's agents in (1001001 and following)");
    }
    Ok(2_000 + number)
}

//! Faults with a real browser: the desktop's own page in a Chromium that sleeps, freezes, starves, is loaded anew or killed.

use super::Fault;
use super::chromium::Chromium;
use super::client::ago;
use super::desktop::{Home, Tab, shared_worker};
use super::scene::{AWAY_LONGER, PASSWORD, Scene};
use super::way::Way;
use anyhow::{Context, bail, ensure};
use diag::{Fact, Failure, What};
use jiff::Timestamp;
use serde_json::{Value, json};
use std::path::Path;
use std::thread::sleep;
use std::time::{Duration, Instant};

/// A shorter standstill is nothing that the desktop notes (its own limit is 5 s).
const NOTED_AFTER: Duration = Duration::from_secs(7);

/// The computer's own clock stands still while its programs do, as it does in sleep.
const OWN_CLOCK_STOPS: &str = r"(() => {
  const own = performance.now.bind(performance);
  let slept = 0, last = own();
  const look = () => {
    const now = own();
    if (now - last > 2500) slept += now - last - 100;
    last = now;
    return now - slept;
  };
  setInterval(look, 100);
  performance.now = look;
})()";

/// Until somebody stops it, or for longer than any session lives without its client.
const COMPUTES: &str = "for (const until = Date.now() + 300000; Date.now() < until; );";

/// A page that polls by timers.
const TIMER_CLIENT: &str = include_str!("timer_client.js");

/// The banner of a connection that is lost.
const LOST: &str = r#"[data-testid="banner"][data-kind="lost"]"#;

/// A browser with the desktop in it, signed in, behind a way that lets polls through and no WebSocket: a browser answers
/// a WebSocket's pings even while the page is stopped.
struct Stage {
    browser: Chromium,
    tab: Tab,
    way: Way,
}

impl Scene {
    /// When what the case is about happened, and the browser, which shall live until the case is written.
    pub(super) fn inject_in_browser(
        &self,
        fault: Fault,
        chromium: Option<&Path>,
    ) -> anyhow::Result<(Timestamp, Chromium)> {
        match fault {
            Fault::CertificateUntrusted => return self.certificate_untrusted(chromium),
            Fault::TabThrottled => return self.tab_throttled(chromium),
            _ => {}
        }
        let home = if matches!(fault, Fault::TabFrozen | Fault::Reloaded) { Home::Tab } else { Home::Shared };
        let mut stage = self.stage(chromium, home)?;
        let at = match fault {
            Fault::Slept => self.sleeps(&mut stage),
            Fault::TabFrozen => self.freezes(&mut stage),
            Fault::Starved => self.starves(&mut stage),
            Fault::NetworkCut => self.is_cut(&mut stage, Way::swallow),
            Fault::Reset => self.is_cut(&mut stage, Way::reset),
            Fault::PortRefused => self.is_cut(&mut stage, Way::close),
            Fault::SecondSignIn => self.signs_in_elsewhere(&mut stage),
            Fault::Reloaded => self.reloads(&mut stage),
            Fault::BrowserKilled => self.is_killed(&mut stage),
            _ => bail!("no browser can do {} (see --list)", fault.name()),
        }?;
        Ok((at, stage.browser))
    }

    fn stage(&self, chromium: Option<&Path>, home: Home) -> anyhow::Result<Stage> {
        let since = ago(2);
        let way = Way::to(self.page()?, true)?;
        let mut browser = Chromium::start(chromium, true)?;
        self.say("the browser is there");
        let tab = Tab::open(&mut browser, &way.url(), home, false)?;
        tab.sign_in(&mut browser, &self.user, PASSWORD)?;
        // a page that never told of itself is not missed
        self.own("the page's first word", since, |what| matches!(what, What::PageOpened))?;
        self.say(&format!("{} is signed in at the desktop", self.user));
        Ok(Stage { browser, tab, way })
    }

    fn page(&self) -> anyhow::Result<&str> {
        self.ready.rest_plain.as_deref().context("the demo shows no page in the clear (rest_plain)")
    }

    /// Waits for something that the agent's evidence tells.
    fn own(&self, what: &str, since: Timestamp, is_it: impl Fn(&What) -> bool) -> anyhow::Result<Timestamp> {
        self.wait(what, |fact: &Fact| self.is_own(fact, since) && is_it(&fact.what))
    }

    fn sleeps(&self, stage: &mut Stage) -> anyhow::Result<Timestamp> {
        let worker = shared_worker(&mut stage.browser)?;
        stage.browser.devtools.evaluate(&worker, OWN_CLOCK_STOPS)?;
        let since = ago(2);
        stage.browser.signal("-STOP")?;
        self.say("the browser sleeps");
        let at = self.ended(since)?;
        sleep(AWAY_LONGER);
        stage.browser.signal("-CONT")?;
        self.own("the desktop's word of its sleep", since, |what| matches!(what, What::Slept { .. }))?;
        Ok(at)
    }

    fn freezes(&self, stage: &mut Stage) -> anyhow::Result<Timestamp> {
        let since = ago(2);
        stage.lifecycle("frozen")?;
        self.say("the tab is frozen");
        let at = self.ended(since)?;
        sleep(AWAY_LONGER);
        stage.lifecycle("active")?;
        self.own("the page's word that it goes on", since, |what| matches!(what, What::PageResumed))?;
        Ok(at)
    }

    fn starves(&self, stage: &mut Stage) -> anyhow::Result<Timestamp> {
        let worker = shared_worker(&mut stage.browser)?;
        let (since, busy) = (ago(2), Instant::now());
        stage.browser.devtools.begin(Some(&worker), "Runtime.evaluate", json!({ "expression": COMPUTES }))?;
        self.say("the desk computes");
        let at = self.ended(since)?;
        sleep(NOTED_AFTER.saturating_sub(busy.elapsed()).max(AWAY_LONGER));
        stage.browser.devtools.call(Some(&worker), "Runtime.terminateExecution", json!({}))?;
        self.own("the desktop's word of it", since, |what| matches!(what, What::LongTask { .. }))?;
        Ok(at)
    }

    fn is_cut(&self, stage: &mut Stage, fault: fn(&Way)) -> anyhow::Result<Timestamp> {
        let since = ago(2);
        fault(&stage.way);
        self.say("the way is cut");
        let at = self.ended(since)?;
        let Stage { browser, tab, way } = stage;
        tab.shows(browser, LOST)?;
        sleep(AWAY_LONGER);
        way.pass();
        let failed = |what: &What| matches!(what, What::RequestFailed { how: Failure::TimedOut });
        self.own("the desktop's word of its loss", since, failed)?;
        Ok(at)
    }

    fn signs_in_elsewhere(&self, stage: &mut Stage) -> anyhow::Result<Timestamp> {
        let since = ago(2);
        let Stage { browser, way, .. } = stage;
        let other = Tab::open(browser, &way.url(), Home::Shared, true)?;
        other.sign_in(browser, &self.user, PASSWORD)?;
        self.ended(since)
    }

    fn reloads(&self, stage: &mut Stage) -> anyhow::Result<Timestamp> {
        let since = ago(2);
        let Stage { browser, tab, .. } = stage;
        tab.call(browser, "Page.reload", json!({}))?;
        tab.sign_in(browser, &self.user, PASSWORD)?;
        self.ended(since)
    }

    fn is_killed(&self, stage: &mut Stage) -> anyhow::Result<Timestamp> {
        // a desk that has done what follows a sign-in has a poll open almost always
        sleep(AWAY_LONGER);
        let since = ago(2);
        stage.browser.signal("-KILL")?;
        self.say("the browser is killed");
        self.ended(since)
    }

    fn certificate_untrusted(&self, chromium: Option<&Path>) -> anyhow::Result<(Timestamp, Chromium)> {
        let url = self.ready.rest.as_deref().context("the demo has no TLS (rest)")?;
        let since = ago(2);
        let mut browser = Chromium::start(chromium, false)?;
        let tab = Tab::open(&mut browser, "about:blank", Home::Shared, false)?;
        let answer = tab.call(&mut browser, "Page.navigate", json!({ "url": url }))?;
        let said = answer["errorText"].as_str().unwrap_or_default().to_owned();
        ensure!(said.contains("ERR_CERT"), "the browser takes the demo's certificate ({said})");
        self.say(&format!("the browser says {said}"));
        let is_refusal = |fact: &Fact| matches!(fact.what, What::CertificateRefused { .. });
        let at = self.wait("the refusal", |fact| fact.at >= since && is_refusal(fact))?;
        Ok((at, browser))
    }

    /// A page of another client than the desktop, whose desk no browser throttles.
    fn tab_throttled(&self, chromium: Option<&Path>) -> anyhow::Result<(Timestamp, Chromium)> {
        let before = ago(2);
        let mut browser = Chromium::start(chromium, true)?;
        let url = format!("{}/desktop/settings.json", self.page()?.trim_end_matches('/'));
        let tab = Tab::open(&mut browser, "about:blank", Home::Shared, false)?;
        // what is said to a page by hand is not the page's own
        tab.call(&mut browser, "Page.setBypassCSP", json!({ "enabled": true }))?;
        tab.call(&mut browser, "Page.navigate", json!({ "url": url }))?;
        tab.until(
            &mut browser,
            "location.pathname === '/desktop/settings.json' && document.readyState === 'complete'",
        )?;
        let [user, password, desk] = [&self.user, PASSWORD, &self.desk].map(|text| json!(text));
        let signed_in: Value = browser
            .devtools
            .evaluate(&tab.session, &format!("({TIMER_CLIENT})({user}, {password}, {desk})"))?;
        ensure!(signed_in == true, "the page did not sign in");
        self.own("the page's first word", before, |what| matches!(what, What::PageOpened))?;
        let since = ago(2);
        let other = Tab::open(&mut browser, "about:blank", Home::Shared, false)?;
        browser.devtools.call(None, "Target.activateTarget", json!({ "targetId": other.target }))?;
        self.say("another tab is in front");
        let at = self.ended(since)?;
        sleep(AWAY_LONGER);
        browser.devtools.call(None, "Target.activateTarget", json!({ "targetId": tab.target }))?;
        self.own("the page's word of its timers", since, |what| matches!(what, What::TimerLate { .. }))?;
        Ok((at, browser))
    }
}

impl Stage {
    fn lifecycle(&mut self, state: &str) -> anyhow::Result<()> {
        let Self { browser, tab, .. } = self;
        tab.call(browser, "Page.setWebLifecycleState", json!({ "state": state })).map(drop)
    }
}

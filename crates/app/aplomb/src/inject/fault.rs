//! What can be done to a demo, and the cause of the table that each of it is.

use clap::ValueEnum;
use std::fmt::Write;

/// One fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Fault {
    /// The computer sleeps until the session is over, and goes on as if nothing had been
    Slept,
    /// Packets vanish in both directions: a black hole
    NetworkCut,
    /// The connections are reset, and every try after it
    Reset,
    /// The port is closed: connections end, and every try after it is refused
    PortRefused,
    /// What is sent takes longer than a session may be silent, and overtakes itself
    Delayed,
    /// The browser throttles the timers of a hidden tab whose client polls by timers
    TabThrottled,
    /// The browser freezes the tab
    TabFrozen,
    /// The page computes and has no time for its connection
    Starved,
    /// A proxy ends each poll at the same age
    ProxyLimit,
    /// The browser does not trust the certificate
    CertificateUntrusted,
    /// The agent signs in elsewhere
    SecondSignIn,
    /// The password is wrong
    WrongPassword,
    /// The page is closed in order
    PageClosed,
    /// The page is loaded anew
    Reloaded,
    /// The browser dies
    BrowserKilled,
    /// Requests are lost
    RequestLost,
    /// The client polls too fast
    Overactivity,
    /// The server is stopped in order; start it again yourself
    Stopped,
    /// The server is stopped in order and started again, as it was started before (Linux)
    Restarted,
    /// The server is killed; start it again yourself
    Killed,
    /// Characters that XML forbids come from a client and from the phone system
    InvalidCharacters,
    /// The simulator's sides go down; `aplomb sim ctl side a up` brings them back
    CtiLost,
    /// The server is halted for longer than a session may be silent
    Paused,
}

impl Fault {
    /// The cause of the table that it is; `None`: nobody is disconnected by it.
    pub(crate) fn label(self) -> Option<&'static str> {
        Some(match self {
            Self::Slept => "C1",
            Self::NetworkCut | Self::Delayed => "C2",
            Self::Reset | Self::PortRefused => "C3",
            Self::TabThrottled => "C4",
            Self::TabFrozen => "C5",
            Self::Starved => "C6",
            Self::ProxyLimit => "C9",
            Self::CertificateUntrusted => "C11",
            Self::SecondSignIn => "C14",
            Self::WrongPassword => "C15",
            Self::PageClosed | Self::Reloaded => "C16",
            Self::BrowserKilled => "C17",
            Self::RequestLost => "C18",
            Self::Overactivity => "C20",
            Self::Stopped | Self::Restarted => "S1",
            Self::Killed => "S2",
            Self::CtiLost => "S5",
            Self::Paused => "S7",
            Self::InvalidCharacters => return None,
        })
    }

    /// Whether a real browser can do it.
    pub(crate) fn has_browser(self) -> bool {
        matches!(
            self,
            Self::Slept
                | Self::NetworkCut
                | Self::Reset
                | Self::PortRefused
                | Self::TabThrottled
                | Self::TabFrozen
                | Self::Starved
                | Self::CertificateUntrusted
                | Self::SecondSignIn
                | Self::Reloaded
                | Self::BrowserKilled
        )
    }

    /// Whether nothing but a browser can do it.
    pub(crate) fn needs_browser(self) -> bool {
        matches!(self, Self::TabThrottled | Self::CertificateUntrusted)
    }

    /// As it is typed.
    pub(crate) fn name(self) -> String {
        self.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default()
    }

    /// All of them, a line each: name, cause, browser, what happens.
    pub(crate) fn list() -> String {
        let mut list = format!("{:<22}{:<6}{:<10}what happens\n", "fault", "cause", "browser");
        for fault in Self::value_variants() {
            let value = fault.to_possible_value();
            let what = value.as_ref().and_then(|value| value.get_help()).map(ToString::to_string);
            let browser = match (fault.needs_browser(), fault.has_browser()) {
                (true, _) => "always",
                (_, true) => "--browser",
                _ => "",
            };
            let (cause, what) = (fault.label().unwrap_or("-"), what.unwrap_or_default());
            // a String takes everything
            let _ = writeln!(list, "{:<22}{cause:<6}{browser:<10}{what}", fault.name());
        }
        list
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fault_is_listed_with_a_cause_that_has_a_rule_or_with_none() {
        let list = Fault::list();
        for fault in Fault::value_variants() {
            assert!(list.lines().any(|line| line.starts_with(&fault.name())), "{list}");
            assert!(fault.label().is_none_or(|id| diag::rules::rule(id).is_some()), "{}", fault.name());
            assert!(fault.has_browser() || !fault.needs_browser(), "{}", fault.name());
        }
        assert!(list.lines().all(|line| line.chars().count() <= 140), "{list}");
    }
}

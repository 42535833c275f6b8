//! Which domains clients may say that they want to speak with (`to` of a stream).

use crate::Config;
use bosh::Reason;
use std::net::IpAddr;
use xmpp::{Jid, StreamError};

/// Why a stream is not served. The client is at fault, or whoever configured it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Misdirected {
    /// To a domain that was served here once.
    Gone,
    /// To another domain.
    Unknown,
    /// To something that is no domain.
    Improper,
}

impl Misdirected {
    /// The end of a BOSH stream (XEP-0124 §17.2).
    pub(crate) fn reason(self) -> Reason {
        match self {
            Self::Gone => Reason::HostGone,
            Self::Unknown => Reason::HostUnknown,
            Self::Improper => Reason::ImproperAddressing,
        }
    }

    /// The end of any other (RFC 6120 §4.9.3.5 to §4.9.3.7).
    pub(crate) fn error(self) -> StreamError {
        match self {
            Self::Gone => StreamError::HostGone,
            Self::Unknown => StreamError::HostUnknown,
            Self::Improper => StreamError::ImproperAddressing,
        }
    }

    /// For the log.
    pub(crate) fn why(self) -> &'static str {
        match self {
            Self::Gone => "the client wants a domain of xmpp.former_domains",
            Self::Unknown => "the client wants another domain, which xmpp.refuse_other_domains forbids",
            Self::Improper => "what the client wants to speak with is no domain",
        }
    }
}

/// Whether a stream to this is served.
///
/// `COMPAT(finesse)`: clients address the server by its IP address, by a domain made up from a login name, or by
/// nothing at all, and learn the domain from the answer. All of them are served, unless the operator names the domain
/// as a former one, or wants others refused; addresses and nothing at all are served always.
pub(crate) fn check(config: &Config, to: Option<&str>) -> Result<(), Misdirected> {
    let Some(to) = to.map(str::trim).filter(|to| !to.is_empty()) else { return Ok(()) };
    if to.eq_ignore_ascii_case(&config.domain) || is_address(to) {
        return Ok(());
    }
    if !is_domain(to) {
        return Err(Misdirected::Improper);
    }
    if config.former_domains.iter().any(|former| former.eq_ignore_ascii_case(to)) {
        return Err(Misdirected::Gone);
    }
    if config.refuse_other_domains { Err(Misdirected::Unknown) } else { Ok(()) }
}

/// Whether the `route` of a BOSH client (XEP-0124 §7.1: `protocol:host:port`) leads here.
pub(crate) fn is_route_to(domain: &str, route: &str) -> bool {
    let host = route.split_once(':').and_then(|(_, rest)| Some(rest.rsplit_once(':')?.0));
    host.is_some_and(|host| host.eq_ignore_ascii_case(domain))
}

fn is_address(to: &str) -> bool {
    to.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>().is_ok()
}

fn is_domain(to: &str) -> bool {
    Jid::new(to).is_ok_and(|jid| jid.node().is_none() && jid.resource().is_none())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(refuse_other_domains: bool) -> Config {
        let former_domains = vec!["old.example".into()];
        Config { domain: "cc.example".into(), former_domains, refuse_other_domains, ..Config::default() }
    }

    #[test]
    fn addresses_and_nothing_at_all_are_served_whatever_is_configured() {
        for config in [config(false), config(true)] {
            for to in ["cc.example", "CC.Example", "192.0.2.7", "2001:db8::1", "[2001:db8::1]", "", " "] {
                assert_eq!(check(&config, Some(to)), Ok(()), "{to:?}");
            }
            assert_eq!(check(&config, None), Ok(()));
        }
    }

    #[test]
    fn other_domains_are_served_unless_they_are_former_ones_or_refused() {
        assert_eq!(check(&config(false), Some("elsewhere.example")), Ok(()));
        assert_eq!(check(&config(true), Some("elsewhere.example")), Err(Misdirected::Unknown));
        for config in [config(false), config(true)] {
            assert_eq!(check(&config, Some("Old.example")), Err(Misdirected::Gone));
        }
    }

    #[test]
    fn a_route_leads_here_by_our_domain_only() {
        assert!(is_route_to("cc.example", "xmpp:CC.example:5222"));
        for route in ["xmpp:elsewhere.example:5222", "cc.example", "xmpp:cc.example", "", "::"] {
            assert!(!is_route_to("cc.example", route), "{route:?}");
        }
    }

    #[test]
    fn what_is_no_domain_is_improper() {
        for to in ["agent@cc.example", "cc.example/desk", "two words", "@", "a..b@c/d", "\u{1}"] {
            assert_eq!(check(&config(false), Some(to)), Err(Misdirected::Improper), "{to:?}");
        }
    }
}

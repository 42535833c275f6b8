//! The settings that a server starts with, and what of them is worth a word.

use crate::cli::ServeArgs;
use crate::config::{self, Address, Config, Source};
use crate::demo;
use anyhow::ensure;
use std::net::IpAddr;

pub(super) fn read_config(args: &ServeArgs) -> anyhow::Result<Config> {
    let defaults = if args.demo { demo::config(args.demo_agents)? } else { Config::default() };
    let environment = std::env::vars().filter(|(name, _)| name.starts_with("APLOMB_")).collect();
    let source = Source { file: args.config.clone(), environment, settings: args.settings.clone() };
    let config = config::load(defaults, &source)?;
    let listen = &config.listen;
    if args.demo {
        // its passwords are printed in every manual
        let all = [&listen.rest, &listen.rest_plain, &listen.notification, &listen.notification_plain];
        let all = all.into_iter().chain([
            &listen.xmpp_tcp,
            &listen.xmpp_tls,
            &listen.metrics,
            &config.simulator.listen,
            &config.simulator.listen_b,
        ]);
        for address in all {
            ensure!(is_loopback(address), "--demo listens on loopback only, not on {address}");
        }
    }
    Ok(config)
}

fn is_loopback(address: &Address) -> bool {
    address
        .host()
        .is_none_or(|host| host == "localhost" || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback()))
}

pub(super) fn warn_of_weak_settings(args: &ServeArgs, config: &Config) {
    if config.xmpp.allow_plain_tcp {
        tracing::warn!("xmpp.allow_plain_tcp: passwords of TCP clients may cross the network in the clear");
    }
    if config.cti.tls && config.cti.tls_insecure {
        tracing::warn!(
            "cti.tls_insecure: whoever is between us and the CTI server can read and change everything"
        );
    }
    if args.demo {
        return;
    }
    if config.listen.rest_plain_serves && config.listen.rest_plain.get().is_some() {
        tracing::warn!(
            "listen.rest_plain_serves: passwords of REST clients may cross the network in the clear"
        );
    }
    if config.listen.notification_plain.get().is_some() {
        tracing::warn!(
            "listen.notification_plain: passwords of BOSH clients may cross the network in the clear"
        );
    }
}

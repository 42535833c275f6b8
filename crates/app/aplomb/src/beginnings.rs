//! What the settings say that is configuration from the first start on.

use crate::config::{Category, Config, ReasonCode};
use ::store::Store;
use anyhow::{Context, ensure};
use configuration::{Configuration, Deployment, ReasonCategory};
use rest::{Beginnings, Catalogue};

/// The configuration: the store's, which a new store takes from the settings.
pub(crate) async fn catalogue(config: &Config, store: Option<Store>) -> anyhow::Result<Catalogue> {
    let deployment = match config.deployment() {
        floor::Deployment::Ucce => Deployment::Cce,
        floor::Deployment::Uccx => Deployment::Ccx,
    };
    let beginnings = Beginnings { reason_codes: reason_codes(config, deployment)? };
    Catalogue::open(store, deployment, beginnings).await.context("the configuration cannot be read")
}

/// The settings' reason codes, if they keep to the rules of those that are made later.
fn reason_codes(
    config: &Config,
    deployment: Deployment,
) -> anyhow::Result<Vec<(u32, configuration::ReasonCode, Vec<u32>)>> {
    let mut all = Configuration::new(deployment);
    let mut codes = Vec::with_capacity(config.reason_codes.len());
    for reason in &config.reason_codes {
        let (id, value) = (reason.id, configured(reason));
        let known = |team: &u32| config.teams.iter().any(|other| other.id == *team);
        ensure!(reason.teams.iter().all(known), "reason_codes: {id} is for a team that is not in [[teams]]");
        ensure!(all.found::<configuration::ReasonCode>(id).is_err(), "reason_codes: {id} is there twice");
        all.check_new(&value).with_context(|| format!("reason_codes: {id}"))?;
        all.put(configuration::Stored { id, version: 1, value: value.clone() });
        codes.push((id, value, reason.teams.clone()));
    }
    Ok(codes)
}

fn configured(reason: &ReasonCode) -> configuration::ReasonCode {
    configuration::ReasonCode {
        category: match reason.category {
            Category::NotReady => ReasonCategory::NotReady,
            Category::Logout => ReasonCategory::Logout,
        },
        code: reason.code,
        label: reason.label.clone(),
        for_all: reason.teams.is_empty(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(codes: Vec<ReasonCode>) -> Result<usize, String> {
        let config = Config { reason_codes: codes, ..Config::default() };
        let read = reason_codes(&config, Deployment::Cce);
        read.map(|codes| codes.len()).map_err(|error| format!("{error:#}"))
    }

    fn code(id: u32, code: u16, label: &str, teams: &[u32]) -> ReasonCode {
        ReasonCode { id, category: Category::NotReady, code, label: label.into(), teams: teams.to_vec() }
    }

    #[test]
    fn codes_of_the_settings_keep_to_the_rules() {
        assert_eq!(read(vec![code(1, 1, "Lunch", &[]), code(2, 2, "Break", &[])]), Ok(2));
        let long = "x".repeat(41);
        for (codes, why) in [
            (
                vec![code(1, 1, "Lunch", &[]), code(2, 1, "Break", &[])],
                "reason_codes: 2: there is a ReasonCode",
            ),
            (vec![code(1, 1, "Lunch", &[]), code(1, 2, "Break", &[])], "reason_codes: 1 is there twice"),
            (vec![code(1, 1, &long, &[])], "reason_codes: 1: label is longer than 40 bytes"),
            (vec![code(1, 1, "Lunch", &[5000])], "reason_codes: 1 is for a team that is not in [[teams]]"),
        ] {
            let error = read(codes).unwrap_err();
            assert!(error.starts_with(why), "{error}");
        }
    }
}

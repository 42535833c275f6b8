//! What a new system begins with.

use configuration::{
    Assignable, Configuration, Deployment, MediaPropertiesLayout, Object, ReasonCode, Stored,
};
use jiff::Timestamp;
use store::{By, Store, StoreError};

/// What the settings say that is configuration from then on.
#[derive(Clone, Debug, Default)]
pub struct Beginnings {
    /// Reason codes with their numbers, and the teams that have them if they are not for all.
    pub reason_codes: Vec<(u32, ReasonCode, Vec<u32>)>,
}

/// Everything there is, after the beginnings were written to a store that has never had their kinds.
pub(super) async fn begin(
    store: Option<&Store>,
    deployment: Deployment,
    beginnings: Beginnings,
) -> Result<Configuration, StoreError> {
    let layouts = vec![(1, MediaPropertiesLayout::initial())];
    let Beginnings { reason_codes } = beginnings;
    let teams = teams(&reason_codes);
    let codes: Vec<_> = reason_codes.into_iter().map(|(id, code, _)| (id, code)).collect();
    let Some(store) = store else {
        let mut all = Configuration::new(deployment);
        put(&mut all, codes);
        put(&mut all, layouts);
        teams.into_iter().for_each(|(team, ids)| all.assign::<ReasonCode>(team, ids));
        return Ok(all);
    };
    let by = By { who: "the settings".into(), address: None, at: Timestamp::now() };
    if store.begin_with(codes, by.clone()).await? {
        assign::<ReasonCode>(store, teams, &by).await?;
    }
    store.begin_with(layouts, by).await?;
    store.configuration(deployment).await
}

/// Which codes each team has.
fn teams(codes: &[(u32, ReasonCode, Vec<u32>)]) -> Vec<(u32, Vec<u32>)> {
    let mut teams = std::collections::BTreeMap::<u32, Vec<u32>>::new();
    for (id, _, of) in codes {
        of.iter().for_each(|team| teams.entry(*team).or_default().push(*id));
    }
    teams.into_iter().collect()
}

fn put<T: Object>(all: &mut Configuration, objects: Vec<(u32, T)>) {
    objects.into_iter().for_each(|(id, value)| all.put(Stored { id, version: 1, value }));
}

async fn assign<T: Assignable>(
    store: &Store,
    teams: Vec<(u32, Vec<u32>)>,
    by: &By,
) -> Result<(), StoreError> {
    for (team, ids) in teams {
        store.assign::<T>(team, ids, by.clone()).await?;
    }
    Ok(())
}

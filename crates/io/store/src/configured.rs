//! All configuration objects at once, for the start.

use crate::link::{Link, values};
use crate::objects::all;
use crate::{Store, StoreError};
use configuration::{
    Assignable, ChatConfig, ClusterConfig, Configuration, Contact, Deployment, DesktopLayout,
    EnterpriseDatabaseConfig, MediaPropertiesLayout, Object, PhoneBook, ReasonCode, SystemConfig,
    SystemReasonLabel, Workflow, WorkflowAction, WrapUpReason,
};
use std::collections::BTreeMap;

const ASSIGNMENTS: &str = "SELECT team, id FROM assignments WHERE kind = $1 ORDER BY team, position";

impl Store {
    /// Everything that administrators have configured, as of one moment.
    pub async fn configuration(&self, deployment: Deployment) -> Result<Configuration, StoreError> {
        self.read(|link| Box::pin(load(link, deployment))).await
    }
}

async fn load(link: &mut Link, deployment: Deployment) -> Result<Configuration, StoreError> {
    let mut all = Configuration::new(deployment);
    kind::<ReasonCode>(link, &mut all).await?;
    kind::<SystemReasonLabel>(link, &mut all).await?;
    kind::<WrapUpReason>(link, &mut all).await?;
    kind::<PhoneBook>(link, &mut all).await?;
    kind::<Contact>(link, &mut all).await?;
    kind::<Workflow>(link, &mut all).await?;
    kind::<WorkflowAction>(link, &mut all).await?;
    kind::<MediaPropertiesLayout>(link, &mut all).await?;
    kind::<DesktopLayout>(link, &mut all).await?;
    kind::<ChatConfig>(link, &mut all).await?;
    kind::<SystemConfig>(link, &mut all).await?;
    kind::<ClusterConfig>(link, &mut all).await?;
    kind::<EnterpriseDatabaseConfig>(link, &mut all).await?;
    assignments::<ReasonCode>(link, &mut all).await?;
    assignments::<WrapUpReason>(link, &mut all).await?;
    assignments::<PhoneBook>(link, &mut all).await?;
    assignments::<Workflow>(link, &mut all).await?;
    Ok(all)
}

async fn kind<T: Object>(link: &mut Link, into: &mut Configuration) -> Result<(), StoreError> {
    all::<T>(link).await?.into_iter().for_each(|stored| into.put(stored));
    Ok(())
}

async fn assignments<T: Assignable>(link: &mut Link, into: &mut Configuration) -> Result<(), StoreError> {
    let pair = |row: &crate::link::Row| Ok((row.count::<u32>(0)?, row.count::<u32>(1)?));
    let mut teams: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    for (team, id) in link.all(ASSIGNMENTS, values![T::KIND], pair).await? {
        teams.entry(team).or_default().push(id);
    }
    teams.into_iter().for_each(|(team, ids)| into.assign::<T>(team, ids));
    Ok(())
}

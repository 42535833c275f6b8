//! Everyone there is: the people of the configuration, and those of the store, as they are at present.

use crate::config::{Config, Role, Team, User};
use crate::directory;
use crate::policy::{self, NodePolicy};
use crate::present_policy::PresentPolicy;
use ::store::{Store, UserRole};
use accounts::PasswordHash;
use accounts::scram::Verifier;
use credentials::Checker;
use notification::Service;
use rest::FloorClient;
use std::collections::HashSet;
use std::time::Duration;
use tokio::sync::watch;

/// How often it is looked whether somebody was changed by a command beside the server.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// The configuration with the store's people in it. Of two with one id the configuration's counts.
pub(crate) async fn with_stored(config: &Config, store: &Store) -> anyhow::Result<Config> {
    let (teams, users) = (store.teams().await?, store.users().await?);
    let mut all = config.clone();
    let known: HashSet<u32> = all.teams.iter().map(|team| team.id).collect();
    let new = teams.into_iter().filter(|team| !known.contains(&team.id));
    all.teams.extend(new.map(|team| Team { id: team.id, name: team.name }));
    let names: HashSet<String> = config
        .users
        .iter()
        .flat_map(|user| [user.id.to_lowercase(), user.login_name.to_lowercase()])
        .collect();
    let teams: HashSet<u32> = all.teams.iter().map(|team| team.id).collect();
    for mut user in users {
        // a team may be gone since
        user.supervises.retain(|team| teams.contains(team));
        let clashes =
            names.contains(&user.id.to_lowercase()) || names.contains(&user.login_name.to_lowercase());
        if clashes {
            tracing::warn!(
                user = user.id,
                "a user of the store has an id or loginName of the configuration's: left out"
            );
        } else if !is_usable(&user) {
            tracing::error!(user = user.id, "the secrets of a user of the store cannot be read: left out");
        } else {
            all.users.push(configured(user));
        }
    }
    Ok(all)
}

fn is_usable(user: &::store::User) -> bool {
    let secrets = &user.secrets;
    PasswordHash::parse(&secrets.password_hash).is_ok()
        && secrets.scram.iter().all(|verifier| Verifier::parse(verifier).is_ok())
}

fn configured(user: ::store::User) -> User {
    let role = |role| match role {
        UserRole::Agent => Role::Agent,
        UserRole::Supervisor => Role::Supervisor,
        UserRole::Administrator => Role::Administrator,
        UserRole::Service => Role::Service,
    };
    User {
        id: user.id,
        login_name: user.login_name,
        first_name: user.first_name,
        last_name: user.last_name,
        team: user.team,
        roles: user.roles.into_iter().map(role).collect(),
        supervises: user.supervises,
        password_hash: user.secrets.password_hash,
        scram: user.secrets.scram,
    }
}

/// Everyone who must hear that somebody is new, or is not what it was.
pub(crate) struct People {
    pub(crate) config: Config,
    pub(crate) store: Store,
    pub(crate) checker: Checker,
    pub(crate) policy: PresentPolicy,
    pub(crate) floor: FloorClient,
    pub(crate) notification: Service,
    /// Whose rights have changed without the notification service having heard of it.
    pub(crate) untold: HashSet<String>,
    /// Who keeps books of it hears the number of each change that was taken over.
    pub(crate) taken: watch::Sender<u64>,
}

impl People {
    /// Looks for changes, as long as the server runs.
    pub(crate) async fn follow(mut self, mut seen: u64) {
        loop {
            tokio::time::sleep(LOOK_EVERY).await;
            let latest = match self.store.people_revision().await {
                Ok(latest) if latest != seen => latest,
                Ok(_) => continue,
                Err(error) => {
                    // the writer says aloud when the store fails
                    tracing::debug!(%error, "cannot look for changes of users");
                    continue;
                }
            };
            match self.take_over().await {
                Ok(users) => {
                    tracing::info!(users, revision = latest, "users and teams are taken from the store anew");
                    seen = latest;
                    self.taken.send_replace(latest);
                }
                Err(error) => tracing::error!("users cannot be taken from the store: {error:#}"),
            }
        }
    }

    async fn take_over(&mut self) -> anyhow::Result<usize> {
        let all = with_stored(&self.config, &self.store).await?;
        let roster = directory::roster(&all)?;
        let accounts = directory::everyone(&all)?;
        let queues = directory::queues(&all)?;
        let has_media = !directory::media_domains(&all)?.is_empty();
        let rules = NodePolicy::new(&roster, directory::service_accounts(&all), all.pubsub.create_nodes);
        self.policy.replace(rules.with_queues(&queues).with_media(has_media), &mut self.untold);
        self.notification.create_nodes(policy::nodes(&roster, &queues, has_media)).await;
        self.floor.call(|floor, _| floor.handle_roster(roster)).await?;
        for user in self.untold.drain() {
            self.notification.rights_changed(user).await;
        }
        // last: whoever is let in finds everything there
        self.checker.replace(accounts);
        Ok(all.users.len())
    }
}

#[cfg(test)]
mod tests;

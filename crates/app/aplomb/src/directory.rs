//! The configuration's people as accounts and as the floor's roster.

use crate::config::{Config, Role, User};
use accounts::scram::{BadVerifier, Verifier};
use accounts::{Account, Accounts, BadHash, PasswordHash, Roles};
use floor::{AgentId, Profile, QueueId, QueueProfile, Roster, Settings, Team, TeamId};
use media::Domain;
use media::limits::DOMAINS_MAX;
use std::collections::HashMap;
use std::sync::Arc;
use thiserror::Error;

/// A person that cannot be used. The operator is at fault.
#[derive(Debug, Error)]
pub(crate) enum DirectoryError {
    #[error("user {id}: {source}")]
    Hash { id: String, source: BadHash },
    #[error("user {id}: {source}")]
    Scram { id: String, source: BadVerifier },
    #[error("user {id} has two SCRAM verifiers for one hash")]
    ScramTwice { id: String },
    #[error("user {id}: agents and supervisors need a team")]
    NoTeam { id: String },
    #[error("user {id}: there is no team {team}")]
    UnknownTeam { id: String, team: u32 },
    #[error("user {id} is there twice")]
    Twice { id: String },
    #[error("queue {id}: there is no team {team}")]
    QueueOfNoTeam { id: u32, team: u32 },
    #[error("queue {id} is there twice")]
    QueueTwice { id: u32 },
    #[error("media domain {id}: there is no team {team}")]
    MediaOfNoTeam { id: u32, team: u32 },
    #[error("media domain {id} is there twice, or the selector {selector:?} leads to two")]
    MediaTwice { id: u32, selector: String },
    #[error("media domain 1 is voice: expected another id")]
    MediaOfVoice,
    #[error("there are {count} media domains: expected at most {DOMAINS_MAX}")]
    MediaTooMany { count: usize },
}

/// Everyone who may sign in.
pub(crate) fn accounts(config: &Config) -> Result<Accounts, DirectoryError> {
    Ok(Accounts::new(everyone(config)?, rand::random()))
}

/// The accounts themselves.
pub(crate) fn everyone(config: &Config) -> Result<Vec<Account>, DirectoryError> {
    let mut ids: Vec<_> = config.users.iter().map(|user| user.id.to_lowercase()).collect();
    ids.sort_unstable();
    if let Some(twice) = ids.windows(2).find(|pair| pair[0] == pair[1]) {
        return Err(DirectoryError::Twice { id: twice[0].clone() });
    }
    let mut verifiers = Verifiers::default();
    let accounts = config.users.iter().map(|user| account(user, &mut verifiers)).collect::<Result<_, _>>()?;
    say_who_keeps_scram_away(config);
    Ok(accounts)
}

/// What was read already: in the demo everybody has the same verifiers.
type Verifiers<'a> = HashMap<&'a str, Arc<Verifier>>;

fn verifiers<'a>(user: &'a User, read: &mut Verifiers<'a>) -> Result<Vec<Arc<Verifier>>, DirectoryError> {
    let mut verifiers: Vec<Arc<Verifier>> = Vec::with_capacity(user.scram.len());
    for text in &user.scram {
        let verifier = match read.get(text.as_str()) {
            Some(verifier) => verifier.clone(),
            None => {
                let verifier = Verifier::parse(text)
                    .map_err(|source| DirectoryError::Scram { id: user.id.clone(), source })?;
                let verifier = Arc::new(verifier);
                read.insert(text, verifier.clone());
                verifier
            }
        };
        if verifiers.iter().any(|other| other.hash() == verifier.hash()) {
            return Err(DirectoryError::ScramTwice { id: user.id.clone() });
        }
        verifiers.push(verifier);
    }
    Ok(verifiers)
}

/// One user without verifiers keeps everybody on PLAIN: the operator has to know which.
fn say_who_keeps_scram_away(config: &Config) {
    let without = || config.users.iter().filter(|user| user.scram.is_empty());
    let (users, example) = (without().count(), without().next());
    if let Some(example) = example.filter(|_| users < config.users.len()) {
        let user = &example.id;
        tracing::warn!(
            users,
            user,
            "SCRAM is not offered: some users have no verifiers, for example this one"
        );
    }
}

fn account<'a>(user: &'a User, read: &mut Verifiers<'a>) -> Result<Account, DirectoryError> {
    let has = |role| user.roles.contains(&role);
    Ok(Account {
        id: user.id.clone(),
        login_name: user.login_name.clone(),
        roles: Roles {
            agent: has(Role::Agent),
            supervisor: has(Role::Supervisor),
            administrator: has(Role::Administrator),
            service: has(Role::Service),
        },
        password: PasswordHash::parse(&user.password_hash)
            .map_err(|source| DirectoryError::Hash { id: user.id.clone(), source })?,
        scram: verifiers(user, read)?,
    })
}

/// Those who may publish over XMPP.
pub(crate) fn service_accounts(config: &Config) -> Vec<String> {
    let service = config.users.iter().filter(|user| user.roles.contains(&Role::Service));
    service.map(|user| user.id.clone()).collect()
}

/// The queues whose statistics are asked for: none if that is switched off.
pub(crate) fn queues(config: &Config) -> Result<Vec<QueueProfile>, DirectoryError> {
    let mut queues: Vec<QueueProfile> = Vec::with_capacity(config.queues.len());
    // COMPAT(finesse): there are no queues for clients of Unified CCX.
    let asked = config.cti.queue_statistics_secs > 0 && config.deployment() == floor::Deployment::Ucce;
    for queue in config.queues.iter().filter(|_| asked) {
        let id = queue.id;
        if queues.iter().any(|other| other.id.0 == id) {
            return Err(DirectoryError::QueueTwice { id });
        }
        if let Some(team) =
            queue.teams.iter().find(|team| config.teams.iter().all(|known| known.id != **team))
        {
            return Err(DirectoryError::QueueOfNoTeam { id, team: *team });
        }
        let teams = queue.teams.iter().copied().map(TeamId).collect();
        queues.push(QueueProfile { id: QueueId(id), name: queue.name.clone(), teams });
    }
    Ok(queues)
}

/// The number of the media routing domain of calls.
const VOICE: u32 = 1;

/// The kinds of work that are routed here beside calls.
pub(crate) fn media_domains(config: &Config) -> Result<Vec<Domain>, DirectoryError> {
    // COMPAT(finesse): there is no task routing on Unified CCX.
    if config.deployment() != floor::Deployment::Ucce {
        return Ok(Vec::new());
    }
    let all = &config.media_domains;
    if all.len() > DOMAINS_MAX {
        return Err(DirectoryError::MediaTooMany { count: all.len() });
    }
    for (at, domain) in all.iter().enumerate() {
        let id = domain.id;
        if id == VOICE {
            return Err(DirectoryError::MediaOfVoice);
        }
        if let Some(team) =
            domain.teams.iter().find(|team| config.teams.iter().all(|known| known.id != **team))
        {
            return Err(DirectoryError::MediaOfNoTeam { id, team: *team });
        }
        let clash = |selector: &&String| all[..at].iter().any(|other| other.selectors.contains(*selector));
        let selector = domain.selectors.iter().find(clash);
        if selector.is_some() || all[..at].iter().any(|other| other.id == id) {
            return Err(DirectoryError::MediaTwice { id, selector: selector.cloned().unwrap_or_default() });
        }
    }
    Ok(all.iter().map(crate::config::MediaDomain::domain).collect())
}

/// Everyone who works on the floor.
pub(crate) fn roster(config: &Config) -> Result<Roster, DirectoryError> {
    let on_the_floor = config
        .users
        .iter()
        .filter(|user| user.roles.iter().any(|role| matches!(role, Role::Agent | Role::Supervisor)));
    let agents: Result<Vec<_>, _> = on_the_floor.map(|user| profile(user, config)).collect();
    Ok(Roster {
        teams: config
            .teams
            .iter()
            .map(|team| Team { id: TeamId(team.id), name: team.name.clone() })
            .collect(),
        agents: agents?,
        reason_codes: Vec::new(),
    })
}

fn profile(user: &User, config: &Config) -> Result<Profile, DirectoryError> {
    let known = |team: u32| {
        let found = config.teams.iter().any(|known| known.id == team);
        found.then_some(TeamId(team)).ok_or_else(|| DirectoryError::UnknownTeam { id: user.id.clone(), team })
    };
    let team = user.team.ok_or_else(|| DirectoryError::NoTeam { id: user.id.clone() })?;
    let supervises: Result<Vec<_>, _> = user.supervises.iter().map(|team| known(*team)).collect();
    Ok(Profile {
        id: AgentId::from(user.id.as_str()),
        login_name: user.login_name.clone(),
        first_name: user.first_name.clone(),
        last_name: user.last_name.clone(),
        team: known(team)?,
        roles: floor::Roles {
            agent: user.roles.contains(&Role::Agent),
            supervisor: user.roles.contains(&Role::Supervisor),
        },
        supervises: supervises?,
        settings: Settings {
            wrap_up_on_incoming: config.calls.wrap_up_incoming.into(),
            wrap_up_on_outgoing: Some(config.calls.wrap_up_outgoing.into()),
        },
        wrap_up_timer_secs: Some(config.calls.wrap_up_timer_secs).filter(|secs| *secs > 0),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::MediaDomain;

    fn with_domains(count: usize) -> Config {
        let domain = |number| MediaDomain::named(5_001 + number as u32, &format!("Domain {number}"), false);
        Config { media_domains: (0..count).map(domain).collect(), ..Config::default() }
    }

    #[test]
    fn there_may_be_a_hundred_media_domains_and_no_more() {
        assert_eq!(media_domains(&with_domains(DOMAINS_MAX)).unwrap().len(), 100);
        let error = media_domains(&with_domains(DOMAINS_MAX + 1)).unwrap_err();
        assert_eq!(error.to_string(), "there are 101 media domains: expected at most 100");
    }

    #[test]
    fn a_media_domain_is_told_from_voice_and_from_every_other() {
        let error = |change: fn(&mut MediaDomain)| {
            let mut config = with_domains(3);
            change(&mut config.media_domains[2]);
            media_domains(&config).unwrap_err().to_string()
        };
        assert!(error(|domain| domain.id = 1).contains("is voice"));
        assert!(error(|domain| domain.id = 5_001).contains("is there twice"));
        assert!(error(|domain| domain.selectors = vec!["Domain 0".into()]).contains("leads to two"));
        assert!(error(|domain| domain.teams = vec![4_711]).contains("there is no team 4711"));
    }
}

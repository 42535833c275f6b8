//! Who calls: HTTP Basic or a bearer token on every request, and what the caller may see.

use crate::Services;
use crate::answer::ApiError;
use accounts::{Denial, Roles};
use axum::extract::FromRequestParts;
use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use floor::{Agent, AgentId, AgentPassword, Floor, Team, TeamId};
use http::HeaderMap;
use http::header::AUTHORIZATION;
use http::request::Parts;
use jiff::Timestamp;
use std::net::IpAddr;
use std::sync::Arc;
use store::By;

/// Some clients leave the padding out.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// Someone with the right password.
#[derive(Clone, Debug)]
pub(crate) struct Caller {
    pub(crate) id: AgentId,
    roles: Roles,
    /// What the client gave, for signing in at the CTI server, which knows nothing of tokens.
    pub(crate) password: Option<AgentPassword>,
    /// Where the request came from, if the listener says so: for the audit trail.
    pub(crate) from: Option<IpAddr>,
}

/// The guard of the operation has authenticated it; an operation for everybody has none.
impl FromRequestParts<Arc<Services>> for Caller {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &Arc<Services>) -> Result<Self, ApiError> {
        parts.extensions.get::<Self>().cloned().ok_or_else(|| ApiError::unauthorized(""))
    }
}

impl Caller {
    /// Whoever sent the request, if the credentials are right.
    pub(crate) async fn authenticate(
        services: &Services,
        headers: &HeaderMap,
        from: Option<IpAddr>,
    ) -> Result<Self, ApiError> {
        let header = headers.get(AUTHORIZATION).map(http::HeaderValue::as_bytes);
        let credentials = &services.credentials;
        let (name, password, outcome) = match (header.and_then(basic), header.and_then(bearer)) {
            (Some((name, password)), _) => {
                let outcome = credentials.check(&name, &password).await;
                let known = (!credentials.is_token(&password)).then(|| password.as_str().into());
                (name, known, outcome)
            }
            (None, Some(token)) => (String::new(), None, credentials.check_token(token)),
            (None, None) => return Err(ApiError::unauthorized("")),
        };
        match outcome {
            Ok(account) => {
                let id = AgentId::from(account.id.as_str());
                Ok(Self { id, roles: account.roles, password, from })
            }
            Err(Denial::Busy) => Err(ApiError::unavailable("too many sign-ins at once")),
            Err(denial) => {
                tracing::info!(user = ?name, %denial, "the client's credentials were refused");
                Err(ApiError::sign_in_refused(&name, &denial))
            }
        }
    }

    /// For the audit trail.
    pub(crate) fn by(&self) -> By {
        By { who: self.id.to_string(), address: self.from.map(|from| from.to_string()), at: Timestamp::now() }
    }

    /// Whether this is an administrator.
    pub(crate) fn is_administrator(&self) -> bool {
        self.roles.administrator
    }

    /// Whether this is a supervisor.
    pub(crate) fn is_supervisor(&self) -> bool {
        self.roles.supervisor
    }

    /// The agent that the URI names by loginId or loginName, if the caller may see it: the own self, those of
    /// the own teams, administrators everybody.
    pub(crate) fn agent<'a>(&self, floor: &'a Floor, name: &str) -> Result<&'a Agent, ApiError> {
        let agent = floor.find(name).ok_or_else(|| ApiError::user_not_found(name))?;
        let may_see = agent.id() == &self.id
            || self.roles.administrator
            || floor.supervises(&self.id, agent.profile.team);
        match may_see {
            true => Ok(agent),
            false if self.roles.supervisor => Err(ApiError::not_supervised(name)),
            false => Err(ApiError::not_own(name)),
        }
    }

    /// The team with this number, if the caller may see it: its supervisors, administrators every team.
    pub(crate) fn team<'a>(&self, floor: &'a Floor, name: &str) -> Result<&'a Team, ApiError> {
        let number = name.parse().ok().map(TeamId);
        let team = number.and_then(|id| floor.team(id));
        if self.roles.administrator {
            return team.ok_or_else(|| ApiError::not_found(name, "Invalid teamId specified for team"));
        }
        if !self.roles.supervisor {
            return Err(ApiError::no_supervisor(self.id.as_str()));
        }
        let team = team.ok_or_else(|| ApiError::not_found(name, "Invalid teamId specified for team"))?;
        if floor.supervises(&self.id, team.id) { Ok(team) } else { Err(ApiError::not_supervised(name)) }
    }
}

/// The token of `Bearer …` (RFC 6750 §2.1).
fn bearer(header: &[u8]) -> Option<&str> {
    let (scheme, token) = std::str::from_utf8(header).ok()?.trim().split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

/// Name and password of `Basic …` (RFC 7617). The password may hold colons, the name may not.
fn basic(header: &[u8]) -> Option<(String, String)> {
    let header = std::str::from_utf8(header).ok()?;
    let (scheme, token) = header.trim().split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let decoded = String::from_utf8(BASE64.decode(token.trim()).ok()?).ok()?;
    let (name, password) = decoded.split_once(':')?;
    Some((name.to_owned(), password.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn basic_credentials_are_read_as_rfc_7617_writes_them() {
        let read = |header: &str| basic(header.as_bytes());
        let pair = |name: &str, password: &str| Some((name.to_owned(), password.to_owned()));
        assert_eq!(read("Basic YWdlbnQxOnB3"), pair("agent1", "pw"));
        assert_eq!(read("basic  YWdlbnQxOnB3 "), pair("agent1", "pw"));
        assert_eq!(read("Basic YTpiOmM="), pair("a", "b:c"));
        assert_eq!(read("Basic YTpiOmM"), pair("a", "b:c"));
        assert_eq!(read("Basic w6Q6w7Y="), pair("ä", "ö"));
    }

    #[test]
    fn other_headers_are_no_credentials() {
        for header in
            ["", "Basic", "Basic ", "Basic YWdlbnQx", "Basic ???", "Bearer YWdlbnQxOnB3", "Basic /w=="]
        {
            assert_eq!(basic(header.as_bytes()), None, "{header}");
        }
        assert_eq!(basic(b"Basic \xff"), None);
    }
}

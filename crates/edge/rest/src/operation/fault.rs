//! Errors, as operations declare them (Finesse guide, tables of errors).

use super::{Deployment, Facts, Who};

/// A status and the `ErrorType` in its body.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Fault(pub(crate) u16, pub(crate) &'static str);

impl Fault {
    pub(crate) const BAD_REQUEST: Self = Self(400, "Bad Request");
    pub(crate) const PARAMETER_MISSING: Self = Self(400, "Parameter Missing");
    pub(crate) const INVALID_INPUT: Self = Self(400, "Invalid Input");
    pub(crate) const INVALID_STATE: Self = Self(400, "Invalid State");
    pub(crate) const INVALID_DESTINATION: Self = Self(400, "Invalid Destination");
    pub(crate) const FINESSE_API_ERROR: Self = Self(400, "Finesse API Error");
    pub(crate) const NOT_CONTROLLER: Self = Self(400, "20999");
    pub(crate) const CONFERENCE_FULL: Self = Self(400, "20700");
    pub(crate) const MAXIMUM_EXCEEDED: Self = Self(400, "Maximum Exceeded");
    pub(crate) const IN_USE: Self = Self(400, "In Use");
    pub(crate) const UNAUTHORIZED: Self = Self(401, "Authorization Failure");
    pub(crate) const NOT_OWN: Self = Self(401, "Invalid Authorization User Specified");
    pub(crate) const NOT_SUPERVISED: Self = Self(401, "Invalid Supervisor");
    pub(crate) const STATE_OF_DTMF: Self = Self(401, "Invalid State");
    pub(crate) const FORBIDDEN: Self = Self(403, "Forbidden");
    pub(crate) const USER_NOT_FOUND: Self = Self(404, "User Not Found");
    pub(crate) const NOT_FOUND: Self = Self(404, "Not Found");
    pub(crate) const TOO_SLOW: Self = Self(408, "Bad Request");
    pub(crate) const TOO_LARGE: Self = Self(413, "Bad Request");
    pub(crate) const WRONG_TYPE: Self = Self(415, "Bad Request");
    pub(crate) const RANGE_NOT_SATISFIABLE: Self = Self(416, "Range Not Satisfiable");
    pub(crate) const NOT_IMPLEMENTED: Self = Self(501, "Not Implemented");
    pub(crate) const UNAVAILABLE: Self = Self(503, "Service Unavailable");
}

/// Every error that an operation on this path may answer with, in order.
pub(crate) fn faults(path: &str, facts: &Facts) -> Vec<Fault> {
    let mut all = facts.fails.to_vec();
    all.push(Fault::UNAVAILABLE);
    if path.contains('{') {
        // a name that is not UTF-8
        all.push(Fault::BAD_REQUEST);
    }
    if facts.query.iter().any(|query| query.needed) {
        all.push(Fault::PARAMETER_MISSING);
    }
    if facts.takes.is_some() {
        all.extend([Fault::BAD_REQUEST, Fault::TOO_SLOW, Fault::TOO_LARGE, Fault::WRONG_TYPE]);
    }
    if facts.deployment != Deployment::Both {
        all.push(Fault::NOT_IMPLEMENTED);
    }
    if facts.configures {
        all.push(Fault::FORBIDDEN);
    }
    match facts.who {
        Who::Public => {}
        Who::Anybody | Who::Administrators => all.push(Fault::UNAUTHORIZED),
        Who::Operators => all.extend([Fault::UNAUTHORIZED, Fault::FORBIDDEN]),
        Who::OnlyOwn | Who::Supervisors => {
            all.extend([Fault::UNAUTHORIZED, Fault::NOT_OWN]);
        }
        Who::Own | Who::OfTeam => all.extend([Fault::UNAUTHORIZED, Fault::NOT_OWN, Fault::NOT_SUPERVISED]),
    }
    all.sort_unstable();
    all.dedup();
    all
}

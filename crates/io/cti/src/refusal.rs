//! What to make of a refused OPEN_REQ.

use ged188::Status;
use ged188::client::Reason;
use ged188::message::FailureStatus;

/// What a refusal of the session means for the next attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// The server does not speak this version, or could not read it: a lower one is worth a try, at once the one in
    /// whose manner it has answered, if it did.
    Version(Option<u32>),
    /// The side is a standby, in maintenance or off-line: the other side's turn.
    Passing,
    /// Asking again will not help; what to look at, for the operator.
    Permanent(&'static str),
}

impl Refusal {
    /// The refusal in the end of a session that did not open; `None` when it ended otherwise.
    pub(crate) fn of(reason: &Reason) -> Option<Self> {
        match reason {
            Reason::Refused(FailureStatus::Status(status)) => Some(Self::of_status(*status)),
            Reason::Refused(FailureStatus::Control { .. }) => Some(Self::Passing),
            Reason::AnsweredAs { answered, asked } if answered < asked => {
                Some(Self::Version(Some(*answered)))
            }
            Reason::AnsweredAs { .. } => Some(Self::Permanent("cti.version and cti.dialect")),
            Reason::OpenConf(_) => Some(Self::Version(None)),
            Reason::OpenReq(_) => Some(Self::Permanent("cti.client_id and cti.client_password")),
            _ => None,
        }
    }

    /// The version to ask for next, lower than this one and not below the lowest; `None` when none is worth it.
    pub(crate) fn next_version(self, version: u32, version_min: u32) -> Option<u32> {
        let Self::Version(like) = self else { return None };
        let next = like.unwrap_or(version - 1);
        (version_min..version).contains(&next).then_some(next)
    }

    fn of_status(status: Status) -> Self {
        match status.0 {
            // INVALID_VERSION. A server that is too old for two-byte tags cannot read the fields of a newer OPEN_REQ
            // and may say so instead: INVALID_MESSAGE_LENGTH, INVALID_FIELD_TAG, INVALID_FIELD_LENGTH,
            // BAD_MESSAGE_FORMAT, INVALID_TAG_FOR_MSG_TYPE, INVALID_MSG_TYPE_FOR_VERSION, INVALID_TAG_FOR_VERSION.
            1 | 2 | 3 | 23 | 25 | 26 | 48 | 49 => Self::Version(None),
            6 => Self::Permanent("cti.client_id"),
            7 => Self::Permanent("cti.peripheral_id"),
            12 => Self::Permanent("the client's rights on the CTI server"),
            18 => Self::Permanent("cti.heartbeat_secs and cti.idle_timeout_secs"),
            19..=22 | 84 | 95 => Self::Permanent("cti.version and cti.dialect"),
            36 => Self::Permanent("cti.client_password"),
            108 | 109 => Self::Permanent("the CTI server's list of clients"),
            _ => Self::Passing,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ged188::ControlFailure;

    fn refused(status: u32) -> Option<Refusal> {
        Refusal::of(&Reason::Refused(FailureStatus::Status(Status(status))))
    }

    #[test]
    fn a_standby_and_a_server_that_is_down_pass() {
        for status in [15, 16, 17, 92, 107, 110] {
            assert_eq!(refused(status), Some(Refusal::Passing), "{status}");
        }
    }

    #[test]
    fn a_wrong_version_and_an_unreadable_one_ask_for_a_lower() {
        for status in [1, 2, 3, 23, 25, 26, 48, 49] {
            assert_eq!(refused(status), Some(Refusal::Version(None)), "{status}");
        }
    }

    #[test]
    fn a_server_that_answers_in_another_version_is_asked_for_that_one_if_it_is_lower() {
        let like = |answered| Refusal::of(&Reason::AnsweredAs { answered, asked: 20 }).unwrap();
        assert_eq!(like(18).next_version(20, 9), Some(18));
        assert_eq!(like(18).next_version(20, 19), None, "below the lowest that may be asked for");
        assert_eq!(like(24), Refusal::Permanent("cti.version and cti.dialect"));
        assert_eq!(Refusal::Version(None).next_version(20, 9), Some(19));
        assert_eq!(Refusal::Version(None).next_version(9, 9), None);
        assert_eq!(Refusal::Passing.next_version(20, 9), None);
    }

    #[test]
    fn what_the_operator_must_change_is_named() {
        let (times, version) =
            ("cti.heartbeat_secs and cti.idle_timeout_secs", "cti.version and cti.dialect");
        let cases: [(&[u32], &str); 7] = [
            (&[6], "cti.client_id"),
            (&[7], "cti.peripheral_id"),
            (&[12], "the client's rights on the CTI server"),
            (&[18], times),
            (&[19, 20, 21, 22, 84, 95], version),
            (&[36], "cti.client_password"),
            (&[108, 109], "the CTI server's list of clients"),
        ];
        for (statuses, what) in cases {
            for status in statuses {
                assert_eq!(refused(*status), Some(Refusal::Permanent(what)), "{status}");
            }
        }
    }

    #[test]
    fn a_refusal_by_a_control_failure_passes_and_other_ends_are_no_refusals() {
        let control = FailureStatus::Control { failure: ControlFailure(1), peripheral_error: 0 };
        assert_eq!(Refusal::of(&Reason::Refused(control)), Some(Refusal::Passing));
        assert_eq!(Refusal::of(&Reason::Closed), None);
    }
}

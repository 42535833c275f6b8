//! What a client is told when the CTI server did not do what it asked.

use crate::CtiFailure;

/// An asynchronous error in the words of the web service (Finesse guide, asynchronous errors).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestError {
    /// The type that clients distinguish.
    pub error_type: &'static str,
    /// The CTI server's number of the failure.
    pub error_data: u32,
    /// The CTI server's name of the failure.
    pub error_message: String,
    /// The switch's own number, when it gave one.
    pub peripheral_error: Option<u32>,
}

impl From<&CtiFailure> for RequestError {
    fn from(failure: &CtiFailure) -> Self {
        let (code, name, peripheral_error) = match failure {
            CtiFailure::Refused { code, name, peripheral_error } => (*code, *name, *peripheral_error),
            // COMPAT(finesse): the guide has no words for these two. Clients match by requestId and show the
            // message, so the nearest names of the CTI protocol are given.
            CtiFailure::TimedOut => (78, "CF_REQUEST_TIMEOUT_REJECTION", 0),
            CtiFailure::LinkDown => (34, "CF_RESOURCE_OUT_OF_SERVICE", 0),
        };
        let error_message = if name.is_empty() { format!("CF_{code}") } else { name.to_owned() };
        Self {
            // FAILURE_CONF counts its E_CTI_ codes anew from 0; they mean other things.
            error_type: if name.starts_with("E_") { GENERIC } else { error_type(code) },
            error_data: code,
            error_message,
            peripheral_error: (peripheral_error != 0).then_some(peripheral_error),
        }
    }
}

impl RequestError {
    /// As [`From`], for a request about a call: the guide names some failures otherwise there.
    pub(crate) fn of_call(failure: &CtiFailure) -> Self {
        let error = Self::from(failure);
        let is_control_failure = error.error_message.starts_with("CF_");
        match error.error_data {
            34 if is_control_failure => Self { error_type: "Call Operation Failure", ..error },
            6 | 14 | 1009 if is_control_failure => Self { error_type: "Invalid Destination", ..error },
            _ => error,
        }
    }

    /// What was asked for is not possible any more.
    pub(crate) fn invalid_state() -> Self {
        Self {
            error_type: "Invalid State",
            error_data: 22,
            error_message: "CF_INVALID_OBJECT_STATE".to_owned(),
            peripheral_error: None,
        }
    }
}

const GENERIC: &str = "Generic Error";

/// The guide's type for a ControlFailureCode of an agent's request.
fn error_type(code: u32) -> &'static str {
    match code {
        22 => "Invalid State",
        // CF_RESOURCE_BUSY is what the original shows; 283 (extension already in use) says the same.
        33 | 283 => "Device Busy",
        260 => "Invalid Device",
        265 => "Mode Not Allowed",
        _ => GENERIC,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(code: u32, name: &'static str) -> RequestError {
        (&CtiFailure::Refused { code, name, peripheral_error: 0 }).into()
    }

    #[test]
    fn documented_failures_have_their_documented_types() {
        let types = [
            (22, "Invalid State"),
            (33, "Device Busy"),
            (283, "Device Busy"),
            (260, "Invalid Device"),
            (265, "Mode Not Allowed"),
            (257, "Generic Error"),
            (258, "Generic Error"),
            (259, "Generic Error"),
            (1010, "Generic Error"),
        ];
        for (code, error_type) in types {
            assert_eq!(refused(code, "CF_X").error_type, error_type, "{code}");
        }
    }

    #[test]
    fn a_code_of_the_other_list_is_not_mistaken() {
        assert_eq!(refused(22, "E_CTI_NONZERO_RESERVED_FIELD").error_type, "Generic Error");
    }

    #[test]
    fn a_failure_without_a_name_still_says_its_number() {
        assert_eq!(refused(4711, "").error_message, "CF_4711");
    }

    #[test]
    fn the_switch_is_quoted_only_when_it_said_something() {
        assert_eq!(refused(260, "CF_INVALID_LOGON_DEVICE_SPECIFIED").peripheral_error, None);
        let quoted = CtiFailure::Refused { code: 260, name: "CF_X", peripheral_error: 10125 };
        assert_eq!(RequestError::from(&quoted).peripheral_error, Some(10125));
    }
}

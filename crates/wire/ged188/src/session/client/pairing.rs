//! Which message confirms which request (GED-188, "Message Type numbers").

/// MessageType of the confirmation of a request; `None` for what is no request of a client.
///
/// The requests of the session itself (OPEN, HEARTBEAT, CLOSE) are not here: the session sends those.
pub(super) const fn confirmed_by(kind: u32) -> Option<u32> {
    match kind {
        26 | 28 | 32 | 78 | 82 | 84 | 91 | 93 | 95 | 97 | 101 | 103 | 107 | 110 | 112 | 114 | 118 | 121
        | 124 | 126 | 129 | 131 | 133 | 135 | 137 | 139 | 141 | 143 | 145 | 147 | 149 | 249 | 267 | 269
        | 283 => Some(kind + 1),
        // agent state and call control: requests have the even numbers
        36..=64 if kind.is_multiple_of(2) => Some(kind + 1),
        223 | 225 | 239 => Some(kind + 1),
        242 => Some(244),
        _ => None,
    }
}

/// Whether a message of this type answers a request and begins with its InvokeID.
pub(super) const fn is_confirmation(kind: u32) -> bool {
    match kind {
        244 => true,
        0 => false,
        _ => matches!(confirmed_by(kind - 1), Some(confirmation) if confirmation == kind),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_are_paired_with_the_confirmations_of_the_table() {
        for (request, confirmation) in
            [(36, 37), (38, 39), (42, 43), (64, 65), (82, 83), (114, 115), (242, 244)]
        {
            assert_eq!(confirmed_by(request), Some(confirmation));
            assert!(is_confirmation(confirmation));
            assert!(!is_confirmation(request));
        }
    }

    #[test]
    fn events_and_the_sessions_own_messages_are_neither() {
        for kind in [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 24, 30, 31, 35, 66, 86, 105, 128, 243, 277, 278, u32::MAX]
        {
            assert_eq!(confirmed_by(kind), None, "{kind}");
            assert!(!is_confirmation(kind), "{kind}");
        }
    }
}

//! Names as clients give them.

/// The user's name without a domain: some clients put their whole JID into the name
/// (`COMPAT(finesse)`: ExpertFlow strips it before use, others do not).
pub(crate) fn user(name: &str) -> &str {
    name.split_once('@').map_or(name, |(user, _)| user)
}

/// Whether a client that signs in as `name` asks to act as someone else. The authorization identity of XMPP is a
/// bare JID (RFC 6120 §6.3.8); only the own one is granted.
pub(crate) fn acts_as_another(authzid: &str, name: &str) -> bool {
    let (asked, rest) = authzid.split_once('@').unwrap_or((authzid, ""));
    !authzid.is_empty() && (!asked.eq_ignore_ascii_case(user(name)) || rest.contains('/'))
}

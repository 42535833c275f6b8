//! Two clients that displace each other: each signs in again as soon as it was displaced, for ever. Neither works,
//! and neither's user knows why.

use crate::limits::{DISPLACED_ADDRESSES_MAX, DISPLACEMENT_WINDOW, DISPLACEMENTS_MAX};
use std::collections::HashMap;
use std::time::Instant;
use xmpp::FullJid;

/// What is done for a session that wants an address another session has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// The older session ends (RFC 6120 §7.7.2.2).
    Displace,
    /// The older session ends for the last time, and its end says that this is a loop.
    DisplaceInLoop,
    /// Both stay: the newer one gets a resource of the server's choice, so that both work.
    OtherResource,
}

struct Recent {
    displacements: usize,
    last: Instant,
}

/// The latest displacements of each address.
#[derive(Default)]
pub(crate) struct Displacements {
    recent: HashMap<FullJid, Recent>,
}

impl Displacements {
    /// A session wants the address of another one.
    pub(crate) fn handle(&mut self, now: Instant, jid: &FullJid) -> Verdict {
        if self.recent.len() >= DISPLACED_ADDRESSES_MAX {
            self.recent.retain(|_, recent| now < recent.last + DISPLACEMENT_WINDOW);
        }
        if self.recent.len() >= DISPLACED_ADDRESSES_MAX && !self.recent.contains_key(jid) {
            // nobody is refused an address because others fight for theirs
            return Verdict::Displace;
        }
        let recent = self.recent.entry(jid.clone()).or_insert(Recent { displacements: 0, last: now });
        if now >= recent.last + DISPLACEMENT_WINDOW {
            recent.displacements = 0;
        }
        recent.displacements += 1;
        recent.last = now;
        match recent.displacements {
            ..DISPLACEMENTS_MAX => Verdict::Displace,
            DISPLACEMENTS_MAX => Verdict::DisplaceInLoop,
            _ => Verdict::OtherResource,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    fn jid(resource: &str) -> FullJid {
        FullJid::new(&format!("1001001@localhost/{resource}")).unwrap()
    }

    #[test]
    fn the_fifth_displacement_in_a_row_is_a_loop_and_from_then_on_both_stay() {
        let (start, mut displacements) = (Instant::now(), Displacements::default());
        let verdicts: Vec<_> = (0..8)
            .map(|second| displacements.handle(start + Duration::from_secs(second), &jid("desk")))
            .collect();
        assert_eq!(verdicts[..4], [Verdict::Displace; 4]);
        assert_eq!(verdicts[4], Verdict::DisplaceInLoop);
        assert_eq!(verdicts[5..], [Verdict::OtherResource; 3]);
        assert_eq!(displacements.handle(start, &jid("other")), Verdict::Displace);
    }

    #[test]
    fn a_person_who_moves_every_minute_is_no_loop_and_a_loop_is_over_after_a_quiet_minute() {
        let (mut now, mut displacements) = (Instant::now(), Displacements::default());
        for _ in 0..20 {
            assert_eq!(displacements.handle(now, &jid("desk")), Verdict::Displace);
            now += DISPLACEMENT_WINDOW;
        }
        for _ in 0..9 {
            displacements.handle(now, &jid("desk"));
        }
        assert_eq!(displacements.handle(now, &jid("desk")), Verdict::OtherResource);
        assert_eq!(displacements.handle(now + DISPLACEMENT_WINDOW, &jid("desk")), Verdict::Displace);
    }

    #[test]
    fn what_is_remembered_is_bounded() {
        let (now, mut displacements) = (Instant::now(), Displacements::default());
        for n in 0..DISPLACED_ADDRESSES_MAX + 10 {
            displacements.handle(now, &jid(&n.to_string()));
        }
        assert_eq!(displacements.recent.len(), DISPLACED_ADDRESSES_MAX);
        assert_eq!(displacements.handle(now, &jid("0")), Verdict::Displace, "known ones go on being counted");
        displacements.handle(now + DISPLACEMENT_WINDOW, &jid("new"));
        assert_eq!(displacements.recent.len(), 1);
    }
}

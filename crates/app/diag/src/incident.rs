//! Which disconnection is meant, and what rules ask about it.

mod particular;

use crate::case::Case;
use crate::cohort::Cohort;
use crate::evidence::{End, Fact, What};
use crate::limits::{ABOUT, LINES_MAX, NEAR};
use crate::rules::Finding;
use crate::sight::Sight;
use jiff::{SignedDuration, Timestamp};

/// A stretch of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// Its beginning.
    pub from: Timestamp,
    /// Its end.
    pub to: Timestamp,
}

impl Span {
    /// So long before and after a moment.
    pub fn around(at: Timestamp, before: SignedDuration, after: SignedDuration) -> Self {
        let from = at.checked_sub(before).unwrap_or(Timestamp::MIN);
        Self { from, to: at.checked_add(after).unwrap_or(Timestamp::MAX) }
    }

    /// Whether a moment is in it.
    pub fn has(self, at: Timestamp) -> bool {
        self.from <= at && at <= self.to
    }
}

/// The end of a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ended {
    /// When.
    pub at: Timestamp,
    /// How.
    pub end: End,
    /// When the client was last heard of.
    pub last_activity: Timestamp,
    /// The longest time without a poll before the silence.
    pub longest_gap_ms: Option<u64>,
    /// Its place among the facts.
    pub(crate) place: usize,
}

/// What is asked about.
#[derive(Debug)]
pub struct Incident<'a> {
    pub(crate) case: &'a Case,
    /// The end that is meant; `None` when the agent was not connected, or still is.
    pub ended: Option<Ended>,
    /// The moment the answer is about.
    pub moment: Timestamp,
    /// The agent's next session.
    pub back: Option<Timestamp>,
    /// When the session that ended began.
    pub began: Option<Timestamp>,
    /// Who else, and whether by chance.
    pub cohort: Cohort,
}

impl<'a> Incident<'a> {
    /// The end that is most likely meant: with a time, the nearest unwanted one within ten minutes; else the latest
    /// unwanted one, else the latest.
    pub fn find(case: &'a Case) -> Self {
        let ends: Vec<Ended> = case
            .facts
            .iter()
            .enumerate()
            .filter(|(_, fact)| fact.of.as_deref() == Some(&case.subject))
            .filter_map(|(place, fact)| ended(place, fact))
            .collect();
        let latest = case.facts.last().map_or(Timestamp::UNIX_EPOCH, |fact| fact.at);
        let chosen = match case.at {
            Some(at) => {
                let distance = |ended: &&Ended| ended.at.duration_since(at).abs();
                let near = || ends.iter().filter(|ended| distance(ended) <= ABOUT);
                // told exactly, it is that one even if the client wished it
                let exact = ends.iter().find(|ended| ended.at == at);
                let unwanted = || near().filter(|ended| ended.is_unwanted()).min_by_key(distance);
                let wanted = || near().min_by_key(distance).filter(|_| !is_connected(case, at));
                exact.or_else(unwanted).or_else(wanted)
            }
            None => ends.iter().rfind(|ended| ended.is_unwanted()).or_else(|| ends.last()),
        };
        let ended = chosen.copied();
        let moment = ended.map(|ended| ended.at).or(case.at).unwrap_or(latest);
        let own = |fact: &&Fact| fact.of.as_deref() == Some(&case.subject);
        let back = ended.and_then(|ended| {
            let is_open =
                |fact: &&Fact| matches!(fact.what, What::SessionOpened { .. }) && fact.at >= ended.at;
            case.facts.iter().filter(own).find(is_open).map(|fact| fact.at)
        });
        let session = ended.and_then(|ended| case.facts[ended.place].session.as_deref());
        let is_its_beginning = |fact: &&Fact| {
            matches!(fact.what, What::SessionOpened { .. })
                && session.is_some()
                && fact.session.as_deref() == session
        };
        let began = case.facts.iter().filter(own).rfind(|fact| is_its_beginning(fact) && fact.at <= moment);
        let began = began.map(|fact| fact.at);
        let cohort = Cohort::of(case, ended.as_ref());
        Self { case, ended, moment, began, back, cohort }
    }

    /// The case it was found in.
    pub fn case(&self) -> &'a Case {
        self.case
    }

    /// Whether the session ended so.
    pub fn ended_by(&self, ends: &[End]) -> Finding {
        match &self.ended {
            Some(ended) if ends.contains(&ended.end) => Finding::Seen(vec![ended.place]),
            _ => Finding::Absent,
        }
    }

    /// The silence: from the last activity until the client was back, or until the end and a while after.
    pub fn silence(&self) -> Span {
        let Some(ended) = &self.ended else { return Span::around(self.moment, ABOUT, NEAR) };
        let to = self.back.unwrap_or(ended.at).max(ended.at);
        Span { from: ended.last_activity, to: to.checked_add(NEAR).unwrap_or(to) }
    }

    /// The silence without its edges: what happens while a client is gone, not what made it go or come.
    pub fn inside(&self) -> Span {
        let silence = self.silence();
        let edge = |at: Timestamp, by: SignedDuration| at.checked_add(by).unwrap_or(at);
        Span {
            from: edge(silence.from, NEAR),
            to: edge(self.ended.map_or(self.moment, |ended| ended.at), -NEAR),
        }
    }

    /// Some seconds around the moment at which the client was last heard of.
    pub fn onset(&self) -> Span {
        let at = self.ended.map_or(self.moment, |ended| ended.last_activity);
        Span::around(at, NEAR, NEAR)
    }

    /// The time in which the last poll would have been cut: a poll is held for a while after it came.
    pub fn onset_of_cut(&self) -> Span {
        let at = self.ended.map_or(self.moment, |ended| ended.last_activity);
        Span { from: Span::around(at, NEAR, NEAR).from, to: self.moment }
    }

    /// Ten minutes after the end.
    pub fn after(&self) -> Span {
        Span { from: self.moment, to: Span::around(self.moment, ABOUT, ABOUT).to }
    }

    /// Some seconds around the end, of the session's life.
    pub fn end(&self) -> Span {
        let span = Span::around(self.moment, NEAR, NEAR);
        Span { from: self.began.map_or(span.from, |began| span.from.max(began)), ..span }
    }

    /// Ten minutes before the end, or as long as the session lasted, and the silence.
    pub fn run_up(&self) -> Span {
        Span { from: self.ten_minutes_before(), to: self.silence().to }
    }

    fn ten_minutes_before(&self) -> Timestamp {
        let from = Span::around(self.moment, ABOUT, ABOUT).from;
        self.began.unwrap_or(from).max(from)
    }

    /// Whether something of the agent, or of the whole server, was seen in a stretch of time.
    pub fn look(&self, sight: Sight, span: Span, is_it: impl Fn(&What) -> bool) -> Finding {
        self.look_for(sight, span, 1, is_it)
    }

    /// Whether it was seen so many times at least.
    pub fn look_for(&self, sight: Sight, span: Span, least: usize, is_it: impl Fn(&What) -> bool) -> Finding {
        let is_ours = |fact: &Fact| fact.of.as_deref().is_none_or(|of| of == self.case.subject);
        // facts are in order
        let begin = self.case.facts.partition_point(|fact| fact.at < span.from);
        let seen = self.case.facts.iter().enumerate().skip(begin).take_while(|(_, fact)| fact.at <= span.to);
        let seen: Vec<usize> =
            seen.filter(|(_, fact)| is_ours(fact) && is_it(&fact.what)).map(|(place, _)| place).collect();
        if seen.len() >= least {
            return Finding::Seen(seen.into_iter().take(LINES_MAX.max(least)).collect());
        }
        if self.was_watched(sight, span) { Finding::Absent } else { Finding::NotLooked(sight) }
    }

    /// Whether one looked there all the while, as far as the session lived: what was before it did not end it. The
    /// last seconds of a stretch are its margin, and no more than the half of a short one.
    fn was_watched(&self, sight: Sight, span: Span) -> bool {
        let begin = self.began.map_or(span.from, |began| span.from.max(began));
        let end = span.to.min(self.latest());
        let margin = (end.duration_since(begin) / 2).clamp(SignedDuration::ZERO, NEAR);
        let end = end.checked_sub(margin).unwrap_or(end);
        let is_whole = |from: Timestamp, to: Timestamp| from <= begin && to >= end;
        let ours = |of: &Option<String>| of.as_deref().is_none_or(|of| of == self.case.subject);
        let mut watches = self.case.watches.iter().filter(|watch| watch.sight == sight);
        watches.any(|watch| ours(&watch.of) && is_whole(watch.from, watch.to))
    }

    /// Nobody can have watched later than that.
    fn latest(&self) -> Timestamp {
        let watched = self.case.watches.iter().map(|watch| watch.to);
        watched.chain(self.case.facts.last().map(|fact| fact.at)).max().unwrap_or(self.moment)
    }

    /// Whether more fell silent at the same time than chance would bring.
    pub fn together(&self) -> Finding {
        match (&self.ended, self.cohort.is_more_than_chance) {
            (Some(_), true) => Finding::Seen(self.cohort.places.iter().copied().take(LINES_MAX).collect()),
            _ => Finding::Absent,
        }
    }
}

impl Ended {
    /// Not by the client's own wish.
    pub fn is_unwanted(&self) -> bool {
        self.end != End::Left
    }
}

/// Whether the subject had a session then.
fn is_connected(case: &Case, at: Timestamp) -> bool {
    let mut open: Vec<Option<&str>> = Vec::new();
    for fact in case.facts.iter().filter(|fact| fact.at <= at && fact.of.as_deref() == Some(&case.subject)) {
        match fact.what {
            What::SessionOpened { .. } => open.push(fact.session.as_deref()),
            What::SessionEnded { .. } => open.retain(|session| *session != fact.session.as_deref()),
            _ => {}
        }
    }
    !open.is_empty()
}

/// The end that a fact tells of.
pub(crate) fn ended(place: usize, fact: &Fact) -> Option<Ended> {
    let What::SessionEnded { end, silent_ms, longest_gap_ms, .. } = fact.what else { return None };
    let silent = SignedDuration::from_millis(i64::try_from(silent_ms).unwrap_or(i64::MAX));
    let last_activity = fact.at.checked_sub(silent).unwrap_or(fact.at);
    Some(Ended { at: fact.at, end, last_activity, longest_gap_ms, place })
}

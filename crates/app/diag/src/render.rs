//! A verdict for people and for programs.

mod document;
mod html;
mod lanes;
mod page;

pub use document::document;
pub use html::html;
pub use page::{page, pieces, width};

use crate::language::Language;
use jiff::Timestamp;
use jiff::tz::TimeZone;

/// For whom it is written.
#[derive(Clone, Debug)]
pub struct Reader {
    /// Their language.
    pub language: Language,
    /// Their time zone.
    pub zone: TimeZone,
    /// Columns of their terminal.
    pub columns: usize,
    /// Whether it shows bold text.
    pub emphasis: bool,
}

impl Reader {
    /// `00:16:04`.
    pub(crate) fn time(&self, at: Timestamp) -> String {
        at.to_zoned(self.zone.clone()).strftime("%H:%M:%S").to_string()
    }

    /// RFC 3339 with the local offset.
    pub(crate) fn stamp(&self, at: Timestamp) -> String {
        at.to_zoned(self.zone.clone()).strftime("%Y-%m-%dT%H:%M:%S%.3f%:z").to_string()
    }

    pub(crate) fn say(&self, en: &'static str, ja: &'static str) -> &'static str {
        match self.language {
            Language::English => en,
            Language::Japanese => ja,
        }
    }
}

/// How sure, in words.
pub(crate) fn confidence(reader: &Reader, confidence: crate::Confidence) -> &'static str {
    match confidence {
        crate::Confidence::High => reader.say("high", "高"),
        crate::Confidence::Medium => reader.say("medium", "中"),
        crate::Confidence::Low => reader.say("low", "低"),
    }
}

/// Who else, in a sentence.
pub(crate) fn company(reader: &Reader, cohort: &crate::Cohort) -> String {
    let count = cohort.count;
    let (mut en, mut ja) = match (count, cohort.is_more_than_chance) {
        (0, _) => (
            "Nobody else fell silent in the same two seconds.".to_owned(),
            "同じ 2 秒間に途絶えたエージェントは他にいない。".to_owned(),
        ),
        (_, true) => (
            format!(
                "{count} more fell silent in the same two seconds: more than chance (p < {:.0e}).",
                cohort.probability.max(1e-12)
            ),
            format!(
                "同じ 2 秒間に他に {count} 人が途絶えた: 偶然ではない (p < {:.0e})。",
                cohort.probability.max(1e-12)
            ),
        ),
        (_, false) => (
            format!(
                "{count} more fell silent in the same two seconds, as chance may bring (p = {:.2}).",
                cohort.probability
            ),
            format!(
                "同じ 2 秒間に他に {count} 人が途絶えたが、偶然でも起こり得る (p = {:.2})。",
                cohort.probability
            ),
        ),
    };
    if let Some(site) = &cohort.site {
        en += &format!(" All are in {site}, and others elsewhere stayed.");
        ja += &format!(" 全員が {site} に属し、他は接続を維持した。");
    }
    if cohort.stayed > 0 && cohort.site.is_none() {
        en += &format!(" {} others stayed connected.", cohort.stayed);
        ja += &format!(" 他の {} 人は接続を維持した。", cohort.stayed);
    }
    match reader.language {
        Language::English => en,
        Language::Japanese => ja,
    }
}

//! Things in words.

use diag::Language;
use jiff::tz::TimeZone;
use jiff::{Timestamp, civil::Date};
use notification::printable;

/// Characters of anything that clients or files say.
const SHOWN_CHARS_MAX: usize = 120;

/// Characters of a client's name that is not one of the browsers known here.
const PROGRAM_CHARS_MAX: usize = 28;

/// Local times, without the date on the day that the question is about, and the language around them.
pub(super) struct Clock {
    zone: TimeZone,
    day: Date,
    pub(super) language: Language,
}

impl Clock {
    pub(super) fn new(zone: TimeZone, about: Timestamp, language: Language) -> Self {
        let day = about.to_zoned(zone.clone()).date();
        Self { zone, day, language }
    }

    /// In the reader's language.
    pub(super) fn say<T>(&self, en: T, ja: T) -> T {
        say(self.language, en, ja)
    }

    /// `00:16:04`, or `2026-11-21 23:59:10`.
    pub(super) fn time(&self, at: Timestamp) -> String {
        let at = at.to_zoned(self.zone.clone());
        let form = if at.date() == self.day { "%H:%M:%S" } else { "%Y-%m-%d %H:%M:%S" };
        at.strftime(form).to_string()
    }

    /// `Sunday 22 November 2026, times are +01:00 (Europe/Berlin)`.
    pub(super) fn heading(&self, about: Timestamp) -> String {
        let at = about.to_zoned(self.zone.clone());
        let zone = self.zone.iana_name().map(|name| format!(" ({name})")).unwrap_or_default();
        match self.language {
            Language::English => {
                format!("{}, times are {}{zone}", at.strftime("%A %-d %B %Y"), at.strftime("%:z"))
            }
            Language::Japanese => {
                format!("{}、時刻は {}{zone}", at.strftime("%Y年%-m月%-d日"), at.strftime("%:z"))
            }
        }
    }

    /// RFC 3339 with the local offset.
    pub(super) fn stamp(&self, at: Timestamp) -> String {
        at.to_zoned(self.zone.clone()).strftime("%Y-%m-%dT%H:%M:%S%.3f%:z").to_string()
    }
}

/// One of two.
pub(super) fn say<T>(language: Language, en: T, ja: T) -> T {
    match language {
        Language::English => en,
        Language::Japanese => ja,
    }
}

/// Fit for a terminal, whatever is in the journal.
pub(super) fn shown(text: &str) -> String {
    printable(text, SHOWN_CHARS_MAX)
}

pub(super) fn transport_name(transport: &str, language: Language) -> String {
    match transport {
        "bosh" => "BOSH".into(),
        "websocket" => "WebSocket".into(),
        "tcp" => "TCP".into(),
        "rest" => say(language, "web service", "Web サービス").into(),
        other => shown(other),
    }
}

/// `340 ms`, `2.1 s`, `63 s`, `12 min`, `3 h 5 min`.
pub(super) fn duration(ms: u64) -> String {
    let secs = ms / 1_000;
    match secs {
        0 => format!("{ms} ms"),
        1..10 => format!("{}.{} s", secs, ms % 1_000 / 100),
        10..120 => format!("{secs} s"),
        120..7_200 => format!("{} min", secs / 60),
        _ => format!("{} h {} min", secs / 3_600, secs / 60 % 60),
    }
}

/// What a client calls itself, in a few words: `Chrome 129 on Windows`.
pub(crate) fn program(agent: &str) -> String {
    let version = |mark: &str| {
        let digits: String =
            agent.split_once(mark)?.1.chars().take_while(char::is_ascii_digit).take(6).collect();
        (!digits.is_empty()).then_some(digits)
    };
    // others call themselves Chrome, and Chrome calls itself Safari: the rarer first
    let browsers = [("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome")];
    let known = browsers.iter().find_map(|(mark, name)| Some(format!("{name} {}", version(mark)?)));
    let safari = || Some(format!("Safari {}", version("Version/").filter(|_| agent.contains("Safari/"))?));
    let Some(browser) = known.or_else(safari) else {
        let first = agent.split_whitespace().next().unwrap_or_default();
        return printable(first, PROGRAM_CHARS_MAX);
    };
    let systems = [
        ("Windows", "Windows"),
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("Mac OS X", "macOS"),
        ("Linux", "Linux"),
    ];
    match systems.iter().find(|(mark, _)| agent.contains(mark)) {
        Some((_, system)) => format!("{browser} on {system}"),
        None => browser,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn browsers_are_named_and_others_shortened() {
        let chrome = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/129.0.0.0 Safari/537.36";
        for (agent, name) in [
            (chrome.to_owned(), "Chrome 129 on Windows"),
            (format!("{chrome} Edg/130.0.1"), "Edge 130 on Windows"),
            ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0".into(), "Firefox 140 on Linux"),
            (
                "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Safari/605.1.15".into(),
                "Safari 18 on macOS",
            ),
            ("curl/8.5.0".into(), "curl/8.5.0"),
            (String::new(), ""),
        ] {
            assert_eq!(program(&agent), name);
        }
        assert_eq!(program(&"x".repeat(500)).len(), PROGRAM_CHARS_MAX);
        assert!(!program("\x1b[2Jevil").contains('\x1b'));
    }

    #[test]
    fn durations_have_two_digits_or_a_unit_more() {
        let expected = [
            (0, "0 ms"),
            (340, "340 ms"),
            (2_180, "2.1 s"),
            (63_900, "63 s"),
            (725_000, "12 min"),
            (11_100_000, "3 h 5 min"),
        ];
        for (ms, words) in expected {
            assert_eq!(duration(ms), words);
        }
    }
}

//! The reader's language. What programs wrote is never translated.

use serde::Serialize;

/// A language that verdicts are written in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    /// English.
    #[default]
    English,
    /// 日本語.
    Japanese,
}

impl Language {
    /// `ja`, `ja_JP.UTF-8`: Japanese; anything else English. As in `LANG` (POSIX).
    pub fn of(tag: &str) -> Self {
        let language = tag.split(['_', '-', '.', '@']).next().unwrap_or_default();
        if language.eq_ignore_ascii_case("ja") { Self::Japanese } else { Self::English }
    }
}

/// A text in each language.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Words {
    /// In English.
    pub en: &'static str,
    /// In Japanese.
    pub ja: &'static str,
}

impl Words {
    /// In one language.
    pub fn in_language(self, language: Language) -> &'static str {
        match language {
            Language::English => self.en,
            Language::Japanese => self.ja,
        }
    }
}

/// Both languages side by side.
pub(crate) const fn words(en: &'static str, ja: &'static str) -> Words {
    Words { en, ja }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_language_is_that_of_the_locale() {
        for (tag, language) in [
            ("ja", Language::Japanese),
            ("ja_JP.UTF-8", Language::Japanese),
            ("JA-jp", Language::Japanese),
            ("en_GB.UTF-8", Language::English),
            ("jam", Language::English),
            ("C", Language::English),
            ("", Language::English),
        ] {
            assert_eq!(Language::of(tag), language, "{tag}");
        }
    }
}

//! A line, word by word.

use crate::exchange::CallData;
use std::collections::VecDeque;
use std::time::Duration;

/// The longest line.
const LINE_BYTES_MAX: usize = 30_000;

/// The words that are left of a line.
#[derive(Debug)]
pub(crate) struct Words(VecDeque<String>);

impl Words {
    /// Cuts a line at its spaces; what stands in double quotes is one word. What follows # is a comment.
    ///
    /// # Errors
    /// When it is too long or a quote is not closed.
    pub(crate) fn of(line: &str) -> Result<Self, String> {
        if line.len() > LINE_BYTES_MAX {
            return Err(format!("the line is longer than {LINE_BYTES_MAX} bytes"));
        }
        let (mut words, mut word, mut quoted, mut begun) = (VecDeque::new(), String::new(), false, false);
        for character in line.chars() {
            match character {
                '"' => (quoted, begun) = (!quoted, true),
                '#' if !quoted && !begun => break,
                character if character.is_whitespace() && !quoted => {
                    if std::mem::take(&mut begun) {
                        words.push_back(std::mem::take(&mut word));
                    }
                }
                character => {
                    word.push(character);
                    begun = true;
                }
            }
        }
        if quoted {
            return Err("a quotation mark is not closed".into());
        }
        if begun {
            words.push_back(word);
        }
        Ok(Self(words))
    }

    pub(crate) fn next(&mut self) -> Option<String> {
        self.0.pop_front()
    }

    /// The next word, which has to be there.
    pub(crate) fn need(&mut self, what: &str) -> Result<String, String> {
        self.next().ok_or_else(|| format!("{what} is missing at the end"))
    }

    /// Takes these words if they come next.
    pub(crate) fn take(&mut self, words: &str) -> bool {
        let words: Vec<&str> = words.split(' ').collect();
        let there = self.0.len() >= words.len() && self.0.iter().zip(&words).all(|(a, b)| a == b);
        if there {
            self.0.drain(..words.len());
        }
        there
    }

    /// The word after these, if they come next.
    pub(crate) fn after(&mut self, words: &str, what: &str) -> Result<Option<String>, String> {
        if self.take(words) { self.need(what).map(Some) } else { Ok(None) }
    }

    /// The time after these words, if they come next.
    pub(crate) fn time_after(&mut self, words: &str) -> Result<Option<Duration>, String> {
        self.after(words, "a time")?.map(|time| duration(&time)).transpose()
    }

    /// The variable of a call, if one comes next.
    pub(crate) fn variable(&mut self, data: &mut CallData) -> Result<bool, String> {
        let Some((name, value)) = self.0.front().and_then(|word| word.split_once('=')) else {
            return Ok(false);
        };
        data.set(name, value)?;
        self.0.pop_front();
        Ok(true)
    }

    /// A NAME=VALUE, if one comes next.
    pub(crate) fn pair(&mut self) -> Option<(String, String)> {
        let (name, value) = self.0.front()?.split_once('=')?;
        let pair = (name.to_owned(), value.to_owned());
        self.0.pop_front();
        Some(pair)
    }

    /// Whether all is said.
    ///
    /// # Errors
    /// When it is not.
    pub(crate) fn end(&self) -> Result<(), String> {
        match self.0.front() {
            Some(word) => Err(format!("{word} is not understood here; try help")),
            None => Ok(()),
        }
    }
}

/// 500ms, 20s, 3m.
///
/// # Errors
/// When it is no such time.
pub(crate) fn duration(text: &str) -> Result<Duration, String> {
    let digits = text.trim_end_matches(|character: char| character.is_ascii_alphabetic());
    let number: Result<u64, _> = digits.parse();
    match (number, &text[digits.len()..]) {
        (Ok(number), "ms") => Ok(Duration::from_millis(number)),
        (Ok(number @ ..=1_000_000), "s") => Ok(Duration::from_secs(number)),
        (Ok(number @ ..=100_000), "m") => Ok(Duration::from_secs(number * 60)),
        _ => Err(format!("{text} is no time; say 500ms, 20s or 3m")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_quotes_and_comments() {
        let mut words = Words::of("call from  5551001 to Support var1=\"a b\" # and more").unwrap();
        assert!(words.take("call from"));
        assert_eq!(words.next().as_deref(), Some("5551001"));
        assert_eq!(words.after("to", "a queue").unwrap().as_deref(), Some("Support"));
        let mut data = CallData::default();
        assert_eq!(words.variable(&mut data), Ok(true));
        assert_eq!(data.variables[0].as_deref(), Some("a b"));
        assert!(words.end().is_ok());
        assert!(Words::of("a \"b").is_err());
        assert!(Words::of(&"a ".repeat(LINE_BYTES_MAX)).is_err());
        assert!(Words::of("left over").unwrap().end().is_err());
    }

    #[test]
    fn times() {
        assert_eq!(duration("500ms"), Ok(Duration::from_millis(500)));
        assert_eq!(duration("20s"), Ok(Duration::from_secs(20)));
        assert_eq!(duration("3m"), Ok(Duration::from_secs(180)));
        for wrong in ["", "20", "s", "-1s", "1h", "99999999999s"] {
            assert!(duration(wrong).is_err(), "{wrong}");
        }
    }
}

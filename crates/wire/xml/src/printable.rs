//! Texts of strangers, fit to be shown.

/// At most `chars_max` characters of a text, none of which does anything but show: what strangers send must not
/// move a terminal's cursor, begin a line of a log, or turn the reading direction.
pub fn printable(text: &str, chars_max: usize) -> String {
    let shown = |c: char| if acts(c) { '\u{FFFD}' } else { c };
    text.chars().take(chars_max).map(shown).collect()
}

/// Control characters of both tables, separators of lines, marks and overrides of direction, invisible ones.
fn acts(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{00AD}' | '\u{061C}' | '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}'
            | '\u{E0000}'..='\u{E0FFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_a_printable_text_moves_the_terminal() {
        let hostile = "a\x1b[2Jb\nc\rd\u{9b}31me\u{202e}f\u{2028}g\u{200b}h\u{7f}i\0j";
        let text = printable(hostile, 200);
        assert_eq!(text.matches('\u{FFFD}').count(), 9, "{text:?}");
        assert!(text.starts_with('a') && text.ends_with('j'));
        assert!(!text.chars().any(char::is_control));
    }

    #[test]
    fn ordinary_text_of_any_script_stays_as_it_is() {
        for text in ["Mozilla/5.0 (X11; Linux x86_64)", "日本語", "naïve €", ""] {
            assert_eq!(printable(text, 200), text);
        }
    }

    #[test]
    fn a_long_text_is_cut_by_characters() {
        assert_eq!(printable(&"é".repeat(300), 200), "é".repeat(200));
    }
}

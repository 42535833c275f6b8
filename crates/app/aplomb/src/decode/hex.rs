//! Hex digits and hex dumps.

use anyhow::{bail, ensure};

/// The bytes of hex digits; blanks, commas and colons between them do not matter, nor does `0x`.
pub(crate) fn digits(text: &str) -> anyhow::Result<Vec<u8>> {
    let mut digits = Vec::new();
    for word in text.split(|c: char| c.is_whitespace() || matches!(c, ',' | ':')) {
        let word = word.strip_prefix("0x").or_else(|| word.strip_prefix("0X")).unwrap_or(word);
        for character in word.chars() {
            match character.to_digit(16) {
                Some(digit) => digits.push(digit as u8),
                None => bail!("{character:?} is no hex digit"),
            }
        }
    }
    let (pairs, rest) = digits.as_chunks::<2>();
    ensure!(rest.is_empty(), "an odd number of hex digits: {}", digits.len());
    Ok(pairs.iter().map(|[high, low]| high << 4 | low).collect())
}

/// The bytes of a hex dump as `xxd`, `hexdump -C` and Wireshark print them, or of plain digits. Lines that begin with
/// `#` do not matter.
pub(super) fn dump(text: &str) -> anyhow::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let lines = || {
        (1..).zip(text.lines().map(str::trim)).filter(|(_, line)| !line.is_empty() && !line.starts_with('#'))
    };
    // The first line says it for all: hexdump ends with an offset that nothing follows.
    let has_offsets = lines().next().is_some_and(|(_, line)| has_offset(line));
    for (number, line) in lines() {
        match digits(if has_offsets { columns(line) } else { line }) {
            Ok(read) => bytes.extend(read),
            Err(error) => bail!("line {number}: {error}"),
        }
    }
    Ok(bytes)
}

/// Whether a first line begins with the offset 0, which words of one byte or a colon follow.
fn has_offset(line: &str) -> bool {
    let Some((offset, rest)) = line.split_once(|c: char| c == ':' || c.is_whitespace()) else { return false };
    let is_zero = offset.len() >= 4 && offset.bytes().all(|digit| digit == b'0');
    let has_colon = line.as_bytes().get(offset.len()) == Some(&b':');
    is_zero && (has_colon || rest.split_whitespace().next().is_some_and(|word| word.len() == 2))
}

/// The columns of bytes of a dump's line: between its offset and the column of characters.
fn columns(line: &str) -> &str {
    let Some((_, rest)) = line.split_once(|c: char| c == ':' || c.is_whitespace()) else { return "" };
    let rest = rest.trim_start();
    if line.contains(": ") {
        return rest.split("  ").next().unwrap_or_default();
    }
    let rest = rest.split('|').next().unwrap_or_default();
    let is_byte = |word: &&str| word.len() == 2 && word.bytes().all(|byte| byte.is_ascii_hexdigit());
    let end = rest.split_whitespace().take(16).take_while(is_byte).last();
    // `rest` up to the end of its last byte
    let end = end.map_or(0, |word| word.as_ptr() as usize + word.len() - rest.as_ptr() as usize);
    &rest[..end]
}

/// Whether text can be hex digits or a dump: what the first line begins with.
pub(super) fn is_text(bytes: &[u8]) -> bool {
    let head = &bytes[..bytes.len().min(4096)];
    let Some(first) = head.split(|byte| *byte == b'\n').find(|line| !line.trim_ascii().is_empty()) else {
        return false;
    };
    let first = first.trim_ascii();
    first[0] == b'#' || first.iter().take(8).all(|byte| byte.is_ascii_hexdigit() || b" :,xX".contains(byte))
}

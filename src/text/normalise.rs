//! Raw message text → plain lower-case text of letters, digits and spaces that the tokeniser can split.
//!
//! Discord's markup is taken away, Unicode is folded (compatibility forms, case, accents, look-alike letters, invisible
//! and bidirectional controls), and the length is bounded. Promise: linear time, never fails; the result holds only
//! letters, digits, single spaces and the few signs that the tokeniser reads (`'.,&?!;:%$`).
//! Deliberately absent: meaning; no word is replaced here, but for `US`, which its capitals alone tell from "us".

use icu_normalizer::DecomposingNormalizerBorrowed;

/// Longer input is cut: Discord's longest message, 4,000 code points (with Nitro).
pub const MAX_CHARS: usize = 4_000;

/// Normalises a question or a phrasing.
#[must_use]
pub fn normalise(raw: &str) -> String {
    let cut = match raw.char_indices().nth(MAX_CHARS) {
        Some((end, _)) => &raw[..end],
        None => raw,
    };
    let stripped = keep_capital_us(strip_markup(cut));
    if stripped.is_ascii() {
        fold_ascii(&stripped)
    } else {
        fold(&stripped)
    }
}

/// Writes a lone `US` as `usa` where the text is not all capitals.
fn keep_capital_us(text: String) -> String {
    if !text.contains("US") || !text.contains(|c: char| c.is_ascii_lowercase()) {
        return text;
    }
    let mut out = String::with_capacity(text.len() + 2);
    let mut rest = text.as_str();
    let mut last = None;
    while let Some(position) = rest.find("US") {
        let before = rest[..position].chars().next_back().or(last);
        let before = before.is_none_or(|c| !c.is_alphanumeric());
        let after = rest[position + 2..].chars().next().is_none_or(|c| !c.is_alphanumeric());
        out.push_str(&rest[..position]);
        out.push_str(if before && after { "usa" } else { "US" });
        rest = &rest[position + 2..];
        last = Some('S');
    }
    out.push_str(rest);
    out
}

/// The share of letters that belong to scripts other than Latin, 0 to 1; 0 where there are no letters.
#[must_use]
pub fn foreign_script_share(raw: &str) -> f32 {
    let letters = raw.chars().filter(|c| c.is_alphabetic());
    let (mut n_letters, mut n_foreign) = (0_u32, 0_u32);
    for letter in letters {
        n_letters += 1;
        n_foreign += u32::from(!is_latin(letter));
    }
    if n_letters == 0 {
        0.0
    } else {
        n_foreign as f32 / n_letters as f32
    }
}

/// Whether a letter is a Latin one: plain or with marks (to U+024F, and U+1E00 to U+1EFF), or a styled one that is read as
/// such: full-width, mathematical, circled, raised.
fn is_latin(letter: char) -> bool {
    let is_plain = matches!(u32::from(letter), 0..=0x24F | 0x1E00..=0x1EFF);
    is_plain
        || DecomposingNormalizerBorrowed::new_nfkd()
            .normalize_iter(std::iter::once(letter))
            .any(|part| part.is_ascii_alphabetic())
}

/// Takes away what Discord renders and a reader does not read: mentions, custom emoji, time stamps, links' addresses.
fn strip_markup(text: &str) -> String {
    if !text.contains(['<', '[']) && !text.contains("://") {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(position) = rest.find(['<', '[', 'h', 'H']) {
        out.push_str(&rest[..position]);
        rest = &rest[position..];
        let taken = angle_markup(rest)
            .or_else(|| bare_link(rest))
            .or_else(|| masked_link_target(rest, &mut out));
        if let Some(length) = taken {
            out.push(' ');
            rest = &rest[length..];
        } else {
            let first = rest.chars().next().map_or(0, char::len_utf8);
            out.push_str(&rest[..first]);
            rest = &rest[first..];
        }
    }
    out.push_str(rest);
    out
}

/// `<@1>`, `<@!1>`, `<@&1>`, `<#1>`, `<:name:1>`, `<a:name:1>`, `<t:1:R>`, `</name:1>`, `<id:guide>`, `<https://…>`.
fn angle_markup(text: &str) -> Option<usize> {
    let inside = text.strip_prefix('<')?;
    // The longest such form is a link; anything longer is not markup but text.
    let end = inside.bytes().take(512).position(|b| b == b'>')?;
    let body = &inside.as_bytes()[..end];
    let is_markup = matches!(body.first(), Some(b'@' | b'#' | b':' | b'/'))
        || body.starts_with(b"a:")
        || body.starts_with(b"t:")
        || body.starts_with(b"id:")
        || begins_link(body);
    (is_markup && !body.contains(&b'\n')).then_some(end + 2)
}

/// `http://…` and `https://…`, whose first letter a telephone makes a capital.
fn begins_link(text: &[u8]) -> bool {
    let begins = |scheme: &[u8]| {
        text.get(..scheme.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(scheme))
    };
    begins(b"http://") || begins(b"https://")
}

/// A link up to the next white space.
fn bare_link(text: &str) -> Option<usize> {
    begins_link(text.as_bytes()).then(|| {
        text.find(|c: char| c.is_whitespace() || c == ')' || c == '>')
            .unwrap_or(text.len())
    })
}

/// `[label](target)`: the label stays, the target goes.
fn masked_link_target(text: &str, out: &mut String) -> Option<usize> {
    let inside = text.strip_prefix('[')?;
    let label_end = inside.bytes().take(256).position(|b| b == b']')?;
    let after = &inside[label_end + 1..];
    let target = after.strip_prefix('(')?;
    let target_end = target.bytes().take(1024).position(|b| b == b')')?;
    out.push_str(&inside[..label_end]);
    Some(1 + label_end + 1 + 1 + target_end + 1)
}

fn fold_ascii(text: &str) -> String {
    let mut out = Folded::with_capacity(text.len());
    for byte in text.bytes() {
        out.push(char::from(byte.to_ascii_lowercase()));
    }
    out.finish()
}

fn fold(text: &str) -> String {
    let mut out = Folded::with_capacity(text.len());
    let mut before = ' ';
    let parted = text.chars().flat_map(|c| {
        let is_parted = is_small_number(c) && before.is_ascii_digit();
        before = c;
        is_parted.then_some(' ').into_iter().chain([c])
    });
    for c in DecomposingNormalizerBorrowed::new_nfkd().normalize_iter(parted) {
        // Marks (accents, zalgo) fall away after decomposition, except where a script needs them to be read.
        if is_dropped(c) {
            continue;
        }
        for lower in c.to_lowercase().filter(|c| !is_dropped(*c)) {
            out.push(latin_look_alike(lower));
        }
    }
    out.finish()
}

/// Fractions and raised or lowered digits: `½` behind a number is no further digit of it.
fn is_small_number(c: char) -> bool {
    matches!(c, '²' | '³' | '¹' | '¼'..='¾' | '\u{2070}'..='\u{2089}' | '\u{2150}'..='\u{215F}' | '\u{2189}')
}

/// Combining marks of the Latin, Greek and Cyrillic ranges, variation selectors, joiners, bidirectional controls, soft
/// hyphens, byte-order marks, tags: nothing that a reader sees.
fn is_dropped(c: char) -> bool {
    matches!(u32::from(c),
        0x00AD | 0x0300..=0x036F | 0x0483..=0x0489 | 0x061C | 0x115F..=0x1160 | 0x17B4..=0x17B5
        | 0x180B..=0x180F | 0x1AB0..=0x1AFF | 0x1DC0..=0x1DFF | 0x200B..=0x200F | 0x202A..=0x202E | 0x2060..=0x206F
        | 0x20D0..=0x20FF | 0x3164 | 0xFE00..=0xFE0F | 0xFE20..=0xFE2F | 0xFEFF | 0xFFA0 | 0xE0000..=0xE0FFF)
}

/// Letters of other scripts that look like Latin ones, as used to slip past filters. A text that is really Cyrillic or
/// Greek is recognised before folding, by [`foreign_script_share`].
fn latin_look_alike(c: char) -> char {
    match c {
        'а' | 'α' => 'a',
        'в' | 'β' => 'b',
        'с' | 'ϲ' => 'c',
        'ԁ' | 'đ' => 'd',
        'е' | 'ε' => 'e',
        'һ' => 'h',
        'і' | 'ι' | 'ı' => 'i',
        'ј' => 'j',
        'к' | 'κ' => 'k',
        'ӏ' | 'ł' => 'l',
        'м' => 'm',
        'ո' | 'η' => 'n',
        'о' | 'ο' | 'ø' => 'o',
        'р' | 'ρ' => 'p',
        'ѕ' => 's',
        'т' | 'τ' => 't',
        'υ' => 'u',
        'ѵ' | 'ν' => 'v',
        'ѡ' | 'ω' => 'w',
        'х' | 'χ' => 'x',
        'у' | 'γ' => 'y',
        '\u{2018}' | '\u{2019}' | '\u{201B}' | '\u{02BC}' | '\u{FF07}' | '`' | '´' => '\'',
        other => other,
    }
}

/// Collects characters, keeping letters and digits, and single spaces between runs of them.
struct Folded {
    out: String,
    pending_space: bool,
}

impl Folded {
    fn with_capacity(capacity: usize) -> Self {
        Self {
            out: String::with_capacity(capacity),
            pending_space: false,
        }
    }

    fn push(&mut self, c: char) {
        // An ampersand is a word, a full stop or comma may stand inside an abbreviation or a number: the tokeniser of
        // `tokens` decides about both, so they are kept for it.
        if c.is_alphanumeric() || matches!(c, '\'' | '.' | ',' | '&' | '?' | '!' | ';' | ':' | '%' | '$') {
            if self.pending_space && !self.out.is_empty() {
                self.out.push(' ');
            }
            self.pending_space = false;
            self.out.push(c);
        } else {
            self.pending_space = true;
        }
    }

    fn finish(self) -> String {
        self.out
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[track_caller]
    fn check(raw: &str, normalised: &str) {
        assert_eq!(normalise(raw), normalised, "{raw}");
    }

    #[test]
    fn markup_is_taken_away() {
        check("<@123> <@!4> <@&5> <#6> where is it?", "where is it?");
        check("<:wall:12> <a:boat:3> <t:1700000000:R> high", "high");
        check("**how** __high__ ~~is~~ ||the wall||", "how high is the wall");
        check("[the wall](https://example.org/a?b=c) is high", "the wall is high");
        check("see https://example.org/x now", "see now");
        check("Https://example.org/walls-dec-30 is it high?", "is it high?");
        check("see <HTTP://example.org/x> now", "see now");
        check("```\nhow high\n```", "how high");
        check("a < b and [c", "a b and c");
    }

    #[test]
    fn letters_are_folded() {
        check("Ｈｏｗ ＨＩＧＨ", "how high");
        check("Müller’s café", "muller's cafe");
        check("w\u{200B}a\u{200D}ll", "wall");
        check("\u{202E}wall\u{202C}", "wall");
        check("z\u{0335}\u{0321}a\u{0334}lgo", "zalgo");
        check("hоw hіgh", "how high");
        check("𝐡𝐨𝐰", "how");
    }

    #[test]
    fn the_state_is_told_from_the_pronoun_by_its_capitals() {
        check("Did the US pay", "did the usa pay");
        check("US, what now", "usa, what now");
        check("tell us", "tell us");
        check("TELL US", "tell us");
        check("BUS stop", "bus stop");
        check("the USUS coast", "the usus coast");
    }

    #[test]
    fn other_scripts_are_recognised() {
        assert!(foreign_script_share("где это") > 0.9);
        assert!(foreign_script_share("how high") < 0.1);
        for styled in ["Ｈｏｗ ＨＩＧＨ", "𝐡𝐨𝐰", "ⓗⓞⓦ ⓗⓘⓖⓗ", "ʰᵒʷ", "🄷🄾🅆"] {
            assert!(foreign_script_share(styled) < 0.1, "{styled}");
        }
        assert!(foreign_script_share("벽이 высокая") > 0.9);
        assert!(foreign_script_share("ở đâu") < 0.1);
        assert!(foreign_script_share("123 !?") < 0.1);
    }

    proptest! {
        #[test]
        fn any_text_becomes_plain_text(raw in ".{0,300}") {
            let text = normalise(&raw);
            prop_assert!(!text.starts_with(' ') && !text.ends_with(' ') && !text.contains("  "));
            let is_plain = |c: char| c.is_alphanumeric() || c == ' ' || "'.,&?!;:%$".contains(c);
            prop_assert!(text.chars().all(is_plain), "{text:?}");
        }
    }
}

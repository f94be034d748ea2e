//! The letters that pictures are drawn with, and how much room they take.
//!
//! Two faces of one family, reduced to the alphabets that are likely in names (`NOTICE` says from what). Promise: a line
//! that was wrapped to a width takes no more of it.

use std::sync::{Arc, OnceLock};

use resvg::usvg::fontdb::Database;
use skrifa::instance::{LocationRef, Size};
use skrifa::{FontRef, MetadataProvider};

/// The family's name.
pub(super) const FAMILY: &str = "DejaVu Sans";
static REGULAR: &[u8] = include_bytes!("sans.ttf");
static BOLD: &[u8] = include_bytes!("sans-bold.ttf");

/// Stands for letters that there are none for.
const MISSING: char = '□';
/// What a letter without a width of its own is taken for, as a share of the size.
const UNKNOWN_WIDTH: f32 = 1.0;
/// Marks that something was cut off.
const ELLIPSIS: char = '…';

/// Which face.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Face {
    /// For sentences.
    Regular,
    /// For dates and titles.
    Bold,
}

/// Both faces, for drawing.
pub(super) fn database() -> &'static Arc<Database> {
    static DATABASE: OnceLock<Arc<Database>> = OnceLock::new();
    DATABASE.get_or_init(|| {
        let mut database = Database::new();
        database.load_font_data(REGULAR.to_vec());
        database.load_font_data(BOLD.to_vec());
        Arc::new(database)
    })
}

/// The text as it can be drawn: on one line, without controls, letters that there are none for as one `□` a run.
pub(super) fn drawable(text: &str) -> String {
    let font = font(Face::Regular);
    let charmap = font.as_ref().map(MetadataProvider::charmap);
    let mut drawn = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !drawn.is_empty() {
            drawn.push(' ');
        }
        for letter in word.chars().filter(|letter| !is_invisible(*letter)) {
            if charmap.as_ref().is_some_and(|charmap| charmap.map(letter).is_some()) {
                drawn.push(letter);
            } else if !drawn.ends_with(MISSING) {
                drawn.push(MISSING);
            }
        }
    }
    drawn
}

/// Controls, joiners and what overrides the reading direction.
fn is_invisible(letter: char) -> bool {
    letter.is_control()
        || matches!(letter, '\u{00ad}' | '\u{061c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{e0000}'..='\u{e007f}')
}

/// How wide a text is; without kerning, which makes it narrower.
pub(super) fn width(text: &str, face: Face, size: f32) -> f32 {
    let Some(font) = font(face) else {
        return text.chars().count() as f32 * size * UNKNOWN_WIDTH;
    };
    let (charmap, metrics) = (
        font.charmap(),
        font.glyph_metrics(Size::new(size), LocationRef::default()),
    );
    text.chars()
        .map(|letter| {
            let glyph = charmap.map(letter);
            let advance = glyph.and_then(|glyph| metrics.advance_width(glyph));
            advance.unwrap_or(size * UNKNOWN_WIDTH)
        })
        .sum()
}

/// Breaks a text into lines of at most so much width, at most so many; what is cut off ends in an ellipsis. A word that
/// is too wide for a line is broken where it must be.
pub(super) fn wrapped(text: &str, face: Face, size: f32, most_width: f32, most_lines: usize) -> Vec<String> {
    let fits = |line: &str| width(line, face, size) <= most_width;
    let mut lines: Vec<String> = Vec::new();
    let mut line = String::new();
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        let longer = if line.is_empty() {
            word.to_owned()
        } else {
            format!("{line} {word}")
        };
        if fits(&longer) {
            line = longer;
            continue;
        }
        if !line.is_empty() {
            lines.push(std::mem::take(&mut line));
        }
        for letter in word.chars() {
            line.push(letter);
            if !fits(&line) && line.chars().count() > 1 {
                line.pop();
                lines.push(std::mem::replace(&mut line, letter.to_string()));
            }
        }
    }
    if !line.is_empty() {
        lines.push(line);
    }
    if lines.len() > most_lines {
        lines.truncate(most_lines);
        if let Some(last) = lines.last_mut() {
            while !last.is_empty() && !fits(&format!("{last}{ELLIPSIS}")) {
                last.pop();
            }
            last.truncate(last.trim_end().len());
            last.push(ELLIPSIS);
        }
    }
    lines
}

fn font(face: Face) -> Option<FontRef<'static>> {
    let data = match face {
        Face::Regular => REGULAR,
        Face::Bold => BOLD,
    };
    FontRef::new(data).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn both_faces_are_there_and_bold_is_wider() {
        assert!(font(Face::Regular).is_some() && font(Face::Bold).is_some());
        assert_eq!(database().faces().count(), 2);
        for face in database().faces() {
            assert_eq!(face.families.first().unwrap().0, FAMILY);
        }
        assert!(width("harbour", Face::Bold, 16.0) > width("harbour", Face::Regular, 16.0));
    }

    #[test]
    fn letters_that_are_missing_show_as_one_box_a_run() {
        assert_eq!(
            drawable("The wall\n of 김항구 ⚓️, מרים, Ω, Ж"),
            "The wall of □ □, מרים, Ω, Ж"
        );
        assert_eq!(drawable("a\u{202e}b\u{0}c"), "abc");
    }

    #[test]
    fn what_is_cut_off_ends_in_an_ellipsis() {
        let words = "one two three four five six seven";
        assert_eq!(wrapped(words, Face::Regular, 16.0, 10_000.0, 2), [words]);
        let lines = wrapped(words, Face::Regular, 16.0, 90.0, 2);
        assert_eq!(lines.len(), 2);
        assert!(lines[1].ends_with('…'), "{lines:?}");
    }

    proptest! {
        #[test]
        fn no_line_is_wider_than_it_may_be(text in "\\PC{0,200}", most_lines in 1_usize..5) {
            let lines = wrapped(&drawable(&text), Face::Regular, 16.0, 120.0, most_lines);
            prop_assert!(lines.len() <= most_lines);
            for line in lines {
                prop_assert!(width(&line, Face::Regular, 16.0) <= 120.0, "{}", line);
            }
        }
    }
}

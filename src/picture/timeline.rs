//! A time line: dates on the left, what happened on the right, one below the other.
//!
//! A filled dot is a date that the source names, a ring one that was inferred; the same is written beside the date, so
//! that nothing is told by form alone. The card is opaque, so it reads on a dark background as on a light one.

use maud::{Markup, html};

use super::letters::{self, Face};

const WIDTH: f32 = 900.0;
const MARGIN: f32 = 28.0;
const LINE_X: f32 = 214.0;
const TEXT_X: f32 = 240.0;
const TITLE_SIZE: f32 = 20.0;
const TEXT_SIZE: f32 = 16.0;
const SMALL_SIZE: f32 = 13.0;
const LINE_HEIGHT: f32 = 22.0;
const EVENT_GAP: f32 = 18.0;
const MAX_TITLE_LINES: usize = 2;
const MAX_TEXT_LINES: usize = 3;
const MAX_DATE_LINES: usize = 2;

/// The card and what is on it; every colour of a letter is at least 7 to 1 against the card.
const CARD: &str = "#1f2329";
const LETTERS: &str = "#f2f4f7";
const QUIET: &str = "#b8c0ca";
const ACCENT: &str = "#8cc8ff";

/// Something that happened on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// The day.
    pub date: String,
    /// What it says under the day where the day was inferred.
    pub mark: Option<String>,
    /// What happened.
    pub text: String,
}

/// A time line with its words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Timeline {
    /// Above it.
    pub title: String,
    /// The events, in order.
    pub events: Vec<Event>,
    /// Below it.
    pub foot: String,
}

/// An event, laid out.
struct Placed {
    y: f32,
    height: f32,
    date: Vec<String>,
    mark: Option<String>,
    lines: Vec<String>,
}

impl Timeline {
    /// The picture as SVG.
    #[must_use]
    pub fn to_svg(&self) -> String {
        let room = WIDTH - 2.0 * MARGIN;
        let bold = |text: &str, width, most| wrapped(text, Face::Bold, TITLE_SIZE, width, most);
        let title = bold(&self.title, room, MAX_TITLE_LINES);
        let mut y = MARGIN + title.len() as f32 * (LINE_HEIGHT + 4.0) + EVENT_GAP;
        let mut placed = Vec::new();
        for event in &self.events {
            let event = place(event, y);
            y += event.height + EVENT_GAP;
            placed.push(event);
        }
        let foot = wrapped(&self.foot, Face::Regular, SMALL_SIZE, room, MAX_TITLE_LINES);
        let height = y + foot.len() as f32 * (SMALL_SIZE + 5.0) + MARGIN - SMALL_SIZE / 2.0;
        html! {
            svg xmlns="http://www.w3.org/2000/svg" width=(WIDTH) height=(height.ceil()) viewBox=(format!("0 0 {WIDTH} {}", height.ceil())) font-family=(letters::FAMILY) font-size=(TEXT_SIZE) {
                rect width=(WIDTH) height=(height.ceil()) rx="12" fill=(CARD) {}
                (lines(&title, MARGIN, MARGIN + TITLE_SIZE * 0.8, LINE_HEIGHT + 4.0, (TITLE_SIZE, LETTERS, true)))
                @if let (Some(first), Some(last)) = (placed.first(), placed.last()) {
                    line x1=(LINE_X) x2=(LINE_X) y1=(first.y + 10.0) y2=(last.y + 10.0) stroke=(QUIET) stroke-width="2" {}
                }
                @for event in &placed { (shown(event)) }
                (lines(&foot, MARGIN, y + SMALL_SIZE, SMALL_SIZE + 5.0, (SMALL_SIZE, QUIET, false)))
            }
        }
        .into_string()
    }
}

fn place(event: &Event, y: f32) -> Placed {
    let date = wrapped(
        &event.date,
        Face::Bold,
        TEXT_SIZE,
        LINE_X - MARGIN - 20.0,
        MAX_DATE_LINES,
    );
    let mark = event.mark.as_deref().map(letters::drawable);
    let room = WIDTH - MARGIN - TEXT_X;
    let lines = wrapped(&event.text, Face::Regular, TEXT_SIZE, room, MAX_TEXT_LINES);
    let n_left = date.len() + usize::from(mark.is_some());
    Placed {
        y,
        height: n_left.max(lines.len()).max(1) as f32 * LINE_HEIGHT,
        date,
        mark,
        lines,
    }
}

fn shown(event: &Placed) -> Markup {
    let baseline = event.y + TEXT_SIZE;
    let mark_y = baseline + event.date.len() as f32 * LINE_HEIGHT - 3.0;
    html! {
        (lines(&event.date, MARGIN, baseline, LINE_HEIGHT, (TEXT_SIZE, ACCENT, true)))
        @if let Some(mark) = &event.mark {
            text x=(MARGIN) y=(mark_y) font-size=(SMALL_SIZE) fill=(QUIET) { (mark) }
            circle cx=(LINE_X) cy=(event.y + 10.0) r="6" fill=(CARD) stroke=(ACCENT) stroke-width="2.5" {}
        } @else {
            circle cx=(LINE_X) cy=(event.y + 10.0) r="6.5" fill=(ACCENT) {}
        }
        (lines(&event.lines, TEXT_X, baseline, LINE_HEIGHT, (TEXT_SIZE, LETTERS, false)))
    }
}

fn lines(lines: &[String], x: f32, y: f32, step: f32, (size, colour, is_bold): (f32, &str, bool)) -> Markup {
    html! {
        @for (index, line) in lines.iter().enumerate() {
            text x=(x) y=(y + index as f32 * step) font-size=(size) fill=(colour) font-weight=[is_bold.then_some("bold")] { (line) }
        }
    }
}

fn wrapped(text: &str, face: Face, size: f32, width: f32, most: usize) -> Vec<String> {
    letters::wrapped(&letters::drawable(text), face, size, width, most)
}

#[cfg(test)]
mod tests {
    use resvg::tiny_skia::Pixmap;

    use super::*;
    use crate::picture::png;

    fn event(date: &str, mark: Option<&str>, text: &str) -> Event {
        Event {
            date: date.to_owned(),
            mark: mark.map(str::to_owned),
            text: text.to_owned(),
        }
    }

    fn timeline(events: Vec<Event>) -> Timeline {
        Timeline {
            title: "Harbour wall to be raised".to_owned(),
            events,
            foot: "As of May 2".to_owned(),
        }
    }

    /// How far apart two colours are, by the rule of WCAG 2: 1 to 21.
    fn contrast(a: &str, b: &str) -> f64 {
        let luminance = |colour: &str| {
            let part = |at: usize| {
                let value = f64::from(u8::from_str_radix(&colour[at..at + 2], 16).unwrap()) / 255.0;
                if value <= 0.04045 {
                    value / 12.92
                } else {
                    ((value + 0.055) / 1.055).powf(2.4)
                }
            };
            0.2126 * part(1) + 0.7152 * part(3) + 0.0722 * part(5)
        };
        let (a, b) = (luminance(a), luminance(b));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    #[test]
    fn it_reads_on_any_background() {
        for colour in [LETTERS, QUIET, ACCENT] {
            assert!(contrast(colour, CARD) >= 7.0, "{colour}");
        }
        let picture = png(&timeline(vec![event("May 1", None, "It began.")]).to_svg()).unwrap();
        let pixels = Pixmap::decode_png(&picture).unwrap();
        let middle = pixels.pixel(pixels.width() / 2, pixels.height() / 2).unwrap();
        assert_eq!(middle.alpha(), 255, "the card is opaque");
        let lit = pixels.pixels().iter().filter(|pixel| pixel.red() > 200).count();
        assert!(lit > 500, "only {lit} pixels have letters on them");
    }

    #[test]
    fn a_date_that_was_inferred_has_a_ring_and_says_so() {
        let stated = timeline(vec![event("May 1", None, "It began.")]).to_svg();
        let inferred = timeline(vec![event("May 1", Some("inferred"), "It began.")]).to_svg();
        assert!(
            !stated.contains("inferred") && !stated.contains("stroke-width=\"2.5\""),
            "{stated}"
        );
        assert!(
            inferred.contains(">inferred<") && inferred.contains("stroke-width=\"2.5\""),
            "{inferred}"
        );
    }

    #[test]
    fn any_text_gives_a_picture_within_reason() {
        let long = "a very long claim of many words ".repeat(200);
        let texts = [
            "",
            "a < b & \"c\" > d",
            "김항구 ⚓ מרים",
            "\u{0}\u{1b}[31m\u{202e}",
            &long,
            &"x".repeat(4000),
        ];
        let events = texts.iter().map(|text| event(text, Some(text), text)).collect();
        let picture = png(&timeline(events).to_svg()).unwrap();
        assert!(picture.len() < 1 << 20, "{} bytes", picture.len());
        png(&timeline(Vec::new()).to_svg()).unwrap();
    }
}

//! A message as a chat shows it, for pages about the bot.

use maud::{Markup, html};

use super::letters::{self, Face};

const WIDTH: f32 = 760.0;
const MARGIN: f32 = 22.0;
const TEXT_X: f32 = 84.0;
const TEXT_SIZE: f32 = 16.0;
const SMALL_SIZE: f32 = 12.5;
const LINE_HEIGHT: f32 = 22.0;
const SMALL_LINE_HEIGHT: f32 = 17.0;
const BUTTON_HEIGHT: f32 = 32.0;
const BUTTON_GAP: f32 = 8.0;
const BUTTON_PADDING: f32 = 14.0;
const MAX_LINES: usize = 12;
/// Places of the letters within a line and a button, from its top.
const BASELINE: f32 = 0.72;

const CARD: &str = "#2b2d31";
const LETTERS: &str = "#f2f3f5";
const QUIET: &str = "#b5bac1";
const BUTTON: &str = "#4e5058";
const BADGE: &str = "#5865f2";

/// A line of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// What it says.
    pub text: String,
    /// Whether it is small print.
    pub is_small: bool,
}

/// A message of the bot's, below what it answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// What was asked.
    pub question: String,
    /// Who answers.
    pub author: String,
    /// What is said.
    pub lines: Vec<Line>,
    /// What the buttons say.
    pub buttons: Vec<String>,
}

impl Message {
    /// The picture as SVG.
    #[must_use]
    pub fn to_svg(&self) -> String {
        let room = WIDTH - MARGIN - TEXT_X;
        let mut y = MARGIN;
        let question = letters::wrapped(&letters::drawable(&self.question), Face::Regular, SMALL_SIZE, room, 1);
        let question = text(TEXT_X, y + SMALL_SIZE, SMALL_SIZE, QUIET, &question.join(" "));
        y += SMALL_LINE_HEIGHT + 6.0;
        let top = y;
        y += LINE_HEIGHT;
        let mut lines = Vec::new();
        for line in &self.lines {
            let (size, height, colour) = if line.is_small {
                (SMALL_SIZE, SMALL_LINE_HEIGHT, QUIET)
            } else {
                (TEXT_SIZE, LINE_HEIGHT, LETTERS)
            };
            for part in letters::wrapped(&letters::drawable(&line.text), Face::Regular, size, room, MAX_LINES) {
                lines.push(text(TEXT_X, y + height * BASELINE, size, colour, &part));
                y += height;
            }
        }
        let (buttons, bottom) = self.buttons_from(y + BUTTON_GAP);
        let height = (bottom + MARGIN).ceil();
        html! {
            svg xmlns="http://www.w3.org/2000/svg" width=(WIDTH) height=(height) viewBox=(format!("0 0 {WIDTH} {height}")) font-family=(letters::FAMILY) {
                rect width=(WIDTH) height=(height) rx="12" fill=(CARD) {}
                path d=(format!("M 44 {} V {} H {}", top - 2.0, top - 14.0, TEXT_X - 8.0)) fill="none" stroke=(BUTTON) stroke-width="2" {}
                (question)
                circle cx="44" cy=(top + 20.0) r="20" fill=(BADGE) {}
                text x="44" y=(top + 27.0) font-size="20" font-weight="bold" text-anchor="middle" fill=(LETTERS) { "B" }
                text x=(TEXT_X) y=(top + LINE_HEIGHT * BASELINE) font-size=(TEXT_SIZE) font-weight="bold" fill=(LETTERS) { (letters::drawable(&self.author)) }
                @for line in &lines { (line) }
                @for button in &buttons { (button) }
            }
        }
        .into_string()
    }

    /// The buttons, in rows from there on, and where they end.
    fn buttons_from(&self, mut y: f32) -> (Vec<Markup>, f32) {
        if self.buttons.is_empty() {
            return (Vec::new(), y - BUTTON_GAP);
        }
        let right = WIDTH - MARGIN;
        let (mut x, mut drawn) = (TEXT_X, Vec::new());
        for label in &self.buttons {
            let most = right - TEXT_X - 2.0 * BUTTON_PADDING;
            let label = letters::wrapped(&letters::drawable(label), Face::Regular, 14.0, most, 1).join(" ");
            let width = letters::width(&label, Face::Regular, 14.0) + 2.0 * BUTTON_PADDING;
            if x > TEXT_X && x + width > right {
                x = TEXT_X;
                y += BUTTON_HEIGHT + BUTTON_GAP;
            }
            drawn.push(html! {
                rect x=(x) y=(y) width=(width) height=(BUTTON_HEIGHT) rx="6" fill=(BUTTON) {}
                (text(x + BUTTON_PADDING, y + 21.0, 14.0, LETTERS, &label))
            });
            x += width + BUTTON_GAP;
        }
        (drawn, y + BUTTON_HEIGHT)
    }
}

fn text(x: f32, y: f32, size: f32, colour: &str, what: &str) -> Markup {
    html! { text x=(x) y=(y) font-size=(size) fill=(colour) { (what) } }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::picture::png;

    #[test]
    fn a_message_shows_its_lines_and_its_buttons() {
        let message = Message {
            question: "how high?".to_owned(),
            author: "briefing-bot".to_owned(),
            lines: vec![
                Line {
                    text: "Six metres & more.".to_owned(),
                    is_small: false,
                },
                Line {
                    text: "paragraph 3".to_owned(),
                    is_small: true,
                },
            ],
            buttons: vec!["Who said so?".to_owned(); 12],
        };
        let svg = message.to_svg();
        for part in ["how high?", "Six metres &amp; more.", "paragraph 3", "Who said so?"] {
            assert!(svg.contains(part), "{part} in {svg}");
        }
        assert!(png(&svg).unwrap().starts_with(b"\x89PNG"));
    }
}

//! Pages as HTML: what the workbench shows and what a report file holds.
//!
//! Values in, markup out, so that a page is the same whether it is served or written to a file. Promise: every text is
//! escaped (`maud` does it); a page asks for nothing from elsewhere, be it a style, a script or a font.
//! Deliberately absent: serving, files, time.

mod chart;
pub mod evaluation;
pub mod explained;

use maud::{DOCTYPE, Markup, PreEscaped, html};

const STYLE: &str = include_str!("style.css");

/// A whole page; `header` stands above `body`, and may be empty.
#[must_use]
pub fn frame(title: &str, header: &Markup, body: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (title) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                header { (header) }
                main { h1 { (title) } (body) }
            }
        }
    }
}

/// A share as a percentage with one decimal.
#[must_use]
pub fn percent(share: f64) -> String {
    format!("{:.1} %", share * 100.0)
}

/// A figure, or a dash where there is none.
#[must_use]
pub fn shown(figure: Option<f64>, format: impl Fn(f64) -> String) -> String {
    figure.map_or_else(|| "–".to_owned(), format)
}

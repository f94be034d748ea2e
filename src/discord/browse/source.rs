//! `/source`: what is cited, as far as it says so itself.

use super::title;
use crate::answer::wording::browsing as wording;
use crate::discord::limits::{self, BUTTON_LABEL_CHARS, BUTTONS_PER_ROW};
use crate::discord::markup;
use crate::discord::payload::{Body, Button, Row};
use crate::discord::reply;
use crate::fact::{Briefing, Revision};

/// Every source with what it says of itself; a button to each that has an address.
pub(crate) fn source(briefings: &[&Briefing], revision: Revision) -> Body {
    let mut lines = Vec::new();
    for briefing in briefings {
        lines.push(title(&briefing.source.title));
        let said = wording::source_lines(&briefing.source);
        lines.extend(said.iter().map(|line| format!("- {}", markup::plain(line))));
        let (n_facts, n_gaps) = (briefing.facts.len(), briefing.gaps.len());
        let n_paragraphs = briefing.source.paragraphs.len();
        let curated = wording::curated(n_paragraphs, n_facts, n_gaps, &revision.to_string());
        lines.push(format!("- {}", markup::plain(&curated)));
    }
    lines.push(format!("-# {}", markup::plain(wording::IN_OWN_WORDS)));
    let mut body = reply::fit(&lines.join("\n"));
    let links = briefings.iter().filter_map(|briefing| {
        let url = briefing.source.url.as_deref()?;
        let label = if briefings.len() > 1 {
            limits::cut(briefing.source.title.trim(), BUTTON_LABEL_CHARS)
        } else {
            wording::READ_ARTICLE.to_owned()
        };
        Some(Button::link(label, url.to_owned()))
    });
    let links: Vec<Button> = links.take(BUTTONS_PER_ROW).collect();
    body.components = super::row(links).into_iter().collect::<Vec<Row>>();
    body
}

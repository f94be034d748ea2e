//! `/timeline`: the facts in the order of their dates, as text and as a picture.

use super::facts::choosing;
use super::{Page, Shown, View, listed, row, small_print, title};
use crate::answer::wording::{self as core_wording, browsing as wording};
use crate::discord::custom_id::CustomId;
use crate::discord::markup;
use crate::discord::payload::{Body, File};
use crate::discord::reply;
use crate::fact::{Briefing, Fact, FactDate};
use crate::picture::{self, Event, Timeline};

/// Dated facts on a page, and in its picture.
const EVENTS_PER_PAGE: usize = 8;
/// The picture's name.
const PICTURE: &str = "timeline.png";

/// Facts with their dates, in order, of one briefing.
struct Dated<'b> {
    briefing: &'b Briefing,
    facts: Vec<(&'b Fact, &'b FactDate)>,
}

/// A page of the dates; the picture is drawn beside the threads that answer.
pub(super) fn timeline(briefings: &[&Briefing], page: usize) -> Shown {
    let dated: Vec<Dated<'_>> = briefings.iter().map(|briefing| dated(briefing)).collect();
    let n_pages_before = |index: usize| -> usize { dated[..index].iter().map(|dated| n_pages(dated)).sum() };
    let n_all_pages = n_pages_before(dated.len());
    let wanted = page.min(n_all_pages.saturating_sub(1));
    // Dates of two articles are not told apart by their places on the line, so each has pages of its own.
    let found = (0..dated.len())
        .rev()
        .find(|index| n_pages(&dated[*index]) > 0 && n_pages_before(*index) <= wanted);
    let Some(index) = found else {
        return Shown::Now(reply::sentence(wording::NO_DATES));
    };
    let (line, before) = (&dated[index], n_pages_before(index));
    let page = Page::of(line.facts.len(), EVENTS_PER_PAGE, wanted - before);
    let mut body = text(line, page);
    let turning = Page::of(n_all_pages, 1, wanted).turning(|page| CustomId::Browse(View::Timeline { page }));
    let facts: Vec<&Fact> = line.facts.iter().map(|(fact, _)| *fact).collect();
    body.components = choosing(line.briefing, &facts, page)
        .into_iter()
        .chain(row(turning))
        .collect();
    let (drawing, description) = drawing(line, page);
    Shown::Later(Box::pin(async move {
        let drawn = tokio::task::spawn_blocking(move || picture::png(&drawing.to_svg())).await;
        match drawn {
            Ok(Ok(png)) => body.file = Some(File::new(PICTURE, &description, png)),
            Ok(Err(error)) => tracing::error!(%error, "the time line could not be drawn; its text is sent alone"),
            Err(error) => tracing::error!(%error, "drawing the time line failed; its text is sent alone"),
        }
        body
    }))
}

fn n_pages(dated: &Dated<'_>) -> usize {
    dated.facts.len().div_ceil(EVENTS_PER_PAGE)
}

/// The briefing's dated facts that stand, in order; those of one place in the order of the files.
fn dated(briefing: &Briefing) -> Dated<'_> {
    let standing = briefing.facts.iter().filter(|fact| fact.correction.is_none());
    let mut facts: Vec<(&Fact, &FactDate)> = standing
        .filter_map(|fact| fact.date.as_ref().map(|date| (fact, date)))
        .collect();
    facts.sort_by_key(|(_, date)| date.order);
    Dated { briefing, facts }
}

fn text(line: &Dated<'_>, page: Page) -> Body {
    let mut lines = vec![
        format!("{} · {}", title(wording::TIME_LINE), page.in_words()),
        markup::plain(&line.briefing.source.title),
    ];
    let here = (page.from() + 1..).zip(&line.facts[page.from()..page.to()]);
    lines.extend(here.map(|(number, (fact, date))| {
        let mark = if date.inferred_from.is_some() {
            format!(" ({})", wording::INFERRED)
        } else {
            String::new()
        };
        format!("{number}. {}{mark}: {}", title(&date.on.to_string()), listed(fact))
    }));
    lines.extend(small_print(line.briefing));
    reply::fit(&lines.join("\n"))
}

/// What is drawn, and what it shows in words.
fn drawing(line: &Dated<'_>, page: Page) -> (Timeline, String) {
    let here = &line.facts[page.from()..page.to()];
    let events = here.iter().map(|(fact, date)| Event {
        date: date.on.to_string(),
        mark: date.inferred_from.as_ref().map(|_| wording::INFERRED.to_owned()),
        text: fact.answer.clone(),
    });
    let as_of = line.briefing.source.as_of.as_ref().map(core_wording::as_of_line);
    let foot: Vec<String> = as_of.into_iter().chain([wording::DOTS.to_owned()]).collect();
    let told: Vec<(String, bool, String)> = here
        .iter()
        .map(|(fact, date)| (date.on.to_string(), date.inferred_from.is_some(), fact.answer.clone()))
        .collect();
    let drawing = Timeline {
        title: line.briefing.source.title.clone(),
        events: events.collect(),
        foot: foot.join(" "),
    };
    (drawing, wording::timeline_alt(&line.briefing.source.title, &told))
}

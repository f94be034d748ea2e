//! The workbench's pages.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Query, State};
use axum::http::header::CONTENT_TYPE;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{Html, IntoResponse, Response};
use futures_util::stream::{self, Stream};
use maud::{Markup, html};
use serde::Deserialize;

use super::actions::{group, read_dismissed};
use super::state::{Covered, Shared, View};
use crate::answer::Conversation;
use crate::engine::Snapshot;
use crate::eval::Run;
use crate::fact::{Briefing, Fact, Standing};
use crate::page::evaluation::Report;
use crate::page::{self, evaluation, explained};

const SCRIPT: &str = include_str!("workbench.js");
/// Questions of a group that are shown.
const MAX_QUESTIONS: usize = 8;

/// Each page with its address and the key that opens it after `g`.
const PAGES: [(&str, &str, &str); 6] = [
    ("/", "Ask", "a"),
    ("/facts", "Facts", "f"),
    ("/problems", "Problems", "p"),
    ("/unanswered", "Unanswered", "u"),
    ("/eval", "Evaluation", "e"),
    ("/timeline", "Time line", "t"),
];

/// A page of the workbench.
pub(super) fn framed(view: &View, at: &str, body: &Markup) -> Response {
    let title = PAGES
        .iter()
        .find(|(path, ..)| *path == at)
        .map_or("Workbench", |(_, title, _)| title);
    let n_problems = view.problems.len();
    let header = html! {
        nav aria-label="Pages" {
            @for (path, name, key) in PAGES {
                a href=(path) aria-current=[(path == at).then_some("page")] data-key=(key) title={ "g, then " (key) } {
                    (name) @if path == "/problems" && n_problems > 0 { " (" (n_problems) ")" }
                }
            }
        }
        script src="/workbench.js" defer {}
    };
    Html(page::frame(title, &header, body).into_string()).into_response()
}

/// The page's facts, or that there are none.
fn with_facts(view: &View, at: &str, body: impl FnOnce(&Snapshot) -> Markup) -> Response {
    let body = match &view.snapshot {
        Some(snapshot) => body(snapshot),
        None => {
            html! { p { "No valid facts yet: they are being loaded, or " a href="/problems" { "something is wrong" } "." } }
        }
    };
    framed(view, at, &body)
}

#[derive(Deserialize)]
pub(super) struct Asked {
    q: Option<String>,
}

/// A question, its answer, and what led to it.
pub(super) async fn ask(State(shared): State<Arc<Shared>>, Query(asked): Query<Asked>) -> Response {
    let view = shared.view();
    let question = asked.q.unwrap_or_default();
    with_facts(&view, "/", |snapshot| {
        html! {
            form action="/" method="get" role="search" {
                input #q type="text" name="q" value=(question) maxlength="2000" placeholder="Ask the briefing" aria-label="Question" autofocus;
                button { "Ask" }
            }
            p.small { kbd { "/" } " asks, " kbd { "g" } " and a letter opens a page" }
            @if !question.trim().is_empty() {
                @let explanation = snapshot.explain(&question, &Conversation::default());
                section aria-label="Answer" {
                    (explained::reply(&explanation.answer))
                    @if !explanation.answer.suggestions.is_empty() {
                        p { "Near: " @for suggestion in &explanation.answer.suggestions {
                            a href={ "/?q=" (url_encoded(&suggestion.question)) } { (suggestion.question) } " "
                        } }
                    }
                }
                h2 { "Why" }
                (explained::explanation(&explanation))
            }
        }
    })
}

fn url_encoded(text: &str) -> String {
    let mut encoded = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() {
            encoded.push(char::from(byte));
        } else {
            encoded.push('%');
            encoded.extend(
                [byte >> 4, byte & 15]
                    .into_iter()
                    .filter_map(|digit| char::from_digit(u32::from(digit), 16)),
            );
        }
    }
    encoded
}

/// The facts by topic, and the article paragraph by paragraph.
pub(super) async fn facts(State(shared): State<Arc<Shared>>) -> Response {
    let view = shared.view();
    with_facts(&view, "/facts", |snapshot| {
        html! {
            div data-live="" {
                @for briefing in &snapshot.base().briefings {
                    h2 { (briefing.source.title) }
                    p.small { (briefing.id) ": " (briefing.facts.len()) " facts, " (briefing.gaps.len()) " gaps" }
                    @for topic in &briefing.topics {
                        @let n_gaps = briefing.gaps.iter().filter(|gap| gap.topic == topic.id).count();
                        h3 { (topic.title) @if n_gaps > 0 { small { " and " (n_gaps) " gaps" } } }
                        @for fact in briefing.facts_of(&topic.id) { (one_fact(briefing, fact)) }
                    }
                    @for (_, paragraphs) in view.coverage.iter().filter(|(of, _)| *of == briefing.id) {
                        h2 { "The article" }
                        @for paragraph in paragraphs { (covered(briefing, paragraph)) }
                    }
                }
            }
        }
    })
}

fn one_fact(briefing: &Briefing, fact: &Fact) -> Markup {
    let name = |id: &str| briefing.entity(id).map_or(id, |entity| entity.name.as_str()).to_owned();
    let standing = match &fact.standing {
        Standing::Stated => "stated by the reporter".to_owned(),
        Standing::Claimed { speaker } => format!("claimed by {}", name(speaker)),
        Standing::Inferred { from } => format!("inferred: {from}"),
    };
    html! {
        details id={ "fact-" (fact.id) } {
            summary { b { (fact.id) } " " (fact.phrasings.first().unwrap_or_default()) }
            p { (fact.answer) }
            p.small { (standing) }
            ul {
                @for citation in &fact.citations {
                    li.small {
                        "paragraph " (citation.paragraph)
                        @if let Some(speaker) = &citation.speaker { ", " (name(speaker)) }
                        @if let Some(quote) = &citation.quote { ": “" (quote) "”" }
                    }
                }
            }
            p.small { (fact.phrasings.len()) " phrasings" }
        }
    }
}

/// A paragraph with what no fact covers marked, and the facts that cite it.
fn covered(briefing: &Briefing, paragraph: &Covered) -> Markup {
    let n_covered = paragraph.items.iter().filter(|item| item.is_covered).count();
    let mut at = 0;
    let mut parts: Vec<(&str, bool)> = Vec::new();
    for item in paragraph.items.iter().filter(|item| !item.is_covered) {
        if item.found.start >= at
            && let (Some(before), Some(found)) = (
                paragraph.text.get(at..item.found.start),
                paragraph
                    .text
                    .get(item.found.start..item.found.start + item.found.text.len()),
            )
        {
            parts.extend([(before, false), (found, true)]);
            at = item.found.start + item.found.text.len();
        }
    }
    parts.push((paragraph.text.get(at..).unwrap_or_default(), false));
    let citing = briefing.facts.iter().filter(|fact| {
        fact.citations
            .iter()
            .any(|citation| citation.paragraph == paragraph.paragraph)
    });
    html! {
        div.card {
            p { small { (paragraph.paragraph) " · " (n_covered) " of " (paragraph.items.len()) " details covered" } }
            p { @for (text, is_open) in parts { @if is_open { mark { (text) } } @else { (text) } } }
            p.small { @for fact in citing { a href={ "#fact-" (fact.id) } { (fact.id) } " " } }
        }
    }
}

/// What `check` says, live.
pub(super) async fn problems(State(shared): State<Arc<Shared>>) -> Response {
    let view = shared.view();
    let body = html! {
        div data-live="" aria-live="polite" {
            p { @match &view.left_out {
                Some(left_out) => (left_out),
                None => "The example questions are being asked without themselves …",
            } }
            @if view.problems.is_empty() { p { "No problem." } }
            @for problem in &view.problems {
                div.card {
                    @for (place, line) in problem.lines.iter().enumerate() {
                        @if place == 0 { p class=(if problem.is_error { "wrong" } else { "helped" }) { (line) } }
                        @else { p.small { (line) } }
                    }
                }
            }
        }
    };
    framed(&view, "/problems", &body)
}

/// Groups of questions without an answer.
pub(super) async fn unanswered(State(shared): State<Arc<Shared>>) -> Response {
    let view = shared.view();
    if shared.options.questions.is_empty() {
        let body = html! { p { "Start the workbench with " code { "--questions FILE" } " (one a line) or " code { "--store" } ": questions that got no answer." } };
        return framed(&view, "/unanswered", &body);
    }
    let dismissed = match read_dismissed(&shared) {
        Ok(dismissed) => dismissed,
        Err(message) => return framed(&view, "/unanswered", &html! { p.wrong { (message) } }),
    };
    let Some(snapshot) = view.snapshot.clone() else {
        return with_facts(&view, "/unanswered", |_| html! {});
    };
    // Every question is asked, which may take long: the other pages must not wait for it.
    let grouped = tokio::task::spawn_blocking(move || group(&shared, &snapshot, dismissed)).await;
    let Ok(grouped) = grouped else {
        return framed(&view, "/unanswered", &html! { p.wrong { "The grouping broke off." } });
    };
    with_facts(&view, "/unanswered", |snapshot| {
        let names: Vec<String> = snapshot
            .base()
            .briefings
            .iter()
            .flat_map(|briefing| {
                let gaps = briefing.gaps.iter().map(|gap| &gap.id);
                let ids = briefing.facts.iter().map(|fact| &fact.id).chain(gaps);
                ids.map(|id| format!("{}/{id}", briefing.id)).collect::<Vec<_>>()
            })
            .collect();
        html! {
            p.small { (grouped.groups.len()) " groups; " (grouped.answered.len()) " questions are answered by now, " (grouped.n_dismissed) " were dismissed" }
            datalist #names { @for name in &names { option value=(name) {} } }
            @for group in &grouped.groups {
                div.card id={ "group-" (group.id) } {
                    p { b { (group.leader()) } " " small { "asked " (group.n_asked()) " times" } }
                    ul { @for (question, times) in group.questions.iter().skip(1).take(MAX_QUESTIONS) { li.small { (times) " × " (question) } } }
                    @if let Some(gap) = &group.gap { p.small { "is the gap " (gap) } }
                    form method="post" action="/unanswered" {
                        input type="hidden" name="group" value=(group.id);
                        @let near = group.nearest.as_ref().map(|near| format!("{}/{}", near.fact.briefing, near.fact.fact));
                        input type="text" name="fact" list="names" aria-label="Fact or gap" value=(near.unwrap_or_default());
                        button name="action" value="accept" { "Add as a phrasing" }
                        button.plain name="action" value="gap" { "Draft a gap" }
                        button.plain name="action" value="dismiss" { "Dismiss" }
                    }
                    @if let Some(near) = &group.nearest { p.small { "nearest: " (near.question) " (" (format!("{:.2}", near.confidence)) ")" } }
                }
            }
        }
    })
}

/// The labelled questions, asked of the facts as they are; kept until the facts change.
pub(super) async fn evaluation(State(shared): State<Arc<Shared>>) -> Response {
    let view = shared.view();
    if shared.options.labelled.is_empty() {
        let body = html! { p { "Start the workbench with " code { "--eval FILE.jsonl" } ": labelled questions." } };
        return framed(&view, "/eval", &body);
    }
    let Some(snapshot) = view.snapshot.clone() else {
        return with_facts(&view, "/eval", |_| html! {});
    };
    let scored = tokio::task::spawn_blocking(move || scored(&shared, &snapshot)).await;
    let body = scored.map_or_else(
        |_| html! { p.wrong { "The evaluation broke off." } },
        |body| html! { (maud::PreEscaped(body)) },
    );
    framed(&view, "/eval", &body)
}

fn scored(shared: &Shared, snapshot: &Snapshot) -> String {
    let revision = snapshot.base().revision.to_string();
    let mut evaluated = shared.evaluated();
    if let Some((of, body)) = evaluated.as_ref()
        && *of == revision
    {
        return body.clone();
    }
    let run = Run::of(shared.options.labelled.clone(), |question, conversation| {
        snapshot.ask(question, conversation)
    });
    let body = evaluation::body(&Report::of(&run, snapshot, None)).into_string();
    *evaluated = Some((revision, body.clone()));
    body
}

/// The dated facts in their order.
pub(super) async fn timeline(State(shared): State<Arc<Shared>>) -> Response {
    let view = shared.view();
    with_facts(&view, "/timeline", |snapshot| {
        html! {
            @for briefing in &snapshot.base().briefings {
                @let dated = {
                    let mut dated: Vec<_> = briefing.facts.iter().filter_map(|fact| Some((fact.date.as_ref()?, fact))).collect();
                    dated.sort_by_key(|(date, _)| date.order);
                    dated
                };
                h2 { (briefing.source.title) }
                div.scroll { table {
                    @for (date, fact) in dated {
                        tr {
                            td { (date.on) @if date.inferred_from.is_some() { small { " inferred" } } }
                            td { a href={ "/facts#fact-" (fact.id) } { (fact.id) } }
                            td { (fact.answer) }
                        }
                    }
                } }
            }
        }
    })
}

/// Says whenever there is something new to be seen.
pub(super) async fn events(State(shared): State<Arc<Shared>>) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let changes = shared.changed.subscribe();
    let stream = stream::unfold(changes, |mut changes| async {
        changes.changed().await.ok()?;
        let number = *changes.borrow_and_update();
        Some((Ok(Event::default().data(number.to_string())), changes))
    });
    Sse::new(stream).keep_alive(KeepAlive::new().interval(Duration::from_secs(15)))
}

/// The script.
pub(super) async fn script() -> Response {
    ([(CONTENT_TYPE, "text/javascript; charset=utf-8")], SCRIPT).into_response()
}

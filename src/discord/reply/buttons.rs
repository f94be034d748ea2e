//! The buttons below a reply: what may be read next, and what may be done with the answer.
//!
//! Promise: at most two rows of five; each button's text and custom id are within Discord's limits, and no custom id
//! stands twice. Deliberately absent: what a press does (`components`).

use std::num::NonZeroU64;

use serenity::model::application::{ActionRow, ActionRowComponent, ButtonKind};

use crate::answer::wording::asking as wording;
use crate::answer::{Answer, Outcome, Reason, Suggestion};
use crate::discord::custom_id::{CustomId, FactKey, Place, QuestionKey, Stamp};
use crate::discord::limits::{self, BUTTON_LABEL_CHARS, BUTTONS_PER_ROW, ROWS};
use crate::discord::payload::{Button, Row, Visibility};
use crate::fact::{FactBase, Revision};
use crate::store::Rating;

use super::Frame;

/// The rows below an answer of any outcome.
pub(super) fn below(answer: &Answer, frame: &Frame<'_>) -> Vec<Row> {
    let next = match answer.outcome {
        Outcome::Answer => facts(&frame.related, frame.base, frame.asker, Place::Below),
        Outcome::Suggest | Outcome::None => facts(&answer.suggestions, frame.base, frame.asker, Place::Here),
    };
    rows([next, actions(answer, frame)])
}

/// Facts to begin with, and where one of them goes.
pub(super) fn examples(examples: &[Suggestion], frame: &Frame<'_>, place: Place) -> Vec<Row> {
    let delete = delete(frame).into_iter().collect();
    rows([facts(examples, frame.base, frame.asker, place), delete])
}

/// What is left once every fact was turned down.
pub(super) fn after_none(question: &QuestionKey, asker: NonZeroU64, visibility: Visibility) -> Vec<Row> {
    let tell = tell_curators(question, asker);
    let delete = (visibility == Visibility::Public).then(|| delete_of(asker));
    rows([std::iter::once(tell).chain(delete).collect(), Vec::new()])
}

/// The buttons of a message, with the one that tells the curators spent.
pub(super) fn passed_on(rows: &[ActionRow]) -> Vec<Row> {
    let again = |component: &ActionRowComponent| {
        let ActionRowComponent::Button(button) = component else {
            return None;
        };
        let ButtonKind::NonLink { custom_id, .. } = &button.data else {
            return None;
        };
        let is_spent = matches!(CustomId::decode(custom_id), Some(CustomId::TellCurators { .. }));
        Some(if is_spent {
            Button::spent(wording::PASSED_ON.to_owned(), custom_id.clone())
        } else {
            Button::secondary(button.label.clone().unwrap_or_default(), custom_id.clone())
        })
    };
    let rows = rows.iter().map(|row| row.components.iter().filter_map(again).collect());
    rows.filter(|buttons: &Vec<Button>| !buttons.is_empty())
        .map(Row::new)
        .collect()
}

/// The way from a private check to a public one.
pub(super) fn post(message: NonZeroU64, revision: Revision) -> Vec<Row> {
    let id = CustomId::PostCheck { message, revision };
    rows([vec![button(wording::POST_AS_REPLY, &id)], Vec::new()])
}

/// What is below a sentence of the bot's own that all may read.
pub(super) fn only_delete(asker: NonZeroU64) -> Vec<Row> {
    rows([vec![delete_of(asker)], Vec::new()])
}

/// What is below a check once all may read it.
pub(super) fn below_posted(poster: NonZeroU64) -> Vec<Row> {
    let delete = button(wording::DELETE, &CustomId::DeleteCheck { poster });
    rows([vec![delete], Vec::new()])
}

/// Whether the words of a question may be kept for the curators.
pub(super) fn may_be_kept(answer: &Answer) -> bool {
    answer.outcome == Outcome::None && matches!(answer.reason, Reason::Gap | Reason::UnknownWords | Reason::NothingNear)
}

fn actions(answer: &Answer, frame: &Frame<'_>) -> Vec<Button> {
    let mut buttons = Vec::new();
    match (answer.outcome, &frame.question) {
        (Outcome::Answer, question) => {
            let facts: Vec<FactKey> = answer.facts.iter().cloned().map(FactKey::Named).collect();
            let vote = |rating| CustomId::Vote {
                rating,
                facts: facts.clone(),
            };
            buttons.push(button(wording::HELPFUL, &vote(Rating::Helpful)));
            buttons.push(button(wording::NOT_HELPFUL, &vote(Rating::NotHelpful)));
            if let Some(fact) = facts.first().cloned() {
                let question = question.clone();
                buttons.push(button(wording::WHY_THIS, &CustomId::Why { fact, question }));
            }
        }
        (Outcome::Suggest, Some(question)) => {
            let (asker, question) = (frame.asker, question.clone());
            buttons.push(button(
                wording::NONE_OF_THESE,
                &CustomId::NoneOfThese { asker, question },
            ));
        }
        (Outcome::None, Some(question)) if may_be_kept(answer) => {
            buttons.push(tell_curators(question, frame.asker));
        }
        (Outcome::Suggest | Outcome::None, _) => {}
    }
    buttons.extend(delete(frame));
    buttons
}

/// Facts to press, each once, and only such as exist.
fn facts(suggestions: &[Suggestion], base: &FactBase, asker: NonZeroU64, place: Place) -> Vec<Button> {
    let mut offered = Vec::new();
    let mut buttons = Vec::new();
    for suggestion in suggestions {
        let Some(fact) = base.fact(&suggestion.fact) else {
            continue;
        };
        if offered.contains(&&suggestion.fact) {
            continue;
        }
        offered.push(&suggestion.fact);
        let id = CustomId::Tell {
            fact: FactKey::Named(suggestion.fact.clone()),
            stamp: Stamp::of(fact),
            asker,
            place,
        };
        buttons.push(button(suggestion.question.trim(), &id));
    }
    buttons
}

fn tell_curators(question: &QuestionKey, asker: NonZeroU64) -> Button {
    let question = question.clone();
    button(wording::TELL_CURATORS, &CustomId::TellCurators { asker, question })
}

/// A private reply has Discord's own way to be dismissed.
fn delete(frame: &Frame<'_>) -> Option<Button> {
    (frame.visibility == Visibility::Public).then(|| delete_of(frame.asker))
}

fn delete_of(asker: NonZeroU64) -> Button {
    button(wording::DELETE, &CustomId::Delete { asker })
}

fn button(label: &str, id: &CustomId) -> Button {
    Button::secondary(limits::cut(label, BUTTON_LABEL_CHARS), id.encode())
}

fn rows(rows: [Vec<Button>; 2]) -> Vec<Row> {
    let rows = rows.into_iter().filter(|row| !row.is_empty()).take(ROWS);
    rows.map(|mut row| {
        row.truncate(BUTTONS_PER_ROW);
        Row::new(row)
    })
    .collect()
}

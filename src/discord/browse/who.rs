//! `/who`: whom a name means, as the article says, and the facts about them.

use super::facts::{choosing, numbered};
use super::{FACTS_PER_PAGE, Key, Page, View, row, small_print, title};
use crate::answer::lookup::{self, Found};
use crate::answer::wording::{self as core_wording, browsing as wording};
use crate::discord::custom_id::CustomId;
use crate::discord::limits::{self, CHOICE_CHARS, CHOICES, SELECT_OPTION_CHARS, SELECT_OPTIONS};
use crate::discord::markup;
use crate::discord::payload::{Body, Choice, Row, Select, SelectOption};
use crate::discord::reply;
use crate::fact::{Briefing, Entity, Fact};

/// Other names that are listed.
const MAX_ALIASES: usize = 12;

/// A page about an entity; `None` where it is gone.
pub(super) fn who(briefings: &[&Briefing], key: &Key, page: usize) -> Option<Body> {
    let (briefing, entity) = briefings
        .iter()
        .flat_map(|&briefing| briefing.entities.iter().map(move |entity| (briefing, entity)))
        .find(|(briefing, entity)| key.names(&briefing.id, &entity.id))?;
    let facts: Vec<&Fact> = briefing
        .facts
        .iter()
        .filter(|fact| fact.entities.contains(&entity.id))
        .collect();
    let page = Page::of(facts.len(), FACTS_PER_PAGE, page);
    let mut lines = vec![format!("{} · {}", title(&entity.name), wording::kind(entity.kind))];
    lines.push(markup::plain(entity.about.as_deref().unwrap_or(wording::NOTHING_ABOUT)));
    lines.extend(named(entity));
    let part = if facts.len() > FACTS_PER_PAGE {
        format!(" ({})", page.in_words())
    } else {
        String::new()
    };
    lines.push(format!("{}{part}", markup::plain(&wording::facts_about(facts.len()))));
    lines.extend(numbered(&facts, page));
    if !facts.is_empty() {
        lines.extend(small_print(briefing));
    }
    let turning = page.turning(|page| {
        CustomId::Browse(View::Who {
            entity: key.clone(),
            page,
        })
    });
    let mut body = reply::fit(&lines.join("\n"));
    body.components = choosing(briefing, &facts, page)
        .into_iter()
        .chain(row(turning))
        .collect();
    Some(body)
}

/// What else it is called, and where.
fn named(entity: &Entity) -> Vec<String> {
    let mut lines = Vec::new();
    if !entity.aliases.is_empty() {
        let listed: Vec<&str> = entity.aliases.iter().take(MAX_ALIASES).map(String::as_str).collect();
        let n_more = entity.aliases.len() - listed.len();
        lines.push(wording::also_called(&listed, n_more));
    }
    let places: Vec<String> = entity
        .paragraphs
        .iter()
        .map(|place| core_wording::place(*place))
        .collect();
    if !places.is_empty() {
        lines.push(wording::named_in(&places));
    }
    lines.iter().map(|line| format!("-# {}", markup::plain(line))).collect()
}

/// What `/who` shows: the one that a choice or a name means, those that it could mean, or that there is nobody.
pub(crate) fn entity_named(briefings: &[&Briefing], typed: &str) -> Body {
    let by_key = Key::decode(typed.trim()).and_then(|key| who(briefings, &key, 0));
    if let Some(body) = by_key {
        return body;
    }
    let found = lookup::entities(briefings, typed);
    let sure = lookup::sure(&found).map(|found| Key::of(&found.briefing.id, &found.thing.id));
    if let Some(body) = sure.and_then(|key| who(briefings, &key, 0)) {
        return body;
    }
    let typed = limits::cut(typed.trim(), SELECT_OPTION_CHARS);
    if found.is_empty() {
        return reply::sentence(&wording::nobody(&typed));
    }
    let options = found.iter().take(SELECT_OPTIONS).map(|found| SelectOption {
        label: label(briefings, found, SELECT_OPTION_CHARS),
        value: Key::of(&found.briefing.id, &found.thing.id).to_choice(),
        is_chosen: false,
    });
    let id = CustomId::Browse(View::ChooseEntity).encode();
    let mut body = reply::sentence(&wording::which(&typed));
    body.components = vec![Row::select(Select::one_of(id, wording::CHOOSE_NAME, options.collect()))];
    body
}

/// Choices while a name is typed.
pub(crate) fn name_choices(briefings: &[&Briefing], typed: &str) -> Vec<Choice> {
    let found = lookup::entities(briefings, typed);
    let choices = found.iter().take(CHOICES).map(|found| Choice {
        name: label(briefings, found, CHOICE_CHARS),
        value: Key::of(&found.briefing.id, &found.thing.id).to_choice(),
    });
    choices.collect()
}

/// What a name is called in a list: with its briefing's title where there are several.
fn label(briefings: &[&Briefing], found: &Found<'_, Entity>, most: usize) -> String {
    let name = found.thing.name.trim();
    if briefings.len() > 1 {
        limits::cut(&format!("{name} · {}", found.briefing.source.title), most)
    } else {
        limits::cut(name, most)
    }
}

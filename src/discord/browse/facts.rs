//! `/facts`: the topics, and the facts of one, in pages.

use super::{FACTS_PER_PAGE, Key, Page, View, button, listed, row, small_print, title};
use crate::answer::lookup::{self, Found};
use crate::answer::wording::browsing as wording;
use crate::discord::custom_id::{CustomId, FactKey};
use crate::discord::limits::{self, CHOICE_CHARS, CHOICES, SELECT_OPTION_CHARS, SELECT_OPTIONS};
use crate::discord::markup;
use crate::discord::payload::{Body, Choice, Row, Select, SelectOption};
use crate::discord::reply;
use crate::fact::{Briefing, Fact, FactRef, Topic};

/// The topics, each with how many facts it has; `word` is said before them.
pub(super) fn topics(briefings: &[&Briefing], page: usize, word: Option<&str>) -> Body {
    let all: Vec<(&Briefing, &Topic, usize)> = briefings
        .iter()
        .flat_map(|&briefing| briefing.topics.iter().map(move |topic| (briefing, topic)))
        .map(|(briefing, topic)| (briefing, topic, briefing.facts_of(&topic.id).count()))
        .filter(|(.., n_facts)| *n_facts > 0)
        .collect();
    if all.is_empty() {
        return reply::sentence(wording::NO_FACTS);
    }
    let page = Page::of(all.len(), SELECT_OPTIONS, page);
    let here = &all[page.from()..page.to()];
    let mut lines: Vec<String> = word.map(markup::plain).into_iter().collect();
    lines.push(format!("{} · {}", title(wording::TOPICS), page.in_words()));
    let mut last: Option<&str> = None;
    for (briefing, topic, n_facts) in here {
        if briefings.len() > 1 && last != Some(&briefing.id) {
            lines.push(title(&briefing.source.title));
        }
        last = Some(&briefing.id);
        let n_facts = wording::n_facts(*n_facts);
        lines.push(format!("- {} ({n_facts})", markup::plain(&topic.title)));
    }
    let options = here.iter().map(|(briefing, topic, _)| SelectOption {
        label: limits::cut(topic.title.trim(), SELECT_OPTION_CHARS),
        value: Key::of(&briefing.id, &topic.id).to_choice(),
        is_chosen: false,
    });
    let select = Select::one_of(
        CustomId::Browse(View::ChooseTopic).encode(),
        wording::CHOOSE_TOPIC,
        options.collect(),
    );
    let mut body = reply::fit(&lines.join("\n"));
    body.components = [Row::select(select)]
        .into_iter()
        .chain(row(page.turning(|page| CustomId::Browse(View::Topics { page }))))
        .collect();
    body
}

/// A page of a topic's facts; `None` where the topic is gone.
pub(super) fn topic(briefings: &[&Briefing], key: &Key, page: usize) -> Option<Body> {
    let (briefing, topic) = briefings
        .iter()
        .flat_map(|&briefing| briefing.topics.iter().map(move |topic| (briefing, topic)))
        .find(|(briefing, topic)| key.names(&briefing.id, &topic.id))?;
    let facts: Vec<&Fact> = briefing.facts_of(&topic.id).collect();
    let page = Page::of(facts.len(), FACTS_PER_PAGE, page);
    let mut lines = vec![format!("{} · {}", title(&topic.title), page.in_words())];
    lines.extend(numbered(&facts, page));
    lines.extend(small_print(briefing));
    let mut buttons = page.turning(|page| {
        CustomId::Browse(View::Topic {
            topic: key.clone(),
            page,
        })
    });
    buttons.push(button(wording::ALL_TOPICS, View::Topics { page: 0 }));
    let mut body = reply::fit(&lines.join("\n"));
    body.components = choosing(briefing, &facts, page)
        .into_iter()
        .chain(row(buttons))
        .collect();
    Some(body)
}

/// The facts of a page, one line each, numbered through the whole list.
pub(super) fn numbered(facts: &[&Fact], page: Page) -> Vec<String> {
    let numbered = (page.from() + 1..).zip(&facts[page.from()..page.to()]);
    numbered
        .map(|(number, fact)| format!("{number}. {}", listed(fact)))
        .collect()
}

/// A list of the page's facts, to read one in full.
pub(super) fn choosing(briefing: &Briefing, facts: &[&Fact], page: Page) -> Option<Row> {
    let here = (page.from() + 1..).zip(&facts[page.from()..page.to()]);
    let options: Vec<SelectOption> = here
        .map(|(number, fact)| {
            let question = fact.phrasings.first().unwrap_or(&fact.id);
            SelectOption {
                label: limits::cut(&format!("{number}. {}", question.trim()), SELECT_OPTION_CHARS),
                value: FactKey::to_choice(&FactRef {
                    briefing: briefing.id.clone(),
                    fact: fact.id.clone(),
                }),
                is_chosen: false,
            }
        })
        .collect();
    let id = CustomId::Browse(View::ChooseFact).encode();
    (!options.is_empty()).then(|| Row::select(Select::one_of(id, wording::CHOOSE_FACT, options)))
}

/// What `/facts topic` shows: the topic that a choice or a name means, or all of them with a word about it.
pub(crate) fn topic_named(briefings: &[&Briefing], typed: &str) -> Body {
    let by_key = Key::decode(typed.trim()).and_then(|key| topic(briefings, &key, 0));
    if let Some(body) = by_key {
        return body;
    }
    let found = like(briefings, typed);
    let sure = lookup::sure(&found).map(|found| Key::of(&found.briefing.id, &found.thing.id));
    if let Some(body) = sure.and_then(|key| topic(briefings, &key, 0)) {
        return body;
    }
    let word = wording::no_topic(&limits::cut(typed.trim(), SELECT_OPTION_CHARS));
    topics(briefings, 0, Some(&word))
}

/// The topics that a title may mean; one that holds questions left open and no facts has nothing to browse.
fn like<'b>(briefings: &[&'b Briefing], typed: &str) -> Vec<Found<'b, Topic>> {
    let mut found = lookup::topics(briefings, typed);
    found.retain(|found| found.briefing.facts_of(&found.thing.id).next().is_some());
    found
}

/// Choices while a topic is typed.
pub(crate) fn topic_choices(briefings: &[&Briefing], typed: &str) -> Vec<Choice> {
    let found = like(briefings, typed);
    let choices = found.iter().take(CHOICES).map(|found| {
        let title = found.thing.title.trim();
        let name = if briefings.len() > 1 {
            format!("{title} · {}", found.briefing.source.title)
        } else {
            title.to_owned()
        };
        Choice {
            name: limits::cut(&name, CHOICE_CHARS),
            value: Key::of(&found.briefing.id, &found.thing.id).to_choice(),
        }
    });
    choices.collect()
}

//! A draft as TOML files, with what is left to do said in each place.

use super::{Blocks, Claim, Proposal};
use crate::fact::article::paragraph_hash;
use crate::fact::limits::{MAX_QUOTE_WORDS, MAX_SENTENCE_CHARS, MAX_TITLE_CHARS};
use crate::fact::{Kind, Paragraph};

pub(super) fn files(blocks: &Blocks, proposals: &[Proposal], claims: &[Claim]) -> Vec<(String, String)> {
    vec![
        ("source.toml".to_owned(), source(blocks)),
        ("facts/claims.toml".to_owned(), facts(claims)),
        ("glossary.toml".to_owned(), glossary(proposals)),
        ("synonyms.toml".to_owned(), SYNONYMS.to_owned()),
    ]
}

const SYNONYMS: &str =
    "# Words that mean the same in this briefing, a group a block; `opposite` names the group that means the opposite:
#
# [[group]]
# id = \"raise\"
# words = [\"raise\", \"lift\", \"heighten\"]
# opposite = \"lower\"
";

fn source(blocks: &Blocks) -> String {
    let mut lines = vec!["format = 1".to_owned(), format!("title = {}", quoted(&title(blocks)))];
    if !blocks.agencies.is_empty() {
        lines.push(format!("agencies = {}", list(&blocks.agencies)));
    }
    if let Some(byline) = &blocks.byline {
        lines.push(format!("# by-line: {}", written(byline)));
    }
    lines.push(
        "# publisher = \"…\"  published = \"YYYY-MM-DD\"  url = \"https://…\"     only what the document itself says"
            .to_owned(),
    );
    lines.push(format!(
        "todo = {}",
        quoted("say under [as_of] which day the article speaks of as now, and from what that was inferred; then remove this line")
    ));
    lines.push(String::new());
    let dates = dates(blocks);
    if !dates.is_empty() {
        lines.push(format!("# dates that the article names: {}", dates.join(", ")));
    }
    lines.push("# [as_of]".to_owned());
    lines.push("# date = \"MM-DD\"".to_owned());
    lines.push("# weekday = \"…\"".to_owned());
    lines.push("# inferred_from = \"…\"".to_owned());
    lines.push(String::new());
    lines.push("[paragraphs]".to_owned());
    for (paragraph, text) in &blocks.paragraphs {
        lines.push(format!("{paragraph} = \"{}\"", paragraph_hash(text)));
    }
    lines.join("\n") + "\n"
}

/// The headline. Where an article has none, its first paragraph was taken for it, of which a few words must do.
fn title(blocks: &Blocks) -> String {
    let headline = blocks.title();
    let n_words = if headline.ends_with('.') {
        MAX_QUOTE_WORDS
    } else {
        usize::MAX
    };
    let words: Vec<&str> = headline.split(' ').take(n_words).collect();
    words.join(" ").chars().take(MAX_TITLE_CHARS).collect()
}

fn dates(blocks: &Blocks) -> Vec<String> {
    let mut dates: Vec<String> = Vec::new();
    for (_, text) in &blocks.paragraphs {
        for found in crate::curate::extract::extract(text, |_| false) {
            if found.what == crate::fact::problem::Detail::Date && !dates.contains(&found.text) {
                dates.push(found.text);
            }
        }
    }
    dates
}

fn facts(claims: &[Claim]) -> String {
    let mut text = "topic = \"claims\"
title = \"What the article says\"
# One block for each sentence that claims something. Write the answer and the phrasings in your own words, correct what
# was guessed, give the block a telling id, and remove its `todo`: until then it is not served. A sentence that says
# nothing of its own is removed; a sentence that says two things makes two facts. Split the file by topics as it grows.
# What the article leaves open is a [[gap]]; docs/FACT-BASE.md shows one.
"
    .to_owned();
    for claim in claims {
        text.push('\n');
        text.push_str(&fact(claim));
    }
    text
}

fn fact(claim: &Claim) -> String {
    let mut lines = vec!["[[fact]]".to_owned(), format!("id = \"{}\"", claim.id)];
    let about = if claim.details.is_empty() {
        String::new()
    } else {
        format!(" (it names {})", claim.details.join("; "))
    };
    lines.push(format!(
        "todo = {}",
        quoted(&clipped(&format!(
            "write the answer to this sentence of paragraph {}{about}",
            claim.paragraph
        )))
    ));
    lines.push("# answer = \"…\"".to_owned());
    match &claim.speaker {
        Some(speaker) => {
            lines.push("standing = \"claimed\"".to_owned());
            lines.push(format!("speaker = \"{speaker}\""));
        }
        None => lines.push("standing = \"stated\"".to_owned()),
    }
    let kinds: Vec<String> = claim.kinds.iter().map(|kind| kind.name().to_owned()).collect();
    lines.push(format!("gives = {}", list(&kinds)));
    if claim.kinds.contains(&Kind::HowMany) {
        lines.push(format!("counts = {}", list(&claim.counts)));
    }
    lines.push(format!("entities = {}", list(&claim.entities)));
    if claim.has_date {
        lines.push("# date = { on = \"MM-DD\", order = 10 }".to_owned());
    }
    lines.push("# phrasings = [".to_owned());
    lines.extend(forms(claim).into_iter().map(|form| format!("#     {},", quoted(&form))));
    lines.push("# ]".to_owned());
    lines.push("[[fact.citation]]".to_owned());
    lines.push(match claim.paragraph {
        Paragraph::Number(number) => format!("paragraph = {number}"),
        other => format!("paragraph = \"{other}\""),
    });
    if let Some(speaker) = &claim.speaker {
        lines.push(format!("speaker = \"{speaker}\""));
    }
    if let Some(quote) = &claim.quote {
        lines.push(format!("quote = {}", quoted(quote)));
    }
    lines.join("\n") + "\n"
}

/// Question forms by the kinds of answer, to be finished.
fn forms(claim: &Claim) -> Vec<String> {
    let counted = claim.counts.first().map_or("…", String::as_str);
    let speaker = claim.speaker.as_deref().unwrap_or("…").replace('-', " ");
    let mut forms = Vec::new();
    for kind in &claim.kinds {
        match kind {
            Kind::HowMany => forms.extend([format!("How many {counted} …?"), format!("number of {counted}")]),
            Kind::When => forms.extend(["When did … happen?".to_owned(), "On which day …?".to_owned()]),
            Kind::Said => forms.extend([
                format!("What did the {speaker} say about …?"),
                "What were the words about …?".to_owned(),
            ]),
            Kind::Who => forms.extend(["Who said that …?".to_owned(), format!("Did the {speaker} say that …?")]),
            _ => forms.extend(["What …?".to_owned(), "Is it true that …?".to_owned()]),
        }
    }
    forms
}

fn glossary(proposals: &[Proposal]) -> String {
    let mut text = "# Whom and what the article names. Remove what is none, put together what is one, correct the kind, say in `about`
# what the article says of it, add the other names that members will use, and remove the `todo`.
"
    .to_owned();
    for proposal in proposals {
        let paragraphs: Vec<String> = proposal
            .paragraphs
            .iter()
            .map(|paragraph| match paragraph {
                Paragraph::Number(number) => number.to_string(),
                other => format!("\"{other}\""),
            })
            .collect();
        let lines = [
            String::new(),
            "[[entity]]".to_owned(),
            format!("id = \"{}\"", proposal.id),
            format!("todo = {}", quoted("is the kind right? say `about`; add aliases")),
            format!("name = {}", quoted(&proposal.name)),
            format!("kind = \"{}\"", proposal.kind.name()),
            "# about = \"…\"".to_owned(),
            format!("paragraphs = [{}]", paragraphs.join(", ")),
            format!("aliases = {}", list(&proposal.aliases)),
            String::new(),
        ];
        text.push_str(&lines.join("\n"));
    }
    text
}

fn list(items: &[String]) -> String {
    let items: Vec<String> = items.iter().map(|item| quoted(item)).collect();
    format!("[{}]", items.join(", "))
}

/// A TOML string.
fn quoted(text: &str) -> String {
    format!("\"{}\"", written(text).replace('\\', "\\\\").replace('"', "\\\""))
}

/// What is no character to be written is left out.
fn written(text: &str) -> String {
    text.chars().filter(|character| !character.is_control()).collect()
}

/// As long as one sentence of the format may be.
fn clipped(text: &str) -> String {
    text.chars().take(MAX_SENTENCE_CHARS).collect()
}

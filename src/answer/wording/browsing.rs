//! What is said where members browse, and what the commands for that are called.

use crate::fact::{AsOf, EntityKind, Source};

/// `/facts`, as Discord describes it.
pub const FACTS: &str = "Browse what the briefing says, topic by topic";
/// `/facts topic`.
pub const FACTS_TOPIC: &str = "A topic; without one, all are listed";
/// `/who`.
pub const WHO: &str = "Who somebody is, or what something is, as the article says";
/// `/who name`.
pub const WHO_NAME: &str = "A person, place, body or thing that the article names";
/// `/timeline`.
pub const TIMELINE: &str = "What happened when, in order, as text and as a picture";
/// `/source`.
pub const SOURCE: &str = "Which article is cited, and of which day it is";
/// `/help`.
pub const HELP: &str = "How to ask me";
/// `/privacy`.
pub const PRIVACY: &str = "What I store, and how to have it deleted";

/// On the button to the page before.
pub const BACK: &str = "◀ Back";
/// On the button to the page after.
pub const NEXT: &str = "Next ▶";
/// On the button to the list of topics.
pub const ALL_TOPICS: &str = "All topics";
/// In the list of facts of a page.
pub const CHOOSE_FACT: &str = "Read one in full, with its source";
/// In the list of topics.
pub const CHOOSE_TOPIC: &str = "Open a topic";
/// In the list of names.
pub const CHOOSE_NAME: &str = "Choose a name";
/// On the button that deletes the member's votes.
pub const DELETE_VOTES: &str = "Delete my votes";
/// On the button that forgets the conversation.
pub const FORGET: &str = "Forget this conversation";
/// On the button that leads to the article.
pub const READ_ARTICLE: &str = "Read the article";

/// Said where a reload removed what a button or a choice named.
pub const GONE: &str =
    "That is no longer in the briefing: its curators removed or renamed it. /facts shows what is there now.";
/// Said, whatever is asked, in a server that chose briefings of which none is loaded any more.
pub const NOT_LOADED: &str = "The briefings that this server's managers chose for me are not loaded any more, so I answer nothing here until they choose others with /admin settings.";
/// Said where there is nothing to browse.
pub const NO_FACTS: &str = "There are no facts here yet.";
/// Said where no fact has a date.
pub const NO_DATES: &str = "None of the facts here has a date.";
/// Below a page of facts.
pub const WHOSE: &str = "These are the claims of whoever is named in them, some cut short: open one for its source.";
/// Beside a fact that was withdrawn.
pub const WITHDRAWN: &str = "(withdrawn)";
/// Beside a fact that another replaced.
pub const REPLACED: &str = "(replaced by another)";
/// Beside a date that was inferred.
pub const INFERRED: &str = "inferred";
/// Above the list of topics.
pub const TOPICS: &str = "Topics";
/// Above the dates.
pub const TIME_LINE: &str = "Time line";
/// Under the picture of the time line.
pub const DOTS: &str = "A ring and “inferred”: the curator worked the date out; a filled dot: the source names it.";

/// How many facts.
#[must_use]
pub fn n_facts(n: usize) -> String {
    match n {
        1 => "1 fact".to_owned(),
        n => format!("{n} facts"),
    }
}

/// Which part of a list a page shows; the first is 1.
#[must_use]
pub fn part_of(from: usize, to: usize, n_all: usize) -> String {
    if from == 1 && to == n_all {
        format!("{n_all} in all")
    } else {
        format!("{from} to {to} of {n_all}")
    }
}

/// Said where no topic has that name.
#[must_use]
pub fn no_topic(typed: &str) -> String {
    format!("There is no topic called “{typed}”. These are there:")
}

/// Said where the glossary has no such name.
#[must_use]
pub fn nobody(typed: &str) -> String {
    format!("The briefing names nobody and nothing called “{typed}”.")
}

/// Said where a name could mean several.
#[must_use]
pub fn which(typed: &str) -> String {
    format!("“{typed}” could be one of these:")
}

/// What sort of entity it is.
#[must_use]
pub fn kind(kind: EntityKind) -> &'static str {
    match kind {
        EntityKind::Person => "a person",
        EntityKind::Place => "a place",
        EntityKind::Body => "an organisation or office",
        EntityKind::State => "a state",
        EntityKind::Event => "an event",
        EntityKind::Thing => "a thing",
    }
}

/// Said where the source names somebody and says nothing of them.
pub const NOTHING_ABOUT: &str = "The article names it, and says no more of it.";

/// The other names of an entity.
#[must_use]
pub fn also_called(aliases: &[&str], n_more: usize) -> String {
    let more = if n_more == 0 {
        String::new()
    } else {
        format!(" and {n_more} more")
    };
    format!("Also called: {}{more}.", aliases.join(", "))
}

/// Above the facts about an entity.
#[must_use]
pub fn facts_about(n: usize) -> String {
    match n {
        0 => "No fact of the briefing is about it.".to_owned(),
        1 => "One fact is about it:".to_owned(),
        n => format!("{n} facts are about it:"),
    }
}

/// Where the source names an entity.
#[must_use]
pub fn named_in(places: &[String]) -> String {
    format!("Named in {}.", places.join(", "))
}

/// What a source is, one line for each thing that it says of itself or leaves out.
#[must_use]
pub fn source_lines(source: &Source) -> Vec<String> {
    let said = |label: &str, value: Option<&str>| match value {
        Some(value) => format!("{label}: {value}"),
        None => format!("{label}: the article does not say"),
    };
    let agencies = (!source.agencies.is_empty()).then(|| source.agencies.join(", "));
    vec![
        said("Agencies", agencies.as_deref()),
        said("Publisher", source.publisher.as_deref()),
        said("Published", source.published.map(|date| date.to_string()).as_deref()),
        match &source.as_of {
            Some(as_of) => as_of_line(as_of),
            None => "As of: the article does not say".to_owned(),
        },
    ]
}

fn as_of_line(as_of: &AsOf) -> String {
    let weekday = as_of
        .weekday
        .as_deref()
        .map(|day| format!("{day}, "))
        .unwrap_or_default();
    let mut line = format!("As of: {weekday}{}", as_of.date);
    if as_of.date.year.is_none() {
        line.push_str("; it names no year");
    }
    if let Some(from) = &as_of.inferred_from {
        line.push_str("; inferred from this: ");
        line.push_str(from);
    }
    line
}

/// How much of a source was curated.
#[must_use]
pub fn curated(n_paragraphs: usize, n_facts: usize, n_gaps: usize, revision: &str) -> String {
    format!(
        "{n_facts} facts and {n_gaps} open questions were curated from its {n_paragraphs} parts; revision {revision}"
    )
}

/// The last line of `/source`.
pub const IN_OWN_WORDS: &str = "What I say is a curator's own sentence, with the paragraph that it stands on; the article itself is not stored here.";

/// Where mentions are answered, seen from where `/help` is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mentioned {
    /// There.
    Here,
    /// In other channels of the server.
    Elsewhere,
    /// Nowhere in the server, or the bot is no member of it.
    Nowhere,
}

/// Said to `/help`; the questions are examples.
#[must_use]
pub fn help(examples: &[&str], mentioned: Mentioned) -> Vec<String> {
    let example = examples.first().copied().unwrap_or("What happened?");
    let mention = match mentioned {
        Mentioned::Here => Some(format!("- mention me with your question: @me {example}")),
        Mentioned::Elsewhere => Some(format!(
            "- mention me with your question, in a channel that this server's managers opened for it (not this one): @me {example}"
        )),
        Mentioned::Nowhere => None,
    };
    // A reply is a mention too.
    let reply = mention
        .is_some()
        .then(|| "- reply to one of my answers, to ask further: “and when?”, “who said that?”".to_owned());
    let mut lines = vec![
        "I answer questions about a news article from facts that people curated by hand. Each answer says who claims it and in which paragraph it stands; what the article does not say, I do not say.".to_owned(),
        String::new(),
        "Ask me like this:".to_owned(),
    ];
    lines.extend(mention);
    lines.extend([
        format!("- /ask and then your question; suggestions appear while you type: /ask {example}"),
        "- write to me in a direct message".to_owned(),
    ]);
    lines.extend(reply);
    lines.extend([
        "- on somebody's message: Apps, then “Check against the briefing”".to_owned(),
        String::new(),
        "Look around:".to_owned(),
        "- /facts: all there is, by topic".to_owned(),
        "- /who: a person, place or body".to_owned(),
        "- /timeline: what happened when".to_owned(),
        "- /source: the article, and of which day it is".to_owned(),
        "- /privacy: what I store; delete your votes, forget this conversation".to_owned(),
        String::new(),
        "Spelling hardly matters. Where I am not sure, I offer questions to press and assert nothing. I answer in English, and I never ping anyone.".to_owned(),
    ]);
    lines
}

/// The line of `/help` for who manages the server.
pub const HELP_FOR_MANAGERS: &str = "You manage this server: /admin settings says where and from what I answer here, /admin unanswered what was asked in vain, /admin doctor what I lack.";

/// Said to `/privacy`; `are_logged`: whether whoever runs the bot has the words of questions logged.
#[must_use]
pub fn privacy(retention_days: u32, are_logged: bool) -> Vec<String> {
    let mut lines = vec![
        "What I store:".to_owned(),
        "- how often each fact answered on a day, and how often questions were left open; no words, no names".to_owned(),
        "- your votes on answers, under a keyed hash in place of your name".to_owned(),
        "- the words of a question that I could not answer, only where its asker pressed “Tell the curators”; never who asked".to_owned(),
        "- for an hour, in which channels I was asked and when, so that a restart misses no question; not what, and not by whom".to_owned(),
        "- that I am in this server, and its settings".to_owned(),
        format!("All but the last is deleted after {retention_days} days, and everything of a server a week after I was removed from it."),
    ];
    if are_logged {
        lines.push(LOGGED.to_owned());
    }
    lines.extend([
        String::new(),
        "What I keep in memory only, for a quarter of an hour: your last questions in a channel, so that “and when?” means something. The button forgets those of this channel.".to_owned(),
        "Whoever replies to an answer goes on from the questions before it: a copy of those stays with what that member asked, for as long as that does, and your button does not reach it.".to_owned(),
        "I read messages that mention me, reply to me or are written to me directly, and nothing else unless a server's managers open a channel for questions.".to_owned(),
    ]);
    lines
}

/// In `/privacy`, where the words of questions are logged.
const LOGGED: &str = "Beside that, whoever runs me has turned a log of questions on: the words of every question that I answer are written to it, with the number of its message or command and without a name. How long it is kept is up to them.";

/// Above the member's own votes.
#[must_use]
pub fn your_votes(n: usize) -> String {
    match n {
        0 => "You have no votes stored.".to_owned(),
        1 => "You have one vote stored:".to_owned(),
        n => format!("You have {n} votes stored:"),
    }
}

/// A vote in words.
#[must_use]
pub fn vote(fact: &str, is_helpful: bool, day: &str) -> String {
    let rating = if is_helpful { "helpful" } else { "not helpful" };
    format!("{rating}: {fact} ({day})")
}

/// Said once votes are deleted.
#[must_use]
pub fn votes_deleted(n: u64) -> String {
    match n {
        0 => "There was no vote of yours to delete.".to_owned(),
        1 => "Your vote is deleted.".to_owned(),
        n => format!("Your {n} votes are deleted."),
    }
}

/// Said once a conversation is forgotten.
pub const FORGOTTEN: &str = "Forgotten: what you asked me in this channel before means nothing to me any more.";

/// The same, said by a process that hears commands only.
pub const FORGOTTEN_HERE: &str = "Forgotten: what you asked me in this channel by commands. What you asked by mentioning me or writing to me directly is forgotten a quarter of an hour after your last question.";

/// Said where the store does not answer.
pub const STORE_SILENT: &str =
    "My store does not answer just now, so I cannot show or delete anything in it. Please try again in a minute.";

/// What a picture of a time line shows, for whoever does not see it.
#[must_use]
pub fn timeline_alt(title: &str, events: &[(String, bool, String)]) -> String {
    let events: Vec<String> = events
        .iter()
        .map(|(date, is_inferred, text)| {
            let mark = if *is_inferred { " (inferred)" } else { "" };
            format!("{date}{mark}: {text}")
        })
        .collect();
    format!("Time line, {title}. {}", events.join(" "))
}

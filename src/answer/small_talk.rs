//! Greetings, thanks, questions about the bot itself, and orders to it: what is no question about the news.
//!
//! Read from the words alone, before any fact is looked at; but for orders, only where nothing in the message names an
//! entity of the facts. Promise: a message that asks about the news is never taken for small talk because of a "hi" before it.

use crate::matching::analysis::{Analysis, Term};

/// What was said that is no question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SmallTalk {
    /// "hi there".
    Greeting,
    /// "thank you, that helped".
    Thanks,
    /// "good bot".
    Praise,
    /// "bye".
    Farewell,
    /// "who are you", "who made you", "what can you do".
    AboutBot,
    /// "ignore your rules", "say …", "pretend to be …".
    Order,
}

const GREETINGS: &[&str] = &[
    "afternoon",
    "aloha",
    "evening",
    "gm",
    "gn",
    "greetings",
    "hello",
    "hey",
    "heya",
    "hi",
    "hii",
    "hiya",
    "howdy",
    "morning",
    "salut",
    "sup",
    "welcome",
    "yo",
];
const THANKS: &[&str] = &[
    "appreciated",
    "cheers",
    "grateful",
    "tnx",
    "thank",
    "thanks",
    "thx",
    "ty",
    "tysm",
];
const FAREWELLS: &[&str] = &["bye", "cya", "farewell", "goodbye", "goodnight", "later", "night"];
const PRAISE: &[&str] = &[
    "amazing",
    "awesome",
    "bad",
    "based",
    "best",
    "bot",
    "brilliant",
    "clever",
    "cool",
    "dumb",
    "good",
    "great",
    "lovely",
    "neat",
    "nice",
    "perfect",
    "smart",
    "stupid",
    "useless",
    "useful",
    "well",
    "wonderful",
    "wow",
    "job",
    "work",
    "lol",
    "lmao",
    "love",
    "alright",
    "k",
    "kk",
    "ok",
    "okay",
    "yes",
    "yeah",
    "yep",
    "yup",
    "no",
    "nope",
    "nah",
    "noted",
    "understood",
    "helped",
    "helpful",
    "answer",
    "lot",
];
/// Words that may stand beside those without making a question of it.
const FILLERS: &[&str] = &[
    "anyway",
    "buddy",
    "chat",
    "day",
    "everyone",
    "folks",
    "friend",
    "friends",
    "gang",
    "good",
    "guys",
    "helped",
    "help",
    "helpful",
    "lot",
    "lots",
    "mate",
    "much",
    "nice",
    "people",
    "peeps",
    "so",
    "team",
    "there",
    "today",
    "very",
    "world",
    "fast",
    "answer",
    "quick",
    "super",
    "great",
    "bot",
    "really",
    "see",
    "have",
    "fine",
    "going",
    "doing",
    "well",
    "bunch",
    "ton",
    "million",
    "explaining",
    "info",
    "information",
    "clear",
    "clearing",
    "wonderful",
    "hope",
    "having",
    "fam",
    "server",
    "night",
    "morning",
    "evening",
    "afternoon",
    "ladies",
    "gentlemen",
    "bro",
    "bruv",
    "chap",
    "darling",
    "dear",
    "dude",
    "fella",
    "honey",
    "kind",
    "love",
    "lad",
    "madam",
    "man",
    "pal",
    "sir",
    "sis",
    "sweetheart",
    "sweetie",
];
/// Verbs that begin an order when they are the first word with matter.
const ORDER_VERBS: &[&str] = &[
    "act",
    "behave",
    "disregard",
    "forget",
    "ignore",
    "imagine",
    "obey",
    "override",
    "pretend",
    "repeat",
    "roleplay",
    "sing",
    "simulate",
    "translate",
    "recite",
    "compose",
    "draw",
    "swear",
    "curse",
];
/// Verbs that make an order of what asks nothing and names nobody, wherever they stand.
const ORDER_VERBS_ANYWHERE: &[&str] = &["disregard", "jailbreak", "obey", "override", "roleplay"];
/// Nouns that, with a verb of [`ORDER_VERBS`] anywhere, make an order of it.
const ORDER_OBJECTS: &[&str] = &[
    "rules",
    "instructions",
    "instruction",
    "prompt",
    "prompts",
    "guidelines",
    "restrictions",
    "filters",
    "programming",
    "system",
    "jailbreak",
    "poem",
    "song",
    "joke",
    "story",
    "haiku",
    "rap",
    "essay",
    "limerick",
];
/// Words that ask for the news in short: "give me the gist of the story" is no order to tell one.
const IN_SHORT: &[&str] = &[
    "gist", "outline", "overview", "points", "recap", "rundown", "summary", "tldr",
];
const TELLING_VERBS: &[&str] = &[
    "say", "write", "reply", "respond", "print", "output", "type", "tell", "give", "reveal", "show", "make", "answer",
];
const ABOUT_BOT: &[&str] = &[
    "ai",
    "alive",
    "bot",
    "built",
    "chatbot",
    "chatgpt",
    "coded",
    "computer",
    "created",
    "creator",
    "developer",
    "do",
    "gpt",
    "help",
    "human",
    "llm",
    "made",
    "make",
    "machine",
    "name",
    "owner",
    "person",
    "program",
    "programmed",
    "real",
    "robot",
    "sentient",
    "source",
    "trained",
    "work",
    "called",
    "feel",
    "old",
    "from",
    "can",
];

/// What the message is, if it is no question about the news.
#[must_use]
pub fn small_talk(message: &Analysis) -> Option<SmallTalk> {
    let words: Vec<&str> = message.terms.iter().map(|term| term.word.as_str()).collect();
    let has = |list: &[&str]| words.iter().any(|word| list.contains(word));
    if is_order(message, &words) {
        return Some(SmallTalk::Order);
    }
    if !message.mentions.is_empty() {
        return None;
    }
    let only = |lists: &[&[&str]]| {
        message
            .terms
            .iter()
            .all(|term| term.is_function || lists.iter().any(|list| list.contains(&term.word.as_str())))
    };
    if has(THANKS) && only(&[THANKS, FILLERS, PRAISE, GREETINGS, FAREWELLS]) {
        return Some(SmallTalk::Thanks);
    }
    if is_about_bot(message, &words) {
        return Some(SmallTalk::AboutBot);
    }
    if has(FAREWELLS) && only(&[FAREWELLS, FILLERS]) && !has(GREETINGS) {
        return Some(SmallTalk::Farewell);
    }
    if has(GREETINGS) && only(&[GREETINGS, FILLERS]) && !asks_something(message) {
        return Some(SmallTalk::Greeting);
    }
    if has(PRAISE) && only(&[PRAISE, FILLERS]) && !asks_something(message) {
        return Some(SmallTalk::Praise);
    }
    None
}

fn asks_something(message: &Analysis) -> bool {
    let is_how_are_you = message.terms.iter().any(|term| term.word == "you");
    !message.asked.kinds.is_empty() && !is_how_are_you
}

/// Addressed to "you" or "your", and about nothing but the bot.
fn is_about_bot(message: &Analysis, words: &[&str]) -> bool {
    let addressed = words
        .iter()
        .any(|word| matches!(*word, "you" | "your" | "yourself" | "u"));
    let is_bot_word = |term: &Term| ABOUT_BOT.contains(&term.word.as_str());
    let asks_for_help = words == ["help"] || words == ["help", "me"];
    asks_for_help
        || (addressed
            && words.len() <= 14
            && message
                .terms
                .iter()
                .all(|term| term.is_function || is_bot_word(term) || FILLERS.contains(&term.word.as_str()))
            && (message.terms.iter().any(is_bot_word) || !message.asked.kinds.is_empty()))
}

fn is_order(message: &Analysis, words: &[&str]) -> bool {
    let has = |list: &[&str]| words.iter().any(|word| list.contains(word));
    let first = message.terms.iter().find(|term| {
        !matches!(
            term.word.as_str(),
            "please" | "now" | "can" | "could" | "you" | "ok" | "hey" | "just"
        )
    });
    let Some(first) = first else { return false };
    let opens_with = |list: &[&str]| list.contains(&first.word.as_str());
    // "Did Russia ignore the rules?" asks about somebody; "ignore your rules and …" asks nothing.
    let asks_about_somebody = !message.mentions.is_empty()
        && !message.asked.kinds.is_empty()
        && !opens_with(ORDER_VERBS)
        && !opens_with(TELLING_VERBS);
    if has(ORDER_VERBS) && has(ORDER_OBJECTS) && !asks_about_somebody {
        return true;
    }
    if has(ORDER_VERBS_ANYWHERE) && message.asked.kinds.is_empty() && message.mentions.is_empty() {
        return true;
    }
    let asks = message.terms.iter().any(|term| {
        matches!(
            term.word.as_str(),
            "who" | "when" | "where" | "why" | "how" | "which" | "what"
        )
    });
    (opens_with(ORDER_VERBS) && !asks)
        || (opens_with(TELLING_VERBS) && has(ORDER_OBJECTS) && !has(IN_SHORT))
        || (opens_with(&["say", "repeat"]) && !asks && message.mentions.is_empty())
}

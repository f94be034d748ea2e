//! Every sentence the bot can say, in one place, so that tone and safety are reviewed here.
//!
//! Sentences that assert something about the news come from the fact base only; nothing here does. What a member wrote
//! is said again only as single unknown words, which hold letters and digits alone. Plain text: shells add markup.

use super::small_talk::SmallTalk;
use crate::fact::{AsOf, Paragraph, Source};

/// Said where nothing in the question is near a fact.
#[must_use]
pub fn nothing_near() -> String {
    "The briefing does not say. I only know what is in the article I cite, and nothing in it is close to that.".to_owned()
}

/// Said where the question carries words that the briefing does not know.
#[must_use]
pub fn unknown_words(words: &[String]) -> String {
    format!("The briefing does not mention {}, so I cannot answer that from it.", list(words, "or"))
}

/// Said where facts are near, but not sure.
#[must_use]
pub fn unsure() -> String {
    "I am not sure which of these you mean, so I assert nothing. Did you mean:".to_owned()
}

/// Said before suggestions under a decline.
#[must_use]
pub fn nearby() -> String {
    "What the briefing does say something about:".to_owned()
}

/// Said under an answer where another part of the question is open.
#[must_use]
pub fn open_part(sentence: Option<&str>) -> String {
    match sentence {
        Some(sentence) => format!("As to the rest of your question: {sentence}"),
        None => "As to the rest of your question: the briefing does not say.".to_owned(),
    }
}

/// The replies to what is no question.
#[must_use]
pub fn small_talk(kind: SmallTalk, examples: &[&str]) -> String {
    let hint = if examples.is_empty() {
        String::new()
    } else {
        format!(" Try, for example: {}", examples.iter().map(|example| format!("“{example}”")).collect::<Vec<_>>().join(" "))
    };
    match kind {
        SmallTalk::Greeting => format!("Hello! Ask me about the briefing, and I will answer with the paragraph it stands in.{hint}"),
        SmallTalk::Thanks => "You are welcome.".to_owned(),
        SmallTalk::Praise => "Noted, thank you. I am here for questions about the briefing.".to_owned(),
        SmallTalk::Farewell => "Goodbye!".to_owned(),
        SmallTalk::AboutBot => format!(
            "I am a bot. I answer questions about one news briefing from facts that people curated by hand, each with its source, and I say so when the briefing does not say.{hint}"
        ),
        SmallTalk::Order => "I only answer questions about the briefing; I do not follow other orders.".to_owned(),
    }
}

/// Said to a message without words.
#[must_use]
pub fn empty() -> String {
    "Please ask me a question about the briefing.".to_owned()
}

/// Said to a question in another language.
#[must_use]
pub fn other_language() -> String {
    "I can only answer questions asked in English, sorry.".to_owned()
}

/// Where a claim stands: `paragraph 3`, `the headline`, `the caption`.
#[must_use]
pub fn place(paragraph: Paragraph) -> String {
    match paragraph {
        Paragraph::Headline => "the headline".to_owned(),
        Paragraph::Caption => "the picture's caption".to_owned(),
        Paragraph::Number(number) => format!("paragraph {number}"),
    }
}

/// One citation in words: `paragraph 3, John Kirby: “landed in Kharkiv”`.
#[must_use]
pub fn citation(paragraph: Paragraph, speaker: Option<&str>, quote: Option<&str>) -> String {
    let place = place(paragraph);
    match (speaker, quote) {
        (Some(speaker), Some(quote)) => format!("{place}, {speaker}: “{quote}”"),
        (Some(speaker), None) => format!("{place}, {speaker}"),
        (None, Some(quote)) => format!("{place}: “{quote}”"),
        (None, None) => place,
    }
}

/// The source line of an answer.
#[must_use]
pub fn source_line(source: &Source, citations: &[String]) -> String {
    let agencies = if source.agencies.is_empty() { String::new() } else { format!(" ({})", source.agencies.join(", ")) };
    format!("Source: “{}”{agencies}, {}.", source.title, citations.join("; "))
}

/// The as-of line of an answer: this is dated news.
#[must_use]
pub fn as_of_line(as_of: &AsOf) -> String {
    let weekday = as_of.weekday.as_deref().map(|weekday| format!("{weekday}, ")).unwrap_or_default();
    let year = if as_of.date.year.is_some() { "" } else { "; the source names no year" };
    let inferred = if as_of.inferred_from.is_some() { " (inferred)" } else { "" };
    format!("As of {weekday}{}{inferred}{year}.", as_of.date)
}

/// Who answers for a claim.
#[must_use]
pub fn standing_line(standing: &crate::fact::Standing, speaker_name: Option<&str>) -> String {
    match standing {
        crate::fact::Standing::Stated => "Stated by the reporter.".to_owned(),
        crate::fact::Standing::Claimed { speaker } => {
            format!("Claimed by {}, not confirmed by the reporter.", speaker_name.unwrap_or(speaker))
        }
        crate::fact::Standing::Inferred { from } => format!("Inferred by the curator from this: {from}."),
    }
}

/// Said where a fact was withdrawn.
#[must_use]
pub fn retracted(why: &str) -> String {
    format!("This was withdrawn: {why}")
}

/// Said before the fact that replaced the one that was asked for.
#[must_use]
pub fn superseded() -> String {
    "This was corrected. What stands now:".to_owned()
}

/// `a`, `a or b`, `a, b or c`.
fn list(words: &[String], joint: &str) -> String {
    match words {
        [] => String::new(),
        [only] => format!("“{only}”"),
        [first @ .., last] => {
            let first: Vec<String> = first.iter().map(|word| format!("“{word}”")).collect();
            format!("{} {joint} “{last}”", first.join(", "))
        }
    }
}

/// What is said in the terminal and nowhere else.
pub mod terminal {
    /// Said to `/why` before the first question.
    pub const NOTHING_ASKED: &str = "You have not asked anything yet.";
    /// Said to the first Ctrl-C.
    pub const INTERRUPTED: &str = "Ctrl-C once more ends this; so do Ctrl-D and /quit.";
    /// Said to a line that is longer than any question.
    pub const LINE_TOO_LONG: &str = "That is too long to be a question.";
    /// Said to `/help`.
    pub const HELP: &str = "\
Ask in your own words, one question a line. I answer with what the briefing says and where it says it, and tell you \
where it does not say. Where I list questions with numbers, type a number to choose one.

  /facts   everything I can tell, by topic
  /why     why I gave my last answer
  /help    this
  /quit    end (Ctrl-D does, too)

The arrow keys edit the line and bring back earlier ones; Tab completes a question.";

    /// Said at the start, with the titles of what is loaded.
    #[must_use]
    pub fn greeting(titles: &[&str], n_facts: usize) -> String {
        let titles: Vec<String> = titles.iter().map(|title| format!("“{title}”")).collect();
        format!(
            "Ask me about {}: I know {n_facts} facts from it. /help says more, /quit ends.",
            titles.join(" and ")
        )
    }

    /// Said to a command that does not exist.
    #[must_use]
    pub fn unknown_command(command: &str) -> String {
        format!("I do not know {command}; /help lists what I know.")
    }

    /// Said to a number that the last list does not have.
    #[must_use]
    pub fn no_such_number(n_choices: usize) -> String {
        format!("The list goes from 1 to {n_choices}.")
    }
}

//! Every sentence the bot can say, in one place, so that tone and safety are reviewed here.
//!
//! Sentences that assert something about the news come from the fact base only; nothing here does. An answer says again
//! of what a member wrote only single unknown words, which hold letters, digits and a decimal's point; the pages of
//! `/who` and `/facts` say the name that was typed, a check the sentences, and "why" the misspelt words. Plain text:
//! shells add markup, and make what was typed dead.

pub mod asking;
pub mod browsing;
pub mod managing;

use super::age::Age;
use super::small_talk::SmallTalk;
use crate::fact::{AsOf, Paragraph, PartialDate, Source, Standing};
use crate::matching::signals::{self, HeldBack};

/// Said where nothing in the question is near a fact.
#[must_use]
pub fn nothing_near() -> String {
    "The briefing does not say. I only know what is in the article I cite, and nothing in it is close to that."
        .to_owned()
}

/// Said where the question carries words that the briefing does not know.
#[must_use]
pub fn unknown_words(words: &[String]) -> String {
    format!(
        "The briefing does not mention {}, so I cannot answer that from it.",
        list(words, "or")
    )
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

/// The signals that are guards, with what they say when they speak. A name that is none does not compile.
pub const GUARDS: [(usize, &str); 8] = [
    (
        signals::place("kind-against"),
        "the question asks for another kind of answer",
    ),
    (
        signals::place("entities-missing"),
        "the question names somebody or something that it is not about",
    ),
    (
        signals::place("foreign-name"),
        "the question names something that the briefing does not have",
    ),
    (
        signals::place("number-missing"),
        "the question names a number that it does not have",
    ),
    (
        signals::place("date-missing"),
        "the question names a date that it does not have",
    ),
    (signals::place("counted-other"), "the question counts something else"),
    (signals::place("opposite"), "the question says the opposite"),
    (
        signals::place("roles-swapped"),
        "the question has it the other way round",
    ),
];

/// Said of a fact that is asked for in a curator's own words, which outweigh its signals.
pub const IN_OWN_WORDS: &str = "for it: the question has the very words of an example question";

/// What held a fact back, whatever its signals add up to.
#[must_use]
pub fn held_back(why: HeldBack) -> &'static str {
    match why {
        HeldBack::Far => "held back: the question is hardly about it",
        HeldBack::Others => "held back: the question counts something else or names others",
        HeldBack::OtherTime => "held back: the question is about another time",
        HeldBack::Arithmetic => "held back: the question is about numbers, and of nobody",
        HeldBack::OtherSayer => "held back: the question asks what somebody else said",
        HeldBack::OtherSubject => "held back: the question is about somebody else",
        HeldBack::OtherRoles => "held back: the question has others do it, or has it done to others",
        HeldBack::Rest => "held back: the question asks for all but what it tells",
    }
}

/// How a line begins that says something of another part of the question: shells show it as large as the answer.
pub const OPEN_PART_START: &str = "As to the rest of your question: ";
/// How a line begins that says where something stands: shells may show it smaller.
pub const SOURCE_START: &str = "Source: ";
/// How a line begins that says how old a briefing is: likewise.
pub const AGE_START: &str = "This is old news: ";

/// Said of a part of a question that no fact is near to.
pub const UNSAID: &str = "the briefing does not say.";
/// Said of a part of a question that a fact may be near to.
pub const UNSURE_PART: &str = "I am not sure what is meant, so I assert nothing. Ask that by itself.";
/// Said of what a question joins on and the facts above have nothing of.
pub const HALF: &str = "what is said above may not answer it. Ask that by itself.";
/// Said of a part of a question that is one too many.
pub const MORE_PARTS: &str = "I tell no more facts than these at once. Ask that by itself.";

/// Said under an answer where another part of the question is open.
#[must_use]
pub fn open_part(sentence: &str) -> String {
    format!("{OPEN_PART_START}{sentence}")
}

/// The replies to what is no question.
#[must_use]
pub fn small_talk(kind: SmallTalk, examples: &[&str]) -> String {
    let hint = if examples.is_empty() {
        String::new()
    } else {
        format!(
            " Try, for example: {}",
            examples
                .iter()
                .map(|example| format!("“{example}”"))
                .collect::<Vec<_>>()
                .join(" ")
        )
    };
    match kind {
        SmallTalk::Greeting => {
            format!("Hello! Ask me about the briefing, and I will answer with the paragraph it stands in.{hint}")
        }
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

/// Where a claim stands: `paragraph 3`, `the headline`, `the picture's caption`.
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
    let agencies = if source.agencies.is_empty() {
        String::new()
    } else {
        format!(" ({})", source.agencies.join(", "))
    };
    format!("{SOURCE_START}“{}”{agencies}, {}.", source.title, citations.join("; "))
}

/// The as-of line of an answer: this is dated news.
#[must_use]
pub fn as_of_line(as_of: &AsOf) -> String {
    let weekday = as_of
        .weekday
        .as_deref()
        .map(|weekday| format!("{weekday}, "))
        .unwrap_or_default();
    let year = if as_of.date.year.is_some() {
        ""
    } else {
        "; the source names no year"
    };
    let inferred = if as_of.inferred_from.is_some() {
        " (inferred)"
    } else {
        ""
    };
    format!("As of {weekday}{}{inferred}{year}.", as_of.date)
}

/// How old a briefing is, where its day is long past.
#[must_use]
pub fn age_line(day: PartialDate, age: Age) -> String {
    let ago = match age {
        Age::Months(months) => format!("{months} months"),
        Age::Years(years) => format!("at least {years} years"),
    };
    format!("{AGE_START}{day} was {ago} ago, and much may have changed since.")
}

/// Who answers for a claim, by name.
#[must_use]
pub fn standing_line(standing: &Standing) -> String {
    match standing {
        Standing::Stated => "Stated by the reporter.".to_owned(),
        Standing::Claimed { speaker } => format!("Claimed by {speaker}."),
        Standing::Inferred { from } => format!("Inferred by the curator from this: {from}."),
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

/// Said where a fact was replaced, and by what is not known.
#[must_use]
pub fn superseded_by_nothing() -> String {
    "This was corrected. What stands now is not among the facts.".to_owned()
}

/// Said before a fact that the question may have the other way round; true as well where it has not.
#[must_use]
pub fn turned_round() -> String {
    "This question may have who did what the other way round. What the briefing says:".to_owned()
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
    /// Said to `/why` after a number.
    pub const WHY_CHOSEN: &str = super::discord::WHY_CHOSEN;
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
            "Ask me about {} ({n_facts} facts). /help says more, /quit ends.",
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
        match n_choices {
            0 => "There is no list to choose from; /facts shows one.".to_owned(),
            n_choices => format!("The list goes from 1 to {n_choices}."),
        }
    }
}

/// What is said in Discord and nowhere else.
pub mod discord {
    use std::time::Duration;

    /// Said to a mention without a question; three examples follow.
    pub const GREETING: &str = "Hello. Ask me about the briefing in your own words: mention me with the question, \
                                or use /ask. For example:";
    /// Said to a reply that arrived without its content.
    pub const UNREADABLE_REPLY: &str = "I cannot read that reply: mention me in it, or use /ask.";
    /// Said where a button or a choice names a fact that a reload removed, or that is of a briefing which the server's
    /// managers have taken out.
    pub const FACT_GONE: &str = "That fact is no longer in the briefing: its curators removed or renamed it, or this \
                                 server does not answer from it any more. Ask in your own words, and you get what the \
                                 briefing says now.";
    /// Said before a fact that was edited since its button was made.
    pub const FACT_CHANGED: &str = "This fact was edited since the button was made. It now says:";
    /// Said where a member chose the fact and wants to know why it is the answer.
    pub const WHY_CHOSEN: &str = "Why this answer: it is the fact that you chose.";
    /// Said to a button that this version cannot read.
    pub const BUTTON_UNREADABLE: &str =
        "This button comes from another version of me. Ask again, and you get new ones.";
    /// Said to a command that this version does not know.
    pub const COMMAND_UNKNOWN: &str = "I no longer know that command. Discord may take a minute to show the new ones.";
    /// Said where something failed that should not.
    pub const FAILED: &str = "Something went wrong on my side; it is in my log. Please ask again.";
    /// Said below the beginning of a text whose whole is in a file.
    pub const IN_FILE: &str = "(The whole is in the file.)";
    /// The last words of an answer that is too long for Discord.
    pub const CUT_OFF: &str = "(The rest is too long for Discord.)";

    /// `/ask`, as Discord describes it.
    pub const ASK: &str = "Ask what the briefing says";
    /// `/ask question`.
    pub const ASK_QUESTION: &str = "Your question, in your own words, or one of the suggestions";
    /// `/ask private`.
    pub const ASK_PRIVATE: &str = "Show the answer to you only";
    /// `/ask why`.
    pub const ASK_WHY: &str = "Show why this is the answer";

    /// Says that the facts were replaced.
    #[must_use]
    pub fn reloaded(from: &str, to: &str, n_facts: usize, changes: &str) -> String {
        format!("Reloaded: revision {to} in place of {from}, {n_facts} facts ({changes}).")
    }

    /// Says how many facts a reload adds, changes and removes.
    #[must_use]
    pub fn changes(added: usize, changed: usize, removed: usize) -> String {
        format!("{added} added, {changed} changed, {removed} removed")
    }

    /// Says that the facts on disk are the ones loaded.
    #[must_use]
    pub fn unchanged(revision: &str, n_facts: usize) -> String {
        format!("Nothing to reload: revision {revision} with {n_facts} facts is what is loaded already.")
    }

    /// Says that a reload was refused; its problems follow.
    #[must_use]
    pub fn refused(revision: &str) -> String {
        format!("Refused; the facts of revision {revision} stay. What is wrong:")
    }

    /// Why this is the answer, in plain language; one line each.
    #[must_use]
    pub fn why(
        question: Option<&str>,
        confidence: f32,
        runner_up: Option<(&str, f32)>,
        repairs: &[(String, String)],
    ) -> String {
        let percent = |confidence: f32| (confidence * 100.0).round();
        let mut lines = vec!["Why this answer:".to_owned()];
        lines.push(match question {
            Some(question) => format!("Nearest question I know: “{question}” ({} % sure)", percent(confidence)),
            None => "No question I know is near.".to_owned(),
        });
        if let Some((question, confidence)) = runner_up {
            lines.push(format!("Next nearest: “{question}” ({} %)", percent(confidence)));
        }
        for (written, read) in repairs {
            lines.push(format!("I read “{written}” as “{read}”."));
        }
        lines.join("\n")
    }

    /// Loaded when the bot was started.
    pub const BY_START: &str = "at the start";
    /// Loaded since the files were edited.
    pub const BY_EDIT: &str = "after an edit of the files";
    /// Loaded on a signal of the system.
    pub const BY_SIGNAL: &str = "on a signal of the system";

    /// Loaded since an admin asked for it.
    #[must_use]
    pub fn by_admin(member: u64) -> String {
        format!("by the admin with the id {member}")
    }

    /// How the bot is doing; `Display` gives one line each.
    #[derive(Debug, Clone)]
    pub struct Status {
        /// The program's version.
        pub version: &'static str,
        /// How long it has run.
        pub uptime: Duration,
        /// The revision of the facts.
        pub revision: String,
        /// How many facts there are.
        pub n_facts: usize,
        /// How many briefings there are.
        pub n_briefings: usize,
        /// How long ago they were loaded.
        pub loaded_ago: Duration,
        /// At whose request.
        pub loaded_by: String,
        /// Why the last attempt to load others was refused, where it was.
        pub refused: Option<String>,
        /// Questions answered.
        pub answered: u64,
        /// Questions answered with suggestions only.
        pub suggested: u64,
        /// Questions that the briefing does not answer.
        pub declined: u64,
        /// Events that were not served since too many were.
        pub dropped: u64,
        /// Events that failed.
        pub failed: u64,
        /// Mean time of matching.
        pub mean: Duration,
        /// Longest time of matching.
        pub slowest: Duration,
        /// How long the gateway took to answer the last heartbeat.
        pub gateway_latency: Option<Duration>,
        /// How long the gateway has shown no sign of life.
        pub gateway_silence: Duration,
        /// Gateway sessions since the start.
        pub gateway_sessions: u64,
        /// How much memory is in use.
        pub memory: String,
        /// How the store is.
        pub store: String,
    }

    impl std::fmt::Display for Status {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            writeln!(f, "briefing-bot {}, up {}", self.version, in_words(self.uptime))?;
            writeln!(
                f,
                "Facts: {} in {}, revision {}, loaded {} ago {}",
                self.n_facts,
                if self.n_briefings == 1 {
                    "1 briefing".to_owned()
                } else {
                    format!("{} briefings", self.n_briefings)
                },
                self.revision,
                in_words(self.loaded_ago),
                self.loaded_by
            )?;
            if let Some(refused) = &self.refused {
                let first = refused.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
                writeln!(f, "A later reload was refused: {}", first.trim())?;
            }
            writeln!(
                f,
                "Questions since the start: {} answered, {} with suggestions, {} not in the briefing",
                self.answered, self.suggested, self.declined
            )?;
            writeln!(
                f,
                "Matching: {} µs on average, {} µs at most",
                self.mean.as_micros(),
                self.slowest.as_micros()
            )?;
            writeln!(
                f,
                "Trouble since the start: {} events dropped, {} failed",
                self.dropped, self.failed
            )?;
            let latency = self
                .gateway_latency
                .map(|latency| format!("heartbeat answered in {} ms", latency.as_millis()));
            writeln!(
                f,
                "Gateway: {}, last sign of life {} ago, sessions: {}",
                latency.as_deref().unwrap_or("no heartbeat answered yet"),
                in_words(self.gateway_silence),
                self.gateway_sessions
            )?;
            writeln!(f, "Memory: {}", self.memory)?;
            write!(f, "Store: {}", self.store)
        }
    }

    /// Said where the store does not say which processes there are.
    pub const PROCESSES_UNKNOWN: &str = "Processes: the store does not say just now.";

    /// One process of the bot, on a line of its own.
    #[must_use]
    pub fn process(
        name: &str,
        doors: &str,
        version: &str,
        revision: &str,
        running: Duration,
        seen_ago: Duration,
    ) -> String {
        format!(
            "{name}, {version}: {doors}, revision {revision}, up {}, seen {} ago",
            in_words(running),
            in_words(seen_ago)
        )
    }

    /// All processes of the bot, a line each.
    pub fn processes(lines: impl Iterator<Item = String>) -> String {
        let lines: Vec<String> = lines.collect();
        format!("Processes: {}\n{}", lines.len(), lines.join("\n"))
    }

    /// A length of time, to two units.
    fn in_words(length: Duration) -> String {
        let seconds = length.as_secs();
        let (days, hours, minutes) = (seconds / 86_400, seconds / 3600 % 24, seconds / 60 % 60);
        match (days, hours, minutes) {
            (0, 0, 0) => format!("{seconds} s"),
            (0, 0, _) => format!("{minutes} min"),
            (0, _, _) => format!("{hours} h {minutes} min"),
            _ => format!("{days} d {hours} h"),
        }
    }
}

//! Every sentence the bot can say, in one place, so that tone and safety are reviewed here.
//!
//! Sentences that assert something about the news come from the fact base only; nothing here does.
//! Shells add their own labels (buttons, headings) here too, in the section at the end.

/// Said where nothing in the question was recognised.
pub const NOT_IN_BRIEFING: &str = "The briefing does not say.";

/// What is said in the terminal and nowhere else.
pub mod terminal {
    /// Said before suggestions that the message itself does not list.
    pub const NEARBY: &str = "What the briefing does say something about:";
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

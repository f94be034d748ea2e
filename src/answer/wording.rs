//! Every sentence the bot can say, in one place, so that tone and safety are reviewed here.
//!
//! Sentences that assert something about the news come from the fact base only; nothing here does.
//! Shells add their own labels (buttons, headings) here too, in the section at the end.

/// Said where nothing in the question was recognised.
pub const NOT_IN_BRIEFING: &str = "The briefing does not say.";

/// What is said in Discord and nowhere else.
pub mod discord {
    use std::time::Duration;

    /// Said to a mention without a question; three examples follow.
    pub const GREETING: &str = "Hello. Ask me about the briefing in your own words: mention me with the question, \
                                or use /ask. For example:";
    /// Said to a reply that arrived without its content.
    pub const UNREADABLE_REPLY: &str = "I cannot read that reply: mention me in it, or use /ask.";
    /// Said where a button or a choice names a fact that a reload removed.
    pub const FACT_GONE: &str = "That fact is no longer in the briefing; its curators removed or renamed it. \
                                 Ask in your own words, and you get what the briefing says now.";
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
    /// Said to a member who is none of the bot's admins.
    pub const NOT_AN_ADMIN: &str = "Only this bot's own admins may do that: its facts are the same in every server.";
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
    /// `/admin`.
    pub const ADMIN: &str = "Look after the bot (its own admins only)";
    /// `/admin reload`.
    pub const ADMIN_RELOAD: &str = "Load the facts again; a base with an error is refused";
    /// `/admin status`.
    pub const ADMIN_STATUS: &str = "How the bot is doing";

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
            write!(
                f,
                "Gateway: {}, last sign of life {} ago, sessions: {}",
                latency.as_deref().unwrap_or("no heartbeat answered yet"),
                in_words(self.gateway_silence),
                self.gateway_sessions
            )
        }
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

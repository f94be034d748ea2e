//! One chat, line by line: what a line means, and what is said to it.
//!
//! Separate from the terminal, so that a whole chat is tested as strings. Promise: a line is a question unless it is
//! a command or picks from a list that was shown.

use owo_colors::Style;

use crate::answer::{Conversation, age, wording};
use crate::cli::terminal::{self, Look, Suggestions};
use crate::engine::Snapshot;
use crate::fact::FactRef;
use crate::store::Timestamp;

/// What may be typed besides questions.
pub(super) const COMMANDS: [&str; 4] = ["/facts", "/help", "/quit", "/why"];

/// A chat and its memory.
pub(super) struct Session<'a> {
    snapshot: &'a Snapshot,
    look: Look,
    conversation: Conversation,
    /// The facts of the last list, in the order of their numbers.
    choices: Vec<FactRef>,
    asked: Option<Asked>,
}

/// What was said last.
enum Asked {
    /// The answer to this question; and the conversation as it stood before it.
    Question(String, Conversation),
    /// A fact of a list.
    Chosen,
}

/// What comes of a line.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Reply {
    /// This is said; it ends with a line break.
    Said(String),
    /// The line was blank.
    Nothing,
    /// The chat is over.
    End,
}

impl<'a> Session<'a> {
    /// A chat in which nothing was said.
    pub(super) fn new(snapshot: &'a Snapshot, look: Look) -> Self {
        Self {
            snapshot,
            look,
            conversation: Conversation::default(),
            choices: Vec::new(),
            asked: None,
        }
    }

    /// What is said first.
    pub(super) fn greeting(&self) -> String {
        let base = self.snapshot.base();
        let titles: Vec<&str> = base
            .briefings
            .iter()
            .map(|briefing| briefing.source.title.as_str())
            .collect();
        self.lines(&wording::terminal::greeting(&titles, base.n_facts()), Style::new())
    }

    /// What is said to a line.
    pub(super) fn reply(&mut self, line: &str) -> Reply {
        let line = line.trim();
        let text = match line {
            "" => return Reply::Nothing,
            "/quit" | "/exit" | "quit" | "exit" => return Reply::End,
            "/help" => self.lines(wording::terminal::HELP, Style::new()),
            "/facts" => self.list_facts(),
            "/why" => self.explain(),
            _ if is_command(line) => self.lines(&wording::terminal::unknown_command(line), Style::new()),
            _ => match number(line) {
                Some(number) => self.tell(number).unwrap_or_else(|| self.refuse_number()),
                None => self.ask(line),
            },
        };
        Reply::Said(text)
    }

    fn refuse_number(&self) -> String {
        self.lines(&wording::terminal::no_such_number(self.choices.len()), Style::new())
    }

    /// Gives exactly the fact of this number; `None` where the list has no such number. The list stays, so that
    /// another of its facts can be picked next.
    fn tell(&mut self, number: usize) -> Option<String> {
        let fact = self.choices.get(number.checked_sub(1)?)?;
        let question = self.snapshot.base().fact(fact)?.phrasings.first()?.to_owned();
        let (answer, after) = self.snapshot.tell(fact, &self.conversation)?;
        self.conversation = after;
        let shown = self.lines(&question, Style::new().italic());
        self.asked = Some(Asked::Chosen);
        let answer = age::read_on(answer, self.snapshot.base(), Timestamp::now().day().date());
        Some(shown + &terminal::answer(&answer, Suggestions::Numbered, self.look))
    }

    fn ask(&mut self, question: &str) -> String {
        let (answer, after) = self.snapshot.ask(question, &self.conversation);
        let answer = age::read_on(answer, self.snapshot.base(), Timestamp::now().day().date());
        let before = std::mem::replace(&mut self.conversation, after);
        self.asked = Some(Asked::Question(question.to_owned(), before));
        self.choices = answer
            .suggestions
            .iter()
            .map(|suggestion| suggestion.fact.clone())
            .collect();
        terminal::answer(&answer, Suggestions::Numbered, self.look)
    }

    fn explain(&self) -> String {
        match &self.asked {
            None => self.lines(wording::terminal::NOTHING_ASKED, Style::new()),
            // What was chosen follows from nothing that was asked.
            Some(Asked::Chosen) => self.lines(wording::terminal::WHY_CHOSEN, Style::new()),
            Some(Asked::Question(question, before)) => {
                terminal::explanation(&self.snapshot.explain(question, before), self.look)
            }
        }
    }

    fn list_facts(&mut self) -> String {
        let mut shown = String::new();
        let mut choices = Vec::new();
        for briefing in &self.snapshot.base().briefings {
            shown.push_str(&self.lines(&briefing.source.title, Style::new().bold()));
            for topic in &briefing.topics {
                let facts = briefing.facts_of(&topic.id).filter(|fact| fact.correction.is_none());
                let asked = facts.filter_map(|fact| Some((fact, fact.phrasings.first()?)));
                for (place, (fact, question)) in asked.enumerate() {
                    // A topic that holds questions left open and no facts is not named.
                    if place == 0 {
                        shown.push_str(&self.lines(&topic.title, Style::new().underline()));
                    }
                    choices.push(FactRef {
                        briefing: briefing.id.clone(),
                        fact: fact.id.clone(),
                    });
                    shown.push_str(&terminal::numbered(choices.len(), question, self.look));
                }
            }
        }
        self.choices = choices;
        shown
    }

    fn lines(&self, text: &str, style: Style) -> String {
        let wrapped = text.lines().flat_map(|line| self.look.wrapped(line, ""));
        wrapped.map(|line| self.look.styled(&line, style) + "\n").collect()
    }
}

/// The line as a number of a list: no question is only that, whether a list was shown or not.
fn number(line: &str) -> Option<usize> {
    line.trim_end_matches('.').parse().ok()
}

/// A slash and one word: "/help", but not a question that happens to begin with a path.
fn is_command(line: &str) -> bool {
    line.strip_prefix('/')
        .is_some_and(|word| !word.is_empty() && word.chars().all(char::is_alphanumeric))
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;
    use crate::cli::test_values;

    /// Types the lines; gives the last reply.
    #[track_caller]
    fn check(lines: &[&str], expected: &Expect) {
        let snapshot = Snapshot::new(test_values::base());
        let mut session = Session::new(&snapshot, Look::PLAIN);
        let mut last = String::new();
        for line in lines {
            last = match session.reply(line) {
                Reply::Said(text) => text,
                Reply::Nothing => "(nothing)".to_owned(),
                Reply::End => "(end)".to_owned(),
            };
        }
        expected.assert_eq(&last);
    }

    #[test]
    fn commands_are_known_and_others_are_refused() {
        check(&["/quit"], &expect!["(end)"]);
        check(&["exit"], &expect!["(end)"]);
        check(&["  "], &expect!["(nothing)"]);
        check(
            &["/why"],
            &expect![[r#"
            You have not asked anything yet.
        "#]],
        );
        check(
            &["/what"],
            &expect![[r#"
            I do not know /what; /help lists what I know.
        "#]],
        );
    }

    #[test]
    fn facts_are_listed_by_topic() {
        check(
            &["/facts"],
            &expect![[r#"
            Harbour wall to be raised
            The crane
              1. Where does the crane go?
            The wall
              2. How high will the wall be?
        "#]],
        );
    }

    #[test]
    fn a_number_beyond_the_list_is_said_to_be_so() {
        check(
            &["/facts", "3"],
            &expect![[r#"
            The list goes from 1 to 2.
        "#]],
        );
        check(
            &["/facts", "0"],
            &expect![[r#"
            The list goes from 1 to 2.
        "#]],
        );
        check(
            &["2"],
            &expect![[r#"
            There is no list to choose from; /facts shows one.
        "#]],
        );
    }

    #[test]
    fn a_number_gives_exactly_that_fact_and_the_list_stays() {
        check(
            &["/facts", "2", "1"],
            &expect![[r#"
                Where does the crane go?
                The crane moves to the east pier.
                Stated by the reporter.
                Source: “Harbour wall to be raised” (Coast Wire), paragraph 3.
            "#]],
        );
        check(
            &["/facts", "2."],
            &expect![[r#"
                How high will the wall be?
                The wall will be raised by two metres.
                Stated by the reporter.
                Source: “Harbour wall to be raised” (Coast Wire), paragraph 3.
            "#]],
        );
    }

    #[test]
    fn a_fact_that_was_chosen_is_there_because_it_was() {
        check(
            &["/facts", "2", "/why"],
            &expect![[r#"
                Why this answer: it is the fact that you chose.
            "#]],
        );
    }

    #[test]
    fn every_command_that_help_names_exists() {
        for command in COMMANDS {
            assert!(wording::terminal::HELP.contains(command), "{command}");
        }
    }

    #[test]
    fn the_greeting_names_what_is_loaded() {
        let snapshot = Snapshot::new(test_values::base());
        expect![[r#"
            Ask me about “Harbour wall to be raised” (2 facts). /help says more, /quit ends.
        "#]]
        .assert_eq(&Session::new(&snapshot, Look::PLAIN).greeting());
    }
}

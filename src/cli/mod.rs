//! The command line: what may be typed, and one file per sub-command.
//!
//! Results go to standard output, messages to standard error. Promise: no sub-command panics on a closed pipe; it
//! returns the error, and `main` ends silently. Deliberately absent: `run`, which `main` hands to `serve`.

pub mod ask;
pub mod chat;
pub mod check;
pub mod diff;
pub mod eval;
pub mod export;
pub mod fit;
pub mod json;
mod lines;
pub mod new;
mod progress;
pub mod publish;
pub mod questions;
pub mod store;
mod terminal;
#[cfg(test)]
pub(crate) mod test_values;
pub mod unanswered;
pub mod workbench;

use std::io::IsTerminal;
use std::path::{Path, PathBuf};

use clap::builder::{OsStringValueParser, TypedValueParser};
use clap::{Args, Parser, Subcommand};

use crate::cache::Cache;
use crate::config::{KNOWLEDGE_DIR, cache_dir};
use crate::engine::Snapshot;
use crate::exit::{Exit, Failure};
use crate::fact::FactBase;
use crate::fact::files::Files;
use crate::fact::parse;
use crate::fact::problem::{Look, Problems};
use crate::knowledge_dir;

/// Where the briefings' folders are if nothing else is said.
pub const DEFAULT_KNOWLEDGE_DIR: &str = KNOWLEDGE_DIR.default;

/// Answers questions about a news briefing from a hand-curated fact base, with citations, and never makes anything up
#[derive(Debug, Parser)]
#[command(
    name = "briefing-bot",
    version,
    after_help = "What was learnt of the facts is kept in `CACHE_DIR`; `.env.example` lists this and every other setting.\n\
                  Try `briefing-bot chat`: the bot in this terminal, without a token and without a network."
)]
pub struct Cli {
    /// The folder that holds the briefings' folders
    #[arg(
        long,
        global = true,
        value_name = "DIR",
        env = KNOWLEDGE_DIR.name,
        hide_env_values = true,
        default_value = DEFAULT_KNOWLEDGE_DIR,
        value_parser = OsStringValueParser::new().map(|dir| if dir.is_empty() { DEFAULT_KNOWLEDGE_DIR.into() } else { PathBuf::from(dir) }),
    )]
    pub knowledge: PathBuf,
    /// What to do; help where nothing is said
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// The sub-commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Run the Discord bot (needs `DISCORD_TOKEN`)
    Run,
    /// Talk to the bot in this terminal, without a token and without a network
    Chat,
    /// Answer one question, or a batch of them
    Ask(AskArguments),
    /// Validate the fact base: every problem at once, and how to mend it
    Check(CheckArguments),
    /// Start a briefing from an article: source, glossary, and one fact to be written for each claim
    New(NewArguments),
    /// Print the loaded fact base, one JSON object a line
    Export,
    /// Score labelled questions and dialogues
    Eval(EvalArguments),
    /// Compare two folders of briefings, or two publications: what changed, and which questions get another answer
    Diff(DiffArguments),
    /// Group questions that got no answer, and accept, note or dismiss a group; from the store also counts and votes
    Unanswered(UnansweredArguments),
    /// Serve a local web page to look at all of it: ask, facts, problems as you save, unanswered questions, evaluation
    Workbench(WorkbenchArguments),
    /// Fit the weights that decide answers to labelled questions
    Fit(FitArguments),
    /// Validate the facts and put them into the store, for bots that run with `KNOWLEDGE_SOURCE=database`
    Publish(PublishArguments),
    /// Look after what the bot remembers: `DATABASE_URL` says where that is
    #[command(subcommand)]
    Store(StoreCommand),
}

/// What `publish` takes.
#[derive(Debug, Args)]
pub struct PublishArguments {
    /// Publish the facts of this earlier publication again, instead of the folder's
    #[arg(long, value_name = "NUMBER")]
    pub rollback: Option<i64>,
    /// List the latest publications instead: number, day, revision, facts
    #[arg(long, conflicts_with = "rollback")]
    pub list: bool,
}

/// What `store` does.
#[derive(Debug, Subcommand)]
pub enum StoreCommand {
    /// Print everything that is remembered, one JSON object a line
    Export,
    /// List the latest reloads of the facts: when, by whom, what came of it, and why one was refused
    Reloads,
    /// Remove what is older than `RETENTION_DAYS`, and what belongs to servers that the bot was removed from
    Prune,
    /// Write a whole copy of a store in a file to a new file, while the bot may be running
    Backup {
        /// The new file
        file: PathBuf,
    },
    /// Copy everything to another store, which must be empty; stop the bot before, and then change `DATABASE_URL`
    Move {
        /// The other store, as `DATABASE_URL` would name it
        url: String,
    },
}

/// What `unanswered` takes.
#[derive(Debug, Args)]
#[command(group = clap::ArgGroup::new("action").args(["accept", "gap", "dismiss"]))]
pub struct UnansweredArguments {
    /// Questions, one a line, or JSON Lines of {"question", "times"} (`-`: standard input); without a file, those that the
    /// store of `DATABASE_URL` keeps
    #[arg(value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// Add the group's first question to the phrasings of this fact or gap
    #[arg(long, num_args = 2, value_names = ["GROUP", "FACT"])]
    pub accept: Option<Vec<String>>,
    /// Draft a gap from the group: a question that the source leaves open
    #[arg(long, value_name = "GROUP")]
    pub gap: Option<String>,
    /// Put the group's questions aside, so that they are not listed again
    #[arg(long, value_name = "GROUP")]
    pub dismiss: Option<String>,
    /// Write these words instead of the members'
    #[arg(long, value_name = "TEXT", requires = "action")]
    pub phrasing: Option<String>,
    /// Say what the change does to these labelled questions, instead of to the fact base's own
    #[arg(long, value_name = "FILE.jsonl")]
    pub eval: Vec<PathBuf>,
    /// Write what is shown
    #[arg(long, requires = "action")]
    pub write: bool,
    /// Print the groups as one JSON object
    #[arg(long, conflicts_with = "action")]
    pub json: bool,
}

/// What `workbench` takes.
#[derive(Debug, Args)]
pub struct WorkbenchArguments {
    /// Where to listen; on another address than this machine's own, the address that is printed holds a token
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:8600")]
    pub listen: std::net::SocketAddr,
    /// Show the coverage of this article; repeatable
    #[arg(long, value_name = "[BRIEFING=]FILE")]
    pub article: Vec<std::ffi::OsString>,
    /// Questions that got no answer, one a line or as JSON Lines; repeatable
    #[arg(long, value_name = "FILE")]
    pub questions: Vec<PathBuf>,
    /// Also the questions that the store of `DATABASE_URL` keeps, as they are at the start
    #[arg(long)]
    pub store: bool,
    /// Labelled questions for the evaluation; repeatable
    #[arg(long, value_name = "FILE.jsonl")]
    pub eval: Vec<PathBuf>,
}

/// What `diff` takes.
#[derive(Debug, Args)]
pub struct DiffArguments {
    /// The folder that holds the briefings' folders as they were; or the number of a publication, in the store of
    /// `DATABASE_URL`
    #[arg(value_name = "OLD")]
    pub old: PathBuf,
    /// The folder that holds them as they are now; or the number of a publication
    #[arg(value_name = "NEW")]
    pub new: PathBuf,
    /// Ask these questions of both, one a line or as JSON Lines, instead of their own phrasings; repeatable
    #[arg(long, value_name = "FILE")]
    pub questions: Vec<PathBuf>,
    /// Print one JSON object
    #[arg(long)]
    pub json: bool,
}

/// What `fit` takes.
#[derive(Debug, Args)]
pub struct FitArguments {
    /// Labelled questions and dialogues, as JSON Lines
    #[arg(required = true, value_name = "FILE.jsonl")]
    pub files: Vec<PathBuf>,
    /// Questions that are harder than what people ask: they teach the weights, but calibrate and choose nothing
    #[arg(long, value_name = "FILE.jsonl")]
    pub hard: Vec<PathBuf>,
    /// Write the weights to this file instead of standard output; `src/matching/weights.toml` is what is built in
    #[arg(long, value_name = "FILE")]
    pub write: Option<PathBuf>,
    /// Fit again without each kind of signal in turn, and print what that costs
    #[arg(long)]
    pub ablate: bool,
}

/// What `ask` takes.
#[derive(Debug, Args)]
pub struct AskArguments {
    /// The question; several words need no quotes
    #[arg(required_unless_present = "batch", conflicts_with = "batch")]
    pub question: Vec<String>,
    /// Print one JSON object
    #[arg(long)]
    pub json: bool,
    /// Show the signals behind the answer
    #[arg(long)]
    pub explain: bool,
    /// Answer each line of a JSON Lines file (`-`: standard input): {"question": "…", "conversation": "optional id"}
    #[arg(long, value_name = "FILE.jsonl")]
    pub batch: Option<PathBuf>,
}

/// What `check` takes.
#[derive(Debug, Args)]
pub struct CheckArguments {
    /// Also check that every cited fragment stands, verbatim, in the cited paragraph of this article: JSON Lines of
    /// {"paragraph", "text"}, or plain text in blocks; repeatable
    #[arg(long, value_name = "[BRIEFING=]FILE")]
    pub article: Vec<std::ffi::OsString>,
    /// Also list every example question that does not find its own fact or gap when it is left out
    #[arg(long, conflicts_with = "quick")]
    pub lost: bool,
    /// Leave out what takes long: asking each example question again without itself
    #[arg(long)]
    pub quick: bool,
}

/// What `new` takes.
#[derive(Debug, Args)]
pub struct NewArguments {
    /// The briefing's name: lower-case words joined by hyphens
    pub name: String,
    /// The article as plain text, its blocks separated by blank lines, the headline first
    #[arg(long, value_name = "FILE")]
    pub article: PathBuf,
}

/// What `eval` takes.
#[derive(Debug, Args)]
pub struct EvalArguments {
    /// Labelled questions and dialogues, as JSON Lines (`-`: standard input)
    #[arg(required = true, value_name = "FILE.jsonl")]
    pub files: Vec<PathBuf>,
    /// Print one JSON object
    #[arg(long)]
    pub json: bool,
    /// Exit with status 1 if a smaller share than this is right
    #[arg(long, value_name = "SHARE", value_parser = share)]
    pub min_right: Option<f64>,
    /// Exit with status 1 if a larger share than this is wrong
    #[arg(long, value_name = "SHARE", value_parser = share)]
    pub max_wrong: Option<f64>,
    /// Say what got better and what worse than in an earlier run, whose `--json` output this file holds
    #[arg(long, value_name = "BASELINE.json")]
    pub compare: Option<PathBuf>,
    /// Also write the report as one self-contained page, with charts and every failure explained
    #[arg(long, value_name = "FILE.html")]
    pub html: Option<PathBuf>,
    /// Decide by the weights in this file, as `fit` writes it, instead of the built-in ones
    #[arg(long, value_name = "FILE")]
    pub weights: Option<PathBuf>,
}

/// What a sub-command gives: how the program ends, or the error that ends it.
pub type Outcome = anyhow::Result<Exit>;

/// Loads the facts.
///
/// # Errors
/// A [`Failure`] with [`Exit::NotHeld`] and every problem, if the folder cannot be read or holds no valid fact base.
pub fn load(knowledge: &Path) -> anyhow::Result<FactBase> {
    let files = knowledge_dir::read(knowledge).map_err(|error| Failure::not_held(error.to_string()))?;
    load_files(&files)
}

/// Loads the facts of files that were read.
fn load_files(files: &Files) -> anyhow::Result<FactBase> {
    match parse::load(files) {
        Ok(loaded) => Ok(loaded.base),
        Err(problems) => Err(invalid(&files.root, &problems).into()),
    }
}

/// Why a fact base cannot be used.
fn invalid(root: &str, problems: &Problems) -> Failure {
    let drawn = problems.render(look(&std::io::stderr()));
    Failure::not_held(format!(
        "`{root}` is no valid fact base: {}\n\n{}",
        summary(problems),
        drawn.trim_end()
    ))
}

/// Loads the facts and learns to answer from them.
///
/// # Errors
/// As [`load`].
pub fn learn(knowledge: &Path) -> anyhow::Result<Snapshot> {
    Ok(learn_base(load(knowledge)?))
}

/// Learns to answer from these facts, and says so where it takes long.
fn learn_base(base: FactBase) -> Snapshot {
    let doing = format!("learning {} facts", base.n_facts());
    progress::while_doing(&doing, || cache().learn(base))
}

/// Where what is learnt is kept.
fn cache() -> Cache {
    Cache::new(cache_dir())
}

/// Whether to use colours: on a terminal only, and never with `NO_COLOR` (<https://no-color.org>).
#[must_use]
pub fn look(stream: &impl IsTerminal) -> Look {
    let no_colour = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    if stream.is_terminal() && !no_colour {
        Look::Coloured
    } else {
        Look::Plain
    }
}

/// `2 errors, 1 warning`.
fn summary(problems: &Problems) -> String {
    let counted = |n: usize, one: &str| format!("{n} {one}{}", if n == 1 { "" } else { "s" });
    let errors = counted(problems.n_errors(), "error");
    let mut summary = match problems.n_warnings() {
        0 => errors,
        n_warnings => format!("{errors}, {}", counted(n_warnings, "warning")),
    };
    if problems.n_left_out() > 0 {
        summary.extend([", and ", &problems.n_left_out().to_string(), " more problems"]);
    }
    summary
}

fn share(text: &str) -> Result<f64, String> {
    match text.parse() {
        Ok(share) if (0.0..=1.0).contains(&share) => Ok(share),
        _ => Err("expected a share from 0 to 1, such as `0.9`".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_well_defined() {
        Cli::command().debug_assert();
    }

    #[test]
    fn a_share_is_a_number_from_0_to_1() {
        assert_eq!(share("0.9"), Ok(0.9));
        for text in ["1.1", "-0.1", "nan", "inf", "", "90%"] {
            assert!(share(text).is_err(), "{text}");
        }
    }
}

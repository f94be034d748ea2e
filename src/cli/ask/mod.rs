//! `ask`: one answer, or a batch of them.

mod batch;
mod conversations;

use std::io::Write;
use std::path::Path;
use std::time::Instant;

use super::json::AnswerJson;
use super::terminal::{self, Look, Suggestions};
use super::{AskArguments, Outcome, learn};
use crate::answer::{Conversation, age};
use crate::engine::Snapshot;
use crate::exit::{Exit, Failure};
use crate::store::Timestamp;

/// Whether the signals behind an answer are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Explain {
    Yes,
    No,
}

/// Runs the sub-command.
///
/// # Errors
/// If the question is empty, the fact base cannot be loaded, the batch cannot be read, or the output cannot be
/// written.
pub fn run(arguments: &AskArguments, knowledge: &Path) -> Outcome {
    let explain = if arguments.explain { Explain::Yes } else { Explain::No };
    if let Some(file) = &arguments.batch {
        return batch::run(file, explain, knowledge);
    }
    let question = arguments.question.join(" ");
    if question.trim().is_empty() {
        return Err(
            Failure::usage("the question is empty\nhint: `briefing-bot ask \"What does the briefing say?\"`").into(),
        );
    }
    let snapshot = learn(knowledge)?;
    let reply = if arguments.json {
        json_reply(&snapshot, &question, &Conversation::default(), explain)?.0 + "\n"
    } else {
        plain_reply(&snapshot, &question, explain, Look::of_stdout())
    };
    let mut stdout = std::io::stdout().lock();
    stdout.write_all(reply.as_bytes())?;
    stdout.flush()?;
    Ok(Exit::Done)
}

fn plain_reply(snapshot: &Snapshot, question: &str, explain: Explain, look: Look) -> String {
    let conversation = Conversation::default();
    let (answer, _) = snapshot.ask(question, &conversation);
    let answer = age::read_on(answer, snapshot.base(), Timestamp::now().day().date());
    let mut reply = terminal::answer(&answer, Suggestions::AsWritten, look);
    if explain == Explain::Yes {
        reply.push('\n');
        reply.push_str(&terminal::explanation(&snapshot.explain(question, &conversation), look));
    }
    reply
}

/// One JSON object without a line break, and the conversation as it stands after it.
fn json_reply(
    snapshot: &Snapshot,
    question: &str,
    conversation: &Conversation,
    explain: Explain,
) -> serde_json::Result<(String, Conversation)> {
    let started = Instant::now();
    let (answer, after) = snapshot.ask(question, conversation);
    let elapsed = started.elapsed();
    let answer = age::read_on(answer, snapshot.base(), Timestamp::now().day().date());
    let json = AnswerJson::new(question, &answer, snapshot.base(), elapsed);
    let reply = match explain {
        Explain::No => serde_json::to_string(&json)?,
        Explain::Yes => serde_json::to_string(&json.explained(&snapshot.explain(question, conversation)))?,
    };
    Ok((reply, after))
}

//! What is said in Discord around a question and its answer: on buttons, and to those who press them.

use crate::answer::statements::MAX_CHECKED;

/// Turns down every fact of a "did you mean".
pub const NONE_OF_THESE: &str = "None of these";
/// Agrees that the words of a question are kept for the curators.
pub const TELL_CURATORS: &str = "Tell the curators";
/// Says that a fact helped.
pub const HELPFUL: &str = "Helpful";
/// Says that it did not.
pub const NOT_HELPFUL: &str = "Not helpful";
/// Asks why this is the answer.
pub const WHY_THIS: &str = "Why this answer";
/// Removes the bot's reply.
pub const DELETE: &str = "Delete";
/// Posts a check for all to read.
pub const POST_AS_REPLY: &str = "Post as reply";
/// The message menu's entry, as Discord shows it.
pub const CHECK: &str = "Check against the briefing";
/// `/ask briefing`.
pub const ASK_BRIEFING: &str = "Answer from this briefing only";

/// Said once every fact of a "did you mean" was turned down.
pub const NONE_WAS_MEANT: &str = "None of these, then: the briefing does not seem to say, and I assert nothing. You may \
                                  tell the curators what you asked.";
/// Said under a decline whose words may be kept.
pub const TELL_HINT: &str = "“Tell the curators” keeps the words of the question, never who asked.";
/// On the button once the question was kept.
pub const PASSED_ON: &str = "Passed on to the curators";
/// Said to the one whose question was kept.
pub const TOLD_CURATORS: &str = "Thank you. The words of the question are kept for the curators, without your name, and \
                                 go after a while.";
/// Said where the words of a question are not known any more.
pub const WORDS_GONE: &str =
    "I no longer have the words of that question. Ask it again, and the new answer has working buttons.";
/// Said above what is left to say of an answer once the words of its question are gone.
pub const WHY_WITHOUT_WORDS: &str =
    "I no longer have the words of that question; this is what I noted as I answered it.";
/// Said where a question that is to be handed on has an answer by now.
pub const ANSWERED_BY_NOW: &str = "That question has an answer by now: ask it again, and you get it.";
/// Said where a question is not its asker's to hand on.
pub const NOT_YOUR_QUESTION: &str = "Only the one who asked can do that with their question.";
/// Said to a vote.
pub const VOTED: &str = "Thank you, your vote is counted. You can change it by pressing the other button.";
/// Said where somebody else wants to delete an answer.
pub const NOT_YOURS_TO_DELETE: &str = "Only the one who asked can delete this answer.";
/// Said where somebody else wants to delete a check.
pub const NOT_YOUR_CHECK: &str = "Only the one who posted this check can delete it.";
/// Said where the facts that an answer was made from are others now.
pub const WHY_CHANGED: &str =
    "I cannot say why any more: asked now, that question gets another answer. Ask it again to see it.";

/// Said above the points of a check.
pub const CHECK_HEADING: &str = "What the briefing says on that message. It is for you to compare: I put what the article \
                                 says beside each sentence, and rule on nothing.";
/// Said beside a sentence that the briefing has nothing on.
pub const CHECK_NOTHING: &str = "The briefing does not say.";
/// Said beside a sentence that a fact may be near to.
pub const CHECK_UNSURE: &str = "Nothing that I am sure of. Near to it:";
/// Said of a message without a sentence that can be checked.
pub const CHECK_EMPTY: &str =
    "There is no sentence in that message that I can hold against the briefing. I read text only, in English.";
/// Said of a message with more sentences than are checked.
pub const CHECK_MORE: &str = "Only the first five sentences that say something were looked at.";
const _: () = assert!(MAX_CHECKED == 5, "the sentence says how many");
/// Said once a check was posted.
pub const CHECK_POSTED: &str = "Posted as a reply.";
/// Said where a check was to be posted as a response before, which may not have come through.
pub const CHECK_RESPONDED: &str = "I was asked to post this already. If it is not there, use the menu again.";
/// Said where a check cannot be posted.
pub const CHECK_NOT_POSTED: &str =
    "I could not post it: I may not write here, or the message is gone. Use the menu again to see the check.";
/// Said to a member who may not write where a check would be posted.
pub const CHECK_NOT_YOURS_TO_POST: &str = "You may not write in this channel, so I post nothing there for you.";
/// Said where the facts were changed between a check and its posting.
pub const CHECK_OUTDATED: &str =
    "The facts were changed since this check. Use “Check against the briefing” again, and you get what it says now.";

/// The label of a button that chooses no briefing that is loaded.
#[must_use]
pub fn briefing_unknown(titles: &[&str]) -> String {
    let titles: Vec<String> = titles.iter().map(|title| format!("“{title}”")).collect();
    format!(
        "I have no such briefing here. Choose one of these: {}.",
        titles.join(", ")
    )
}

/// A sentence as it is set above what the briefing says on it.
#[must_use]
pub fn quoted(sentence: &str) -> String {
    format!("“{sentence}”")
}

//! What becomes of an answer once its question is edited or deleted, and of a check once its message is deleted.
//!
//! Works without the privileged intent as far as Discord tells of the edit: a message that mentions the bot, or a direct
//! one. Promise: an edit is answered as its question was: one that was overheard only where that is sure, and of a forum's
//! post by its title too. A mention that is added to a message makes it a question; an edit that comes too late, that leaves
//! no question, or that is past its member's rate, changes nothing; a question counts once, however often it is edited.
//! Deliberately absent: which answer belongs to which question (`questions`).

use std::num::NonZeroU64;
use std::time::Instant;

use serenity::model::event::MessageUpdateEvent;
use serenity::model::id::{ChannelId, MessageId};

use super::asking::{self, Asker, Question, Way};
use super::bot::Bot;
use super::events::{apologise_for_panic, note_failure};
use super::payload::Visibility;
use super::questions::EDITED_WITHIN;
use super::{ask_channels, message, sending};

/// A message was edited, or Discord has added something to it.
pub(super) async fn edited(bot: &Bot, event: &MessageUpdateEvent) {
    let (Some(at), Some(content), Some(author)) = (event.edited_timestamp, &event.content, &event.author) else {
        return;
    };
    let words = message::words_of(content, bot.me);
    if words.is_empty() {
        return;
    }
    // A mention that is taken out leaves it the question that it was.
    if mentions_me(bot, event) {
        bot.questions.speaks_to_me(event.id);
    }
    let Some(answer) = bot.questions.edited(event.id, at, &words, Instant::now()) else {
        return;
    };
    let asker = Asker {
        user: author.id,
        channel: event.channel_id,
        server: event.guild_id,
        way: Way::Message,
        event: event.id.into(),
        visibility: Visibility::Public,
    };
    follow(bot, asker, answer, words).await;
}

/// Whether an edit makes a question of a message that was none: whoever forgot the mention adds it. One that could not
/// be answered is none.
pub(super) fn makes_a_question(bot: &Bot, event: &MessageUpdateEvent) -> bool {
    let now = Instant::now();
    let is_young = || {
        let least = bot.lately.id_of(EDITED_WITHIN, now);
        least.is_some_and(|least| event.id.get() >= least)
    };
    event.edited_timestamp.is_some()
        && mentions_me(bot, event)
        && is_young()
        && !bot.shut.is_shut(event.channel_id, event.guild_id, now)
}

fn mentions_me(bot: &Bot, event: &MessageUpdateEvent) -> bool {
    event.mentions.iter().flatten().any(|user| user.id == bot.me)
}

/// Answers other words, and those that they are edited to meanwhile: the last are answered last.
pub(super) async fn follow(bot: &Bot, asker: Asker, answer: MessageId, words: String) {
    let mut next = Some(words);
    while let Some(words) = next {
        answer_anew(bot, asker, answer, &words).await;
        next = bot.questions.changed(MessageId::from(asker.event));
    }
}

/// Puts the answer to other words in place of the one that is there, if the member's rate allows another question.
async fn answer_anew(bot: &Bot, asker: Asker, answer: MessageId, words: &str) {
    if !bot.rates.count_untold(asker.user, asker.server) {
        // The answer to the words before stays; whoever edits on hears of the rate when they ask the next time.
        tracing::debug!("an edit is past the rate");
        return;
    }
    let place = (asker.channel, answer);
    let Some(way) = bot.questions.way_of(MessageId::from(asker.event)) else {
        // It was deleted meanwhile, and its answer with it.
        return;
    };
    let asker = Asker { way, ..asker };
    if asker.way == Way::Overheard {
        return overhear_anew(bot, asker, place, words).await;
    }
    let mut question = Question::new(words);
    // The first wording was no turn of the conversation.
    question.before = bot
        .questions
        .recall(asker.event, Instant::now())
        .map(|asked| asked.before);
    let body = apologise_for_panic(bot, asker, || asking::ask(bot, &bot.snapshot(), asker, question));
    note_failure(bot, sending::edit(&bot.rest, place, &body).await);
}

/// The same where nobody has asked the bot in person: what is not sure any more goes.
async fn overhear_anew(bot: &Bot, asker: Asker, place: (ChannelId, MessageId), words: &str) {
    let wordings = match ask_channels::wordings(bot, asker, words).await {
        Ok(Some(wordings)) => wordings,
        // The server wants no answers there any more: this one stays as it is.
        Ok(None) => return,
        // A right answer is not given up because the title that it answers is not known just now.
        Err(error) => return note_failure(bot, Err(error)),
    };
    let ask = |words: &String| asking::ask_if_sure(bot, asker, words, || true);
    match wordings.iter().find_map(ask) {
        Some(body) => note_failure(bot, sending::edit(&bot.rest, place, &body).await),
        None => withdraw(bot, MessageId::from(asker.event), place).await,
    }
}

/// A message was deleted.
pub(super) async fn deleted(bot: &Bot, message: MessageId) {
    bot.questions.answer_is_gone(message);
    if let Some(answer) = bot.questions.deleted(message) {
        withdraw(bot, message, answer).await;
    }
    for check in bot.checks.take(message) {
        tracing::debug!("a check goes with its message");
        note_failure(bot, sending::delete(&bot.rest, check).await);
    }
}

/// Deletes an answer whose question is gone.
pub(super) async fn withdraw(bot: &Bot, question: MessageId, answer: (ChannelId, MessageId)) {
    tracing::debug!(
        question = NonZeroU64::from(question),
        "an answer goes with its question"
    );
    bot.questions.not_answered(question);
    note_failure(bot, sending::delete(&bot.rest, answer).await);
}

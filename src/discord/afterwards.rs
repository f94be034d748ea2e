//! What becomes of an answer once its question is edited or deleted, and of a check once its message is deleted.
//!
//! Works without the privileged intent as far as Discord tells of the edit: a message that mentions the bot, or a
//! direct one. Promise: an edit is answered as its question was: one that was overheard only where that is sure, and of
//! a forum's post by its title too; one by a reply with its ping off only where the briefing has something on it. A
//! mention that is added to a message makes it a question, and so may other words what was overheard, once; an edit
//! that comes too late, that leaves no question, or that is past its member's rate, changes nothing; a question counts
//! once, however often it is edited.
//! Deliberately absent: which answer belongs to which question (`questions`).

use std::num::NonZeroU64;
use std::time::Instant;

use serenity::model::event::MessageUpdateEvent;
use serenity::model::id::{ChannelId, MessageId};
use serenity::model::user::User;

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
    let words = message::words_of(content, bot.me, bot.own_roles.of(event.guild_id));
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
    follow(bot, asker(event, author, Way::Message), answer, words).await;
}

/// Whoever edited a message, as somebody who asks.
fn asker(event: &MessageUpdateEvent, author: &User, way: Way) -> Asker {
    Asker {
        user: author.id,
        channel: event.channel_id,
        server: event.guild_id,
        way,
        event: event.id.into(),
        visibility: Visibility::Public,
    }
}

/// Whether an edit makes a question of a message that was none: whoever forgot the mention adds it. One that could not
/// be answered is none.
pub(super) fn makes_a_question(bot: &Bot, event: &MessageUpdateEvent) -> bool {
    let now = Instant::now();
    mentions_me(bot, event)
        && is_edit_in_time(bot, event, now)
        && !bot.shut.is_shut(event.channel_id, event.guild_id, now)
}

/// Whoever edited a message where what is overheard is answered, and the words that it has now, which may ask.
pub(super) fn overheard<'a>(bot: &Bot, event: &'a MessageUpdateEvent) -> Option<(Asker, &'a str)> {
    // Nearly every update is no edit, but the preview of a link.
    event.edited_timestamp?;
    if !ask_channels::may_be_a_question(bot, event.id, event.channel_id, event.guild_id) {
        return None;
    }
    let (author, content) = (event.author.as_ref()?, event.content.as_deref()?);
    let is_by_member = message::is_by_member(event.kind?, author, event.webhook_id.flatten());
    let is_question = author.id != bot.me && is_by_member && is_edit_in_time(bot, event, Instant::now());
    is_question.then(|| (asker(event, author, Way::Overheard), content))
}

/// Whether it is an edit, and not only something that Discord has added, while one still counts.
fn is_edit_in_time(bot: &Bot, event: &MessageUpdateEvent, now: Instant) -> bool {
    let is_young = |least: u64| event.id.get() >= least;
    event.edited_timestamp.is_some() && bot.lately.id_of(EDITED_WITHIN, now).is_some_and(is_young)
}

/// Whether it mentions the bot, or the bot's role with words that arrived, as `message` has it.
fn mentions_me(bot: &Bot, event: &MessageUpdateEvent) -> bool {
    let has_words = event
        .content
        .as_deref()
        .is_some_and(|content| !content.trim().is_empty());
    let roles = event.mention_roles.as_deref().unwrap_or_default();
    event.mentions.iter().flatten().any(|user| user.id == bot.me)
        || has_words && bot.own_roles.among(roles, event.guild_id).is_some()
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
    if asker.way == Way::Quiet {
        // What is talk by now gets silence, as it would have got at first.
        return match asking::ask_if_meant(bot, asker, question, || true) {
            Some(body) => note_failure(bot, sending::edit(&bot.rest, place, &body).await),
            None => withdraw(bot, MessageId::from(asker.event), place).await,
        };
    }
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
    answer_is_gone(bot, message);
    if let Some(answer) = bot.questions.deleted(message) {
        withdraw(bot, message, answer).await;
    }
    for check in bot.checks.take(message) {
        tracing::debug!("a check goes with its message");
        note_failure(bot, sending::delete(&bot.rest, check).await);
    }
}

/// An answer was deleted, by its asker or by whoever keeps order there.
pub(super) fn answer_is_gone(bot: &Bot, answer: MessageId) {
    if let Some(question) = bot.questions.answer_is_gone(answer) {
        // What was only overheard gets none again: its edit counts as looked at.
        bot.lately.overhear_again(question.get(), Instant::now());
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

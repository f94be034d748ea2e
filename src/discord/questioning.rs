//! A message that speaks to the bot, from its words to the reply below it.
//!
//! Promise: one reply a message, which follows what becomes of the message until it is there; none to what may be talk
//! about an answer, unless the briefing has something on it. Deliberately absent: what is a question (`message`), and
//! what is answered (`asking`).

use std::time::Instant;

use serenity::model::channel::Message;
use serenity::model::id::{ChannelId, MessageId};

use super::asking::{self, Asker, Question, Way};
use super::bot::Bot;
use super::events::{apologise_for_panic, note_failure};
use super::hints::Hint;
use super::message::{self, Reading};
use super::payload::{Body, Visibility};
use super::questions::Change;
use super::{admission, afterwards, reply, sending};
use crate::answer::Conversation;
use crate::store::{Record, Timestamp};

/// Answers a message that came at this moment.
pub(super) async fn answer(bot: &Bot, message: &Message, reading: Reading, came: Instant) {
    let asker = asker(message, Way::Message);
    bot.questions
        .begin(message.id, message.channel_id, Way::Message, Instant::now());
    let body = apologise_for_panic(bot, asker, || match &reading {
        Reading::Question(words) => {
            let mut question = Question::new(words);
            question.before = spoken_of(bot, message);
            asking::ask(bot, &bot.snapshot(), asker, question)
        }
        _ => reply::public_sentence(Hint::UnreadableReply.sentence(), asker.user.into()),
    });
    send(bot, asker, message.id, &body, came).await;
}

/// Answers a reply with its ping off, where that is an answer, or a "did you mean" to what has a question mark. Else it is
/// taken for talk about the answer above it: there is silence, and nothing of it is counted, logged or remembered.
pub(super) async fn answer_quiet(bot: &Bot, message: &Message, words: &str, came: Instant) {
    let is_shut = bot.shut.is_shut(message.channel_id, message.guild_id, came);
    if is_shut || !admission::is_wanted(bot, message.channel_id, message.guild_id).await {
        return;
    }
    let asker = asker(message, Way::Quiet);
    let mut question = Question::new(words);
    question.before = spoken_of(bot, message);
    let answered = asking::ask_if_meant(bot, asker, question, || is_let_out(bot, asker));
    if let Some(body) = answered {
        let _open = bot.lately.open(message.channel_id, message.id.get());
        bot.lately.asked_in(message.channel_id, message.guild_id, came);
        send(bot, asker, message.id, &body, came).await;
    }
}

/// Whether what may be a question is answered, which begins with that. Past the rate there is silence: nobody has asked
/// the bot in person.
pub(super) fn is_let_out(bot: &Bot, asker: Asker) -> bool {
    let is_let_out = bot.rates.count_untold(asker.user, asker.server);
    if is_let_out {
        bot.questions
            .begin(MessageId::from(asker.event), asker.channel, asker.way, Instant::now());
    }
    is_let_out
}

/// Whoever wrote a message, as somebody who asks.
pub(super) fn asker(message: &Message, way: Way) -> Asker {
    Asker {
        user: message.author.id,
        channel: message.channel_id,
        server: message.guild_id,
        way,
        event: message.id.into(),
        visibility: Visibility::Public,
    }
}

/// Posts the reply, and carries out what became of the message meanwhile.
pub(super) async fn send(bot: &Bot, asker: Asker, message: MessageId, body: &Body, came: Instant) {
    let place: (ChannelId, MessageId) = (asker.channel, message);
    let sent = sending::reply(&bot.rest, place, &message.to_string(), body).await;
    bot.metrics.handled(came.elapsed());
    match sent {
        Ok(answer) => {
            // Once it is answered, so that the next process looks again at what this one did not get to, and at this answer.
            let asked = bot
                .lately
                .asked_channel(asker.channel, asker.server, message, Timestamp::now());
            bot.records.record(Record::AskedIn(asked));
            match bot.questions.answered(message, answer, Instant::now()) {
                None => {}
                Some(Change::Edited(words)) => afterwards::follow(bot, asker, answer, words).await,
                Some(Change::Deleted) => afterwards::withdraw(bot, message, (asker.channel, answer)).await,
            }
        }
        Err(error) => {
            bot.questions.not_answered(message);
            let is_forbidden = error.status() == Some(403);
            note_failure(bot, Err(error));
            if is_forbidden {
                bot.shut.refused(asker.channel, asker.server, Instant::now());
            }
            if is_forbidden && asker.server.is_some() && asker.way == Way::Message {
                let asked = (asker.channel, asker.user);
                bot.hints
                    .give(&bot.rest, Hint::MayNotAnswer, asked, message.get())
                    .await;
            }
        }
    }
}

/// The conversation of the answer that a message replies to; where it replies to none that is known, the member's own,
/// or where they have said nothing there yet, that of the answer that the thread was opened on.
fn spoken_of(bot: &Bot, message: &Message) -> Option<Conversation> {
    let now = Instant::now();
    let after = |answer| bot.questions.conversation_after(answer, now);
    let replied_to = message::replied_to(message, bot.me).and_then(after);
    replied_to.or_else(|| {
        let own = bot.memory.recall((message.channel_id, message.author.id), now);
        // A thread has the id of the message that it was opened on.
        let opened_on = MessageId::new(message.channel_id.get());
        if own.is_empty() { after(opened_on) } else { None }
    })
}

//! Presses of buttons.
//!
//! Everything that a press needs is in the custom id, so a button works after a restart and after a reload; only the
//! words of a question are looked for elsewhere: in the memory of the last minutes, then in the message that the answer
//! replies to. Promise: a message is changed by the one who had asked only; anybody else gets a reply of their own, in
//! private; nobody's words are kept but by their own press, and once.

use std::num::NonZeroU64;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Instant;

use serenity::model::application::{ComponentInteraction, InteractionContext};
use serenity::model::channel::{Message, MessageFlags};
use serenity::model::id::{ChannelId, MessageId, RoleId, UserId};

use super::asking::{self, Asker, Way, Why};
use super::bot::Bot;
use super::custom_id::{CustomId, FactKey, Place, QuestionKey, Stamp};
use super::interaction::{Response, Turn};
use super::payload::Visibility;
use super::questions::Asked;
use super::rest::Rest;
use super::room::Room;
use super::{afterwards, browse, manage, message, permit, reply, sending};
use crate::answer::Conversation;
use crate::answer::wording::{asking as asking_wording, discord as wording};
use crate::engine::Snapshot;
use crate::fact::Revision;
use crate::store::{Rating, Record, Timestamp, Vote};

/// What a press does.
pub(crate) fn press(bot: &Bot, pressed: &ComponentInteraction) -> Response {
    match CustomId::decode(&pressed.data.custom_id) {
        Some(CustomId::Tell {
            fact,
            stamp,
            asker,
            place,
        }) => tell(bot, pressed, (&fact, stamp), asker, place),
        Some(CustomId::NoneOfThese { asker, question }) => none_of_these(pressed, asker, &question),
        Some(CustomId::TellCurators { asker, question }) => tell_curators(bot, pressed, asker, &question),
        Some(CustomId::Vote { rating, facts }) => vote(bot, pressed, rating, &facts),
        Some(CustomId::Why { fact, question }) => why(bot, pressed, fact, question.as_ref()),
        Some(CustomId::Delete { asker }) => delete(bot, pressed, asker),
        Some(CustomId::DeleteCheck { poster }) => delete_check(bot, pressed, poster),
        Some(CustomId::PostCheck { message, revision }) => post_check(bot, pressed, message, revision),
        Some(CustomId::Browse(view)) => browse::press(bot, pressed, &view),
        Some(CustomId::Manage(management)) => manage::press(bot, pressed, &management),
        None => private(wording::BUTTON_UNREADABLE),
    }
}

/// Whether the button is one of an admin's.
pub(crate) fn is_management(pressed: &ComponentInteraction) -> bool {
    matches!(CustomId::decode(&pressed.data.custom_id), Some(CustomId::Manage(_)))
}

fn private(sentence: &str) -> Response {
    Response::Message(reply::sentence(sentence), Visibility::Private)
}

fn is_by(pressed: &ComponentInteraction, asker: NonZeroU64) -> bool {
    pressed.user.id.get() == asker.get()
}

/// Who sees the message that the button is on.
fn visibility(pressed: &ComponentInteraction) -> Visibility {
    let is_private = pressed
        .message
        .flags
        .is_some_and(|flags| flags.contains(MessageFlags::EPHEMERAL));
    if is_private {
        Visibility::Private
    } else {
        Visibility::Public
    }
}

fn tell(
    bot: &Bot,
    pressed: &ComponentInteraction,
    (fact, stamp): (&FactKey, Stamp),
    first: NonZeroU64,
    place: Place,
) -> Response {
    let is_own = is_by(pressed, first);
    let asker = Asker {
        user: pressed.user.id,
        channel: pressed.channel_id,
        server: pressed.guild_id,
        way: Way::Button,
        event: pressed.id.into(),
        visibility: if is_own {
            visibility(pressed)
        } else {
            Visibility::Private
        },
    };
    let Some(told) = asking::tell(bot, &bot.snapshot(), asker, fact, (Some(stamp), Why::Hidden)) else {
        // The message stays: what else it offers may still be there.
        return private(wording::FACT_GONE);
    };
    match place {
        Place::Here if is_own => {
            let key = (asker.channel, asker.user);
            bot.questions
                .chosen(pressed.message.id, key, told.after, Instant::now());
            Response::Update(told.body)
        }
        Place::Here | Place::Below => Response::Message(told.body, asker.visibility),
    }
}

fn none_of_these(pressed: &ComponentInteraction, asker: NonZeroU64, question: &QuestionKey) -> Response {
    if !is_by(pressed, asker) {
        return private(asking_wording::NOT_YOUR_QUESTION);
    }
    Response::Update(reply::none_was_meant(question, asker, visibility(pressed)))
}

fn tell_curators(bot: &Bot, pressed: &ComponentInteraction, asker: NonZeroU64, question: &QuestionKey) -> Response {
    if !is_by(pressed, asker) {
        return private(asking_wording::NOT_YOUR_QUESTION);
    }
    let (snapshot, records, passed_on) = (bot.snapshot(), Arc::clone(&bot.records), bot.questions.passed_on());
    let server = pressed.guild_id.map(Into::into);
    let (event, message) = (question.event.get(), reply::passed_on(&pressed.message));
    let read = Arc::clone(&snapshot);
    let work = with_words(bot, &read, (pressed, question), move |asked| {
        let Some(kept) = asking::kept(&snapshot, asked, server) else {
            return Err(asking_wording::ANSWERED_BY_NOW);
        };
        // The button may be pressed again before it is gone.
        if passed_on.take(event) {
            records.record(Record::Kept(kept));
        }
        Ok(())
    });
    Response::Turn(Box::pin(async move {
        match work.await {
            Ok(()) => Turn::Done {
                message,
                told: reply::sentence(asking_wording::TOLD_CURATORS),
            },
            Err(sentence) => Turn::Nothing(reply::sentence(sentence)),
        }
    }))
}

fn vote(bot: &Bot, pressed: &ComponentInteraction, rating: Rating, facts: &[FactKey]) -> Response {
    let snapshot = bot.snapshot();
    let found: Vec<_> = facts.iter().filter_map(|fact| fact.find(snapshot.base())).collect();
    if found.is_empty() {
        return private(wording::FACT_GONE);
    }
    for (fact, _) in found {
        bot.records.record(Record::Voted(Vote {
            member: bot.records.hash(pressed.user.id.get()),
            fact,
            server: pressed.guild_id.map(Into::into),
            rating,
            at: Timestamp::now(),
        }));
    }
    private(asking_wording::VOTED)
}

fn why(bot: &Bot, pressed: &ComponentInteraction, fact: FactKey, question: Option<&QuestionKey>) -> Response {
    let Some(question) = question else {
        return private(wording::WHY_CHOSEN);
    };
    let snapshot = bot.snapshot();
    let noted = question.glimpse.as_ref();
    let noted = noted.and_then(|glimpse| asking::explain_without_words(&snapshot, glimpse, &fact));
    let read = Arc::clone(&snapshot);
    let work = with_words(bot, &read, (pressed, question), move |asked| {
        Ok(asking::explain(&snapshot, asked, &fact))
    });
    Response::Later(
        Visibility::Private,
        Box::pin(async move {
            let told = work.await;
            told.unwrap_or_else(|sentence| noted.unwrap_or_else(|| reply::sentence(sentence)))
        }),
    )
}

fn delete(bot: &Bot, pressed: &ComponentInteraction, asker: NonZeroU64) -> Response {
    if !is_by(pressed, asker) {
        return private(asking_wording::NOT_YOURS_TO_DELETE);
    }
    afterwards::answer_is_gone(bot, pressed.message.id);
    Response::Delete
}

fn delete_check(bot: &Bot, pressed: &ComponentInteraction, poster: NonZeroU64) -> Response {
    if !is_by(pressed, poster) {
        return private(asking_wording::NOT_YOUR_CHECK);
    }
    bot.checks.forget(pressed.message.id);
    Response::Delete
}

/// Posts the text of the private check that the button is on.
fn post_check(bot: &Bot, pressed: &ComponentInteraction, message: NonZeroU64, revision: Revision) -> Response {
    if bot.snapshot().base().revision != revision {
        return Response::Update(reply::sentence(asking_wording::CHECK_OUTDATED));
    }
    if !may_write(pressed) {
        return private(asking_wording::CHECK_NOT_YOURS_TO_POST);
    }
    let body = reply::posted_check(&pressed.message, pressed.user.id.into());
    if !is_member(pressed) {
        // Where only the member has installed the bot, it can do nothing but respond.
        return if bot.checks.respond(pressed.message.id) {
            Response::Message(body, Visibility::Public)
        } else {
            // Whether it came through then is not known here.
            Response::Update(reply::sentence(asking_wording::CHECK_RESPONDED))
        };
    }
    let (rest, checks) = (Arc::clone(&bot.rest), Arc::clone(&bot.checks));
    let (preview, place) = (pressed.message.id, (pressed.channel_id, MessageId::from(message)));
    // The private check posts once, however often its button is pressed.
    let nonce = format!("p{preview}");
    Response::UpdateLater(Box::pin(async move {
        checks.begin(preview, place.1);
        // What stands under nobody's words would quote them all the same.
        let posted = sending::reply_if_there(&rest, place, &nonce, &body).await;
        let done = match posted.map(|id| (place.0, id)) {
            Ok(check) if checks.posted(preview, check) => return reply::sentence(asking_wording::CHECK_POSTED),
            // The message went meanwhile.
            Ok(check) => sending::delete(&rest, check).await,
            Err(error) => {
                checks.not_posted(preview);
                Err(error)
            }
        };
        if let Err(error) = done {
            tracing::info!(%error, "a check could not be posted, or deleted with its message");
        }
        reply::sentence(asking_wording::CHECK_NOT_POSTED)
    }))
}

/// Whether the member may write there, as Discord says in this very press: the bot is nobody's way round a channel's
/// permissions.
fn may_write(pressed: &ComponentInteraction) -> bool {
    let room = pressed.channel.as_ref().map_or(Room::Channel, Room::of_partial);
    match &pressed.member {
        None => true,
        Some(member) => member.permissions.is_some_and(|may| room.lets_speak(may)),
    }
}

/// Whether the bot itself is where the button was pressed, and not only its commands.
fn is_member(pressed: &ComponentInteraction) -> bool {
    match pressed.context {
        Some(InteractionContext::BotDm) => true,
        Some(InteractionContext::Guild) => permit::is_of_server(&pressed.authorizing_integration_owners),
        _ => false,
    }
}

/// Does something with the words of a question: known ones at once, those of a message once Discord has told them. Where
/// nobody knows them, gives the sentence that says so.
fn with_words<T: Send + 'static>(
    bot: &Bot,
    snapshot: &Snapshot,
    (pressed, question): (&ComponentInteraction, &QuestionKey),
    then: impl FnOnce(&Asked) -> Result<T, &'static str> + Send + 'static,
) -> Pin<Box<dyn Future<Output = Result<T, &'static str>> + Send>> {
    if let Some(asked) = bot.questions.recall(question.event, Instant::now()) {
        return Box::pin(std::future::ready(then(&asked)));
    }
    let settings = bot.records.settings_of(pressed.guild_id.map(Into::into));
    let nothing_before = Conversation::default().about(&browse::chosen(snapshot.base(), &settings));
    let key = (pressed.channel_id, pressed.user.id);
    let asked = move |words: String| Asked {
        key,
        words,
        before: nothing_before.clone(),
        after: nothing_before,
    };
    if let Some(words) = question.words.clone() {
        return Box::pin(std::future::ready(then(&asked(words))));
    }
    match replied_to(&pressed.message) {
        Some(place) if place.1.get() == question.event.get() => {
            let rest = Arc::clone(&bot.rest);
            let (me, my_role) = (bot.me, bot.own_roles.of(pressed.guild_id));
            Box::pin(async move {
                let words = words_of(&rest, place, (me, my_role))
                    .await
                    .ok_or(asking_wording::WORDS_GONE)?;
                then(&asked(words))
            })
        }
        _ => Box::pin(std::future::ready(Err(asking_wording::WORDS_GONE))),
    }
}

/// The message that an answer replies to.
fn replied_to(answer: &Message) -> Option<(ChannelId, MessageId)> {
    let reference = answer.message_reference.as_ref()?;
    Some((reference.channel_id, reference.message_id?))
}

async fn words_of(
    rest: &Rest,
    place: (ChannelId, MessageId),
    (me, my_role): (UserId, Option<RoleId>),
) -> Option<String> {
    match sending::look(rest, place).await {
        Ok(written) => Some(message::words_of(&written.content, me, my_role)).filter(|words| !words.is_empty()),
        Err(error) => {
            tracing::info!(%error, "the words of a question could not be looked up");
            None
        }
    }
}

//! What comes in over the gateway, and how its answers go out.
//!
//! The thinnest layer there is: it reads, hands on, and sends. Promise: an interaction is answered within Discord's
//! three seconds or deferred; the same event is served once, however often it comes; a panic while deciding is answered with an apology; sending fails quietly where the bot
//! may not speak.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::{Duration, Instant};

use serenity::async_trait;
use serenity::client::{Context, EventHandler};
use serenity::futures::StreamExt;
use serenity::futures::stream::FuturesUnordered;
use serenity::model::application::Interaction;
use serenity::model::channel::{GuildChannel, Message};
use serenity::model::event::{MessageUpdateEvent, ResumedEvent, ThreadListSyncEvent};
use serenity::model::gateway::{Ready, ShardInfo};
use serenity::model::guild::{Guild, UnavailableGuild};
use serenity::model::id::{ChannelId, GuildId, MessageId};
use tracing::Instrument;

use super::admission::{self, Admission};
use super::asking::{Asker, Way};
use super::bot::Bot;
use super::guard::Whose;
use super::hints::Hint;
use super::interaction::{self, Files, First};
use super::lately::Place;
use super::look_back::{self, Missed};
use super::message::{self, Reading};
use super::payload::Body;
use super::registration::REGISTRATION_DEADLINE;
use super::rest::RestError;
use super::{afterwards, ask_channels, manage, questioning, registration, reply, sending};
use crate::answer::wording::discord as wording;
use crate::store::{Record, Shard, Timestamp};

/// Serving a message ends by then.
const MESSAGE_DEADLINE: Duration = Duration::from_secs(30);
/// Serving an interaction ends by then: the token of a deferred one lives for 15 minutes.
pub(super) const INTERACTION_DEADLINE: Duration = Duration::from_mins(2);
/// Looking for questions that were missed, and answering them, ends by then.
const LOOK_BACK_DEADLINE: Duration = Duration::from_mins(2);
/// Taking a channel out of a server's settings ends by then.
const FORGET_DEADLINE: Duration = Duration::from_secs(10);
/// Until then a channel that Discord does not show is tried again; after it, answers have their own time.
const LOOK_BACK_WITHIN: Duration = Duration::from_mins(1);

/// Channels that are looked through at once.
const LOOKED_THROUGH_AT_ONCE: usize = 8;

/// Hands events of the gateway on.
pub(crate) struct Gateway {
    pub(crate) bot: Arc<Bot>,
}

#[async_trait]
impl EventHandler for Gateway {
    async fn ready(&self, _: Context, ready: Ready) {
        let bot = &self.bot;
        bot.pulse.is_ready(ready.shard.map_or(0, |shard| shard.id.0));
        tracing::info!(servers = ready.guilds.len(), "connected to Discord");
        bot.records.record(session_began(&ready));
        // Of several processes the one with the first shard registers, and no session after that.
        let is_first_shard = ready.shard.is_none_or(|shard| shard.id.0 == 0);
        let register = async {
            if is_first_shard {
                let register = registration::register(bot, ready.application.id);
                bot.guard.serve(Whose::Own, REGISTRATION_DEADLINE, register).await;
            }
        };
        // Side by side, and what was missed first: whoever asked waits already, and a question that comes from now on is
        // none of those.
        let catch_up = bot
            .guard
            .serve(Whose::Own, LOOK_BACK_DEADLINE, catch_up(bot, ready.shard));
        tokio::join!(catch_up, register);
    }

    async fn resume(&self, _: Context, _: ResumedEvent) {
        self.bot.pulse.is_resumed();
        tracing::info!("connected to Discord again");
    }

    async fn message(&self, _: Context, message: Message) {
        let bot = &self.bot;
        let id = message.id.get();
        let whose = Whose::messages(message.guild_id, message.channel_id);
        let my_role = bot.own_roles.among(&message.mention_roles, message.guild_id);
        match message::read(&message, bot.me, my_role) {
            Reading::Ignored => {}
            Reading::Overheard => {
                let (channel, server) = (message.channel_id, message.guild_id);
                if !ask_channels::may_be_a_question(bot, message.id, channel, server) {
                    return;
                }
                let is_first = || bot.lately.overhear(id, Instant::now());
                let asker = questioning::asker(&message, Way::Overheard);
                let work = ask_channels::answer(bot, asker, &message.content);
                serve_if(bot, id, whose, MESSAGE_DEADLINE, is_first, work).await;
            }
            // As what is overheard: an edit may make a question of it.
            Reading::QuietReply(words) => {
                let is_first = || bot.lately.overhear(id, Instant::now());
                let work = questioning::answer_quiet(bot, &message, &words, Instant::now());
                serve_if(bot, id, whose, MESSAGE_DEADLINE, is_first, work).await;
            }
            reading => {
                let work = answer_if_wanted(bot, &message, reading);
                serve_once(bot, id, whose, MESSAGE_DEADLINE, work).await;
            }
        }
    }

    async fn message_update(&self, _: Context, _: Option<Message>, _: Option<Message>, event: MessageUpdateEvent) {
        let bot = &self.bot;
        let (id, whose) = (event.id.get(), Whose::messages(event.guild_id, event.channel_id));
        // Nearly every edit is of a message that was no question, and is none now.
        if bot.questions.knows(event.id) {
            serve(bot, id, whose, MESSAGE_DEADLINE, afterwards::edited(bot, &event)).await;
        } else if afterwards::makes_a_question(bot, &event) {
            serve_once(bot, id, whose, MESSAGE_DEADLINE, Box::pin(answer_at_last(bot, &event))).await;
        } else if let Some((asker, content)) = afterwards::overheard(bot, &event) {
            let is_first = || bot.lately.overhear_again(id, Instant::now());
            let work = Box::pin(overhear_at_last(bot, &event, asker, content));
            serve_if(bot, id, whose, MESSAGE_DEADLINE, is_first, work).await;
        }
    }

    async fn message_delete(&self, _: Context, channel: ChannelId, message: MessageId, server: Option<GuildId>) {
        let bot = &self.bot;
        if bot.questions.knows(message) || bot.checks.are_below(message) {
            let whose = Whose::messages(server, channel);
            serve(
                bot,
                message.get(),
                whose,
                MESSAGE_DEADLINE,
                afterwards::deleted(bot, message),
            )
            .await;
        }
    }

    async fn message_delete_bulk(
        &self,
        ctx: Context,
        channel: ChannelId,
        messages: Vec<MessageId>,
        server: Option<GuildId>,
    ) {
        for message in messages {
            self.message_delete(ctx.clone(), channel, message, server).await;
        }
    }

    async fn interaction_create(&self, _: Context, interaction: Interaction) {
        let bot = &self.bot;
        let (id, whose) = (interaction.id().get(), Whose::interactions(&interaction));
        let work = answer_interaction(bot, &interaction);
        serve_once(bot, id, whose, INTERACTION_DEADLINE, work).await;
    }

    async fn channel_delete(&self, _: Context, channel: GuildChannel, _: Option<Vec<Message>>) {
        let whose = Whose::messages(Some(channel.guild_id), channel.id);
        let forget = manage::forget_channel(&self.bot, channel.guild_id, channel.id);
        self.bot.guard.serve(whose, FORGET_DEADLINE, forget).await;
    }

    async fn thread_create(&self, _: Context, thread: GuildChannel) {
        learn_threads(&self.bot, thread.guild_id, &[thread]);
    }

    async fn thread_list_sync(&self, _: Context, sync: ThreadListSyncEvent) {
        learn_threads(&self.bot, sync.guild_id, &sync.threads);
    }

    async fn guild_create(&self, _: Context, guild: Guild, _: Option<bool>) {
        learn_threads(&self.bot, guild.id, &guild.threads);
        let roles = guild.roles.values().map(|role| (role.id, role.tags.bot_id));
        self.bot.own_roles.learn(guild.id, roles, self.bot.me);
        let server = guild.id.into();
        self.bot.records.record(Record::ServerJoined { server });
    }

    async fn guild_delete(&self, _: Context, guild: UnavailableGuild, _: Option<Guild>) {
        // Unavailable: an outage of Discord's, and the bot is still in it.
        if !guild.unavailable {
            self.bot.own_roles.forget(guild.id);
            let (server, at) = (guild.id.into(), Timestamp::now());
            self.bot.records.record(Record::ServerLeft { server, at });
        }
    }
}

/// Which channels threads are in matters only where managers chose channels.
fn learn_threads(bot: &Bot, server: GuildId, threads: &[GuildChannel]) {
    if bot.settings_of(Some(server)).mentioned_in().is_some() {
        bot.threads.learn(threads);
    }
}

/// All servers of the shard, those that are unavailable just now among them. Discord tells of a removal once, and to
/// nobody while the bot is away.
fn session_began(ready: &Ready) -> Record {
    let only = Shard { number: 0, total: 1 };
    Record::SessionBegan {
        shard: ready.shard.map_or(only, |shard| Shard {
            number: shard.id.0,
            total: shard.total,
        }),
        servers: ready.guilds.iter().map(|guild| guild.id.into()).collect(),
        at: Timestamp::now(),
    }
}

/// Serves what may be a question, under its id in the log.
async fn serve(bot: &Bot, id: u64, whose: Whose, deadline: Duration, work: impl Future<Output = ()>) {
    let span = tracing::info_span!("question", id);
    bot.guard.serve(whose, deadline, work.instrument(span)).await;
}

/// The same for what is answered, which must not be done twice, however often it comes.
pub(super) async fn serve_once(bot: &Bot, id: u64, whose: Whose, deadline: Duration, work: impl Future<Output = ()>) {
    let is_first = || bot.lately.take(id, Instant::now());
    serve_if(bot, id, whose, deadline, is_first, work).await;
}

async fn serve_if(
    bot: &Bot,
    id: u64,
    whose: Whose,
    deadline: Duration,
    is_first: impl FnOnce() -> bool,
    work: impl Future<Output = ()>,
) {
    let work = Box::pin(work);
    let once = async {
        // Once it is let in, so that what is dropped now may be caught up on.
        if is_first() {
            work.await;
        } else {
            tracing::debug!("it was taken up before");
        }
    };
    serve(bot, id, whose, deadline, once).await;
}

/// Answers what came while the gateway was away: in the order of time in each channel, and no channel waits for a slow one.
async fn catch_up(bot: &Bot, shard: Option<ShardInfo>) {
    let give_up_at = Instant::now() + LOOK_BACK_WITHIN;
    let mut places = look_back::places(bot, shard).into_iter();
    let mut looking = FuturesUnordered::new();
    for place in places.by_ref().take(LOOKED_THROUGH_AT_ONCE) {
        looking.push(catch_up_in(bot, place, give_up_at));
    }
    while looking.next().await.is_some() {
        if let Some(place) = places.next() {
            looking.push(catch_up_in(bot, place, give_up_at));
        }
    }
}

async fn catch_up_in(bot: &Bot, place: Place, give_up_at: Instant) {
    // All that is there counts as not done until it is.
    let _open = bot.lately.open(place.channel, place.least);
    for Missed { message, reading } in look_back::missed(bot, place, give_up_at).await {
        let whose = Whose::messages(place.guild, place.channel);
        let work = answer_if_wanted(bot, &message, reading);
        serve_once(bot, message.id.get(), whose, MESSAGE_DEADLINE, work).await;
    }
}

/// Answers a message that an edit made a question of: as one that was missed, so it is read again, where all of it is.
/// Where that shows that a process before this one has answered it, its answer follows the edit. Any member can edit,
/// so Discord is asked only where an answer is wanted.
async fn answer_at_last(bot: &Bot, event: &MessageUpdateEvent) {
    if !admission::is_wanted(bot, event.channel_id, event.guild_id).await {
        return;
    }
    let edited = look_back::around(bot, place_of(event), event.id).await;
    if bot.questions.knows(event.id) {
        return afterwards::edited(bot, event).await;
    }
    if let Some(Missed { message, reading }) = edited {
        answer_if_wanted(bot, &message, reading).await;
    }
}

/// Answers a message that an edit may have made a question of, where what is overheard is answered. A process before
/// this one may have answered it already: then its answer follows the edit.
async fn overhear_at_last(bot: &Bot, event: &MessageUpdateEvent, asker: Asker, content: &str) {
    // What this process has heard itself and does not know has no answer. Each edit in an ask channel comes by here.
    if bot.lately.overhear(event.id.get(), Instant::now()) {
        // For the answers that are there; what speaks to the bot is none of these.
        look_back::around(bot, place_of(event), event.id).await;
        if bot.questions.knows(event.id) {
            return afterwards::edited(bot, event).await;
        }
    }
    ask_channels::answer(bot, asker, content).await;
}

/// Where a message was edited; before it nothing is of interest.
fn place_of(event: &MessageUpdateEvent) -> Place {
    Place {
        channel: event.channel_id,
        guild: event.guild_id,
        least: event.id.get(),
    }
}

/// Answers a message that speaks to the bot, where the server's managers want it and it is not too much.
async fn answer_if_wanted(bot: &Bot, message: &Message, reading: Reading) {
    let began = Instant::now();
    let _open = bot.lately.open(message.channel_id, message.id.get());
    let admission = admission::admit(bot, message, &reading).await;
    if admission != Admission::Ignored {
        bot.lately.asked_in(message.channel_id, message.guild_id, began);
    }
    match admission {
        // What would be refused is not sent, but whoever asks is told as ever.
        Admission::Answered if bot.shut.is_shut(message.channel_id, message.guild_id, began) => {
            let asked = (message.channel_id, message.author.id);
            bot.hints
                .give(&bot.rest, Hint::MayNotAnswer, asked, message.id.get())
                .await;
        }
        Admission::Answered => questioning::answer(bot, message, reading, began).await,
        // In a channel everyone would read the notice.
        Admission::TooMuch(bound) if message.guild_id.is_some() => {
            let asked = (message.channel_id, message.author.id);
            bot.hints
                .give(&bot.rest, Hint::TooMuch(bound), asked, message.id.get())
                .await;
        }
        Admission::TooMuch(bound) => {
            let asker = questioning::asker(message, Way::Message);
            let notice = reply::sentence(bound.sentence());
            questioning::send(bot, asker, message.id, &notice, began).await;
        }
        Admission::Ignored => {}
    }
}

async fn answer_interaction(bot: &Bot, interaction: &Interaction) {
    let began = Instant::now();
    let Some(First { callback, file, later }) = interaction::first(bot, interaction, Files::Taken).await else {
        return;
    };
    let sent = sending::respond(&bot.rest, interaction, callback, file.as_ref()).await;
    bot.metrics.handled(began.elapsed());
    let Some(later) = later else {
        return note_failure(bot, sent);
    };
    // Whatever is known of the first response: it may have been taken, and what was begun is to be finished.
    let finished = interaction::finish(bot, interaction, later).await;
    note_failure(bot, finished.or_else(|error| sent.and(Err(error))));
}

/// The body of a reply to this asker, or an apology where making it panicked.
pub(super) fn apologise_for_panic(bot: &Bot, asker: Asker, make: impl FnOnce() -> Body) -> Body {
    std::panic::catch_unwind(AssertUnwindSafe(make)).unwrap_or_else(|_| {
        bot.counts.failed();
        reply::public_sentence(wording::FAILED, asker.user.into())
    })
}

/// Where the bot may not speak it keeps silent: 403 says so, and saying more would be refused as well. 404 means that
/// the question is gone, but for 10062, which Discord says of a response after its three seconds.
pub(super) fn note_failure(bot: &Bot, sent: Result<(), RestError>) {
    match sent {
        Ok(()) => {}
        // Whoever asked was told that the bot did not respond.
        Err(error) if error.code() == Some(10062) => {
            bot.counts.failed();
            tracing::warn!(%error, "an answer came too late");
        }
        Err(error) if matches!(error.status(), Some(403 | 404)) => tracing::info!(%error, "an answer was not wanted"),
        Err(error) => {
            bot.counts.failed();
            tracing::warn!(%error, "an answer could not be sent");
        }
    }
}

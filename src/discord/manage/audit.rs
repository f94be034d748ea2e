//! Who did what: in the bot's log always, and in the channel that a server's managers chose.
//!
//! Promise: nobody waits for a post, each is tried once, and those to one channel leave in the order of the deeds; a
//! channel that cannot be posted to costs a line in the log.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::time::Duration;

use serenity::http::{LightMethod, Route};
use serenity::model::id::{ChannelId, GuildId};

use crate::answer::wording::managing as wording;
use crate::discord::bot::Bot;
use crate::discord::log_channel::LogChannels;
use crate::discord::payload::{Body, OwnMessage};
use crate::discord::permit::Caller;
use crate::discord::reply;
use crate::discord::rest::{Call, Rest};
use crate::store::{Records, Snowflake};

/// Posting ends by then.
const PATIENCE: Duration = Duration::from_secs(20);

/// Notes what one admin does in one interaction.
#[derive(Debug, Clone)]
pub(super) struct Audit {
    rest: Arc<Rest>,
    records: Arc<Records>,
    channels: Arc<LogChannels>,
    home: Option<GuildId>,
    caller: Caller,
    name: String,
    interaction: u64,
    /// Posts of this interaction so far: each has a nonce of its own, or Discord would take the second for the first.
    n_posts: Arc<AtomicU8>,
}

impl Audit {
    pub(super) fn new(bot: &Bot, caller: Caller, name: &str, interaction: u64) -> Self {
        Self {
            rest: Arc::clone(&bot.rest),
            records: Arc::clone(&bot.records),
            channels: Arc::clone(&bot.log_channels),
            home: bot.home,
            caller,
            name: name.to_owned(),
            interaction,
            n_posts: Arc::default(),
        }
    }

    /// The admin's id.
    pub(super) fn member(&self) -> u64 {
        self.caller.user.get()
    }

    /// Somebody tried what they may not.
    pub(super) fn refused(&self, action: &str) {
        tracing::warn!(member = self.member(), action, "an admin action was refused");
    }

    /// Notes a deed that concerns the server that it was done in.
    pub(super) fn note(&self, what: &str) {
        self.write(what);
        self.post(what, self.caller.guild.into_iter());
    }

    /// Notes a deed that changes the bot for every server: the home server's managers are told as well.
    pub(super) fn note_everywhere(&self, what: &str) {
        self.write(what);
        let elsewhere = self.home.filter(|home| Some(*home) != self.caller.guild);
        self.post(what, self.caller.guild.into_iter().chain(elsewhere));
    }

    /// Notes what belongs to a deed that was told of before: in the bot's log alone.
    pub(super) fn write(&self, what: &str) {
        let server = self.caller.guild.map(GuildId::get);
        tracing::info!(member = self.member(), server, what, "an admin action");
    }

    fn post(&self, what: &str, servers: impl Iterator<Item = GuildId>) {
        for server in servers {
            let server = server.into();
            if let Some(channel) = self.records.settings_of(Some(server)).log_channel {
                self.post_in(channel, what);
            }
        }
    }

    /// Posts a deed in this channel, whatever the settings name.
    pub(super) fn post_in(&self, channel: Snowflake, what: &str) {
        let body = reply::sentence(&wording::deed(&self.name, self.member(), what));
        let place = self.n_posts.fetch_add(1, Ordering::Relaxed);
        let nonce = format!("{}-{place}", self.interaction);
        post_to(&self.rest, &self.channels, channel, (nonce, body));
    }
}

/// Posts to a log channel, once, with nobody waiting for it; the nonce keeps a repeated request from posting again.
pub(super) fn post_to(rest: &Arc<Rest>, channels: &LogChannels, channel: Snowflake, (nonce, body): (String, Body)) {
    let (rest, channel_id) = (Arc::clone(rest), ChannelId::new(channel.get()));
    channels.post(channel_id, async move {
        let message = OwnMessage {
            body: &body,
            nonce,
            enforce_nonce: true,
        };
        let call = Call {
            method: LightMethod::Post,
            route: Route::ChannelMessages { channel_id },
            query: None,
            patience: PATIENCE,
        };
        if let Err(error) = rest.put(call, &message).await {
            tracing::warn!(%error, channel = channel_id.get(), "an admin action could not be posted");
        }
    });
}

//! A channel that is deleted leaves the settings of its server that name it.
//!
//! Promise: the bot speaks nowhere for it where it did not before; the server's managers are told in their log channel,
//! unless it was that. Deliberately absent: what was deleted while the bot was away, of which Discord does not tell.

use serenity::model::id::{ChannelId, GuildId};

use super::audit;
use crate::answer::wording::managing as wording;
use crate::discord::bot::Bot;
use crate::discord::reply;
use crate::store::Snowflake;

/// Takes a channel out of its server's settings.
pub(crate) async fn forget_channel(bot: &Bot, guild: GuildId, id: ChannelId) {
    let server = Snowflake::from(guild);
    let channel = Snowflake::from(id);
    let before = bot.settings_of(Some(guild));
    // Nearly every channel that is deleted is named nowhere, and the store has nothing to do.
    if !before.names(channel) {
        return;
    }
    let edit = bot
        .records
        .edit_settings(server, move |settings| settings.forget_channel(channel));
    let after = match edit.await {
        Ok(after) => after,
        Err(error) => {
            tracing::warn!(%error, channel = id.get(), "a deleted channel is still in its server's settings");
            return;
        }
    };
    tracing::info!(channel = id.get(), "a deleted channel left its server's settings");
    if let Some(log) = after.log_channel {
        let was_the_last = after.ignores_mentions && !before.ignores_mentions;
        let body = reply::sentence(&wording::channel_deleted(was_the_last));
        audit::post_to(&bot.rest, &bot.log_channels, log, (format!("gone-{id}"), body));
    }
}

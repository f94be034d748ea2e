//! Discord's ids as the store has them.

use std::num::NonZeroU64;

use serenity::model::id::{ChannelId, GuildId};

use crate::store::Snowflake;

impl From<ChannelId> for Snowflake {
    fn from(id: ChannelId) -> Self {
        NonZeroU64::from(id).into()
    }
}

impl From<GuildId> for Snowflake {
    fn from(id: GuildId) -> Self {
        NonZeroU64::from(id).into()
    }
}

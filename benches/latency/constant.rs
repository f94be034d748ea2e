//! A serenity bot that answers every message in the same words: as fast as a bot on serenity can be.

use anyhow::Result;
use serenity::all::{
    ClientBuilder, Context, CreateAllowedMentions, CreateMessage, EventHandler, GatewayIntents, Message, async_trait,
};
use serenity::http::HttpBuilder;

use super::discord;

struct Constant;

#[async_trait]
impl EventHandler for Constant {
    async fn message(&self, context: Context, message: Message) {
        let answer = CreateMessage::new()
            .content("The briefing does not say.")
            .allowed_mentions(CreateAllowedMentions::new())
            .reference_message(&message);
        // The Discord that measures sees what did not arrive.
        let _ = message.channel_id.send_message(&context.http, answer).await;
    }
}

/// Serves the Discord at this address, for ever.
pub(crate) fn run(url: &str) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let http = HttpBuilder::new(discord::TOKEN)
            .proxy(url)
            .ratelimiter_disabled(true)
            .build();
        let intents = GatewayIntents::GUILD_MESSAGES | GatewayIntents::DIRECT_MESSAGES | GatewayIntents::GUILDS;
        let mut client = ClientBuilder::new_with_http(http, intents)
            .event_handler(Constant)
            .await?;
        client.start().await?;
        Ok(())
    })
}

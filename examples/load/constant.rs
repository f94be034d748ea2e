//! A bot on the same library that says the same line to everything: what serenity and HTTP cost by themselves.

use anyhow::Result;
use serenity::all::{
    ChannelId, Client, Context, CreateInteractionResponse, CreateInteractionResponseMessage, CreateMessage,
    EventHandler, GatewayIntents, Http, HttpBuilder, Interaction, Message,
};
use serenity::async_trait;

/// About as long as an answer.
const LINE: &str = "This is the line that is said to everything, and it is about as long as a short answer with its source \
                    would be, so that the bodies of the requests are of like size.";

struct Constant;

#[async_trait]
impl EventHandler for Constant {
    async fn message(&self, ctx: Context, message: Message) {
        let reply = CreateMessage::new().content(LINE).reference_message(&message);
        // What is lost is counted at the other end.
        let _ = ChannelId::send_message(message.channel_id, &ctx.http, reply).await;
    }

    async fn interaction_create(&self, ctx: Context, interaction: Interaction) {
        let line = || CreateInteractionResponseMessage::new().content(LINE);
        let response = CreateInteractionResponse::Message(line());
        let _ = match interaction {
            Interaction::Command(command) => command.create_response(&ctx.http, response).await,
            Interaction::Component(press) => press.create_response(&ctx.http, response).await,
            _ => Ok(()),
        };
    }
}

/// Runs it against this Discord until it is killed, on as many threads as the real bot has.
///
/// # Errors
/// If it cannot connect.
pub(crate) async fn run(url: &str, token: &str) -> Result<()> {
    let http: Http = HttpBuilder::new(token).proxy(url).ratelimiter_disabled(true).build();
    let intents = GatewayIntents::GUILD_MESSAGES | GatewayIntents::DIRECT_MESSAGES | GatewayIntents::GUILDS;
    let mut client: Client = serenity::all::ClientBuilder::new_with_http(http, intents)
        .event_handler(Constant)
        .await?;
    Ok(client.start().await?)
}

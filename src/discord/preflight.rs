//! What is asked of Discord before serenity starts, since serenity would not say.
//!
//! A wrong token, no network and a used-up login budget end in endless retries inside it; and where it cannot learn
//! the gateway's address it silently takes Discord's own. Promise: nothing is logged in with before all is well.

use std::time::Duration;

use serde::Deserialize;
use serenity::http::{LightMethod, Route};
use serenity::model::id::UserId;

use super::error::DiscordError;
use super::rest::{Call, Rest, RestError};

/// Discord's own address, as messages name it.
const DISCORD: &str = "https://discord.com";
/// How long each question may take.
const PATIENCE: Duration = Duration::from_secs(20);
/// Logins that must be left: at the limit of 1000 a day Discord resets the token (`topics/gateway.mdx`).
const LEAST_LOGINS: u64 = 50;

/// What the connection needs to know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Preflight {
    /// The bot's own id.
    pub(crate) me: UserId,
    /// The gateway's address.
    pub(crate) gateway: String,
}

#[derive(Deserialize)]
struct Myself {
    id: UserId,
}

#[derive(Deserialize)]
struct Gateway {
    url: String,
    #[serde(default)]
    shards: u32,
    session_start_limit: Option<SessionStartLimit>,
}

#[derive(Deserialize)]
struct SessionStartLimit {
    remaining: u64,
    /// In milliseconds.
    #[serde(default)]
    reset_after: u64,
}

/// Asks who the bot is, where the gateway is, and how many logins are left.
///
/// # Errors
/// If the bot cannot or should not log in.
pub(crate) async fn ask(rest: &Rest, base: Option<&str>) -> Result<Preflight, DiscordError> {
    let failed = |error: RestError| match error.status() {
        Some(401) => DiscordError::TokenRefused,
        _ => DiscordError::Unreachable {
            address: base.unwrap_or(DISCORD).to_owned(),
            reason: error.to_string(),
        },
    };
    let myself: Myself = rest.get(call(Route::UserMe)).await.map_err(failed)?;
    let gateway: Gateway = rest.get(call(Route::GatewayBot)).await.map_err(failed)?;
    if let Some(limit) = gateway
        .session_start_limit
        .filter(|limit| limit.remaining < LEAST_LOGINS)
    {
        return Err(DiscordError::TooFewLogins {
            remaining: limit.remaining,
            reset_after: Duration::from_millis(limit.reset_after),
        });
    }
    if gateway.shards > 1 {
        tracing::warn!(
            advised = gateway.shards,
            "Discord advises more shards than the one of this process"
        );
    }
    Ok(Preflight {
        me: myself.id,
        gateway: gateway.url,
    })
}

fn call(route: Route<'_>) -> Call<'_> {
    Call {
        method: LightMethod::Get,
        route,
        query: None,
        patience: PATIENCE,
    }
}

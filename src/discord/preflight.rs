//! What is asked of Discord before serenity starts, since serenity would not say.
//!
//! A wrong token, no network and a used-up login budget end in endless retries inside it; and where it cannot learn
//! the gateway's address it silently takes Discord's own. Promise: nothing is logged in with before all is well.

use std::time::Duration;

use data_encoding::HEXLOWER;
use serde::Deserialize;
use serenity::http::{LightMethod, Route};
use serenity::model::id::{ApplicationId, UserId};

use super::error::DiscordError;
use super::rest::{Call, Rest, RestError};
use crate::config::{DiscordConfig, ShardRange, Shards};

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
    /// The gateway, where it is to be connected to.
    pub(crate) gateway: Option<GatewayPlan>,
    /// The application, where interactions are taken over HTTP.
    pub(crate) application: Option<ApplicationId>,
}

/// Where the gateway is, and which shards of it this process serves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct GatewayPlan {
    /// Its address.
    pub(crate) url: String,
    /// The shards.
    pub(crate) shards: ShardRange,
    /// Shards whose numbers leave the same rest by it log in one after the other.
    pub(crate) max_concurrency: u32,
}

#[derive(Deserialize)]
struct Application {
    id: ApplicationId,
    verify_key: String,
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
    #[serde(default = "one_at_a_time")]
    max_concurrency: u32,
}

/// What Discord allows every bot.
fn one_at_a_time() -> u32 {
    1
}

/// Asks who the bot is, where the gateway is, how many logins are left, and whether interactions can be checked.
///
/// # Errors
/// If the bot cannot or should not log in.
pub(crate) async fn ask(rest: &Rest, config: &DiscordConfig) -> Result<Preflight, DiscordError> {
    let failed = |error: RestError| match error.status() {
        Some(401) => DiscordError::TokenRefused,
        _ => DiscordError::Unreachable {
            address: config.api_url.as_deref().unwrap_or(DISCORD).to_owned(),
            reason: error.to_string(),
        },
    };
    let myself: Myself = rest.get(call(Route::UserMe)).await.map_err(failed)?;
    let application = match &config.interactions {
        None => None,
        Some(interactions) => {
            let application: Application = rest.get(call(Route::Oauth2ApplicationCurrent)).await.map_err(failed)?;
            if !is_key(&application.verify_key, interactions.public_key) {
                return Err(DiscordError::OtherPublicKey);
            }
            Some(application.id)
        }
    };
    let gateway = match config.shards {
        Shards::None => None,
        wanted => Some(plan(rest.get(call(Route::GatewayBot)).await.map_err(failed)?, wanted)?),
    };
    Ok(Preflight {
        me: myself.id,
        gateway,
        application,
    })
}

fn plan(gateway: Gateway, wanted: Shards) -> Result<GatewayPlan, DiscordError> {
    let advised = ShardRange::all(gateway.shards.max(1));
    let shards = match wanted {
        Shards::Some(shards) => shards,
        Shards::Auto | Shards::None => advised,
    };
    if let Some(limit) = &gateway.session_start_limit
        && limit.remaining < LEAST_LOGINS.max(u64::from(shards.n()))
    {
        return Err(DiscordError::TooFewLogins {
            remaining: limit.remaining,
            reset_after: Duration::from_millis(limit.reset_after),
        });
    }
    if advised.total > shards.total {
        tracing::warn!(
            advised = advised.total,
            total = shards.total,
            "Discord advises more shards than there are"
        );
    }
    Ok(GatewayPlan {
        url: gateway.url,
        shards,
        max_concurrency: gateway
            .session_start_limit
            .map_or_else(one_at_a_time, |limit| limit.max_concurrency),
    })
}

/// Whether the hex digits are this key.
fn is_key(hex: &str, key: [u8; 32]) -> bool {
    hex.eq_ignore_ascii_case(&HEXLOWER.encode(&key))
}

fn call(route: Route<'_>) -> Call<'_> {
    Call {
        method: LightMethod::Get,
        route,
        query: None,
        patience: PATIENCE,
    }
}

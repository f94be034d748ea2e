//! Interactions over HTTP: Discord asks, and what it gets is the response.
//!
//! The other way for what the gateway brings, for processes behind a load balancer, any number of them. Only how an
//! interaction comes in and its first response goes out is here; all between is the same. Promise: nothing is done for
//! a request whose signature is missing, wrong or stale; a request's size and time are bounded; work goes on where the
//! connection breaks.

mod server;
mod signature;
mod taken;

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::body::{Body, Bytes, to_bytes};
use axum::http::{Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use hyper::Request;
use hyper::body::{Body as _, Incoming};
use serde::Deserialize;
use serde_json::json;
use serenity::model::application::Interaction;
use tokio::sync::oneshot;
use tokio::time::{sleep, timeout};

use self::signature::{Claim, Forged};
use super::bot::Bot;
use super::events::{self, INTERACTION_DEADLINE};
use super::guard::Whose;
use super::interaction::{self, Files, First};
use crate::store::Timestamp;

pub(super) use self::server::Server;

/// Where interactions are sent to.
const PATH: &str = "/interactions";
/// A message that a menu is used on has at most some ten thousand characters, and as much again around them.
const MAX_BODY_BYTES: usize = 512 << 10;
/// Until the whole body is here: Discord has given the interaction up by then.
const BODY_WITHIN: Duration = Duration::from_secs(3);
/// Discord's three seconds, less the way there.
const RESPOND_WITHIN: Duration = Duration::from_millis(2500);
/// Before a deferral is replaced: Discord must have taken the response that it came in.
const TAKEN_AFTER: Duration = Duration::from_millis(500);
/// `PING` and `PONG`, as numbers (`receiving-and-responding.mdx`).
const PING: u8 = 1;

/// Serves interactions; never ends by itself.
pub(super) async fn serve(server: &Server, bot: &Arc<Bot>, public_key: [u8; 32]) {
    bot.pulse.is_accepting();
    let bot = Arc::clone(bot);
    let answer = move |request| {
        let bot = Arc::clone(&bot);
        async move {
            let taken = take(&bot, &public_key, request).await;
            taken.unwrap_or_else(|refusal| refuse(&bot, refusal))
        }
    };
    server.serve(answer).await;
}

/// Why a request is not served.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Refusal {
    /// Another path.
    Elsewhere,
    /// Another method.
    NoPost,
    /// Not Discord's.
    Forged(Forged),
    /// Longer than anything of Discord's.
    TooLong,
    /// Its body did not come in time.
    TooSlow,
    /// Signed, but no interaction that this version can read.
    Unreadable,
    /// Not served in time, served before, or one too many.
    Busy,
}

impl Refusal {
    fn status(self) -> StatusCode {
        match self {
            Self::Elsewhere => StatusCode::NOT_FOUND,
            Self::NoPost => StatusCode::METHOD_NOT_ALLOWED,
            Self::Forged(_) => StatusCode::UNAUTHORIZED,
            Self::TooLong => StatusCode::PAYLOAD_TOO_LARGE,
            Self::TooSlow => StatusCode::REQUEST_TIMEOUT,
            Self::Unreadable => StatusCode::BAD_REQUEST,
            Self::Busy => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    /// The name it has in metrics.
    fn name(self) -> &'static str {
        match self {
            Self::Elsewhere => "elsewhere",
            Self::NoPost => "no-post",
            Self::Forged(forged) => forged.name(),
            Self::TooLong => "too-long",
            Self::TooSlow => "too-slow",
            Self::Unreadable => "unreadable",
            Self::Busy => "busy",
        }
    }
}

fn refuse(bot: &Bot, refusal: Refusal) -> Response {
    bot.metrics.interaction_refused(refusal.name());
    if refusal == Refusal::Unreadable {
        tracing::warn!("Discord sent an interaction that this version cannot read");
    }
    (refusal.status(), format!("{}\n", refusal.name())).into_response()
}

/// What tells a ping from everything else.
#[derive(Deserialize)]
struct Kind {
    #[serde(rename = "type")]
    kind: u8,
}

async fn take(bot: &Arc<Bot>, public_key: &[u8; 32], request: Request<Incoming>) -> Result<Response, Refusal> {
    if request.uri().path() != PATH {
        return Err(Refusal::Elsewhere);
    }
    if request.method() != Method::POST {
        return Err(Refusal::NoPost);
    }
    // Before the body, which is not worth waiting for otherwise.
    let claim = Claim::read(request.headers(), Timestamp::now()).map_err(Refusal::Forged)?;
    let body = body_of(request).await?;
    claim.check(public_key, &body).map_err(Refusal::Forged)?;
    let Kind { kind } = serde_json::from_slice(&body).map_err(|_| Refusal::Unreadable)?;
    if kind == PING {
        return Ok(respond(json!({"type": PING}).to_string()));
    }
    let interaction = serde_json::from_slice(&body).map_err(|_| Refusal::Unreadable)?;
    let callback = answered(bot, interaction).await.ok_or(Refusal::Busy)?;
    Ok(respond(callback))
}

async fn body_of(request: Request<Incoming>) -> Result<Bytes, Refusal> {
    if request.body().size_hint().lower() > MAX_BODY_BYTES as u64 {
        return Err(Refusal::TooLong);
    }
    let read = to_bytes(Body::new(request.into_body()), MAX_BODY_BYTES);
    match timeout(BODY_WITHIN, read).await {
        Ok(Ok(body)) => Ok(body),
        Ok(Err(_)) => Err(Refusal::TooLong),
        Err(_) => Err(Refusal::TooSlow),
    }
}

fn respond(json: String) -> Response {
    ([(header::CONTENT_TYPE, "application/json")], json).into_response()
}

/// The first response, on a task of its own: where the connection breaks, what was begun is finished.
async fn answered(bot: &Arc<Bot>, interaction: Interaction) -> Option<String> {
    let (tell, told) = oneshot::channel();
    let bot = Arc::clone(bot);
    tokio::spawn(async move {
        let began = Instant::now();
        let work = async {
            let first = interaction::first(&bot, &interaction, Files::Later).await;
            let Some(First { callback, later, .. }) = first else {
                return;
            };
            // Nobody waits any more where Discord has hung up.
            let _ = tell.send(callback);
            bot.metrics.handled(began.elapsed());
            if let Some(later) = later {
                sleep(TAKEN_AFTER).await;
                events::note_failure(&bot, interaction::finish(&bot, &interaction, later).await);
            }
        };
        let (id, whose) = (interaction.id().get(), Whose::interactions(&interaction));
        events::serve_once(&bot, id, whose, INTERACTION_DEADLINE, work).await;
    });
    timeout(RESPOND_WITHIN, told).await.ok()?.ok()
}

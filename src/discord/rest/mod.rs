//! Sends requests to Discord, and to nothing else.
//!
//! serenity builds the requests, and its rate limiter orders them where it can: the limiter ignores another base
//! address, keeps an entry for every interaction for ever, and lets one interaction's limit hold back all others'. So
//! requests that carry an interaction's own token go past it, and with `DISCORD_API_URL` set all do; what is past it
//! honours 429 here. A request whose fate is unknown is repeated, one that carries something for as long as its caller
//! waits: the bot only reads, overwrites, posts messages with an enforced nonce, and responds to interactions, of which
//! Discord takes the first response only. Promise: every request ends within the patience that its caller has; an error
//! never holds the token.

use std::sync::Arc;
use std::time::{Duration, Instant};

use hyper::body::Bytes;
use reqwest::StatusCode;
use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serenity::builder::CreateAttachment;
use serenity::http::{Http, HttpBuilder, HttpError, LightMethod, Multipart, MultipartUpload, Request, Route};
use tokio::sync::Notify;

use super::payload::File;
use super::refusals::{Refusals, Verdict};
use crate::ops::metrics::Metrics;

/// Until a connection stands (discord.md: a default client waits for ever).
const CONNECT_WITHIN: Duration = Duration::from_secs(5);
/// Until one attempt has its whole response.
const ATTEMPT_WITHIN: Duration = Duration::from_secs(10);
/// The part of its caller's patience that one attempt may take, so that another one fits in. What serenity's limiter
/// sends is held to it where it only reads: what carries something may wait for its turn there for longer, and then has
/// [`ATTEMPT_WITHIN`].
const ATTEMPT_SHARE: f32 = 0.4;
/// Attempts of a request that only reads: whoever asks can ask again.
const MAX_READS: u32 = 3;
/// Before the second attempt; grows by as much from one to the next, up to this part of the caller's patience.
const BACKOFF: Duration = Duration::from_millis(250);
const BACKOFF_SHARE: f32 = 0.1;
/// Waited on a 429 that says nothing.
const UNKNOWN_RETRY_AFTER: Duration = Duration::from_secs(1);

/// The reason of a limit that is waited for, and of one that is longer than anybody waits.
const RATE_LIMITED: &str = "rate-limited";

/// Why a request came to nothing.
#[derive(Debug, thiserror::Error)]
pub(crate) enum RestError {
    /// Discord said no.
    #[error("Discord refused with status {status}, code {code}: {message}")]
    Refused {
        /// HTTP's status.
        status: u16,
        /// Discord's own code, 0 where there is none.
        code: u64,
        /// What Discord says, with the places in the body that it names.
        message: String,
    },
    /// Discord asks for more patience than the caller has.
    #[error("Discord asks to wait {} s", .0.as_secs_f32())]
    RateLimited(Duration),
    /// Nothing came back, or nothing that can be read.
    #[error("{0}")]
    Unreachable(String),
    /// No answer within the caller's patience, or within what an attempt has of it.
    #[error("no answer from Discord within {} s", .0.as_secs_f32())]
    TimedOut(Duration),
    /// So many requests were refused lately that another might get the whole address banned.
    #[error("too many requests were refused lately, so nothing is sent for a while")]
    HeldBack,
    /// The request cannot be built.
    #[error("the request cannot be built: {0}")]
    Unbuildable(String),
}

impl RestError {
    /// HTTP's status, where there was a response.
    pub(crate) fn status(&self) -> Option<u16> {
        match self {
            Self::Refused { status, .. } => Some(*status),
            _ => None,
        }
    }

    /// Discord's own code, where there was a response with one.
    pub(crate) fn code(&self) -> Option<u64> {
        match self {
            Self::Refused { code, .. } => Some(*code),
            _ => None,
        }
    }

    /// The name it has in metrics.
    fn reason(&self) -> &'static str {
        match self {
            Self::Refused { status: 401, .. } => "unauthorized",
            Self::Refused { status: 403, .. } => "forbidden",
            Self::Refused { status: 404, .. } => "not-found",
            Self::Refused { status: 500.., .. } => "server-error",
            Self::Refused { .. } => "refused",
            Self::RateLimited(_) => RATE_LIMITED,
            Self::Unreachable(_) => "unreachable",
            Self::TimedOut(_) => "timed-out",
            Self::HeldBack => "held-back",
            Self::Unbuildable(_) => "unbuildable",
        }
    }
}

/// One request: what, and how long it may take.
#[derive(Debug)]
pub(crate) struct Call<'a> {
    /// The method.
    pub(crate) method: LightMethod,
    /// Where to.
    pub(crate) route: Route<'a>,
    /// The query.
    pub(crate) query: Option<Vec<(&'static str, String)>>,
    /// How long the caller waits, repetitions included.
    pub(crate) patience: Duration,
}

/// The way to Discord.
#[derive(Debug)]
pub(crate) struct Rest {
    client: reqwest::Client,
    http: Arc<Http>,
    base: Option<String>,
    refusals: Refusals,
    metrics: Arc<Metrics>,
    token_refused: Notify,
}

impl Rest {
    /// A way for this token, to Discord or to another base.
    ///
    /// # Errors
    /// If no client can be made.
    pub(crate) fn new(token: &SecretString, base: Option<&str>) -> Result<Self, RestError> {
        let client = new_client(base).map_err(|error| RestError::Unbuildable(without_url(error)))?;
        Ok(Self::over(client, token, base))
    }

    fn over(client: reqwest::Client, token: &SecretString, base: Option<&str>) -> Self {
        Self {
            http: Arc::new(new_http(token, base, client.clone())),
            client,
            base: base.map(str::to_owned),
            refusals: Refusals::default(),
            metrics: Arc::default(),
            token_refused: Notify::new(),
        }
    }

    /// Counts what comes to nothing, or has to wait, here.
    pub(crate) fn counted_in(mut self, metrics: &Arc<Metrics>) -> Self {
        self.metrics = Arc::clone(metrics);
        // What serenity waits out, it tells nobody else of. Nobody else has the client yet, or its limiter, where it is on.
        if let Some(limiter) = Arc::get_mut(&mut self.http).and_then(|http| http.ratelimiter.as_mut()) {
            let metrics = Arc::clone(metrics);
            limiter.set_ratelimit_callback(Box::new(move |_| metrics.rest_waited()));
        }
        self
    }

    /// Sends without a body.
    ///
    /// # Errors
    /// If it came to nothing.
    pub(crate) async fn get<T: DeserializeOwned>(&self, call: Call<'_>) -> Result<T, RestError> {
        read(&self.send(call, Sent::Nothing).await?)
    }

    /// Sends a body; what comes back does not matter.
    ///
    /// # Errors
    /// If it came to nothing.
    pub(crate) async fn put(&self, call: Call<'_>, body: &impl Serialize) -> Result<(), RestError> {
        let body = serde_json::to_vec(body).map_err(|error| RestError::Unbuildable(error.to_string()))?;
        self.send(call, Sent::Json(body)).await.map(drop)
    }

    /// Sends a body, and a file with it where there is one; what comes back does not matter.
    ///
    /// # Errors
    /// If it came to nothing.
    pub(crate) async fn put_with(
        &self,
        call: Call<'_>,
        body: &impl Serialize,
        file: Option<&File>,
    ) -> Result<(), RestError> {
        let body = serde_json::to_string(body).map_err(|error| RestError::Unbuildable(error.to_string()))?;
        self.put_json(call, body, file).await
    }

    /// The same of a body that is in JSON already.
    ///
    /// # Errors
    /// If it came to nothing.
    pub(crate) async fn put_json(&self, call: Call<'_>, body: String, file: Option<&File>) -> Result<(), RestError> {
        let Some(file) = file else {
            return self.send(call, Sent::Json(body.into_bytes())).await.map(drop);
        };
        let multipart = Multipart {
            upload: MultipartUpload::Attachments(vec![CreateAttachment::bytes(file.bytes.clone(), file.filename)]),
            fields: Vec::new(),
            payload_json: Some(body),
        };
        self.send(call, Sent::WithFile(Box::new(multipart))).await.map(drop)
    }

    /// Sends a body and reads what comes back.
    ///
    /// # Errors
    /// If it came to nothing.
    pub(crate) async fn exchange<T: DeserializeOwned>(
        &self,
        call: Call<'_>,
        body: &impl Serialize,
    ) -> Result<T, RestError> {
        let body = serde_json::to_vec(body).map_err(|error| RestError::Unbuildable(error.to_string()))?;
        read(&self.send(call, Sent::Json(body)).await?)
    }

    /// Sends without a body; what comes back does not matter.
    ///
    /// # Errors
    /// If it came to nothing.
    pub(crate) async fn delete(&self, call: Call<'_>) -> Result<(), RestError> {
        self.send(call, Sent::Nothing).await.map(drop)
    }

    /// Ends when Discord has refused the token.
    pub(crate) async fn token_refused(&self) {
        self.token_refused.notified().await;
    }

    /// Forgets limits that no longer hold anything back: serenity itself never does.
    pub(crate) async fn prune(&self) {
        if let Some(limiter) = &self.http.ratelimiter {
            let routes = limiter.routes();
            routes.write().await.retain(|_, bucket| {
                let is_ahead = |reset: std::time::SystemTime| reset.elapsed().is_err();
                let is_waited_for = bucket.try_lock().is_ok_and(|limit| limit.reset().is_some_and(is_ahead));
                Arc::strong_count(bucket) > 1 || is_waited_for
            });
        }
    }

    async fn send(&self, call: Call<'_>, body: Sent) -> Result<Bytes, RestError> {
        let patience = call.patience;
        let repeated = self.send_repeatedly(call, body);
        let sent = tokio::time::timeout(patience, repeated).await;
        let sent = sent.unwrap_or(Err(RestError::TimedOut(patience)));
        if let Err(error) = &sent {
            self.metrics.rest_failed(error.reason());
        }
        sent
    }

    async fn send_repeatedly(&self, call: Call<'_>, body: Sent) -> Result<Bytes, RestError> {
        let deadline = Instant::now() + call.patience;
        let within = ATTEMPT_WITHIN.min(call.patience.mul_f32(ATTEMPT_SHARE));
        let longest_pause = call.patience.mul_f32(BACKOFF_SHARE);
        let is_read = matches!(call.method, LightMethod::Get);
        let mut attempt = 1;
        loop {
            if self.refusals.verdict(Instant::now()) == Verdict::Stop {
                return Err(RestError::HeldBack);
            }
            let request = body.on(Request::new(call.route, call.method).params(call.query.clone()));
            let attempted = self.attempt(request, within);
            let attempted = if is_read {
                // Given up in the middle, the limiter lets go of its locks and still knows until when a limit holds.
                let given_up = Err(Attempt::Unknown(RestError::TimedOut(within)));
                tokio::time::timeout(within, attempted).await.unwrap_or(given_up)
            } else {
                attempted.await
            };
            let error = match attempted {
                Ok(bytes) => return Ok(bytes),
                Err(Attempt::Limited(wait)) if wait < deadline.saturating_duration_since(Instant::now()) => {
                    self.metrics.rest_failed(RATE_LIMITED);
                    tokio::time::sleep(wait).await;
                    continue;
                }
                Err(Attempt::Limited(wait)) => return Err(RestError::RateLimited(wait)),
                // 40060: the interaction was answered already, so it was the lost first attempt that arrived.
                Err(Attempt::Failed(RestError::Refused { code: 40060, .. })) if attempt > 1 => return Ok(Bytes::new()),
                Err(Attempt::Failed(error)) => return Err(error),
                Err(Attempt::Unknown(error)) => error,
            };
            let pause = longest_pause.min(BACKOFF * attempt);
            if is_read && attempt == MAX_READS || Instant::now() + pause >= deadline {
                return Err(error);
            }
            tokio::time::sleep(pause).await;
            attempt += 1;
        }
    }

    async fn attempt(&self, request: Request<'_>, within: Duration) -> Result<Bytes, Attempt> {
        let has_own_token = has_own_token(&request);
        let response = self.perform(request, within).await?;
        let status = response.status();
        // They are of use where the request came to nothing.
        let headers = (!status.is_success()).then(|| response.headers().clone());
        let bytes = response
            .bytes()
            .await
            .map_err(|error| Attempt::Unknown(RestError::Unreachable(without_url(error))))?;
        let Some(headers) = headers else {
            return Ok(bytes);
        };
        let is_shared = headers.get("x-ratelimit-scope").is_some_and(|scope| scope == "shared");
        if matches!(status.as_u16(), 401 | 403 | 429) && !is_shared {
            self.refusals.count(Instant::now());
        }
        match status {
            StatusCode::TOO_MANY_REQUESTS => Err(Attempt::Limited(retry_after(&bytes, &headers))),
            // An interaction's own token is refused once its quarter of an hour is over.
            StatusCode::UNAUTHORIZED if !has_own_token => {
                self.token_refused.notify_one();
                Err(Attempt::Failed(refused(status, &bytes)))
            }
            _ if status.is_server_error() => Err(Attempt::Unknown(refused(status, &bytes))),
            _ => Err(Attempt::Failed(refused(status, &bytes))),
        }
    }

    async fn perform(&self, request: Request<'_>, within: Duration) -> Result<reqwest::Response, Attempt> {
        let limiter = self.http.ratelimiter.as_ref().filter(|_| !has_own_token(&request));
        if let Some(limiter) = limiter {
            return limiter.perform(request).await.map_err(of_serenity);
        }
        let request = request
            .build(&self.client, self.http.token(), self.base.as_deref())
            .map_err(of_serenity)?;
        request.timeout(within).send().await.map_err(of_reqwest)
    }
}

/// Whether it carries an interaction's own token.
fn has_own_token(request: &Request<'_>) -> bool {
    matches!(
        request.route_ref(),
        Route::InteractionResponse { .. }
            | Route::WebhookOriginalInteractionResponse { .. }
            | Route::WebhookFollowupMessages { .. }
    )
}

/// What is sent with a request.
enum Sent {
    Nothing,
    Json(Vec<u8>),
    WithFile(Box<Multipart>),
}

impl Sent {
    fn on<'a>(&self, request: Request<'a>) -> Request<'a> {
        match self {
            Self::Nothing => request,
            Self::Json(body) => request.body(Some(body.clone())),
            Self::WithFile(multipart) => request.multipart(Some(Multipart::clone(multipart))),
        }
    }
}

fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, RestError> {
    serde_json::from_slice(bytes)
        .map_err(|error| RestError::Unreachable(format!("the response is not what it should be: {error}")))
}

/// What one attempt came to, where it came to nothing.
enum Attempt {
    /// Discord asks to wait.
    Limited(Duration),
    /// It may have arrived, or not.
    Unknown(RestError),
    /// It arrived and was refused, or never can.
    Failed(RestError),
}

/// A client with deadlines; another base is reached directly, whatever proxy the environment names.
pub(crate) fn new_client(base: Option<&str>) -> reqwest::Result<reqwest::Client> {
    if base.is_some() {
        client_builder().no_proxy().build()
    } else {
        client_builder().build()
    }
}

fn client_builder() -> reqwest::ClientBuilder {
    reqwest::Client::builder()
        .use_rustls_tls()
        .connect_timeout(CONNECT_WITHIN)
        .timeout(ATTEMPT_WITHIN)
        .redirect(reqwest::redirect::Policy::none())
}

/// serenity's own client over ours; with another base its limiter is off, since it would ignore the address.
pub(crate) fn new_http(token: &SecretString, base: Option<&str>, client: reqwest::Client) -> Http {
    let builder = HttpBuilder::new(token.expose_secret()).client(client);
    match base {
        Some(base) => builder.proxy(base).ratelimiter_disabled(true).build(),
        None => builder.build(),
    }
}

fn of_serenity(error: serenity::Error) -> Attempt {
    match error {
        serenity::Error::Http(HttpError::Request(error)) => of_reqwest(error),
        error => Attempt::Failed(RestError::Unbuildable(error.to_string())),
    }
}

fn of_reqwest(error: reqwest::Error) -> Attempt {
    Attempt::Unknown(RestError::Unreachable(without_url(error)))
}

/// The whole chain of causes. Addresses are left out: those of interactions hold their token.
fn without_url(error: reqwest::Error) -> String {
    let error = error.without_url();
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(&error);
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text
}

fn retry_after(body: &[u8], headers: &reqwest::header::HeaderMap) -> Duration {
    let in_body = || {
        serde_json::from_slice::<serde_json::Value>(body)
            .ok()?
            .get("retry_after")?
            .as_f64()
    };
    let in_header = || headers.get("retry-after")?.to_str().ok()?.parse().ok();
    let seconds = in_body().or_else(in_header);
    seconds
        .and_then(|seconds| Duration::try_from_secs_f64(seconds).ok())
        .unwrap_or(UNKNOWN_RETRY_AFTER)
}

fn refused(status: StatusCode, body: &[u8]) -> RestError {
    let body: serde_json::Value = serde_json::from_slice(body).unwrap_or_default();
    let mut message = body["message"].as_str().unwrap_or("no reason given").to_owned();
    if let Some(errors) = body.get("errors") {
        message = format!("{message} {errors}");
    }
    RestError::Refused {
        status: status.as_u16(),
        code: body["code"].as_u64().unwrap_or_default(),
        message,
    }
}

#[cfg(test)]
mod tests;

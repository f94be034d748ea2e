//! Health over HTTP, for whoever watches the bot: `/livez`, `/readyz`, `/servez`, `/metrics`.
//!
//! Promise: a Discord or a store that is away makes the bot not ready, but never not alive: restarting would use up
//! logins and mend nothing. Not for the public: it has no secrets, but nobody's business either. Deliberately absent:
//! what is asked of the bot's parts, which whoever starts this knows.

use std::sync::Arc;

use async_trait::async_trait;
use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use tokio::net::TcpListener;

/// The content type of the text format that Prometheus reads.
const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// Whether the bot can do its work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Readiness {
    /// Facts are loaded; always so once it runs.
    pub facts: bool,
    /// The gateway is connected, all shards of this process; `None` for a process that has none.
    pub gateway: Option<bool>,
    /// Interactions are accepted over HTTP; `None` for a process that takes none.
    pub interactions: Option<bool>,
    /// The store answers.
    pub store: bool,
    /// The revision of the facts.
    pub revision: String,
}

impl Readiness {
    /// Whether all of it is so.
    #[must_use]
    pub fn is_ready(&self) -> bool {
        self.facts && self.gateway != Some(false) && self.interactions != Some(false) && self.store
    }

    fn to_json(&self) -> String {
        let wanted = |state: Option<bool>| state.map_or("null".to_owned(), |state| state.to_string());
        format!(
            "{{\"ready\":{},\"facts\":{},\"gateway\":{},\"store\":{},\"interactions\":{},\"revision\":\"{}\"}}\n",
            self.is_ready(),
            self.facts,
            wanted(self.gateway),
            self.store,
            wanted(self.interactions),
            self.revision
        )
    }
}

/// Who knows how the bot is.
#[async_trait]
pub trait HealthSource: std::fmt::Debug + Send + Sync + 'static {
    /// Whether it can do its work.
    async fn readiness(&self) -> Readiness;

    /// Whether questions are answered, with a store or without; asks nobody.
    fn answers(&self) -> bool;

    /// Everything for Prometheus.
    fn metrics(&self) -> String;
}

/// Serves until it is dropped.
///
/// # Errors
/// If the listener fails.
pub async fn serve(listener: TcpListener, source: Arc<dyn HealthSource>) -> std::io::Result<()> {
    let router = Router::new()
        .route("/livez", get(|| async { "alive\n" }))
        .route("/readyz", get(readyz))
        .route("/servez", get(servez))
        .route("/metrics", get(metrics))
        .with_state(source);
    axum::serve(listener, router).await
}

async fn readyz(State(source): State<Arc<dyn HealthSource>>) -> Response {
    let readiness = source.readiness().await;
    let status = if readiness.is_ready() {
        StatusCode::OK
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    };
    (
        status,
        [(header::CONTENT_TYPE, "application/json")],
        readiness.to_json(),
    )
        .into_response()
}

/// For load balancers, which must not take away what answers because a store is away.
async fn servez(State(source): State<Arc<dyn HealthSource>>) -> Response {
    if source.answers() {
        (StatusCode::OK, "answers\n").into_response()
    } else {
        (StatusCode::SERVICE_UNAVAILABLE, "answers nothing\n").into_response()
    }
}

async fn metrics(State(source): State<Arc<dyn HealthSource>>) -> Response {
    ([(header::CONTENT_TYPE, OPEN_METRICS)], source.metrics()).into_response()
}

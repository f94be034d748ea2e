//! What health over HTTP says of the running bot.
//!
//! Promise: asking changes nothing, and ends in time whatever the store and the gateway do.

use std::sync::Arc;

use async_trait::async_trait;
use tokio::net::TcpListener;
use tokio::time::Instant;

use super::{Parts, WARN_AFTER};
use crate::discord;
use crate::ops::health::{self, HealthSource, Readiness};
use crate::ops::metrics::{self, Vitals};
use crate::store::Timestamp;

/// Serves health where it is wanted; ends only by an error.
pub(super) async fn show(listener: Option<TcpListener>, health: Health) -> std::io::Error {
    let Some(listener) = listener else {
        return std::future::pending().await;
    };
    if let Ok(address) = listener.local_addr() {
        tracing::info!(%address, "health is served");
    }
    match health::serve(listener, Arc::new(health)).await {
        Ok(()) => std::io::Error::other("health is no longer served"),
        Err(error) => error,
    }
}

/// Who knows how everything is.
#[derive(Debug)]
pub(super) struct Health {
    pub(super) parts: Parts,
    pub(super) pulse: Arc<discord::Pulse>,
    pub(super) counts: Arc<discord::Counts>,
    /// Whether this process has a part of the gateway.
    pub(super) has_gateway: bool,
    /// Whether it takes interactions over HTTP.
    pub(super) takes_interactions: bool,
}

impl Health {
    /// `None` where there is no gateway to be connected to.
    fn is_connected(&self) -> Option<bool> {
        self.has_gateway.then(|| self.pulse.sessions() > 0 && self.is_alive())
    }

    /// Connected, with every shard; `None` as above.
    fn is_whole(&self) -> Option<bool> {
        self.is_connected()
            .map(|is_connected| is_connected && self.pulse.is_complete())
    }

    /// `None` where none are taken.
    fn accepts_interactions(&self) -> Option<bool> {
        self.takes_interactions
            .then(|| self.pulse.accepts_interactions() && (self.has_gateway || self.is_alive()))
    }

    fn is_alive(&self) -> bool {
        self.pulse.silence(Instant::now().into_std()) < WARN_AFTER
    }
}

#[async_trait]
impl HealthSource for Health {
    async fn readiness(&self) -> Readiness {
        let revision = self.parts.reloader.engine().snapshot().base().revision.to_string();
        let store = self.parts.records.ask(|store| async move { store.ping().await }).await;
        Readiness {
            facts: true,
            gateway: self.is_whole(),
            interactions: self.accepts_interactions(),
            // A full disk lets a transaction begin, and so does a standby; whether records are taken, their writer knows.
            store: store.is_ok() && !self.parts.records.health().is_failing,
            revision,
        }
    }

    fn answers(&self) -> bool {
        self.is_connected() != Some(false) && self.accepts_interactions() != Some(false)
    }

    fn metrics(&self) -> String {
        let snapshot = self.parts.reloader.engine().snapshot();
        let reloads = self.parts.reloader.status();
        let store = self.parts.records.health();
        let tally = self.counts.tally();
        let now = Instant::now().into_std();
        self.parts.metrics.to_text(&Vitals {
            is_connected: self.is_connected(),
            gateway_latency: self.pulse.latency(),
            gateway_silence: self.pulse.silence(now),
            n_shards: self.pulse.shards(),
            n_connected_shards: self.pulse.connected_shards(now, WARN_AFTER) as u64,
            n_sessions: self.pulse.sessions(),
            n_resumes: self.pulse.resumes(),
            n_dropped: tally.dropped,
            n_failed: tally.failed,
            n_queued: store.n_queued,
            n_written: store.n_written,
            n_lost: store.n_lost,
            n_store_failures: store.n_failures,
            is_store_up: store.is_up,
            pruned_at: store.pruned_at.map_or(0, |at| at.0),
            is_ready: self.is_whole() != Some(false) && self.accepts_interactions() != Some(false) && store.is_up,
            revision: snapshot.base().revision.to_string(),
            n_facts: snapshot.base().n_facts() as u64,
            are_facts_refused: reloads.refused.is_some_and(|refusal| !refusal.is_passing()),
            loaded_at: Timestamp::of(reloads.last.at).0,
            resident_bytes: metrics::resident_bytes(),
        })
    }
}

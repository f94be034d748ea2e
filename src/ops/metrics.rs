//! Numbers for Prometheus: what was counted and measured since the start.
//!
//! Promise: counting takes no lock that a scrape holds for long; every label's values are a short list known beforehand,
//! so no member's, server's or question's text is in one. What has a number of its own elsewhere (the queue of the store,
//! the gateway's latency) is handed in as [`Vitals`] when somebody asks, instead of being counted twice.

use std::sync::atomic::AtomicU64;
use std::time::Duration;

use prometheus_client::encoding::text::{encode_eof, encode_registry};
use prometheus_client::metrics::counter::{ConstCounter, Counter};
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::ConstGauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::{Registry, Unit};

/// Before every name.
const PREFIX: &str = "briefing_bot";
/// Matching takes some tens of microseconds: from 10 µs on, doubling.
const MATCHING_BUCKETS: [f64; 12] = [
    10e-6, 20e-6, 40e-6, 80e-6, 160e-6, 320e-6, 640e-6, 1.28e-3, 2.56e-3, 5.12e-3, 10.24e-3, 0.1,
];
/// Replies take what Discord takes; its limit for an interaction is 3 s.
const REPLY_BUCKETS: [f64; 11] = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 3.0, 10.0];

type Labels<const N: usize> = [(&'static str, &'static str); N];
type CounterFamily<const N: usize> = Family<Labels<N>, Counter<u64, AtomicU64>>;

/// What is counted and measured while the bot runs.
#[derive(Debug)]
pub struct Metrics {
    registry: Registry,
    answers: CounterFamily<2>,
    matching: Histogram,
    replies: Histogram,
    rest_failures: CounterFamily<1>,
    rest_waits: Counter<u64, AtomicU64>,
    reloads: CounterFamily<1>,
    refused: CounterFamily<1>,
}

/// Numbers that are kept elsewhere, at the moment of a scrape.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Vitals {
    /// Whether the gateway shows signs of life; `None` for a process that has none.
    pub is_connected: Option<bool>,
    /// How long the gateway took to answer the last heartbeat.
    pub gateway_latency: Option<Duration>,
    /// How long the gateway has shown no sign of life.
    pub gateway_silence: Duration,
    /// Shards that this process serves.
    pub n_shards: u32,
    /// Those of them that are connected.
    pub n_connected_shards: u64,
    /// Sessions begun at the gateway.
    pub n_sessions: u64,
    /// Sessions that went on after their connection had ended.
    pub n_resumes: u64,
    /// Events that were not served since too many were being served.
    pub n_dropped: u64,
    /// Events whose handling failed.
    pub n_failed: u64,
    /// Records that wait for the store.
    pub n_queued: u64,
    /// Records that were written.
    pub n_written: u64,
    /// Records that were lost.
    pub n_lost: u64,
    /// Attempts to write records that failed.
    pub n_store_failures: u64,
    /// Whether the store answers and takes records.
    pub is_store_up: bool,
    /// When the store was last pruned, in seconds since 1970; 0 for never.
    pub pruned_at: i64,
    /// Whether the bot can do all of its work.
    pub is_ready: bool,
    /// The revision of the facts.
    pub revision: String,
    /// The facts.
    pub n_facts: u64,
    /// Whether the facts that were last to be loaded were refused, so that earlier ones are answered from.
    pub are_facts_refused: bool,
    /// When the facts were loaded, in seconds since 1970.
    pub loaded_at: i64,
    /// The memory that is in use, in bytes, where the system says.
    pub resident_bytes: Option<u64>,
}

impl Default for Metrics {
    fn default() -> Self {
        let mut registry = Registry::with_prefix(PREFIX);
        let answers = CounterFamily::default();
        registry.register(
            "answers",
            "Questions, by what they got and how they were asked; each sentence of a message that is checked is one",
            answers.clone(),
        );
        let matching = Histogram::new(MATCHING_BUCKETS);
        let help = "Time from the words of a question to the decision";
        registry.register_with_unit("matching_duration", help, Unit::Seconds, matching.clone());
        let replies = Histogram::new(REPLY_BUCKETS);
        let help = "Time from a question to its first answer, with Discord's acceptance of it";
        registry.register_with_unit("handling_duration", help, Unit::Seconds, replies.clone());
        let rest_failures = CounterFamily::default();
        let help = "Requests to Discord that came to nothing, by reason";
        registry.register("rest_failures", help, rest_failures.clone());
        let rest_waits = Counter::default();
        let help = "Requests that waited for a limit of Discord's";
        registry.register("rest_waits", help, rest_waits.clone());
        let reloads = CounterFamily::default();
        registry.register("reloads", "Reloads of the facts, by result", reloads.clone());
        let refused = CounterFamily::default();
        let help = "Requests to the address for interactions that were not served, by reason";
        registry.register("interactions_refused", help, refused.clone());
        Self {
            registry,
            answers,
            matching,
            replies,
            rest_failures,
            rest_waits,
            reloads,
            refused,
        }
    }
}

impl Metrics {
    /// A question got an outcome.
    pub fn answered(&self, outcome: &'static str, way: &'static str, matching: Duration) {
        self.answers.get_or_create(&[("outcome", outcome), ("way", way)]).inc();
        self.matching.observe(matching.as_secs_f64());
    }

    /// The first answer to a question was sent, so long after its event.
    pub fn handled(&self, after: Duration) {
        self.replies.observe(after.as_secs_f64());
    }

    /// A request to Discord came to nothing.
    pub fn rest_failed(&self, reason: &'static str) {
        self.rest_failures.get_or_create(&[("reason", reason)]).inc();
    }

    /// A request to the address for interactions was not served.
    pub fn interaction_refused(&self, reason: &'static str) {
        self.refused.get_or_create(&[("reason", reason)]).inc();
    }

    /// Shows these results of a reload from now on, none of which there was: that a number grew is seen only of one that
    /// was there before.
    pub fn may_reload(&self, results: impl IntoIterator<Item = &'static str>) {
        for result in results {
            drop(self.reloads.get_or_create(&[("result", result)]));
        }
    }

    /// A request waits for a limit of Discord's.
    pub fn rest_waited(&self) {
        self.rest_waits.inc();
    }

    /// The facts were reloaded, or were to be.
    pub fn reloaded(&self, result: &'static str) {
        self.reloads.get_or_create(&[("result", result)]).inc();
    }

    /// Everything, in the text format that Prometheus reads (`OpenMetrics`).
    #[must_use]
    pub fn to_text(&self, vitals: &Vitals) -> String {
        let mut text = String::new();
        // Writing to a string cannot fail.
        let _ = encode_registry(&mut text, &self.registry);
        let _ = encode_registry(&mut text, &of_vitals(vitals));
        let _ = encode_eof(&mut text);
        text
    }
}

fn of_vitals(vitals: &Vitals) -> Registry {
    let mut registry = Registry::with_prefix(PREFIX);
    let counters = [
        ("gateway_sessions", "Sessions begun at the gateway", vitals.n_sessions),
        (
            "gateway_resumes",
            "Sessions that went on after their connection had ended",
            vitals.n_resumes,
        ),
        (
            "events_dropped",
            "Events not served, since too many were being served",
            vitals.n_dropped,
        ),
        (
            "events_failed",
            "Events whose handling panicked, timed out or could not be answered",
            vitals.n_failed,
        ),
        ("store_records_written", "Records that the store took", vitals.n_written),
        ("store_records_lost", "Records that were lost", vitals.n_lost),
        (
            "store_failures",
            "Attempts to write to the store that failed",
            vitals.n_store_failures,
        ),
    ];
    for (name, help, value) in counters {
        registry.register(name, help, ConstCounter::new(value));
    }
    register_gauges(&mut registry, vitals);
    let revision = Info::new(vec![("revision", vitals.revision.clone())]);
    registry.register("revision", "The revision of the loaded facts", revision);
    registry
}

/// A number as gauges have it.
fn whole(n: u64) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

fn register_gauges(registry: &mut Registry, vitals: &Vitals) {
    let gauges = [
        (
            "store_records_queued",
            "Records that wait for the store",
            whole(vitals.n_queued),
        ),
        (
            "store_up",
            "Whether the store answers and takes records",
            i64::from(vitals.is_store_up),
        ),
        (
            "store_pruned_timestamp_seconds",
            "When this process last removed what is not to be kept any longer; 0 for never",
            vitals.pruned_at,
        ),
        (
            "ready",
            "Whether the bot can do all of its work, as far as is known without asking",
            i64::from(vitals.is_ready),
        ),
        ("facts", "Facts that are loaded", whole(vitals.n_facts)),
        (
            "facts_refused",
            "Whether the facts that were last to be loaded were refused",
            i64::from(vitals.are_facts_refused),
        ),
        (
            "facts_loaded_timestamp_seconds",
            "When the facts were loaded",
            vitals.loaded_at,
        ),
    ];
    for (name, help, value) in gauges {
        registry.register(name, help, ConstGauge::<i64>::new(value));
    }
    register_gateway(registry, vitals);
    if let Some(bytes) = vitals.resident_bytes {
        let help = "Memory in use";
        registry.register_with_unit(
            "resident_memory",
            help,
            Unit::Bytes,
            ConstGauge::<i64>::new(whole(bytes)),
        );
    }
}

fn register_gateway(registry: &mut Registry, vitals: &Vitals) {
    if let Some(is_connected) = vitals.is_connected {
        let help = "Whether the gateway shows signs of life";
        let connected = ConstGauge::<i64>::new(i64::from(is_connected));
        registry.register("gateway_connected", help, connected);
        let help = "Shards that this process serves";
        let shards = ConstGauge::<i64>::new(i64::from(vitals.n_shards));
        registry.register("gateway_shards", help, shards);
        let help = "Shards of this process that are connected";
        let connected = ConstGauge::<i64>::new(whole(vitals.n_connected_shards));
        registry.register("gateway_shards_connected", help, connected);
        let help = "Time without a sign of life of the gateway";
        let silence = ConstGauge::<f64>::new(vitals.gateway_silence.as_secs_f64());
        registry.register_with_unit("gateway_silence", help, Unit::Seconds, silence);
    }
    if let Some(latency) = vitals.gateway_latency {
        let help = "Time that the gateway took to answer the last heartbeat";
        let latency = ConstGauge::<f64>::new(latency.as_secs_f64());
        registry.register_with_unit("gateway_heartbeat", help, Unit::Seconds, latency);
    }
}

/// The memory that this process has in use, in bytes; `None` where the system does not say.
#[must_use]
pub fn resident_bytes() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kibibytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kibibytes * 1024)
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;

    #[test]
    fn the_text_is_what_prometheus_reads() {
        let metrics = Metrics::default();
        metrics.answered("answer", "command", Duration::from_micros(15));
        metrics.handled(Duration::from_millis(30));
        metrics.rest_failed("refused");
        metrics.rest_waited();
        metrics.reloaded("replaced");
        metrics.interaction_refused("stale");
        let vitals = Vitals {
            is_connected: Some(true),
            n_shards: 1,
            n_connected_shards: 1,
            gateway_latency: Some(Duration::from_millis(50)),
            n_lost: 3,
            is_store_up: true,
            revision: "0123abcd".to_owned(),
            n_facts: 78,
            are_facts_refused: true,
            ..Vitals::default()
        };
        let text = metrics.to_text(&vitals);
        let values: Vec<&str> = text
            .lines()
            .filter(|line| !line.starts_with('#') && !line.contains("_bucket"))
            .collect();
        expect![[r#"
            briefing_bot_answers_total{outcome="answer",way="command"} 1
            briefing_bot_matching_duration_seconds_sum 0.000015
            briefing_bot_matching_duration_seconds_count 1
            briefing_bot_handling_duration_seconds_sum 0.03
            briefing_bot_handling_duration_seconds_count 1
            briefing_bot_rest_failures_total{reason="refused"} 1
            briefing_bot_rest_waits_total 1
            briefing_bot_reloads_total{result="replaced"} 1
            briefing_bot_interactions_refused_total{reason="stale"} 1
            briefing_bot_gateway_sessions_total 0
            briefing_bot_gateway_resumes_total 0
            briefing_bot_events_dropped_total 0
            briefing_bot_events_failed_total 0
            briefing_bot_store_records_written_total 0
            briefing_bot_store_records_lost_total 3
            briefing_bot_store_failures_total 0
            briefing_bot_store_records_queued 0
            briefing_bot_store_up 1
            briefing_bot_store_pruned_timestamp_seconds 0
            briefing_bot_ready 0
            briefing_bot_facts 78
            briefing_bot_facts_refused 1
            briefing_bot_facts_loaded_timestamp_seconds 0
            briefing_bot_gateway_connected 1
            briefing_bot_gateway_shards 1
            briefing_bot_gateway_shards_connected 1
            briefing_bot_gateway_silence_seconds 0.0
            briefing_bot_gateway_heartbeat_seconds 0.05
            briefing_bot_revision_info{revision="0123abcd"} 1"#]]
        .assert_eq(&values.join("\n"));
        assert!(text.ends_with("# EOF\n"));
    }

    #[test]
    fn alerts_and_dashboard_name_no_number_that_is_not_there() {
        let metrics = Metrics::default();
        metrics.answered("answer", "command", Duration::ZERO);
        metrics.rest_failed("refused");
        metrics.reloaded("refused");
        metrics.interaction_refused("stale");
        let text = metrics.to_text(&Vitals {
            is_connected: Some(true),
            gateway_latency: Some(Duration::ZERO),
            resident_bytes: Some(0),
            ..Vitals::default()
        });
        let samples = text.lines().filter(|line| !line.starts_with('#'));
        let samples = samples.filter_map(|line| line.split(['{', ' ']).next());
        let samples: std::collections::HashSet<&str> = samples.collect();
        let is_named = |c: char| c.is_ascii_lowercase() || c == '_';
        let prefix = format!("{PREFIX}_");
        for named in [
            include_str!("../../deploy/alerts.yaml"),
            include_str!("../../deploy/dashboard.json"),
        ] {
            let names = named.match_indices(&prefix).map(|(at, _)| {
                let name = named[at..].split(|c| !is_named(c)).next().unwrap_or_default();
                name.to_owned()
            });
            let names: Vec<String> = names.collect();
            assert!(names.len() > 5, "{names:?}");
            let is_missing = |name: &&String| !samples.contains(name.as_str());
            let missing: Vec<&String> = names.iter().filter(is_missing).collect();
            assert_eq!(missing, Vec::<&String>::new(), "none of these is in\n{text}");
        }
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn linux_says_how_much_memory_is_in_use() {
        let bytes = resident_bytes().unwrap();
        assert!((1 << 20..1 << 40).contains(&bytes), "{bytes}");
    }
}

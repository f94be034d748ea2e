//! Sees fatal close codes that serenity keeps to itself.
//!
//! On 4010, 4011 and 4012 serenity 0.12.5 neither returns from `start` nor calls any handler: it spins, or logs in
//! again and again until Discord resets the token. Its log is the only place that names the code, so a layer beside
//! the log listens there, whatever `RUST_LOG` lets through. Tests hold each code against the real client.

use std::fmt::{Debug, Write as _};
use std::sync::Arc;
use std::sync::atomic::{AtomicU16, Ordering};

use tokio::sync::Notify;
use tracing::field::{Field, Visit};
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::layer::Context;
use tracing_subscriber::registry::LookupSpan;

/// What serenity logs, and the code that it means.
const TELL_TALES: [(&str, u16); 3] = [
    ("Shard handler received err: Gateway(InvalidShardData)", 4010),
    ("Shard handler received err: Gateway(OverloadedShard)", 4011),
    ("Unknown unclean close 4012", 4012),
];

/// Fatal close codes that were seen.
#[derive(Debug, Clone, Default)]
pub struct FatalCloses {
    inner: Arc<Seen>,
}

#[derive(Debug, Default)]
struct Seen {
    code: AtomicU16,
    notify: Notify,
}

impl FatalCloses {
    /// Ends once a fatal code was seen.
    pub async fn seen(&self) -> u16 {
        loop {
            let notified = self.inner.notify.notified();
            match self.inner.code.load(Ordering::Acquire) {
                0 => notified.await,
                code => return code,
            }
        }
    }

    fn note(&self, code: u16) {
        self.inner.code.store(code, Ordering::Release);
        self.inner.notify.notify_waiters();
        self.inner.notify.notify_one();
    }
}

/// A layer that listens for them.
#[must_use]
pub fn observe<S: Subscriber + for<'a> LookupSpan<'a>>(closes: &FatalCloses) -> impl Layer<S> + use<S> {
    let is_telling = |metadata: &tracing::Metadata<'_>| {
        metadata.is_event() && *metadata.level() <= Level::WARN && metadata.target().starts_with("serenity::gateway")
    };
    Observer { closes: closes.clone() }.with_filter(filter_fn(is_telling))
}

struct Observer {
    closes: FatalCloses,
}

impl<S: Subscriber> Layer<S> for Observer {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let mut message = Message::default();
        event.record(&mut message);
        let told = TELL_TALES.iter().find(|(text, _)| message.text.contains(text));
        if let Some((_, code)) = told {
            self.closes.note(*code);
        }
    }
}

#[derive(Default)]
struct Message {
    text: String,
}

impl Visit for Message {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        if field.name() == "message" {
            let _ = write!(self.text, "{value:?}");
        }
    }
}

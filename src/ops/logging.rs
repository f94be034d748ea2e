//! The log: what may be in it, and its form.
//!
//! Promise: no secret is ever written, and a question's words only where `LOG_QUESTIONS` asks for them; both hold
//! whatever `RUST_LOG` says, since libraries log whole requests and frames at their lower levels, and serenity some
//! events at a higher one. Everything goes to standard error.

use std::io::{self, Write};

use secrecy::{ExposeSecret, SecretString};
use tracing::level_filters::LevelFilter;
use tracing::{Level, Metadata};
use tracing_subscriber::filter::{FilterExt, filter_fn};
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, Layer, Registry};

use crate::config::{LogConfig, LogFormat, Switch};

/// Libraries that write the bytes of frames and requests into their logs below `WARN`.
const FRAME_LOGGERS: [&str; 6] = [
    "tungstenite",
    "tokio_tungstenite",
    "hyper",
    "hyper_util",
    "reqwest",
    "rustls",
];

/// Where serenity prints the text of an event that it could not read, at `WARN`.
const SERENITY_SOCKET: &str = "serenity::gateway::ws";

/// A layer beside the log, which sees what happens whatever the log leaves out.
pub type Observer = Box<dyn Layer<Registry> + Send + Sync>;

/// Why there is no log.
#[derive(Debug, thiserror::Error)]
pub enum LogError {
    /// `RUST_LOG` cannot be read.
    #[error(
        "`RUST_LOG`: expected levels such as `info` or `warn,briefing_bot=debug`, but found `{filter}`: {}",
        .source.to_string().trim_end()
    )]
    Filter {
        /// What was set.
        filter: String,
        /// What is wrong with it.
        source: tracing_subscriber::filter::ParseError,
    },
    /// There is a log already in this process.
    #[error("the log was already started")]
    Started(#[from] tracing_subscriber::util::TryInitError),
}

/// Starts the log of this process.
///
/// # Errors
/// If the filter cannot be read, or there is a log already.
pub fn install(config: &LogConfig, secret: Option<&SecretString>, observer: Observer) -> Result<(), LogError> {
    let filter = EnvFilter::try_new(&config.filter).map_err(|source| LogError::Filter {
        filter: config.filter.clone(),
        source,
    })?;
    let questions = config.questions;
    let loudest = filter.max_level_hint().unwrap_or(LevelFilter::TRACE);
    let filter = filter.and(filter_fn(move |metadata| may_be_logged(metadata, questions)));
    let writer = RedactedStderr {
        secret: secret.map(|secret| secret.expose_secret().to_owned().into()),
    };
    let log = tracing_subscriber::fmt::layer().with_writer(writer);
    let log = match config.format {
        LogFormat::Text => log.with_ansi(false).boxed(),
        LogFormat::Json => log.json().flatten_event(true).boxed(),
    };
    tracing_subscriber::registry()
        .with(observer.and_then(log.with_filter(filter)))
        .try_init()?;
    // What comes by the older way of logging is not asked for by the observer, whose level would hold there too: the
    // gateway's library alone says dozens of lines of each frame, which would be made up and thrown away.
    log::set_max_level(as_log(loudest));
    log_panics(questions);
    Ok(())
}

/// The same level in the words of the older way of logging.
fn as_log(level: LevelFilter) -> log::LevelFilter {
    match level.into_level() {
        None => log::LevelFilter::Off,
        Some(Level::ERROR) => log::LevelFilter::Error,
        Some(Level::WARN) => log::LevelFilter::Warn,
        Some(Level::INFO) => log::LevelFilter::Info,
        Some(Level::DEBUG) => log::LevelFilter::Debug,
        Some(Level::TRACE) => log::LevelFilter::Trace,
    }
}

/// Whether what is logged there can hold neither a secret nor a question.
fn may_be_logged(metadata: &Metadata<'_>, questions: Switch) -> bool {
    let target = metadata.target();
    let is_of =
        |library: &str| target == library || target.strip_prefix(library).is_some_and(|rest| rest.starts_with("::"));
    let least = if FRAME_LOGGERS.iter().any(|library| is_of(library)) {
        LevelFilter::WARN
    } else if !is_of("serenity") {
        return true;
    } else if metadata.is_span() {
        // Its spans carry whole events and request bodies as fields.
        return false;
    } else if questions.is_on() {
        return true;
    } else if is_of(SERENITY_SOCKET) {
        LevelFilter::ERROR
    } else {
        LevelFilter::INFO
    };
    *metadata.level() <= least
}

/// A panic goes to the log instead of past it. Its message may quote what was being worked on, so the message is
/// treated like a question.
fn log_panics(questions: Switch) {
    std::panic::set_hook(Box::new(move |panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        let message = panic.payload_as_str().filter(|_| questions.is_on());
        tracing::error!(place, message, "panicked");
    }));
}

/// Standard error, with the secret blotted out wherever it would appear.
struct RedactedStderr {
    secret: Option<SecretString>,
}

impl<'a> MakeWriter<'a> for RedactedStderr {
    type Writer = Redacting<'a, io::Stderr>;

    fn make_writer(&'a self) -> Self::Writer {
        Redacting {
            inner: io::stderr(),
            secret: self.secret.as_ref(),
        }
    }
}

/// The subscriber hands over one whole event per write, so a secret is never cut in two.
struct Redacting<'a, W> {
    inner: W,
    secret: Option<&'a SecretString>,
}

impl<W: Write> Write for Redacting<'_, W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let secret = self.secret.map_or("", |secret| secret.expose_secret());
        let text = String::from_utf8_lossy(bytes);
        if secret.is_empty() || !text.contains(secret) {
            self.inner.write_all(bytes)?;
        } else {
            self.inner.write_all(text.replace(secret, "[redacted]").as_bytes())?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_blotted_out_of_what_is_written() {
        let secret = "abc.def".to_owned().into();
        let mut writer = Redacting {
            inner: Vec::new(),
            secret: Some(&secret),
        };
        writer
            .write_all(b"Authorization: Bot abc.def, twice: abc.def\n")
            .unwrap();
        writer.write_all(b"nothing here\n").unwrap();
        assert_eq!(
            String::from_utf8(writer.inner).unwrap(),
            "Authorization: Bot [redacted], twice: [redacted]\nnothing here\n"
        );
    }

    #[test]
    fn a_filter_that_cannot_be_read_is_quoted() {
        let config = LogConfig {
            format: LogFormat::Text,
            filter: "briefing_bot=loud".to_owned(),
            questions: Switch::Off,
        };
        let error = install(&config, None, tracing_subscriber::layer::Identity::new().boxed()).unwrap_err();
        assert!(error.to_string().contains("`briefing_bot=loud`"), "{error}");
    }
}

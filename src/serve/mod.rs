//! `run`: starts everything, watches it, stops it in order.
//!
//! The facts and the signals live on a runtime of their own, apart from Discord's, so that a frozen connection is
//! noticed and the program still obeys. Promise: what a restart cannot mend ends with 78, what it can with 1, and what
//! was asked for with 0, within seconds.

mod health;
mod history;
mod processes;

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::runtime::Handle;
use tokio::time::Instant;
use tracing_subscriber::Layer;

use crate::cache::Cache;
use crate::config::{Config, KnowledgeSource, Shards, StorePlace, Switch};
use crate::discord::{self, DiscordError, Overheard, Services};
use crate::exit::{Exit, Failure};
use crate::ops::core_dump;
use crate::ops::logging::{self, LogError};
use crate::ops::metrics::Metrics;
use crate::ops::service;
use crate::ops::signals::{self, Control};
use crate::reload::{self, Directory, FactSource, Published, Refusal, ReloadedBy, Reloader};
use crate::store::{PostgresStore, Records, SqliteStore, Store};

/// How often the connection's pulse is felt.
const FELT_EVERY: Duration = Duration::from_secs(5);
/// A connection that is silent for so long is worth a line in the log.
const WARN_AFTER: Duration = Duration::from_mins(2);
/// A connection that is silent for so long will not come back by itself (discord.md, guard 2).
const GIVE_UP_AFTER: Duration = Duration::from_mins(5);

/// For the store to take what is queued at the end.
const STORED_WITHIN: Duration = Duration::from_secs(5);

/// Why the bot does not run.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// There is no token.
    #[error(
        "`DISCORD_TOKEN` is not set, so there is no bot to log in as. To get a token: open \
         https://discord.com/developers/applications, make an application (or choose yours), open Bot, press Reset \
         Token, and write it into the file `.env` as `DISCORD_TOKEN=…`; then invite the bot as the README says\n\
         hint: `briefing-bot chat` is the same bot in this terminal, and needs no token"
    )]
    NoToken,
    /// There are no facts to answer from.
    #[error("the facts cannot be loaded, so the bot does not start\n{0}")]
    Facts(#[from] Refusal),
    /// The log cannot be started.
    #[error(transparent)]
    Log(#[from] LogError),
    /// Discord.
    #[error(transparent)]
    Discord(#[from] DiscordError),
    /// An address cannot be had.
    #[error("`{variable}`: `{address}` cannot be listened on: {source}\nhint: another program may be listening there")]
    Listen {
        /// The variable that names it.
        variable: &'static str,
        /// The address.
        address: SocketAddr,
        /// Why not.
        source: std::io::Error,
    },
    /// The system.
    #[error("the system gives no thread, runtime or signals: {0}")]
    System(#[from] std::io::Error),
}

impl ServeError {
    /// How the program ends because of it.
    #[must_use]
    pub fn exit(&self) -> Exit {
        match self {
            Self::Facts(refusal) if refusal.is_passing() => Exit::NotHeld,
            Self::NoToken | Self::Facts(_) | Self::Log(_) => Exit::Configuration,
            Self::Discord(error) if error.is_lasting() => Exit::Configuration,
            Self::Discord(_) | Self::Listen { .. } | Self::System(_) => Exit::NotHeld,
        }
    }
}

/// Runs the bot until it is told to stop, by the process's environment and signals.
///
/// # Errors
/// If it cannot start, or ends for a reason of its own.
pub fn run(knowledge: &Path) -> anyhow::Result<Exit> {
    let config = Config::from_environment().map_err(|error| Failure::configuration(error.to_string()))?;
    match run_process(config, knowledge) {
        Ok(()) => Ok(Exit::Done),
        Err(error) => Err(Failure {
            exit: error.exit(),
            message: error.to_string(),
        }
        .into()),
    }
}

fn run_process(config: Config, knowledge: &Path) -> Result<(), ServeError> {
    let overheard = Overheard::default();
    logging::install(
        &config.log,
        config.discord.token.as_ref(),
        discord::overhear(&overheard).boxed(),
    )?;
    if let Err(error) = core_dump::forbid() {
        tracing::warn!(%error, "a core dump of this process would hold the token: the system does not let it be forbidden");
    }
    let source: Arc<dyn FactSource> = Arc::new(Directory::new(knowledge.to_path_buf()));
    let control = Control::default();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let end = runtime.block_on(async {
        tokio::spawn(signals::obey(&control)?);
        serve(config, source, &overheard, &control).await
    });
    // Ends with the process, and not before: a thread that still waits for the store on it would panic.
    std::mem::forget(runtime);
    end
}

/// Runs the bot until `control` says stop.
///
/// # Errors
/// If it cannot start, or ends for a reason of its own.
pub async fn serve(
    config: Config,
    source: Arc<dyn FactSource>,
    overheard: &Overheard,
    control: &Control,
) -> Result<(), ServeError> {
    let store = open_store(&config.store.place);
    serve_on(store, config, source, overheard, control).await
}

/// Runs the bot on this store, whatever place the settings name, until `control` says stop.
///
/// # Errors
/// As [`serve`].
pub async fn serve_on(
    store: Arc<dyn Store>,
    config: Config,
    source: Arc<dyn FactSource>,
    overheard: &Overheard,
    control: &Control,
) -> Result<(), ServeError> {
    let Some(token) = config.discord.token.clone() else {
        return Err(ServeError::NoToken);
    };
    let listeners = Listeners::bind(&config)?;
    let cache = Cache::new(config.cache_dir.clone());
    let reloader = tokio::select! {
        loaded = first_facts(config.knowledge_source, source, &store, cache) => loaded?,
        // The thread that loads and learns is not waited for: it changes nothing, and ends with the process.
        () = control.stopped() => {
            service::stopping();
            tracing::info!("stopped before the facts were loaded");
            return Ok(());
        }
    };
    let reloader = Arc::new(reloader.asking(config.labelled_questions.clone()));
    let records = Records::start(store, token, config.store.retention_days);
    let parts = Parts {
        reloader,
        records: Arc::clone(&records),
        metrics: Arc::default(),
    };
    let end = connect(config, parts, listeners, overheard, control).await;
    // Whatever happened, what is queued is to be kept.
    records.close(STORED_WITHIN).await;
    end
}

/// What was listened on before anything else was started.
struct Listeners {
    health: Option<TcpListener>,
    interactions: Option<std::net::TcpListener>,
}

impl Listeners {
    fn bind(config: &Config) -> Result<Self, ServeError> {
        let health = config.http_listen.map(|address| listen("HTTP_LISTEN", address));
        let interactions = config.discord.interactions;
        let interactions = interactions.map(|interactions| listen("INTERACTIONS_LISTEN", interactions.listen));
        let health = health.transpose()?.map(|listener| {
            listener.set_nonblocking(true)?;
            TcpListener::from_std(listener)
        });
        Ok(Self {
            health: health.transpose()?,
            interactions: interactions.transpose()?,
        })
    }
}

fn listen(variable: &'static str, address: SocketAddr) -> Result<std::net::TcpListener, ServeError> {
    std::net::TcpListener::bind(address).map_err(|source| ServeError::Listen {
        variable,
        address,
        source,
    })
}

/// Loads the facts for the first time, from the folder or from the store.
async fn first_facts(
    source: KnowledgeSource,
    folder: Arc<dyn FactSource>,
    store: &Arc<dyn Store>,
    cache: Cache,
) -> Result<Reloader, ServeError> {
    let source = match source {
        KnowledgeSource::Directory => folder,
        KnowledgeSource::Database => Arc::new(Published::new(Arc::clone(store), Handle::current())),
    };
    let loaded = tokio::task::spawn_blocking(move || Reloader::start(source, cache)).await;
    let reloader = loaded.map_err(std::io::Error::other)??;
    let snapshot = reloader.engine().snapshot();
    let base = snapshot.base();
    tracing::info!(n_facts = base.n_facts(), revision = %base.revision, "the facts are loaded");
    Ok(reloader)
}

/// What the connection and its watchers have in common.
#[derive(Debug, Clone)]
struct Parts {
    reloader: Arc<Reloader>,
    records: Arc<Records>,
    metrics: Arc<Metrics>,
}

async fn connect(
    config: Config,
    parts: Parts,
    listeners: Listeners,
    overheard: &Overheard,
    control: &Control,
) -> Result<(), ServeError> {
    let services = Services {
        reloader: Arc::clone(&parts.reloader),
        records: Arc::clone(&parts.records),
        metrics: Arc::clone(&parts.metrics),
        log_questions: config.log.questions,
        retention_days: config.store.retention_days,
        knowledge_source: config.knowledge_source,
        overheard: overheard.clone(),
        interactions: listeners.interactions,
    };
    let process = processes::Process::new(&config.discord);
    let has_gateway = config.discord.shards != Shards::None;
    let takes_interactions = config.discord.interactions.is_some();
    let mut connection = discord::start(config.discord, services)?;
    let pulse = Arc::clone(connection.pulse());
    let health = health::Health {
        parts: parts.clone(),
        pulse: Arc::clone(&pulse),
        counts: Arc::clone(connection.counts()),
        has_gateway,
        takes_interactions,
    };
    service::ready();
    tokio::select! {
        end = connection.ended() => return end.map_err(ServeError::Discord),
        // The connection's runtime may be frozen, so it is not waited for.
        alarm = overheard.alarm() => return Err(alarm.into()),
        silence = lifeless(&pulse) => return Err(DiscordError::Lifeless(silence).into()),
        () = keep_current(&parts.reloader, config.knowledge_watch, control) => {}
        () = history::keep(&parts) => {}
        () = history::keep_logins(overheard, &parts.records) => {}
        () = process.keep_noted(&parts) => {}
        () = service::feed_watchdog() => {}
        error = health::show(listeners.health, health) => return Err(error.into()),
        () = control.stopped() => {}
    }
    tracing::info!("stopping");
    service::stopping();
    connection.stop().await;
    process.forget(&parts).await;
    tracing::info!("stopped");
    Ok(())
}

/// Reloads the facts whenever they were edited or published, or somebody asks; never ends by itself.
async fn keep_current(reloader: &Arc<Reloader>, watch: Switch, control: &Control) {
    let watching = async {
        if watch.is_on() {
            reload::watch(reloader).await;
        }
        std::future::pending::<()>().await;
    };
    let asked = async {
        loop {
            control.reload_asked().await;
            reloader.reload(ReloadedBy::Signal).await;
        }
    };
    tokio::join!(watching, asked);
}

/// The store, which is opened when it is first used.
fn open_store(place: &StorePlace) -> Arc<dyn Store> {
    match place {
        StorePlace::Sqlite(path) => Arc::new(SqliteStore::new(path)),
        StorePlace::Postgres(url) => Arc::new(PostgresStore::new(url.clone())),
    }
}

/// Ends once the connection has been silent for too long.
async fn lifeless(pulse: &discord::Pulse) -> Duration {
    let mut was_silent = false;
    loop {
        tokio::time::sleep(FELT_EVERY).await;
        let silence = pulse.silence(Instant::now().into_std());
        if silence >= GIVE_UP_AFTER {
            return silence;
        }
        let is_silent = silence >= WARN_AFTER;
        if is_silent && !was_silent {
            tracing::warn!(
                silence_s = silence.as_secs(),
                "the connection to Discord shows no sign of life"
            );
        } else if was_silent && !is_silent {
            tracing::info!("the connection to Discord is alive again");
        }
        was_silent = is_silent;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_silent_connection_is_given_up_after_its_time_and_not_before() {
        let began = Instant::now();
        let pulse = discord::Pulse::new(began.into_std());
        let silence = lifeless(&pulse).await;
        assert!(
            (GIVE_UP_AFTER..GIVE_UP_AFTER + FELT_EVERY).contains(&silence),
            "{silence:?}"
        );
        assert!(began.elapsed() >= GIVE_UP_AFTER);
    }

    #[test]
    fn what_a_restart_cannot_mend_ends_with_78() {
        let lasting = [
            ServeError::NoToken,
            ServeError::Facts(Refusal::new("works.toml:3: wrong")),
            ServeError::Discord(DiscordError::TokenRefused),
            ServeError::Discord(DiscordError::IntentsRefused { code: 4014 }),
            ServeError::Discord(DiscordError::ClosedForGood { code: 4011 }),
        ];
        for error in lasting {
            assert_eq!(error.exit(), Exit::Configuration, "{error}");
        }
        let passing = [
            ServeError::Discord(DiscordError::Lifeless(GIVE_UP_AFTER)),
            ServeError::Discord(DiscordError::TurnedAway {
                logins: 6,
                within: GIVE_UP_AFTER,
            }),
            ServeError::Discord(DiscordError::Ended("x".to_owned())),
        ];
        for error in passing {
            assert_eq!(error.exit(), Exit::NotHeld, "{error}");
        }
    }
}

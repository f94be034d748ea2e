//! The connection from its first question to its clean close, on a thread and a runtime of its own.
//!
//! Promise: it ends within a bounded time once it is told to, answers that are in flight first; and it says why where
//! it ends by itself. Deliberately absent: signals, exit statuses, watching its pulse (whoever starts it does).

use std::sync::Arc;
use std::time::{Duration, Instant};

use secrecy::SecretString;
use serenity::Client;
use serenity::client::ClientBuilder;
use serenity::gateway::{ConnectionStage, GatewayError, ShardManager};
use serenity::model::gateway::GatewayIntents;
use serenity::model::id::{ApplicationId, GuildId};
use tokio::sync::{Notify, oneshot};

use super::bot::Bot;
use super::budget;
use super::counts::Counts;
use super::error::DiscordError;
use super::events::Gateway as Events;
use super::guard::{Guard, Whose};
use super::heartbeats::{Heartbeats, Sight};
use super::hints::Hints;
use super::instances::Instance;
use super::lately::Lately;
use super::look_back;
use super::memory::Memory;
use super::over_http::{self, Server};
use super::overheard::Overheard;
use super::own_roles::OwnRoles;
use super::permit::Admins;
use super::popular::Popular;
use super::preflight::{self, Preflight};
use super::pulse::Pulse;
use super::questions::Questions;
use super::rates::Rates;
use super::registration::{self, REGISTRATION_DEADLINE, Registered};
use super::rest::{self, Rest};
use super::revival::Revival;
use super::shut::Shut;
use super::threads::Threads;
use super::turns;
use crate::config::{DiscordConfig, KnowledgeSource, ShardRange, Shards, Switch};
use crate::ops::metrics::Metrics;
use crate::reload::Reloader;
use crate::store::Records;

/// Mentions and replies in servers, direct messages, and being added to a server or removed; none of them privileged.
const INTENTS: GatewayIntents = GatewayIntents::GUILD_MESSAGES
    .union(GatewayIntents::DIRECT_MESSAGES)
    .union(GatewayIntents::GUILDS);
/// For what was received to be begun.
const BEGUN_WITHIN: Duration = Duration::from_millis(100);
/// For answers in flight at the end.
const DRAIN_WITHIN: Duration = Duration::from_secs(10);
/// For the last posts to log channels.
const POSTED_WITHIN: Duration = Duration::from_secs(2);
/// For the last responses over HTTP to be written.
const ANSWERED_WITHIN: Duration = Duration::from_secs(2);
/// For a clean close of the gateway: serenity waits up to 5 s for a deaf peer.
const CLOSE_WITHIN: Duration = Duration::from_secs(6);
/// For answers in flight, and for the close, where the connection has ended by itself: there may be none to close.
const ENDED_WITHIN: Duration = Duration::from_secs(1);
/// How often the shards are looked at.
const LOOKED_AT_EVERY: Duration = Duration::from_secs(2);
/// How often words that are past their time are forgotten, and limits that no longer hold anything back: of a million
/// members who asked once each, the latter take some 30 MB.
const FORGOTTEN_EVERY: Duration = Duration::from_mins(1);
/// Threads of the runtime: one may be lost to a spinning shard.
const N_THREADS: usize = 2;

/// What the connection needs from outside.
#[derive(Debug)]
pub struct Services {
    /// The facts, and the way to others.
    pub reloader: Arc<Reloader>,
    /// What is remembered.
    pub records: Arc<Records>,
    /// What is counted and measured.
    pub metrics: Arc<Metrics>,
    /// Whether the words of questions are logged.
    pub log_questions: Switch,
    /// What is heard of serenity's log.
    pub overheard: Overheard,
    /// Where interactions are taken over HTTP, where they are.
    pub interactions: Option<std::net::TcpListener>,
    /// After how many days the store forgets.
    pub retention_days: u32,
    /// Where the facts come from.
    pub knowledge_source: KnowledgeSource,
}

/// A connection that was started.
#[derive(Debug)]
pub struct Running {
    pulse: Arc<Pulse>,
    counts: Arc<Counts>,
    stop: Arc<Notify>,
    ended: oneshot::Receiver<Result<(), DiscordError>>,
}

/// Starts the connection.
///
/// # Errors
/// If the system gives no thread or no runtime.
pub fn start(config: DiscordConfig, services: Services) -> std::io::Result<Running> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(N_THREADS)
        .thread_name("discord")
        .enable_all()
        .build()?;
    let pulse = Arc::new(Pulse::new(Instant::now()));
    let stop = Arc::new(Notify::new());
    let (report, ended) = oneshot::channel();
    let counts = Arc::new(Counts::default());
    let signs = (Arc::clone(&pulse), Arc::clone(&counts));
    let life = live(config, services, signs, Arc::clone(&stop));
    std::thread::Builder::new()
        .name("discord-main".to_owned())
        .spawn(move || {
            let end = runtime.block_on(life);
            // Nobody listens any more where the deadline has passed.
            let _ = report.send(end);
            runtime.shutdown_background();
        })?;
    Ok(Running {
        pulse,
        counts,
        stop,
        ended,
    })
}

impl Running {
    /// The signs of life.
    #[must_use]
    pub fn pulse(&self) -> &Arc<Pulse> {
        &self.pulse
    }

    /// What it has done.
    pub(crate) fn counts(&self) -> &Arc<Counts> {
        &self.counts
    }

    /// Ends when the connection has ended, and says why.
    ///
    /// # Errors
    /// If it ended without being told to.
    pub async fn ended(&mut self) -> Result<(), DiscordError> {
        let lost = || DiscordError::Ended("its thread is gone".to_owned());
        (&mut self.ended).await.unwrap_or_else(|_| Err(lost()))
    }

    /// Closes the connection cleanly, or leaves it behind where it does not move.
    pub async fn stop(mut self) {
        self.stop.notify_one();
        let within = DRAIN_WITHIN + POSTED_WITHIN + ANSWERED_WITHIN + CLOSE_WITHIN + Duration::from_secs(1);
        match tokio::time::timeout(within, self.ended()).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::warn!(%error, "the connection did not end cleanly"),
            Err(_) => tracing::warn!("the connection did not end in time, leaving it behind"),
        }
    }
}

async fn live(
    config: DiscordConfig,
    services: Services,
    signs: (Arc<Pulse>, Arc<Counts>),
    stop: Arc<Notify>,
) -> Result<(), DiscordError> {
    let (revival, stranded) = (Revival::default(), services.overheard.stranded());
    let Some(connection) = until(&stop, connect(&config, services, signs)).await else {
        return Ok(());
    };
    let Connection {
        bot,
        mut gateway,
        server,
        application,
    } = connection?;
    let shards = gateway
        .as_ref()
        .map(|gateway| Arc::clone(&gateway.client.shard_manager));
    let logins = gateway
        .as_ref()
        .map(|gateway| (gateway.shards, gateway.max_concurrency));
    let looking = tokio::spawn(look_after(Arc::clone(&bot), shards.clone()));
    let keeping_up = tokio::spawn({
        let bot = Arc::clone(&bot);
        async move { bot.popular.keep_up(&bot.records).await }
    });
    let registering = tokio::spawn({
        let bot = Arc::clone(&bot);
        async move { registration::keep_up(&bot).await }
    });
    let end = tokio::select! {
        end = run_shards(&bot, gateway.as_mut()) => Err(end),
        () = take_interactions(&config, &bot, server.as_ref(), application) => {
            Err(DiscordError::Ended("interactions are no longer taken".to_owned()))
        }
        () = stop.notified() => Ok(()),
        () = bot.rest.token_refused() => Err(DiscordError::TokenRefused),
        // Here, and not as a task of the runtime: a shard that spins may keep a task from ever being run.
        never = revival.attend(stranded, shards.as_deref()) => match never {},
    };
    let (drain_within, close_within) = if end.is_ok() {
        (DRAIN_WITHIN, CLOSE_WITHIN)
    } else {
        (ENDED_WITHIN, ENDED_WITHIN)
    };
    // What was received just before has a task already, which may not have begun.
    tokio::time::sleep(BEGUN_WITHIN).await;
    bot.guard.drain(drain_within).await;
    bot.log_channels.drain(POSTED_WITHIN.min(drain_within)).await;
    looking.abort();
    keeping_up.abort();
    registering.abort();
    if let Some(server) = server {
        server.close(ANSWERED_WITHIN).await;
    }
    if let (Some(shards), Some(logins)) = (shards, logins) {
        let closing = tokio::time::timeout(close_within, revival.close(&shards));
        // The store may be away, and its answer is waited for meanwhile.
        let (closed, ()) = tokio::join!(closing, end_logins(&bot, logins));
        if closed.is_err() {
            tracing::warn!("the gateway did not close in time");
        }
    }
    end
}

async fn end_logins(bot: &Bot, (shards, max_concurrency): (ShardRange, u32)) {
    turns::end_logins(&bot.records, &bot.registered.process, shards, max_concurrency).await;
}

/// Serves this process's shards, where it has some; says why where they end.
async fn run_shards(bot: &Bot, gateway: Option<&mut Gateway>) -> DiscordError {
    let Some(Gateway {
        client,
        shards,
        max_concurrency,
        ..
    }) = gateway
    else {
        return std::future::pending().await;
    };
    look_back::restore(bot).await;
    turns::to_log_in(&bot.records, &bot.registered.process, *shards, *max_concurrency).await;
    // serenity counts the end of a range as in it.
    let last = shards.end - 1;
    match client.start_shard_range(shards.first..last, shards.total).await {
        Ok(()) => DiscordError::Ended("all shards were shut down".to_owned()),
        Err(error) => of_gateway(&error),
    }
}

/// Takes interactions over HTTP, where that is wanted; never ends by itself. Where no process of the bot need have a
/// gateway, whoever takes interactions looks after the commands too.
async fn take_interactions(
    config: &DiscordConfig,
    bot: &Arc<Bot>,
    server: Option<&Server>,
    application: Option<ApplicationId>,
) {
    let (Some(server), Some(interactions)) = (server, config.interactions) else {
        return std::future::pending().await;
    };
    let registering = async {
        if let (Shards::None, Some(application)) = (config.shards, application) {
            let register = registration::register(bot, application);
            bot.guard.serve(Whose::Own, REGISTRATION_DEADLINE, register).await;
        }
    };
    tokio::join!(registering, over_http::serve(server, bot, interactions.public_key));
}

/// The work's result; `None` where it was told to stop first.
async fn until<T>(stop: &Notify, work: impl Future<Output = T>) -> Option<T> {
    tokio::select! {
        result = work => Some(result),
        () = stop.notified() => None,
    }
}

struct Connection {
    bot: Arc<Bot>,
    gateway: Option<Gateway>,
    server: Option<Server>,
    application: Option<ApplicationId>,
}

struct Gateway {
    client: Client,
    shards: ShardRange,
    max_concurrency: u32,
    _instance: Instance,
}

async fn connect(
    config: &DiscordConfig,
    services: Services,
    (pulse, counts): (Arc<Pulse>, Arc<Counts>),
) -> Result<Connection, DiscordError> {
    let base = config.api_url.as_deref();
    let token = config.token.clone().ok_or(DiscordError::TokenRefused)?;
    let rest = Rest::new(&token, base).map_err(|error| DiscordError::Ended(error.to_string()))?;
    let rest = rest.counted_in(&services.metrics);
    let Preflight {
        me,
        gateway: plan,
        application,
    } = preflight::ask(&rest, config).await?;
    let shards = plan.as_ref().map(|plan| plan.shards);
    let instance = take_part(&token, base, shards, &services).await?;
    pulse.serves(plan.as_ref().map_or(0, |plan| plan.shards.n()));
    let server = services.interactions.map(Server::new).transpose();
    let server = server.map_err(|error| DiscordError::Ended(error.to_string()))?;
    let bot = Arc::new(Bot {
        me,
        rest: Arc::new(rest),
        reloader: services.reloader,
        records: services.records,
        admins: Admins::new(&config.admin_user_ids, config.home_guild_id),
        memory: Memory::default(),
        lately: Lately::default(),
        questions: Questions::default(),
        checks: Arc::default(),
        popular: Popular::default(),
        intents: intents(config),
        guard: Guard::new(Arc::clone(&counts)),
        counts,
        metrics: services.metrics,
        pulse,
        log_questions: services.log_questions,
        retention_days: services.retention_days,
        home: config.home_guild_id.map(GuildId::from),
        registered: Registered::default(),
        knowledge_source: services.knowledge_source,
        rates: Rates::new(config.member_rate, config.server_rate),
        hints: Hints::default(),
        shut: Shut::default(),
        log_channels: Arc::default(),
        threads: Threads::default(),
        own_roles: OwnRoles::default(),
    });
    let gateway = match (plan, instance) {
        (Some(plan), Some(instance)) => Some(Gateway {
            shards: plan.shards,
            max_concurrency: plan.max_concurrency,
            client: client(&token, base, &bot, plan.url).await?,
            _instance: instance,
        }),
        _ => None,
    };
    Ok(Connection {
        bot,
        gateway,
        server,
        application,
    })
}

/// Takes these shards for this process, where it has some, if no other has them and Discord allows as many logins. Then
/// what servers have set is known as well, unless the store is away: it is to hold from the first question on.
async fn take_part(
    token: &SecretString,
    base: Option<&str>,
    shards: Option<ShardRange>,
    services: &Services,
) -> Result<Option<Instance>, DiscordError> {
    let taking = async {
        let Some(shards) = shards else {
            return Ok::<_, DiscordError>(None);
        };
        let instance = Instance::take(token, base, shards)?;
        budget::check(&services.records, shards).await?;
        services.overheard.expect_shards(shards);
        Ok(Some(instance))
    };
    // Both wait for the store, so at once.
    let knowing = async {
        services.records.settings_read().await;
        Ok(())
    };
    let (instance, ()) = tokio::try_join!(taking, knowing)?;
    Ok(instance)
}

/// What Discord is to send: message content only where it is asked for.
fn intents(config: &DiscordConfig) -> GatewayIntents {
    if config.message_content.is_on() {
        INTENTS | GatewayIntents::MESSAGE_CONTENT
    } else {
        INTENTS
    }
}

async fn client(
    token: &SecretString,
    base: Option<&str>,
    bot: &Arc<Bot>,
    gateway: String,
) -> Result<Client, DiscordError> {
    let http_client = rest::new_client(base).map_err(|error| DiscordError::Ended(error.without_url().to_string()))?;
    let http = rest::new_http(token, base, http_client);
    let client = ClientBuilder::new_with_http(http, bot.intents)
        .event_handler(Events { bot: Arc::clone(bot) })
        .await
        .map_err(|error| of_gateway(&error))?;
    // Where serenity could not learn the address it has silently taken Discord's own.
    *client.ws_url.lock().await = gateway;
    Ok(client)
}

fn of_gateway(error: &serenity::Error) -> DiscordError {
    let code = match error {
        serenity::Error::Gateway(GatewayError::InvalidAuthentication) => 4004,
        serenity::Error::Gateway(GatewayError::InvalidShardData) => 4010,
        serenity::Error::Gateway(GatewayError::OverloadedShard) => 4011,
        serenity::Error::Gateway(GatewayError::InvalidGatewayIntents) => 4013,
        serenity::Error::Gateway(GatewayError::DisallowedGatewayIntents) => 4014,
        _ => 0,
    };
    DiscordError::of_close(code).unwrap_or_else(|| DiscordError::Ended(error.to_string()))
}

/// Gives signs of life while every shard is connected, if there are shards, and forgets old words and spent limits. A
/// task of the same runtime, so that it falls silent where the runtime stands still.
async fn look_after(bot: Arc<Bot>, shards: Option<Arc<ShardManager>>) {
    let mut heartbeats = Heartbeats::of(bot.pulse.shards());
    let mut forgotten = Instant::now();
    loop {
        tokio::time::sleep(LOOKED_AT_EVERY).await;
        let now = Instant::now();
        if let Some(shards) = &shards {
            let sights = look_at(shards).await;
            let connected = sights.iter().filter(|sight| sight.stage == ConnectionStage::Connected);
            bot.pulse.are_connected(now, connected.count());
            if heartbeats.are_well(&sights, now) {
                bot.pulse
                    .is_alive(now, sights.iter().filter_map(|sight| sight.latency).max());
            }
        } else {
            bot.pulse.is_alive(now, None);
        }
        if now.saturating_duration_since(forgotten) > FORGOTTEN_EVERY {
            forgotten = now;
            bot.forget_old(now);
            bot.rest.prune().await;
            bot.rates.prune();
        }
    }
}

/// The shards as they are now.
async fn look_at(shards: &ShardManager) -> Vec<Sight> {
    let runners = shards.runners.lock().await;
    let sights = runners.iter().map(|(shard, runner)| Sight {
        shard: *shard,
        stage: runner.stage,
        latency: runner.latency,
    });
    sights.collect()
}

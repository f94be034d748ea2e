//! The environment, read once, as values that mean something.
//!
//! The only reader of the program's variables, so that what can be set stands in one table: `.env.example` is that
//! table in print, and a test keeps the two equal. Promise: every fault is reported at once; no secret is in an error
//! or in `Debug`. Deliberately absent: the command line, which overrides what is read here, and defaults that depend
//! on anything but the table.

mod shards;

use std::fmt::Write as _;
use std::net::SocketAddr;
use std::num::NonZeroU64;
use std::path::{Path, PathBuf};

use secrecy::SecretString;
pub use shards::{ShardRange, Shards};

/// A variable that the program reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Variable {
    /// Its name.
    pub name: &'static str,
    /// The value it has where it is absent or empty.
    pub default: &'static str,
    /// What it is for, as `.env.example` prints it.
    pub about: &'static str,
}

const TOKEN: Variable = Variable {
    name: "DISCORD_TOKEN",
    default: "",
    about: "The bot's token: https://discord.com/developers/applications, your application, Bot, Reset Token.\n\
            Needed by `run` only. Treat it like a password.",
};
/// The folder that holds the briefings' folders; the command line reads it, since its option overrides it.
pub const KNOWLEDGE_DIR: Variable = Variable {
    name: "KNOWLEDGE_DIR",
    default: "knowledge",
    about: "The folder that holds the briefings' folders.",
};
const KNOWLEDGE_WATCH: Variable = Variable {
    name: "KNOWLEDGE_WATCH",
    default: "on",
    about: "Whether a saved edit in that folder, or another publication, is loaded by itself: `on` or `off`.",
};
const KNOWLEDGE_SOURCE: Variable = Variable {
    name: "KNOWLEDGE_SOURCE",
    default: "directory",
    about: "Where `run` takes its facts from: `directory`, or `database`: what `briefing-bot publish` put into the store.",
};
const CACHE_DIR: Variable = Variable {
    name: "CACHE_DIR",
    default: "",
    about: "Where what was learnt of the facts is kept, so that the next start need not learn it again; `none`: nowhere.\n\
            Empty: `briefing-bot` in the user's folder for caches (`XDG_CACHE_HOME`, or `.cache` in `HOME`). Nobody but the\n\
            user who runs the bot, and root, may be able to write there.",
};
const ADMIN_USER_IDS: Variable = Variable {
    name: "ADMIN_USER_IDS",
    default: "",
    about: "The bot's own admins, who may reload the facts for all servers: Discord user ids, separated by commas.\n\
            (Discord: Settings, Advanced, Developer Mode; then right-click a name, Copy User ID.)",
};
const HOME_GUILD_ID: Variable = Variable {
    name: "HOME_GUILD_ID",
    default: "",
    about: "A server whose administrators are the bot's admins too, there.",
};
const MESSAGE_CONTENT: Variable = Variable {
    name: "MESSAGE_CONTENT",
    default: "off",
    about: "Whether the bot asks Discord for the privileged message content intent: `on` or `off`. Ask channels and forum\n\
            posts need it, nothing else does; turn it on in the portal first (Bot, Privileged Gateway Intents).",
};
const MEMBER_RATE: Variable = Variable {
    name: "MEMBER_RATE",
    default: "30",
    about: "How many questions, commands and presses a minute of one member are answered; 0: no bound.",
};
const SERVER_RATE: Variable = Variable {
    name: "SERVER_RATE",
    default: "600",
    about: "How many of one server; 0: no bound.",
};
const LABELLED_QUESTIONS: Variable = Variable {
    name: "LABELLED_QUESTIONS",
    default: "",
    about: "Files of labelled questions (JSON Lines, as for `eval`), separated by commas: the preview of `/admin reload`\n\
            asks them, beside the facts' own questions, and tells which would get another answer.",
};
const DISCORD_API_URL: Variable = Variable {
    name: "DISCORD_API_URL",
    default: "",
    about: "Another base for Discord's API, such as `http://127.0.0.1:4000`, without a path. With it set, nothing\n\
            else is contacted.",
};
const SHARDS: Variable = Variable {
    name: "SHARDS",
    default: "1",
    about: "Which shards of the gateway this process serves: `1`, all there is; `auto`, as many as Discord advises;\n\
            `0..4/16` or `3/16`, those of a total that several processes share; `none`, for a process that takes\n\
            interactions over HTTP only.",
};
const DISCORD_PUBLIC_KEY: Variable = Variable {
    name: "DISCORD_PUBLIC_KEY",
    default: "",
    about: "The application's public key (General Information, Public Key), where Discord is to send interactions over\n\
            HTTP instead of the gateway.",
};
const INTERACTIONS_LISTEN: Variable = Variable {
    name: "INTERACTIONS_LISTEN",
    default: "",
    about: "Where `POST /interactions` is served then, such as `127.0.0.1:8080`, for the load balancer or proxy whose\n\
            address is the application's Interactions Endpoint URL.",
};
const DATABASE_URL: Variable = Variable {
    name: "DATABASE_URL",
    default: "sqlite:data/briefing-bot.sqlite",
    about: "Where settings, counts, votes and kept questions are stored: a file, made at the first start\n\
            (`sqlite:PATH`), or PostgreSQL (`postgres://USER:PASSWORD@HOST/DATABASE`), for a bot of several processes.\n\
            On another machine with `?sslmode=verify-full`, so that the server's certificate is checked.",
};
const RETENTION_DAYS: Variable = Variable {
    name: "RETENTION_DAYS",
    default: "90",
    about: "After how many days counts, votes, kept questions and the reload history are removed.",
};
const HTTP_LISTEN: Variable = Variable {
    name: "HTTP_LISTEN",
    default: "",
    about: "Where `/livez`, `/readyz`, `/servez` and `/metrics` are served, such as `127.0.0.1:9100`; off if empty.\n\
            Not for the public.",
};
const LOG_FORMAT: Variable = Variable {
    name: "LOG_FORMAT",
    default: "text",
    about: "How the log is written: `text` or `json`, on standard error.",
};
const RUST_LOG: Variable = Variable {
    name: "RUST_LOG",
    default: "warn,briefing_bot=info",
    about: "What is logged: a level, or levels by module.",
};
const LOG_QUESTIONS: Variable = Variable {
    name: "LOG_QUESTIONS",
    default: "off",
    about: "Whether the words of questions are logged: `on` or `off`. Where they are, `/privacy` says so.",
};

/// Every variable, in the order of `.env.example`.
pub const VARIABLES: [Variable; 21] = [
    TOKEN,
    ADMIN_USER_IDS,
    HOME_GUILD_ID,
    MESSAGE_CONTENT,
    KNOWLEDGE_DIR,
    KNOWLEDGE_WATCH,
    KNOWLEDGE_SOURCE,
    CACHE_DIR,
    LABELLED_QUESTIONS,
    DATABASE_URL,
    RETENTION_DAYS,
    MEMBER_RATE,
    SERVER_RATE,
    SHARDS,
    DISCORD_PUBLIC_KEY,
    INTERACTIONS_LISTEN,
    HTTP_LISTEN,
    LOG_FORMAT,
    RUST_LOG,
    LOG_QUESTIONS,
    DISCORD_API_URL,
];

/// What was set.
#[derive(Debug, Clone)]
pub struct Config {
    /// Where the facts come from.
    pub knowledge_source: KnowledgeSource,
    /// Whether a saved edit, or another publication, is loaded by itself.
    pub knowledge_watch: Switch,
    /// Where what was learnt of the facts is kept.
    pub cache_dir: Option<PathBuf>,
    /// Files of labelled questions that the preview of a reload asks.
    pub labelled_questions: Vec<PathBuf>,
    /// What concerns Discord.
    pub discord: DiscordConfig,
    /// What concerns the store.
    pub store: StoreConfig,
    /// Where health is served.
    pub http_listen: Option<SocketAddr>,
    /// What concerns the log.
    pub log: LogConfig,
}

/// What concerns the store.
#[derive(Debug, Clone)]
pub struct StoreConfig {
    /// Where it is.
    pub place: StorePlace,
    /// After how many days what has an age is removed.
    pub retention_days: u32,
}

/// Where the store is.
#[derive(Debug, Clone)]
pub enum StorePlace {
    /// In this file.
    Sqlite(PathBuf),
    /// In PostgreSQL, at this address, which may hold a password.
    Postgres(SecretString),
}

/// What concerns Discord.
#[derive(Debug, Clone)]
pub struct DiscordConfig {
    /// The bot's token, without `Bot ` before it.
    pub token: Option<SecretString>,
    /// Another base for Discord's API: scheme, host and port, nothing after.
    pub api_url: Option<String>,
    /// Members who may use `/admin` everywhere.
    pub admin_user_ids: Vec<NonZeroU64>,
    /// A server whose administrators may use `/admin` there.
    pub home_guild_id: Option<NonZeroU64>,
    /// How much of one member is answered in a minute; 0: no bound.
    pub member_rate: u32,
    /// How much of one server is answered in a minute; 0: no bound.
    pub server_rate: u32,
    /// Whether the privileged message content intent is asked for.
    pub message_content: Switch,
    /// Which shards of the gateway it serves.
    pub shards: Shards,
    /// How it takes interactions over HTTP, where it does.
    pub interactions: Option<InteractionsConfig>,
}

/// How interactions are taken over HTTP.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InteractionsConfig {
    /// The application's Ed25519 key, which Discord's signatures are checked with.
    pub public_key: [u8; 32],
    /// Where they are taken.
    pub listen: SocketAddr,
}

/// What concerns the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogConfig {
    /// How it is written.
    pub format: LogFormat,
    /// What is logged, in the words of `tracing_subscriber::EnvFilter`.
    pub filter: String,
    /// Whether the words of questions are logged.
    pub questions: Switch,
}

/// Where the facts come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KnowledgeSource {
    /// A folder.
    Directory,
    /// The store.
    Database,
}

/// How the log is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// For eyes.
    Text,
    /// One JSON object a line.
    Json,
}

/// On or off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Switch {
    /// On.
    On,
    /// Off.
    Off,
}

impl Switch {
    /// Whether it is on.
    #[must_use]
    pub fn is_on(self) -> bool {
        self == Self::On
    }
}

/// Every fault of the environment.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct ConfigError {
    faults: Vec<String>,
}

impl std::fmt::Display for ConfigError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for fault in &self.faults {
            writeln!(f, "{fault}")?;
        }
        f.write_str("hint: `.env.example` lists every variable with its default")
    }
}

impl Config {
    /// Reads the process's environment.
    ///
    /// # Errors
    /// If a variable holds what it cannot mean.
    pub fn from_environment() -> Result<Self, ConfigError> {
        Self::read(&environment)
    }

    /// Reads variables from wherever `lookup` finds them.
    ///
    /// # Errors
    /// If a variable holds what it cannot mean.
    pub fn read(lookup: &dyn Fn(&str) -> Option<String>) -> Result<Self, ConfigError> {
        let mut reader = Reader {
            lookup,
            faults: Vec::new(),
        };
        let config = Self {
            knowledge_source: reader.knowledge_source(),
            knowledge_watch: reader.switch(KNOWLEDGE_WATCH),
            cache_dir: reader.cache_dir(),
            labelled_questions: reader.paths(LABELLED_QUESTIONS),
            discord: DiscordConfig {
                token: reader.token(),
                api_url: reader.api_url(),
                admin_user_ids: reader.ids(ADMIN_USER_IDS),
                home_guild_id: reader.ids(HOME_GUILD_ID).first().copied(),
                member_rate: reader.number(MEMBER_RATE),
                server_rate: reader.number(SERVER_RATE),
                message_content: reader.switch(MESSAGE_CONTENT),
                shards: reader.shards(),
                interactions: reader.interactions(),
            },
            store: reader.store(),
            http_listen: reader.address(HTTP_LISTEN),
            log: LogConfig {
                format: reader.log_format(),
                filter: reader.text(RUST_LOG),
                questions: reader.switch(LOG_QUESTIONS),
            },
        };
        if config.discord.shards == Shards::None && config.discord.interactions.is_none() {
            reader.fault(
                SHARDS,
                "some, since without `INTERACTIONS_LISTEN` nothing is left to do",
                "none",
            );
        }
        reader.end(config)
    }
}

/// A variable of the process's environment; where it is absent or empty, the service manager's credential of its name.
fn environment(name: &str) -> Option<String> {
    let variable = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
    match variable(name) {
        Some(value) => Some(value.to_string_lossy().into_owned()),
        None => credential(Path::new(&variable("CREDENTIALS_DIRECTORY")?), name),
    }
}

/// A secret that a service manager hands over in a file (`systemd.exec(5)`, `LoadCredential=`).
fn credential(folder: &Path, name: &str) -> Option<String> {
    std::fs::read_to_string(folder.join(name)).ok()
}

/// The system's folder for what may go at any time.
#[cfg(not(target_os = "linux"))]
#[must_use]
pub fn temporary_folder() -> PathBuf {
    std::env::temp_dir()
}

impl StorePlace {
    /// Reads an address.
    ///
    /// # Errors
    /// What was expected, without what was found, which may hold a password.
    pub fn parse(url: &str) -> Result<Self, String> {
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            return Ok(Self::Postgres(url.into()));
        }
        let path = url.strip_prefix("sqlite:");
        let path = path.map(|path| path.strip_prefix("//").unwrap_or(path));
        match path {
            Some(path) if !path.is_empty() => Ok(Self::Sqlite(path.into())),
            _ => Err("expected `sqlite:PATH` or `postgres://…`, but found something else".to_owned()),
        }
    }
}

impl StoreConfig {
    /// Reads what concerns the store alone.
    ///
    /// # Errors
    /// Every fault of it at once.
    pub fn from_environment() -> Result<Self, ConfigError> {
        let mut reader = Reader {
            lookup: &environment,
            faults: Vec::new(),
        };
        let store = reader.store();
        reader.end(store)
    }
}

/// Where what was learnt of the facts is kept; `None` where nowhere.
#[must_use]
pub fn cache_dir() -> Option<PathBuf> {
    let reader = Reader {
        lookup: &environment,
        faults: Vec::new(),
    };
    reader.cache_dir()
}

/// `.env.example`: every variable with what it is for and its default, commented out.
#[must_use]
pub fn example() -> String {
    let mut text = String::from(
        "# Settings of briefing-bot. Copy this file to `.env` and uncomment what you want to change.\n\
         # Variables of the environment win over `.env`; options of the command line win over both.\n",
    );
    for variable in VARIABLES {
        let about = variable.about.replace('\n', "\n# ");
        let _ = write!(text, "\n# {about}\n#{}={}\n", variable.name, variable.default);
    }
    text
}

struct Reader<'a> {
    lookup: &'a dyn Fn(&str) -> Option<String>,
    faults: Vec<String>,
}

impl Reader<'_> {
    /// What was read, unless there was a fault.
    fn end<T>(self, read: T) -> Result<T, ConfigError> {
        if self.faults.is_empty() {
            Ok(read)
        } else {
            Err(ConfigError { faults: self.faults })
        }
    }

    /// The value, trimmed; the default where it is absent or empty.
    fn text(&self, variable: Variable) -> String {
        let found = (self.lookup)(variable.name).unwrap_or_default();
        match found.trim() {
            "" => variable.default.to_owned(),
            value => value.to_owned(),
        }
    }

    fn fault(&mut self, variable: Variable, expected: &str, found: &str) {
        self.faults
            .push(format!("`{}`: expected {expected}, but found `{found}`", variable.name));
    }

    fn switch(&mut self, variable: Variable) -> Switch {
        let value = self.text(variable);
        match value.to_ascii_lowercase().as_str() {
            "on" | "true" | "yes" | "1" => Switch::On,
            "off" | "false" | "no" | "0" => Switch::Off,
            _ => {
                self.fault(variable, "`on` or `off`", &value);
                Switch::Off
            }
        }
    }

    fn knowledge_source(&mut self) -> KnowledgeSource {
        let value = self.text(KNOWLEDGE_SOURCE);
        match value.to_ascii_lowercase().as_str() {
            "directory" => KnowledgeSource::Directory,
            "database" => KnowledgeSource::Database,
            _ => {
                self.fault(KNOWLEDGE_SOURCE, "`directory` or `database`", &value);
                KnowledgeSource::Directory
            }
        }
    }

    fn log_format(&mut self) -> LogFormat {
        let value = self.text(LOG_FORMAT);
        match value.to_ascii_lowercase().as_str() {
            "text" => LogFormat::Text,
            "json" => LogFormat::Json,
            _ => {
                self.fault(LOG_FORMAT, "`text` or `json`", &value);
                LogFormat::Text
            }
        }
    }

    fn address(&mut self, variable: Variable) -> Option<SocketAddr> {
        let value = self.text(variable);
        if value.is_empty() {
            return None;
        }
        let address = value.parse().ok();
        if address.is_none() {
            self.fault(variable, "an address and a port, such as `127.0.0.1:9100`", &value);
        }
        address
    }

    /// The address's text is never part of a fault, since it may hold a password.
    fn store(&mut self) -> StoreConfig {
        let place = StorePlace::parse(&self.text(DATABASE_URL)).unwrap_or_else(|fault| {
            self.faults.push(format!("`{}`: {fault}", DATABASE_URL.name));
            StorePlace::Sqlite(PathBuf::new())
        });
        let days = self.text(RETENTION_DAYS);
        let retention_days = days.parse().ok().filter(|days| (1..=36_500).contains(days));
        if retention_days.is_none() {
            self.fault(RETENTION_DAYS, "a number of days from 1 to 36500", &days);
        }
        StoreConfig {
            place,
            retention_days: retention_days.unwrap_or(u32::MAX),
        }
    }

    fn number(&mut self, variable: Variable) -> u32 {
        let value = self.text(variable);
        let number = value.parse().ok();
        if number.is_none() {
            self.fault(variable, "a whole number", &value);
        }
        number.unwrap_or_default()
    }

    fn paths(&self, variable: Variable) -> Vec<PathBuf> {
        let value = self.text(variable);
        let paths = value.split(',').map(str::trim).filter(|path| !path.is_empty());
        paths.map(PathBuf::from).collect()
    }

    /// As the XDG Base Directory Specification has it: a path that is not absolute does not count there.
    fn cache_dir(&self) -> Option<PathBuf> {
        let named = |name: &str| (self.lookup)(name).map(PathBuf::from);
        let users = || {
            let caches = named("XDG_CACHE_HOME").filter(|path| path.is_absolute());
            let caches = caches.or_else(|| Some(named("HOME").filter(|path| path.is_absolute())?.join(".cache")));
            Some(caches?.join("briefing-bot"))
        };
        match self.text(CACHE_DIR).as_str() {
            "" => users(),
            "none" => None,
            path => Some(path.into()),
        }
    }

    fn ids(&mut self, variable: Variable) -> Vec<NonZeroU64> {
        let value = self.text(variable);
        let mut ids = Vec::new();
        for part in value.split([',', ' ']).filter(|part| !part.is_empty()) {
            match part.parse() {
                Ok(id) => ids.push(id),
                Err(_) => self.fault(variable, "Discord ids, which are numbers", part),
            }
        }
        if variable == HOME_GUILD_ID && ids.len() > 1 {
            self.fault(variable, "the id of one server", &value);
        }
        ids
    }

    /// The token's text is never part of a fault.
    fn token(&mut self) -> Option<SecretString> {
        let value = self.text(TOKEN);
        let token = value.strip_prefix("Bot ").unwrap_or(&value).trim();
        if token.is_empty() {
            return None;
        }
        if !token.bytes().all(|byte| byte.is_ascii_graphic()) {
            self.faults.push(format!(
                "`{}`: expected a token as Discord shows it, but found white space or characters that no token has",
                TOKEN.name
            ));
            return None;
        }
        Some(token.into())
    }

    fn api_url(&mut self) -> Option<String> {
        let value = self.text(DISCORD_API_URL);
        if value.is_empty() {
            return None;
        }
        let base = value.strip_suffix('/').unwrap_or(&value);
        let host = base.strip_prefix("http://").or_else(|| base.strip_prefix("https://"));
        let is_host = |host: &str| {
            !host.is_empty() && !host.contains(|c: char| c.is_whitespace() || matches!(c, '/' | '?' | '#' | '@' | '\\'))
        };
        if host.is_some_and(is_host) {
            return Some(base.to_owned());
        }
        self.fault(DISCORD_API_URL, "`http://HOST:PORT` without a path", &value);
        None
    }

    fn shards(&mut self) -> Shards {
        let value = self.text(SHARDS);
        Shards::parse(&value).unwrap_or_else(|| {
            self.fault(SHARDS, "a number, `auto`, `0..4/16`, `3/16` or `none`", &value);
            Shards::Auto
        })
    }

    /// Both variables, or neither.
    fn interactions(&mut self) -> Option<InteractionsConfig> {
        let value = self.text(DISCORD_PUBLIC_KEY);
        let public_key = key_of(&value);
        if !value.is_empty() && public_key.is_none() {
            self.fault(DISCORD_PUBLIC_KEY, "64 hex digits, as Discord shows them", &value);
        }
        let listen = self.address(INTERACTIONS_LISTEN);
        let is_without = |variable| self.text(variable).is_empty();
        let missing = match (is_without(DISCORD_PUBLIC_KEY), is_without(INTERACTIONS_LISTEN)) {
            (true, false) => Some((DISCORD_PUBLIC_KEY, INTERACTIONS_LISTEN)),
            (false, true) => Some((INTERACTIONS_LISTEN, DISCORD_PUBLIC_KEY)),
            _ => None,
        };
        if let Some((missing, given)) = missing {
            self.faults.push(format!(
                "`{}`: expected it as well, since `{}` is set",
                missing.name, given.name
            ));
        }
        Some(InteractionsConfig {
            public_key: public_key?,
            listen: listen?,
        })
    }
}

/// A key in hex digits.
fn key_of(text: &str) -> Option<[u8; 32]> {
    let mut key = [0; 32];
    if text.len() != 2 * key.len() || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    for (index, byte) in key.iter_mut().enumerate() {
        *byte = u8::from_str_radix(&text[2 * index..2 * index + 2], 16).ok()?;
    }
    Some(key)
}

#[cfg(test)]
mod tests;

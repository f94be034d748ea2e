//! Every variable read for what it means, and every fault said at once.

use expect_test::{expect, expect_file};
use secrecy::ExposeSecret;

use super::*;

fn read(pairs: &[(&str, &str)]) -> Result<Config, ConfigError> {
    Config::read(&|name| {
        pairs
            .iter()
            .find(|(key, _)| *key == name)
            .map(|(_, value)| (*value).to_owned())
    })
}

#[test]
fn the_example_file_lists_every_variable_with_its_default() {
    expect_file!["../../.env.example"].assert_eq(&example());
}

#[test]
fn an_empty_variable_is_as_good_as_an_absent_one() {
    let empty: Vec<_> = VARIABLES.iter().map(|variable| (variable.name, " ")).collect();
    let defaults: Vec<_> = VARIABLES
        .iter()
        .map(|variable| (variable.name, variable.default))
        .collect();
    let absent = format!("{:?}", read(&[]).unwrap());
    assert_eq!(format!("{:?}", read(&empty).unwrap()), absent);
    assert_eq!(format!("{:?}", read(&defaults).unwrap()), absent);
}

#[test]
fn values_are_read_for_what_they_mean() {
    let config = read(&[
        ("DISCORD_TOKEN", " Bot abc.def "),
        ("ADMIN_USER_IDS", "12, 34,56"),
        ("HOME_GUILD_ID", "78"),
        ("DISCORD_API_URL", "http://127.0.0.1:4000/"),
        ("KNOWLEDGE_WATCH", "OFF"),
        ("KNOWLEDGE_SOURCE", "database"),
        ("LOG_FORMAT", "json"),
        ("DATABASE_URL", "sqlite:///var/lib/briefing-bot/store.sqlite"),
        ("RETENTION_DAYS", "7"),
        ("HTTP_LISTEN", "[::1]:9100"),
        ("SHARDS", "0..4/16"),
        ("DISCORD_PUBLIC_KEY", &"0f".repeat(32)),
        ("INTERACTIONS_LISTEN", "0.0.0.0:8080"),
    ])
    .unwrap();
    let place = format!("{:?}", config.store.place);
    assert_eq!(place, r#"Sqlite("/var/lib/briefing-bot/store.sqlite")"#);
    assert_eq!(config.store.retention_days, 7);
    assert_eq!(config.http_listen.unwrap().port(), 9100);
    let Shards::Some(range) = config.discord.shards else {
        panic!("{:?}", config.discord.shards);
    };
    assert_eq!(range.to_string(), "0..4/16");
    let interactions = config.discord.interactions.unwrap();
    assert_eq!(interactions.public_key, [15; 32]);
    assert_eq!(interactions.listen.port(), 8080);
    assert_eq!(config.discord.token.unwrap().expose_secret(), "abc.def");
    let ids: Vec<u64> = config.discord.admin_user_ids.iter().map(|id| id.get()).collect();
    assert_eq!(ids, [12, 34, 56]);
    assert_eq!(config.discord.home_guild_id.map(NonZeroU64::get), Some(78));
    assert_eq!(config.discord.api_url.as_deref(), Some("http://127.0.0.1:4000"));
    assert_eq!(config.knowledge_watch, Switch::Off);
    assert_eq!(config.knowledge_source, KnowledgeSource::Database);
    assert_eq!(config.log.format, LogFormat::Json);
}

#[test]
fn every_fault_is_reported_at_once_and_the_token_in_none() {
    let error = read(&[
        ("DISCORD_TOKEN", "se cret"),
        ("ADMIN_USER_IDS", "12,me,0"),
        ("HOME_GUILD_ID", "1,2"),
        ("DISCORD_API_URL", "127.0.0.1:4000/api"),
        ("KNOWLEDGE_WATCH", "perhaps"),
        ("KNOWLEDGE_SOURCE", "air"),
        ("LOG_FORMAT", "xml"),
        ("DATABASE_URL", "mysql://me:secret@host/db"),
        ("RETENTION_DAYS", "0"),
        ("HTTP_LISTEN", "9100"),
        ("SHARDS", "5/4"),
        ("DISCORD_PUBLIC_KEY", "0f"),
    ])
    .unwrap_err();
    expect![[r"
        `KNOWLEDGE_SOURCE`: expected `directory` or `database`, but found `air`
        `KNOWLEDGE_WATCH`: expected `on` or `off`, but found `perhaps`
        `DISCORD_TOKEN`: expected a token as Discord shows it, but found white space or characters that no token has
        `DISCORD_API_URL`: expected `http://HOST:PORT` without a path, but found `127.0.0.1:4000/api`
        `ADMIN_USER_IDS`: expected Discord ids, which are numbers, but found `me`
        `ADMIN_USER_IDS`: expected Discord ids, which are numbers, but found `0`
        `HOME_GUILD_ID`: expected the id of one server, but found `1,2`
        `SHARDS`: expected a number, `auto`, `0..4/16`, `3/16` or `none`, but found `5/4`
        `DISCORD_PUBLIC_KEY`: expected 64 hex digits, as Discord shows them, but found `0f`
        `INTERACTIONS_LISTEN`: expected it as well, since `DISCORD_PUBLIC_KEY` is set
        `DATABASE_URL`: expected `sqlite:PATH` or `postgres://…`, but found something else
        `RETENTION_DAYS`: expected a number of days from 1 to 36500, but found `0`
        `HTTP_LISTEN`: expected an address and a port, such as `127.0.0.1:9100`, but found `9100`
        `LOG_FORMAT`: expected `text` or `json`, but found `xml`
        hint: `.env.example` lists every variable with its default"]]
    .assert_eq(&error.to_string());
}

#[test]
fn a_process_without_shards_takes_interactions_or_nothing() {
    let interactions = [
        ("SHARDS", "none"),
        ("DISCORD_PUBLIC_KEY", &"0f".repeat(32)),
        ("INTERACTIONS_LISTEN", "0.0.0.0:8080"),
    ];
    assert_eq!(read(&interactions).unwrap().discord.shards, Shards::None);
    expect![[r"
        `SHARDS`: expected some, since without `INTERACTIONS_LISTEN` nothing is left to do, but found `none`
        hint: `.env.example` lists every variable with its default"]]
    .assert_eq(&read(&interactions[..1]).unwrap_err().to_string());
}

#[test]
fn a_credential_is_a_file_of_the_variable_s_name() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("DISCORD_TOKEN"), "abc.def\n").unwrap();
    let config = Config::read(&|name| credential(folder.path(), name)).unwrap();
    assert_eq!(config.discord.token.unwrap().expose_secret(), "abc.def");
}

#[test]
fn debug_never_shows_the_token_or_a_password() {
    let config = read(&[("DISCORD_TOKEN", "abc.def")]).unwrap();
    assert!(!format!("{config:?}").contains("abc.def"));
    let config = read(&[("DATABASE_URL", "postgres://me:secret@host/db")]).unwrap();
    assert!(!format!("{config:?}").contains("secret"));
}

#[test]
fn what_was_learnt_is_kept_where_the_user_keeps_caches() {
    let place = |pairs: &[(&str, &str)]| read(pairs).unwrap().cache_dir;
    let home = ("HOME", "/home/bot");
    assert_eq!(place(&[]), None);
    assert_eq!(place(&[home]), Some("/home/bot/.cache/briefing-bot".into()));
    let caches = ("XDG_CACHE_HOME", "/var/caches");
    assert_eq!(place(&[home, caches]), Some("/var/caches/briefing-bot".into()));
    assert_eq!(
        place(&[home, ("XDG_CACHE_HOME", "caches")]),
        Some("/home/bot/.cache/briefing-bot".into())
    );
    assert_eq!(place(&[("HOME", ".")]), None);
    assert_eq!(place(&[home, ("CACHE_DIR", "learnt")]), Some("learnt".into()));
    assert_eq!(place(&[home, ("CACHE_DIR", "none")]), None);
}

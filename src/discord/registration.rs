//! Tells Discord of the commands, where it does not know them already.
//!
//! Overwriting counts against a daily limit and makes clients forget what they have cached, so what Discord has is
//! read first. A command that is registered for a server beside the one for all servers would show twice there, so the
//! home server has those only that are for it alone. Of processes that share a store, one at a time compares, so that one
//! writes and the others find nothing to write. Promise: nothing is written where nothing differs; what an earlier
//! version left behind goes, also in the home server; what a reload changes of the commands is told too.

use std::sync::OnceLock;
use std::time::Duration;

use serde_json::{Map, Value};
use serenity::builder::CreateCommand;
use serenity::http::{LightMethod, Route};
use serenity::model::id::ApplicationId;
use tokio::sync::Mutex;
use tokio::sync::broadcast::error::RecvError;
use tokio::time::timeout;

use super::bot::Bot;
use super::commands;
use super::guard::Whose;
use super::rest::{Call, Rest, RestError};
use super::turns;
use crate::store::ProcessId;

/// How long reading and writing may take each.
const PATIENCE: Duration = Duration::from_secs(30);
/// Registering the commands ends by then.
pub(super) const REGISTRATION_DEADLINE: Duration = Duration::from_mins(2);
/// How often it is tried again while it does not succeed.
const TRIED_AGAIN_EVERY: Duration = Duration::from_mins(5);

/// What processes claim of the store before they look at the commands.
const CLAIM: &str = "commands";
/// A turn is over by then, whatever became of its process: looking and writing take a second or two.
const TURN_SECONDS: u32 = 60;

/// What this process has told Discord of the commands.
#[derive(Debug)]
pub(crate) struct Registered {
    /// Who claims.
    pub(super) process: ProcessId,
    /// Whose commands this process looks after, once it does.
    application: OnceLock<ApplicationId>,
    /// The commands everywhere, as Discord is known to have them.
    told: Mutex<Option<Value>>,
}

impl Default for Registered {
    fn default() -> Self {
        Self {
            process: ProcessId::random(),
            application: OnceLock::new(),
            told: Mutex::default(),
        }
    }
}

/// Compares, and writes on a difference, everywhere and in the home server; does nothing where that was done with the
/// same commands before. A failure is logged: the commands that Discord has go on working. From now on, this process
/// looks after the commands.
pub(crate) async fn register(bot: &Bot, application: ApplicationId) {
    let application_id = *bot.registered.application.get_or_init(|| application);
    // Held throughout, so that two at once do not overtake each other.
    let mut told = bot.registered.told.lock().await;
    let definitions = commands::definitions(bot.snapshot().base());
    // Commands are texts and numbers, which JSON has room for.
    let wanted = serde_json::to_value(&definitions).unwrap_or_default();
    if told.as_ref() == Some(&wanted) {
        return;
    }
    turns::take(&bot.records, &bot.registered.process, CLAIM, TURN_SECONDS).await;
    let everywhere = Route::Commands { application_id };
    let is_first = told.is_none();
    let mut is_done = note(
        "everywhere",
        compare_and_write(&bot.rest, everywhere, &definitions).await,
    );
    // The home server's do not depend on the facts.
    if let Some(guild_id) = bot.home.filter(|_| is_first) {
        let route = Route::GuildCommands {
            application_id,
            guild_id,
        };
        let written = compare_and_write(&bot.rest, route, &commands::at_home()).await;
        // Where the bot may have none there, it may have none the next time.
        let is_in_vain = written.as_ref().is_err_and(is_shut_out);
        is_done &= note("in the home server", written) || is_in_vain;
    }
    if is_done {
        *told = Some(wanted);
    }
    turns::end(&bot.records, &bot.registered.process, CLAIM).await;
}

/// Registers again whenever a reload has changed the commands, as where `/ask` gets or loses its choice of a briefing,
/// and now and then for as long as it did not succeed; never ends by itself. Does nothing in a process that does not look
/// after the commands.
pub(crate) async fn keep_up(bot: &Bot) {
    let mut reloads = bot.reloader.subscribe();
    loop {
        // Whether it was heard or missed, what counts is the facts of now; none can come where the reloader is gone.
        match timeout(TRIED_AGAIN_EVERY, reloads.recv()).await {
            Ok(Err(RecvError::Closed)) => std::future::pending().await,
            Ok(Ok(_) | Err(RecvError::Lagged(_))) | Err(_) => {}
        }
        if let Some(application) = bot.registered.application.get() {
            bot.guard
                .serve(Whose::Own, REGISTRATION_DEADLINE, register(bot, *application))
                .await;
        }
    }
}

/// Whether the bot is not in that server, or was not allowed to have commands there.
fn is_shut_out(error: &RestError) -> bool {
    matches!(error.status(), Some(403 | 404))
}

/// Says what came of it; gives whether it was done.
fn note(place: &str, written: Result<bool, RestError>) -> bool {
    let is_done = written.is_ok();
    match written {
        Ok(true) => tracing::info!("the commands were registered {place}"),
        Ok(false) => tracing::debug!("the commands are registered already {place}"),
        Err(error) if is_shut_out(&error) => {
            tracing::warn!(%error, "no commands can be registered {place}; is the bot in it?");
        }
        Err(error) => tracing::error!(%error, "the commands could not be registered {place}"),
    }
    is_done
}

async fn compare_and_write(rest: &Rest, route: Route<'_>, wanted: &[CreateCommand]) -> Result<bool, RestError> {
    let wanted = serde_json::to_value(wanted).map_err(|error| RestError::Unbuildable(error.to_string()))?;
    let call = |method, query| Call {
        method,
        route,
        query,
        patience: PATIENCE,
    };
    let query = vec![("with_localizations", "true".to_owned())];
    let present: Value = rest.get(call(LightMethod::Get, Some(query))).await?;
    if is_same(&present, &wanted) {
        return Ok(false);
    }
    rest.put(call(LightMethod::Put, None), &wanted).await?;
    Ok(true)
}

/// Whether two lists of commands are the same to a member; the order of commands is not, that of options is.
fn is_same(present: &Value, wanted: &Value) -> bool {
    let comparable = |commands: &Value| {
        let mut commands: Vec<Value> = commands
            .as_array()
            .into_iter()
            .flatten()
            .map(|command| canonical(command, Level::Command))
            .collect();
        commands.sort_by_key(|command| format!("{}/{}", command["type"], command["name"]));
        commands
    };
    comparable(present) == comparable(wanted)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Level {
    Command,
    Option,
}

/// Keys that an application sets on commands and options. Everything else is Discord's own: ids, versions, echoes of
/// settings under older names.
const SET_BY_US: [&str; 18] = [
    "name",
    "type",
    "description",
    "options",
    "required",
    "autocomplete",
    "choices",
    "value",
    "channel_types",
    "min_value",
    "max_value",
    "min_length",
    "max_length",
    "name_localizations",
    "description_localizations",
    "default_member_permissions",
    "contexts",
    "integration_types",
];

/// The command or option without what only Discord sets and without what is as good as absent.
fn canonical(command: &Value, level: Level) -> Value {
    let mut kept = Map::new();
    if level == Level::Command {
        kept.insert("type".to_owned(), Value::from(1));
        // Discord fills these in where they are absent.
        kept.insert("integration_types".to_owned(), Value::from(vec![0]));
    }
    for (key, value) in command.as_object().into_iter().flatten() {
        let is_empty = match value {
            Value::Null | Value::Bool(false) => true,
            // A command of a menu has no description, which Discord gives back as an empty one.
            Value::String(text) => text.is_empty(),
            Value::Array(items) => items.is_empty(),
            Value::Object(fields) => fields.is_empty(),
            _ => false,
        };
        if is_empty || !SET_BY_US.contains(&key.as_str()) {
            continue;
        }
        let value = match (key.as_str(), value) {
            ("options" | "choices", Value::Array(items)) => {
                items.iter().map(|item| canonical(item, Level::Option)).collect()
            }
            ("contexts" | "integration_types", Value::Array(items)) => {
                let mut items = items.clone();
                items.sort_by_key(Value::as_u64);
                Value::Array(items)
            }
            _ => value.clone(),
        };
        kept.insert(key.clone(), value);
    }
    Value::Object(kept)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::fact::FactBase;

    /// What Discord gives back for a command that was sent.
    fn as_discord_has_it(mut command: Value) -> Value {
        command["id"] = json!("1");
        command["application_id"] = json!("2");
        command["version"] = json!("3");
        command["dm_permission"] = json!(true);
        command["default_permission"] = json!(true);
        command["nsfw"] = json!(false);
        if command["description"].is_null() {
            command["description"] = json!("");
        }
        command["name_localizations"] = Value::Null;
        command["description_localizations"] = Value::Null;
        if let Some(contexts) = command["contexts"].as_array_mut() {
            contexts.reverse();
        }
        command
    }

    #[test]
    fn what_discord_gives_back_for_our_commands_is_the_same() {
        let wanted = serde_json::to_value(commands::definitions(&FactBase::new(Vec::new()))).unwrap();
        let mut present: Vec<Value> = wanted
            .as_array()
            .unwrap()
            .iter()
            .cloned()
            .map(as_discord_has_it)
            .collect();
        present.reverse();
        assert!(is_same(&Value::from(present), &wanted));
    }

    #[test]
    fn any_difference_that_a_member_could_notice_is_one() {
        let wanted = serde_json::to_value(commands::definitions(&FactBase::new(Vec::new()))).unwrap();
        let with = |change: &dyn Fn(&mut Value)| {
            let mut present = wanted.clone();
            change(&mut present);
            present
        };
        let changes: [&dyn Fn(&mut Value); 7] = [
            &|commands| commands[0]["description"] = json!("Something else"),
            &|commands| commands[0]["options"][0]["autocomplete"] = json!(false),
            &|commands| commands[0]["options"].as_array_mut().unwrap().swap(1, 2),
            &|commands| commands[0]["contexts"] = json!([0]),
            &|commands| commands[1]["default_member_permissions"] = Value::Null,
            &|commands| drop(commands.as_array_mut().unwrap().pop()),
            &|commands| {
                commands
                    .as_array_mut()
                    .unwrap()
                    .push(json!({"name": "old", "description": "Left behind"}));
            },
        ];
        for (index, change) in changes.iter().enumerate() {
            assert!(!is_same(&with(change), &wanted), "change {index}");
        }
    }

    #[test]
    fn localizations_count() {
        let one = json!([{"name": "ask", "description": "x", "name_localizations": {"de": "frage"}}]);
        let other = json!([{"name": "ask", "description": "x", "name_localizations": null}]);
        assert!(!is_same(&one, &other));
    }
}

//! The loopback's REST: the routes that the bot may use, with Discord's checks.

use std::collections::HashMap;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::events::{self, APPLICATION, BOT, DIRECT, HOME};
use super::limits::{self, Checker};
use super::multipart;
use super::over_http;
use super::state::{Answered, Fault, Inner, Posted, Slow, State, TOKEN};

type Answer = (u16, Value);

/// Answers one request.
pub(crate) async fn answer(
    state: Arc<State>,
    address: String,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> io::Result<Response> {
    let path = uri.path().to_owned();
    let fault = state.with(|inner| {
        inner
            .requests
            .push((method.to_string(), format!("{uri} {}", String::from_utf8_lossy(&body))));
        let fault = inner.take_fault(&path);
        if let Some(fault) = &fault {
            inner.tell_hindered(&path, &body, fault.status);
        }
        fault
    });
    let delay = fault.as_ref().map_or(Duration::ZERO, |fault| fault.delay);
    let is_slow_to_answer = fault
        .as_ref()
        .is_some_and(|fault| fault.only_slow == Some(Slow::ToAnswer));
    if !is_slow_to_answer {
        tokio::time::sleep(delay).await;
    }
    let fault = fault.filter(|fault| fault.only_slow.is_none());
    let is_carried_out = fault.as_ref().is_none_or(|fault| fault.is_carried_out);
    let answer = is_carried_out.then(|| {
        let request = Request {
            method: method.as_str(),
            path: &path,
            query: uri.query().unwrap_or_default(),
            is_authorized: headers
                .get("authorization")
                .is_some_and(|given| given == format!("Bot {TOKEN}").as_str()),
            body: read_body(&headers, &body),
        };
        state.with(|inner| request.route(inner, &address))
    });
    if is_slow_to_answer {
        tokio::time::sleep(delay).await;
    }
    match (fault, answer) {
        (Some(fault), _) if fault.is_reset => Err(io::ErrorKind::ConnectionReset.into()),
        (Some(fault), _) => Ok(scripted(fault)),
        (None, Some((status, body))) => Ok(plain(status, &body)),
        (None, None) => Ok(plain(500, &Value::Null)),
    }
}

/// The body as JSON; of one with files, its JSON with the files beside it under `files`.
fn read_body(headers: &HeaderMap, body: &[u8]) -> Value {
    let content_type = headers.get("content-type").and_then(|value| value.to_str().ok());
    match content_type.and_then(|value| value.strip_prefix("multipart/form-data; boundary=")) {
        Some(boundary) => multipart::read(body, boundary),
        None => serde_json::from_slice(body).unwrap_or_default(),
    }
}

fn plain(status: u16, body: &Value) -> Response {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    if status == StatusCode::NO_CONTENT {
        return status.into_response();
    }
    (status, [("content-type", "application/json")], body.to_string()).into_response()
}

fn scripted(fault: Fault) -> Response {
    let mut response = plain(fault.status, &Value::Null);
    *response.body_mut() = fault.body.into();
    for (name, value) in fault.headers {
        response
            .headers_mut()
            .insert(name, value.parse().expect("a header that the test wrote"));
    }
    response
}

fn error(status: u16, code: u64, message: &str) -> Answer {
    (status, json!({"code": code, "message": message}))
}

pub(crate) struct Request<'a> {
    method: &'a str,
    path: &'a str,
    query: &'a str,
    is_authorized: bool,
    body: Value,
}

impl Request<'_> {
    fn route(&self, inner: &mut Inner, address: &str) -> Answer {
        let path = self.path.strip_prefix("/api/v10/").unwrap_or_default();
        let parts: Vec<&str> = path.split('/').collect();
        // Interactions carry their own token; everything else needs the bot's.
        if !matches!(parts[0], "interactions" | "webhooks") && !self.is_authorized {
            return error(401, 0, "401: Unauthorized");
        }
        let application = APPLICATION.to_string();
        match (self.method, parts.as_slice()) {
            ("GET", ["users", "@me"]) => (200, events::user(BOT)),
            ("GET", ["gateway"]) => (200, json!({"url": inner.gateway_url.as_deref().unwrap_or(address)})),
            ("GET", ["gateway", "bot"]) => {
                let limit =
                    json!({"total": 1000, "remaining": inner.logins_left, "reset_after": 60_000, "max_concurrency": 1});
                let shards = inner.n_advised_shards;
                let url = inner.gateway_url.as_deref().unwrap_or(address);
                (200, json!({"url": url, "shards": shards, "session_start_limit": limit}))
            }
            ("GET", ["oauth2", "applications", "@me"]) => (200, over_http::application()),
            ("GET", ["channels", channel, "messages"]) => self.read_channel(inner, channel),
            ("GET", ["applications", id, "commands"]) if *id == application => {
                inner.n_comparisons += 1;
                if !self.query.contains("with_localizations=true") {
                    inner.fail("commands were read without their localizations, so they cannot be compared");
                }
                (200, Value::from(inner.commands.clone()))
            }
            ("PUT", ["applications", id, "commands"]) if *id == application => self.overwrite_commands(inner),
            ("GET", ["applications", id, "guilds", guild, "commands"]) if *id == application => {
                inner.n_home_comparisons += 1;
                assert_eq!(*guild, HOME.to_string());
                (200, Value::from(inner.home_commands.clone()))
            }
            ("PUT", ["applications", id, "guilds", _, "commands"]) if *id == application => {
                self.overwrite_home_commands(inner)
            }
            ("GET", ["channels", id]) => known(&inner.channels, id, 10003, "Unknown Channel"),
            ("GET", ["guilds", id]) => known(&inner.guilds, id, 10004, "Unknown Guild"),
            ("GET", ["guilds", id, "members", member]) if *member == BOT.to_string() => {
                known(&inner.own_members, id, 10007, "Unknown Member")
            }
            ("GET", ["guilds", _, "members", member]) => known(&inner.members, member, 10007, "Unknown Member"),
            ("POST", ["users", "@me", "channels"]) => {
                (200, json!({"id": DIRECT.to_string(), "type": 1, "recipients": []}))
            }
            ("POST", ["channels", channel, "messages"]) => self.post_message(inner, channel),
            (method, ["channels", _, "messages", message]) => self.message(inner, method, message),
            ("POST", ["interactions", id, token, "callback"]) => self.callback(inner, id, token),
            ("PATCH", ["webhooks", id, token, "messages", "@original"]) if *id == application => {
                self.edit(inner, token)
            }
            ("DELETE", ["webhooks", id, token, "messages", "@original"]) if *id == application => {
                delete_original(inner, token)
            }
            _ => {
                inner.fail(format!("unknown route: {} {}", self.method, self.path));
                error(404, 0, "404: Not Found")
            }
        }
    }

    /// Refuses what Discord refuses, and holds it against the bot.
    fn checked(&self, inner: &mut Inner, check: impl FnOnce(&mut Checker)) -> Option<Answer> {
        let mut checker = Checker::new();
        check(&mut checker);
        if checker.violations.is_empty() {
            return None;
        }
        inner.fail(format!("{} {}: {:?}", self.method, self.path, checker.violations));
        Some((400, checker.error_body()))
    }

    fn overwrite_commands(&self, inner: &mut Inner) -> Answer {
        if let Some(refused) = self.checked(inner, |checker| checker.commands(&self.body)) {
            return refused;
        }
        inner.n_overwrites += 1;
        inner.commands = self.body.as_array().into_iter().flatten().map(as_stored).collect();
        (200, Value::from(inner.commands.clone()))
    }

    fn overwrite_home_commands(&self, inner: &mut Inner) -> Answer {
        if let Some(refused) = self.checked(inner, |checker| checker.commands(&self.body)) {
            return refused;
        }
        inner.n_home_overwrites += 1;
        inner.home_commands = self.body.as_array().into_iter().flatten().map(as_stored).collect();
        (200, Value::from(inner.home_commands.clone()))
    }

    fn post_message(&self, inner: &mut Inner, channel: &str) -> Answer {
        if let Some(refused) = self.checked(inner, |checker| checker.message(&self.body)) {
            return refused;
        }
        let nonce = self.body["nonce"].as_str().unwrap_or_default().to_owned();
        if self.body["enforce_nonce"] == true
            && let Some(earlier) = inner.by_nonce.get(&nonce)
        {
            return (200, earlier.clone());
        }
        let reference = &self.body["message_reference"];
        let replies_to: Option<u64> = reference["message_id"].as_str().and_then(|id| id.parse().ok());
        let is_gone = replies_to.is_some_and(|id| !inner.messages.contains_key(&id));
        // Where it is not said, Discord takes it for wanted.
        if is_gone && reference["fail_if_not_exists"] != false {
            return unknown_reference();
        }
        inner.failures.extend(limits::manners(&self.body));
        let id = inner.new_id();
        let message = as_message(id, channel, &self.body);
        inner.by_nonce.insert(nonce, message.clone());
        inner.messages.insert(id, message.clone());
        if let Some(question) = replies_to {
            inner.questions.retain(|open| *open != question);
        }
        if let Some(watcher) = &inner.watcher {
            watcher.posted(replies_to, &message);
        }
        inner.posted.push_back(Posted {
            message: message.clone(),
            replies_to,
        });
        (200, message)
    }

    /// The latest first, and as REST gives them: without what only events say, and with what a reply is to.
    fn read_channel(&self, inner: &mut Inner, channel: &str) -> Answer {
        let pairs = self.query.split('&').filter_map(|pair| pair.split_once('='));
        let query: HashMap<&str, u64> = pairs
            .filter_map(|(key, value)| Some((key, value.parse().ok()?)))
            .collect();
        let limit = query.get("limit").and_then(|limit| usize::try_from(*limit).ok());
        let is_known = |key: &&str| ["limit", "before", "around"].contains(key);
        let Some(limit @ 1..=100) = limit.filter(|_| query.keys().all(is_known) && query.len() <= 2) else {
            inner.fail(format!("a channel was read with `{}`", self.query));
            return error(400, 50035, "Invalid Form Body");
        };
        let mut of_channel: Vec<(&u64, &Value)> = inner
            .messages
            .iter()
            .filter(|(_, message)| message["channel_id"] == channel)
            .collect();
        of_channel.sort_by_key(|(id, _)| std::cmp::Reverse(**id));
        let n_from = |id: u64| of_channel.iter().filter(|(known, _)| **known >= id).count();
        let n_later = match (query.get("before"), query.get("around")) {
            (Some(before), _) => n_from(*before),
            (None, Some(around)) => n_from(around + 1).saturating_sub(limit / 2),
            (None, None) => 0,
        };
        let of_channel = of_channel.into_iter().skip(n_later).map(|(_, message)| message);
        let messages = of_channel.take(limit).cloned().map(|mut message| {
            for key in ["guild_id", "member"] {
                message.as_object_mut().expect("a message").remove(key);
            }
            let replied_to = message["message_reference"]["message_id"].as_str();
            if let Some(id) = replied_to.and_then(|id| id.parse::<u64>().ok()) {
                message["referenced_message"] = inner.messages.get(&id).cloned().unwrap_or_default();
            }
            message
        });
        (200, messages.collect())
    }

    /// Takes a response that came as the answer to a request, as if it had been sent as a callback.
    pub(crate) fn take_callback(inner: &mut Inner, id: u64, body: Value) {
        let request = Request {
            method: "POST",
            path: "(over HTTP)",
            query: "",
            is_authorized: true,
            body,
        };
        let (status, answer) = request.callback(inner, &id.to_string(), &events::token(id));
        assert_eq!(status, 204, "{answer}");
    }

    /// One message: looked at by anyone, changed and deleted by the bot where it is the bot's own.
    fn message(&self, inner: &mut Inner, method: &str, id: &str) -> Answer {
        let id: u64 = id.parse().unwrap_or_default();
        let Some(found) = inner.messages.get(&id).cloned() else {
            return error(404, 10008, "Unknown Message");
        };
        if method == "GET" {
            return (200, found);
        }
        if found["author"]["id"].as_str() != Some(BOT.to_string().as_str()) {
            inner.fail(format!("{method} of somebody else's message {id}"));
            return error(403, 50005, "Cannot edit a message authored by another user");
        }
        if method == "DELETE" {
            inner.messages.remove(&id);
            return (204, Value::Null);
        }
        if let Some(refused) = self.checked(inner, |checker| checker.message(&self.body)) {
            return refused;
        }
        inner.failures.extend(limits::manners(&self.body));
        let edited = changed(&found, &self.body);
        inner.messages.insert(id, edited.clone());
        (200, edited)
    }

    fn callback(&self, inner: &mut Inner, id: &str, token: &str) -> Answer {
        let id: u64 = id.parse().unwrap_or_default();
        let data = &self.body["data"];
        if let Some(refused) = self.checked(inner, |checker| checker.callback(&self.body)) {
            return refused;
        }
        if token != events::token(id) {
            inner.fail(format!("a wrong token for interaction {id}"));
            return error(404, 10015, "Unknown Webhook");
        }
        if matches!(self.body["type"].as_u64(), Some(4 | 7)) {
            inner.failures.extend(limits::manners(data));
        }
        match inner.first_answer(id) {
            Ok(sent) => {
                sent.answered = Answered {
                    callback: Some(self.body.clone()),
                    edit: None,
                    is_deleted: false,
                };
                if let Some(on) = sent.on.filter(|_| self.body["type"] == 7) {
                    change_message(inner, on, data);
                }
                // A deferral is no answer yet.
                if let Some(watcher) = &inner.watcher
                    && matches!(self.body["type"].as_u64(), Some(4 | 7))
                {
                    watcher.responded(id, data);
                }
                (204, Value::Null)
            }
            Err((status, code, message)) => {
                if !inner.is_lenient {
                    inner.fail(format!("interaction {id}: {message}"));
                }
                error(status, code, message)
            }
        }
    }

    fn edit(&self, inner: &mut Inner, token: &str) -> Answer {
        if let Some(refused) = self.checked(inner, |checker| checker.message(&self.body)) {
            return refused;
        }
        inner.failures.extend(limits::manners(&self.body));
        let found = inner
            .interactions
            .iter_mut()
            .find(|(id, _)| events::token(**id) == token);
        match found {
            Some((id, sent)) if sent.answered.callback.is_some() => {
                let id = *id;
                let is_update = sent
                    .answered
                    .callback
                    .as_ref()
                    .is_some_and(|callback| callback["type"] == 6);
                sent.answered.edit = Some(self.body.clone());
                if let Some(on) = sent.on.filter(|_| is_update) {
                    change_message(inner, on, &self.body);
                }
                if let Some(watcher) = &inner.watcher {
                    watcher.responded(id, &self.body);
                }
                (200, as_message(id, "31", &self.body))
            }
            _ => {
                inner.fail("an edit of a response that was never given");
                error(404, 10015, "Unknown Webhook")
            }
        }
    }
}

/// Said of a reply to a message that is gone.
fn unknown_reference() -> Answer {
    let unknown = json!({"code": "REPLIES_UNKNOWN_MESSAGE", "message": "Unknown message"});
    let errors = json!({"message_reference": {"_errors": [unknown]}});
    let body = json!({"code": 50035, "message": "Invalid Form Body", "errors": errors});
    (400, body)
}

/// What a test told of the thing with this id.
fn known(things: &HashMap<u64, Value>, id: &str, code: u64, message: &str) -> Answer {
    match id.parse().ok().and_then(|id: u64| things.get(&id)) {
        Some(thing) => (200, thing.clone()),
        None => error(404, code, message),
    }
}

/// Deletes the message that a button is on.
fn delete_original(inner: &mut Inner, token: &str) -> Answer {
    let found = inner
        .interactions
        .iter_mut()
        .find(|(id, _)| events::token(**id) == token);
    match found {
        Some((_, sent)) if sent.answered.callback.is_some() => {
            sent.answered.is_deleted = true;
            if let Some(on) = sent.on {
                inner.messages.remove(&on);
            }
            (204, Value::Null)
        }
        _ => {
            inner.fail("a response was deleted that was never given");
            error(404, 10015, "Unknown Webhook")
        }
    }
}

/// A command as Discord stores it: with what it adds.
fn as_stored(command: &Value) -> Value {
    let mut stored = command.clone();
    for (key, value) in [
        ("id", json!("77")),
        ("application_id", json!(APPLICATION.to_string())),
        ("version", json!("78")),
        ("dm_permission", json!(true)),
        ("nsfw", json!(false)),
        ("name_localizations", Value::Null),
        ("description_localizations", Value::Null),
    ] {
        if stored.get(key).is_none_or(Value::is_null) {
            stored[key] = value;
        }
    }
    stored
}

/// The message that a pressed button is on gets another body, where a test keeps it.
fn change_message(inner: &mut Inner, id: u64, body: &Value) {
    if let Some(found) = inner.messages.get_mut(&id) {
        *found = changed(found, body);
    }
}

/// A message after an edit: what the edit does not name stays, the files among it.
fn changed(message: &Value, body: &Value) -> Value {
    let mut message = message.clone();
    for key in ["content", "embeds", "components"] {
        if let Some(value) = body.get(key) {
            message[key] = value.clone();
        }
    }
    if let Some(attachments) = body.get("attachments") {
        message["attachments"] = stored_files(attachments);
    }
    message
}

/// The files of a body as Discord keeps them.
fn stored_files(attachments: &Value) -> Value {
    let stored = |file: &Value| {
        json!({
            "id": "5000", "filename": file["filename"], "description": file["description"], "size": 1,
            "url": "https://files.example/x", "proxy_url": "https://files.example/x",
        })
    };
    attachments.as_array().into_iter().flatten().map(stored).collect()
}

/// A body as the message that Discord makes of it.
pub(crate) fn as_message(id: u64, channel: &str, body: &Value) -> Value {
    let place = events::Place {
        user: BOT,
        channel: channel.parse().unwrap_or_default(),
        guild: None,
        permissions: 0,
    };
    let mut message = events::message(id, place, body["content"].as_str().unwrap_or_default());
    message["mentions"] = json!([]);
    for key in ["embeds", "components", "message_reference", "files"] {
        if let Some(value) = body.get(key) {
            message[key] = value.clone();
        }
    }
    message["attachments"] = stored_files(&body["attachments"]);
    message
}

impl Fault {
    /// So many requests to this path get this status and body instead of an answer.
    pub(crate) fn new(path: &'static str, times: usize, status: u16, body: &str) -> Self {
        Self {
            path,
            times,
            status,
            headers: Vec::new(),
            body: body.to_owned(),
            delay: Duration::ZERO,
            is_carried_out: false,
            only_slow: None,
            is_reset: false,
        }
    }
}

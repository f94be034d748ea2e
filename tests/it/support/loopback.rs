//! The loopback as a test sees it: members speak, the bot's answers are waited for.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::extract::ws::WebSocketUpgrade;
use axum::extract::{FromRequestParts, Request};
use axum::response::{IntoResponse, Response};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use tokio::net::TcpListener;

use super::events::{self, BOT, Place};
use super::state::{Answered, Fault, Frame, Posted, Sent, State};
use super::{gateway, over_http, rest};

/// A Discord of its own, on a free port of this machine.
pub(crate) struct Loopback {
    state: Arc<State>,
    address: String,
    runtime: Option<tokio::runtime::Runtime>,
}

impl Loopback {
    /// Starts one.
    pub(crate) fn start() -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .unwrap();
        let state = Arc::new(State::new());
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
        let address = listener.local_addr().unwrap().to_string();
        runtime.spawn(take_connections(
            listener,
            Arc::clone(&state),
            format!("ws://{address}"),
        ));
        Self {
            state,
            address,
            runtime: Some(runtime),
        }
    }

    /// For `DISCORD_API_URL`.
    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// What it knows, for questions that have no method of their own.
    pub(crate) fn state(&self) -> &State {
        &self.state
    }

    /// Waits until the bot is connected and has compared its commands.
    #[track_caller]
    pub(crate) fn wait_until_ready(&self) {
        self.state.wait("the bot's commands", |inner| {
            (inner.n_comparisons > 0 && !inner.clients.is_empty() && !inner.commands.is_empty()).then_some(())
        });
    }

    /// From now on, so many requests to this path fail.
    pub(crate) fn script(&self, fault: Fault) {
        self.state.with(|inner| inner.faults.push(fault));
    }

    /// Sends something over the gateway.
    pub(crate) fn send(&self, frame: &Frame) {
        self.state.with(|inner| inner.send(frame));
    }

    /// A member mentions the bot; its answer must be waited for.
    pub(crate) fn mention(&self, place: Place, words: &str) -> u64 {
        self.says(place, &format!("<@{BOT}> {words}"))
    }

    /// A member says something that the bot must answer.
    pub(crate) fn says(&self, place: Place, content: &str) -> u64 {
        self.expects_answer(|id| events::message(id, place, content))
    }

    /// Sends a message that the bot must answer.
    pub(crate) fn expects_answer(&self, message: impl FnOnce(u64) -> Value) -> u64 {
        self.state.with(|inner| {
            let id = inner.new_id();
            inner.questions.push(id);
            let message = message(id);
            inner.messages.insert(id, message.clone());
            inner.send(&Frame::Dispatch("MESSAGE_CREATE", message));
            id
        })
    }

    /// A member mentions the bot while no event reaches it; the bot must answer all the same.
    pub(crate) fn mention_unheard(&self, place: Place, words: &str) -> u64 {
        self.state.with(|inner| {
            let id = inner.new_id();
            inner.questions.push(id);
            let message = events::message(id, place, &format!("<@{BOT}> {words}"));
            inner.messages.insert(id, message);
            id
        })
    }

    /// Sends a message that the bot must ignore.
    pub(crate) fn expects_silence(&self, message: impl FnOnce(u64) -> Value) -> u64 {
        self.state.with(|inner| {
            let id = inner.new_id();
            let message = message(id);
            inner.messages.insert(id, message.clone());
            inner.send(&Frame::Dispatch("MESSAGE_CREATE", message));
            id
        })
    }

    /// Members talk among each other, so much that nobody looks at all of it; no event tells of it.
    pub(crate) fn talk(&self, place: Place, n_messages: usize) {
        self.state.with(|inner| {
            for _ in 0..n_messages {
                let id = inner.new_id();
                inner.messages.insert(id, events::message(id, place, "Well, well."));
            }
        });
    }

    /// Another process of the bot has answered a message; nobody waits for that.
    pub(crate) fn answer_by_another(&self, question: u64, place: Place) {
        self.state.with(|inner| {
            let id = inner.new_id();
            let mut answer = events::message(id, place.by(BOT), "As another process has it.");
            answer["message_reference"] = json!({
                "message_id": question.to_string(), "channel_id": place.channel.to_string(),
            });
            inner.messages.insert(id, answer);
        });
    }

    /// Waits for the answer to a message.
    #[track_caller]
    pub(crate) fn answer_to(&self, question: u64) -> Value {
        let what = format!("the answer to message {question}");
        let posted: Posted = self.state.wait(&what, |inner| {
            let index = inner
                .posted
                .iter()
                .position(|posted| posted.replies_to == Some(question))?;
            inner.posted.remove(index)
        });
        posted.message
    }

    /// Mentions, waits, and gives the content of the answer.
    #[track_caller]
    pub(crate) fn asked(&self, place: Place, words: &str) -> String {
        let answer = self.answer_to(self.mention(place, words));
        answer["content"].as_str().unwrap().to_owned()
    }

    /// A member uses a slash command.
    pub(crate) fn command(&self, place: Place, name: &str, options: &Value) -> u64 {
        self.interacts(|id| events::command(id, place, name, options))
    }

    /// A member asks by `/ask`.
    pub(crate) fn ask(&self, place: Place, question: &str, more: &Value) -> u64 {
        let mut options = vec![json!({"name": "question", "type": 3, "value": question})];
        options.extend(more.as_array().into_iter().flatten().cloned());
        self.command(place, "ask", &Value::from(options))
    }

    /// A member uses a sub-command of `/admin`.
    pub(crate) fn admin(&self, place: Place, action: &str) -> u64 {
        self.command(place, "admin", &json!([{"name": action, "type": 1, "options": []}]))
    }

    /// An admin looks at a reload and confirms it; gives what is said in the end.
    #[track_caller]
    pub(crate) fn reload(&self, place: Place) -> String {
        let (shown, is_private) = self.response_to(self.admin(place, "reload"));
        assert!(is_private, "{shown}");
        match shown["components"][0]["components"][0]["custom_id"].as_str() {
            Some(confirm) => {
                let (told, _) = self.response_to(self.presses(place, confirm, &private(&shown)));
                told["content"].as_str().unwrap().to_owned()
            }
            None => shown["content"].as_str().unwrap().to_owned(),
        }
    }

    /// A member chooses from a list on a message of the bot's.
    pub(crate) fn chooses(&self, place: Place, custom_id: &str, values: &[&str], on: &Value) -> u64 {
        self.interacts(|id| events::choose(id, place, custom_id, 3, values, on))
    }

    /// A member chooses channels from a list, each with its type.
    pub(crate) fn chooses_channels(&self, place: Place, custom_id: &str, channels: &[(u64, u8)], on: &Value) -> u64 {
        self.interacts(|id| events::choose_channels(id, place, custom_id, channels, on))
    }

    /// Waits for a message that the bot posts in a channel of its own accord.
    #[track_caller]
    pub(crate) fn posted_in(&self, channel: u64) -> String {
        let channel = channel.to_string();
        let posted = self.state.wait(&format!("a message in channel {channel}"), |inner| {
            let is_it = |posted: &Posted| {
                posted.replies_to.is_none() && posted.message["channel_id"].as_str() == Some(channel.as_str())
            };
            let index = inner.posted.iter().position(is_it)?;
            inner.posted.remove(index)
        });
        posted.message["content"].as_str().unwrap().to_owned()
    }

    /// A member types into `/ask`.
    #[track_caller]
    pub(crate) fn typed(&self, place: Place, typed: &str) -> Vec<Value> {
        self.typed_into(place, "ask", "question", typed)
    }

    /// A member types into an option of a command.
    #[track_caller]
    pub(crate) fn typed_into(&self, place: Place, command: &str, option: &str, typed: &str) -> Vec<Value> {
        let id = self.interacts(|id| events::autocomplete(id, place, command, option, typed));
        let callback = self.callback_to(id);
        assert_eq!(callback["type"], 8);
        callback["data"]["choices"].as_array().unwrap().clone()
    }

    /// A member presses a button on a message of the bot's.
    pub(crate) fn presses(&self, place: Place, custom_id: &str, on: &Value) -> u64 {
        let message = on["id"].as_str().and_then(|id| id.parse().ok());
        self.interacts_on(message, |id| events::press(id, place, custom_id, on))
    }

    /// A member uses the menu of a message.
    pub(crate) fn checks(&self, place: Place, target: &Value) -> u64 {
        self.interacts(|id| events::menu(id, place, "Check against the briefing", target))
    }

    /// A member changes the content of their message, at this second of the day.
    pub(crate) fn edits(&self, message: u64, content: &str, second: u8) {
        self.rewrites(message, |edited| events::edit(edited, content, second));
    }

    /// The same, and the mention of the bot is no longer in it.
    pub(crate) fn edits_without_mention(&self, message: u64, content: &str, second: u8) {
        self.rewrites(message, |edited| {
            events::edit(edited, content, second);
            edited["mentions"] = json!([]);
        });
    }

    /// The same, and a role is mentioned in it.
    pub(crate) fn edits_to_role(&self, message: u64, role: u64, words: &str, second: u8) {
        self.rewrites(message, |edited| {
            events::edit(edited, &format!("<@&{role}> {words}"), second);
            edited["mention_roles"] = json!([role.to_string()]);
        });
    }

    fn rewrites(&self, message: u64, change: impl FnOnce(&mut Value)) {
        self.state.with(|inner| {
            let Some(mut edited) = inner.messages.get(&message).cloned() else {
                panic!("no message {message}");
            };
            change(&mut edited);
            inner.messages.insert(message, edited.clone());
            inner.send(&Frame::Dispatch("MESSAGE_UPDATE", edited));
        });
    }

    /// A member deletes their message.
    pub(crate) fn deletes(&self, place: Place, message: u64) {
        self.state.with(|inner| {
            inner.messages.remove(&message);
            let event = json!({"id": message.to_string(), "channel_id": place.channel.to_string()});
            inner.send(&Frame::Dispatch("MESSAGE_DELETE", event));
        });
    }

    /// Waits until a message of the bot's has a content like this.
    #[track_caller]
    pub(crate) fn changed(&self, message: &Value, is_wanted: impl Fn(&str) -> bool) -> Value {
        let id: u64 = message["id"].as_str().unwrap().parse().unwrap();
        self.state.wait(&format!("a change of the message {id}"), |inner| {
            let now = inner.messages.get(&id)?;
            now["content"].as_str().is_some_and(&is_wanted).then(|| now.clone())
        })
    }

    /// Waits until a message of the bot's is gone.
    #[track_caller]
    pub(crate) fn gone(&self, message: &Value) {
        let id: u64 = message["id"].as_str().unwrap().parse().unwrap();
        self.state.wait(&format!("the end of the message {id}"), |inner| {
            (!inner.messages.contains_key(&id)).then_some(())
        });
    }

    /// The response to an interaction as a message that can be pressed, and replied to.
    #[track_caller]
    pub(crate) fn shown(&self, place: Place, interaction: u64) -> Value {
        let (body, is_private) = self.response_to(interaction);
        self.state.with(|inner| {
            let id = inner.new_id();
            let mut message = rest::as_message(id, &place.channel.to_string(), &body);
            message["flags"] = json!(if is_private { 64 } else { 0 });
            inner.messages.insert(id, message.clone());
            message
        })
    }

    /// A member does something else with a message.
    pub(crate) fn interacts_with(&self, message: &Value, interaction: impl FnOnce(u64) -> Value) -> u64 {
        let id = message["id"].as_str().and_then(|id| id.parse().ok());
        self.interacts_on(id, interaction)
    }

    /// A member interacts in whatever way.
    pub(crate) fn interacts(&self, interaction: impl FnOnce(u64) -> Value) -> u64 {
        self.interacts_on(None, interaction)
    }

    fn interacts_on(&self, on: Option<u64>, interaction: impl FnOnce(u64) -> Value) -> u64 {
        let id = self.new_interaction(on);
        self.state.with(|inner| {
            inner.send(&Frame::Dispatch("INTERACTION_CREATE", interaction(id)));
            id
        })
    }

    /// A member interacts, and Discord asks the bot over HTTP, at this address.
    #[track_caller]
    pub(crate) fn interacts_over_http(&self, address: SocketAddr, interaction: impl FnOnce(u64) -> Value) -> u64 {
        let id = self.new_interaction(None);
        let response = over_http::ask(address, &interaction(id).to_string());
        assert_eq!(response.status, 200, "{}", response.text);
        let callback = serde_json::from_str(&response.body).unwrap();
        self.state
            .with(|inner| rest::Request::take_callback(inner, id, callback));
        id
    }

    fn new_interaction(&self, on: Option<u64>) -> u64 {
        self.state.with(|inner| {
            let id = inner.new_id();
            let sent = Sent {
                at: Instant::now(),
                on,
                answered: Answered::default(),
                is_taken: false,
            };
            inner.interactions.insert(id, sent);
            id
        })
    }

    /// Waits for the first response to an interaction.
    #[track_caller]
    pub(crate) fn callback_to(&self, interaction: u64) -> Value {
        self.state
            .wait(&format!("the response to interaction {interaction}"), |inner| {
                let sent = inner.interactions.get_mut(&interaction)?;
                sent.is_taken = true;
                sent.answered.callback.clone()
            })
    }

    /// Waits for what the member reads in the end, and says whether only they see it.
    #[track_caller]
    pub(crate) fn response_to(&self, interaction: u64) -> (Value, bool) {
        let callback = self.callback_to(interaction);
        let is_private = callback["data"]["flags"].as_u64().unwrap_or_default() & 64 != 0;
        if callback["type"] != 5 && callback["type"] != 6 {
            return (callback["data"].clone(), is_private);
        }
        let edit = self.state.wait(
            &format!("the deferred response to interaction {interaction}"),
            |inner| inner.interactions.get(&interaction)?.answered.edit.clone(),
        );
        (edit, is_private)
    }

    /// The requests so far, each as method and the rest.
    pub(crate) fn requests(&self) -> Vec<(String, String)> {
        self.state.with(|inner| inner.requests.clone())
    }
}

/// A response as the message that only its reader sees, for pressing its buttons.
pub(crate) fn private(shown: &Value) -> Value {
    let place = events::IN_CHANNEL.by(BOT);
    let mut message = events::message(1, place, shown["content"].as_str().unwrap_or_default());
    message["flags"] = json!(64);
    message["components"] = json!([]);
    message
}

/// By hand, since a connection must be closed where an answer would be due.
async fn take_connections(listener: TcpListener, state: Arc<State>, gateway_address: String) {
    loop {
        let Ok((stream, _)) = listener.accept().await else {
            continue;
        };
        let (state, gateway_address) = (Arc::clone(&state), gateway_address.clone());
        let service = service_fn(move |request: hyper::Request<hyper::body::Incoming>| {
            let request = request.map(axum::body::Body::new);
            serve(request, Arc::clone(&state), gateway_address.clone())
        });
        let connection = http1::Builder::new().serve_connection(TokioIo::new(stream), service);
        tokio::spawn(connection.with_upgrades());
    }
}

async fn serve(request: Request, state: Arc<State>, gateway_address: String) -> io::Result<Response> {
    let is_gateway = request.headers().contains_key("upgrade");
    let (mut parts, body) = request.into_parts();
    if is_gateway {
        hold_back(&state).await;
        return Ok(match WebSocketUpgrade::from_request_parts(&mut parts, &()).await {
            Ok(upgrade) => upgrade.on_upgrade(move |socket| gateway::serve(socket, state, gateway_address)),
            Err(rejection) => rejection.into_response(),
        });
    }
    let body = axum::body::to_bytes(body, 30 << 20).await.unwrap_or_default();
    rest::answer(state, gateway_address, parts.method, parts.uri, parts.headers, body).await
}

/// Waits until there may be another connection to the gateway.
async fn hold_back(state: &State) {
    let number = state.with(|inner| {
        inner.n_connections += 1;
        inner.n_connections
    });
    while state.with(|inner| inner.most_connections.is_some_and(|most| number > most)) {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

impl Drop for Loopback {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
        let leftovers = self.state.with(|inner| inner.leftovers());
        if !std::thread::panicking() {
            assert!(
                leftovers.is_empty(),
                "the bot did what Discord or this project forbids: {leftovers:#?}"
            );
        }
    }
}

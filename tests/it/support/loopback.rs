//! The loopback as a test sees it: members speak, the bot's answers are waited for.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Instant;

use axum::Router;
use axum::extract::ws::WebSocketUpgrade;
use axum::extract::{FromRequestParts, Request};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

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
        let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0")).unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let served = Arc::clone(&state);
        let gateway_address = format!("ws://{address}");
        let router = Router::new()
            .fallback(move |request: Request| serve(request, Arc::clone(&served), gateway_address.clone()));
        runtime.spawn(async move { axum::serve(listener, router).await });
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
            inner.history.push(message.clone());
            inner.send(&Frame::Dispatch("MESSAGE_CREATE", message));
            id
        })
    }

    /// A member mentions the bot while no event reaches it; the bot must answer all the same.
    pub(crate) fn mention_unheard(&self, place: Place, words: &str) -> u64 {
        self.state.with(|inner| {
            let id = inner.new_id();
            inner.questions.push(id);
            inner
                .history
                .push(events::message(id, place, &format!("<@{BOT}> {words}")));
            id
        })
    }

    /// Sends a message that the bot must ignore.
    pub(crate) fn expects_silence(&self, message: impl FnOnce(u64) -> Value) {
        self.state.with(|inner| {
            let id = inner.new_id();
            inner.send(&Frame::Dispatch("MESSAGE_CREATE", message(id)));
        });
    }

    /// Another process of the bot has answered a message; nobody waits for that.
    pub(crate) fn answer_by_another(&self, question: u64, place: Place) {
        self.state.with(|inner| {
            let mut answer = events::message(inner.new_id(), place.by(BOT), "As another process has it.");
            answer["message_reference"] = json!({
                "message_id": question.to_string(), "channel_id": place.channel.to_string(),
            });
            inner.history.push(answer);
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

    /// A member types into `/ask`.
    #[track_caller]
    pub(crate) fn typed(&self, place: Place, typed: &str) -> Vec<Value> {
        let id = self.interacts(|id| events::autocomplete(id, place, "ask", "question", typed));
        let callback = self.callback_to(id);
        assert_eq!(callback["type"], 8);
        callback["data"]["choices"].as_array().unwrap().clone()
    }

    /// A member presses a button on a message of the bot's.
    pub(crate) fn presses(&self, place: Place, custom_id: &str, on: &Value) -> u64 {
        self.interacts(|id| events::press(id, place, custom_id, on))
    }

    fn interacts(&self, interaction: impl FnOnce(u64) -> Value) -> u64 {
        let id = self.new_interaction();
        self.state.with(|inner| {
            inner.send(&Frame::Dispatch("INTERACTION_CREATE", interaction(id)));
            id
        })
    }

    /// A member interacts, and Discord asks the bot over HTTP, at this address.
    #[track_caller]
    pub(crate) fn interacts_over_http(&self, address: SocketAddr, interaction: impl FnOnce(u64) -> Value) -> u64 {
        let id = self.new_interaction();
        let response = over_http::ask(address, &interaction(id).to_string());
        assert_eq!(response.status, 200, "{}", response.text);
        let callback = serde_json::from_str(&response.body).unwrap();
        self.state
            .with(|inner| rest::Request::take_callback(inner, id, callback));
        id
    }

    fn new_interaction(&self) -> u64 {
        self.state.with(|inner| {
            let id = inner.new_id();
            let sent = Sent {
                at: Instant::now(),
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
        if callback["type"] != 5 {
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

async fn serve(request: Request, state: Arc<State>, gateway_address: String) -> Response {
    let is_gateway = request.headers().contains_key("upgrade");
    let (mut parts, body) = request.into_parts();
    if is_gateway {
        return match WebSocketUpgrade::from_request_parts(&mut parts, &()).await {
            Ok(upgrade) => upgrade.on_upgrade(move |socket| gateway::serve(socket, state, gateway_address)),
            Err(rejection) => rejection.into_response(),
        };
    }
    let body = axum::body::to_bytes(body, 30 << 20).await.unwrap_or_default();
    rest::answer(state, gateway_address, parts.method, parts.uri, parts.headers, body).await
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

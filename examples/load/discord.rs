//! A Discord that costs little: it sends questions at a rate, takes every answer, and notes how long each took.
//!
//! Unlike the tests' loopback it holds nothing against anybody, so that what is measured is the bot. Promise: each
//! question has an id of its own, and its answer is found by it; a second answer to one is counted, a late one is not.

use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use axum::Router;
use axum::body::Bytes;
use axum::extract::ws::{Message, WebSocket, WebSocketUpgrade};
use axum::extract::{FromRequestParts, Request};
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::serve::ListenerExt as _;
use serde_json::{Value, json};
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};

use crate::events::{self, APPLICATION, BOT};

/// Ids of questions begin here, above all others.
const FIRST_ID: u64 = 1 << 40;

/// One Discord on a port of its own.
#[derive(Debug, Clone)]
pub(crate) struct Discord {
    state: Arc<State>,
    address: String,
}

#[derive(Debug, Default)]
struct State {
    gateway: Mutex<Option<UnboundedSender<String>>>,
    commands: Mutex<Value>,
    next_id: AtomicU64,
    sequence: AtomicU64,
    questions: Mutex<Questions>,
    n_doubled: AtomicU64,
}

#[derive(Debug, Default)]
struct Questions {
    open: HashMap<u64, Instant>,
    /// Their answers are no longer waited for, and one that comes all the same is no second one.
    given_up: HashSet<u64>,
    answers: Vec<Answered>,
}

/// An answer: when it came, and how long after its question.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Answered {
    pub(crate) at: Instant,
    pub(crate) took: Duration,
}

/// What was noted of some questions.
#[derive(Debug)]
pub(crate) struct Taken {
    pub(crate) answers: Vec<Answered>,
    /// Questions without an answer.
    pub(crate) n_given_up: usize,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Discord {
    /// Starts one.
    ///
    /// # Errors
    /// If there is no port to be had.
    pub(crate) async fn start() -> Result<Self> {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?.to_string();
        let state = Arc::new(State {
            commands: Mutex::new(json!([])),
            ..State::default()
        });
        let served = Arc::clone(&state);
        let gateway = format!("ws://{address}");
        let router =
            Router::new().fallback(move |request: Request| serve(request, Arc::clone(&served), gateway.clone()));
        // Else one small frame waits for the other end to acknowledge the one before it, for up to 40 ms.
        let listener = listener.tap_io(|stream| {
            // A connection that is gone by now is noticed by whoever reads from it.
            let _ = stream.set_nodelay(true);
        });
        tokio::spawn(async move { axum::serve(listener, router).await });
        Ok(Self { state, address })
    }

    /// Where it is.
    #[must_use]
    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Waits until a bot is connected.
    ///
    /// # Errors
    /// If none comes within so long.
    pub(crate) async fn connected(&self, within: Duration) -> Result<()> {
        let deadline = Instant::now() + within;
        while lock(&self.state.gateway).is_none() {
            if Instant::now() > deadline {
                bail!("no bot connected to {}", self.address);
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        Ok(())
    }

    /// Sends a question; `event` makes it of its id.
    pub(crate) fn ask(&self, name: &str, event: impl FnOnce(u64) -> Value) {
        let id = FIRST_ID + self.state.next_id.fetch_add(1, Ordering::Relaxed);
        let sequence = 2 + self.state.sequence.fetch_add(1, Ordering::Relaxed);
        let text = json!({"op": 0, "t": name, "s": sequence, "d": event(id)}).to_string();
        lock(&self.state.questions).open.insert(id, Instant::now());
        if let Some(gateway) = lock(&self.state.gateway).as_ref() {
            // A bot that has gone answers nothing, and that is counted.
            let _ = gateway.send(text);
        }
    }

    /// Questions without an answer.
    #[must_use]
    pub(crate) fn n_open(&self) -> usize {
        lock(&self.state.questions).open.len()
    }

    /// What was noted since the last time; the open questions are given up.
    #[must_use]
    pub(crate) fn take(&self) -> Taken {
        let mut questions = lock(&self.state.questions);
        let open = std::mem::take(&mut questions.open);
        let n_given_up = open.len();
        questions.given_up.extend(open.into_keys());
        Taken {
            answers: std::mem::take(&mut questions.answers),
            n_given_up,
        }
    }

    /// Answers to questions that had one.
    #[must_use]
    pub(crate) fn n_doubled(&self) -> u64 {
        self.state.n_doubled.load(Ordering::Relaxed)
    }
}

impl State {
    fn answered(&self, id: Option<u64>) {
        let at = Instant::now();
        let mut questions = lock(&self.questions);
        if let Some(asked) = id.and_then(|id| questions.open.remove(&id)) {
            let took = at.saturating_duration_since(asked);
            questions.answers.push(Answered { at, took });
        } else if id.is_none_or(|id| !questions.given_up.remove(&id)) {
            self.n_doubled.fetch_add(1, Ordering::Relaxed);
        }
    }
}

async fn serve(request: Request, state: Arc<State>, gateway: String) -> Response {
    let (mut parts, body) = request.into_parts();
    if parts.headers.contains_key("upgrade") {
        return match WebSocketUpgrade::from_request_parts(&mut parts, &()).await {
            Ok(upgrade) => upgrade.on_upgrade(move |socket| let_in(socket, state, gateway)),
            Err(rejection) => rejection.into_response(),
        };
    }
    let body = axum::body::to_bytes(body, 1 << 20).await.unwrap_or_default();
    let (status, answer) = route(&parts.method, parts.uri.path(), &body, &state, &gateway);
    (status, [("content-type", "application/json")], answer).into_response()
}

fn route(method: &Method, path: &str, body: &Bytes, state: &State, gateway: &str) -> (StatusCode, String) {
    let path = path.strip_prefix("/api/v10/").unwrap_or_default();
    let parts: Vec<&str> = path.split('/').collect();
    let answer = match (method.as_str(), parts.as_slice()) {
        ("POST", ["channels", channel, "messages"]) => {
            let body: Value = serde_json::from_slice(body).unwrap_or_default();
            let question = &body["message_reference"]["message_id"];
            let place = events::Place {
                user: BOT,
                channel: channel.parse().unwrap_or_default(),
                guild: None,
                permissions: 0,
            };
            let posted = events::message(1, place, body["content"].as_str().unwrap_or_default());
            state.answered(question.as_str().and_then(|id| id.parse().ok()));
            posted
        }
        ("POST", ["interactions", id, _, "callback"]) => {
            state.answered(id.parse().ok());
            return (StatusCode::NO_CONTENT, String::new());
        }
        ("GET", ["users", "@me"]) => events::user(BOT),
        ("GET", ["gateway"]) => json!({"url": gateway}),
        ("GET", ["gateway", "bot"]) => json!({
            "url": gateway, "shards": 1,
            "session_start_limit": {"total": 1000, "remaining": 999, "reset_after": 60_000, "max_concurrency": 1},
        }),
        ("GET", ["applications", _, "commands"]) => lock(&state.commands).clone(),
        ("PUT", ["applications", _, "commands"]) => {
            let mut commands: Value = serde_json::from_slice(body).unwrap_or_default();
            for command in commands.as_array_mut().into_iter().flatten() {
                command["id"] = json!("77");
                command["application_id"] = json!(APPLICATION.to_string());
                command["version"] = json!("78");
            }
            commands.clone_into(&mut lock(&state.commands));
            commands
        }
        _ => {
            return (
                StatusCode::NOT_FOUND,
                json!({"code": 0, "message": "404: Not Found"}).to_string(),
            );
        }
    };
    (StatusCode::OK, answer.to_string())
}

async fn let_in(mut socket: WebSocket, state: Arc<State>, gateway: String) {
    let hello = json!({"op": 10, "t": null, "s": null, "d": {"heartbeat_interval": 41_250}});
    if socket.send(Message::Text(hello.to_string().into())).await.is_err() {
        return;
    }
    let (sender, mut frames) = unbounded_channel();
    let mut sender = Some(sender);
    loop {
        let text = tokio::select! {
            received = socket.recv() => match received {
                Some(Ok(Message::Text(text))) => {
                    let payload: Value = serde_json::from_str(&text).unwrap_or_default();
                    match payload["op"].as_u64() {
                        Some(1) => json!({"op": 11, "t": null, "s": null, "d": null}).to_string(),
                        Some(2 | 6) => {
                            *lock(&state.gateway) = sender.take();
                            json!({"op": 0, "t": "READY", "s": 1, "d": events::ready("session", &gateway, (0, 1), &[])}).to_string()
                        }
                        _ => continue,
                    }
                }
                Some(Ok(_)) => continue,
                _ => return,
            },
            Some(frame) = frames.recv() => frame,
        };
        if socket.send(Message::Text(text.into())).await.is_err() {
            return;
        }
    }
}

//! As much of Discord as a bot needs to answer messages, on the loopback, with a clock.

use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use axum::Router;
use axum::extract::ws::{Message, WebSocket, WebSocketUpgrade};
use axum::extract::{FromRequestParts, Request};
use axum::response::{IntoResponse, Response};
use axum::serve::ListenerExt as _;
use serde_json::{Value, json};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

pub(crate) const TOKEN: &str = "MTIzNDU2Nzg5.loopback.secret-part-of-the-token";
const BOT: u64 = 900;
const APPLICATION: u64 = 901;
/// How long anything may take.
const PATIENCE: Duration = Duration::from_mins(1);

/// A Discord of its own, on a free port of this machine.
pub(crate) struct Discord {
    address: String,
    to_bot: UnboundedSender<String>,
    sent: Receiver<Instant>,
    answered: Receiver<Instant>,
    connected: Receiver<()>,
    _runtime: tokio::runtime::Runtime,
}

/// What the server's side holds.
struct Served {
    address: String,
    /// Taken by the first client of the gateway.
    from_member: Mutex<Option<UnboundedReceiver<String>>>,
    sent: Sender<Instant>,
    answered: Sender<Instant>,
    connected: Sender<()>,
}

impl Discord {
    pub(crate) fn start() -> Result<Self> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()?;
        let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0"))?;
        let address = listener.local_addr()?.to_string();
        let (to_bot, from_member) = unbounded_channel();
        let ((sent_by, sent), (answered_by, answered), (connected_by, connected)) = (channel(), channel(), channel());
        let served = Arc::new(Served {
            address: address.clone(),
            from_member: Mutex::new(Some(from_member)),
            sent: sent_by,
            answered: answered_by,
            connected: connected_by,
        });
        let router = Router::new().fallback(move |request: Request| serve(request, Arc::clone(&served)));
        // Else a small frame may wait for the other end to acknowledge the one before it.
        let listener = listener.tap_io(|stream| {
            // A connection that is gone by now is noticed by whoever reads from it.
            let _ = stream.set_nodelay(true);
        });
        runtime.spawn(async move { axum::serve(listener, router).await });
        Ok(Self {
            address,
            to_bot,
            sent,
            answered,
            connected,
            _runtime: runtime,
        })
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub(crate) fn wait_until_connected(&self) -> Result<()> {
        self.connected.recv_timeout(PATIENCE).context("the bot did not connect")
    }

    /// Asks a question in a channel, by a member who has asked nothing yet; gives the time until the answer's request.
    pub(crate) fn ask(&self, number: u64, question: &str) -> Result<Duration> {
        let user = |id: u64| {
            json!({
                "id": id.to_string(), "username": "member", "discriminator": "0", "global_name": null, "avatar": null,
            })
        };
        let message = json!({
            "id": (1_000_000 + number).to_string(), "channel_id": "31", "guild_id": "22", "author": user(5000 + number),
            "content": format!("<@{BOT}> {question}"), "timestamp": "2031-05-02T10:00:00+00:00",
            "edited_timestamp": null, "tts": false, "mention_everyone": false, "mentions": [user(BOT)],
            "mention_roles": [], "attachments": [], "embeds": [], "pinned": false, "type": 0, "flags": 0,
            "components": [],
        });
        let event = json!({"op": 0, "t": "MESSAGE_CREATE", "s": number + 2, "d": message});
        self.to_bot.send(event.to_string()).context("the bot is gone")?;
        let sent = self.sent.recv_timeout(PATIENCE).context("the event was not sent")?;
        let answered = self.answered.recv_timeout(PATIENCE).context("no answer")?;
        Ok(answered.saturating_duration_since(sent))
    }
}

async fn serve(request: Request, served: Arc<Served>) -> Response {
    let arrived = Instant::now();
    let (mut parts, body) = request.into_parts();
    if parts.headers.contains_key("upgrade") {
        return match WebSocketUpgrade::from_request_parts(&mut parts, &()).await {
            Ok(upgrade) => upgrade.on_upgrade(move |socket| gateway(socket, served)),
            Err(rejection) => rejection.into_response(),
        };
    }
    let path = parts.uri.path().to_owned();
    let is_answer = parts.method == "POST" && path.ends_with("/messages");
    if is_answer {
        // The measuring side is there for as long as the server is.
        let _ = served.answered.send(arrived);
    }
    let body = axum::body::to_bytes(body, 1 << 20).await.unwrap_or_default();
    let sent: Value = serde_json::from_slice(&body).unwrap_or_default();
    let gateway = format!("ws://{}", served.address);
    let limit = json!({"total": 1000, "remaining": 1000, "reset_after": 60_000, "max_concurrency": 1});
    let answer = if is_answer {
        message_of(&sent)
    } else if path.ends_with("/gateway/bot") {
        json!({"url": gateway, "shards": 1, "session_start_limit": limit})
    } else if path.ends_with("/gateway") {
        json!({"url": gateway})
    } else if path.ends_with("/users/@me") {
        bot()
    } else if parts.method == "GET" {
        json!([])
    } else {
        sent
    };
    ([("content-type", "application/json")], answer.to_string()).into_response()
}

fn bot() -> Value {
    json!({
        "id": BOT.to_string(), "username": "bot", "discriminator": "0", "global_name": null, "avatar": null, "bot": true,
    })
}

fn message_of(sent: &Value) -> Value {
    json!({
        "id": "77", "channel_id": "31", "author": bot(), "content": sent["content"],
        "timestamp": "2031-05-02T10:00:00+00:00", "edited_timestamp": null, "tts": false, "mention_everyone": false,
        "mentions": [], "mention_roles": [], "attachments": [], "embeds": [], "pinned": false, "type": 0,
    })
}

async fn gateway(mut socket: WebSocket, served: Arc<Served>) {
    let Some(mut from_member) = served.from_member.lock().unwrap_or_else(PoisonError::into_inner).take() else {
        return;
    };
    let hello = json!({"op": 10, "t": null, "s": null, "d": {"heartbeat_interval": 41_250}});
    if socket.send(Message::Text(hello.to_string().into())).await.is_err() {
        return;
    }
    loop {
        let (reply, is_event) = tokio::select! {
            received = socket.recv() => match received {
                Some(Ok(Message::Text(text))) => (react(&text, &served), false),
                Some(Ok(_)) => (None, false),
                _ => return,
            },
            event = from_member.recv() => (event, true),
        };
        let Some(reply) = reply else { continue };
        if is_event {
            let _ = served.sent.send(Instant::now());
        }
        if socket.send(Message::Text(reply.into())).await.is_err() {
            return;
        }
    }
}

fn react(text: &str, served: &Served) -> Option<String> {
    let payload: Value = serde_json::from_str(text).unwrap_or_default();
    let reply = match payload["op"].as_u64() {
        Some(1) => json!({"op": 11, "t": null, "s": null, "d": null}),
        Some(2) => {
            let _ = served.connected.send(());
            let ready = json!({
                "v": 10, "user": bot(), "guilds": [], "session_id": "session",
                "resume_gateway_url": format!("ws://{}", served.address), "shard": [0, 1],
                "application": {"id": APPLICATION.to_string(), "flags": 0},
            });
            json!({"op": 0, "t": "READY", "s": 1, "d": ready})
        }
        _ => return None,
    };
    Some(reply.to_string())
}

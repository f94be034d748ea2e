//! The way to Discord as it is without `DISCORD_API_URL`: over TLS, with serenity's rate limiter.
//!
//! The loopback of the whole-program tests never sees that limiter, since it ignores another address. So here
//! `discord.com` itself is resolved to this machine, with a certificate of the test's own.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::Mutex;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

use serenity::model::id::{ApplicationId, ChannelId, InteractionId};

use super::*;

#[path = "../../../tests/it/support/tls.rs"]
mod tls;

const TOKEN: &str = "abc.def";

/// A response: its status, more headers, and its body.
type Response = (u16, &'static str, &'static str);

/// In place of a status: nothing comes back, ever.
const NEVER: u16 = 0;

/// Something that takes itself for discord.com.
struct Server {
    requests: Mutex<Vec<String>>,
    responses: Mutex<VecDeque<Response>>,
}

impl Server {
    /// Gives these responses, one a request; after them, empty ones. The way to it trusts its certificate.
    async fn start(responses: &[Response]) -> (Arc<Self>, Rest) {
        let (server, address, certificate) = Self::listen(responses).await;
        (server, rest(address, &certificate))
    }

    /// The same, with its address and its certificate.
    async fn listen(responses: &[Response]) -> (Arc<Self>, SocketAddr, Vec<u8>) {
        let (acceptor, certificate) = tls::self_signed("discord.com");
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let server = Arc::new(Self {
            requests: Mutex::default(),
            responses: Mutex::new(responses.iter().copied().collect()),
        });
        tokio::spawn(Arc::clone(&server).accept(listener, acceptor));
        (server, address, certificate)
    }

    async fn accept(self: Arc<Self>, listener: TcpListener, acceptor: TlsAcceptor) {
        while let Ok((stream, _)) = listener.accept().await {
            let (server, acceptor) = (Arc::clone(&self), acceptor.clone());
            tokio::spawn(async move {
                let Ok(mut stream) = acceptor.accept(stream).await else {
                    return;
                };
                while let Some(request) = read_request(&mut stream).await {
                    server.requests.lock().unwrap().push(request);
                    let (status, headers, body) =
                        server.responses.lock().unwrap().pop_front().unwrap_or((200, "", "{}"));
                    if status == NEVER {
                        std::future::pending::<()>().await;
                    }
                    let length = body.len();
                    let response = format!("HTTP/1.1 {status} x\r\ncontent-length: {length}\r\n{headers}\r\n{body}");
                    stream.write_all(response.as_bytes()).await.unwrap();
                }
            });
        }
    }

    fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }
}

fn rest(address: SocketAddr, certificate: &[u8]) -> Rest {
    let client = reqwest::Client::builder()
        .use_rustls_tls()
        .tls_built_in_root_certs(false)
        .add_root_certificate(reqwest::Certificate::from_der(certificate).unwrap())
        .resolve("discord.com", address)
        .no_proxy()
        .build()
        .unwrap();
    Rest::over(client, &TOKEN.into(), None)
}

/// One request, head and body; `None` at the end of the connection.
async fn read_request(stream: &mut (impl AsyncRead + Unpin)) -> Option<String> {
    let mut bytes = Vec::new();
    loop {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head
                .lines()
                .find_map(|line| line.strip_prefix("content-length: ")?.parse().ok());
            if body.len() >= length.unwrap_or(0) {
                return Some(text);
            }
        }
        let mut buffer = [0; 4096];
        let n_read = stream.read(&mut buffer).await.ok().filter(|n_read| *n_read > 0)?;
        bytes.extend_from_slice(&buffer[..n_read]);
    }
}

fn post(channel: u64) -> Call<'static> {
    Call {
        method: LightMethod::Post,
        route: Route::ChannelMessages {
            channel_id: ChannelId::new(channel),
        },
        query: None,
        patience: Duration::from_secs(20),
    }
}

fn callback(interaction: u64) -> Call<'static> {
    Call {
        route: Route::InteractionResponse {
            interaction_id: InteractionId::new(interaction),
            token: "interaction-token",
        },
        ..post(1)
    }
}

async fn n_limits(rest: &Rest) -> usize {
    rest.http.ratelimiter.as_ref().unwrap().routes().read().await.len()
}

#[tokio::test]
async fn who_has_no_certificate_of_a_known_root_is_told_nothing() {
    let (server, address, certificate) = Server::listen(&[]).await;
    let client = client_builder().resolve("discord.com", address).no_proxy().build();
    let stranger = Rest::over(client.unwrap(), &TOKEN.into(), None);
    let myself = || Call {
        method: LightMethod::Get,
        route: Route::UserMe,
        query: None,
        patience: Duration::from_secs(20),
    };
    let refused = stranger.get::<serde_json::Value>(myself()).await.unwrap_err();
    assert!(
        matches!(&refused, RestError::Unreachable(reason) if reason.contains("certificate")),
        "{refused:?}"
    );
    assert_eq!(server.requests(), Vec::<String>::new());
    // Nothing else is wrong with it.
    let trusting = rest(address, &certificate);
    trusting.get::<serde_json::Value>(myself()).await.unwrap();
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn requests_go_to_discord_with_the_token_and_their_query() {
    let (server, rest) = Server::start(&[(200, "", "[1]")]).await;
    let call = Call {
        method: LightMethod::Get,
        route: Route::Commands {
            application_id: ApplicationId::new(7),
        },
        query: Some(vec![("with_localizations", "true".to_owned())]),
        patience: Duration::from_secs(20),
    };
    assert_eq!(rest.get::<Vec<u8>>(call).await.unwrap(), [1]);
    let request = server.requests()[0].to_lowercase();
    assert!(
        request.starts_with("get /api/v10/applications/7/commands?&with_localizations=true http/1.1"),
        "{request}"
    );
    assert!(request.contains(&format!("authorization: bot {TOKEN}")), "{request}");
    assert!(request.contains("user-agent: discordbot (http"), "{request}");
}

#[tokio::test]
async fn a_limit_is_waited_out() {
    let limited = (
        429,
        "retry-after: 0.3\r\nx-ratelimit-scope: user\r\n",
        r#"{"retry_after": 0.3, "global": false}"#,
    );
    let (server, rest) = Server::start(&[limited]).await;
    let metrics = Arc::default();
    let rest = rest.counted_in(&metrics);
    let began = Instant::now();
    rest.put(post(5), &serde_json::json!({"content": "x"})).await.unwrap();
    assert!(began.elapsed() >= Duration::from_millis(300));
    assert_eq!(server.requests().len(), 2);
    let text = metrics.to_text(&crate::ops::metrics::Vitals::default());
    assert!(text.contains("rest_waits_total 1\n"), "{text}");
}

#[tokio::test]
async fn a_limit_longer_than_the_caller_waits_ends_at_the_callers_patience() {
    let limited = (
        429,
        "retry-after: 3600\r\n",
        r#"{"retry_after": 3600.0, "global": false}"#,
    );
    let (_server, rest) = Server::start(&[limited]).await;
    let call = Call {
        patience: Duration::from_millis(200),
        ..post(5)
    };
    let error = rest.put(call, &serde_json::json!({})).await.unwrap_err();
    assert!(
        matches!(error, RestError::TimedOut(_) | RestError::RateLimited(_)),
        "{error}"
    );
}

#[tokio::test]
async fn a_limit_that_no_clock_can_show_is_longer_than_anybody_waits() {
    let limited = (429, "", r#"{"retry_after": 1e19, "global": false}"#);
    let (_server, rest) = Server::start(&[limited]).await;
    let error = rest.put(callback(1), &serde_json::json!({})).await.unwrap_err();
    assert!(matches!(error, RestError::RateLimited(_)), "{error}");
}

#[tokio::test]
async fn interactions_leave_no_limits_behind_and_those_of_channels_are_forgotten_once_spent() {
    let spent = (
        200,
        "x-ratelimit-limit: 5\r\nx-ratelimit-remaining: 4\r\nx-ratelimit-reset-after: 0.1\r\n",
        "{}",
    );
    let (_server, rest) = Server::start(&[spent, spent]).await;
    rest.put(post(5), &serde_json::json!({})).await.unwrap();
    rest.put(post(6), &serde_json::json!({})).await.unwrap();
    for interaction in 1..=20 {
        rest.put(callback(interaction), &serde_json::json!({})).await.unwrap();
    }
    assert_eq!(n_limits(&rest).await, 2);
    tokio::time::sleep(Duration::from_millis(150)).await;
    rest.prune().await;
    assert_eq!(n_limits(&rest).await, 0);
}

#[tokio::test]
async fn a_limit_that_still_holds_is_not_forgotten() {
    let full = (
        200,
        "x-ratelimit-limit: 5\r\nx-ratelimit-remaining: 0\r\nx-ratelimit-reset-after: 60\r\n",
        "{}",
    );
    let (_server, rest) = Server::start(&[full]).await;
    rest.put(post(5), &serde_json::json!({})).await.unwrap();
    rest.prune().await;
    assert_eq!(n_limits(&rest).await, 1);
}

#[tokio::test]
async fn an_interaction_waits_for_its_own_limit_only() {
    let limited = (429, "retry-after: 0.2\r\n", r#"{"retry_after": 0.2, "global": false}"#);
    let (server, rest) = Server::start(&[limited]).await;
    let began = Instant::now();
    rest.put(callback(1), &serde_json::json!({})).await.unwrap();
    assert!(began.elapsed() >= Duration::from_millis(200));
    assert_eq!(server.requests().len(), 2);
}

#[tokio::test]
async fn what_discord_refuses_is_named_with_its_places_and_never_with_a_token() {
    let refused =
        r#"{"code": 50035, "message": "Invalid Form Body", "errors": {"content": {"_errors": [{"code": "X"}]}}}"#;
    let (_server, rest) = Server::start(&[(400, "", refused), (400, "", refused)]).await;
    for call in [post(5), callback(1)] {
        let error = rest.put(call, &serde_json::json!({})).await.unwrap_err();
        assert!(
            matches!(
                error,
                RestError::Refused {
                    status: 400,
                    code: 50035,
                    ..
                }
            ),
            "{error}"
        );
        let text = format!("{error} {error:?}");
        assert!(
            text.contains("_errors") && !text.contains(TOKEN) && !text.contains("interaction-token"),
            "{text}"
        );
    }
}

#[tokio::test]
async fn a_refused_token_is_told() {
    let (_server, rest) = Server::start(&[(401, "", r#"{"message": "401: Unauthorized", "code": 0}"#)]).await;
    let error = rest.put(post(5), &serde_json::json!({})).await.unwrap_err();
    assert_eq!(error.status(), Some(401));
    rest.token_refused().await;
}

#[tokio::test]
async fn an_interaction_that_is_over_is_no_refused_token() {
    let over = r#"{"message": "Invalid Webhook Token", "code": 50027}"#;
    let (_server, rest) = Server::start(&[(401, "", over)]).await;
    let error = rest.put(callback(1), &serde_json::json!({})).await.unwrap_err();
    assert_eq!(error.status(), Some(401));
    let told = tokio::time::timeout(Duration::from_millis(100), rest.token_refused());
    assert!(told.await.is_err(), "it would have ended the bot");
}

#[tokio::test]
async fn what_carries_something_is_tried_for_as_long_as_its_caller_waits_and_what_reads_three_times() {
    let down = [(503, "", "<html>"); 5];
    let (server, rest) = Server::start(&down).await;
    let began = Instant::now();
    rest.put(callback(1), &serde_json::json!({})).await.unwrap();
    assert_eq!(server.requests().len(), 6);
    assert!(began.elapsed() >= BACKOFF * (1 + 2 + 3 + 4 + 5));
    let (server, rest) = Server::start(&down).await;
    let call = Call {
        method: LightMethod::Get,
        ..post(5)
    };
    let error = rest.get::<serde_json::Value>(call).await.unwrap_err();
    assert_eq!((error.status(), server.requests().len()), (Some(503), 3));
}

#[tokio::test]
async fn a_read_that_hangs_leaves_time_for_another_by_the_same_limit() {
    let (server, rest) = Server::start(&[(NEVER, "", ""), (200, "", "[1]")]).await;
    let call = Call {
        method: LightMethod::Get,
        patience: Duration::from_secs(4),
        ..post(5)
    };
    assert_eq!(rest.get::<Vec<u8>>(call).await.unwrap(), [1]);
    assert_eq!((server.requests().len(), n_limits(&rest).await), (2, 1));
}

#[tokio::test]
async fn an_unreachable_address_is_named_with_its_cause_and_without_its_path() {
    let nobody = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let certificate = rcgen::generate_simple_self_signed(["discord.com".to_owned()])
        .unwrap()
        .cert;
    let in_a_hurry = |call: Call<'static>| Call {
        patience: Duration::from_secs(2),
        ..call
    };
    for call in [in_a_hurry(post(5)), in_a_hurry(callback(1))] {
        let error = rest(nobody, certificate.der())
            .put(call, &serde_json::json!({}))
            .await
            .unwrap_err();
        let text = format!("{error} {error:?}");
        assert!(matches!(error, RestError::Unreachable(_)), "{text}");
        assert!(
            text.contains("refused") && !text.contains("interaction-token"),
            "{text}"
        );
    }
}

#[test]
fn the_alert_on_refusals_names_reasons_that_there_are() {
    let refused = |status| RestError::Refused {
        status,
        code: 0,
        message: String::new(),
    };
    let wait = RestError::RateLimited(Duration::ZERO);
    let known = [refused(401), refused(403), wait, RestError::HeldBack].map(|error| error.reason());
    let alerts = include_str!("../../../deploy/alerts.yaml");
    let (_, after) = alerts.split_once("rest_failures_total{").unwrap();
    let (_, after) = after.split_once("reason=~\"").unwrap();
    let named: Vec<&str> = after.split('"').next().unwrap().split('|').collect();
    assert!(
        named.len() > 1 && named.iter().all(|reason| known.contains(reason)),
        "{named:?}"
    );
}

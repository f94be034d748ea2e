//! Connections over HTTP/1.1, so many at once and no longer than they may take.
//!
//! By hand, since a server for the public needs what axum's own leaves out: a bound on connections, and deadlines for
//! their heads and for what they are sent. Promise: whoever sends nothing, or reads nothing, holds a place for a bounded time; at the end, requests that were
//! taken are answered. Deliberately absent: TLS, which the load balancer or proxy before it ends.

use std::convert::Infallible;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::response::Response;
use hyper::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::TcpListener;
use tokio::sync::{Semaphore, watch};
use tokio::time::{sleep, timeout};

use super::taken::Taken;

/// Connections at once; a load balancer keeps some tens open.
const MAX_CONNECTIONS: usize = 1024;
/// Until a request's head is here, the wait for the next one on a kept connection included: longer than the minute that
/// load balancers keep theirs, so that it is they who close.
const HEAD_WITHIN: Duration = Duration::from_secs(75);
/// Discord's heads have well under a kibibyte.
const MAX_HEAD_BYTES: usize = 16 << 10;
/// After a connection could not be taken, such as where no file is left to open.
const PAUSE: Duration = Duration::from_millis(100);

/// A server that was not told to stop yet.
pub(in crate::discord) struct Server {
    listener: TcpListener,
    places: Arc<Semaphore>,
    closing: watch::Sender<()>,
}

impl Server {
    /// On this listener, which nothing was taken from yet; on the runtime that this is called on.
    ///
    /// # Errors
    /// If the runtime cannot have the listener.
    pub(in crate::discord) fn new(listener: std::net::TcpListener) -> std::io::Result<Self> {
        listener.set_nonblocking(true)?;
        Ok(Self {
            listener: TcpListener::from_std(listener)?,
            places: Arc::new(Semaphore::new(MAX_CONNECTIONS)),
            closing: watch::Sender::new(()),
        })
    }

    /// Serves; never ends by itself.
    pub(super) async fn serve<F, W>(&self, answer: F)
    where
        F: Fn(Request<Incoming>) -> W + Clone + Send + Sync + 'static,
        W: Future<Output = Response> + Send + 'static,
    {
        loop {
            let Ok(place) = Arc::clone(&self.places).acquire_owned().await else {
                // The semaphore is never closed.
                return std::future::pending().await;
            };
            let stream = match self.listener.accept().await {
                Ok((stream, _)) => stream,
                Err(error) => {
                    tracing::warn!(%error, "a connection could not be taken");
                    sleep(PAUSE).await;
                    continue;
                }
            };
            let answer = answer.clone();
            let service = service_fn(move |request| {
                let answered = answer(request);
                async move { Ok::<_, Infallible>(answered.await) }
            });
            let connection = http1::Builder::new()
                .timer(TokioTimer::new())
                .header_read_timeout(HEAD_WITHIN)
                .max_header_size(MAX_HEAD_BYTES)
                .serve_connection(TokioIo::new(Taken::new(stream)), service);
            let mut closing = self.closing.subscribe();
            tokio::spawn(async move {
                let mut connection = pin!(connection);
                let ended = tokio::select! {
                    ended = &mut connection => ended,
                    // An error says that the server is gone, which is as good as closing.
                    _ = closing.changed() => {
                        connection.as_mut().graceful_shutdown();
                        connection.await
                    }
                };
                if let Err(error) = ended {
                    tracing::debug!(%error, "a connection ended early");
                }
                drop((place, closing));
            });
        }
    }

    /// Takes no more requests, and ends the connections once theirs are answered, at most so long.
    pub(in crate::discord) async fn close(self, at_most: Duration) {
        drop(self.listener);
        self.closing.send_replace(());
        // Each connection has a receiver until it has ended.
        if timeout(at_most, self.closing.closed()).await.is_err() {
            tracing::warn!("some connections did not end in time");
        }
    }
}

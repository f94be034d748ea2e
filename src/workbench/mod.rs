//! The curator's workbench: a local web page for those who would rather look than read a terminal.
//!
//! Server-rendered; the little script it has fetches a page anew when files were saved and knows a few keys. Promise:
//! it listens on this machine only unless told otherwise, and then asks for a token; nothing is written but what was
//! shown before; it answers while it trains. Deliberately absent: Discord, and any state that is not in the files.

mod access;
mod actions;
mod pages;
mod state;

use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::routing::{get, post};
use tokio::net::TcpListener;

use crate::cache::Cache;
use crate::eval::LabelledConversation;
use crate::fact::article::Article;
use access::Access;
use state::Shared;

/// What the workbench works on.
#[derive(Debug)]
pub struct Options {
    /// The knowledge folder.
    pub knowledge: PathBuf,
    /// Where to listen; port 0 takes any free one.
    pub listen: SocketAddr,
    /// Where what is learnt is kept.
    pub cache: Cache,
    /// Articles that the coverage is shown of.
    pub articles: Vec<Article>,
    /// Unanswered questions, each with how often it was asked.
    pub questions: Vec<(String, usize)>,
    /// Labelled questions for the evaluation.
    pub labelled: Vec<LabelledConversation>,
}

/// Serves until the program is told to stop; `ready` gets the address to open.
///
/// # Errors
/// If the address cannot be listened on, or the system gives no runtime or randomness.
pub fn run(options: Options, ready: impl FnOnce(&str) -> io::Result<()>) -> io::Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let listener = TcpListener::bind(options.listen).await?;
        let address = listener.local_addr()?;
        let access = Access::for_address(address)?;
        ready(&access.url(address))?;
        let shared = Arc::new(Shared::new(options, access));
        let watched = Arc::clone(&shared);
        // It ends with the process: it holds nothing that must be put away.
        std::thread::Builder::new()
            .name("workbench-watch".to_owned())
            .spawn(move || state::watch(&watched))?;
        tokio::select! {
            served = axum::serve(listener, router(shared)) => served,
            stopped = stop() => stopped,
        }
    })
}

fn router(shared: Arc<Shared>) -> Router {
    Router::new()
        .route("/", get(pages::ask))
        .route("/facts", get(pages::facts))
        .route("/problems", get(pages::problems))
        .route("/unanswered", get(pages::unanswered))
        .route("/unanswered", post(actions::act))
        .route("/eval", get(pages::evaluation))
        .route("/timeline", get(pages::timeline))
        .route("/events", get(pages::events))
        .route("/workbench.js", get(pages::script))
        .layer(from_fn_with_state(Arc::clone(&shared), access::guard))
        .with_state(shared)
}

/// Ends once the program is told to stop.
#[cfg(unix)]
async fn stop() -> io::Result<()> {
    let mut terminated = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
    tokio::select! {
        interrupted = tokio::signal::ctrl_c() => interrupted,
        _ = terminated.recv() => Ok(()),
    }
}

/// Ends once the program is told to stop.
#[cfg(not(unix))]
async fn stop() -> io::Result<()> {
    tokio::signal::ctrl_c().await
}

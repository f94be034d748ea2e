//! Notices that facts were edited.
//!
//! What the operating system reports is a hint only: network file systems, some container mounts and renamed links
//! report nothing. So the content itself is compared every half minute, and is the truth. Promise: nothing is loaded
//! while it is still being written, the same content is not tried twice, and comparing is no hint to compare again.

use std::sync::Arc;
use std::time::Duration;

use notify_debouncer_full::notify::event::{AccessKind, AccessMode};
use notify_debouncer_full::notify::{self, EventKind, RecommendedWatcher, RecursiveMode};
use notify_debouncer_full::{DebounceEventResult, Debouncer, RecommendedCache};
use tokio::sync::Notify;

use super::{FactSource, Fingerprint, Refusal, ReloadedBy, Reloader};

/// Hints are gathered for so long: an editor saves in several steps.
const DEBOUNCED_FOR: Duration = Duration::from_millis(300);
/// Content that is the same after this long is no longer being written.
const SETTLED_AFTER: Duration = Duration::from_millis(100);
/// Looks at content that keeps changing before it is taken as it is; the next poll sees it again.
const MAX_LOOKS: usize = 50;

/// Reloads the facts whenever their content has changed; never ends by itself.
pub async fn watch(reloader: &Reloader) {
    let hints = Arc::new(Notify::new());
    let polled_every = reloader.source.polled_every();
    let watcher = reloader.source.watched().map(|folder| hint_at_changes(folder, &hints));
    if let Some(Err(error)) = &watcher {
        tracing::warn!(%error, "edits are noticed by comparing only, every {} s", polled_every.as_secs());
    }
    let hinting = async {
        loop {
            reloader.source.hinted().await;
            hints.notify_one();
        }
    };
    tokio::select! {
        () = hinting => {}
        () = look_for_news(reloader, &hints) => {}
    }
}

/// Compares the content whenever there is a hint, and now and then; never ends by itself.
async fn look_for_news(reloader: &Reloader, hints: &Notify) {
    let polled_every = reloader.source.polled_every();
    let mut was_readable = true;
    loop {
        // Either way something may be new; which of the two it was makes no difference.
        let _ = tokio::time::timeout(polled_every, hints.notified()).await;
        match settled(&reloader.source).await {
            Ok(fingerprint) => {
                was_readable = true;
                let is_new = fingerprint != reloader.state().seen;
                if is_new {
                    reloader.reload(ReloadedBy::Edit).await;
                }
            }
            // No news: it may be in the middle of a rename, and the facts in use stay either way.
            Err(refusal) if was_readable => {
                was_readable = false;
                tracing::warn!(%refusal, "the facts cannot be read just now, the loaded ones stay");
            }
            Err(_) => {}
        }
    }
}

/// The fingerprint of content that two looks in a row found the same.
pub(super) async fn settled(source: &Arc<dyn FactSource>) -> Result<Fingerprint, Refusal> {
    let mut before = look(source).await;
    if source.is_always_whole() {
        return before;
    }
    for _ in 0..MAX_LOOKS {
        tokio::time::sleep(SETTLED_AFTER).await;
        let now = look(source).await;
        if now == before {
            break;
        }
        before = now;
    }
    before
}

async fn look(source: &Arc<dyn FactSource>) -> Result<Fingerprint, Refusal> {
    let source = Arc::clone(source);
    let looked = tokio::task::spawn_blocking(move || source.fingerprint()).await;
    looked.unwrap_or_else(|panic| Err(Refusal::new(format!("reading the facts failed: {panic}"))))
}

/// Whether somebody has opened or read something and changed nothing, as comparing the content does itself.
fn is_only_a_look(kind: EventKind) -> bool {
    matches!(kind, EventKind::Access(access) if access != AccessKind::Close(AccessMode::Write))
}

/// The watcher works for as long as it is kept.
fn hint_at_changes(
    folder: &std::path::Path,
    hints: &Arc<Notify>,
) -> notify::Result<Debouncer<RecommendedWatcher, RecommendedCache>> {
    let hints = Arc::clone(hints);
    let hint = move |events: DebounceEventResult| {
        // What went wrong with watching is a hint as well.
        if events.is_ok_and(|events| events.iter().all(|event| is_only_a_look(event.kind))) {
            return;
        }
        hints.notify_one();
    };
    let mut debouncer = notify_debouncer_full::new_debouncer(DEBOUNCED_FOR, None, hint)?;
    debouncer.watch(folder, RecursiveMode::Recursive)?;
    Ok(debouncer)
}

//! Which facts answer the most, for members who have not typed anything yet.
//!
//! An autocomplete may not wait for the store, so what it says is asked for now and then. Promise: reading never waits;
//! a store that does not answer leaves what is known. Deliberately absent: which of them are offered.

use std::sync::Arc;
use std::time::Duration;

use arc_swap::ArcSwap;

use crate::fact::FactRef;
use crate::store::{Records, Timestamp};

/// Older answers say little of what is asked now.
const DAYS: u32 = 30;
/// How often it is asked for.
const ASKED_EVERY: Duration = Duration::from_mins(10);

/// The facts that answered the most lately, the most often first.
#[derive(Debug, Default)]
pub(crate) struct Popular {
    ranked: ArcSwap<Vec<FactRef>>,
}

impl Popular {
    /// As last known.
    pub(crate) fn ranked(&self) -> Arc<Vec<FactRef>> {
        self.ranked.load_full()
    }

    /// Asks the store now and then, for ever.
    pub(crate) async fn keep_up(&self, records: &Records) {
        loop {
            self.ask(records).await;
            tokio::time::sleep(ASKED_EVERY).await;
        }
    }

    async fn ask(&self, records: &Records) {
        let since = Timestamp::now().days_before(DAYS).day();
        let counts = records
            .ask(|store| async move { store.answer_counts(since).await })
            .await;
        match counts {
            Ok(counts) => {
                let ranked = counts.into_iter().map(|count| count.fact).collect();
                self.ranked.store(Arc::new(ranked));
            }
            Err(error) => tracing::debug!(%error, "what is asked the most is not known"),
        }
    }
}

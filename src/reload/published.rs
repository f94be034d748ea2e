//! Facts that were published into the store, for processes that share one set of them.
//!
//! The greatest number is the one in force, whoever published it, and whether it was new or an earlier one again. Where the
//! store tells of a publication it is loaded at once; and the store is asked for that number every second all the same,
//! since a notification can be lost, and a number cannot. A start on one that this version of the program refuses takes
//! the newest before it that it does not. Promise: what is loaded is one publication, whole.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use tokio::runtime::Handle;
use tokio::time::{sleep, timeout};

use super::source::{Earlier, FactSource, Fingerprint, Refusal};
use crate::fact::{FactBase, parse};
use crate::store::{Numbered, Publication, Store, StoreError};

/// How often the store is asked whether there is another publication.
const ASKED_EVERY: Duration = Duration::from_secs(1);
/// After the store could not be listened to.
const LISTENED_AGAIN_AFTER: Duration = Duration::from_secs(1);
/// The number is known by then.
const NUMBER_WITHIN: Duration = Duration::from_secs(5);
/// A whole publication is here by then.
const LOADED_WITHIN: Duration = Duration::from_secs(30);
/// Publications that a start looks through for one that it can use. Each was valid for the version that published it, so
/// several in a row are refused only where the program went back to an older version; the largest takes seconds to read.
const MAX_TRIED: u32 = 20;

/// What was published last.
#[derive(Debug)]
pub struct Published {
    store: Arc<dyn Store>,
    runtime: Handle,
}

impl Published {
    /// In this store, which is asked on this runtime; to be used on threads that may wait.
    #[must_use]
    pub fn new(store: Arc<dyn Store>, runtime: Handle) -> Self {
        Self { store, runtime }
    }

    fn wait<T>(&self, within: Duration, asked: impl Future<Output = Result<T, StoreError>>) -> Result<T, Refusal> {
        let answered = self.runtime.block_on(async { timeout(within, asked).await });
        answered.unwrap_or(Err(StoreError::Late)).map_err(|error| {
            let text = format!("the published facts cannot be had: {error}");
            match error {
                // What is stored stays as it is.
                StoreError::Refused(_) => Refusal::new(text),
                _ => Refusal::passing(text),
            }
        })
    }
}

#[async_trait]
impl FactSource for Published {
    fn fingerprint(&self) -> Result<Fingerprint, Refusal> {
        let number = self.wait(NUMBER_WITHIN, self.store.latest_publication_number())?;
        number.map(fingerprint).ok_or_else(nothing)
    }

    fn load(&self) -> Result<(Fingerprint, FactBase), Refusal> {
        let publication = self.wait(LOADED_WITHIN, self.store.publication(None))?;
        let publication = publication.ok_or_else(nothing)?;
        Ok((fingerprint(publication.number), base_of(&publication)?))
    }

    fn load_earlier(&self, refusal: Refusal) -> Result<Earlier, Refusal> {
        let heads = self.wait(NUMBER_WITHIN, self.store.publications(MAX_TRIED))?;
        let newest = heads.first().ok_or_else(nothing)?.number;
        let mut refused = None;
        for number in heads.iter().map(|head| head.number) {
            let publication = self.wait(LOADED_WITHIN, self.store.publication(Some(number)));
            match publication.and_then(|publication| publication.as_ref().map(base_of).transpose()) {
                Ok(None) => {}
                Ok(Some(base)) => {
                    if let Some(refusal) = &refused {
                        tracing::error!(newest, loaded = number, %refusal, "the latest publication is refused, so an earlier one is answered from");
                    }
                    let seen = fingerprint(newest);
                    return Ok(Earlier { base, seen, refused });
                }
                Err(refusal) if refusal.is_passing() => return Err(refusal),
                Err(refusal) => refused = refused.or(Some(refusal)),
            }
        }
        Err(refusal)
    }

    fn watched(&self) -> Option<&Path> {
        None
    }

    fn polled_every(&self) -> Duration {
        ASKED_EVERY
    }

    fn is_always_whole(&self) -> bool {
        true
    }

    async fn hinted(&self) {
        while let Err(error) = self.store.publication_announced().await {
            tracing::debug!(%error, "the store does not tell of publications just now; it is asked every second");
            sleep(LISTENED_AGAIN_AFTER).await;
        }
    }
}

/// The facts of a publication.
///
/// # Errors
/// If there is an error in them, by the rules of this version.
pub fn base_of(publication: &Numbered<Publication>) -> Result<FactBase, Refusal> {
    let loaded = parse::load(&publication.to_files());
    loaded
        .map(|loaded| loaded.base)
        .map_err(|problems| Refusal::from(&problems))
}

fn fingerprint(number: i64) -> Fingerprint {
    Fingerprint(format!("publication {number}"))
}

fn nothing() -> Refusal {
    Refusal::passing("nothing is published yet\nhint: `briefing-bot publish` publishes the facts of a folder")
}

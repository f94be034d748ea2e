//! What a store has opened: once for all who need it, however few of them still wait.
//!
//! Opening may take longer than any operation may, since an upgrade changes the tables then; and an opening that is broken
//! off leaves locks behind, and all its work to do again. Promise: it is done by a task of its own, which whoever gives
//! up does not end; who comes later waits for the same one, or finds it done; one that failed is begun anew by the next
//! who needs it.

use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;

use super::StoreError;

/// What comes of an opening, once it is over.
type Opening<T> = watch::Receiver<Option<Result<T, StoreError>>>;

/// The opening that all wait for, or what it gave.
#[derive(Debug)]
pub(super) struct Opener<T> {
    opening: Mutex<Option<Opening<T>>>,
}

impl<T> Default for Opener<T> {
    fn default() -> Self {
        Self {
            opening: Mutex::new(None),
        }
    }
}

impl<T: Clone + Send + Sync + 'static> Opener<T> {
    /// What is open; it is opened where it is not.
    pub(super) async fn get<W>(&self, open: impl FnOnce() -> W) -> Result<T, StoreError>
    where
        W: Future<Output = Result<T, StoreError>> + Send + 'static,
    {
        let mut opening = self.begun(open);
        let opened = opening.wait_for(Option::is_some).await;
        let opened = opened.ok().and_then(|opened| Option::clone(&opened));
        opened.unwrap_or_else(|| Err(StoreError::Unavailable("opening it was broken off".to_owned())))
    }

    /// What is open now.
    pub(super) fn now(&self) -> Option<T> {
        self.slot().as_ref().and_then(opened)
    }

    /// Takes what is open, if it is this; from then on it is opened anew. An opening that is not over goes on.
    pub(super) fn take_if(&self, is_meant: impl FnOnce(&T) -> bool) -> Option<T> {
        let mut slot = self.slot();
        let taken = slot.as_ref().and_then(opened).filter(is_meant);
        if taken.is_some() {
            *slot = None;
        }
        taken
    }

    fn begun<W>(&self, open: impl FnOnce() -> W) -> Opening<T>
    where
        W: Future<Output = Result<T, StoreError>> + Send + 'static,
    {
        let mut slot = self.slot();
        if let Some(opening) = slot.as_ref().filter(|opening| is_of_use(opening)) {
            return opening.clone();
        }
        let (result, opening) = watch::channel(None);
        let work = tokio::spawn(open());
        tokio::spawn(async move {
            let opened = work.await;
            let opened = opened.unwrap_or_else(|panic| Err(StoreError::Unavailable(panic.to_string())));
            result.send_replace(Some(opened));
        });
        *slot = Some(opening.clone());
        opening
    }

    fn slot(&self) -> MutexGuard<'_, Option<Opening<T>>> {
        self.opening.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn opened<T: Clone>(opening: &Opening<T>) -> Option<T> {
    opening
        .borrow()
        .as_ref()
        .and_then(|opened| opened.as_ref().ok().cloned())
}

/// Whether it has been opened, or still may be: one whose runtime has ended never will.
fn is_of_use<T>(opening: &Opening<T>) -> bool {
    match &*opening.borrow() {
        Some(opened) => opened.is_ok(),
        None => opening.has_changed().is_ok(),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU32, Ordering};
    use std::time::Duration;

    use tokio::time::{sleep, timeout};

    use super::*;

    /// Opens slowly, and gives the number of the opening; the first of them fails where it is to.
    async fn slowly(n_begun: Arc<AtomicU32>, fails_first: bool) -> Result<u32, StoreError> {
        let number = n_begun.fetch_add(1, Ordering::Relaxed);
        sleep(Duration::from_mins(1)).await;
        if fails_first && number == 0 {
            return Err(StoreError::Late);
        }
        Ok(number)
    }

    #[tokio::test(start_paused = true)]
    async fn a_slow_opening_is_done_once_although_nobody_waits_for_it_to_the_end() {
        let opener = Opener::<u32>::default();
        let n_begun = Arc::new(AtomicU32::new(0));
        let get = || opener.get(|| slowly(Arc::clone(&n_begun), false));
        for _ in 0..5 {
            assert!(timeout(Duration::from_secs(2), get()).await.is_err());
        }
        assert_eq!(opener.now(), None);
        sleep(Duration::from_mins(1)).await;
        assert_eq!(opener.now(), Some(0));
        assert_eq!(timeout(Duration::from_millis(1), get()).await, Ok(Ok(0)));
        assert_eq!(n_begun.load(Ordering::Relaxed), 1);
    }

    #[tokio::test(start_paused = true)]
    async fn an_opening_that_failed_is_begun_anew_and_one_that_was_taken_as_well() {
        let opener = Opener::<u32>::default();
        let n_begun = Arc::new(AtomicU32::new(0));
        let get = || opener.get(|| slowly(Arc::clone(&n_begun), true));
        let failed = tokio::join!(get(), get());
        assert_eq!(failed, (Err(StoreError::Late), Err(StoreError::Late)));
        assert_eq!(get().await, Ok(1));
        assert_eq!(opener.take_if(|number| *number == 0), None);
        assert_eq!(opener.take_if(|number| *number == 1), Some(1));
        assert_eq!(opener.now(), None);
        assert_eq!(get().await, Ok(2));
    }
}

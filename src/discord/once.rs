//! What was done already, by the id of what asked for it.
//!
//! Promise: bounded in number, the oldest are forgotten first. Deliberately absent: what it is that is done once.

use std::collections::{HashSet, VecDeque};
use std::sync::{Mutex, PoisonError};

/// Ids that are remembered: five minutes of a very busy bot.
const MAX_REMEMBERED: usize = 16_384;

/// The ids of what was done.
#[derive(Debug, Default)]
pub(crate) struct Once {
    inner: Mutex<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    done: HashSet<u64>,
    /// The same, in the order of time.
    order: VecDeque<u64>,
}

impl Once {
    /// Whether it is the first time; it counts as done from now on.
    pub(crate) fn take(&self, id: u64) -> bool {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        if !inner.done.insert(id) {
            return false;
        }
        inner.order.push_back(id);
        if inner.order.len() > MAX_REMEMBERED
            && let Some(oldest) = inner.order.pop_front()
        {
            inner.done.remove(&oldest);
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_is_done_once_and_the_oldest_is_forgotten_first() {
        let once = Once::default();
        for id in 0..=MAX_REMEMBERED as u64 {
            assert!(once.take(id));
        }
        assert!(!once.take(1));
        assert!(once.take(0));
    }
}

//! The channels that servers' managers chose to be told in of what admins do.
//!
//! Promise: nobody waits for a post but the end of the bot, those to one channel leave in the order of the deeds, and
//! so many wait at most. Deliberately absent: what is told, which `manage` knows.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serenity::model::id::ChannelId;
use tokio::sync::Semaphore;
use tokio::task::JoinHandle;

/// Posts that wait for one channel, with the one under way: Discord takes about one a second.
const MAX_WAITING: usize = 32;

/// Posts to log channels.
#[derive(Debug, Default)]
pub(crate) struct LogChannels {
    /// The last post to each channel that one is under way to.
    last: Mutex<HashMap<ChannelId, Last>>,
}

/// The last post to a channel.
#[derive(Debug)]
struct Last {
    post: JoinHandle<()>,
    /// Of all that wait for the channel.
    room: Arc<Semaphore>,
}

impl LogChannels {
    /// Runs a post in the background, once those before it to the same channel have ended.
    pub(crate) fn post(&self, channel: ChannelId, post: impl Future<Output = ()> + Send + 'static) {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        last.retain(|_, last| !last.post.is_finished());
        let new_room = || Arc::new(Semaphore::new(MAX_WAITING));
        let room = last.get(&channel).map_or_else(new_room, |last| Arc::clone(&last.room));
        let Ok(place) = Arc::clone(&room).try_acquire_owned() else {
            tracing::warn!(
                channel = channel.get(),
                "too many posts wait for a log channel, so one is left out"
            );
            return;
        };
        let before = last.remove(&channel);
        let post = tokio::spawn(async move {
            let _place = place;
            if let Some(before) = before {
                // One that panicked has ended as well.
                let _ = before.post.await;
            }
            post.await;
        });
        last.insert(channel, Last { post, room });
    }

    /// Waits for the posts that are under way, at most so long.
    pub(crate) async fn drain(&self, at_most: Duration) {
        let posts = {
            let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
            std::mem::take(&mut *last)
        };
        // The last to each channel ends after all before it, and all channels' are under way meanwhile.
        let all = async {
            for last in posts.into_values() {
                let _ = last.post.await;
            }
        };
        if tokio::time::timeout(at_most, all).await.is_err() {
            tracing::warn!("some posts to log channels were lost at the end");
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};
    use tokio::time::sleep;

    use super::*;

    /// A post that takes so many seconds, and tells its name then.
    fn takes(
        channels: &LogChannels,
        told: &UnboundedSender<&'static str>,
        channel: u64,
        seconds: u64,
        name: &'static str,
    ) {
        let told = told.clone();
        channels.post(ChannelId::new(channel), async move {
            sleep(Duration::from_secs(seconds)).await;
            told.send(name).unwrap();
        });
    }

    #[tokio::test(start_paused = true)]
    async fn posts_to_one_channel_keep_their_order_however_long_each_takes_and_others_pass_them() {
        let channels = LogChannels::default();
        let (sender, mut posted) = unbounded_channel();
        let post = |channel, seconds, name| takes(&channels, &sender, channel, seconds, name);
        post(1, 9, "first");
        post(1, 1, "second");
        post(2, 2, "elsewhere");
        post(1, 0, "third");
        for expected in ["elsewhere", "first", "second", "third"] {
            assert_eq!(posted.recv().await, Some(expected));
        }
    }

    #[tokio::test(start_paused = true)]
    async fn posts_past_the_bound_are_left_out() {
        let channels = LogChannels::default();
        let n_posted = Arc::new(std::sync::atomic::AtomicUsize::new(0));
        let post = |channel| {
            let n_posted = Arc::clone(&n_posted);
            channels.post(ChannelId::new(channel), async move {
                sleep(Duration::from_secs(1)).await;
                n_posted.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
            });
        };
        for _ in 0..100 {
            post(1);
        }
        post(2);
        sleep(Duration::from_secs(200)).await;
        assert_eq!(n_posted.load(std::sync::atomic::Ordering::SeqCst), MAX_WAITING + 1);
        post(1);
        sleep(Duration::from_secs(2)).await;
        assert_eq!(n_posted.load(std::sync::atomic::Ordering::SeqCst), MAX_WAITING + 2);
    }

    #[tokio::test(start_paused = true)]
    async fn at_the_end_posts_are_waited_for_but_not_for_ever() {
        let channels = LogChannels::default();
        let (sender, mut posted) = unbounded_channel();
        let post = |channel, seconds, name| takes(&channels, &sender, channel, seconds, name);
        post(1, 1, "first");
        post(1, 1, "second");
        post(2, 60, "late");
        let began = tokio::time::Instant::now();
        channels.drain(Duration::from_secs(3)).await;
        assert!(began.elapsed() < Duration::from_secs(4));
        assert_eq!(posted.try_recv(), Ok("first"));
        assert_eq!(posted.try_recv(), Ok("second"));
        assert!(posted.try_recv().is_err());
        channels.drain(Duration::from_secs(3)).await;
        assert!(began.elapsed() < Duration::from_secs(4), "nothing is left to wait for");
    }

    #[tokio::test(start_paused = true)]
    async fn a_post_that_panics_does_not_hold_up_the_next() {
        let channels = LogChannels::default();
        let done = Arc::new(tokio::sync::Notify::new());
        channels.post(ChannelId::new(1), async { panic!("a post's own") });
        let told = Arc::clone(&done);
        channels.post(ChannelId::new(1), async move { told.notify_one() });
        done.notified().await;
        sleep(Duration::from_secs(1)).await;
        channels.post(ChannelId::new(2), async {});
        assert_eq!(channels.last.lock().unwrap().len(), 1, "what has ended is forgotten");
    }
}

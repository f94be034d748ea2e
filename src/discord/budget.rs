//! Logins that are left, counted across restarts.
//!
//! Discord resets the token of a bot that logs in a thousand times a day, and a bot that ends soon after its login, under
//! a supervisor that starts it again, gets there in hours. The store remembers the logins. Promise: no login is
//! spent before the count is known; a store that does not answer stops nobody.

use std::time::Duration;

use super::error::DiscordError;
use crate::config::ShardRange;
use crate::store::{Records, Timestamp};

/// So many logins of each shard within such a time are enough: losing a connection costs none as a rule, since
/// sessions are resumed. The shards of all processes that share the store count.
pub(super) const OF_A_SHARD: u64 = 5;
/// See [`OF_A_SHARD`].
pub(super) const LATELY: Duration = Duration::from_mins(10);
/// What the logins of a day are counted over.
pub(super) const DAY: Duration = Duration::from_hours(24);

/// So many logins of all shards within a day are enough: 200 of each, but less than the thousand at which Discord resets
/// the token, unless there are so many shards that Discord allows more.
pub(super) fn of_a_day(n_shards: u32) -> u64 {
    let n = u64::from(n_shards);
    (200 * n).min(900).max(OF_A_SHARD * n)
}

/// Whether another login may be spent.
///
/// # Errors
/// [`DiscordError::LoggedInTooOften`] where it may not.
pub(crate) async fn check(records: &Records, shards: ShardRange) -> Result<(), DiscordError> {
    let limits = [
        (OF_A_SHARD * u64::from(shards.total), LATELY),
        (of_a_day(shards.total), DAY),
    ];
    for (most, within) in limits {
        let since = Timestamp::now().seconds_before(u32::try_from(within.as_secs()).unwrap_or(u32::MAX));
        let counted = records.ask(move |store| async move { store.n_identifies_since(since).await });
        match counted.await {
            Ok(logins) if logins >= most => return Err(DiscordError::LoggedInTooOften { logins, within }),
            Ok(_) => {}
            Err(error) => {
                tracing::warn!(%error, "the logins so far are not known, so none is held back");
                return Ok(());
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_s_logins_stay_below_what_resets_the_token() {
        let of = |n_shards| of_a_day(n_shards);
        assert_eq!([of(1), of(4), of(5), of(16), of(180)], [200, 800, 900, 900, 900]);
        // Discord allows a bot of so many servers more.
        assert_eq!(of(200), 1000);
    }
}

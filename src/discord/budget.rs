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
const LIMITS: [(u64, Duration); 2] = [(5, Duration::from_mins(10)), (200, Duration::from_hours(24))];

/// Whether another login may be spent.
///
/// # Errors
/// [`DiscordError::LoggedInTooOften`] where it may not.
pub(crate) async fn check(records: &Records, shards: ShardRange) -> Result<(), DiscordError> {
    for (most, within) in LIMITS {
        let most = most * u64::from(shards.total);
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

//! How much a member, and a server, may ask.
//!
//! Promise: past the rate there is one notice a minute, to the member, or to one member of the server, and silence
//! otherwise; whoever stops asking is forgotten.
//! Autocomplete is not counted, since Discord asks for it with every letter. Deliberately absent: how many events the
//! bot serves at once (`guard`).

use std::hash::Hash;
use std::num::NonZeroU32;

use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use serenity::model::id::{GuildId, UserId};

use crate::answer::wording::managing as wording;

/// Notices to a member, and in a server, in a minute.
const NOTICES_A_MINUTE: NonZeroU32 = NonZeroU32::MIN;

/// What one member may do of managing in a minute, whatever `MEMBER_RATE` is: a press a second, and about as many posts
/// as Discord takes in a log channel.
const MANAGED_A_MINUTE: NonZeroU32 = NonZeroU32::MIN.saturating_add(59);

/// Whether to answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Answer.
    Answer,
    /// Say that it is too much.
    Notice(Bound),
    /// Say nothing, unless something must be said: it was said already.
    Silence(Bound),
}

impl Verdict {
    /// The sentence for who is not answered.
    pub(crate) fn refusal(self) -> Option<&'static str> {
        match self {
            Self::Answer => None,
            Self::Notice(bound) | Self::Silence(bound) => Some(bound.sentence()),
        }
    }
}

/// Whose rate it is that was passed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Bound {
    /// The member's.
    Member,
    /// That of all members of the server together.
    Server,
}

impl Bound {
    /// What is said of it.
    pub(crate) fn sentence(self) -> &'static str {
        match self {
            Self::Member => wording::TOO_MUCH,
            Self::Server => wording::SERVER_TOO_MUCH,
        }
    }
}

/// What was asked lately, by member and by server.
#[derive(Debug)]
pub(crate) struct Rates {
    members: Option<DefaultKeyedRateLimiter<UserId>>,
    servers: Option<DefaultKeyedRateLimiter<GuildId>>,
    managing: DefaultKeyedRateLimiter<UserId>,
    notices: DefaultKeyedRateLimiter<UserId>,
    server_notices: DefaultKeyedRateLimiter<GuildId>,
}

impl Rates {
    /// So many a minute of a member, and of a server; 0: no bound.
    pub(crate) fn new(of_member: u32, of_server: u32) -> Self {
        let quota = |a_minute| NonZeroU32::new(a_minute).map(Quota::per_minute);
        Self {
            members: quota(of_member).map(RateLimiter::keyed),
            servers: quota(of_server).map(RateLimiter::keyed),
            managing: RateLimiter::keyed(Quota::per_minute(MANAGED_A_MINUTE)),
            notices: RateLimiter::keyed(Quota::per_minute(NOTICES_A_MINUTE)),
            server_notices: RateLimiter::keyed(Quota::per_minute(NOTICES_A_MINUTE)),
        }
    }

    /// Counts a question, and says whether to answer it. What is not answered does not count for the server.
    pub(crate) fn count(&self, member: UserId, server: Option<GuildId>) -> Verdict {
        match (self.passed(member, server), server) {
            (None, _) => Verdict::Answer,
            (Some(Bound::Server), Some(server)) => told_once(Bound::Server, &self.server_notices, &server),
            (Some(bound), _) => told_once(bound, &self.notices, &member),
        }
    }

    /// The same where nobody is told: whether to answer. The notice is left for when somebody is to be told.
    pub(crate) fn count_untold(&self, member: UserId, server: Option<GuildId>) -> bool {
        self.passed(member, server).is_none()
    }

    /// Counts a question, and says whose rate it is past, if any.
    fn passed(&self, member: UserId, server: Option<GuildId>) -> Option<Bound> {
        if is_past(self.members.as_ref(), &member) {
            return Some(Bound::Member);
        }
        let is_past_of_server = server.is_some_and(|server| is_past(self.servers.as_ref(), &server));
        is_past_of_server.then_some(Bound::Server)
    }

    /// Counts a deed of managing, and gives the sentence for who does too much of it. It counts for no server: whoever
    /// manages one must get in while it is flooded.
    pub(crate) fn refuse_managing(&self, member: UserId) -> Option<&'static str> {
        is_past(Some(&self.managing), &member).then(|| Bound::Member.sentence())
    }

    /// Forgets whoever has not asked for long enough.
    pub(crate) fn prune(&self) {
        if let Some(members) = &self.members {
            members.retain_recent();
            members.shrink_to_fit();
        }
        if let Some(servers) = &self.servers {
            servers.retain_recent();
            servers.shrink_to_fit();
        }
        self.managing.retain_recent();
        self.managing.shrink_to_fit();
        self.notices.retain_recent();
        self.notices.shrink_to_fit();
        self.server_notices.retain_recent();
        self.server_notices.shrink_to_fit();
    }
}

/// Counts one more of a key, and says whether that is past its rate; nothing is where there is none.
fn is_past<K: Hash + Eq + Clone>(rate: Option<&DefaultKeyedRateLimiter<K>>, key: &K) -> bool {
    rate.is_some_and(|rate| rate.check_key(key).is_err())
}

fn told_once<K: Hash + Eq + Clone>(bound: Bound, notices: &DefaultKeyedRateLimiter<K>, key: &K) -> Verdict {
    if notices.check_key(key).is_ok() {
        Verdict::Notice(bound)
    } else {
        Verdict::Silence(bound)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn member(id: u64) -> UserId {
        UserId::new(id)
    }

    fn server(id: u64) -> GuildId {
        GuildId::new(id)
    }

    #[test]
    fn past_the_rate_there_is_one_notice_and_then_silence_and_others_are_answered() {
        let rates = Rates::new(3, 0);
        for _ in 0..3 {
            assert_eq!(rates.count(member(1), None), Verdict::Answer);
        }
        assert_eq!(rates.count(member(1), None), Verdict::Notice(Bound::Member));
        assert_eq!(rates.count(member(1), None), Verdict::Silence(Bound::Member));
        assert_eq!(rates.count(member(2), None), Verdict::Answer);
    }

    #[test]
    fn a_server_has_a_rate_of_its_own() {
        let rates = Rates::new(0, 2);
        assert_eq!(rates.count(member(1), Some(server(1))), Verdict::Answer);
        assert_eq!(rates.count(member(2), Some(server(1))), Verdict::Answer);
        assert_eq!(rates.count(member(3), Some(server(1))), Verdict::Notice(Bound::Server));
        assert_eq!(rates.count(member(4), Some(server(1))), Verdict::Silence(Bound::Server));
        assert_eq!(rates.count(member(3), Some(server(2))), Verdict::Answer);
        assert_eq!(rates.count(member(3), None), Verdict::Answer);
    }

    #[test]
    fn what_nobody_is_told_of_counts_and_leaves_the_notice_to_what_somebody_is_told_of() {
        let rates = Rates::new(2, 3);
        let of_server = |id| rates.count_untold(member(id), Some(server(1)));
        assert!(of_server(1) && of_server(1));
        assert!(!of_server(1) && !of_server(1));
        assert_eq!(rates.count(member(1), None), Verdict::Notice(Bound::Member));
        assert!(of_server(2) && !of_server(2));
        assert_eq!(rates.count(member(3), Some(server(1))), Verdict::Notice(Bound::Server));
    }

    #[test]
    fn managers_have_a_rate_of_their_own() {
        let rates = Rates::new(1, 1);
        for _ in 0..2 {
            rates.count(member(1), Some(server(1)));
        }
        assert!((0..MANAGED_A_MINUTE.get()).all(|_| rates.refuse_managing(member(1)).is_none()));
        assert!(rates.refuse_managing(member(1)).is_some());
        assert!(rates.refuse_managing(member(2)).is_none());
    }

    #[test]
    fn where_no_rate_is_set_everything_is_answered() {
        let rates = Rates::new(0, 0);
        assert!((0..10_000).all(|_| rates.count(member(1), Some(server(1))) == Verdict::Answer));
    }

    #[test]
    fn whoever_asks_no_more_is_forgotten() {
        // 60,000 a minute are forgiven within a millisecond.
        let rates = Rates::new(60_000, 0);
        for id in 1..=100 {
            rates.count(member(id), None);
        }
        let members = rates.members.as_ref().unwrap();
        assert_eq!(members.len(), 100);
        std::thread::sleep(std::time::Duration::from_millis(20));
        rates.prune();
        assert_eq!(members.len(), 0);
    }
}

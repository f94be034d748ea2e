//! Why the bot cannot be in Discord, in words that say what to do.
//!
//! Promise: no text of these holds the token.

use std::time::Duration;

/// Why the connection to Discord does not stand, or has ended.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DiscordError {
    /// The token was refused.
    #[error(
        "Discord refused the token in `DISCORD_TOKEN`: it was reset, mistyped, or belongs to something else than a bot\n\
         hint: open https://discord.com/developers/applications, your application, Bot, press Reset Token, and put the \
         new token in its place"
    )]
    TokenRefused,
    /// The application may not have the intents that the bot asks for.
    #[error(
        "Discord refused the gateway intents that the bot asks for (close code {code})\n\
         hint: open https://discord.com/developers/applications, your application, Bot, Privileged Gateway Intents, and \
         compare with the list in the README; with `MESSAGE_CONTENT=off` none of them is needed"
    )]
    IntentsRefused {
        /// 4013 or 4014.
        code: u16,
    },
    /// Discord closed the connection for a reason that stays.
    #[error(
        "Discord closed the connection for good with code {code}: {}\n\
         hint: starting again as it is ends the same way; this needs another version or another setting",
        close_reason(*.code)
    )]
    ClosedForGood {
        /// The close code.
        code: u16,
    },
    /// So few logins are left today that another few would reset the token.
    #[error(
        "only {remaining} logins are left for this token today, and Discord resets the token of a bot that uses up all\n\
         hint: something has been restarting it; start it again in {} min, when the count begins anew",
        .reset_after.as_secs().div_ceil(60)
    )]
    TooFewLogins {
        /// Logins left.
        remaining: u64,
        /// Until there are more.
        reset_after: Duration,
    },
    /// It runs already.
    #[error(
        "this bot runs on this machine already: another process has shard {shard} of the same token, and two would \
         answer every question twice\nhint: stop the other one first, or give each process shards of its own with \
         `SHARDS`"
    )]
    RunsAlready {
        /// The shard that both want.
        shard: u32,
    },
    /// The key that interactions are checked with is not the application's.
    #[error(
        "`DISCORD_PUBLIC_KEY` is not the key of this application, so every interaction over HTTP would be refused\n\
         hint: open https://discord.com/developers/applications, your application, General Information, and copy Public \
         Key"
    )]
    OtherPublicKey,
    /// It has been started again and again.
    #[error(
        "the bot has logged in {logins} times within {} min, restarts included, and Discord resets the token of a bot \
         that logs in too often\nhint: the log says why it ended each time; start it again later, or stop whatever \
         restarts it",
        .within.as_secs() / 60
    )]
    LoggedInTooOften {
        /// Logins.
        logins: u64,
        /// Within this time.
        within: Duration,
    },
    /// The gateway ends every session soon after it began.
    #[error(
        "the gateway turned the bot away: {logins} logins within {} min, and Discord resets the token of a bot that \
         logs in too often\nhint: the log says with which close codes; https://discordstatus.com may say why",
        .within.as_secs() / 60
    )]
    TurnedAway {
        /// Logins.
        logins: usize,
        /// Within this time.
        within: Duration,
    },
    /// Discord does not answer, or not as it should.
    #[error(
        "Discord cannot be reached at `{address}`: {reason}\nhint: check the network, and https://discordstatus.com"
    )]
    Unreachable {
        /// Where it was looked for.
        address: String,
        /// What happened.
        reason: String,
    },
    /// The connection ended without anyone asking for it.
    #[error("the connection to Discord ended: {0}")]
    Ended(String),
    /// The part of the program that serves Discord does not move.
    #[error("the connection to Discord has shown no sign of life for {} s", .0.as_secs())]
    Lifeless(Duration),
}

impl DiscordError {
    /// Whether starting again cannot help.
    #[must_use]
    pub fn is_lasting(&self) -> bool {
        matches!(
            self,
            Self::TokenRefused | Self::IntentsRefused { .. } | Self::ClosedForGood { .. } | Self::OtherPublicKey
        )
    }

    /// What a close code of the gateway means, where it is one that stays
    /// (`topics/opcodes-and-status-codes.mdx`).
    #[must_use]
    pub fn of_close(code: u16) -> Option<Self> {
        match code {
            4004 => Some(Self::TokenRefused),
            4010..=4012 => Some(Self::ClosedForGood { code }),
            4013 | 4014 => Some(Self::IntentsRefused { code }),
            _ => None,
        }
    }
}

fn close_reason(code: u16) -> &'static str {
    match code {
        4010 => "the shard is none of this bot's",
        4011 => "the bot is in so many servers that its gateway must be shared among shards",
        4012 => "this version of the gateway is no longer served",
        _ => "no reason known",
    }
}

//! Notices another bot with the same token and shards on the same machine, and in the same container if in any.
//!
//! Two of them would answer every question twice, and end each other's sessions. The name of a socket that is taken for
//! as long as the process lives says so: the kernel frees it whatever ends the process, and it is no file that another
//! user could not write or a unit's private folder would hide. Such names are of one network namespace, though, and a
//! container has its own, as a rule. Promise: the token is not in the name. Deliberately absent: other containers and
//! other machines, where Discord's own count of logins is all there is.

use data_encoding::HEXLOWER;
use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretString};
use sha2::Sha256;

use super::error::DiscordError;
use crate::config::ShardRange;

/// What the key is for, so that no other use of the token gives the same names.
const PURPOSE: &[u8] = b"briefing-bot instance 1 ";
/// Bytes of the digest in a name: plenty for one machine.
const NAME_BYTES: usize = 16;

/// The shards of a bot, taken on this machine, or in this container, until this is dropped.
#[derive(Debug)]
pub(crate) struct Instance {
    _taken: Vec<Taken>,
}

impl Instance {
    /// Takes the shards of the bot that this token logs in as, at this Discord.
    ///
    /// # Errors
    /// [`DiscordError::RunsAlready`] where another process has one of them.
    pub(crate) fn take(token: &SecretString, base: Option<&str>, shards: ShardRange) -> Result<Self, DiscordError> {
        let mut taken = Vec::new();
        for shard in shards.first..shards.end {
            match take(&name(token, base, shard)) {
                Ok(held) => taken.push(held),
                Err(error) if error.kind() == std::io::ErrorKind::AddrInUse => {
                    return Err(DiscordError::RunsAlready { shard });
                }
                Err(error) => {
                    tracing::warn!(%error, "whether the bot runs on this machine already cannot be told");
                    break;
                }
            }
        }
        Ok(Self { _taken: taken })
    }
}

fn name(token: &SecretString, base: Option<&str>, shard: u32) -> String {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(token.expose_secret().as_bytes()) else {
        unreachable!("an HMAC takes keys of any length")
    };
    mac.update(PURPOSE);
    mac.update(&shard.to_be_bytes());
    mac.update(base.unwrap_or_default().as_bytes());
    let digest = mac.finalize().into_bytes();
    format!("briefing-bot-{}", HEXLOWER.encode(&digest[..NAME_BYTES]))
}

#[cfg(target_os = "linux")]
type Taken = std::os::unix::net::UnixListener;

/// In the abstract namespace, which has no files.
#[cfg(target_os = "linux")]
fn take(name: &str) -> std::io::Result<Taken> {
    use std::os::linux::net::SocketAddrExt;
    let address = std::os::unix::net::SocketAddr::from_abstract_name(name)?;
    Taken::bind_addr(&address)
}

#[cfg(not(target_os = "linux"))]
type Taken = std::fs::File;

/// Elsewhere a locked file, in the folder for what may go at any time.
#[cfg(not(target_os = "linux"))]
fn take(name: &str) -> std::io::Result<Taken> {
    use std::fs::TryLockError;
    let file = Taken::create(crate::config::temporary_folder().join(name))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(std::io::ErrorKind::AddrInUse.into()),
        Err(TryLockError::Error(error)) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BASE: Option<&str> = Some("http://instances.example");

    fn shards(first: u32, end: u32) -> ShardRange {
        ShardRange { first, end, total: 4 }
    }

    #[test]
    fn a_shard_is_taken_once_until_it_is_given_back() {
        let token = SecretString::from("instances.a");
        let first = Instance::take(&token, BASE, shards(0, 2)).unwrap();
        let second = Instance::take(&token, BASE, shards(1, 3));
        assert_eq!(second.unwrap_err(), DiscordError::RunsAlready { shard: 1 });
        let beside = Instance::take(&token, BASE, shards(2, 4)).unwrap();
        drop(first);
        assert!(Instance::take(&token, BASE, shards(0, 2)).is_ok());
        drop(beside);
    }

    #[test]
    fn another_bot_and_another_discord_are_no_hindrance() {
        let token = SecretString::from("instances.b");
        let _first = Instance::take(&token, BASE, shards(0, 1)).unwrap();
        assert!(Instance::take(&"instances.c".into(), BASE, shards(0, 1)).is_ok());
        assert!(Instance::take(&token, None, shards(0, 1)).is_ok());
    }

    #[test]
    fn the_name_does_not_hold_the_token() {
        let name = name(&"instances.d".into(), None, 0);
        assert!(!name.contains("instances"), "{name}");
        assert_eq!(name.len(), "briefing-bot-".len() + 2 * NAME_BYTES);
    }
}

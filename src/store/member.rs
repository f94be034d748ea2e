//! A member as a keyed hash, so that one vote a member can be kept without keeping who the member is.
//!
//! The key is the bot's token, which is never in the store: whoever has a copy of the store only, a backup or an export,
//! can neither turn a hash back nor try all ids. Promise: equal member and token, equal hash. A new token makes new
//! hashes: earlier votes still count until they expire, but belong to nobody any more.

use std::fmt::Write as _;

use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use sha2::Sha256;

/// What the key is for, so that no other use of the token gives the same hashes.
const PURPOSE: &[u8] = b"briefing-bot vote 1 ";

/// A member's keyed hash: 64 hex digits of an HMAC-SHA-256.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct MemberHash(String);

impl MemberHash {
    /// As the store gave it.
    pub(super) fn from_store(text: String) -> Self {
        Self(text)
    }

    /// The hex digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Makes hashes of members.
#[derive(Debug, Clone)]
pub struct MemberHasher {
    key: SecretString,
}

impl MemberHasher {
    /// With this secret as the key.
    #[must_use]
    pub fn new(key: SecretString) -> Self {
        Self { key }
    }

    /// The hash of the member with this Discord id.
    #[must_use]
    pub fn hash(&self, member: u64) -> MemberHash {
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(self.key.expose_secret().as_bytes()) else {
            unreachable!("an HMAC takes keys of any length")
        };
        mac.update(PURPOSE);
        mac.update(&member.to_be_bytes());
        let bytes = mac.finalize().into_bytes();
        MemberHash(bytes.iter().fold(String::new(), |mut text, byte| {
            // Writing to a string cannot fail.
            let _ = write!(text, "{byte:02x}");
            text
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hash(key: &str, member: u64) -> MemberHash {
        MemberHasher::new(key.into()).hash(member)
    }

    #[test]
    fn a_hash_is_the_member_s_and_the_key_s() {
        assert_eq!(hash("key", 7), hash("key", 7));
        assert_ne!(hash("key", 7), hash("key", 8));
        assert_ne!(hash("key", 7), hash("another key", 7));
        assert_eq!(hash("key", u64::MAX).as_str().len(), 64);
    }

    #[test]
    fn a_hash_stays_the_same_from_version_to_version() {
        // `printf 'briefing-bot vote 1 \0\0\0\0\0\0\0\7' | openssl dgst -sha256 -hmac key`
        assert_eq!(
            hash("key", 7).as_str(),
            "d58242fe3e262f8adbecfce4e2d3c05b7720a5b94365ff88e821baaac2fce583"
        );
    }

    #[test]
    fn debug_does_not_show_the_key() {
        assert!(!format!("{:?}", MemberHasher::new("my key".into())).contains("my key"));
    }
}

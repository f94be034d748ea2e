//! Whether a request is Discord's: its signature, and its age.
//!
//! Discord signs the time and the body with the application's key (Ed25519), and tries with wrong signatures whether an
//! application looks. Promise: nothing of a body is read before its signature is right; a request that was overheard
//! is of no use half a minute later.

use axum::http::HeaderMap;
use ring::signature::{ED25519, ED25519_PUBLIC_KEY_LEN, UnparsedPublicKey};

use crate::store::Timestamp;

const SIGNATURE: &str = "x-signature-ed25519";
const TIME: &str = "x-signature-timestamp";
const SIGNATURE_BYTES: usize = 64;
/// Discord gives an interaction up after 3 s; the rest is for clocks that differ.
const MAX_AGE_SECONDS: u64 = 30;

/// Why a request is not taken for Discord's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Forged {
    /// It is not signed, or not in Discord's way.
    Unsigned,
    /// Its time is too far from now.
    Stale,
    /// The signature is not the key's for this time and body.
    Wrong,
}

impl Forged {
    /// The name it has in metrics.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Unsigned => "unsigned",
            Self::Stale => "stale",
            Self::Wrong => "wrong-signature",
        }
    }
}

/// What a request claims.
#[derive(Debug)]
pub(super) struct Claim {
    signature: [u8; SIGNATURE_BYTES],
    time: String,
}

impl Claim {
    /// Reads the claim of a request that came now.
    pub(super) fn read(headers: &HeaderMap, now: Timestamp) -> Result<Self, Forged> {
        let header = |name| headers.get(name).and_then(|value| value.to_str().ok());
        let signature = header(SIGNATURE).and_then(bytes_of).ok_or(Forged::Unsigned)?;
        let time = header(TIME).ok_or(Forged::Unsigned)?;
        let seconds: i64 = time.parse().map_err(|_| Forged::Unsigned)?;
        if seconds.abs_diff(now.0) > MAX_AGE_SECONDS {
            return Err(Forged::Stale);
        }
        Ok(Self {
            signature,
            time: time.to_owned(),
        })
    }

    /// Holds it against the body.
    pub(super) fn check(&self, key: &[u8; ED25519_PUBLIC_KEY_LEN], body: &[u8]) -> Result<(), Forged> {
        let signed = [self.time.as_bytes(), body].concat();
        UnparsedPublicKey::new(&ED25519, key)
            .verify(&signed, &self.signature)
            .map_err(|_| Forged::Wrong)
    }
}

fn bytes_of(hex: &str) -> Option<[u8; SIGNATURE_BYTES]> {
    let mut bytes = [0; SIGNATURE_BYTES];
    if hex.len() != 2 * SIGNATURE_BYTES || !hex.bytes().all(|digit| digit.is_ascii_hexdigit()) {
        return None;
    }
    for (index, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(&hex[2 * index..2 * index + 2], 16).ok()?;
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The second test of RFC 8032, section 7.1, whose message is one byte, 0x72: `r`.
    const KEY: [u8; 32] = [
        0x3d, 0x40, 0x17, 0xc3, 0xe8, 0x43, 0x89, 0x5a, 0x92, 0xb7, 0x0a, 0xa7, 0x4d, 0x1b, 0x7e, 0xbc, 0x9c, 0x98,
        0x2c, 0xcf, 0x2e, 0xc4, 0x96, 0x8c, 0xc0, 0xcd, 0x55, 0xf1, 0x2a, 0xf4, 0x66, 0x0c,
    ];
    const OF_R: &str = "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da\
                        085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00";

    fn headers(signature: &str, time: &str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(SIGNATURE, signature.parse().unwrap());
        headers.insert(TIME, time.parse().unwrap());
        headers
    }

    #[test]
    fn the_alert_on_forgeries_names_reasons_that_there_are() {
        let alerts = include_str!("../../../deploy/alerts.yaml");
        let (_, after) = alerts.split_once("interactions_refused_total{").unwrap();
        let (_, after) = after.split_once("reason=~\"").unwrap();
        let named: Vec<&str> = after.split('"').next().unwrap().split('|').collect();
        let known = [Forged::Unsigned, Forged::Stale, Forged::Wrong].map(Forged::name);
        assert_eq!(named, known);
    }

    #[test]
    fn the_signature_is_held_against_time_and_body() {
        let claim = Claim {
            signature: bytes_of(OF_R).unwrap(),
            time: String::new(),
        };
        assert_eq!(claim.check(&KEY, b"r"), Ok(()));
        assert_eq!(claim.check(&KEY, b"s"), Err(Forged::Wrong));
        assert_eq!(claim.check(&[7; 32], b"r"), Err(Forged::Wrong));
        let claim = Claim {
            time: "r".to_owned(),
            ..claim
        };
        assert_eq!(claim.check(&KEY, b""), Ok(()));
        assert_eq!(claim.check(&KEY, b"r"), Err(Forged::Wrong));
    }

    #[test]
    fn a_request_is_good_for_half_a_minute_either_way() {
        let read = |time: &str| Claim::read(&headers(OF_R, time), Timestamp(1000)).map(|claim| claim.time);
        for time in ["970", "1000", "1030"] {
            assert_eq!(read(time), Ok(time.to_owned()));
        }
        for time in [
            "969",
            "1031",
            "-1000",
            "0",
            "9223372036854775807",
            "-9223372036854775808",
        ] {
            assert_eq!(read(time), Err(Forged::Stale), "{time}");
        }
    }

    #[test]
    fn what_is_not_signed_in_discords_way_is_unsigned() {
        let short = &OF_R[2..];
        let no_digits = OF_R.replace('9', "+");
        for (signature, time) in [
            ("", "1000"),
            (short, "1000"),
            (no_digits.as_str(), "1000"),
            (OF_R, ""),
            (OF_R, "now"),
            (OF_R, "1000.5"),
        ] {
            let read = Claim::read(&headers(signature, time), Timestamp(1000));
            assert_eq!(read.unwrap_err(), Forged::Unsigned, "{signature} {time}");
        }
        let read = Claim::read(&HeaderMap::new(), Timestamp(1000));
        assert_eq!(read.unwrap_err(), Forged::Unsigned);
    }
}

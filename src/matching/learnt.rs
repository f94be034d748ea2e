//! What was learnt of a fact base, as bytes and back, so that it need not be learnt again.
//!
//! Promise: whatever the bytes are, reading them gives a matcher that answers as the one that wrote them, or says
//! [`Unfit`]; it never panics, then or later, since every number that is used as a place is held against what it is a
//! place in. A checksum tells a torn file, the [`Key`] one of other facts or of another program. Who may write the
//! bytes is whoever keeps them to see to: somebody who can may also make a checksum. What the fact base itself says is
//! not written, but taken from it. Deliberately absent: I/O, and any promise that another version reads the format.

use std::hash::{Hash, Hasher};

use data_encoding::HEXLOWER;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sha2::{Digest, Sha256};

use super::class::{Class, Phrasing};
use super::nearness::Nearness;
use super::ranker::Ranker;
use super::vocabulary::{Vocabulary, Words};
use super::{Matcher, class};
use crate::fact::FactBase;
use crate::text::packed::Packed;
use crate::text::vectors::DIMENSIONS;

/// What the bytes begin with.
const MAGIC: &[u8; 8] = b"BRLEARN1";
/// Bytes of a SHA-256.
const N_HASH_BYTES: usize = 32;
/// Magic, key and checksum.
const N_HEADER_BYTES: usize = MAGIC.len() + 2 * N_HASH_BYTES;

/// What everything that is learnt depends on, as one hash: the facts, and the code that learns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Key([u8; N_HASH_BYTES]);

impl Key {
    /// The key of what this program learns of these facts.
    #[must_use]
    pub fn of(base: &FactBase) -> Self {
        let mut hasher = Hashing(Sha256::new());
        env!("CARGO_PKG_VERSION").hash(&mut hasher);
        env!("LEARNS_AS").hash(&mut hasher);
        base.briefings.hash(&mut hasher);
        Self(hasher.0.finalize().into())
    }
}

impl std::fmt::Display for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&HEXLOWER.encode(&self.0))
    }
}

/// Feeds SHA-256 with what is hashed: 64 bits of another hash would be too few to stake answers on.
struct Hashing(Sha256);

impl Hasher for Hashing {
    fn write(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// The first of the hash's bytes; nobody asks for them here.
    fn finish(&self) -> u64 {
        let hash: [u8; N_HASH_BYTES] = self.0.clone().finalize().into();
        hash.first_chunk().map_or(0, |first| u64::from_be_bytes(*first))
    }
}

/// Why bytes are not what was learnt of these facts; what follows is to learn anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    /// They are something else.
    #[error("it does not begin as what this program keeps")]
    Foreign,
    /// They are of other facts, or of a program that learns otherwise.
    #[error("it is of other facts, or of another version of this program")]
    OtherKey,
    /// They are not as they were written.
    #[error("it is torn: its checksum is another")]
    Torn,
    /// They are whole, and yet no program wrote them for these facts.
    #[error("it does not fit together")]
    Unsound,
}

/// As it is written.
#[derive(Serialize)]
struct Written<'a> {
    words: Words<'a>,
    classes: &'a [Class],
    phrasings: &'a [Phrasing],
    ranker: &'a Ranker,
    nearness: &'a Nearness,
}

/// The same, as it is read.
#[derive(Deserialize)]
struct Read<'a> {
    #[serde(borrow)]
    words: Words<'a>,
    classes: Vec<Class>,
    phrasings: Vec<Phrasing>,
    ranker: Ranker,
    nearness: Nearness,
}

impl Matcher {
    /// What was learnt, for [`Matcher::recall`].
    ///
    /// # Errors
    /// If it cannot be put into bytes, which nothing that was learnt does.
    pub fn learnt(&self, key: Key) -> Result<Vec<u8>, postcard::Error> {
        let written = Written {
            words: self.vocabulary.learnt(),
            classes: &self.classes,
            phrasings: &self.phrasings,
            ranker: &self.ranker,
            nearness: &self.nearness,
        };
        let mut bytes = vec![0; N_HEADER_BYTES];
        bytes = postcard::to_extend(&written, bytes)?;
        let (header, content) = bytes.split_at_mut(N_HEADER_BYTES);
        header[..MAGIC.len()].copy_from_slice(MAGIC);
        let (own, checksum) = header[MAGIC.len()..].split_at_mut(N_HASH_BYTES);
        own.copy_from_slice(&key.0);
        checksum.copy_from_slice(&Sha256::digest(content));
        Ok(bytes)
    }

    /// The matcher that [`Matcher::new`] would make of these facts, from what was learnt of them before.
    ///
    /// # Errors
    /// If the bytes are anything else.
    pub fn recall(base: &FactBase, key: Key, bytes: &[u8]) -> Result<Self, Unfit> {
        let content = content_of(key, bytes)?;
        let (read, rest): (Read<'_>, &[u8]) = postcard::take_from_bytes(content).map_err(|_| Unfit::Unsound)?;
        if !rest.is_empty() {
            return Err(Unfit::Unsound);
        }
        Self::put_together(base, read).ok_or(Unfit::Unsound)
    }

    fn put_together(base: &FactBase, read: Read<'_>) -> Option<Self> {
        let vocabulary = Vocabulary::recall(base, read.words)?;
        let classes = class::recall(base, &vocabulary, read.classes, read.phrasings.len())?;
        let places = classes.iter().map(|class| class.phrasings.clone()).collect();
        let mut ranker = read.ranker;
        if !ranker.take_places(places, &vocabulary) || !read.nearness.fits(classes.len(), vocabulary.n_stems()) {
            return None;
        }
        Some(Self::of_parts(
            base,
            vocabulary,
            classes,
            read.phrasings,
            ranker,
            read.nearness,
        ))
    }
}

/// What stands behind the header, if the header is right.
fn content_of(key: Key, bytes: &[u8]) -> Result<&[u8], Unfit> {
    let rest = bytes.strip_prefix(MAGIC).ok_or(Unfit::Foreign)?;
    let (own, rest) = rest.split_at_checked(N_HASH_BYTES).ok_or(Unfit::Torn)?;
    if own != key.0 {
        return Err(Unfit::OtherKey);
    }
    let (checksum, content) = rest.split_at_checked(N_HASH_BYTES).ok_or(Unfit::Torn)?;
    if checksum != Sha256::digest(content).as_slice() {
        return Err(Unfit::Torn);
    }
    Ok(content)
}

/// Whether all of them are numbers.
pub(super) fn are_finite(values: &[f32]) -> bool {
    values.iter().all(|value| value.is_finite())
}

/// Whether these are the beginnings, one after another, of parts of `n` things, and the end of the last part.
pub(super) fn are_starts(starts: &[u32], n: usize) -> bool {
    starts.is_sorted() && starts.last().is_some_and(|last| *last as usize == n)
}

/// Signed bytes as one run of bytes: one by one, some million of them would take longer than all else.
pub(super) mod bytes {
    use super::{Deserialize, Deserializer, Serializer};

    pub(in crate::matching) fn serialize<S: Serializer>(bytes: &[i8], serializer: S) -> Result<S::Ok, S::Error> {
        let bytes: Vec<u8> = bytes.iter().map(|byte| byte.cast_unsigned()).collect();
        serializer.serialize_bytes(&bytes)
    }

    pub(in crate::matching) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<i8>, D::Error> {
        let bytes = <&[u8]>::deserialize(deserializer)?;
        Ok(bytes.iter().map(|byte| byte.cast_signed()).collect())
    }
}

/// Bytes as one run.
pub(super) mod plain_bytes {
    use super::{Deserialize, Deserializer, Serializer};

    pub(in crate::matching) fn serialize<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(bytes)
    }

    pub(in crate::matching) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
        <&[u8]>::deserialize(deserializer).map(<[u8]>::to_vec)
    }
}

/// Packed vectors: all their scales, and then their components as one run of bytes.
pub(super) mod vectors {
    use super::{DIMENSIONS, Deserialize, Deserializer, Packed, Serialize, Serializer, are_finite};
    use serde::de::Error as _;

    pub(in crate::matching) fn serialize<S: Serializer>(vectors: &[Packed], serializer: S) -> Result<S::Ok, S::Error> {
        let scales: Vec<f32> = vectors.iter().map(Packed::scale).collect();
        let components = vectors.iter().flat_map(Packed::components);
        let components: Vec<u8> = components.map(|byte| byte.cast_unsigned()).collect();
        (scales, Run(&components)).serialize(serializer)
    }

    pub(in crate::matching) fn deserialize<'de, D: Deserializer<'de>, T: From<Vec<Packed>>>(
        deserializer: D,
    ) -> Result<T, D::Error> {
        let (scales, components): (Vec<f32>, &[u8]) = Deserialize::deserialize(deserializer)?;
        let (chunks, rest) = components.as_chunks::<DIMENSIONS>();
        if !rest.is_empty() || chunks.len() != scales.len() || !are_finite(&scales) {
            return Err(D::Error::custom("vectors that are not whole"));
        }
        let packed = scales
            .into_iter()
            .zip(chunks)
            .map(|(scale, chunk)| Packed::of_parts(scale, chunk.map(u8::cast_signed)));
        Ok(T::from(packed.collect()))
    }

    struct Run<'a>(&'a [u8]);

    impl Serialize for Run<'_> {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            serializer.serialize_bytes(self.0)
        }
    }
}

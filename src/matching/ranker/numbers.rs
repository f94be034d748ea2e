//! Hashes by number, and numbers by hash: a dictionary that keeps no words.
//!
//! Promise: no hash has two numbers. Deliberately absent: a table that holds the hashes themselves, since half of such a
//! table is empty; what is looked for in it is the number, and each hash is kept once.

use hashbrown::HashTable;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Hashes, numbered from 0 on.
#[derive(Debug, Default)]
pub struct Numbers {
    hashes: Vec<u64>,
    numbers: HashTable<u32>,
}

impl Numbers {
    /// Numbers the hashes in their order; `None` where one stands twice.
    #[must_use]
    pub fn new(hashes: Vec<u64>) -> Option<Self> {
        let mut numbers = HashTable::with_capacity(hashes.len());
        for (number, hash) in (0_u32..).zip(&hashes) {
            let is_same = |other: &u32| hashes[*other as usize] == *hash;
            let hash_of = |other: &u32| hashes[*other as usize];
            if numbers.find(*hash, is_same).is_some() {
                return None;
            }
            numbers.insert_unique(*hash, number, hash_of);
        }
        Some(Self { hashes, numbers })
    }

    /// The hash's number.
    #[must_use]
    pub fn get(&self, hash: u64) -> Option<u32> {
        let is_it = |number: &u32| self.hashes[*number as usize] == hash;
        self.numbers.find(hash, is_it).copied()
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.hashes.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.hashes.is_empty()
    }
}

impl Serialize for Numbers {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.hashes.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Numbers {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let twice = || serde::de::Error::custom("a hash stands twice");
        Self::new(Vec::deserialize(deserializer)?).ok_or_else(twice)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_are_numbered_in_their_order() {
        // As unlike and as alike as hashes may be.
        let hashes = [7, u64::MAX, 0, 1 << 63, 8, 7 << 32];
        let numbers = Numbers::new(hashes.to_vec()).unwrap();
        assert_eq!(numbers.len(), 6);
        for (number, hash) in (0..).zip(hashes) {
            assert_eq!(numbers.get(hash), Some(number));
        }
        assert_eq!(numbers.get(9), None);
        assert!(Numbers::new(vec![7, 8, 7]).is_none());
    }
}

//! The memory that a batch's lines share, by the conversation that they name.
//!
//! Promise: its size is bounded, however many conversations a batch names and however long their names are; the one
//! that was silent longest is forgotten first.

use std::collections::{BTreeMap, HashMap};

use sha2::{Digest, Sha256};

use crate::answer::Conversation;

/// Conversations that are remembered: some kilobytes each, so some tens of megabytes at most in ordinary use.
pub(super) const MAX_CONVERSATIONS: usize = 10_000;

/// Names may be as long as a line, so their hashes are kept instead.
type Key = [u8; 32];

/// Conversations by name.
#[derive(Debug)]
pub(super) struct Conversations {
    limit: usize,
    n_uses: u64,
    remembered: HashMap<Key, (u64, Conversation)>,
    by_last_use: BTreeMap<u64, Key>,
}

impl Conversations {
    /// An empty memory for so many.
    pub(super) fn new(limit: usize) -> Self {
        Self {
            limit,
            n_uses: 0,
            remembered: HashMap::new(),
            by_last_use: BTreeMap::new(),
        }
    }

    /// The conversation of this name as it stands; a fresh one where none is remembered.
    pub(super) fn get(&self, name: &str) -> Conversation {
        self.remembered
            .get(&key(name))
            .map(|(_, conversation)| conversation.clone())
            .unwrap_or_default()
    }

    /// Remembers the conversation as it stands now.
    pub(super) fn put(&mut self, name: &str, conversation: Conversation) {
        let key = key(name);
        self.n_uses += 1;
        if let Some((last_use, _)) = self.remembered.insert(key, (self.n_uses, conversation)) {
            self.by_last_use.remove(&last_use);
        }
        self.by_last_use.insert(self.n_uses, key);
        while self.remembered.len() > self.limit {
            let Some((_, oldest)) = self.by_last_use.pop_first() else {
                break;
            };
            self.remembered.remove(&oldest);
        }
    }
}

fn key(name: &str) -> Key {
    Sha256::digest(name).into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::answer::conversation::Turn;

    fn conversation(question: &str) -> Conversation {
        Conversation::default().with(Turn {
            question: question.to_owned(),
            facts: Vec::new(),
            is_said: false,
            gap: None,
        })
    }

    #[test]
    fn each_name_has_its_own_conversation() {
        let mut conversations = Conversations::new(2);
        conversations.put("a", conversation("one"));
        conversations.put("b", conversation("two"));
        conversations.put("a", conversation("three"));
        assert_eq!(conversations.get("a"), conversation("three"));
        assert_eq!(conversations.get("b"), conversation("two"));
        assert!(conversations.get("c").is_empty());
    }

    #[test]
    fn the_one_that_was_silent_longest_is_forgotten_first() {
        let mut conversations = Conversations::new(2);
        conversations.put("a", conversation("one"));
        conversations.put("b", conversation("two"));
        conversations.put("a", conversation("three"));
        conversations.put("c", conversation("four"));
        assert!(conversations.get("b").is_empty());
        assert_eq!(conversations.get("a"), conversation("three"));
        assert_eq!(conversations.get("c"), conversation("four"));
        assert_eq!(
            (conversations.remembered.len(), conversations.by_last_use.len()),
            (2, 2)
        );
    }
}

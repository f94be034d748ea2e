//! What was learnt, as bytes and back: the same answers, and no panic whatever the bytes are.

use std::path::Path;

use briefing_bot::answer::Conversation;
use briefing_bot::engine::Snapshot;
use briefing_bot::fact::{FactBase, parse};
use briefing_bot::knowledge_dir;
use briefing_bot::matching::Matcher;
use briefing_bot::matching::learnt::{Key, Unfit};
use sha2::{Digest, Sha256};

/// Where the content begins: behind the magic, the key and the checksum.
const HEADER: usize = 8 + 32 + 32;
/// Where the checksum begins.
const CHECKSUM: usize = 8 + 32;

fn base_of(folder: &str) -> FactBase {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let files = knowledge_dir::read(&folder).unwrap();
    parse::load(&files).unwrap().base
}

/// What was learnt, and the same from bytes.
fn both(base: &FactBase) -> (Snapshot, Snapshot) {
    let key = Key::of(base);
    let learnt = Snapshot::new(base.clone());
    let bytes = learnt.matcher().learnt(key).unwrap();
    let recalled = Matcher::recall(base, key, &bytes).unwrap();
    assert_eq!(
        recalled.learnt(key).unwrap(),
        bytes,
        "what is read and written again is the same"
    );
    (learnt, Snapshot::with(base.clone(), recalled))
}

/// Everything that comes of a question, with every signal to its last bit.
fn all_of(snapshot: &Snapshot, question: &str) -> String {
    let conversation = Conversation::default();
    let answer = snapshot.ask(question, &conversation);
    let matches = snapshot.candidates(question, &conversation);
    let typed = snapshot.complete(question, &[], 5);
    format!(
        "{answer:?} {matches:?} {:?} {typed:?}",
        snapshot.explain(question, &conversation)
    )
}

#[track_caller]
fn are_same(base: &FactBase, questions: &[String]) {
    let (learnt, recalled) = both(base);
    assert!(!questions.is_empty());
    for question in questions {
        assert_eq!(all_of(&recalled, question), all_of(&learnt, question), "{question}");
    }
}

/// Every so-many-th example question, as it is and with a slip in it.
fn own_questions(base: &FactBase, every: usize) -> Vec<String> {
    let facts = base.briefings.iter().flat_map(|briefing| &briefing.facts);
    let gaps = base.briefings.iter().flat_map(|briefing| &briefing.gaps);
    let phrasings = facts
        .flat_map(|fact| &fact.phrasings)
        .chain(gaps.flat_map(|gap| &gap.phrasings));
    let slipped = |text: &str| {
        text.replacen("ei", "ie", 1)
            .replacen("ss", "s", 1)
            .replacen("an", "na", 1)
    };
    phrasings
        .step_by(every)
        .flat_map(|text| [text.to_owned(), slipped(text)])
        .collect()
}

/// The questions of a file of labelled ones.
fn labelled(file: &str, every: usize) -> Vec<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/data/questions")
        .join(file);
    let text = std::fs::read_to_string(path).unwrap();
    let lines = text.lines().step_by(every);
    let question = |line: &str| -> Option<String> {
        let line: serde_json::Value = serde_json::from_str(line).ok()?;
        Some(line["question"].as_str()?.to_owned())
    };
    lines.filter_map(question).collect()
}

#[test]
fn the_shipped_facts_are_answered_alike_learnt_or_recalled() {
    let base = base_of("knowledge");
    let mut questions = own_questions(&base, 61);
    questions.extend(labelled("fit-voices.jsonl", 7));
    questions.extend(["", "?", "xqzzt 북한 🚀", "hgih wlal"].map(str::to_owned));
    assert!(questions.len() > 400, "{}", questions.len());
    are_same(&base, &questions);
}

#[test]
fn several_briefings_and_none_are_answered_alike() {
    let mut briefings = base_of("tests/data/discord").briefings;
    briefings.extend(base_of("tests/data/curated").briefings);
    let base = FactBase::new(briefings);
    are_same(&base, &own_questions(&base, 1));
    are_same(&FactBase::new(Vec::new()), &["How high is the wall?".to_owned()]);
}

/// More facts than a model is trained for.
fn many() -> FactBase {
    let mut briefings = base_of("tests/data/discord").briefings;
    let own = briefings[0].facts.clone();
    for number in 0..2_100 {
        let mut fact = own[number % own.len()].clone();
        fact.id = format!("{}-{number}", fact.id);
        let of_pier = |text: &str| text.replace('?', &format!(" of pier {number}?"));
        fact.phrasings = fact.phrasings.iter().map(of_pier).collect();
        briefings[0].facts.push(fact);
    }
    FactBase::new(briefings)
}

#[test]
fn facts_that_are_indexed_instead_are_answered_alike() {
    let base = many();
    are_same(&base, &own_questions(&base, 101));
}

#[test]
fn a_key_is_another_for_every_change_of_the_facts_and_the_same_for_none() {
    let base = base_of("tests/data/discord");
    let key = Key::of(&base);
    assert_eq!(Key::of(&base_of("tests/data/discord")), key);
    let changes: [fn(&mut briefing_bot::fact::Briefing); 5] = [
        |briefing| briefing.facts[0].answer.push('!'),
        |briefing| briefing.facts[0].phrasings = briefing.facts[0].phrasings.iter().rev().collect(),
        |briefing| briefing.facts.swap(0, 1),
        |briefing| briefing.entities[0].aliases.push("the old one".to_owned()),
        |briefing| briefing.synonyms[0].words.push("barricade".to_owned()),
    ];
    let bytes = Snapshot::new(base.clone()).matcher().learnt(key).unwrap();
    for change in changes {
        let mut briefings = base.briefings.clone();
        change(&mut briefings[0]);
        let changed = FactBase::new(briefings);
        assert_ne!(Key::of(&changed), key);
        let recalled = Matcher::recall(&changed, Key::of(&changed), &bytes);
        assert_eq!(recalled.err(), Some(Unfit::OtherKey));
    }
}

#[test]
fn bytes_that_are_not_whole_are_refused() {
    let base = base_of("tests/data/discord");
    let key = Key::of(&base);
    let bytes = Snapshot::new(base.clone()).matcher().learnt(key).unwrap();
    let refused = |bytes: &[u8]| Matcher::recall(&base, key, bytes).err();
    for place in (0..bytes.len()).step_by(bytes.len() / 200) {
        let mut torn = bytes.clone();
        torn[place] ^= 1 << (place % 8);
        assert!(refused(&torn).is_some(), "byte {place}");
        assert!(refused(&bytes[..place]).is_some(), "{place} bytes");
    }
    assert_eq!(refused(&[]), Some(Unfit::Foreign));
    assert_eq!(refused(&[bytes.as_slice(), b"more"].concat()), Some(Unfit::Torn));
}

/// With a checksum that fits.
fn signed(mut bytes: Vec<u8>) -> Vec<u8> {
    let checksum = Sha256::digest(&bytes[HEADER..]);
    bytes[CHECKSUM..HEADER].copy_from_slice(&checksum);
    bytes
}

/// Facts for which everything that is learnt is there and small: a file of them is changed all over.
fn few() -> FactBase {
    let mut briefings = base_of("tests/data/discord").briefings;
    briefings[0]
        .facts
        .iter_mut()
        .for_each(|fact| fact.phrasings = fact.phrasings.iter().take(4).collect());
    FactBase::new(briefings)
}

#[track_caller]
fn never_panics(base: &FactBase, bytes: Vec<u8>, n_recalled: &mut usize) {
    let Ok(matcher) = Matcher::recall(base, Key::of(base), &signed(bytes)) else {
        return;
    };
    *n_recalled += 1;
    let snapshot = Snapshot::with(base.clone(), matcher);
    for question in ["How high is the wall?", "who is teh harbor mastr of the hhigh walls"] {
        let _ = all_of(&snapshot, question);
    }
}

#[test]
fn bytes_that_somebody_made_up_never_panic() {
    for base in [few(), many()] {
        let key = Key::of(&base);
        let bytes = Snapshot::new(base.clone()).matcher().learnt(key).unwrap();
        assert_eq!(Matcher::recall(&base, key, &signed(bytes.clone())).err(), None);
        let n_tried = if base.n_facts() > 2_000 { 8 } else { 150 };
        let (mut n_recalled, content) = (0, bytes.len() - HEADER);
        for number in 0..n_tried {
            // All over the content, with every kind of byte, and with parts left out or put in.
            let place = HEADER + content * number / n_tried;
            let mut changed = bytes.clone();
            changed[place] = [0x00, 0x01, 0x7F, 0x80, 0xFF][number % 5];
            never_panics(&base, changed, &mut n_recalled);
            let mut longer = bytes.clone();
            longer.insert(place, (number % 251) as u8);
            never_panics(&base, longer, &mut n_recalled);
            let mut shorter = bytes.clone();
            shorter.remove(place);
            never_panics(&base, shorter, &mut n_recalled);
        }
        // Weights may be changed and still fit: that they are kept from strangers is the folder's affair.
        assert!(n_recalled > 0, "nothing that was changed was ever asked");
    }
}

//! The invented harbour of the tests, loaded, for units that need a fact base with names.

use super::files::{Content, File, Files, Folder};
use super::problem::Problems;
use super::{FactBase, parse};

/// Its facts; what is wrong with them, if anything is, fails the test that wants them.
pub(crate) fn base() -> Result<FactBase, Problems> {
    let file = |(name, bytes): (&str, &[u8])| File {
        name: name.to_owned(),
        content: Content::Bytes(bytes.to_vec()),
    };
    let named: [(&str, &[u8]); 4] = [
        (
            "facts/crane.toml",
            include_bytes!("../../tests/data/knowledge/harbour/facts/crane.toml"),
        ),
        (
            "facts/wall.toml",
            include_bytes!("../../tests/data/knowledge/harbour/facts/wall.toml"),
        ),
        (
            "glossary.toml",
            include_bytes!("../../tests/data/knowledge/harbour/glossary.toml"),
        ),
        (
            "source.toml",
            include_bytes!("../../tests/data/knowledge/harbour/source.toml"),
        ),
    ];
    let files = Files {
        folders: vec![Folder {
            briefing: "harbour".to_owned(),
            files: named.map(file).into(),
        }],
        ..Files::default()
    };
    Ok(parse::load(&files)?.base)
}

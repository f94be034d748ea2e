//! The files of a knowledge folder in memory, as bytes without a meaning.
//!
//! Separate from the parser and from the reader of folders, so that neither needs the other: a test, a database or a
//! workbench makes the same value. Promise: the order is that of the names. Deliberately absent: I/O.

/// All files of a fact base together: it is in memory whole while it is read, once more beside the one in force. A hundred
/// thousand facts have some tens of megabytes.
pub const MAX_TOTAL_BYTES: u64 = 256 * 1024 * 1024;

/// Everything that was found in a knowledge folder.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Files {
    /// The folder's path as it is shown in messages.
    pub root: String,
    /// The briefings' folders, ordered by name.
    pub folders: Vec<Folder>,
    /// Names of TOML files that stand beside the briefings' folders, where nothing is read.
    pub stray: Vec<String>,
}

/// The folder of one briefing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Folder {
    /// The folder's name: the briefing's id.
    pub briefing: String,
    /// Its TOML files, those of sub-folders too, ordered by name.
    pub files: Vec<File>,
}

/// One file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// The path within the briefing's folder, with `/` between its parts: `facts/works.toml`.
    pub name: String,
    /// What is in it.
    pub content: Content,
}

/// What is in a file, or why it was not read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// The bytes.
    Bytes(Vec<u8>),
    /// It was not read.
    Refused(Refusal),
}

/// Why a file was not read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Larger than a file written by hand can be.
    #[error("the file has {n_bytes} bytes; at most {max_bytes} are read")]
    TooLarge {
        /// How large it is.
        n_bytes: u64,
        /// What is read at most.
        max_bytes: u64,
    },
    /// A folder, device, pipe or socket.
    #[error("not a regular file")]
    NotRegular,
    /// The system would not give it.
    #[error("the file cannot be read: {0}")]
    Unreadable(String),
}

impl Files {
    /// A knowledge folder with one briefing of these files, for tests and tools.
    #[must_use]
    pub fn of_briefing(briefing: &str, files: &[(&str, &str)]) -> Self {
        let mut files: Vec<File> = files
            .iter()
            .map(|(name, text)| File {
                name: (*name).to_owned(),
                content: Content::Bytes(text.as_bytes().to_vec()),
            })
            .collect();
        files.sort_by(|a, b| a.name.cmp(&b.name));
        Self {
            root: "knowledge".to_owned(),
            folders: vec![Folder {
                briefing: briefing.to_owned(),
                files,
            }],
            stray: Vec::new(),
        }
    }
}

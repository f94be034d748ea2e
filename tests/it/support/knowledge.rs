//! A knowledge folder of a test's own, with an invented and harmless briefing.

use std::path::{Path, PathBuf};

use briefing_bot::engine::Snapshot;
use briefing_bot::fact::files::Content;
use briefing_bot::fact::parse;
use briefing_bot::knowledge_dir;
use briefing_bot::store::{Publication, PublishedFiles, Timestamp};
use tempfile::TempDir;

/// The folder; it goes when this does.
pub(crate) struct Knowledge {
    folder: TempDir,
    /// What the bot remembers is kept beside the facts.
    store: TempDir,
}

impl Knowledge {
    /// A copy of `tests/data/discord`.
    pub(crate) fn harbour() -> Self {
        let folder = tempfile::tempdir().unwrap();
        copy(
            &Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/discord"),
            folder.path(),
        );
        let store = tempfile::tempdir().unwrap();
        Self { folder, store }
    }

    /// For `--knowledge`.
    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// The store's file.
    pub(crate) fn store(&self) -> PathBuf {
        self.store.path().join("store.sqlite")
    }

    /// For `DATABASE_URL`.
    pub(crate) fn store_url(&self) -> String {
        format!("sqlite:{}", self.store().display())
    }

    /// The engine's own snapshot of it, to compare the bot's answers with.
    pub(crate) fn snapshot(&self) -> Snapshot {
        let files = knowledge_dir::read(self.path()).unwrap();
        Snapshot::new(parse::load(&files).unwrap().base)
    }

    /// The folder as it stands, as it is published.
    pub(crate) fn publication(&self, at: Timestamp) -> Publication {
        let mut files = PublishedFiles::new();
        for folder in knowledge_dir::read(self.path()).unwrap().folders {
            let texts = folder.files.into_iter().map(|file| match file.content {
                Content::Bytes(bytes) => (file.name, String::from_utf8(bytes).unwrap()),
                Content::Refused(refusal) => panic!("{refusal}"),
            });
            files.insert(folder.briefing, texts.collect());
        }
        let snapshot = self.snapshot();
        let base = snapshot.base();
        Publication {
            at,
            revision: base.revision.to_string(),
            n_facts: base.n_facts() as u64,
            files,
        }
    }

    /// Replaces text in the file of facts, as an editor saves it: into another file, renamed into place.
    #[track_caller]
    pub(crate) fn edit(&self, from: &str, to: &str) {
        let path = self.facts();
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(text.contains(from), "{from}");
        let written = path.with_extension("tmp");
        std::fs::write(&written, text.replace(from, to)).unwrap();
        std::fs::rename(written, path).unwrap();
    }

    /// Adds text to a file of the briefing.
    pub(crate) fn append(&self, file: &str, text: &str) {
        let path = self.folder.path().join("harbour-works").join(file);
        let before = std::fs::read_to_string(&path).unwrap();
        std::fs::write(path, before + text).unwrap();
    }

    /// Writes a file of the briefing.
    pub(crate) fn write(&self, file: &str, text: &str) {
        std::fs::write(self.folder.path().join("harbour-works").join(file), text).unwrap();
    }

    /// Replaces text in the file of the source.
    #[track_caller]
    pub(crate) fn edit_source(&self, from: &str, to: &str) {
        let path = self.folder.path().join("harbour-works/source.toml");
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(text.contains(from), "{from}");
        std::fs::write(path, text.replace(from, to)).unwrap();
    }

    /// Adds a briefing beside the one there is, made from it.
    pub(crate) fn add_briefing(&self, id: &str, change: impl Fn(&str) -> String) {
        let (from, to) = (self.folder.path().join("harbour-works"), self.folder.path().join(id));
        std::fs::create_dir(&to).unwrap();
        copy(&from, &to);
        for name in ["source.toml", "glossary.toml", "synonyms.toml", "facts/works.toml"] {
            let text = std::fs::read_to_string(to.join(name)).unwrap();
            std::fs::write(to.join(name), change(&text)).unwrap();
        }
    }

    fn facts(&self) -> PathBuf {
        self.folder.path().join("harbour-works/facts/works.toml")
    }
}

fn copy(from: &Path, to: &Path) {
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            std::fs::create_dir(&target).unwrap();
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

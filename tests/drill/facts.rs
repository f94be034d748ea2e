//! The facts on disk, laid out as a mounted volume of Kubernetes is: links, of which one is swapped.

use std::fs::{self, File};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};

use crate::program::Program;
use crate::support::Knowledge;

const BRIEFING: &str = "harbour-works";
/// What is told of the height of the wall, by turns.
const HEIGHTS: [&str; 2] = ["six metres", "seven metres"];
/// More than the bot reads of one file, and next to nothing on the disk.
const HUGE: u64 = 2 << 30;

/// A knowledge folder to be played with.
pub(crate) struct Facts {
    root: PathBuf,
    n_versions: u32,
    height: usize,
}

impl Facts {
    /// Lays the folder out anew.
    pub(crate) fn lay_out(knowledge: &Knowledge) -> Self {
        let root = knowledge.path().to_owned();
        fs::set_permissions(&root, fs::Permissions::from_mode(0o755)).unwrap();
        fs::create_dir(root.join("..v0")).unwrap();
        fs::rename(root.join(BRIEFING), root.join("..v0").join(BRIEFING)).unwrap();
        symlink("..v0", root.join("..data")).unwrap();
        symlink(Path::new("..data").join(BRIEFING), root.join(BRIEFING)).unwrap();
        Self {
            root,
            n_versions: 0,
            height: 0,
        }
    }

    /// What is to be told of the height now.
    pub(crate) fn height(&self) -> &'static str {
        HEIGHTS[self.height]
    }

    fn file(&self) -> PathBuf {
        self.root.join(BRIEFING).join("facts/works.toml")
    }

    fn other_text(&mut self) -> String {
        let text = fs::read_to_string(self.file()).unwrap();
        let before = self.height();
        self.height = 1 - self.height;
        assert!(text.contains(before), "{text}");
        text.replace(before, self.height())
    }

    /// Another text, put in place in one step.
    pub(crate) fn replace(&mut self) {
        let written = self.file().with_extension("tmp");
        let text = self.other_text();
        fs::write(&written, text).unwrap();
        fs::rename(written, self.file()).unwrap();
    }

    /// The first half of another text; gives all of it.
    pub(crate) fn half_write(&mut self) -> String {
        let text = self.other_text();
        fs::write(self.file(), &text[..text.len() / 2]).unwrap();
        text
    }

    /// All of a text, in place.
    pub(crate) fn write(&self, text: &str) {
        fs::write(self.file(), text).unwrap();
    }

    /// Another version beside this one, and the link swapped to it in one step.
    pub(crate) fn swap(&mut self, program: &Program) {
        let text = self.other_text();
        let old = self.root.join(format!("..v{}", self.n_versions));
        self.n_versions += 1;
        let name = format!("..v{}", self.n_versions);
        let new = self.root.join(&name);
        copy(&old, &new);
        fs::write(new.join(BRIEFING).join("facts/works.toml"), text).unwrap();
        program.give(&new);
        let link = self.root.join("..data_tmp");
        symlink(&name, &link).unwrap();
        fs::rename(link, self.root.join("..data")).unwrap();
        fs::remove_dir_all(old).unwrap();
    }

    /// The briefing goes.
    pub(crate) fn remove(&self) {
        fs::rename(self.root.join(BRIEFING), self.root.join("..away")).unwrap();
    }

    /// It comes back.
    pub(crate) fn put_back(&self) {
        fs::rename(self.root.join("..away"), self.root.join(BRIEFING)).unwrap();
    }

    /// The whole folder goes.
    pub(crate) fn remove_all(&self) {
        fs::rename(&self.root, self.root.with_extension("away")).unwrap();
    }

    /// It comes back.
    pub(crate) fn put_all_back(&self) {
        fs::rename(self.root.with_extension("away"), &self.root).unwrap();
    }

    /// A file of 2 GB is there, or not.
    pub(crate) fn fill(&self, is_there: bool) {
        let huge = self.root.join(BRIEFING).join("facts/huge.toml");
        if is_there {
            File::create(huge).unwrap().set_len(HUGE).unwrap();
        } else {
            fs::remove_file(huge).unwrap();
        }
    }

    /// The file may be read, or not.
    pub(crate) fn permit(&self, is_readable: bool) {
        let mode = if is_readable { 0o644 } else { 0o000 };
        fs::set_permissions(self.file(), fs::Permissions::from_mode(mode)).unwrap();
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

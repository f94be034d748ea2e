//! Reads the briefings' folders under a knowledge folder into memory.
//!
//! It gives the bytes no meaning; [`crate::fact::parse`] does. Promise: it never opens what is not a regular file,
//! and never reads more than [`MAX_FILE_BYTES`] of one, or [`MAX_TOTAL_BYTES`] of all; a file that it refuses is still in
//! the list, with the reason, so that it is reported together with all other problems. Links are followed, since a mounted
//! volume (Kubernetes) is made of them. Names that begin with a dot are an editor's, and skipped, as is what does not end
//! in `.toml`.
//! Deliberately absent: watching and waiting.

use std::fs::{self, DirEntry};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};

use crate::fact::files::{Content, File, Files, Folder, MAX_TOTAL_BYTES, Refusal};

/// A file written by hand has some ten kilobytes; this leaves room for a generated one of 10,000 facts.
pub const MAX_FILE_BYTES: u64 = 16 * 1024 * 1024;
/// More than this in one folder is not a fact base, but a wrong path.
pub const MAX_FILES: usize = 10_000;
/// `facts/` is one folder deep; what is deeper is only listed to be reported as misplaced.
const MAX_DEPTH: usize = 3;

/// Why a knowledge folder could not be read at all.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// There is no such folder.
    #[error("knowledge folder not found: `{}`\nhint: `--knowledge DIR` or `KNOWLEDGE_DIR` names the folder that holds the briefings' folders", .0.display())]
    Missing(PathBuf),
    /// It is something else.
    #[error("not a folder: `{}`\nhint: `--knowledge DIR` or `KNOWLEDGE_DIR` names the folder that holds the briefings' folders", .0.display())]
    NotAFolder(PathBuf),
    /// The system would not list it.
    #[error("folder cannot be read: `{}`: {cause}\nhint: the bot needs the permission to list folders and read files there", .path.display())]
    Unreadable {
        /// The folder.
        path: PathBuf,
        /// What the system said.
        cause: io::Error,
    },
    /// There are absurdly many files.
    #[error("more than {MAX_FILES} files under `{}`\nhint: is it the right folder?", .0.display())]
    TooMany(PathBuf),
    /// They are absurdly large together.
    #[error("the files up to `{}` have more than {max_bytes} bytes together\nhint: is it the right folder?", .path.display())]
    TooLarge {
        /// The file that was not read any more.
        path: PathBuf,
        /// What is read at most.
        max_bytes: u64,
    },
}

/// Reads everything that may belong to a fact base.
///
/// # Errors
/// If a folder cannot be listed. A single file that cannot be read is no error here: see [`Content::Refused`].
pub fn read(root: &Path) -> Result<Files, ReadError> {
    read_at_most(root, MAX_TOTAL_BYTES)
}

fn read_at_most(root: &Path, max_bytes: u64) -> Result<Files, ReadError> {
    let mut files = Files {
        root: root.display().to_string().trim_end_matches('/').to_owned(),
        ..Files::default()
    };
    if files.root.is_empty() {
        files.root = root.display().to_string();
    }
    let mut n_files = 0;
    let mut room = Room {
        n_left: max_bytes,
        max_bytes,
    };
    for entry in list(root)? {
        let name = name_of(&entry);
        let path = entry.path();
        if is_folder(&path) {
            let mut found = Vec::new();
            read_folder(&path, "", MAX_DEPTH, &mut found, &mut room)?;
            n_files += found.len();
            if n_files > MAX_FILES {
                return Err(ReadError::TooMany(root.to_path_buf()));
            }
            files.folders.push(Folder {
                briefing: name,
                files: found,
            });
        } else if is_toml(&name) {
            files.stray.push(name);
        }
    }
    Ok(files)
}

/// A hash over all names and bytes, to see whether anything was saved since. It is no [`crate::fact::Revision`]: a
/// changed comment changes it.
#[must_use]
pub fn fingerprint(files: &Files) -> String {
    let mut hasher = Sha256::new();
    let mut add = |part: &[u8]| {
        hasher.update((part.len() as u64).to_be_bytes());
        hasher.update(part);
    };
    for name in &files.stray {
        add(name.as_bytes());
    }
    for folder in &files.folders {
        add(folder.briefing.as_bytes());
        for file in &folder.files {
            add(file.name.as_bytes());
            match &file.content {
                Content::Bytes(bytes) => add(bytes),
                Content::Refused(refusal) => add(refusal.to_string().as_bytes()),
            }
        }
    }
    HEXLOWER.encode(&hasher.finalize())
}

/// How much may still be read of all files.
struct Room {
    n_left: u64,
    max_bytes: u64,
}

impl Room {
    /// Takes a file's part of it, before the file is read.
    fn take(&mut self, path: &Path, n_bytes: u64) -> Result<(), ReadError> {
        self.n_left = self.n_left.checked_sub(n_bytes).ok_or_else(|| ReadError::TooLarge {
            path: path.to_path_buf(),
            max_bytes: self.max_bytes,
        })?;
        Ok(())
    }
}

fn read_folder(
    path: &Path,
    prefix: &str,
    depth: usize,
    found: &mut Vec<File>,
    room: &mut Room,
) -> Result<(), ReadError> {
    for entry in list(path)? {
        let name = format!("{prefix}{}", name_of(&entry));
        let path = entry.path();
        if is_folder(&path) && !is_toml(&name) {
            if depth > 1 {
                read_folder(&path, &format!("{name}/"), depth - 1, found, room)?;
            }
        } else if is_toml(&name) {
            found.push(File {
                name,
                content: read_file(&path, room)?,
            });
        }
        if found.len() > MAX_FILES {
            return Err(ReadError::TooMany(path));
        }
    }
    found.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(())
}

/// Reads one file, if it is one and not absurdly large.
///
/// # Errors
/// If there is no room for it.
fn read_file(path: &Path, room: &mut Room) -> Result<Content, ReadError> {
    let unreadable = |error: &io::Error| Content::Refused(Refusal::Unreadable(error.to_string()));
    // Before it is opened: opening a pipe would wait for somebody to write into it.
    let n_bytes = match fs::metadata(path) {
        Ok(metadata) if !metadata.is_file() => return Ok(Content::Refused(Refusal::NotRegular)),
        Ok(metadata) if metadata.len() > MAX_FILE_BYTES => return Ok(too_large(metadata.len())),
        Ok(metadata) => metadata.len(),
        Err(error) => return Ok(unreadable(&error)),
    };
    room.take(path, n_bytes)?;
    let mut bytes = Vec::with_capacity(n_bytes as usize + 1);
    // It may have grown since, so what is read has its own bound.
    let read = fs::File::open(path).and_then(|file| file.take(MAX_FILE_BYTES + 1).read_to_end(&mut bytes));
    room.take(path, (bytes.len() as u64).saturating_sub(n_bytes))?;
    Ok(match read {
        Ok(_) if bytes.len() as u64 > MAX_FILE_BYTES => too_large(bytes.len() as u64),
        Ok(_) => Content::Bytes(bytes),
        Err(error) => unreadable(&error),
    })
}

fn too_large(n_bytes: u64) -> Content {
    Content::Refused(Refusal::TooLarge {
        n_bytes,
        max_bytes: MAX_FILE_BYTES,
    })
}

/// The entries of a folder that are not hidden, ordered by name.
fn list(path: &Path) -> Result<Vec<DirEntry>, ReadError> {
    let entries = fs::read_dir(path).and_then(Iterator::collect::<io::Result<Vec<DirEntry>>>);
    match entries {
        Ok(mut entries) => {
            entries.retain(|entry| !name_of(entry).starts_with('.'));
            entries.sort_by_key(DirEntry::file_name);
            Ok(entries)
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => Err(ReadError::Missing(path.to_path_buf())),
        Err(error) if error.kind() == io::ErrorKind::NotADirectory => Err(ReadError::NotAFolder(path.to_path_buf())),
        Err(cause) => Err(ReadError::Unreadable {
            path: path.to_path_buf(),
            cause,
        }),
    }
}

fn name_of(entry: &DirEntry) -> String {
    entry.file_name().to_string_lossy().into_owned()
}

/// Whether it is a folder, or a link to one.
fn is_folder(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|metadata| metadata.is_dir())
}

fn is_toml(name: &str) -> bool {
    Path::new(name)
        .extension()
        .is_some_and(|extension| extension.eq_ignore_ascii_case("toml"))
}

#[cfg(test)]
mod tests;

//! Keeps what was learnt of facts in a folder, so that the next start with the same facts need not learn them again.
//!
//! Promise: answers are the same with it and without. A file is taken only where it is regular, belongs to whoever runs the
//! program or to root, can be written by nobody else, and fits ([`Matcher::recall`]); else the facts are learnt anew.
//! It is written beside its name and renamed into place, so nobody reads half of one; a power failure may tear it, which
//! its checksum tells. No fault of the folder is an error: it is logged, and costs the time of learning. The last
//! `N_KEPT` files stay. Learning leaves no memory behind. Deliberately absent: locks; processes that write the same file
//! write the same bytes.

use std::fs::{self, DirEntry, File, Metadata, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

use crate::engine::Snapshot;
use crate::fact::FactBase;
use crate::matching::Matcher;
use crate::matching::learnt::{Key, Unfit};

/// How many fact bases are remembered: the present one, the one before that a rollback returns to, and some that are
/// being tried.
const N_KEPT: usize = 5;
/// What was learnt of the largest fact base which a model is trained for takes some 100 MB, that of the shipped facts
/// far less (`docs/OPERATING.md`).
const MAX_FILE_BYTES: u64 = 512 * 1024 * 1024;
/// What is read is read into at least so many bytes, of which only those that are written to are memory. glibc takes a
/// freed block of up to 32 MiB as a sign that such blocks come and go, and from then on gives nothing back of as much.
const UNHEEDED_BYTES: usize = 33 * 1024 * 1024;
/// A file that is still being written after so long was left behind.
const WRITTEN_WITHIN: Duration = Duration::from_mins(10);

/// What files of this folder end in once they are whole.
const EXTENSION: &str = "learnt";
/// And before.
const UNFINISHED: &str = "unfinished";

/// Tells apart what threads of this process write at the same time.
static N_WRITTEN: AtomicU64 = AtomicU64::new(0);

/// A folder of what was learnt; or none, where everything is learnt anew.
#[derive(Debug, Clone, Default)]
pub struct Cache {
    folder: Option<PathBuf>,
}

/// Why a file was not taken, or nothing learnt apart.
#[derive(Debug, thiserror::Error)]
enum Fault {
    #[error(transparent)]
    System(#[from] io::Error),
    #[error("it is no file")]
    NotAFile,
    #[error("others could have written it")]
    NotOurs,
    #[error("it has more than {MAX_FILE_BYTES} bytes")]
    TooLarge,
    #[error(transparent)]
    Unfit(#[from] Unfit),
    #[error("it cannot be put into bytes: {0}")]
    Unwritable(#[from] postcard::Error),
}

impl Cache {
    /// In this folder, which need not be there yet.
    #[must_use]
    pub fn new(folder: Option<PathBuf>) -> Self {
        Self { folder }
    }

    /// Learns to answer from these facts, or remembers how.
    #[must_use]
    pub fn learn(&self, base: FactBase) -> Snapshot {
        let key = Key::of(&base);
        let path = self
            .folder
            .as_ref()
            .map(|folder| folder.join(format!("{key}.{EXTENSION}")));
        if let Some(path) = &path {
            match recall(path, &base, key) {
                Ok(matcher) => {
                    tracing::debug!(path = %path.display(), "what was learnt of these facts is remembered");
                    return Snapshot::with(base, matcher);
                }
                Err(Fault::System(error)) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => {
                    tracing::warn!(path = %path.display(), %error, "what was learnt cannot be used, so it is learnt anew");
                }
            }
        }
        let bytes = match learn_apart(&base, key) {
            Ok(bytes) => bytes,
            Err(error) => {
                tracing::warn!(%error, "what is learnt cannot be kept, so the next start learns it again");
                return Snapshot::new(base);
            }
        };
        if let Some(path) = &path
            && let Err(error) = keep(path, &bytes)
        {
            tracing::warn!(path = %path.display(), %error, "what was learnt cannot be kept, so the next start learns it again");
        }
        match Matcher::recall(&base, key, &bytes) {
            Ok(matcher) => Snapshot::with(base, matcher),
            Err(error) => {
                tracing::error!(%error, "what was learnt does not fit the facts that it was learnt of: please report this");
                Snapshot::new(base)
            }
        }
    }
}

/// Learns on a thread of its own. The allocator gives each thread memory of its own: what learning leaves free between what
/// stays would be held for good (twice as much as stays), but nothing stays there, so all of it goes with the thread.
fn learn_apart(base: &FactBase, key: Key) -> Result<Vec<u8>, Fault> {
    std::thread::scope(|scope| {
        let learning = std::thread::Builder::new().name("learning".to_owned());
        let learning = learning.spawn_scoped(scope, || Matcher::new(base).learnt(key))?;
        // A thread that panicked takes its caller with it, as it would have without a thread.
        let learnt = learning.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        Ok(learnt?)
    })
}

fn recall(path: &Path, base: &FactBase, key: Key) -> Result<Matcher, Fault> {
    // Before it is opened: opening a pipe would wait for somebody to write into it.
    if !fs::symlink_metadata(path)?.is_file() {
        return Err(Fault::NotAFile);
    }
    let file = File::open(path)?;
    let about = file.metadata()?;
    if !about.is_file() {
        return Err(Fault::NotAFile);
    }
    if !is_ours(&about)
        || !path
            .parent()
            .map_or(Ok(false), |folder| fs::metadata(folder).map(|about| is_ours(&about)))?
    {
        return Err(Fault::NotOurs);
    }
    if about.len() > MAX_FILE_BYTES {
        return Err(Fault::TooLarge);
    }
    let mut bytes = Vec::with_capacity(UNHEEDED_BYTES.max(about.len() as usize + 1));
    // It may have grown since, so what is read has its own bound.
    file.take(MAX_FILE_BYTES).read_to_end(&mut bytes)?;
    Ok(Matcher::recall(base, key, &bytes)?)
}

/// Whether nobody but who runs the program, and root, could have written it.
#[cfg(target_os = "linux")]
fn is_ours(about: &Metadata) -> bool {
    use std::os::unix::fs::MetadataExt;

    const WRITABLE_BY_OTHERS: u32 = 0o022;
    let owner = about.uid();
    let is_trusted = owner == 0 || owner == rustix::process::geteuid().as_raw();
    is_trusted && about.mode() & WRITABLE_BY_OTHERS == 0
}

/// Elsewhere the folder's own rights are what is relied on.
#[cfg(not(target_os = "linux"))]
fn is_ours(_: &Metadata) -> bool {
    true
}

fn keep(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    make_folder(folder)?;
    let number = N_WRITTEN.fetch_add(1, Ordering::Relaxed);
    let unfinished = path.with_extension(format!("{}-{number}.{UNFINISHED}", std::process::id()));
    let written = write(&unfinished, bytes).and_then(|()| fs::rename(&unfinished, path));
    if written.is_err() {
        // Where it cannot be removed either, it is once it is old.
        let _ = fs::remove_file(&unfinished);
    }
    written?;
    // What was written is kept whatever becomes of the others.
    if let Err(error) = tidy(folder, path, remove) {
        tracing::warn!(path = %folder.display(), %error, "what was learnt of earlier facts cannot be removed");
    }
    Ok(())
}

/// Makes the folder and what leads to it, for nobody else.
fn make_folder(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    // Readable to all: it says no more than the facts do, and an image's file is made by another user than it is read by.
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o644);
    options.open(path)?.write_all(bytes)
}

/// Removes the oldest files, but not the one just written, and what was left behind unfinished. Nothing but files of its
/// own kind is touched. The first that cannot be removed is an error, but no reason to keep the others.
fn tidy(folder: &Path, just_written: &Path, remove: impl Fn(&Path) -> io::Result<()>) -> io::Result<()> {
    let mut whole = Vec::new();
    let mut removed = Ok(());
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let path = entry.path();
        let Some(at) = changed_at(&entry) else { continue };
        match path.extension().and_then(std::ffi::OsStr::to_str) {
            Some(EXTENSION) if path != just_written => whole.push((at, path)),
            Some(UNFINISHED) if is_older_than(at, WRITTEN_WITHIN) => removed = removed.and(remove(&path)),
            _ => {}
        }
    }
    whole.sort_unstable();
    let n_too_many = (whole.len() + 1).saturating_sub(N_KEPT);
    for (_, path) in whole.iter().take(n_too_many) {
        removed = removed.and(remove(path));
    }
    removed
}

/// When a regular file was last changed; `None` where it is gone by now, or none.
fn changed_at(entry: &DirEntry) -> Option<SystemTime> {
    let about = entry.metadata().ok()?;
    about.is_file().then(|| about.modified().ok())?
}

#[expect(
    clippy::disallowed_methods,
    reason = "a shell; the age of a file that was left behind decides nothing else"
)]
fn is_older_than(at: SystemTime, age: Duration) -> bool {
    SystemTime::now().duration_since(at).is_ok_and(|passed| passed > age)
}

/// Another process may have been faster.
fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests;

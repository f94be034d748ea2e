//! Folders as they are met on disk.

use super::*;

fn write(root: &Path, name: &str, bytes: &[u8]) {
    let path = root.join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, bytes).unwrap();
}

fn names(files: &Files) -> Vec<String> {
    let of = |folder: &Folder| -> Vec<String> {
        let briefing = &folder.briefing;
        folder
            .files
            .iter()
            .map(|file| format!("{briefing}/{}", file.name))
            .collect()
    };
    files.folders.iter().flat_map(of).collect()
}

#[test]
fn toml_files_are_found_in_order_and_others_passed_over() {
    let root = tempfile::tempdir().unwrap();
    for name in [
        "b/source.toml",
        "a/facts/z.toml",
        "a/facts/y.toml",
        "a/facts/old/x.toml",
        "a/facts/old/older/oldest.toml",
        "a/notes.md",
        "a/.hidden.toml",
        "a/facts/y.toml~",
        ".git/config.toml",
        "stray.toml",
        "README.md",
    ] {
        write(root.path(), name, b"");
    }
    let files = read(root.path()).unwrap();
    assert_eq!(
        names(&files),
        [
            "a/facts/old/x.toml",
            "a/facts/y.toml",
            "a/facts/z.toml",
            "b/source.toml"
        ]
    );
    assert_eq!(files.stray, ["stray.toml"]);
}

#[test]
fn what_is_no_folder_is_said_to_be_none() {
    let root = tempfile::tempdir().unwrap();
    write(root.path(), "file", b"");
    assert!(matches!(read(&root.path().join("none")), Err(ReadError::Missing(_))));
    assert!(matches!(read(&root.path().join("file")), Err(ReadError::NotAFolder(_))));
}

#[test]
fn a_file_that_is_too_large_is_refused_and_the_largest_one_read() {
    let root = tempfile::tempdir().unwrap();
    for (name, n_bytes) in [
        ("a/large.toml", MAX_FILE_BYTES),
        ("a/too-large.toml", MAX_FILE_BYTES + 1),
    ] {
        write(root.path(), name, b"");
        // Without its blocks on the disk.
        fs::File::options()
            .write(true)
            .open(root.path().join(name))
            .unwrap()
            .set_len(n_bytes)
            .unwrap();
    }
    let files = read(root.path()).unwrap();
    assert!(
        matches!(&files.folders[0].files[0].content, Content::Bytes(bytes) if bytes.len() as u64 == MAX_FILE_BYTES)
    );
    assert_eq!(
        files.folders[0].files[1].content,
        Content::Refused(Refusal::TooLarge {
            n_bytes: MAX_FILE_BYTES + 1,
            max_bytes: MAX_FILE_BYTES
        })
    );
}

#[test]
fn files_that_are_too_large_together_are_not_read() {
    let root = tempfile::tempdir().unwrap();
    for name in ["a/facts/x.toml", "a/facts/y.toml", "b/facts/x.toml"] {
        write(root.path(), name, &[b'#'; 100]);
    }
    let whole = read_at_most(root.path(), 300).unwrap();
    assert_eq!(names(&whole), ["a/facts/x.toml", "a/facts/y.toml", "b/facts/x.toml"]);
    let refused = read_at_most(root.path(), 299).unwrap_err().to_string();
    assert!(
        refused.contains("b/facts/x.toml` have more than 299 bytes together"),
        "{refused}"
    );
    // What is said to be too large by itself is not read, and takes no room.
    let file = fs::File::create(root.path().join("a/large.toml")).unwrap();
    file.set_len(MAX_FILE_BYTES + 1).unwrap();
    assert_eq!(names(&read_at_most(root.path(), 300).unwrap()).len(), 4);
}

#[cfg(unix)]
#[test]
fn a_pipe_and_a_dead_link_are_refused_without_waiting_and_a_live_link_is_followed() {
    let root = tempfile::tempdir().unwrap();
    write(root.path(), "a/real.txt", b"x = 1");
    let folder = root.path().join("a");
    let made = std::process::Command::new("mkfifo")
        .arg(folder.join("pipe.toml"))
        .status()
        .unwrap();
    assert!(made.success());
    std::os::unix::fs::symlink(folder.join("nowhere"), folder.join("dead.toml")).unwrap();
    std::os::unix::fs::symlink(folder.join("real.txt"), folder.join("live.toml")).unwrap();
    std::os::unix::fs::symlink(&folder, folder.join("loop")).unwrap();
    let files = read(root.path()).unwrap();
    let content = |name: &str| {
        let found = files.folders[0].files.iter().find(|file| file.name == name);
        found.map(|file| file.content.clone())
    };
    assert_eq!(content("pipe.toml"), Some(Content::Refused(Refusal::NotRegular)));
    assert!(matches!(
        content("dead.toml"),
        Some(Content::Refused(Refusal::Unreadable(_)))
    ));
    assert_eq!(content("live.toml"), Some(Content::Bytes(b"x = 1".to_vec())));
}

#[test]
fn the_fingerprint_changes_with_every_byte_and_name() {
    let root = tempfile::tempdir().unwrap();
    write(root.path(), "a/source.toml", b"x = 1");
    let print = || fingerprint(&read(root.path()).unwrap());
    let first = print();
    assert_eq!(print(), first);
    write(root.path(), "a/source.toml", b"x = 1 # a comment");
    let second = print();
    assert_ne!(second, first);
    fs::rename(root.path().join("a"), root.path().join("b")).unwrap();
    assert_ne!(print(), second);
    fs::rename(root.path().join("b"), root.path().join("a")).unwrap();
    assert_eq!(print(), second);
}

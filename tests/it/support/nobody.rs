//! A user whom permission bits stop: nobody where the tests are root's, and whoever runs them elsewhere.

use std::ffi::OsStr;
use std::path::Path;
use std::process::Command;

/// Whether the tests are root's, whom permission bits do not stop.
pub(crate) fn is_root() -> bool {
    let id = Command::new("id").arg("-u").output().unwrap();
    id.stdout.trim_ascii() == b"0"
}

/// What a program is to be started by so that permission bits stop it; `setpriv` is part of util-linux, which every
/// Linux system has, and works for root only.
pub(crate) fn as_nobody() -> Vec<&'static str> {
    if is_root() {
        vec!["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
    } else {
        Vec::new()
    }
}

/// A program started by another one, which is handed the path of this one and what follows.
pub(crate) fn command_by(starter: &[&str], program: &Path) -> Command {
    let mut words = starter.iter().map(OsStr::new).chain([program.as_os_str()]);
    let mut command = Command::new(words.next().unwrap());
    command.args(words);
    command
}

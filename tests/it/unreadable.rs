//! Folders that the program may not read. Permission bits do not stop root, so the program is run as another user.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Output;

use crate::support::nobody::{as_nobody, command_by};

/// Runs a program as a user whom permission bits stop.
fn by_nobody(program: &Path, arguments: &[&str]) -> Output {
    command_by(&as_nobody(), program)
        .args(arguments)
        // Away from any `.env`.
        .current_dir("/")
        .env_clear()
        .env("DISCORD_TOKEN", "MTIz.secret-part.of-it")
        .output()
        .unwrap()
}

#[test]
fn an_unreadable_knowledge_folder_is_said_in_one_paragraph_and_ends_with_the_design_s_status() {
    let stage = tempfile::tempdir().unwrap();
    std::fs::set_permissions(stage.path(), std::fs::Permissions::from_mode(0o755)).unwrap();
    // The other user may not reach the build's own folder, so the program is put where it may.
    let program = stage.path().join("briefing-bot");
    std::fs::copy(assert_cmd::cargo::cargo_bin!("briefing-bot"), &program).unwrap();
    let knowledge = stage.path().join("knowledge");
    std::fs::create_dir(&knowledge).unwrap();
    std::fs::set_permissions(&knowledge, std::fs::Permissions::from_mode(0o000)).unwrap();
    let folder = knowledge.to_str().unwrap();

    let listing = by_nobody(Path::new("/bin/ls"), &[folder]);
    assert!(
        !listing.status.success(),
        "the fault must really be there, but the folder can be listed"
    );

    for (command, status) in [(&["check"][..], 1), (&["ask", "how high is it"], 1), (&["run"], 78)] {
        let output = by_nobody(&program, &[&["--knowledge", folder], command].concat());
        let said = String::from_utf8(output.stderr).unwrap() + &String::from_utf8(output.stdout).unwrap();
        assert_eq!(output.status.code(), Some(status), "{command:?}: {said}");
        assert!(
            said.contains(folder) && said.to_lowercase().contains("permission denied"),
            "{command:?}: {said}"
        );
        assert!(
            !said.contains("panicked") && !said.contains("secret-part"),
            "{command:?}: {said}"
        );
    }
    // Else whoever is not root could not remove it.
    std::fs::set_permissions(&knowledge, std::fs::Permissions::from_mode(0o755)).unwrap();
}

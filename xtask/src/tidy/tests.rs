//! All rules together on a small checkout on disk: read by git and cargo as the real one is.

use std::fs;
use std::path::Path;

use super::*;

const MANIFEST: &str = "[workspace]\nmembers = [\"crates/*\"]\nresolver = \"3\"\n";

fn write(root: &Path, path: &str, text: &str) {
    let path = root.join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

fn a_crate(root: &Path, folder: &str, dependencies: &str) {
    let manifest = format!(
        "[package]\nname = \"jitasa-{folder}\"\nedition = \"2024\"\n\n[dependencies]\n{dependencies}"
    );
    write(root, &format!("crates/{folder}/Cargo.toml"), &manifest);
    write(
        root,
        &format!("crates/{folder}/src/lib.rs"),
        "//! Why it exists.\n",
    );
}

/// Domain and store as the law has them, and a document that shows both.
fn a_checkout() -> (tempfile::TempDir, Repository) {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    write(root, "Cargo.toml", MANIFEST);
    a_crate(root, "domain", "");
    a_crate(root, "store", "jitasa-domain = { path = \"../domain\" }\n");
    write(
        root,
        "docs/ARCHITECTURE.md",
        "`crates/domain` `crates/store`\n",
    );
    write(root, ".gitignore", "/target\n");
    process::output(&mut process::command("git", &["init", "-q"], root)).unwrap();
    let repository = Repository::at(root);
    (folder, repository)
}

fn broken(repository: &Repository) -> Vec<String> {
    let findings = findings(repository).unwrap().into_iter();
    findings
        .filter(|finding| finding.grade == Grade::Broken)
        .map(|finding| finding.to_string())
        .collect()
}

#[test]
fn a_checkout_as_the_house_has_it_passes() {
    let (_folder, repository) = a_checkout();
    assert_eq!(broken(&repository), Vec::<String>::new());
    run(&repository).unwrap();
}

#[test]
fn a_forbidden_dependency_added_to_a_manifest_fails() {
    let (folder, repository) = a_checkout();
    a_crate(folder.path(), "store", "");
    a_crate(
        folder.path(),
        "domain",
        "jitasa-store = { path = \"../store\" }\n",
    );
    let found = broken(&repository);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(
        found[0].contains("jitasa-domain must not know jitasa-store"),
        "{found:?}"
    );
    assert!(run(&repository).is_err());
}

#[test]
fn a_forbidden_import_added_to_a_source_fails_before_it_is_committed() {
    let (folder, repository) = a_checkout();
    let source = "//! Rules.\nuse std::time::SystemTime;\nfn x() { SystemTime::now(); }\n";
    write(folder.path(), "crates/domain/src/lib.rs", source);
    write(
        folder.path(),
        "ui/src/a.ts",
        "import { x } from '@tauri-apps/api';\n",
    );
    let found = broken(&repository);
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(
        found[0].starts_with("crates/domain/src/lib.rs:3: `SystemTime::now`"),
        "{found:?}"
    );
    assert!(
        found[1].starts_with("ui/src/a.ts:1: Tauri outside"),
        "{found:?}"
    );
    assert!(run(&repository).is_err());
}

#[test]
fn what_git_ignores_is_not_looked_at() {
    let (folder, repository) = a_checkout();
    write(
        folder.path(),
        "target/ui/src/a.ts",
        "import '@tauri-apps/api';\n",
    );
    write(folder.path(), ".gitignore", "/target\n/ui\n");
    write(folder.path(), "ui/src/a.ts", "import '@tauri-apps/api';\n");
    assert_eq!(broken(&repository), Vec::<String>::new());
}

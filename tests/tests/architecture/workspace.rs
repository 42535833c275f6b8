//! What cargo knows: our crates by folder with the arrows between them, and everything a crate pulls in.

use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

/// Folders of our crates (`wire/xml`, `tests`), and which they use.
pub(crate) type Arrows = BTreeMap<String, BTreeSet<String>>;

/// Another's package in a tree.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Package {
    pub(crate) name: String,
    pub(crate) version: String,
    /// SPDX expression, empty if none is declared.
    pub(crate) licence: String,
}

fn cargo(args: &[&str]) -> Vec<u8> {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".into());
    let out = Command::new(cargo).args(args).current_dir(super::root()).output().expect("cargo runs");
    assert!(out.status.success(), "cargo {args:?}: {}", String::from_utf8_lossy(&out.stderr));
    out.stdout
}

/// The arrows between our crates, by the kind of the dependency: `None` in the program, `Some("dev")` in tests.
pub(crate) fn arrows(kind: Option<&str>) -> Arrows {
    let metadata: Value =
        serde_json::from_slice(&cargo(&["metadata", "--format-version", "1", "--no-deps"])).unwrap();
    let root = metadata["workspace_root"].as_str().unwrap();
    let folder = |path: &str| {
        path.strip_prefix(root).unwrap().trim_start_matches("/crates/").trim_matches('/').to_owned()
    };
    let mut arrows = Arrows::new();
    for package in metadata["packages"].as_array().unwrap() {
        let manifest = package["manifest_path"].as_str().unwrap();
        let dependencies = package["dependencies"].as_array().unwrap().iter();
        let of_kind = dependencies.filter(|dep| dep["kind"].as_str() == kind);
        let ours = of_kind.filter_map(|dep| dep["path"].as_str()).map(folder).collect();
        arrows.insert(folder(manifest.trim_end_matches("Cargo.toml")), ours);
    }
    arrows
}

/// Everything others made in the trees of our crates in `folders`, as cargo resolves features for this platform.
///
/// From `cargo tree`, not from `cargo metadata`: the latter lists optional dependencies that no feature switches on.
pub(crate) fn pulled_in(folders: &[&str], edges: &str) -> BTreeSet<Package> {
    let mut args = vec!["tree", "--prefix", "none", "--edges", edges, "--format", "{p}|{l}"];
    let names: Vec<String> = folders.iter().map(|folder| package_name(folder)).collect();
    args.extend(names.iter().flat_map(|name| ["--package", name]));
    let text = String::from_utf8(cargo(&args)).unwrap();
    text.lines().filter_map(package).collect()
}

fn package_name(folder: &str) -> String {
    let beside = format!("{folder}/Cargo.toml");
    let manifest = if super::root().join(&beside).exists() { beside } else { format!("crates/{beside}") };
    let table: toml::Table = super::text(&manifest).parse().unwrap();
    table["package"]["name"].as_str().unwrap().to_owned()
}

/// `name v1.2.3|licence`; ours have a path after the version.
fn package(line: &str) -> Option<Package> {
    let (who, licence) = line.split_once('|')?;
    if who.contains("(/") {
        return None;
    }
    let mut words = who.split_whitespace();
    let (name, version) = (words.next()?, words.next()?);
    Some(Package {
        name: name.into(),
        version: version.trim_start_matches('v').into(),
        licence: licence.trim_end_matches(" (*)").into(),
    })
}

//! Brings the built page into OUT_DIR, where the crate embeds it.
//!
//! The page is built by `make web` (npm). A machine without Node must still be able to run `cargo build`, so a
//! missing `web/desktop/dist` is replaced by one page that says what to do.

use std::path::{Path, PathBuf};
use std::{env, fs, io};

const NOT_BUILT: &str = include_str!("src/not_built.html");

fn main() -> io::Result<()> {
    let web = Path::new("../../../web/desktop");
    let built = web.join("dist");
    let embedded = PathBuf::from(env::var_os("OUT_DIR").ok_or(io::ErrorKind::NotFound)?).join("dist");

    // What an earlier build left must not outlive its source.
    if embedded.exists() {
        fs::remove_dir_all(&embedded)?;
    }
    fs::create_dir_all(&embedded)?;

    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=src/not_built.html");
    if built.join("index.html").is_file() {
        println!("cargo::rerun-if-changed={}", built.display());
        copy(&built, &embedded)
    } else {
        // Not `dist` itself: a watched path that does not exist means a rebuild at every call.
        println!("cargo::rerun-if-changed={}", web.display());
        fs::write(embedded.join("index.html"), NOT_BUILT)
    }
}

fn copy(from: &Path, to: &Path) -> io::Result<()> {
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            fs::create_dir_all(&target)?;
            copy(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}

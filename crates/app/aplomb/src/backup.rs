//! `aplomb backup` and `aplomb restore`.

use crate::cli::BackupArgs;
use crate::store::{Tool, block_on, by};
use ::store::Contents;
use anyhow::Context;
use jiff::Timestamp;
use std::fs::File;
use std::io::{BufReader, BufWriter, Write};
use std::path::Path;

pub(crate) fn back_up_command(args: BackupArgs) -> anyhow::Result<()> {
    let tool = Tool::new(&args.store)?;
    let made = Timestamp::now().to_string();
    block_on(async {
        let store = tool.open().await?;
        let contents = if is_standard(&args.file) {
            store.back_up(made, std::io::stdout()).await?.0
        } else {
            back_up_to(&store, made, &args.file).await?
        };
        say(&format!("{}: {}", tool.place, sum(&contents)))
    })
}

/// The file appears when it is whole and on the disk; before, it has another name.
async fn back_up_to(store: &::store::Store, made: String, path: &Path) -> anyhow::Result<Contents> {
    let unfinished = path.with_extension("unfinished");
    let cannot = || format!("cannot write {}", path.display());
    let file = File::options().write(true).create_new(true).open(&unfinished);
    let file = file.with_context(|| format!("cannot make {}", unfinished.display()))?;
    let written = async {
        let (contents, out) = store.back_up(made, BufWriter::new(file)).await?;
        out.into_inner().with_context(cannot)?.sync_all().with_context(cannot)?;
        std::fs::rename(&unfinished, path).with_context(cannot)?;
        anyhow::Ok(contents)
    };
    let written = written.await;
    if written.is_err() {
        // it is of no use; that it cannot be removed either is no news
        let _ = std::fs::remove_file(&unfinished);
    }
    written
}

pub(crate) fn restore_command(args: BackupArgs) -> anyhow::Result<()> {
    let tool = Tool::new(&args.store)?;
    block_on(async {
        let contents = if is_standard(&args.file) {
            ::store::restore(&tool.place, &by(), &mut BufReader::new(std::io::stdin())).await?
        } else {
            let file =
                File::open(&args.file).with_context(|| format!("cannot read {}", args.file.display()))?;
            let restored = ::store::restore(&tool.place, &by(), &mut BufReader::new(file)).await;
            restored.with_context(|| format!("{} was not restored", args.file.display()))?
        };
        say(&format!("{}: {}", tool.place, sum(&contents)))
    })
}

fn is_standard(path: &Path) -> bool {
    path.as_os_str() == "-"
}

/// The parts that mean something to people.
fn sum(contents: &Contents) -> String {
    let rows = |table: &str| contents.rows.get(table).copied().unwrap_or(0);
    format!(
        "{} users, {} teams, {} configuration objects, {} nodes with {} items, {} subscriptions",
        rows("users"),
        rows("teams"),
        rows("objects"),
        rows("pubsub_nodes"),
        rows("pubsub_items"),
        rows("pubsub_subscriptions"),
    )
}

/// To standard error: standard output may be the backup.
fn say(text: &str) -> anyhow::Result<()> {
    writeln!(std::io::stderr(), "{text}").context("cannot write")
}

//! `aplomb sim ctl`: orders to a simulator that runs elsewhere.

use anyhow::{Context, bail};
use http_body_util::{BodyExt, Full};
use hyper::{Request, StatusCode};
use hyper_util::rt::TokioIo;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use tokio::net::TcpStream;

/// Where `aplomb sim` takes orders unless it is told otherwise.
pub(crate) const CONTROL: &str = "127.0.0.1:42028";
/// The file in the server's data directory that says where its simulator takes orders.
const CONTROL_FILE: &str = "simulator-control";

/// Give orders to a running simulator: that of a demo server on this machine, or one that was started with `aplomb sim`.
/// Without words it says what can be said.
#[derive(Clone, Debug, clap::Args)]
pub struct CtlArgs {
    /// Where the simulator takes orders [default: that of the demo server, else 127.0.0.1:42028]
    #[arg(long, value_name = "ADDRESS")]
    pub control: Option<String>,
    /// Find the simulator by the ready file that the server, or `aplomb sim`, has written
    #[arg(long, value_name = "FILE", conflicts_with = "control")]
    pub ready_file: Option<PathBuf>,
    /// Find the simulator by the server's data directory
    #[arg(long, value_name = "DIR", env = "APLOMB_DATA_DIR", conflicts_with_all = ["control", "ready_file"])]
    pub data_dir: Option<PathBuf>,
    /// Play the lines of a file; - for standard input
    #[arg(long, short = 'f', value_name = "FILE", conflicts_with = "words")]
    pub file: Option<PathBuf>,
    /// What to do, for example: ring 1001001
    #[arg(value_name = "WORD", trailing_var_arg = true)]
    pub words: Vec<String>,
}

/// Notes in a data directory where the simulator takes orders.
///
/// # Errors
/// When the file cannot be written.
pub fn note_control(data_dir: &Path, address: &str) -> std::io::Result<()> {
    std::fs::write(data_dir.join(CONTROL_FILE), format!("{address}\n"))
}

/// Sends the order, prints what comes of it.
pub(crate) async fn run(args: CtlArgs) -> anyhow::Result<()> {
    let script = match &args.file {
        Some(file) => read(file)?,
        None if args.words.is_empty() => "help".to_owned(),
        None => args.words.iter().map(|word| quoted(word)).collect::<Vec<_>>().join(" "),
    };
    let address = locate(&args)?;
    let (status, text) = post(&address, script)
        .await
        .with_context(|| format!("no simulator takes orders on {address}; is one running? (see --help)"))?;
    if status != StatusCode::OK {
        bail!("{}", text.trim_end());
    }
    Ok(std::io::stdout().write_all(text.as_bytes())?)
}

fn read(file: &Path) -> anyhow::Result<String> {
    if file == Path::new("-") {
        let mut text = String::new();
        std::io::stdin().read_to_string(&mut text)?;
        return Ok(text);
    }
    std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))
}

/// A word of the command line as a word of the script: the shell has taken its quotation marks.
fn quoted(word: &str) -> String {
    let plain = !word.is_empty() && !word.contains(char::is_whitespace) && !word.starts_with('#');
    if plain { word.to_owned() } else { format!("\"{word}\"") }
}

fn locate(args: &CtlArgs) -> anyhow::Result<String> {
    if let Some(address) = &args.control {
        return Ok(address.clone());
    }
    if let Some(file) = &args.ready_file {
        let text = read(file)?;
        let ready: serde_json::Value =
            serde_json::from_str(&text).with_context(|| format!("{} is no ready file", file.display()))?;
        let address = ready["cti_control"].as_str();
        return Ok(address.with_context(|| format!("{} names no simulator", file.display()))?.to_owned());
    }
    let noted = |directory: &Path| {
        let text = std::fs::read_to_string(directory.join(CONTROL_FILE)).ok()?;
        Some(text.trim().to_owned())
    };
    if let Some(directory) = &args.data_dir {
        let address = noted(directory);
        return address
            .with_context(|| format!("no simulator has run with the data in {}", directory.display()));
    }
    let home = || std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".local/state"));
    let state = std::env::var_os("XDG_STATE_HOME").map(PathBuf::from).or_else(home);
    let demo =
        state.and_then(|state| noted(&state.join("aplomb-demo")).or_else(|| noted(&state.join("aplomb"))));
    // A server that is gone leaves its note behind.
    let alive = demo.filter(|address| std::net::TcpStream::connect(address).is_ok());
    Ok(alive.unwrap_or_else(|| CONTROL.to_owned()))
}

async fn post(address: &str, script: String) -> anyhow::Result<(StatusCode, String)> {
    let stream = TcpStream::connect(address).await?;
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await?;
    tokio::spawn(connection);
    let request = Request::post("/").header("host", address).body(Full::<bytes::Bytes>::from(script))?;
    let response = sender.send_request(request).await?;
    let status = response.status();
    let body = response.into_body().collect().await?.to_bytes();
    Ok((status, String::from_utf8_lossy(&body).into_owned()))
}

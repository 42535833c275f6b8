//! One layer of settings over the other, each mistake with its place.

use super::Config;
use std::path::{Path, PathBuf};
use thiserror::Error;
use toml::{Table, Value};

const PREFIX: &str = "APLOMB_";
/// Variables that are flags of the command line.
const FLAGS: [&str; 2] = ["APLOMB_CONFIG", "APLOMB_DATA_DIR"];

/// Settings that are lists of tables.
const LISTS: [&str; 5] = ["teams", "users", "reason_codes", "queues", "media_domains"];

/// Where settings come from.
#[derive(Debug, Default)]
pub(crate) struct Source {
    pub(crate) file: Option<PathBuf>,
    /// `APLOMB_*` variables: name and value.
    pub(crate) environment: Vec<(String, String)>,
    /// `section.key=value` texts.
    pub(crate) settings: Vec<String>,
}

/// A setting that cannot be used. The operator is at fault.
#[derive(Debug, Error)]
pub(crate) enum ConfigError {
    #[error("cannot read {path}: {source}")]
    Read { path: PathBuf, source: std::io::Error },
    #[error("{path}: {error}")]
    File { path: PathBuf, error: toml::de::Error },
    #[error("{origin}: expected SECTION.KEY=VALUE")]
    Form { origin: String },
    #[error("{origin}: {message}")]
    Value { origin: String, message: String },
}

/// The settings of all layers over `defaults`.
pub(crate) fn load(mut defaults: Config, source: &Source) -> Result<Config, ConfigError> {
    // a list is one value, replaced whole or not at all; the demo's are long, so they do not go through every layer
    let teams = std::mem::take(&mut defaults.teams);
    let users = std::mem::take(&mut defaults.users);
    let reason_codes = std::mem::take(&mut defaults.reason_codes);
    let queues = std::mem::take(&mut defaults.queues);
    let media_domains = std::mem::take(&mut defaults.media_domains);
    let mut table = Table::try_from(defaults)
        .map_err(|error| ConfigError::Value { origin: "defaults".into(), message: error.to_string() })?;
    table.retain(|key, _| !LISTS.contains(&key));
    if let Some(path) = &source.file {
        merge(&mut table, read(path)?);
    }
    for (name, value) in &source.environment {
        let Some(rest) = name.strip_prefix(PREFIX).filter(|_| !FLAGS.contains(&name.as_str())) else {
            continue;
        };
        let path = rest.to_lowercase();
        let (section, key) =
            path.split_once('_').ok_or_else(|| ConfigError::Form { origin: name.clone() })?;
        set(&mut table, name, section, key, value)?;
    }
    for setting in &source.settings {
        let origin = format!("--set {setting}");
        let form = || ConfigError::Form { origin: origin.clone() };
        let (path, value) = setting.split_once('=').ok_or_else(form)?;
        let (section, key) = path.trim().split_once('.').ok_or_else(form)?;
        set(&mut table, &origin, section, key, value)?;
    }
    let [own_teams, own_users, own_reason_codes, own_queues, own_media] =
        LISTS.map(|list| table.contains_key(list));
    let mut config = config(table)
        .map_err(|error| ConfigError::Value { origin: "settings".into(), message: error.message().into() })?;
    if !own_teams {
        config.teams = teams;
    }
    if !own_users {
        config.users = users;
    }
    if !own_reason_codes {
        config.reason_codes = reason_codes;
    }
    if !own_queues {
        config.queues = queues;
    }
    if !own_media {
        config.media_domains = media_domains;
    }
    Ok(config)
}

/// The file alone must be right: its mistakes are shown with line and caret.
fn read(path: &Path) -> Result<Table, ConfigError> {
    let text =
        std::fs::read_to_string(path).map_err(|source| ConfigError::Read { path: path.into(), source })?;
    let bad = |error| ConfigError::File { path: path.into(), error };
    toml::from_str::<Config>(&text).map_err(bad)?;
    toml::from_str(&text).map_err(bad)
}

fn merge(under: &mut Table, over: Table) {
    for (key, value) in over {
        match (under.get_mut(&key), value) {
            (Some(Value::Table(under)), Value::Table(over)) => merge(under, over),
            (_, value) => {
                under.insert(key, value);
            }
        }
    }
}

/// Sets one value: as TOML if it reads as such and fits, as text otherwise.
fn set(table: &mut Table, origin: &str, section: &str, key: &str, value: &str) -> Result<(), ConfigError> {
    let text = Value::String(value.into());
    let read =
        toml::from_str::<Table>(&format!("value = {value}")).ok().and_then(|mut table| table.remove("value"));
    let mut complaint: Option<String> = None;
    for candidate in read.into_iter().chain([text]) {
        let mut changed = table.clone();
        let entry = changed.entry(section).or_insert_with(|| Value::Table(Table::new()));
        let Value::Table(entries) = entry else { return Err(ConfigError::Form { origin: origin.into() }) };
        entries.insert(key.into(), candidate);
        match config(changed.clone()) {
            Ok(_) => {
                *table = changed;
                return Ok(());
            }
            // where a text is wanted, what is wrong with the text is the better answer
            Err(error) if complaint.as_ref().is_none_or(|first| first.ends_with("expected a string")) => {
                complaint = Some(error.message().to_owned());
            }
            Err(_) => {}
        }
    }
    Err(ConfigError::Value { origin: origin.into(), message: complaint.unwrap_or_default() })
}

fn config(table: Table) -> Result<Config, toml::de::Error> {
    table.try_into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set_all(settings: &[&str]) -> Result<Config, ConfigError> {
        let settings = settings.iter().map(|text| (*text).to_owned()).collect();
        load(Config::default(), &Source { settings, ..Source::default() })
    }

    #[test]
    fn later_layers_win() {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(&file, "[bosh]\ninactivity_secs = 10\nwait_secs_max = 11\nmaxpause_secs = 12\n")
            .unwrap();
        let source = Source {
            file: Some(file.path().into()),
            environment: vec![
                ("APLOMB_BOSH_WAIT_SECS_MAX".into(), "21".into()),
                ("APLOMB_BOSH_MAXPAUSE_SECS".into(), "22".into()),
                ("APLOMB_DATA_DIR".into(), "/elsewhere".into()),
            ],
            settings: vec!["bosh.maxpause_secs=32".into(), "listen.rest=127.0.0.1:0".into()],
        };
        let config = load(Config::default(), &source).unwrap();
        assert_eq!(
            (config.bosh.inactivity_secs, config.bosh.wait_secs_max, config.bosh.maxpause_secs),
            (10, 21, 32)
        );
        assert_eq!(config.listen.rest.get(), Some("127.0.0.1:0"));
        assert_eq!(config.listen.xmpp_tcp.get(), Some("0.0.0.0:5222"));
    }

    #[test]
    fn people_of_the_defaults_stay_unless_the_file_has_its_own() {
        let defaults = || crate::demo::config(None).unwrap();
        let settings = vec!["presence.grace_secs=1".to_owned()];
        let config = load(defaults(), &Source { settings, ..Source::default() }).unwrap();
        assert_eq!(config.users.len(), defaults().users.len());
        assert_eq!(config.reason_codes.len(), defaults().reason_codes.len());
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(&file, "[[teams]]\nid = 1\nname = \"Own\"\n").unwrap();
        let source = Source { file: Some(file.path().into()), ..Source::default() };
        let config = load(defaults(), &source).unwrap();
        assert_eq!((config.teams.len(), config.teams[0].name.as_str()), (1, "Own"));
        assert_eq!(config.users.len(), defaults().users.len());
    }

    #[test]
    fn lists_are_given_with_commas_and_numbers_may_be_texts() {
        let config = set_all(&["cti.sides=a:1, b:2", "server.domain=5000", "listen.metrics=off"]).unwrap();
        assert_eq!(config.cti.sides, ["a:1", "b:2"]);
        assert_eq!(config.server.domain, "5000");
        assert_eq!(config.listen.metrics.get(), None);
    }

    #[test]
    fn a_mistake_is_shown_with_its_place() {
        for (setting, expected) in [
            ("bosh.inactivity_secs=soon", "invalid type: string \"soon\", expected u32"),
            ("bosh.inactivty_secs=1", "unknown field `inactivty_secs`"),
            ("nothing", "expected SECTION.KEY=VALUE"),
            ("listen.rest=8445", "ADDRESS:PORT"),
        ] {
            let error = set_all(&[setting]).unwrap_err().to_string();
            assert!(error.contains(expected) && error.contains(setting), "{error}");
        }
    }

    #[test]
    fn a_mistake_in_the_file_is_shown_with_line_and_caret() {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(&file, "[presence]\ngrace = 10\n").unwrap();
        let source = Source { file: Some(file.path().into()), ..Source::default() };
        let error = load(Config::default(), &source).unwrap_err().to_string();
        assert!(error.contains("line 2") && error.contains('^') && error.contains("grace_secs"), "{error}");
    }
}

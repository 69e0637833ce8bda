//! Secrets: values that are never shown, and that may stand in files of their own.

use super::Reader;
use config::Value;
use std::{
    fmt,
    fs::File,
    io::{self, Read},
    path::{Path, PathBuf},
};

/// The settings that are secret. Each may be read from a file: by `<name>_file`, or as a credential of
/// systemd.
pub(super) const SECRETS: &[&str] = &[
    "database",
    "http_token",
    "telegram_token",
    "telegram_webhook_secret",
    "discord_token",
    "email_password",
    "email_smtp_password",
    "llm_key",
    "metrics_token",
    "encryption_keys",
    "oidc_client_secret",
    "webhook_secret",
    "fhir_token",
    "widget_secret",
];

/// Longest secret that is read from a file, in bytes.
const LONGEST: u64 = 64 << 10;

/// A value that must not be shown.
#[derive(Clone)]
pub struct Secret(String);

impl Secret {
    /// That value.
    pub fn new(value: impl Into<String>) -> Self {
        Self(value.into())
    }

    /// The value itself.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// Whether a setting says in which file a secret stands.
pub(super) fn is_file_of_a_secret(name: &str) -> bool {
    name.strip_suffix("_file")
        .is_some_and(|secret| SECRETS.contains(&secret))
}

/// Where systemd puts the credentials of a service (`LoadCredential=`, `SetCredentialEncrypted=`).
pub(super) fn credentials() -> Option<PathBuf> {
    std::env::var_os("CREDENTIALS_DIRECTORY")
        .filter(|folder| !folder.is_empty())
        .map(PathBuf::from)
}

/// Takes the secrets that stand in files among the values. A secret that is given in two places is a
/// mistake: nobody could tell which of them counts.
pub(super) fn read_files(r: &mut Reader, credentials: Option<&Path>) {
    for &name in SECRETS {
        let named = format!("{name}_file");
        let given = r.text(name).is_some();
        let by_name = r.text(&named).map(PathBuf::from);
        let credential = credentials
            .map(|folder| folder.join(name))
            .filter(|file| file.exists());
        let from = match (by_name, credential) {
            (Some(_), Some(_)) => {
                r.mistakes.push(format!(
                    "{name}: is given twice, by {named} and as a credential of systemd: leave one out"
                ));
                continue;
            }
            (Some(file), None) | (None, Some(file)) => file,
            (None, None) => continue,
        };
        if given {
            r.mistakes.push(format!(
                "{name}: is given twice, by itself and by the file {}: leave one out",
                from.display()
            ));
            continue;
        }
        match read(&from) {
            Ok(text) if text.trim().is_empty() => {
                r.mistakes
                    .push(format!("{named}: the file {} is empty", from.display()));
            }
            Ok(text) => {
                if is_open_to_all(&from) {
                    r.notes.push(format!(
                        "{name}: everybody on this machine may read the file {} (chmod o-r)",
                        from.display()
                    ));
                }
                r.values
                    .insert(name.to_owned(), Value::new(None, text.trim().to_owned()));
            }
            Err(error) => r.mistakes.push(format!(
                "{named}: the file {} cannot be read: {error}",
                from.display()
            )),
        }
    }
}

fn read(file: &Path) -> io::Result<String> {
    let mut text = String::new();
    File::open(file)?
        .take(LONGEST + 1)
        .read_to_string(&mut text)?;
    if text.len() as u64 > LONGEST {
        return Err(io::Error::other("it is larger than a secret is"));
    }
    Ok(text)
}

#[cfg(unix)]
fn is_open_to_all(file: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    std::fs::metadata(file).is_ok_and(|about| about.permissions().mode() & 0o004 != 0)
}

#[cfg(not(unix))]
fn is_open_to_all(_file: &Path) -> bool {
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Settings;

    fn file(folder: &Path, name: &str, text: &str) -> String {
        let path = folder.join(name);
        std::fs::write(&path, text).expect("written");
        path.to_string_lossy().into_owned()
    }

    #[test]
    fn every_secret_is_read_from_its_file_without_the_end_of_the_line() {
        let folder = tempfile::tempdir().expect("a folder");
        let token = file(folder.path(), "t", "s3cret\n");
        let settings = Settings::from_pairs([
            ("http_token_file", token.as_str()),
            ("discord_token_file", token.as_str()),
            ("metrics_token_file", token.as_str()),
        ])
        .expect("right");
        let shown = |secret: &Option<Secret>| secret.as_ref().map(|s| s.reveal().to_owned());
        let s3cret = Some("s3cret".to_owned());
        assert_eq!(shown(&settings.http_token), s3cret);
        assert_eq!(shown(&settings.guard.metrics_token), s3cret);
        assert_eq!(
            settings.discord.map(|d| d.token.reveal().to_owned()),
            s3cret
        );
    }

    #[test]
    fn a_file_that_is_not_there_is_named_and_so_is_a_secret_that_is_given_twice() {
        let folder = tempfile::tempdir().expect("a folder");
        let token = file(folder.path(), "t", "s3cret");
        let empty = file(folder.path(), "e", "\n");
        let error = Settings::from_pairs([
            ("http_token_file", "/nowhere/at/all"),
            ("telegram_token", "s3cret"),
            ("telegram_token_file", &token),
            ("llm_key_file", &empty),
        ])
        .expect_err("wrong");
        let begins = |text: &str| error.0.iter().any(|m| m.starts_with(text));
        assert!(
            begins("http_token_file: the file /nowhere/at/all"),
            "{error}"
        );
        assert!(begins("telegram_token: is given twice"), "{error}");
        assert!(begins("llm_key_file: the file"), "{error}");
        assert!(!error.to_string().contains("s3cret"), "{error}");
    }
}

//! `nohold backup` and `nohold restore`.

use super::{Failure, Watched, beside, said::say};
use crate::{
    clock::Clock,
    config::Settings,
    service::SecurityEvent,
    store::{self, Opener, Store, Verdict},
};
use std::{
    fs::{File, OpenOptions},
    io::BufWriter,
    path::{Path, PathBuf},
    process::ExitCode,
};

/// A new file that nobody else may read.
fn private(path: &Path) -> std::io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

pub(super) async fn back_up(settings: Settings, path: &Path) -> Result<ExitCode, Failure> {
    let watched = Watched::by(&settings)?;
    let store = beside(&settings).await?;
    let mut part = path.as_os_str().to_owned();
    part.push(".partial");
    let part = PathBuf::from(part);
    let taken_at = Clock::system().now().rfc3339();
    let written = async {
        let mut out = BufWriter::new(private(&part)?);
        let rows = store.back_up(&mut out, taken_at).await?;
        // On disk before it takes the place of an older one.
        out.into_inner()
            .map_err(std::io::IntoInnerError::into_error)?
            .sync_all()?;
        std::fs::rename(&part, path)?;
        Ok::<_, Failure>(rows)
    };
    let rows = match written.await {
        Ok(rows) => rows,
        Err(error) => {
            let _ = std::fs::remove_file(&part);
            return Err(format!("no backup was made: {error}").into());
        }
    };
    watched.record(&SecurityEvent::Export {
        what: "backup",
        format: "jsonl",
        rows: usize::try_from(rows).unwrap_or(usize::MAX),
    });
    say!("{rows} rows are in {}", path.display());
    Ok(ExitCode::SUCCESS)
}

pub(super) async fn restore(settings: Settings, path: &Path) -> Result<ExitCode, Failure> {
    let now = Clock::system().now().rfc3339();
    let mark: String = now.chars().filter(char::is_ascii_digit).collect();
    let restored = store::restore(settings.database.reveal(), path, &mark).await?;
    if let Some(before) = &restored.before {
        say!("what stood there before is in {}", before.display());
    }
    let store = Store::open(settings.database.reveal(), Opener::Tool).await?;
    match store.verify_audit().await? {
        Verdict::Whole(entries, _) => {
            say!(
                "{} rows restored; {entries} entries, chain whole",
                restored.rows
            );
            Ok(ExitCode::SUCCESS)
        }
        Verdict::Broken(number, why) => {
            say!("{} rows restored, as they were", restored.rows);
            Err(format!("the log of changes was broken already: entry {number}: {why}").into())
        }
    }
}

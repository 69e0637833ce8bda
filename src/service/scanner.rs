//! A malware scanner of the owner's: a command that reads a file from its standard input and says by its
//! exit code what it is.

use super::Service;
use crate::config::ScanSettings;
use std::{process::Stdio, time::Duration};
use tokio::{io::AsyncWriteExt, process::Command, sync::Semaphore, time::timeout};

/// How many files are scanned at once.
const AT_ONCE: usize = 4;
/// The exit code for malware, as `ClamAV`'s programs have it.
const HARMFUL: i32 = 1;

/// What a scanner says of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Nothing was found, or there is no scanner.
    Clean,
    /// It is malware.
    Harmful,
    /// The scanner failed, or took too long: nobody knows.
    Unknown,
}

/// The command, and room for it.
#[derive(Debug)]
pub(super) struct Scanner {
    settings: Option<ScanSettings>,
    room: Semaphore,
}

impl Scanner {
    pub(super) fn new(settings: Option<ScanSettings>) -> Self {
        Self {
            settings,
            room: Semaphore::new(AT_ONCE),
        }
    }

    async fn scan(&self, media_type: &str, content: &[u8]) -> Verdict {
        let Some(settings) = &self.settings else {
            return Verdict::Clean;
        };
        let run = async {
            let _room = self.room.acquire().await.ok()?;
            code(&settings.command, media_type, content).await
        };
        // Waiting for room counts: a message does not wait for minutes because many came at once.
        let ended = timeout(settings.patience + Duration::from_millis(100), run).await;
        match ended.ok().flatten() {
            Some(0) => Verdict::Clean,
            Some(HARMFUL) => Verdict::Harmful,
            _ => Verdict::Unknown,
        }
    }
}

/// The command's exit code; none where it could not be run, or was killed. It is killed when this is dropped.
async fn code(command: &[String], media_type: &str, content: &[u8]) -> Option<i32> {
    let (program, args) = command.split_first()?;
    let mut child = Command::new(program)
        .args(args)
        // What the program knows (tokens, the database's address) is not the scanner's business.
        .env_clear()
        .env("PATH", "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin")
        .env("SCAN_MEDIA_TYPE", media_type)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .ok()?;
    let mut input = child.stdin.take()?;
    let give = async move {
        // One that has seen enough closes its end.
        let _ = input.write_all(content).await;
        drop(input);
    };
    let ((), ended) = tokio::join!(give, child.wait());
    ended.ok()?.code()
}

impl Service {
    /// What the owner's scanner says of a file that is about to be kept.
    pub async fn scan(&self, media_type: &str, content: &[u8]) -> Verdict {
        let verdict = self.scanner.scan(media_type, content).await;
        match verdict {
            Verdict::Clean => {}
            Verdict::Harmful => {
                self.metrics.refused("harmful_file");
                tracing::warn!("the malware scanner refused a file: it was not kept");
            }
            Verdict::Unknown => {
                self.metrics.refused("scan_failed");
                tracing::error!(
                    "the malware scanner did not answer as it should: the file was not kept (NOHOLD_SCAN_COMMAND)"
                );
            }
        }
        verdict
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scanner(script: &str) -> Scanner {
        Scanner::new(Some(ScanSettings {
            command: ["sh", "-c", script].map(str::to_owned).to_vec(),
            patience: Duration::from_millis(500),
        }))
    }

    #[tokio::test]
    async fn only_zero_lets_a_file_pass_and_only_one_calls_it_harmful() {
        let large = vec![b'x'; 1 << 20];
        for (script, verdict) in [
            ("cat >/dev/null", Verdict::Clean),
            ("exit 0", Verdict::Clean),
            ("cat >/dev/null; exit 1", Verdict::Harmful),
            ("exit 1", Verdict::Harmful),
            ("exit 2", Verdict::Unknown),
            ("kill -9 $$", Verdict::Unknown),
            ("sleep 60", Verdict::Unknown),
            (
                "test \"$SCAN_MEDIA_TYPE\" = text/plain || exit 1",
                Verdict::Clean,
            ),
        ] {
            let said = scanner(script).scan("text/plain", &large).await;
            assert_eq!(said, verdict, "{script}");
        }
        let away = Scanner::new(Some(ScanSettings {
            command: vec!["/nowhere/scanner".to_owned()],
            patience: Duration::from_secs(1),
        }));
        assert_eq!(away.scan("text/plain", b"x").await, Verdict::Unknown);
        assert_eq!(
            Scanner::new(None).scan("text/plain", b"x").await,
            Verdict::Clean
        );
    }
}

//! `nohold keys`.

use super::{Failure, Watched, beside, said::say};
use crate::{
    clock::Clock,
    config::{EncryptionKey, Settings},
    service::SecurityEvent,
};
use clap::Subcommand;
use std::{fmt::Write, process::ExitCode};

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Make a key, for the setting `encryption_keys`. It is shown this once: keep it where the database is
    /// not.
    New,
    /// Encrypt everything that is kept by the first of the keys. May be stopped and begun again, beside a
    /// running server.
    Rotate {
        /// Encrypt nothing any more: write everything in clear. Stop the server before, and leave the keys
        /// out of its settings afterwards.
        #[arg(long)]
        off: bool,
    },
}

pub(super) async fn run(command: Command, settings: Settings) -> Result<ExitCode, Failure> {
    match command {
        Command::New => {
            let clock = Clock::system();
            let mut id = String::from("k");
            for byte in clock.random::<4>() {
                let _ = write!(id, "{byte:02x}");
            }
            let bytes = clock.random();
            say!("{}", EncryptionKey { id, bytes }.written());
        }
        Command::Rotate { off } => {
            let Some(first) = settings.encryption_keys.first() else {
                return Err(
                    "there are no keys: make one by nohold keys new, and set encryption_keys"
                        .into(),
                );
            };
            let watched = Watched::by(&settings)?;
            let store = beside(&settings).await?;
            let written = store.reseal(off).await?;
            watched.record(&SecurityEvent::KeysRotated {
                key: (!off).then(|| first.id.clone()),
            });
            if off {
                say!("{written} texts were decrypted: leave the keys out of the settings now");
            } else {
                say!(
                    "{written} texts were encrypted anew: everything is by the key {} now",
                    first.id
                );
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

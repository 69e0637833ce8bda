//! How much room there is for files.

use super::Service;
use crate::{clock::Stopwatch, store::StoreError};
use std::time::Duration;
use tokio::sync::Mutex;

/// How long a sum of all files is good for; what this program adds meanwhile is counted along.
const GOOD_FOR: Duration = Duration::from_mins(1);

/// Bytes of all files, and when they were summed up.
#[derive(Debug, Default)]
pub(super) struct Kept(Mutex<Option<(Stopwatch, u64)>>);

impl Service {
    /// Whether a file of so many bytes may be kept. It counts as kept then.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn has_room_for(&self, bytes: usize) -> Result<bool, StoreError> {
        let mut kept = self.kept.0.lock().await;
        let known = kept.filter(|(summed, _)| summed.elapsed() < GOOD_FOR);
        let (summed, sum) = match known {
            Some(known) => known,
            None => (self.clock.stopwatch(), self.store.file_bytes().await?),
        };
        let room = self.settings.guard.attachments;
        // Once a minute at most.
        if known.is_none() && sum >= room / 10 * 9 {
            tracing::warn!(
                kept = sum,
                room,
                "there is hardly any room for files (NOHOLD_ATTACHMENTS_MB)"
            );
        }
        let with = sum.saturating_add(bytes as u64);
        let fits = with <= room;
        *kept = Some((summed, if fits { with } else { sum }));
        Ok(fits)
    }
}

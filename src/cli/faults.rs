//! What is logged of a fault in the program or in a library.

use std::panic::{PanicHookInfo, set_hook};

/// From now on a panic logs its place alone: its message may quote what a person wrote.
pub(super) fn log_places_only() {
    set_hook(Box::new(|fault| {
        tracing::error!(
            place = place(fault),
            "the program failed there; please report it (what it said of the cause is not logged, since it may quote what somebody wrote)"
        );
    }));
}

fn place(fault: &PanicHookInfo<'_>) -> String {
    fault
        .location()
        .map_or_else(|| "an unknown place".to_owned(), ToString::to_string)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{
        io,
        panic::{catch_unwind, take_hook},
        sync::{Arc, Mutex},
    };

    #[derive(Clone, Default)]
    struct Log(Arc<Mutex<Vec<u8>>>);

    impl io::Write for Log {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().expect("no panic").extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_panic_that_quotes_a_person_logs_its_place_alone() {
        let log = Log::default();
        let writer = log.clone();
        let subscriber = tracing_subscriber::fmt()
            .with_writer(move || writer.clone())
            .finish();
        let before = take_hook();
        log_places_only();
        let words = String::from("😀 my diagnosis");
        let fell = tracing::subscriber::with_default(subscriber, || {
            catch_unwind(|| words[1..].to_owned()).is_err()
        });
        std::panic::set_hook(before);
        let log = String::from_utf8(log.0.lock().expect("no panic").clone()).expect("text");
        assert!(fell && log.contains("faults.rs"), "{log}");
        assert!(!log.contains("diagnosis"), "{log}");
    }
}

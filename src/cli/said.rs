//! What commands print.

use std::{
    fmt::Arguments,
    io::{self, Write},
};

/// Prints a line. Unlike `println!` it falls over nothing where the reader has gone away: the failure is returned.
macro_rules! say {
    () => { $crate::cli::said::line(format_args!(""))? };
    ($($words:tt)*) => { $crate::cli::said::line(format_args!($($words)*))? };
}
pub(super) use say;

/// Prints a line.
pub(super) fn line(words: Arguments<'_>) -> io::Result<()> {
    let mut out = io::stdout().lock();
    out.write_fmt(words)?;
    out.write_all(b"\n")
}

/// Whether a command failed only because nobody reads on, as in `nohold drill list | head`.
pub(super) fn nobody_reads_on(failure: &(dyn std::error::Error + 'static)) -> bool {
    let gone = |e: &(dyn std::error::Error + 'static)| {
        let own = e.downcast_ref::<io::Error>().map(io::Error::kind);
        let json = e.downcast_ref::<serde_json::Error>();
        own.or_else(|| json?.io_error_kind()) == Some(io::ErrorKind::BrokenPipe)
    };
    std::iter::successors(Some(failure), |e| e.source()).any(gone)
}

//! The files of a `SQLite` database: only the user that runs the program may read them, since they hold what
//! people confided.

use super::{Opener, StoreError};
use std::{
    fs::{File, OpenOptions},
    io,
    path::{Path, PathBuf},
    sync::Arc,
};

/// What stands beside the database: the write-ahead log with its index, the journal of a database that has
/// no such log, and a server's lock.
const BESIDE: [&str; 4] = ["-wal", "-shm", "-journal", ".lock"];

/// The address of the database, whose file is made where there is none, and the lock of a server.
pub(super) fn sqlite_file(
    url: &str,
    opener: Opener,
) -> Result<(String, Option<Arc<File>>), StoreError> {
    let path = path_of(url)?;
    if !path.exists() {
        // SQLite gives the files that it puts beside a database the mode of the database. Where none can be
        // made, it says why.
        let _ = open(&path);
    }
    let lock = match opener {
        Opener::Tool => None,
        Opener::Server => Some(Arc::new(lock(&path)?)),
    };
    close_to_others(&path);
    for name in BESIDE {
        close_to_others(&beside(&path, name));
    }
    Ok((format!("sqlite://{}?mode=rwc", path.display()), lock))
}

/// The path of the database, and the lock that keeps servers off it.
pub(super) fn locked(url: &str) -> Result<(PathBuf, File), StoreError> {
    let path = path_of(url)?;
    let lock = lock(&path)?;
    Ok((path, lock))
}

/// Makes a file that its owner alone may read.
pub(super) fn make(path: &Path) -> Result<(), StoreError> {
    open(path)
        .map(drop)
        .map_err(|e| StoreError::Folder(path.to_owned(), e))
}

/// The path of the database, whose folder is made where there is none.
fn path_of(url: &str) -> Result<PathBuf, StoreError> {
    let path = url
        .trim_start_matches("sqlite://")
        .trim_start_matches("sqlite:");
    let path = PathBuf::from(path.split('?').next().unwrap_or(path));
    if let Some(folder) = path.parent().filter(|f| !f.as_os_str().is_empty()) {
        make_folder(folder).map_err(|e| StoreError::Folder(folder.to_owned(), e))?;
    }
    Ok(path)
}

fn lock(path: &Path) -> Result<File, StoreError> {
    let file = open(&beside(path, ".lock")).map_err(|e| StoreError::Folder(path.to_owned(), e))?;
    file.try_lock()
        .map_err(|_| StoreError::InUse(path.to_owned()))?;
    Ok(file)
}

fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.to_owned().into_os_string();
    name.push(ending);
    PathBuf::from(name)
}

fn open(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// Makes the folder where there is none. One that is there already stays as it is: it may hold other things.
fn make_folder(folder: &Path) -> io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// Takes the rights of others from a file of before. Where it is somebody else's file this fails, and the
/// owner is told.
#[cfg(unix)]
fn close_to_others(path: &Path) {
    use std::os::unix::fs::PermissionsExt;
    const OTHERS: u32 = 0o077;
    let Ok(about) = std::fs::metadata(path) else {
        return;
    };
    let mode = about.permissions().mode();
    if mode & OTHERS == 0 {
        return;
    }
    let private = std::fs::Permissions::from_mode(mode & !OTHERS);
    if let Err(error) = std::fs::set_permissions(path, private) {
        tracing::warn!(file = %path.display(), %error, "others may read this file, and that cannot be changed");
    }
}

#[cfg(not(unix))]
fn close_to_others(_path: &Path) {}

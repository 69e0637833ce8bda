//! Where the files of a folder of flows come from.

use super::error::FlowError;
use crate::domain::fingerprint;
use serde::de::DeserializeOwned;
use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

#[derive(rust_embed::RustEmbed)]
#[folder = "flows/"]
struct BuiltIn;

/// Largest file that is read, in bytes, and how much all of them may come to.
const FILE_AT_MOST: u64 = 512 * 1024;
const ALL_AT_MOST: u64 = 8 * 1024 * 1024;
/// How deep folders are followed.
const DEPTH: usize = 3;

/// Which of two texts under the same path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Origin {
    /// The one that is built into the program.
    BuiltIn,
    /// The one of the owner's folder.
    Folder,
}

/// The files of a folder of flows, by path from that folder on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Texts {
    built_in: BTreeMap<String, String>,
    folder: BTreeMap<String, String>,
}

impl Texts {
    /// The flows that are built into the program.
    pub fn built_in() -> Self {
        let read = |path: std::borrow::Cow<'static, str>| {
            let file = BuiltIn::get(&path)?;
            let yaml = Path::new(&*path).extension().is_some_and(|e| e == "yaml");
            yaml.then(|| {
                (
                    path.into_owned(),
                    String::from_utf8_lossy(&file.data).into_owned(),
                )
            })
        };
        Self {
            built_in: BuiltIn::iter().filter_map(read).collect(),
            folder: BTreeMap::new(),
        }
    }

    /// A mark of all texts together.
    pub fn fingerprint(&self) -> u64 {
        let files = self.built_in.iter().chain(&self.folder);
        fingerprint(files.flat_map(|(path, text)| [path.as_bytes(), text.as_bytes()]))
    }

    /// The languages that have a folder of their own, by their ISO 639-1 codes.
    pub fn languages(&self) -> BTreeSet<String> {
        let folder = |path: &String| path.split_once('/').map(|(folder, _)| folder.to_owned());
        let paths = self.built_in.keys().chain(self.folder.keys());
        let mut folders: BTreeSet<String> = paths.filter_map(folder).collect();
        folders.retain(|f| f.len() == 2 && f.bytes().all(|b| b.is_ascii_lowercase()));
        folders
    }

    /// The flows in a folder, over those that are built in: a file that it lacks is taken from them.
    ///
    /// # Errors
    /// A folder or file that cannot be read, is too large, or is no UTF-8; all of them.
    pub fn folder(folder: &Path) -> Result<Self, Vec<FlowError>> {
        let mut texts = Self::built_in();
        let mut errors = Vec::new();
        let mut left = ALL_AT_MOST;
        walk(
            folder,
            folder,
            DEPTH,
            &mut left,
            &mut texts.folder,
            &mut errors,
        );
        if errors.is_empty() {
            Ok(texts)
        } else {
            Err(errors)
        }
    }

    /// These files and no others; for tests.
    pub fn of(files: impl IntoIterator<Item = (String, String)>) -> Self {
        Self {
            built_in: BTreeMap::new(),
            folder: files.into_iter().collect(),
        }
    }

    /// The text of one file.
    ///
    /// # Errors
    /// There is no such file.
    pub fn get(&self, file: &str) -> Result<&str, FlowError> {
        self.folder
            .get(file)
            .or_else(|| self.built_in.get(file))
            .map(String::as_str)
            .ok_or_else(|| FlowError::whole(file, "is missing from the folder of flows"))
    }

    /// One file, read as what it should be.
    ///
    /// # Errors
    /// It is missing, or is not of that shape.
    pub fn yaml<T: DeserializeOwned>(&self, file: &str) -> Result<T, FlowError> {
        serde_saphyr::from_str(self.get(file)?).map_err(|e| FlowError::yaml(file, &e))
    }

    /// The files directly in a folder (`""` is the top one), in order of name.
    pub fn in_folder<'a>(&'a self, folder: &'a str) -> impl Iterator<Item = (&'a str, &'a str)> {
        let paths: BTreeSet<&String> = self.built_in.keys().chain(self.folder.keys()).collect();
        paths.into_iter().filter_map(move |path| {
            let (parent, _) = path.rsplit_once('/').unwrap_or(("", path));
            let text = self.folder.get(path).or_else(|| self.built_in.get(path))?;
            (parent == folder).then_some((path.as_str(), text.as_str()))
        })
    }

    /// The files of that origin directly in a folder.
    pub(super) fn from<'a>(
        &'a self,
        folder: &'a str,
        origin: Origin,
    ) -> impl Iterator<Item = (&'a str, &'a str)> {
        let files = match origin {
            Origin::BuiltIn => &self.built_in,
            Origin::Folder => &self.folder,
        };
        files.iter().filter_map(move |(path, text)| {
            let (parent, _) = path.rsplit_once('/')?;
            (parent == folder).then_some((path.as_str(), text.as_str()))
        })
    }
}

fn walk(
    root: &Path,
    at: &Path,
    depth: usize,
    left: &mut u64,
    into: &mut BTreeMap<String, String>,
    errors: &mut Vec<FlowError>,
) {
    let name = |path: &Path| {
        let inner = path.strip_prefix(root).unwrap_or(path).to_string_lossy();
        if inner.is_empty() {
            root.display().to_string()
        } else {
            inner.replace('\\', "/")
        }
    };
    let entries = match std::fs::read_dir(at) {
        Ok(entries) => entries,
        Err(e) => {
            errors.push(FlowError::whole(&name(at), format!("cannot be read: {e}")));
            return;
        }
    };
    for path in entries.filter_map(|e| Some(e.ok()?.path())) {
        // What editors leave beside a file is none of ours.
        let hidden = (path.file_name()).is_some_and(|n| n.to_string_lossy().starts_with('.'));
        if hidden {
            continue;
        }
        if path.is_dir() {
            // A folder that leads back into itself ends here too.
            if depth > 0 {
                walk(root, &path, depth - 1, left, into, errors);
            }
        } else if path.extension().is_some_and(|e| e == "yaml" || e == "yml") {
            match read(&path, left) {
                Ok(text) => drop(into.insert(name(&path), text)),
                Err(why) => errors.push(FlowError::whole(&name(&path), why)),
            }
        }
    }
}

fn read(path: &Path, left: &mut u64) -> Result<String, String> {
    if path.extension().is_some_and(|e| e == "yml") {
        return Err(
            "ends in .yml: name it .yaml, so that it cannot stand beside another of the same name"
                .to_owned(),
        );
    }
    let size = std::fs::metadata(path)
        .map_err(|e| format!("cannot be read: {e}"))?
        .len();
    if size > FILE_AT_MOST {
        return Err(format!(
            "is too large: {size} bytes, and {FILE_AT_MOST} is the most"
        ));
    }
    *left = left
        .checked_sub(size)
        .ok_or_else(|| format!("is too much: all files together may have {ALL_AT_MOST} bytes"))?;
    let bytes = std::fs::read(path).map_err(|e| format!("cannot be read: {e}"))?;
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        return Err("is written in UTF-16: save it as UTF-8".to_owned());
    }
    let text = String::from_utf8(bytes).map_err(|e| {
        let before = &e.as_bytes()[..e.utf8_error().valid_up_to()];
        let line = String::from_utf8_lossy(before).lines().count().max(1);
        format!("is not written in UTF-8 (line {line}): save it as UTF-8")
    })?;
    Ok(text
        .strip_prefix('\u{feff}')
        .map_or(text.clone(), str::to_owned))
}

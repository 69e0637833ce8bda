//! Where the files of a folder of flows come from.

use super::error::FlowError;
use serde::de::DeserializeOwned;
use std::{collections::BTreeMap, path::Path};

#[derive(rust_embed::RustEmbed)]
#[folder = "flows/"]
struct BuiltIn;

/// The files of a folder of flows, by path from that folder on.
#[derive(Clone, Debug, Default)]
pub struct Texts(BTreeMap<String, String>);

impl Texts {
    /// The flows that are built into the program.
    pub fn built_in() -> Self {
        let read = |path: std::borrow::Cow<'static, str>| {
            let file = BuiltIn::get(&path)?;
            Some((
                path.into_owned(),
                String::from_utf8_lossy(&file.data).into_owned(),
            ))
        };
        Self(BuiltIn::iter().filter_map(read).collect())
    }

    /// The languages that have a folder of their own, by their ISO 639-1 codes.
    pub fn languages(&self) -> std::collections::BTreeSet<String> {
        let folder = |path: &String| path.split_once('/').map(|(folder, _)| folder.to_owned());
        let mut folders: std::collections::BTreeSet<String> =
            self.0.keys().filter_map(folder).collect();
        folders.retain(|f| f.len() == 2 && f.bytes().all(|b| b.is_ascii_lowercase()));
        folders
    }

    /// The flows in a folder. A file that it lacks is taken from the built-in ones.
    ///
    /// # Errors
    /// A folder or file that cannot be read.
    pub fn folder(folder: &Path) -> Result<Self, FlowError> {
        fn walk(
            root: &Path,
            at: &Path,
            into: &mut BTreeMap<String, String>,
        ) -> std::io::Result<()> {
            for entry in std::fs::read_dir(at)? {
                let path = entry?.path();
                if path.is_dir() {
                    walk(root, &path, into)?;
                } else if path.extension().is_some_and(|e| e == "yaml") {
                    let name = path
                        .strip_prefix(root)
                        .unwrap_or(&path)
                        .to_string_lossy()
                        .replace('\\', "/");
                    into.insert(name, std::fs::read_to_string(&path)?);
                }
            }
            Ok(())
        }
        let mut texts = Self::built_in();
        walk(folder, folder, &mut texts.0).map_err(|e| {
            FlowError::whole(
                &folder.display().to_string(),
                format!("cannot be read: {e}"),
            )
        })?;
        Ok(texts)
    }

    /// These files and no others; for tests.
    pub fn of(files: impl IntoIterator<Item = (String, String)>) -> Self {
        Self(files.into_iter().collect())
    }

    /// The text of one file.
    ///
    /// # Errors
    /// There is no such file.
    pub fn get(&self, file: &str) -> Result<&str, FlowError> {
        self.0
            .get(file)
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
        self.0.iter().filter_map(move |(path, text)| {
            let (parent, _) = path.rsplit_once('/').unwrap_or(("", path));
            (parent == folder).then_some((path.as_str(), text.as_str()))
        })
    }
}

//! Office files: text documents and tables, told by what their archive lists, never by their names. Those with programs
//! inside are none, nor those that unpack to very much.

use super::file_words::text_of;
use miniz_oxide::inflate::decompress_to_vec_with_limit;

/// What is taken of them.
pub(super) const DOCX: &str =
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
pub(super) const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
pub(super) const ODT: &str = "application/vnd.oasis.opendocument.text";

/// Length of the record at an archive's end, and the longest comment after it.
const END: usize = 22;
const COMMENT: usize = 65_535;

/// What an office file may unpack to, and what is read of those parts that say what belongs to what.
const MOST_UNPACKED: usize = 64 << 20;
const MOST_OF_A_PART: usize = 1 << 20;
const MOST_PARTS: usize = 64;

/// What stands in the names of parts that run, or that another program opens, in small letters.
const PROGRAMS: &[&str] = &[
    "vbaproject",
    "vbadata",
    "macrosheets/",
    "dialogsheets/",
    "activex",
    "oleobject",
    "customui/",
    "basic/",
    "scripts/",
];
/// Endings of documents with macros, and of what was packed whole into another.
const ENDINGS: &[&str] = &[
    ".docm", ".dotm", ".xlsm", ".xltm", ".xlam", ".exe", ".dll", ".vbs", ".js",
];
/// The same where parts are listed: whatever its name, this is what it is.
const LISTED_PROGRAMS: &[&str] = &[
    "vbaproject",
    "macroenabled",
    "macrosheet",
    "dialogsheet",
    "activex",
    "oleobject",
];
/// A template that is fetched from elsewhere brings its macros along.
const ELSEWHERE: &[&str] = &[
    "http:",
    "https:",
    "ftp:",
    "\\\\",
    "file://\\\\",
    "file://///",
];

/// The media type of an office file; none where the bytes are anything else, or where something in them runs.
pub(super) fn office_type(content: &[u8]) -> Option<&'static str> {
    let parts = listed(content)?;
    let unpacked = parts.iter().map(|p| p.unpacked).sum::<usize>();
    if unpacked > MOST_UNPACKED || parts.iter().any(Part::is_program) {
        return None;
    }
    let has = |name: &str| parts.iter().any(|p| p.name == name);
    if has("[content_types].xml") {
        if !tells_of_no_program(content, &parts)? {
            return None;
        }
        return match (has("word/document.xml"), has("xl/workbook.xml")) {
            (true, false) => Some(DOCX),
            (false, true) => Some(XLSX),
            _ => None,
        };
    }
    // An OpenDocument file begins with its type, as it is, so that anybody can tell it.
    let plain = number(content, 8, 2)? == 0 && number(content, 22, 4)? == ODT.len();
    let from = 30 + number(content, 26, 2)? + number(content, 28, 2)?;
    let said = content.get(from..from + ODT.len())?;
    (plain && has("content.xml") && content.get(30..38)? == b"mimetype" && said == ODT.as_bytes())
        .then_some(ODT)
}

/// Whether the parts that say what the others are name none that runs; none where they cannot be read.
fn tells_of_no_program(content: &[u8], parts: &[Part]) -> Option<bool> {
    let mut telling = parts
        .iter()
        .filter(|p| p.name == "[content_types].xml" || p.name.rsplit('.').next() == Some("rels"));
    if telling.clone().count() > MOST_PARTS {
        return None;
    }
    telling.try_fold(true, |clean, part| {
        let text = part.text(content)?;
        let runs = LISTED_PROGRAMS.iter().any(|p| text.contains(p));
        let mut relations = text.split('<');
        let fetched = relations.any(|relation| {
            relation.contains("attachedtemplate")
                && ELSEWHERE
                    .iter()
                    .any(|place| relation.contains(&format!("target=\"{place}")))
        });
        Some(clean && !runs && !fetched)
    })
}

/// A file of an archive, as the directory has it.
struct Part {
    /// Its name, in small letters and with `/` between folders: programs that open it make no difference.
    name: String,
    stored: bool,
    packed: usize,
    unpacked: usize,
    /// Where it stands.
    at: usize,
}

impl Part {
    fn is_program(&self) -> bool {
        PROGRAMS.iter().any(|p| self.name.contains(p))
            || ENDINGS.iter().any(|e| self.name.ends_with(e))
    }

    /// Its text in small letters, where it is one, and not too long.
    fn text(&self, content: &[u8]) -> Option<String> {
        if self.unpacked > MOST_OF_A_PART {
            return None;
        }
        let head = self.at;
        if !content.get(head..)?.starts_with(b"PK\x03\x04") {
            return None;
        }
        let from = head + 30 + number(content, head + 26, 2)? + number(content, head + 28, 2)?;
        let packed = content.get(from..from.checked_add(self.packed)?)?;
        let bytes = if self.stored {
            packed.to_vec()
        } else {
            decompress_to_vec_with_limit(packed, self.unpacked).ok()?
        };
        let text = text_of(&bytes)?;
        // Letters may be written as numbers; in what these parts tell none has to be.
        (!text.contains("&#")).then(|| text.to_lowercase().replace('\'', "\""))
    }
}

/// The files of an archive, from its directory; none where the bytes are no archive.
fn listed(content: &[u8]) -> Option<Vec<Part>> {
    if !content.starts_with(b"PK\x03\x04") {
        return None;
    }
    let first = content.len().saturating_sub(END + COMMENT);
    let end = (first..=content.len().checked_sub(END)?)
        .rev()
        .find(|at| content[*at..].starts_with(b"PK\x05\x06"))?;
    let mut at = number(content, end + 16, 4)?;
    let mut parts = Vec::new();
    for _ in 0..number(content, end + 10, 2)? {
        if !content.get(at..)?.starts_with(b"PK\x01\x02") {
            return None;
        }
        let length = number(content, at + 28, 2)?;
        let name = content.get(at + 46..at + 46 + length)?;
        let name = String::from_utf8_lossy(name);
        parts.push(Part {
            name: name.to_lowercase().replace('\\', "/"),
            stored: match number(content, at + 10, 2)? {
                0 => true,
                8 => false,
                _ => return None,
            },
            packed: number(content, at + 20, 4)?,
            unpacked: number(content, at + 24, 4)?,
            at: number(content, at + 42, 4)?,
        });
        at += 46 + length + number(content, at + 30, 2)? + number(content, at + 32, 2)?;
    }
    Some(parts)
}

/// A number of so many bytes, the lowest first.
fn number(content: &[u8], at: usize, bytes: usize) -> Option<usize> {
    let bytes = content.get(at..at.checked_add(bytes)?)?;
    Some(
        bytes
            .iter()
            .rev()
            .fold(0, |n, byte| n << 8 | usize::from(*byte)),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An archive of files that are stored as they are.
    fn archive(files: &[(&str, &str)]) -> Vec<u8> {
        let (mut all, mut directory) = (Vec::new(), Vec::new());
        let two = |n: usize| (n as u16).to_le_bytes();
        let four = |n: usize| (n as u32).to_le_bytes();
        for (name, text) in files {
            let at = all.len();
            // A name that says how much it is, so that a test need not have it.
            let unpacked = name.split('@').nth(1).and_then(|n| n.parse().ok());
            let unpacked: usize = unpacked.unwrap_or(text.len());
            all.extend(b"PK\x03\x04\x14\0\0\0\0\0\0\0\0\0\0\0\0\0");
            all.extend(four(text.len()));
            all.extend(four(text.len()));
            all.extend(two(name.len()));
            all.extend(two(0));
            all.extend(name.bytes().chain(text.bytes()));
            directory.extend(b"PK\x01\x02\x14\0\x14\0\0\0\0\0\0\0\0\0\0\0\0\0");
            directory.extend(four(text.len()));
            directory.extend(four(unpacked));
            directory.extend(two(name.len()));
            directory.extend([0; 12]);
            directory.extend(four(at));
            directory.extend(name.bytes());
        }
        let (at, size) = (all.len(), directory.len());
        all.extend(directory);
        all.extend(b"PK\x05\x06\0\0\0\0");
        all.extend(two(files.len()));
        all.extend(two(files.len()));
        all.extend(four(size));
        all.extend(four(at));
        all.extend(two(0));
        all
    }

    #[test]
    fn office_files_are_told_by_what_is_in_them() {
        let types = ("[Content_Types].xml", "<Types/>");
        let word = archive(&[types, ("_rels/.rels", ""), ("word/document.xml", "<w/>")]);
        assert_eq!(office_type(&word), Some(DOCX));
        let table = archive(&[("xl/workbook.xml", ""), types]);
        assert_eq!(office_type(&table), Some(XLSX));
        let open = archive(&[("mimetype", ODT), ("content.xml", "<o/>")]);
        assert_eq!(office_type(&open), Some(ODT));
        let plain = archive(&[("word/document.xml", ""), ("run.exe", "MZ")]);
        assert_eq!(
            office_type(&plain),
            None,
            "an archive that only looks like one"
        );
    }

    #[test]
    fn files_with_programs_inside_are_not_taken() {
        let macros = archive(&[
            ("[Content_Types].xml", ""),
            ("word/document.xml", ""),
            ("word/vbaProject.bin", "MZ"),
        ]);
        assert_eq!(office_type(&macros), None);
        let basic = archive(&[
            ("mimetype", ODT),
            ("content.xml", ""),
            ("Basic/Standard/Module1.xml", ""),
        ]);
        assert_eq!(office_type(&basic), None);
    }

    #[test]
    fn programs_are_found_under_any_name_and_wherever_they_are_fetched_from() {
        let types = ("[Content_Types].xml", "<Types/>");
        let (document, sheet) = (("word/document.xml", ""), ("xl/workbook.xml", ""));
        let relation = |kind: &str, target: &str| {
            format!(
                "<Relationships><Relationship Type='http://schemas.example/{kind}' Target='{target}' TargetMode='External'/></Relationships>"
            )
        };
        let renamed = "<Types><Override PartName='/word/x.bin' ContentType='application/vnd.ms-office.VbaProject'/></Types>";
        let by_relation = relation("2006/relationships/vbaProject", "x.bin");
        let fetched = relation("attachedTemplate", "https://example.org/x.dotm");
        let rels = "word/_rels/settings.xml.rels";
        for parts in [
            &[types, document, ("WORD/VBAPROJECT.BIN", "")][..],
            &[types, document, ("word\\vbaProject.bin", "")],
            &[
                ("[Content_Types].xml", renamed),
                document,
                ("word/x.bin", ""),
            ],
            &[
                types,
                document,
                ("word/_rels/document.xml.rels", &by_relation),
            ],
            &[types, sheet, ("xl/macrosheets/sheet1.xml", "")],
            &[types, document, ("word/embeddings/oleObject1.bin", "")],
            &[types, document, ("word/embeddings/Sheet.XLSM", "")],
            &[types, document, (rels, &fetched)],
            &[types, document, ("word/media/a.png@200000000", "")],
        ] {
            let names: Vec<&str> = parts.iter().map(|(name, _)| *name).collect();
            assert_eq!(office_type(&archive(parts)), None, "{names:?}");
        }
        let own = relation("attachedTemplate", "file:///C:/Users/ann/Normal.dotx");
        let link = relation("hyperlink", "https://example.org/");
        for text in [own, link] {
            let parts = [types, document, (rels, text.as_str())];
            assert_eq!(office_type(&archive(&parts)), Some(DOCX), "{text}");
        }
    }

    #[test]
    fn broken_archives_are_no_files_of_ours() {
        let whole = archive(&[("[Content_Types].xml", ""), ("word/document.xml", "")]);
        for length in 0..whole.len() {
            assert_eq!(office_type(&whole[..length]), None, "{length} bytes");
        }
        let mut astray = whole;
        let at = astray.len() - 6;
        astray[at..at + 4].copy_from_slice(&u32::MAX.to_le_bytes());
        assert_eq!(office_type(&astray), None);
    }
}

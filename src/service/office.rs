//! Office files: text documents and tables, told by what their archive lists, never by their names. Those with programs inside are none.

/// What is taken of them.
pub(super) const DOCX: &str =
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
pub(super) const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
pub(super) const ODT: &str = "application/vnd.oasis.opendocument.text";

/// Length of the record at an archive's end, and the longest comment after it.
const END: usize = 22;
const COMMENT: usize = 65_535;

/// The media type of an office file; none where the bytes are anything else.
pub(super) fn office_type(content: &[u8]) -> Option<&'static str> {
    let names = listed(content)?;
    let has = |name: &str| names.contains(&name.as_bytes());
    let ends = |name: &str| names.iter().any(|n| n.ends_with(name.as_bytes()));
    let begins = |name: &str| names.iter().any(|n| n.starts_with(name.as_bytes()));
    if ends("vbaProject.bin") || begins("Basic/") || begins("Scripts/") {
        return None;
    }
    if has("[Content_Types].xml") {
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

/// The names of an archive's files, from its directory; none where the bytes are no archive.
fn listed(content: &[u8]) -> Option<Vec<&[u8]>> {
    if !content.starts_with(b"PK\x03\x04") {
        return None;
    }
    let first = content.len().saturating_sub(END + COMMENT);
    let end = (first..=content.len().checked_sub(END)?)
        .rev()
        .find(|at| content[*at..].starts_with(b"PK\x05\x06"))?;
    let mut at = number(content, end + 16, 4)?;
    let mut names = Vec::new();
    for _ in 0..number(content, end + 10, 2)? {
        if !content.get(at..)?.starts_with(b"PK\x01\x02") {
            return None;
        }
        let length = number(content, at + 28, 2)?;
        names.push(content.get(at + 46..at + 46 + length)?);
        at += 46 + length + number(content, at + 30, 2)? + number(content, at + 32, 2)?;
    }
    Some(names)
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
            all.extend(b"PK\x03\x04\x14\0\0\0\0\0\0\0\0\0\0\0\0\0");
            all.extend(four(text.len()));
            all.extend(four(text.len()));
            all.extend(two(name.len()));
            all.extend(two(0));
            all.extend(name.bytes().chain(text.bytes()));
            directory.extend(b"PK\x01\x02\x14\0\x14\0\0\0\0\0\0\0\0\0\0\0\0\0");
            directory.extend(four(text.len()));
            directory.extend(four(text.len()));
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

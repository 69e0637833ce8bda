//! A text as a PDF of A4 pages, in the one typeface that every reader has.

use pdf_writer::{Content, Name, Pdf, Rect, Ref, Str};

/// Millimetres of A4 in points, its margins, and the size of letters and lines.
const PAGE: (f32, f32) = (595.0, 842.0);
const MARGIN: f32 = 71.0;
const SIZE: f32 = 11.0;
const LINE: f32 = 15.0;

/// How wide Helvetica's letters are, in thousandths of their size, from the blank on (Adobe's font metrics,
/// Windows-1252).
const WIDTHS: [u16; 224] = [
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556,
    556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667,
    611, 778, 722, 278, 500, 667, 556, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667,
    667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500,
    222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
    350, 556, 350, 222, 556, 333, 1000, 556, 556, 333, 1000, 667, 333, 1000, 350, 611, 350, 350,
    222, 222, 333, 333, 350, 556, 1000, 333, 1000, 500, 333, 944, 350, 500, 667, 278, 333, 556,
    556, 556, 556, 260, 556, 333, 737, 370, 556, 584, 333, 737, 333, 400, 584, 333, 333, 333, 556,
    537, 278, 333, 333, 365, 556, 834, 834, 834, 611, 667, 667, 667, 667, 667, 667, 1000, 722, 667,
    667, 667, 667, 278, 278, 278, 278, 722, 722, 778, 778, 778, 778, 778, 584, 778, 722, 722, 722,
    722, 667, 667, 611, 556, 556, 556, 556, 556, 556, 889, 500, 556, 556, 556, 556, 278, 278, 278,
    278, 556, 556, 556, 556, 556, 556, 556, 584, 611, 556, 556, 556, 556, 500, 556, 500,
];

/// Text in Windows-1252; what that has no sign for is a question mark.
fn encoded(text: &str) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    for c in text.chars().filter(|c| !c.is_control()) {
        let one = c.to_string();
        let (bytes, _, unknown) = encoding_rs::WINDOWS_1252.encode(&one);
        if unknown {
            out.push(b'?');
        } else {
            out.extend_from_slice(&bytes);
        }
    }
    out
}

/// How wide a line is, in points.
fn width(line: &[u8]) -> f32 {
    let of = |b: &u8| usize::from(*b).checked_sub(32).map_or(0, |at| WIDTHS[at]);
    line.iter().map(|b| f32::from(of(b))).sum::<f32>() * SIZE / 1000.0
}

/// The lines of a text, as wide as the page allows.
fn lines(text: &str) -> Vec<Vec<u8>> {
    let room = PAGE.0 - 2.0 * MARGIN;
    let mut lines = Vec::new();
    for paragraph in text.lines() {
        let mut line: Vec<u8> = Vec::new();
        for word in paragraph.split_whitespace().map(encoded) {
            let mut longer = line.clone();
            if !longer.is_empty() {
                longer.push(b' ');
            }
            longer.extend_from_slice(&word);
            if width(&longer) <= room || line.is_empty() {
                line = longer;
            } else {
                lines.push(std::mem::replace(&mut line, word));
            }
            // A word that is wider than the page is broken where it must be.
            while width(&line) > room {
                let fits = (1..line.len()).rev().find(|n| width(&line[..*n]) <= room);
                let rest = line.split_off(fits.unwrap_or(1));
                lines.push(std::mem::replace(&mut line, rest));
            }
        }
        lines.push(line);
    }
    lines
}

/// The file's bytes.
pub fn of(title: &str, text: &str) -> Vec<u8> {
    let mut pdf = Pdf::new();
    let mut next = 0;
    let mut id = || {
        next += 1;
        Ref::new(next)
    };
    let (catalog, tree, font, info) = (id(), id(), id(), id());
    let lines = lines(text);
    let on_page = ((PAGE.1 - 2.0 * MARGIN) / LINE) as usize;
    let pages: Vec<(Ref, Ref, &[Vec<u8>])> = lines
        .chunks(on_page.max(1))
        .map(|lines| (id(), id(), lines))
        .collect();
    pdf.catalog(catalog).pages(tree);
    pdf.document_info(info).title(pdf_writer::TextStr(title));
    pdf.pages(tree)
        .kids(pages.iter().map(|(page, _, _)| *page))
        .count(i32::try_from(pages.len()).unwrap_or(i32::MAX));
    pdf.type1_font(font)
        .base_font(Name(b"Helvetica"))
        .encoding_predefined(Name(b"WinAnsiEncoding"));
    for (page, content, lines) in &pages {
        let mut drawn = Content::new();
        drawn.begin_text();
        drawn.set_font(Name(b"F"), SIZE);
        drawn.set_leading(LINE);
        drawn.next_line(MARGIN, PAGE.1 - MARGIN - SIZE);
        for line in *lines {
            drawn.show(Str(line));
            drawn.next_line(0.0, -LINE);
        }
        drawn.end_text();
        pdf.stream(*content, &drawn.finish());
        let mut written = pdf.page(*page);
        written.parent(tree).contents(*content);
        written.media_box(Rect::new(0.0, 0.0, PAGE.0, PAGE.1));
        written.resources().fonts().pair(Name(b"F"), font);
    }
    pdf.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_letter_has_pages_and_no_line_is_wider_than_they_are() {
        let text = format!(
            "Dear Íñigo – “well”,\n\n{}\n{}",
            "words and more words ".repeat(300),
            "x".repeat(500)
        );
        let room = PAGE.0 - 2.0 * MARGIN;
        assert!(lines(&text).iter().all(|l| width(l) <= room));
        let file = of("A letter", &text);
        assert!(file.starts_with(b"%PDF-1.7") && file.len() > 5_000);
        let pages = file.windows(12).filter(|w| w == b"/Type /Page\n").count();
        assert!(pages >= 2, "{pages} pages");
    }
}

//! A draft taken apart and put together again: its sentences, and its capitals.

/// The sentences that end before `end`, at least the first.
pub(super) fn first_sentences(draft: &str, end: usize) -> String {
    let cut = draft[..end].rfind(['.', '!', '?']).map_or(end, |i| i + 1);
    draft[..cut].trim().to_owned()
}

/// The sentence around a stretch of text.
pub(super) fn sentence(text: &str, start: usize, end: usize) -> (usize, usize) {
    let from = text[..start]
        .rfind(['.', '!', '?', '\n'])
        .map_or(0, |i| i + 1);
    // A match may already take the full stop with it.
    let seek = if text[..end].ends_with(['.', '!', '?']) {
        end - 1
    } else {
        end
    };
    let to = text[seek..]
        .find(['.', '!', '?', '\n'])
        .map_or(text.len(), |i| seek + i + 1);
    (from, to)
}

pub(super) fn replaced(draft: &str, start: usize, end: usize, better: &str) -> String {
    let parts = [draft[..start].trim(), better, draft[end..].trim()];
    parts
        .into_iter()
        .filter(|p| !p.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

/// Capitals to small letters, but for the beginnings of sentences and "I".
pub(super) fn soften(text: &str) -> String {
    let mut begins = true;
    text.split_inclusive(' ')
        .map(|word| {
            let lower = word.to_lowercase();
            let out = if begins || word.trim() == "I" {
                lower
                    .chars()
                    .take(1)
                    .flat_map(char::to_uppercase)
                    .chain(lower.chars().skip(1))
                    .collect()
            } else {
                lower
            };
            begins = word.trim_end().ends_with(['.', '!', '?']);
            out
        })
        .collect()
}

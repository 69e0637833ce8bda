//! A text that is longer than what is read in one go.

/// Longest stretch of a text that is read in one go, in bytes.
pub(super) const AT_ONCE: usize = 16_384;
/// How many stretches are read at most: half a megabyte, some hundred pages.
const MOST: usize = 32;

/// What is read of a text in one go, from its beginning.
pub(super) fn clip(text: &str) -> &str {
    &text[..text.floor_char_boundary(AT_ONCE)]
}

/// A text in stretches, each as long as can be read in one go, cut between lines, else between words.
pub fn pieces(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    let next = move || {
        if rest.is_empty() {
            return None;
        }
        let whole = clip(rest);
        let cut = if whole.len() == rest.len() {
            rest.len()
        } else {
            let between = whole.rfind('\n').or_else(|| whole.rfind(' '));
            // A line that is all there is stays with what follows it.
            between.map_or(whole.len(), |at| at + 1)
        };
        let (piece, after) = rest.split_at(cut);
        rest = after;
        Some(piece)
    };
    std::iter::from_fn(next).take(MOST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_left_out_and_no_word_is_cut() {
        let text = "the nurse shouted at me – again. ".repeat(2_000);
        let all: Vec<&str> = pieces(&text).collect();
        assert_eq!(all.concat(), text);
        assert!(all.len() > 3 && all.iter().all(|p| p.len() <= AT_ONCE));
        assert!(all.iter().all(|p| p.ends_with(' ')));
        assert_eq!(pieces("").count(), 0);
    }

    #[test]
    fn a_text_without_a_blank_is_cut_between_letters() {
        let text = "ñ".repeat(AT_ONCE);
        let all: Vec<&str> = pieces(&text).collect();
        assert_eq!(all.concat(), text);
    }
}

//! What the encoder says of each word of a message: whom or what it names in the story.
//!
//! It learned from messages in which people marked it (`training/roles`).

use std::ops::Range;

/// What a stretch of a message names. The order is that of training.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// The writer, by name.
    Own,
    /// Whoever is complained of.
    Blamed,
    /// Whoever it happened to.
    Affected,
    /// Anybody else.
    Other,
    /// Where it happened.
    Place,
    /// Another place.
    Elsewhere,
    /// When it happened.
    When,
    /// Another time.
    OtherWhen,
}

impl Role {
    const ALL: [Self; 8] = [
        Self::Own,
        Self::Blamed,
        Self::Affected,
        Self::Other,
        Self::Place,
        Self::Elsewhere,
        Self::When,
        Self::OtherWhen,
    ];
}

/// Outside every stretch; then for each role its first piece and its others.
pub(super) const TAGS: usize = 1 + 2 * Role::ALL.len();

/// A piece of a word.
#[derive(Clone, Copy, Debug)]
pub(super) struct Piece {
    /// Its number in the vocabulary.
    pub(super) number: i32,
    /// The byte of the text at which it begins.
    pub(super) start: usize,
    /// Whether it goes on with the word of the piece before.
    pub(super) continues: bool,
}

/// One word and how likely each role of it is.
#[derive(Clone, Debug)]
struct Word {
    start: usize,
    /// The most likely tag, of its first piece.
    tag: usize,
    likely: [f32; Role::ALL.len()],
}

/// The roles of all words of a text.
#[derive(Clone, Debug, Default)]
pub(super) struct Roles(Vec<Word>);

impl Roles {
    /// Adds the pieces of one stretch, with how likely each tag of each is.
    pub(super) fn extend(&mut self, pieces: &[Piece], tags: &[f32]) {
        for (piece, of_piece) in pieces.iter().zip(tags.chunks_exact(TAGS)) {
            // A word is what its first piece is.
            if piece.continues {
                continue;
            }
            let mut likely = [0.0; Role::ALL.len()];
            for (n, share) in likely.iter_mut().enumerate() {
                *share = of_piece[1 + 2 * n] + of_piece[2 + 2 * n];
            }
            let tag = (0..TAGS).max_by(|a, b| of_piece[*a].total_cmp(&of_piece[*b]));
            self.0.push(Word {
                start: piece.start,
                tag: tag.unwrap_or(0),
                likely,
            });
        }
    }

    /// The same with the places of another text, from which stretches were cut before this one was read.
    pub(super) fn moved(mut self, cut: &[Range<usize>]) -> Self {
        for word in &mut self.0 {
            for cut in cut {
                if cut.start <= word.start {
                    word.start += cut.len();
                }
            }
        }
        self
    }

    /// How likely a stretch has a role: the mean over its words.
    pub(super) fn likely(&self, at: Range<usize>, role: Role) -> f32 {
        let words = || self.0.iter().filter(|w| at.contains(&w.start));
        let count = words().count();
        if count == 0 {
            return 0.0;
        }
        words().map(|w| w.likely[role as usize]).sum::<f32>() / count as f32
    }

    /// Stretches of the text that have a role, from how likely on.
    pub(super) fn stretches(&self, text: &str, role: Role, from: f32) -> Vec<Range<usize>> {
        let (begins, goes_on) = (1 + 2 * role as usize, 2 + 2 * role as usize);
        let mut found: Vec<Range<usize>> = Vec::new();
        let mut open = false;
        for (n, word) in self.0.iter().enumerate() {
            let end = self.0.get(n + 1).map_or(text.len(), |next| next.start);
            if word.tag == begins || open && word.tag == goes_on {
                match found.last_mut().filter(|_| word.tag == goes_on) {
                    Some(last) => last.end = end,
                    None => found.push(word.start..end),
                }
                open = true;
            } else {
                open = false;
            }
        }
        let bare = |at: Range<usize>| {
            let words = text.get(at.clone()).unwrap_or_default();
            let loose = |c: char| !c.is_alphanumeric() && c != '.' || c.is_whitespace();
            let start = at.start + words.len() - words.trim_start_matches(loose).len();
            let words = words.trim_matches(loose).trim_end_matches('.');
            // "Kelly-Ann": words end at a blank, whatever the encoder cut them into.
            let inside = |c: char| c.is_alphanumeric() || matches!(c, '-' | '\'' | '’');
            let end = start + words.len();
            let rest = text.get(end..).unwrap_or_default();
            let more = rest.find(|c| !inside(c)).unwrap_or(rest.len());
            let more = rest[..more].trim_end_matches(['-', '\'', '’']);
            start..end + more.len()
        };
        let sure = |at: &Range<usize>| self.likely(at.clone(), role) >= from;
        (found.into_iter().map(bare))
            .filter(|at| !at.is_empty() && sure(at))
            .collect()
    }
}

#[cfg(test)]
impl Roles {
    /// Roles of a text in which some words surely have one.
    pub(super) fn told(text: &str, marks: &[(&str, Role)]) -> Self {
        let mut words: Vec<Word> = Vec::new();
        let mut from = 0;
        for word in text.split_inclusive(' ') {
            let start = from;
            from += word.len();
            let mut one = Word {
                start,
                tag: 0,
                likely: [0.0; Role::ALL.len()],
            };
            for (marked, role) in marks {
                let Some(at) = text
                    .find(marked)
                    .filter(|at| (*at..at + marked.len()).contains(&start))
                else {
                    continue;
                };
                one.tag = 1 + 2 * *role as usize + usize::from(at != start);
                one.likely[*role as usize] = 0.95;
            }
            words.push(one);
        }
        Self(words)
    }
}

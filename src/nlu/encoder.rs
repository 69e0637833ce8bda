//! A small pretrained network, fine-tuned on the same hands as the linear model: slower, and better with words that
//! nobody foresaw.
//!
//! Four layers of `MiniLM` with weights of seven bits, run by `rten` on the caller's task, one thread a message.
//! Made by `training/encoder`; `data/MODEL.md` says how and from what.

use super::{
    model::{Head, softmax},
    roles::{Piece, Roles, TAGS},
};
use rten::{ModelOptions, NodeId, RunOptions, ThreadPool, Value};
use rten_text::{
    models::{Model as _, WordPiece, WordPieceOptions},
    normalizers::{Bert, BertOptions, Normalizer as _},
    pre_tokenizers::{self, PreTokenizer as _},
};
use std::{
    collections::HashMap,
    fmt,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

/// Longest stretch that is read at once, in pieces of words; it was trained on as many.
const PIECES: usize = 128;
/// How many such stretches of a long message are read: the others are left to the linear model.
const STRETCHES: usize = 4;

/// Why the encoder cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("the encoder cannot be read: {0}")]
pub struct EncoderError(String);

/// The network and its vocabulary.
pub struct Encoder {
    network: rten::Model,
    vocabulary: Vocabulary,
    ids: NodeId,
    logits: NodeId,
    tags: NodeId,
    /// One thread each, taken in turn: a message is too short to be worth more than one.
    threads: Vec<Arc<ThreadPool>>,
    turn: AtomicUsize,
}

impl fmt::Debug for Encoder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Encoder").finish_non_exhaustive()
    }
}

/// The answers to all questions, in the order of [`Head::ALL`].
pub type Answers = [Vec<f32>; 5];

impl Encoder {
    /// A network in ONNX and the pieces of its vocabulary, one a line.
    ///
    /// # Errors
    /// A network that cannot be run, or a vocabulary that does not go with it.
    pub fn new(network: &'static [u8], vocabulary: &str) -> Result<Self, EncoderError> {
        let wrong = |e: &dyn fmt::Display| EncoderError(e.to_string());
        let network = ModelOptions::with_all_ops()
            .prepack_weights(true)
            .load_static_slice(network)
            .map_err(|e| wrong(&e))?;
        let vocabulary = Vocabulary::new(vocabulary)
            .ok_or_else(|| EncoderError("the vocabulary lacks its marks".to_owned()))?;
        let node = |name: &str| network.node_id(name).map_err(|e| wrong(&e));
        let (ids, logits, tags) = (node("ids")?, node("logits")?, node("tags")?);
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let one = |_| Arc::new(ThreadPool::with_num_threads(1));
        Ok(Self {
            threads: (0..cores).map(one).collect(),
            network,
            vocabulary,
            ids,
            logits,
            tags,
            turn: AtomicUsize::new(0),
        })
    }

    /// How likely each answer is to each question, and who and where is who and where; nothing of a text without
    /// pieces.
    pub fn ask(&self, text: &str) -> Option<Seen> {
        let pieces = self.vocabulary.pieces(text)?;
        let mut answers = Vec::new();
        let mut roles = Roles::default();
        for stretch in pieces.chunks(PIECES - 2).take(STRETCHES) {
            let (own, tags) = self.run(stretch)?;
            answers.push(own);
            roles.extend(stretch, &tags);
        }
        Some(Seen {
            answers: together(&answers)?,
            roles,
        })
    }

    /// The answers of one stretch, and for each of its pieces how likely each tag is.
    fn run(&self, pieces: &[Piece]) -> Option<(Answers, Vec<f32>)> {
        let (first, last) = self.vocabulary.marks;
        let mut ids = vec![first];
        ids.extend(pieces.iter().map(|p| p.number));
        ids.push(last);
        let input = Value::from_shape(&[1, ids.len()], ids).ok()?;
        let turn = self.turn.fetch_add(1, Ordering::Relaxed) % self.threads.len();
        let options = RunOptions::default().with_thread_pool(Some(Arc::clone(&self.threads[turn])));
        let outputs = [self.logits, self.tags];
        let [logits, tags] = self
            .network
            .run_n(vec![(self.ids, input.into())], outputs, Some(options))
            .ok()?;
        let numbers = |value: &Value| -> Option<Vec<f32>> {
            let view = value.as_tensor_view::<f32>()?;
            Some(view.iter().copied().collect())
        };
        let (sums, mut tags) = (numbers(&logits)?, numbers(&tags)?);
        let mut rest = sums.as_slice();
        let mut answers = Answers::default();
        for head in Head::ALL {
            let (own, others) = rest.split_at_checked(head.answers())?;
            rest = others;
            answers[head.index()] = own.to_vec();
            softmax(&mut answers[head.index()], f32::exp);
        }
        // Without the marks before and after.
        tags.truncate((pieces.len() + 1) * TAGS);
        let mut tags = tags.split_off(TAGS.min(tags.len()));
        for of_piece in tags.chunks_mut(TAGS) {
            softmax(of_piece, f32::exp);
        }
        Some((answers, tags))
    }
}

/// What the encoder makes of a text.
#[derive(Clone, Debug)]
pub struct Seen {
    /// The answers to all questions.
    pub answers: Answers,
    /// Who and where is who and where.
    pub(super) roles: Roles,
}

/// Words in pieces, by their numbers.
struct Vocabulary {
    letters: Bert,
    words: pre_tokenizers::Bert,
    pieces: WordPiece,
    /// How many bytes each piece has.
    lengths: Vec<usize>,
    /// What stands before and after every text.
    marks: (i32, i32),
}

impl Vocabulary {
    fn new(lines: &str) -> Option<Self> {
        let numbers: HashMap<String, u32> = (lines.lines().zip(0..))
            .map(|(piece, n)| (piece.to_owned(), n))
            .collect();
        let mark = |name: &str| numbers.get(name).map(|n| *n as i32);
        Some(Self {
            marks: (mark("[CLS]")?, mark("[SEP]")?),
            letters: Bert::new(BertOptions {
                lowercase: true,
                strip_accents: true,
            }),
            words: pre_tokenizers::Bert::new(),
            lengths: (lines.lines())
                .map(|piece| piece.trim_start_matches("##").len())
                .collect(),
            pieces: WordPiece::from_vocab(numbers, WordPieceOptions::default()),
        })
    }

    /// The pieces of a text, each with the place where it begins.
    fn pieces(&self, text: &str) -> Option<Vec<Piece>> {
        let (plain, from) = self.letters.normalize(text).ok()?;
        let mut all: Vec<Piece> = Vec::new();
        for word in self.words.pre_tokenize(&plain).ok()? {
            // Words are slices of the whole.
            let at = word.as_ptr() as usize - plain.as_ptr() as usize;
            let mut into = 0;
            let mut add = |_, number: u32| {
                let start = from.get(at + into).copied().unwrap_or(text.len());
                into += self.length(number);
                all.push(Piece {
                    number: number as i32,
                    start,
                    continues: start != from.get(at).copied().unwrap_or(text.len()),
                });
            };
            self.pieces.encode_with_offsets(word, &mut add).ok()?;
        }
        Some(all)
    }

    /// How many bytes of a word a piece is.
    fn length(&self, number: u32) -> usize {
        self.lengths.get(number as usize).copied().unwrap_or(0)
    }
}

/// Several stretches of one message: the mean; and for danger the stretch where it is likeliest.
fn together(all: &[Answers]) -> Option<Answers> {
    let count = all.len() as f32;
    let safest = |a: &Answers| a[Head::RedFlag.index()][0];
    let worst = (all.iter())
        .min_by(|a, b| safest(a).total_cmp(&safest(b)))?
        .clone();
    let mut mean = Answers::default();
    for head in Head::ALL {
        let mut sums = vec![0.0; head.answers()];
        for answers in all {
            for (sum, answer) in sums.iter_mut().zip(&answers[head.index()]) {
                *sum += answer / count;
            }
        }
        mean[head.index()] = sums;
    }
    mean[Head::RedFlag.index()].clone_from(&worst[Head::RedFlag.index()]);
    Some(mean)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::LazyLock;

    static BUILT_IN: LazyLock<Encoder> = LazyLock::new(|| {
        let vocabulary = include_str!("data/encoder.vocabulary.txt");
        Encoder::new(include_bytes!("data/encoder.onnx"), vocabulary).expect("the built-in network")
    });

    #[test]
    fn every_question_is_answered_in_shares_of_one() {
        let seen = BUILT_IN.ask("my mum has fallen and is not answering");
        let answers = seen.expect("words are read").answers;
        for head in Head::ALL {
            let shares = &answers[head.index()];
            assert_eq!(shares.len(), head.answers());
            assert!((shares.iter().sum::<f32>() - 1.0).abs() < 1e-4, "{head:?}");
        }
        assert!(answers[Head::RedFlag.index()][0] < 0.5);
    }

    #[test]
    fn whatever_comes_is_read_or_left() {
        assert!(BUILT_IN.ask("").is_none());
        assert!(BUILT_IN.ask("   ").is_none());
        for odd in [
            "\u{0}\u{200f}",
            "你好",
            "🙂🙂🙂",
            &"a".repeat(20_000),
            &"no. ".repeat(5_000),
        ] {
            if let Some(seen) = BUILT_IN.ask(odd) {
                assert!(seen.answers.iter().flatten().all(|share| share.is_finite()));
            }
        }
    }

    #[test]
    fn danger_at_the_end_of_a_long_message_is_seen() {
        let long = "The parking was fine and the visit went well. ".repeat(12);
        let calm = BUILT_IN.ask(&long).expect("words are read");
        let worse = [&long, "She is not breathing and her lips are blue."].concat();
        let worse = BUILT_IN.ask(&worse).expect("words are read");
        let safe = |seen: &Seen| seen.answers[Head::RedFlag.index()][0];
        assert!(safe(&worse) < safe(&calm));
    }

    #[test]
    fn a_network_that_is_none_is_refused() {
        assert!(Encoder::new(b"no network", "[CLS]\n[SEP]\n").is_err());
    }
}

//! The file that a model is kept in.
//!
//! `NHM1`, one byte whether rules were among the features, then for each question: one byte of bits, the scales and
//! biases (32-bit floats, little-endian, one an answer), then the weights, one signed byte each, row by row. The number
//! of answers is the program's own, so a model for other answers does not fit and is refused.

use super::{Head, Model, Table, features::SLOTS};

const MAGIC: &[u8; 4] = b"NHM1";

/// A model file that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ModelError {
    /// Not a model, or one of another version.
    #[error("this is no model of this version")]
    Magic,
    /// It ends too early, goes on too long, or was made for other answers.
    #[error("the model does not have the length that its parts need")]
    Length,
}

impl Model {
    /// Reads a model.
    ///
    /// # Errors
    /// [`ModelError`], where the bytes are no model of this version.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, ModelError> {
        let mut rest = bytes.strip_prefix(MAGIC).ok_or(ModelError::Magic)?;
        let [with_rules] = take(&mut rest, 1)? else {
            return Err(ModelError::Length);
        };
        let with_rules = *with_rules != 0;
        let mut tables = Vec::with_capacity(Head::ALL.len());
        for head in Head::ALL {
            tables.push(Table::from_bytes(&mut rest, head.answers())?);
        }
        let tables = tables.try_into().map_err(|_| ModelError::Length)?;
        if rest.is_empty() {
            Ok(Self { tables, with_rules })
        } else {
            Err(ModelError::Length)
        }
    }

    /// The bytes that [`Self::from_bytes`] reads.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = MAGIC.to_vec();
        out.push(u8::from(self.with_rules));
        for table in &self.tables {
            table.to_bytes(&mut out);
        }
        out
    }
}

impl Table {
    /// Reads a table of so many answers off the front of `rest`.
    ///
    /// # Errors
    /// [`ModelError::Length`], where it ends too early.
    pub fn from_bytes(rest: &mut &[u8], answers: usize) -> Result<Self, ModelError> {
        let bits = take(rest, 1)?[0];
        if bits > 24 {
            return Err(ModelError::Length);
        }
        let scales = floats(take(rest, answers * 4)?);
        let biases = floats(take(rest, answers * 4)?);
        let weights = take(rest, rows(bits) * answers)?
            .iter()
            .map(|b| b.cast_signed())
            .collect();
        Ok(Self {
            bits,
            scales,
            biases,
            weights,
        })
    }

    /// Puts the bytes that [`Self::from_bytes`] reads behind others.
    pub fn to_bytes(&self, out: &mut Vec<u8>) {
        out.push(self.bits);
        for number in self.scales.iter().chain(&self.biases) {
            out.extend(number.to_le_bytes());
        }
        out.extend(self.weights.iter().map(|w| w.cast_unsigned()));
    }
}

/// Rows of a table: hashed features, then evidence.
pub const fn rows(bits: u8) -> usize {
    (1 << bits) + SLOTS
}

fn take<'a>(rest: &mut &'a [u8], length: usize) -> Result<&'a [u8], ModelError> {
    let (part, after) = rest.split_at_checked(length).ok_or(ModelError::Length)?;
    *rest = after;
    Ok(part)
}

fn floats(bytes: &[u8]) -> Vec<f32> {
    bytes
        .as_chunks::<4>()
        .0
        .iter()
        .map(|b| f32::from_le_bytes(*b))
        .collect()
}

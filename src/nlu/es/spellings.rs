//! Text-speak in Spanish, each with the word that is meant.

pub(super) const SPELLINGS: &[(&str, &str)] = &[
    ("xq", "porque"),
    ("pq", "porque"),
    ("porq", "porque"),
    ("tb", "también"),
    ("tmb", "también"),
    ("dnd", "donde"),
    ("xfa", "por favor"),
    ("xfavor", "por favor"),
    ("q", "que"),
];

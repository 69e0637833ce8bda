//! One spelling for everything, before the rules read it.

use unicode_normalization::UnicodeNormalization;

/// Text-speak and its long form, word by word.
const SHORT: &[(&str, &str)] = &[
    ("u", "you"),
    ("ur", "your"),
    ("r", "are"),
    ("pls", "please"),
    ("plz", "please"),
    ("dont", "don't"),
    ("doesnt", "doesn't"),
    ("didnt", "didn't"),
    ("cant", "can't"),
    ("couldnt", "couldn't"),
    ("wouldnt", "wouldn't"),
    ("wont", "won't"),
    ("isnt", "isn't"),
    ("wasnt", "wasn't"),
    ("werent", "weren't"),
    ("arent", "aren't"),
    ("hasnt", "hasn't"),
    ("havent", "haven't"),
    ("hadnt", "hadn't"),
    ("im", "i'm"),
    ("ive", "i've"),
    ("id", "i'd"),
    ("thats", "that's"),
    ("whats", "what's"),
    ("shes", "she's"),
    ("hes", "he's"),
    ("theyre", "they're"),
    ("theres", "there's"),
    ("b4", "before"),
    ("2day", "today"),
    ("2moro", "tomorrow"),
    ("tmrw", "tomorrow"),
    ("ppl", "people"),
    ("bcs", "because"),
    ("cuz", "because"),
    ("coz", "because"),
    ("wanna", "want to"),
    ("gonna", "going to"),
    ("gotta", "have to"),
    ("appt", "appointment"),
    ("docs", "doctors"),
    ("doc", "doctor"),
    ("neighbor", "neighbour"),
    ("neighbors", "neighbours"),
    ("neigbour", "neighbour"),
    ("neighbur", "neighbour"),
    ("nieghbour", "neighbour"),
    ("complane", "complain"),
    ("complaing", "complain"),
    ("complant", "complaint"),
    ("compliant", "complaint"),
    ("docter", "doctor"),
    ("recieved", "received"),
    ("emergancy", "emergency"),
    ("breth", "breath"),
    ("nurce", "nurse"),
    ("hospitle", "hospital"),
    ("tho", "though"),
    ("smn", "someone"),
    ("sum1", "someone"),
    ("some1", "someone"),
    ("msg", "message"),
    ("n", "and"),
    ("thx", "thanks"),
    ("shoutd", "shouted"),
    ("suiside", "suicide"),
    ("kil", "kill"),
    ("myselfe", "myself"),
    ("abt", "about"),
];

/// Lower case, compatibility forms folded, quotes straightened, control and invisible characters dropped, white space single, text-speak spelled out.
pub(super) fn normalise(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for c in text.nfkc().flat_map(char::to_lowercase) {
        match c {
            '\u{2018}' | '\u{2019}' | '\u{02bc}' | '`' | '\u{00b4}' => folded.push('\''),
            '\u{201c}' | '\u{201d}' => folded.push('"'),
            '\u{2013}' | '\u{2014}' => folded.push('-'),
            c if c.is_whitespace() => folded.push(' '),
            c if c.is_control() || is_invisible(c) => {}
            c => folded.push(c),
        }
    }
    let mut out = String::with_capacity(folded.len() + 8);
    for word in folded.split(' ').filter(|w| !w.is_empty()) {
        if !out.is_empty() {
            out.push(' ');
        }
        let core_len = word.trim_end_matches(['.', ',', '!', '?', ';', ':']).len();
        let (core, tail) = word.split_at(core_len);
        match SHORT.iter().find(|(short, _)| *short == core) {
            Some((_, long)) => out.push_str(long),
            None => out.push_str(core),
        }
        out.push_str(tail);
    }
    out
}

/// Letters without their accents, for rules that should not depend on them.
pub(super) fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_owned();
    }
    text.nfd()
        .filter(|c| !unicode_normalization::char::is_combining_mark(*c))
        .collect()
}

/// Joiners, direction marks and the like: they carry no words, and are used to hide them.
const fn is_invisible(c: char) -> bool {
    matches!(c, '\u{00ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fe00}'..='\u{fe0f}')
}

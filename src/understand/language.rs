//! Which language a message is in.

/// Words that make a short message English enough; detection by letters alone is unsure of anything under a sentence.
const ENGLISH: &[&str] = &[
    "the", "i", "you", "my", "is", "a", "to", "and", "was", "it", "of", "in", "no", "yes", "hello",
    "hi", "please", "thanks", "help", "me", "your", "she", "he", "they", "i'm", "it's", "don't",
    "on", "at", "for", "what", "when", "how", "ok",
];

/// ISO 639-1 code of the language of `text`; `en` where it cannot be told.
pub(super) fn detect(text: &str, plain: &str) -> String {
    let words: Vec<&str> = plain
        .split_whitespace()
        .map(|w| w.trim_matches(|c: char| !c.is_alphanumeric() && c != '\''))
        .collect();
    let english = words.iter().filter(|w| ENGLISH.contains(w)).count();
    if plain.is_ascii() && (words.len() < 4 || english * 5 >= words.len()) {
        return "en".to_owned();
    }
    let Some(info) = whatlang::detect(text) else {
        return "en".to_owned();
    };
    let sure = info.is_reliable() || info.script() != whatlang::Script::Latin;
    match (sure, code(info.lang())) {
        (true, Some(code)) => code.to_owned(),
        _ => "en".to_owned(),
    }
}

/// ISO 639-1 of the languages that are told apart.
const fn code(lang: whatlang::Lang) -> Option<&'static str> {
    use whatlang::Lang as L;
    Some(match lang {
        L::Eng => "en",
        L::Spa => "es",
        L::Fra => "fr",
        L::Deu => "de",
        L::Ita => "it",
        L::Por => "pt",
        L::Pol => "pl",
        L::Ron => "ro",
        L::Nld => "nl",
        L::Tur => "tr",
        L::Rus => "ru",
        L::Ukr => "uk",
        L::Ara => "ar",
        L::Urd => "ur",
        L::Pes => "fa",
        L::Heb => "he",
        L::Hin => "hi",
        L::Ben => "bn",
        L::Pan => "pa",
        L::Guj => "gu",
        L::Tam => "ta",
        L::Cmn => "zh",
        L::Jpn => "ja",
        L::Kor => "ko",
        L::Vie => "vi",
        L::Ell => "el",
        L::Hun => "hu",
        L::Ces => "cs",
        L::Lit => "lt",
        L::Bul => "bg",
        _ => return None,
    })
}

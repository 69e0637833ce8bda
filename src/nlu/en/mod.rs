//! All that is English.

mod dates;
#[cfg(test)]
pub(super) mod dates_tests;
mod day_names;
mod people;
mod places;
mod spellings;
mod spoken;
#[cfg(test)]
mod stretches_tests;

use super::{
    entities::dates::words::DayWords,
    pack::{FigureWords, Language, PeopleWords, SpokenWords, Trust},
};

/// English, of Britain, America and the rest of the world.
#[derive(Debug)]
pub(super) struct English;

impl Language for English {
    fn code(&self) -> &'static str {
        "en"
    }

    fn rules(&self) -> &'static str {
        include_str!("rules.yaml")
    }

    fn red_flags(&self) -> &'static str {
        include_str!("red_flags.yaml")
    }

    fn lexicon(&self) -> &'static str {
        include_str!("lexicon.yaml")
    }

    fn ordinary(&self) -> &'static str {
        include_str!("ordinary.txt")
    }

    fn given_names(&self) -> &'static str {
        include_str!("given_names.txt")
    }

    fn spellings(&self) -> &'static [(&'static str, &'static str)] {
        spellings::SPELLINGS
    }

    fn days(&self) -> &'static DayWords {
        &dates::DAYS
    }

    fn people(&self) -> &'static PeopleWords {
        &people::PEOPLE
    }

    fn places(&self) -> &'static [&'static str] {
        places::PLACES
    }

    fn place_leads(&self) -> &'static [&'static str] {
        places::LEADS
    }

    fn says_where(&self) -> &'static [&'static str] {
        places::WHERE
    }

    fn spoken(&self) -> &'static SpokenWords {
        &spoken::SPOKEN
    }

    fn figures(&self) -> &'static FigureWords {
        &spoken::FIGURES
    }

    fn trust(&self) -> Trust {
        Trust {
            danger: 1.0,
            encoder: 0.5,
        }
    }
}

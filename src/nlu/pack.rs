//! What a language brings: the trait that each of them implements in a folder of its own.

use super::entities::dates::words::DayWords;
use std::fmt::Debug;

/// One language: its rules as data, its words of days, people, places and numbers, and how far the models are
/// believed in it.
pub(super) trait Language: Debug + Sync {
    /// ISO 639-1 code.
    fn code(&self) -> &'static str;
    /// Weighted patterns, cues, and how messages fall into clauses, as YAML (`rules.rs`).
    fn rules(&self) -> &'static str;
    /// Phrases of danger and their exceptions, as YAML (`red_flags.rs`).
    fn red_flags(&self) -> &'static str;
    /// Families of words that mean much the same, as YAML (`model/features.rs`).
    fn lexicon(&self) -> &'static str;
    /// Words of every day, one a line (`ordinary.rs`).
    fn ordinary(&self) -> &'static str;
    /// First names that are common where it is spoken, one a line (`given_names.rs`).
    fn given_names(&self) -> &'static str;
    /// Text-speak and frequent misspellings, each with the word that is meant.
    fn spellings(&self) -> &'static [(&'static str, &'static str)];
    /// Words of days.
    fn days(&self) -> &'static DayWords;
    /// Words of people.
    fn people(&self) -> &'static PeopleWords;
    /// How places are named, most exact first.
    fn places(&self) -> &'static [&'static str];
    /// Words before a place that are no part of it.
    fn place_leads(&self) -> &'static [&'static str];
    /// Words by which a sentence says where.
    fn says_where(&self) -> &'static [&'static str];
    /// Numbers and addresses as they are spoken.
    fn spoken(&self) -> &'static SpokenWords;
    /// Words of sums and of numbers that others gave.
    fn figures(&self) -> &'static FigureWords;
    /// How far the models are believed in this language.
    fn trust(&self) -> Trust;
}

/// How far the models are believed in a language; chosen on hands that they were not made on.
#[derive(Clone, Copy, Debug)]
pub(super) struct Trust {
    /// How many times likelier danger must be than in the language that the models know best.
    pub(super) danger: f32,
    /// How much the encoder weighs beside the linear model, 0 to 1.
    pub(super) encoder: f32,
}

/// Words of people, as parts of regular expressions. `NAME`, `ROLE` and `KIN` stand for a name and for the lists.
#[derive(Debug)]
pub(super) struct PeopleWords {
    /// What staff are called by what they do.
    pub(super) roles: &'static str,
    /// Family and others whom things happen to.
    pub(super) kin: &'static str,
    /// How writers give their own name, which is the first group.
    pub(super) own_name: &'static [&'static str],
    /// How writers give their own name, or another's ("it's Denise").
    pub(super) perhaps_own: &'static [&'static str],
    /// What stands before somebody of the writer's own ("my dispenser Priti").
    pub(super) mine: &'static str,
    /// What follows the name of a writer who is kin of whom it happened to ("Ivo Tanner, his son").
    pub(super) their_kin: &'static str,
    /// How members of staff are told, most exact first.
    pub(super) staff: &'static [(StaffGroups, &'static str)],
    /// How the person it happened to is told; the first group is what they are to the writer.
    pub(super) affected: &'static [&'static str],
    /// Others whom the writer does not know; the first group is what they are.
    pub(super) strangers: Option<&'static str>,
    /// Whose kin writes ("I'm Doris Webb's daughter"); the first group is the name.
    pub(super) of_whom: &'static [&'static str],
    /// The name beside the kin; the first group is the name.
    pub(super) kin_name: &'static str,
    /// What follows one of the kin who does it to the writer ("my husband hits me").
    pub(super) by_kin: &'static str,
    /// What leads to somebody who is told of it, or is not to be told ("don't tell my mum").
    pub(super) told: &'static str,
    /// What somebody was told of the writer ("told my mum about my results"): it happened to the writer.
    pub(super) told_of_writer: &'static str,
    /// What follows whoever writes ("foster mum here").
    pub(super) speaks: &'static str,
    /// What happened to the writer.
    pub(super) myself: &'static str,
    /// Those of the kin beside whom things happen to the writer ("my neighbour's nurse shouted at me").
    pub(super) beside: &'static [&'static str],
    /// Capitalised words that stand where names do, and are none.
    pub(super) not_names: &'static [&'static str],
    /// What leads to a name, whatever letters it is written in.
    pub(super) called: &'static str,
    /// Words before that ("she is called").
    pub(super) who_is: &'static str,
    /// Pronouns with a shortened verb ("it's").
    pub(super) shortened: &'static str,
    /// People who are neither family nor staff ("my patient").
    pub(super) persons: &'static [&'static str],
    /// Words that speak of a man, and what men are to the writer; the same of women. As parts of regular expressions.
    pub(super) genders: Option<[(&'static str, &'static str); 2]>,
    /// What is the writer's own, and nobody: "just my fence".
    pub(super) own_things: &'static str,
    /// Words beside a role that tell nobody apart.
    pub(super) little: &'static [&'static str],
    /// What leads to the place where somebody works ("the manager at Rosewood").
    pub(super) workplace: &'static [&'static str],
    /// Articles before a person, each with its blank.
    pub(super) articles: &'static [&'static str],
    /// What stands before or after a name out of courtesy.
    pub(super) courtesy: &'static [&'static str],
    /// Titles that belong to a name.
    pub(super) titles: &'static str,
    /// Titles that say what somebody does, each with the roles that it fits.
    pub(super) titled: &'static [(&'static str, &'static str)],
}

/// Which groups of a pattern of staff are name and role.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum StaffGroups {
    RoleName,
    NameRole,
    Name,
    Role,
}

/// Numbers and addresses as they are spoken.
#[derive(Debug)]
pub(super) struct SpokenWords {
    pub(super) digits: &'static [(&'static str, char)],
    /// Words that say a figure of two, the second of which may follow by itself ("seventy seven").
    pub(super) tens: &'static [(&'static str, char)],
    /// How often the next figure is said.
    pub(super) times: &'static [(&'static str, usize)],
    /// Two noughts.
    pub(super) hundred: &'static [&'static str],
    /// What may stand between a ten and a figure.
    pub(super) and: &'static [&'static str],
    /// `@`.
    pub(super) at: &'static str,
    /// `.`.
    pub(super) dot: &'static [&'static str],
    /// Other signs of addresses.
    pub(super) signs: &'static [(&'static str, &'static str)],
}

/// Words of sums and numbers, as parts of regular expressions.
#[derive(Debug)]
pub(super) struct FigureWords {
    /// What money is called after its sum.
    pub(super) money: &'static str,
    /// What has a number that others gave.
    pub(super) numbered: &'static str,
    /// What a number is called.
    pub(super) number: &'static str,
    /// What may stand between that and the number.
    pub(super) copula: &'static str,
}

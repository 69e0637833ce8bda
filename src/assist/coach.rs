//! The coach under the draft: what would hurt, why, and a better way to say it. It praises nothing and never nags: no finding on a good draft.

use super::{
    draft_text::{first_sentences, replaced, sentence, soften},
    empathy::Empathy,
    reading::Reading,
};
use crate::{
    domain::{Emotion, interpretation::Intensity},
    flow::{FlowError, Texts},
    nlu::Interpreter,
};
use regex::{Regex, RegexBuilder};
use serde::{Deserialize, Serialize};
use serde_saphyr::Spanned;
use std::ops::Range;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawRule {
    rule: Spanned<String>,
    catches: String,
    source: String,
    why: String,
    advice: String,
    better: String,
    #[serde(default)]
    serious: bool,
    #[serde(default)]
    about: Option<About>,
    #[serde(default)]
    patterns: Vec<Spanned<String>>,
    #[serde(default)]
    unless: Option<Spanned<String>>,
    #[serde(default)]
    cased: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum About {
    Customer,
    ThirdParty,
}

#[derive(Debug)]
struct Rule {
    name: String,
    catches: String,
    source: String,
    why: String,
    advice: String,
    better: String,
    serious: bool,
    about: Option<About>,
    patterns: Vec<Regex>,
    unless: Option<Regex>,
}

/// Something in a draft that would hurt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Finding {
    /// Which rule.
    pub rule: String,
    /// First byte of the words; 0 where something is missing rather than wrong.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
    /// What to do instead.
    pub advice: String,
    /// Why it would hurt.
    pub why: String,
    /// From where the rule comes.
    pub source: String,
    /// The whole draft with a better sentence in the place of the one at fault; the agent's facts stay.
    pub rewrite: String,
    /// Whether a reply with it is held until the agent has seen this.
    pub serious: bool,
}

/// What the coach says to a draft.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Review {
    /// Nothing was found.
    pub ok: bool,
    /// What was found, in the order of the draft.
    pub findings: Vec<Finding>,
    /// How much empathy it shows.
    pub empathy: Empathy,
}

/// One rule as a page to read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Page<'a> {
    /// Its name.
    pub rule: &'a str,
    /// What it catches.
    pub catches: &'a str,
    /// Why it would hurt.
    pub why: &'a str,
    /// From where it comes.
    pub source: &'a str,
    /// What to do instead.
    pub advice: &'a str,
    /// A better way to say it; empty where the draft itself is made better.
    pub better: &'a str,
    /// Whether a reply that breaks it is held until the agent has seen why.
    pub serious: bool,
}

/// The rules, compiled.
#[derive(Debug)]
pub struct Coach {
    rules: Vec<Rule>,
    acknowledges: Regex,
    next_step: Regex,
    third_party: Regex,
    grievance: Regex,
}

fn own(pattern: &str) -> Regex {
    Regex::new(&format!("(?i){pattern}")).expect("the program's own patterns are tested")
}

impl Coach {
    /// Reads `en/coach.yaml`.
    ///
    /// # Errors
    /// A file that cannot be read, or a pattern that is wrong, with its place.
    pub fn load(texts: &Texts) -> Result<Self, FlowError> {
        let file = "en/coach.yaml";
        let raw: Vec<RawRule> = texts.yaml(file)?;
        let rules = raw
            .into_iter()
            .map(|r| {
                let compile = |p: &Spanned<String>| {
                    RegexBuilder::new(&p.value)
                        .case_insensitive(!r.cased)
                        .multi_line(true)
                        .build()
                        .map_err(|e| {
                            FlowError::at(
                                file,
                                p.referenced,
                                format!("rule '{}': {e}", r.rule.value),
                            )
                        })
                };
                Ok(Rule {
                    patterns: r.patterns.iter().map(compile).collect::<Result<_, _>>()?,
                    unless: r.unless.as_ref().map(compile).transpose()?,
                    name: r.rule.value.clone(),
                    catches: r.catches.clone(),
                    source: r.source.clone(),
                    why: r.why.clone(),
                    advice: r.advice.clone(),
                    better: r.better.clone(),
                    serious: r.serious,
                    about: r.about,
                })
            })
            .collect::<Result<_, FlowError>>()?;
        Ok(Self {
            rules,
            acknowledges: own(
                r"\b(?:sorry|apologi[sz]e|thank you for (?:telling|letting|writing|taking|sharing|raising|getting|coming|bringing|asking|saying)|thanks for (?:telling|letting|raising)|must (?:have|be|feel|weigh|make)|no wonder|(?:makes|make) (?:perfect )?sense (?:to|that)|glad you(?:'ve)? (?:asked|came|said)|can't have been easy|wears anyone down|is (?:hard|frightening|hurtful|upsetting)|was (?:a )?(?:hurtful|hard|frightening|horrible)|i (?:can )?(?:see|hear|understand|imagine)|that (?:sounds|was|is|should)|sounds (?:very |really |so )?(?:hard|frightening|awful|upsetting|difficult|worrying|distressing|painful|exhausting|frustrating)|understandabl\w+|no wonder|nobody should|you(?:'re| are) right to|glad you (?:told|wrote|said|let)|i appreciate|condolences|of course you|good that you)\b",
            ),
            next_step: own(
                r"\b(?:(?:i|we|she|he|they|\w+)(?:'ll| will)\b|(?:i|we)(?:'m| am|'re| are) (?:going|asking|looking|bringing|calling|sending|passing|getting|checking|putting|arranging|speaking|writing|staying|ringing|taking)|let me|i'm here (?:until|all|for)|would like to (?:ring|call|talk|meet)|i(?:'ve| have) (?:asked|passed|put|booked|arranged|told|sent|spoken|recorded|written|made|added|moved|checked|corrected|changed|noted|started|raised|found|got)|it(?:'s| is) (?:corrected|changed|done|sorted|with)|(?:is|are) (?:reading|checking|looking|going|ringing) |today|tomorrow|tonight|within|by \w+day|before|shall i|would you like|may i|can i|could you (?:tell|say|let)|is (?:this|that|there|it)|are you|do you|what would|how (?:can|would)|here is|here's|you can|please call|you(?:'ll| will))\b",
            ),
            third_party: own(
                r"\b(?:neighbou?rs?|third party|member of the public|passer.?by|stranger|bystander|visitor|friend|journalist|reporter|employer|colleague|landlord|acquaintance|ex\b|ex-\w+|someone asks|a caller|a man asks|a woman asks|not a (?:patient|customer|relative)|driver|local resident|shopkeeper|teacher|flatmate|unknown|tenant|shop|member of the public|cyclist|asks after|asks whether|a man found|on the street|someone is off)\b",
            ),
            grievance: own(
                r"\b(?:complain\w*|angry|furious|upset|livid|distress\w*|frightened|scared|worried|anxious|grie\w*|bereav\w*|died|death|crying|tears|hurt|shout\w*|rude\w*|ignored|neglect\w*|late|waited|waiting|fell|wrong|moved|noise|lost|pain|missed|unhappy|afraid|fear\w*|left|slammed|refused|humiliat\w*|missing)\b",
            ),
        })
    }

    /// Reviews a draft. `context` is what the person wrote, or what it is about.
    pub fn review(&self, context: &str, draft: &str, interpreter: &Interpreter) -> Review {
        let mut findings = Vec::new();
        let third_party = self.third_party.is_match(context);
        for rule in &self.rules {
            let fits = match rule.about {
                None => true,
                Some(About::ThirdParty) => third_party,
                Some(About::Customer) => !third_party,
            };
            if !fits {
                continue;
            }
            let place = rule
                .patterns
                .iter()
                .filter_map(|p| p.find(draft))
                .min_by_key(regex::Match::start);
            if let Some(found) = place {
                let (start, end) = sentence(draft, found.start(), found.end());
                if rule
                    .unless
                    .as_ref()
                    .is_some_and(|u| u.is_match(&draft[start..end]))
                {
                    continue;
                }
                findings.push(finding(
                    rule,
                    found.start(),
                    found.end(),
                    replaced(draft, start, end, &rule.better),
                ));
            }
        }
        self.questions(draft, &mut findings);
        self.capitals(draft, &mut findings);
        let empathy = Empathy::of(draft);
        // What is missing is worth a word only where nothing is wrong already: one thing at a time.
        if findings.is_empty() && !draft.trim().is_empty() {
            self.missing(context, draft, empathy, interpreter, &mut findings);
        }
        findings.sort_by_key(|f| (f.start, f.end));
        Review {
            ok: findings.is_empty(),
            findings,
            empathy,
        }
    }

    /// The rules that a text breaks, with the place of the words that do. What is missing is no fault of a single phrase.
    pub fn hurts(&self, text: &str) -> Vec<(String, Range<usize>)> {
        let mut all = Vec::new();
        for rule in &self.rules {
            let hit = rule.patterns.iter().find_map(|p| p.find(text));
            let Some(hit) = hit else { continue };
            let (start, end) = sentence(text, hit.start(), hit.end());
            let excused = |u: &Regex| u.is_match(&text[start..end]);
            if !rule.unless.as_ref().is_some_and(excused) {
                all.push((rule.name.clone(), hit.range()));
            }
        }
        let mut findings = Vec::new();
        self.questions(text, &mut findings);
        self.capitals(text, &mut findings);
        all.extend(findings.into_iter().map(|f| (f.rule, f.start..f.end)));
        all
    }

    /// Every rule, to be read.
    pub fn pages(&self) -> impl Iterator<Item = Page<'_>> {
        self.rules.iter().map(|r| Page {
            rule: &r.name,
            catches: &r.catches,
            why: &r.why,
            source: &r.source,
            advice: &r.advice,
            better: &r.better,
            serious: r.serious,
        })
    }

    fn rule(&self, name: &str) -> Option<&Rule> {
        self.rules.iter().find(|r| r.name == name)
    }

    fn questions(&self, draft: &str, findings: &mut Vec<Finding>) {
        let marks: Vec<usize> = draft.match_indices('?').map(|(i, _)| i).collect();
        // "??" is one question, asked loudly.
        let questions: Vec<usize> = marks
            .iter()
            .copied()
            .filter(|i| !draft[..*i].ends_with('?'))
            .collect();
        let listed = draft.matches(" and when").count()
            + draft.matches(" and who").count()
            + draft.matches(", when").count();
        if let (Some(rule), true) = (
            self.rule("interrogates"),
            questions.len() >= 2 || questions.len() == 1 && listed >= 2,
        ) {
            let last = questions.last().map_or(draft.len(), |i| i + 1);
            let first_end = questions.first().map_or(draft.len(), |i| i + 1);
            findings.push(finding(
                rule,
                first_end.min(last),
                last,
                format!("{}{}", &draft[..first_end], &draft[last..])
                    .trim()
                    .to_owned(),
            ));
        }
    }

    fn capitals(&self, draft: &str, findings: &mut Vec<Finding>) {
        let loud: Vec<&str> = draft
            .split_whitespace()
            .filter(|w| {
                w.chars().filter(|c| c.is_alphabetic()).count() >= 3
                    && !w.chars().any(char::is_lowercase)
            })
            .collect();
        let words = draft.split_whitespace().count();
        let shouts =
            loud.len() >= 3 || loud.len() * 2 > words && words >= 2 || draft.contains("!!");
        if let (Some(rule), true) = (self.rule("shouting"), shouts) {
            let quiet = if loud.len() >= 2 {
                soften(draft)
            } else {
                draft.to_owned()
            };
            let mut rewrite = quiet;
            while rewrite.contains("!!") {
                rewrite = rewrite.replace("!!", "!");
            }
            findings.push(finding(rule, 0, draft.len(), rewrite.replace('!', ".")));
        }
    }

    fn missing(
        &self,
        context: &str,
        draft: &str,
        empathy: Empathy,
        interpreter: &Interpreter,
        findings: &mut Vec<Finding>,
    ) {
        let (emotion, Intensity(strength)) = interpreter.feeling(context);
        let hurt = matches!(emotion, Emotion::Upset | Emotion::Sad | Emotion::Anxious)
            && strength >= 35
            || self.grievance.is_match(context);
        let reading = Reading::of(draft);
        if reading.words >= 30
            && reading.grade() > HIGHEST_GRADE
            && let Some(rule) = self.rule("hard_to_read")
        {
            findings.push(finding(rule, 0, draft.len(), draft.trim().to_owned()));
            return;
        }
        if !hurt {
            return;
        }
        if reading.words > MOST_WORDS
            && let Some(rule) = self.rule("too_long")
        {
            let start = reading.end_of_word(draft, MOST_WORDS);
            findings.push(finding(
                rule,
                start,
                draft.len(),
                first_sentences(draft, start),
            ));
            return;
        }
        // A list of phrases knows few ways of it; in the languages that the scorer reads, it knows more.
        if !self.acknowledges.is_match(draft)
            && !empathy.acknowledges()
            && let Some(rule) = self.rule("no_acknowledgement")
        {
            findings.push(finding(
                rule,
                0,
                0,
                format!("{} {}", rule.better, draft.trim()),
            ));
        } else if !self.next_step.is_match(draft)
            && !draft.contains('?')
            && let Some(rule) = self.rule("no_next_step")
        {
            findings.push(finding(
                rule,
                draft.len(),
                draft.len(),
                format!("{} {}", draft.trim(), rule.better),
            ));
        }
    }
}

/// How long a reply to somebody who is upset may be, in words.
const MOST_WORDS: usize = 120;
/// The highest reading grade that is let pass.
const HIGHEST_GRADE: f32 = 10.0;

fn finding(rule: &Rule, start: usize, end: usize, rewrite: String) -> Finding {
    Finding {
        rule: rule.name.clone(),
        start,
        end,
        advice: rule.advice.clone(),
        why: rule.why.clone(),
        source: rule.source.clone(),
        rewrite,
        serious: rule.serious,
    }
}

//! How long it usually takes, from what it really took.

/// Fewer pick-ups than this say nothing.
const ENOUGH: usize = 8;

/// Seconds within which four of five people were taken over, from recent waits; none where there were too few to be honest.
pub fn usual_wait(recent: &[i64]) -> Option<i64> {
    if recent.len() < ENOUGH {
        return None;
    }
    let mut waits = recent.to_vec();
    waits.sort_unstable();
    Some(waits[(waits.len() * 4).div_ceil(5) - 1])
}

/// A wait as people say it, rounded up, in English; the phrase book puts it into a sentence.
pub fn wait_in_words(seconds: i64) -> String {
    match seconds {
        ..=60 => "a minute".to_owned(),
        61..=3600 => format!("{} minutes", (seconds + 59) / 60),
        _ => format!("{} hours", (seconds + 3599) / 3600),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn four_of_five_waits_were_no_longer() {
        assert_eq!(
            usual_wait(&[10, 20, 30, 40, 50, 60, 70]),
            None,
            "seven are too few to promise by"
        );
        assert_eq!(
            usual_wait(&[100, 10, 90, 20, 80, 30, 70, 40, 60, 50]),
            Some(80)
        );
        assert_eq!(wait_in_words(61), "2 minutes");
    }
}

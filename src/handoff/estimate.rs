//! How long it usually takes, from what it really took.

/// Fewer pick-ups than this say nothing.
const ENOUGH: usize = 8;

/// Seconds within which four of five people were taken over, from recent waits; none where there were too few to be
/// honest.
pub fn usual_wait(recent: &[i64]) -> Option<i64> {
    if recent.len() < ENOUGH {
        return None;
    }
    let mut waits = recent.to_vec();
    waits.sort_unstable();
    Some(waits[(waits.len() * 4).div_ceil(5) - 1])
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
    }
}

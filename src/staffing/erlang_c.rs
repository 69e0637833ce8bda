//! Erlang C: everybody waits until it is their turn (Erlang 1917).

use super::Load;

/// What is to be expected with so many people.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Expected {
    /// Share of people who are answered within the target.
    pub service_level: f64,
    /// Share of the time in which the desk's people are busy.
    pub occupancy: f64,
    /// Share of people who wait at all.
    pub wait_probability: f64,
    /// Mean wait of everybody, in seconds; none where the queue grows without end.
    pub mean_wait: Option<f64>,
}

/// Erlang B: the share of people who find all `staff` busy, where nobody waits.
pub(super) fn blocking(offered: f64, staff: u32) -> f64 {
    (1..=staff).fold(1.0, |b, n| next_blocking(offered, b, n))
}

/// Erlang B for one person more.
pub(super) fn next_blocking(offered: f64, fewer: f64, staff: u32) -> f64 {
    offered * fewer / (f64::from(staff) + offered * fewer)
}

/// What is to be expected with `staff` people.
pub fn erlang_c(load: &Load, staff: u32) -> Expected {
    with_blocking(load, staff, blocking(load.offered(), staff))
}

/// The fewest people who reach the share of answers in time, at most `most`.
pub(super) fn fewest(load: &Load, share: f64, most: u32) -> Option<u32> {
    let offered = load.offered();
    let mut blocking = 1.0;
    (1..=most).find(|n| {
        blocking = next_blocking(offered, blocking, *n);
        with_blocking(load, *n, blocking).service_level >= share
    })
}

fn with_blocking(load: &Load, staff: u32, blocking: f64) -> Expected {
    let (n, a) = (f64::from(staff), load.offered());
    if n <= a {
        return Expected {
            service_level: 0.0,
            occupancy: 1.0,
            wait_probability: 1.0,
            mean_wait: None,
        };
    }
    let waits = n * blocking / (n - a * (1.0 - blocking));
    Expected {
        service_level: 1.0 - waits * (-(n - a) * load.target / load.service).exp(),
        occupancy: a / n,
        wait_probability: waits,
        mean_wait: Some(waits * load.service / (n - a)),
    }
}

//! Erlang A: people leave when their patience is at an end (Palm 1957; Garnett, Mandelbaum and Reiman 2002).
//!
//! Birth and death: n people there are served at the rate n/AHT up to N, and beyond at N/AHT, while each who waits
//! leaves at the rate theta. Who arrives with k before them in the queue is served after k + 1 departures at the rates
//! N/AHT + j theta. The factor e^(-theta V) of that wait V is distributed as Beta(N/(AHT theta), k + 1), which
//! gives the
//! share served in time in closed form.

use super::{Load, erlang_c::blocking};

/// What is to be expected with so many people where some leave.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Expected {
    /// Share of all who arrive that is answered, and within the target.
    pub service_level: f64,
    /// Share of the time in which the desk's people are busy.
    pub occupancy: f64,
    /// Share of people who wait at all.
    pub wait_probability: f64,
    /// Mean time in the queue, of those who are answered and those who leave, in seconds.
    pub mean_wait: f64,
    /// Share of people who leave before they are answered.
    pub abandon: f64,
}

/// States this much rarer than the likeliest are left out.
const RARE: f64 = 1e-16;
/// Weights are scaled down where they pass this.
const LARGE: f64 = 1e200;

/// What is to be expected with `staff` people, each who waits having a mean patience of `patience` seconds.
pub fn erlang_a(load: &Load, staff: u32, patience: f64) -> Expected {
    let n = f64::from(staff);
    if load.arrivals <= 0.0 {
        return Expected {
            service_level: 1.0,
            occupancy: 0.0,
            wait_probability: 0.0,
            mean_wait: 0.0,
            abandon: 0.0,
        };
    }
    let leaving = 1.0 / patience;
    let queue = Queue::of(load, n, leaving);
    // The states in which somebody is free, in the unit of the state in which nobody is and nobody waits.
    let b = blocking(load.offered(), staff);
    let free = ((1.0 - b).max(0.0).ln() - b.ln() - queue.scale).exp();
    let all = free + queue.total;
    let waits = if all.is_finite() {
        queue.total / all
    } else {
        0.0
    };
    let per_wait = 1.0 / queue.total;
    let waiting = waits * queue.length * per_wait;
    let abandon = (leaving * waiting / load.arrivals).min(1.0);
    Expected {
        service_level: (1.0 - waits + waits * queue.in_time * per_wait).clamp(0.0, 1.0),
        occupancy: (load.offered() * (1.0 - abandon) / n).min(1.0),
        wait_probability: waits,
        mean_wait: waiting / load.arrivals,
        abandon,
    }
}

/// The states in which everybody is busy, summed up: weights in units of e^scale.
struct Queue {
    total: f64,
    length: f64,
    in_time: f64,
    scale: f64,
}

impl Queue {
    fn of(load: &Load, n: f64, leaving: f64) -> Self {
        let served = n / load.service;
        let c = served / leaving;
        let late = -leaving * load.target;
        let gone = (-late.exp_m1()).ln();
        let mut sum = Self {
            total: 0.0,
            length: 0.0,
            in_time: 0.0,
            scale: 0.0,
        };
        // The share of people with k before them who would be served too late: a negative binomial sum, by its
        // logarithms, since its first term is too small to be written for a large desk.
        let (mut term, mut too_late) = ((c + 1.0) * late, 0.0_f64);
        let (mut weight, mut largest, mut k) = (1.0_f64, 1.0_f64, 0.0_f64);
        loop {
            too_late += term.exp();
            sum.total += weight;
            sum.length += k * weight;
            sum.in_time += weight * c / (c + k + 1.0) * (1.0 - too_late.min(1.0));
            k += 1.0;
            term += gone + ((c + k) / k).ln();
            weight *= load.arrivals / (served + k * leaving);
            largest = largest.max(weight);
            if weight < largest * RARE {
                return sum;
            }
            if weight > LARGE {
                sum.shrink(LARGE);
                weight /= LARGE;
                largest /= LARGE;
            }
        }
    }

    fn shrink(&mut self, by: f64) {
        self.total /= by;
        self.length /= by;
        self.in_time /= by;
        self.scale += by.ln();
    }
}

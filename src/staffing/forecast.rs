//! Arrivals by hour and weekday as they were, and what they would mean for a number of people.

use super::{Load, erlang_a, erlang_c};
use serde::Serialize;

/// Fewer weeks of data are no ground for a forecast: one holiday or one bad week would be a quarter of it.
const FEWEST_WEEKS: f64 = 4.0;
/// Above this share people have no time to think between conversations.
pub const BUSY: f64 = 0.85;
/// With so many people or fewer a single long conversation moves the figures more than the formula tells.
pub const FEW_PEOPLE: u32 = 3;
const HOUR: f64 = 3600.0;

/// What is known of the desk.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Desk {
    /// From taking a conversation to being done with it, in seconds.
    pub handling: f64,
    /// Conversations that one person holds at a time.
    pub concurrency: f64,
    /// Mean patience in seconds; none where nobody left.
    pub patience: Option<f64>,
    /// Seconds within which somebody should be taken over.
    pub target: f64,
    /// Share of people for whom that should be so.
    pub target_share: f64,
    /// Share of paid time away from the desk.
    pub shrinkage: f64,
}

/// Both bounds for a number of people.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, utoipa::ToSchema)]
pub struct Band {
    /// How many people.
    pub people: u32,
    /// Share answered in time where everybody waits: the pessimistic bound.
    pub low: f64,
    /// The same where people leave: the optimistic bound. As the other one, where no patience is known.
    pub high: f64,
    /// Share of the time in which they are busy.
    pub occupancy: f64,
}

/// One hour of the week.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, utoipa::ToSchema)]
pub struct Cell {
    /// From 1, Monday, to 7.
    pub weekday: u8,
    /// From 0 to 23.
    pub hour: u8,
    /// Mean arrivals in this hour.
    pub arrivals: f64,
    /// The fewest people who reach the target by Erlang C.
    pub needed: u32,
    /// What is to be expected with as many people as there are.
    pub now: Band,
    /// The same with one person fewer; none where there is one.
    pub fewer: Option<Band>,
}

/// Moments of arrival by weekday and hour, and how often each weekday was there.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Arrivals {
    /// How many, by weekday (0 is Monday) and hour.
    pub counts: [[u32; 24]; 7],
    /// Days of data, by weekday.
    pub days: [u32; 7],
}

impl Arrivals {
    /// How many weeks of data there are.
    pub fn weeks(&self) -> f64 {
        f64::from(self.days.iter().sum::<u32>()) / 7.0
    }
}

/// Mean patience from those who left and those who were still there when somebody came: the whole time that was waited,
/// over how often somebody left. Whoever was answered would have waited longer, so leaving them out makes people
/// look impatient.
pub fn patience(left: &[i64], answered: &[i64]) -> Option<f64> {
    let waited: i64 = left.iter().chain(answered).sum();
    (!left.is_empty()).then(|| (waited as f64 / left.len() as f64).max(1.0))
}

/// The hours of the week in which anybody came, for so many people; none where there is too little data.
pub fn forecast(arrivals: &Arrivals, desk: &Desk, people: u32) -> Option<Vec<Cell>> {
    if arrivals.weeks() < FEWEST_WEEKS {
        return None;
    }
    let mut cells = Vec::new();
    for (weekday, (hours, days)) in arrivals.counts.iter().zip(arrivals.days).enumerate() {
        for (hour, count) in hours.iter().enumerate().filter(|(_, c)| **c > 0) {
            let mean = f64::from(*count) / f64::from(days.max(1));
            let load = Load {
                arrivals: mean / HOUR,
                service: desk.handling / desk.concurrency,
                target: desk.target,
            };
            cells.push(Cell {
                weekday: weekday as u8 + 1,
                hour: hour as u8,
                arrivals: mean,
                needed: super::erlang_c::fewest(&load, desk.target_share, super::question::STAFF)
                    .unwrap_or(super::question::STAFF),
                now: band(&load, people, desk.patience),
                fewer: (people > 1).then(|| band(&load, people - 1, desk.patience)),
            });
        }
    }
    Some(cells)
}

fn band(load: &Load, people: u32, patience: Option<f64>) -> Band {
    let c = erlang_c(load, people);
    let a = patience.map(|p| erlang_a(load, people, p).service_level);
    Band {
        people,
        low: c.service_level,
        high: a.unwrap_or(c.service_level).max(c.service_level),
        occupancy: c.occupancy,
    }
}

/// People who handle cases: new ones a day, effort in hours, over what one person gives in a day.
pub fn case_people(
    new_a_day: f64,
    effort_hours: f64,
    hours_a_day: f64,
    shrinkage: f64,
    utilisation: f64,
) -> f64 {
    new_a_day * effort_hours / (hours_a_day * (1.0 - shrinkage) * utilisation)
}

/// Which of the open cases, in the order of their due dates, will miss them at so many closed a day. Each is given in
/// days from now until it is due.
pub fn will_miss(due_in_days: &[f64], closed_a_day: f64) -> Vec<usize> {
    let done_in = |place: usize| {
        if closed_a_day > 0.0 {
            (place + 1) as f64 / closed_a_day
        } else {
            f64::INFINITY
        }
    };
    let each = due_in_days.iter().enumerate();
    each.filter(|(place, due)| done_in(*place) > **due)
        .map(|(place, _)| place)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn desk() -> Desk {
        Desk {
            handling: 720.0,
            concurrency: 1.0,
            patience: Some(600.0),
            target: 120.0,
            target_share: 0.8,
            shrinkage: 0.3,
        }
    }

    #[test]
    fn six_an_hour_with_three_and_with_one_fewer() {
        let mut arrivals = Arrivals {
            days: [4; 7],
            ..Arrivals::default()
        };
        arrivals.counts[0][10] = 24;
        let cells = forecast(&arrivals, &desk(), 3).expect("four weeks are enough");
        assert_eq!(cells.len(), 1);
        let cell = cells[0];
        assert_eq!(
            (cell.weekday, cell.hour, cell.arrivals, cell.needed),
            (1, 10, 6.0, 3)
        );
        let percent = |share: f64| (share * 100.0).round() as i64;
        assert_eq!((percent(cell.now.low), percent(cell.now.high)), (90, 92));
        let fewer = cell.fewer.expect("two are left");
        assert_eq!((percent(fewer.low), percent(fewer.high)), (61, 73));
    }

    #[test]
    fn three_weeks_and_six_days_are_no_ground_for_a_forecast() {
        let days = [4, 4, 4, 4, 4, 4, 3];
        assert_eq!(
            forecast(
                &Arrivals {
                    days,
                    ..Arrivals::default()
                },
                &desk(),
                3
            ),
            None
        );
    }

    #[test]
    fn patience_counts_the_waits_of_those_who_were_answered() {
        assert_eq!(patience(&[60, 120], &[30, 30, 60]), Some(150.0));
        assert_eq!(patience(&[], &[30]), None);
    }

    #[test]
    fn cases_that_come_too_late_are_named_by_their_place() {
        assert_eq!(will_miss(&[0.5, 2.0, 2.5, 9.0], 1.0), [0, 2]);
        assert_eq!(will_miss(&[100.0], 0.0), [0]);
        let people = case_people(4.0, 3.0, 7.5, 0.2, 0.8);
        assert!((people - 2.5).abs() < 1e-9, "{people}");
    }
}

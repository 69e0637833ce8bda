//! Days in the words of different people, said on different days. A row is the text, the words that tell the day, the
//! first and the last day and, where there is one, the other reading; a text in which no day is told has only a dash
//! after it.

use crate::domain::{DateOrder, interpretation::FoundDate};
use crate::nlu::{
    Setting,
    entities::{Reader, dates::dates},
};
use jiff::civil::Date;

fn read_on(today: Date, text: &str) -> Vec<FoundDate> {
    let order = DateOrder::DayFirst;
    let country = "GB";
    dates(
        text,
        Setting {
            today,
            country,
            order,
        },
    )
}

/// The days of a text, written as the rows are.
fn written(days: &[FoundDate]) -> String {
    let one = |d: &FoundDate| {
        let other = (d.other.as_ref()).map(|(from, to)| format!(" | {from} | {to}"));
        let other = other.unwrap_or_default();
        format!("{} | {} | {}{other}", d.text, d.from, d.to)
    };
    if days.is_empty() {
        return "-".to_owned();
    }
    days.iter().map(one).collect::<Vec<_>>().join(" & ")
}

pub(in crate::nlu) fn check(today: &str, rows: &str) {
    let today: Date = today.parse().expect("a day");
    let mut wrong = Vec::new();
    for row in rows.lines().filter(|r| !r.trim().is_empty()) {
        let (text, expected) = row.trim().split_once(" | ").expect("a row has columns");
        let days = read_on(today, text);
        for day in &days {
            assert_eq!(&text[day.start..day.end], day.text, "{text}");
        }
        let got = written(&days);
        if got != expected {
            wrong.push(format!("{text}\n  got  {got}\n  want {expected}"));
        }
    }
    assert!(wrong.is_empty(), "on {today}:\n{}", wrong.join("\n"));
}

#[test]
fn days_that_are_misspelt() {
    check(
        "2026-11-25",
        "
        bonfre nite in a&e | bonfre nite | 2026-11-05 | 2026-11-05
        it were yestarday mornin | yestarday mornin | 2026-11-24 | 2026-11-24
        fue el savado pasado | el savado pasado | 2026-11-21 | 2026-11-21
        they said it wud be menshuned to Mandy | -
        ",
    );
}

#[test]
fn weekdays_said_on_a_wednesday() {
    check(
        "2026-11-25",
        "
        last Tuesday | last Tuesday | 2026-11-17 | 2026-11-17 | 2026-11-24 | 2026-11-24
        it was last monday about 3pm | last monday about 3pm | 2026-11-16 | 2026-11-16 | 2026-11-23 | 2026-11-23
        Monday last she fell | Monday last | 2026-11-16 | 2026-11-16 | 2026-11-23 | 2026-11-23
        last Wednesday | last Wednesday | 2026-11-18 | 2026-11-18
        last Thursday they forgot her tea | last Thursday | 2026-11-19 | 2026-11-19
        last Friday night | last Friday night | 2026-11-20 | 2026-11-20
        last sunday at 4 o'clock | last sunday at 4 o'clock | 2026-11-22 | 2026-11-22
        on Tuesday | on Tuesday | 2026-11-24 | 2026-11-24
        Tuesday, about half past two | Tuesday, about half past two | 2026-11-24 | 2026-11-24
        this Tuesday | this Tuesday | 2026-11-24 | 2026-11-24
        this past Monday | this past Monday | 2026-11-23 | 2026-11-23
        Monday gone | Monday gone | 2026-11-23 | 2026-11-23
        last Monday just gone | last Monday just gone | 2026-11-23 | 2026-11-23
        this Wednesday morning | this Wednesday morning | 2026-11-25 | 2026-11-25
        on Wednesday your driver swore at me | on Wednesday | 2026-11-18 | 2026-11-18
        ON THURSDAY NOBODY CAME | ON THURSDAY | 2026-11-19 | 2026-11-19
        tuesdya evening | tuesdya evening | 2026-11-24 | 2026-11-24
        on wensday | on wensday | 2026-11-18 | 2026-11-18
        last wednseday | last wednseday | 2026-11-18 | 2026-11-18
        it was thurday night | thurday night | 2026-11-19 | 2026-11-19
        saterday lunchtime | saterday lunchtime | 2026-11-21 | 2026-11-21
        on tues at 9am | on tues at 9am | 2026-11-24 | 2026-11-24
        Fri night | Fri night | 2026-11-20 | 2026-11-20
        on Sat two nurses came | on Sat | 2026-11-21 | 2026-11-21
        a week last Sunday | a week last Sunday | 2026-11-15 | 2026-11-15
        a week ago last Sunday | a week ago last Sunday | 2026-11-15 | 2026-11-15
        a week last Monday | a week last Monday | 2026-11-16 | 2026-11-16 | 2026-11-09 | 2026-11-09
        it was a week on Tuesday | a week on Tuesday | 2026-11-17 | 2026-11-17
        a week ago Tuesday | a week ago Tuesday | 2026-11-17 | 2026-11-17
        a week ago on Friday | a week ago on Friday | 2026-11-13 | 2026-11-13
        Sunday week ago | Sunday week ago | 2026-11-15 | 2026-11-15
        three weeks last Thursday | three weeks last Thursday | 2026-10-29 | 2026-10-29
        Tuesday fortnight | Tuesday fortnight | 2026-11-10 | 2026-11-10
        a fortnight last Friday | a fortnight last Friday | 2026-11-06 | 2026-11-06
        Friday two weeks ago | Friday two weeks ago | 2026-11-06 | 2026-11-06
        two Sundays ago | two Sundays ago | 2026-11-15 | 2026-11-15
        a couple of Fridays ago | a couple of Fridays ago | 2026-11-13 | 2026-11-13
        a week Tuesday | a week Tuesday | 2026-11-17 | 2026-11-17
        last Sunday week | last Sunday week | 2026-11-15 | 2026-11-15
        in the early hours of Sunday | in the early hours of Sunday | 2026-11-22 | 2026-11-22
        Monday before last | Monday before last | 2026-11-16 | 2026-11-16 | 2026-11-09 | 2026-11-09
        the Monday before last | the Monday before last | 2026-11-16 | 2026-11-16 | 2026-11-09 | 2026-11-09
        the Saturday before last, in A&E | the Saturday before last | 2026-11-14 | 2026-11-14
        on Monday last week | on Monday last week | 2026-11-16 | 2026-11-16
        last week on Friday | last week on Friday | 2026-11-20 | 2026-11-20
        Tuesday of the week before last | Tuesday of the week before last | 2026-11-10 | 2026-11-10
        earlier this week on Monday | earlier this week on Monday | 2026-11-23 | 2026-11-23
        since Monday | since Monday | 2026-11-23 | 2026-11-25
        she has been in bed ever since last Monday | ever since last Monday | 2026-11-16 | 2026-11-25 | 2026-11-23 | 2026-11-25
        the night of Saturday | the night of Saturday | 2026-11-21 | 2026-11-21
        ",
    );
}

#[test]
fn single_days_said_on_a_wednesday() {
    check(
        "2026-11-25",
        "
        yesterday evening | yesterday evening | 2026-11-24 | 2026-11-24
        the day before yesterday | the day before yesterday | 2026-11-23 | 2026-11-23
        the night before last | the night before last | 2026-11-23 | 2026-11-23
        last night one of the carers shouted | last night | 2026-11-24 | 2026-11-24
        a week yesterday | a week yesterday | 2026-11-17 | 2026-11-17
        it's a week today | a week today | 2026-11-18 | 2026-11-18
        a year ago today | a year ago today | 2025-11-25 | 2025-11-25
        two weeks ago yesterday | two weeks ago yesterday | 2026-11-10 | 2026-11-10
        a fortnight ago | a fortnight ago | 2026-11-11 | 2026-11-11
        about 3 wks ago | 3 wks ago | 2026-11-04 | 2026-11-04
        48 hours ago | 48 hours ago | 2026-11-23 | 2026-11-23
        on the 12th | on the 12th | 2026-11-12 | 2026-11-12
        it happened on the 12th at 3pm in the canteen | on the 12th | 2026-11-12 | 2026-11-12
        on the 28th my son was turned away | on the 28th | 2026-10-28 | 2026-10-28
        on the 31st. Nobody rang | on the 31st | 2026-10-31 | 2026-10-31
        it was the 9th, | the 9th | 2026-11-09 | 2026-11-09
        since the 12th | since the 12th | 2026-11-12 | 2026-11-25
        the 5th of last month | the 5th of last month | 2026-10-05 | 2026-10-05
        on Tuesday 17th | on Tuesday 17th | 2026-11-17 | 2026-11-17
        the third of November | the third of November | 2026-11-03 | 2026-11-03
        the twenty-first of October | the twenty-first of October | 2026-10-21 | 2026-10-21
        the night of 12 November | the night of 12 November | 2026-11-12 | 2026-11-12
        8th novemeber | 8th novemeber | 2026-11-08 | 2026-11-08
        2 OCTOBER, about 6pm | 2 OCTOBER, about 6pm | 2026-10-02 | 2026-10-02
        Left without water on 12 Nov. | on 12 Nov | 2026-11-12 | 2026-11-12
        on 5 October at 3 p.m. | on 5 October at 3 p.m. | 2026-10-05 | 2026-10-05
        Sept 4th | Sept 4th | 2026-09-04 | 2026-09-04
        on 5 May I rang | on 5 May | 2026-05-05 | 2026-05-05
        on 3 December | on 3 December | 2025-12-03 | 2025-12-03
        on 1/2 | 1/2 | 2026-02-01 | 2026-02-01
        11/24/2026 | 11/24/2026 | 2026-11-24 | 2026-11-24
        3/11/26 | 3/11/26 | 2026-11-03 | 2026-11-03
        12-11-2026 | 12-11-2026 | 2026-11-12 | 2026-11-12
        Tues 17/11 | Tues 17/11 | 2026-11-17 | 2026-11-17
        this time last year | this time last year | 2025-11-25 | 2025-11-25
        a year and a half ago | a year and a half ago | 2025-05-25 | 2025-05-25
        12 November last year | 12 November last year | 2025-11-12 | 2025-11-12
        last Tuesday (24 November) | last Tuesday (24 November) | 2026-11-24 | 2026-11-24
        last Tuesday, 17 November | last Tuesday, 17 November | 2026-11-17 | 2026-11-17
        on Christmas Day | on Christmas Day | 2025-12-25 | 2025-12-25
        Boxing Day | Boxing Day | 2025-12-26 | 2025-12-26
        New Year's Eve at 11pm | New Year's Eve at 11pm | 2025-12-31 | 2025-12-31
        on Good Friday | on Good Friday | 2026-04-03 | 2026-04-03
        Easter Monday | Easter Monday | 2026-04-06 | 2026-04-06
        over Christmas | over Christmas | 2025-12-24 | 2025-12-26
        Christmas Eve 2024 | Christmas Eve 2024 | 2024-12-24 | 2024-12-24
        Thanksgiving | Thanksgiving | 2025-11-27 | 2025-11-27
        ",
    );
}

#[test]
fn no_day_is_found_where_none_is_told() {
    check(
        "2026-11-25",
        "
        May I ask something | -
        you may be right, the 2 may not know | -
        she sat in the sun | -
        SHE SAT IN THE SUN | -
        when I last sat down | -
        Mar was very kind to us | -
        Jan 2 hours late again | -
        they march past the door | -
        I was on hold for three hours | -
        the carer had gone an hour before | -
        her last nine days | -
        just a second | -
        the second may have hurt | -
        she lives in Friday Hill Road | -
        at 12 May Street | -
        3 August Close | -
        it's on friday hill road | -
        ward 5, not 3 | -
        ward 5 may know | -
        my number is 07700 900111 | -
        call 020 7946 0958 or 01632 960 123 | -
        1/2 a tablet | -
        3/4 of the pill | -
        open 24/7 | -
        7/10 pain | -
        the pain was 8/10 | -
        I'd give it 7/10 | -
        her blood pressure was 12/8 | -
        three times a week, Monday to Wednesday | -
        on the 12th floor | -
        for the 12th time | -
        on the 3rd attempt | -
        two nights running | -
        on a bank holiday Monday | -
        every Tuesday and Friday | -
        next Tuesday | -
        Monday mornings are bad | -
        the other day, the 12th, she shouted | the other day, the 12th | 2026-11-12 | 2026-11-12
        twice a week on Monday | -
        in the other day room | -
        her date of birth is 3 May 1950 | -
        dob 03/05/62 | -
        it is due on 3 December 2027 | -
        bed 12 may 3 | -
        todos los martes | -
        los lunes y jueves | -
        el próximo viernes | -
        de lunes a viernes | -
        el martes que viene | -
        la habitación 12 | -
        dos veces por semana | -
        al día siguiente | -
        el mar estaba en calma | -
        ",
    );
}

#[test]
fn other_todays() {
    let rows = [
        (
            // A Friday.
            "2027-01-01",
            "
            yesterday | yesterday | 2026-12-31 | 2026-12-31
            on New Year's Day | on New Year's Day | 2027-01-01 | 2027-01-01
            on Boxing Day | on Boxing Day | 2026-12-26 | 2026-12-26
            on the 30th | on the 30th | 2026-12-30 | 2026-12-30
            last year | last year | 2026-01-01 | 2026-12-31
            last month | last month | 2026-12-01 | 2026-12-31
            last Thursday | last Thursday | 2026-12-24 | 2026-12-24 | 2026-12-31 | 2026-12-31
            last Saturday | last Saturday | 2026-12-26 | 2026-12-26
            in January | in January | 2027-01-01 | 2027-01-01
            in late December | in late December | 2026-12-21 | 2026-12-31
            from 30 December to 1 January | from 30 December to 1 January | 2026-12-30 | 2027-01-01
            the month before last | the month before last | 2026-11-01 | 2026-11-30
            a month ago | a month ago | 2026-12-01 | 2026-12-01
            hoy hace un año | hoy hace un año | 2026-01-01 | 2026-01-01
            ",
        ),
        (
            // A Tuesday.
            "2028-02-29",
            "
            today | today | 2028-02-29 | 2028-02-29
            a year ago | a year ago | 2027-02-28 | 2027-02-28
            on 29 February | on 29 February | 2028-02-29 | 2028-02-29
            on the 30th | on the 30th | 2028-01-30 | 2028-01-30
            a month ago | a month ago | 2028-01-29 | 2028-01-29
            last Monday | last Monday | 2028-02-21 | 2028-02-21 | 2028-02-28 | 2028-02-28
            late february | late february | 2028-02-21 | 2028-02-29
            on Tuesday | on Tuesday | 2028-02-22 | 2028-02-22
            el 29 de febrero | el 29 de febrero | 2028-02-29 | 2028-02-29
            el lunes pasado | el lunes pasado | 2028-02-21 | 2028-02-21 | 2028-02-28 | 2028-02-28
            ",
        ),
        (
            "2027-03-01",
            "
            29 February | 29 February | 2024-02-29 | 2024-02-29
            last Sunday | last Sunday | 2027-02-28 | 2027-02-28
            ",
        ),
        (
            // A Monday.
            "2026-11-23",
            "
            last Sunday | last Sunday | 2026-11-22 | 2026-11-22
            last Monday | last Monday | 2026-11-16 | 2026-11-16
            a week last Monday | a week last Monday | 2026-11-09 | 2026-11-09
            earlier this week | earlier this week | 2026-11-23 | 2026-11-23
            at the end of the week | at the end of the week | 2026-11-19 | 2026-11-22
            last weekend | last weekend | 2026-11-21 | 2026-11-22
            from Friday to Sunday | from Friday to Sunday | 2026-11-20 | 2026-11-22
            last Saturday till Monday | last Saturday till Monday | 2026-11-21 | 2026-11-23
            el domingo pasado | el domingo pasado | 2026-11-22 | 2026-11-22
            ",
        ),
        (
            // A Sunday.
            "2026-11-22",
            "
            last Monday | last Monday | 2026-11-09 | 2026-11-09 | 2026-11-16 | 2026-11-16
            last Saturday | last Saturday | 2026-11-14 | 2026-11-14 | 2026-11-21 | 2026-11-21
            last Sunday | last Sunday | 2026-11-15 | 2026-11-15
            a week last Sunday | a week last Sunday | 2026-11-08 | 2026-11-08
            over the weekend | over the weekend | 2026-11-21 | 2026-11-22
            last weekend | last weekend | 2026-11-14 | 2026-11-15
            the weekend before last | the weekend before last | 2026-11-07 | 2026-11-08
            this week | this week | 2026-11-16 | 2026-11-22
            the week before last | the week before last | 2026-11-02 | 2026-11-08
            el sábado pasado | el sábado pasado | 2026-11-14 | 2026-11-14 | 2026-11-21 | 2026-11-21
            ",
        ),
    ];
    for (today, rows) in rows {
        check(today, rows);
    }
}

#[test]
fn a_telephone_number_is_no_day() {
    let setting = Setting {
        today: jiff::civil::date(2026, 11, 25),
        country: "GB",
        order: DateOrder::DayFirst,
    };
    for text in [
        "ring 01632 12-11-2020",
        "(0117) 496 0123",
        "+44 7700 900 12 11",
    ] {
        let found = Reader::new().read(text, setting, &[]).dates;
        assert!(found.is_empty(), "{text}: {found:?}");
    }
    let found = Reader::new().read("2026-11-15", setting, &[]);
    assert_eq!(found.dates.len(), 1, "{found:?}");
}

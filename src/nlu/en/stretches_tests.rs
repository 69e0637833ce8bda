//! Stretches of days: from one to another, one and another, since one.

use super::dates_tests::check;

#[test]
fn stretches_said_on_a_wednesday() {
    check(
        "2026-11-25",
        "
        between Monday and Wednesday | between Monday and Wednesday | 2026-11-16 | 2026-11-18
        from Friday till Sunday | from Friday till Sunday | 2026-11-20 | 2026-11-22
        from Thursday night until Saturday morning | from Thursday night until Saturday morning | 2026-11-19 | 2026-11-21
        Monday to Tuesday | Monday to Tuesday | 2026-11-23 | 2026-11-24
        Saturday - Monday | Saturday - Monday | 2026-11-21 | 2026-11-23
        Tuesday night and Wednesday morning | Tuesday night and Wednesday morning | 2026-11-17 | 2026-11-18
        Sunday night and Monday morning | Sunday night and Monday morning | 2026-11-22 | 2026-11-23
        it was Saturday or Sunday | Saturday or Sunday | 2026-11-21 | 2026-11-22
        Friday, Saturday and Sunday | Friday, Saturday and Sunday | 2026-11-20 | 2026-11-22
        on Friday and on Monday | on Friday | 2026-11-20 | 2026-11-20 & on Monday | 2026-11-23 | 2026-11-23
        last Monday and Tuesday | last Monday and Tuesday | 2026-11-16 | 2026-11-17 | 2026-11-23 | 2026-11-24
        from Sunday to yesterday | from Sunday to yesterday | 2026-11-22 | 2026-11-24
        last night and this morning | last night and this morning | 2026-11-24 | 2026-11-25
        between 3 and 5 November | between 3 and 5 November | 2026-11-03 | 2026-11-05
        from the 3rd to the 5th of November | from the 3rd to the 5th of November | 2026-11-03 | 2026-11-05
        3-5 November | 3-5 November | 2026-11-03 | 2026-11-05
        November 3 to 5 | November 3 to 5 | 2026-11-03 | 2026-11-05
        12 and 13 November | 12 and 13 November | 2026-11-12 | 2026-11-13
        late on Monday, Tuesday and Friday | on Monday, Tuesday and Friday | 2026-11-16 | 2026-11-20
        Monday, Wednesday and Friday | Monday, Wednesday and Friday | 2026-11-16 | 2026-11-20
        on the night of the 12th to the 13th my husband rang | on the night of the 12th to the 13th | 2026-11-12 | 2026-11-13
        nights of the 20th, 21st and 22nd | nights of the 20th, 21st and 22nd | 2026-11-20 | 2026-11-22
        night of 17th into 18th nov | 17th into 18th nov | 2026-11-17 | 2026-11-18
        mon 23 and tue 24 | mon 23 and tue 24 | 2026-11-23 | 2026-11-24
        Monday 9 people came | Monday | 2026-11-23 | 2026-11-23
        week before last, the thursday | week before last, the thursday | 2026-11-12 | 2026-11-12
        last week, Wednesday the 18th | last week, Wednesday the 18th | 2026-11-18 | 2026-11-18
        the last 3 Sundays nobody came | the last 3 Sundays | 2026-11-08 | 2026-11-22
        Been going on three weeks | Been going on three weeks | 2026-11-04 | 2026-11-25
        every morning since about September | since about September | 2026-09-01 | 2026-11-25
        since about three weeks ago | since about three weeks ago | 2026-11-04 | 2026-11-25
        yesterday and on Saturday the 21st | yesterday and on Saturday the 21st | 2026-11-21 | 2026-11-24
        12th & 13th Nov | 12th & 13th Nov | 2026-11-12 | 2026-11-13
        from 30 to 2 November | from 30 to 2 November | 2026-10-30 | 2026-11-02
        from 28 October to 3 November | from 28 October to 3 November | 2026-10-28 | 2026-11-03
        between 28 December and 3 January | between 28 December and 3 January | 2025-12-28 | 2026-01-03
        between the 3rd and the 5th | between the 3rd and the 5th | 2026-11-03 | 2026-11-05
        between August and October | between August and October | 2026-08-01 | 2026-10-31
        from 20 to 28 November | from 20 to 28 November | 2026-11-20 | 2026-11-25
        since 3 November | since 3 November | 2026-11-03 | 2026-11-25
        from Monday onwards | from Monday onwards | 2026-11-23 | 2026-11-25
        between last Tuesday and yesterday | between last Tuesday and yesterday | 2026-11-17 | 2026-11-24
        the week before last | the week before last | 2026-11-09 | 2026-11-15
        the weekend before last | the weekend before last | 2026-11-14 | 2026-11-15
        the month before last | the month before last | 2026-09-01 | 2026-09-30
        last weekend | last weekend | 2026-11-21 | 2026-11-22
        over the weekend | over the weekend | 2026-11-21 | 2026-11-22
        since the week before last | since the week before last | 2026-11-09 | 2026-11-25
        the other day | the other day | 2026-11-18 | 2026-11-24
        the other night the buzzer went unanswered | the other night | 2026-11-18 | 2026-11-24
        earlier this week | earlier this week | 2026-11-23 | 2026-11-24
        at the start of the week | at the start of the week | 2026-11-23 | 2026-11-24
        at the end of last week | at the end of last week | 2026-11-19 | 2026-11-22
        early October | early October | 2026-10-01 | 2026-10-10
        in mid-October | in mid-October | 2026-10-11 | 2026-10-20
        at the end of October | at the end of October | 2026-10-21 | 2026-10-31
        late November | late November | 2026-11-21 | 2026-11-25
        at the beginning of December | at the beginning of December | 2025-12-01 | 2025-12-10
        in 2024 | in 2024 | 2024-01-01 | 2024-12-31
        since 2023 | since 2023 | 2023-01-01 | 2026-11-25
        in October 2024 | in October 2024 | 2024-10-01 | 2024-10-31
        over the last two weeks | over the last two weeks | 2026-11-11 | 2026-11-25
        for the past month | for the past month | 2026-10-25 | 2026-11-25
        two or three days ago | two or three days ago | 2026-11-22 | 2026-11-23
        the first week of October | the first week of October | 2026-10-01 | 2026-10-07
        in the last week of October | in the last week of October | 2026-10-25 | 2026-10-31
        the week commencing 2 November | the week commencing 2 November | 2026-11-02 | 2026-11-08
        in March last year | in March last year | 2025-03-01 | 2025-03-31
        from 5pm on Friday until 9am on Sunday | from 5pm on Friday until 9am on Sunday | 2026-11-20 | 2026-11-22
        since last Monday until yesterday | since last Monday until yesterday | 2026-11-16 | 2026-11-24 | 2026-11-23 | 2026-11-24
        a year last March | a year last March | 2025-03-01 | 2025-03-31
        a week or two ago | a week or two ago | 2026-11-11 | 2026-11-18
        ",
    );
}

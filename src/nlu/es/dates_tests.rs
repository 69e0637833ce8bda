//! Days in Spanish; the rows are those of `dates_tests`.

use crate::nlu::en::dates_tests::check;

#[test]
fn spanish_said_on_a_wednesday() {
    check(
        "2026-11-25",
        "
        el martes pasado | el martes pasado | 2026-11-17 | 2026-11-17 | 2026-11-24 | 2026-11-24
        el pasado lunes | el pasado lunes | 2026-11-16 | 2026-11-16 | 2026-11-23 | 2026-11-23
        el lunes anterior | el lunes anterior | 2026-11-16 | 2026-11-16 | 2026-11-23 | 2026-11-23
        el viernes pasado por la noche | el viernes pasado por la noche | 2026-11-20 | 2026-11-20
        el martes | el martes | 2026-11-24 | 2026-11-24
        este lunes | este lunes | 2026-11-23 | 2026-11-23
        el lunes de la semana pasada | el lunes de la semana pasada | 2026-11-16 | 2026-11-16
        la semana pasada, el jueves | la semana pasada, el jueves | 2026-11-19 | 2026-11-19
        el lunes antepasado | el lunes antepasado | 2026-11-16 | 2026-11-16 | 2026-11-09 | 2026-11-09
        anteayer | anteayer | 2026-11-23 | 2026-11-23
        esta madrugada, sobre las dos | esta madrugada, sobre las dos | 2026-11-25 | 2026-11-25
        la última fue el lunes pasado, el 23 | el lunes pasado, el 23 | 2026-11-23 | 2026-11-23
        el 19 de noviembre y otra vez el 22 de noviembre | el 19 de noviembre y otra vez el 22 de noviembre | 2026-11-19 | 2026-11-22
        fue antes de ayer por la tarde | antes de ayer por la tarde | 2026-11-23 | 2026-11-23
        anoche | anoche | 2026-11-24 | 2026-11-24
        antier | antier | 2026-11-23 | 2026-11-23
        anteanoche | anteanoche | 2026-11-23 | 2026-11-23
        hace una semana el domingo | hace una semana el domingo | 2026-11-15 | 2026-11-15
        el domingo hizo una semana | el domingo hizo una semana | 2026-11-15 | 2026-11-15
        ayer hizo una semana | ayer hizo una semana | 2026-11-17 | 2026-11-17
        entre el 3 y el 5 de noviembre | entre el 3 y el 5 de noviembre | 2026-11-03 | 2026-11-05
        del 3 al 5 de noviembre | del 3 al 5 de noviembre | 2026-11-03 | 2026-11-05
        los días 12 y 13 de noviembre | los días 12 y 13 de noviembre | 2026-11-12 | 2026-11-13
        fue el día 12 | el día 12 | 2026-11-12 | 2026-11-12
        el día 28 a las 5 | el día 28 | 2026-10-28 | 2026-10-28
        el tres de noviembre | el tres de noviembre | 2026-11-03 | 2026-11-03
        el 8 de novienbre | el 8 de novienbre | 2026-11-08 | 2026-11-08
        la noche del 12 de octubre | la noche del 12 de octubre | 2026-10-12 | 2026-10-12
        la semana antepasada | la semana antepasada | 2026-11-09 | 2026-11-15
        el mes antepasado | el mes antepasado | 2026-09-01 | 2026-09-30
        hace quince días | hace quince días | 2026-11-10 | 2026-11-10
        hace dos semanas | hace dos semanas | 2026-11-11 | 2026-11-11
        hace dos o tres días | hace dos o tres días | 2026-11-22 | 2026-11-23
        el otro día | el otro día | 2026-11-18 | 2026-11-24
        el otro día, el 12, le gritó | el otro día, el 12 | 2026-11-12 | 2026-11-12
        la otra noche no vino nadie | la otra noche | 2026-11-18 | 2026-11-24
        a principios de octubre | a principios de octubre | 2026-10-01 | 2026-10-10
        a mediados de octubre | a mediados de octubre | 2026-10-11 | 2026-10-20
        a finales de octubre de 2025 | a finales de octubre de 2025 | 2025-10-21 | 2025-10-31
        a principios de semana | a principios de semana | 2026-11-23 | 2026-11-24
        la noche del viernes al sábado | la noche del viernes al sábado | 2026-11-20 | 2026-11-21
        del viernes al domingo | del viernes al domingo | 2026-11-20 | 2026-11-22
        entre el lunes y el martes | entre el lunes y el martes | 2026-11-23 | 2026-11-24
        el lunes y el martes | el lunes y el martes | 2026-11-23 | 2026-11-24
        desde el lunes | desde el lunes | 2026-11-23 | 2026-11-25
        desde ayer | desde ayer | 2026-11-24 | 2026-11-25
        desde hace tres semanas | desde hace tres semanas | 2026-11-04 | 2026-11-25
        en los últimos diez días | en los últimos diez días | 2026-11-15 | 2026-11-25
        entre agosto y octubre | entre agosto y octubre | 2026-08-01 | 2026-10-31
        en 2024 | en 2024 | 2024-01-01 | 2024-12-31
        el 12 de este mes | el 12 de este mes | 2026-11-12 | 2026-11-12
        el 5 del mes pasado | el 5 del mes pasado | 2026-10-05 | 2026-10-05
        el pasado 12 de noviembre | el pasado 12 de noviembre | 2026-11-12 | 2026-11-12
        ayer noche | ayer noche | 2026-11-24 | 2026-11-24
        hace un mes y medio | hace un mes y medio | 2026-10-10 | 2026-10-10
        a primeros de octubre | a primeros de octubre | 2026-10-01 | 2026-10-10
        en marzo del año pasado | en marzo del año pasado | 2025-03-01 | 2025-03-31
        12/11 a las 10 | 12/11 | 2026-11-12 | 2026-11-12
        la última semana de octubre | la última semana de octubre | 2026-10-25 | 2026-10-31
        los días 3, 4 y 5 de noviembre | los días 3, 4 y 5 de noviembre | 2026-11-03 | 2026-11-05
        desde el 3 de noviembre hasta ayer | desde el 3 de noviembre hasta ayer | 2026-11-03 | 2026-11-24
        vivo en la calle 2 de mayo | -
        en Nochebuena | Nochebuena | 2025-12-24 | 2025-12-24
        el miercoles | el miercoles | 2026-11-18 | 2026-11-18
        el martes 17 | el martes 17 | 2026-11-17 | 2026-11-17
        ",
    );
}

/// As said on Tuesday 24 November 2026.
#[test]
fn spanish_said_on_a_tuesday() {
    check(
        "2026-11-24",
        "
        fue ayer por la tarde | ayer por la tarde | 2026-11-23 | 2026-11-23
        anteayer a las 5 | anteayer a las 5 | 2026-11-22 | 2026-11-22
        hace tres días | hace tres días | 2026-11-21 | 2026-11-21
        desde hace dos semanas | desde hace dos semanas | 2026-11-10 | 2026-11-24
        el martes pasado | el martes pasado | 2026-11-17 | 2026-11-17
        desde el viernes | desde el viernes | 2026-11-20 | 2026-11-24
        el 15 de noviembre | el 15 de noviembre | 2026-11-15 | 2026-11-15
        el 3 de diciembre de 2025 | el 3 de diciembre de 2025 | 2025-12-03 | 2025-12-03
        la semana pasada | la semana pasada | 2026-11-16 | 2026-11-22
        el fin de semana | el fin de semana | 2026-11-21 | 2026-11-22
        en octubre | en octubre | 2026-10-01 | 2026-10-31
        dos veces por semana | -
        ",
    );
}

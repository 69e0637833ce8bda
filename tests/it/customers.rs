//! The directory of customers: imported whole or not at all, asked by staff, and never heard of in the chat.

use crate::fakes::fhir::{Fhir, Manner};
use crate::house::{Base, House};
use crate::on_both;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

const STORY: &str = "Your porter shouted at me on Maple ward yesterday. I'm a patient, my name is Ann Oduya, my number is 07700 900123";

fn imports(house: &House, text: &str, more: &[&str]) -> (bool, Vec<String>) {
    let file = house.folder.path().join("customers.csv");
    std::fs::write(&file, text).expect("written");
    let file = file.to_str().expect("a path");
    let mut args = vec!["customers", "import", file];
    args.extend(more);
    let out = house.run(&args, "");
    let lines = String::from_utf8(out.stdout).expect("text");
    (
        out.status.success(),
        lines.lines().map(str::to_owned).collect(),
    )
}

async fn complains(house: &House) -> (String, String) {
    let made = house.says("a", "1", STORY).await;
    let reference = made["complaint"].as_str().expect("on record").to_owned();
    (reference, said(&made))
}

/// What they were answered, with the answers to choose from.
fn said(answer: &Value) -> String {
    let replies = answer["replies"].as_array().expect("replies").iter();
    let all: Vec<String> = replies
        .map(|r| format!("{} {}", r["text"], r["choices"]))
        .collect();
    all.join("\n")
}

/// Who it may be: number, score and why.
fn found(answer: &Value) -> Vec<(&str, u64, Vec<&str>)> {
    let all = answer["customers"].as_array().expect("a list").iter();
    all.map(|c| {
        let why = c["why"]
            .as_array()
            .expect("a list")
            .iter()
            .filter_map(Value::as_str)
            .collect();
        (
            c["id"].as_str().expect("an id"),
            c["score"].as_u64().expect("a score"),
            why,
        )
    })
    .collect()
}

on_both! {
    async fn a_directory_is_imported_whole_or_not_at_all(base: Base) {
        let house = House::open(base).await;
        let good = "id,name,born,phone,email,postcode\n17,Ann Oduya,1950-02-03,07700 900123,,SW1A 1AA\n18,Peter Nagy,,,,\n";
        let (ok, lines) = imports(&house, good, &["--dry-run"]);
        assert_eq!((ok, lines.last().map(String::as_str)), (true, Some("2 new, 0 changed, 0 as before, 0 not in the file any more, 0 wrong; nothing was changed")));
        assert!(house.rows("SELECT id FROM customers").await.is_empty());
        assert_eq!(imports(&house, good, &[]), (true, vec!["2 new, 0 changed, 0 as before, 0 not in the file any more, 0 wrong".to_owned()]));
        let bad = "id,name,born\n17,Ann Oduya,1950-02-03\n19,,\n20,Ola Berg,yesterday\n";
        let (ok, lines) = imports(&house, bad, &[]);
        assert!(!ok);
        assert_eq!(lines, ["line 3: name: is missing", "line 4: born: is no day as in 1950-02-03", "0 new, 1 changed, 0 as before, 1 not in the file any more, 2 wrong; nothing was changed"]);
        assert_eq!(house.rows("SELECT id FROM customers ORDER BY id").await, ["17", "18"]);
        let (ok, lines) = imports(&house, "id,name\n18,Peter Nagy\n21,Ola Berg\n", &[]);
        assert_eq!((ok, lines), (true, vec!["1 new, 0 changed, 1 as before, 1 not in the file any more, 0 wrong".to_owned()]));
        assert_eq!(house.rows("SELECT id FROM customers ORDER BY id").await, ["18", "21"]);
        let (ok, _) = imports(&house, "Ann;1950\n", &[]);
        assert!(!ok, "no head");
    }

    async fn staff_see_who_it_may_be_and_the_person_learns_nothing(base: Base) {
        let house = House::open(base).await;
        let priya = house.agent("Priya Shah", "agent");
        let (reference, before) = complains(&house).await;
        let path = format!("complaints/{reference}/customers");
        assert_eq!(found(&house.get(&priya, &path).await), []);
        let csv = "id,name,born,phone,postcode\n17,\"Oduya, Ann\",1950-02-03,+44 7700 900123,SW1A 1AA\n18,Anne Oduja,,,\n19,Peter Nagy,,,\n";
        assert!(imports(&house, csv, &[]).0);
        let list = house.get(&priya, &path).await;
        let all = found(&list);
        assert_eq!(all[0], ("17", 70, vec!["name", "phone"]), "{list}");
        assert!(all.iter().all(|(id, score, _)| *id != "19" && *score >= 40), "{list}");
        let sure = house.get(&priya, &format!("{path}?born=1950-02-03&postcode=sw1a1aa")).await;
        assert_eq!(found(&sure)[0], ("17", 100, vec!["name", "born", "phone", "postcode"]), "{sure}");
        let other = house.get(&priya, &format!("{path}?name=Peter%20Nagy&phone=0")).await;
        assert_eq!(found(&other), [("19", 50, vec!["name"])], "{other}");
        let wrong = house.call(&priya, Method::GET, &format!("{path}?born=1950"), None).await;
        assert_eq!(wrong.status(), StatusCode::BAD_REQUEST);
        // In the chat everything is as it was before they were in a directory.
        let record = house.get(&priya, &format!("complaints/{reference}")).await;
        assert!(!record.to_string().contains("SW1A"));
        let again = house.says("b", "1", STORY).await;
        let reference_now = again["complaint"].as_str().expect("on record");
        assert_eq!(said(&again).replace(reference_now, "NH"), before.replace(&reference, "NH"));
        let log = house.run(&["audit", "show", &reference], "");
        assert!(String::from_utf8_lossy(&log.stdout).contains("Priya Shah"));
    }

    async fn a_server_of_fhir_is_asked_once_and_its_silence_hides_nothing(base: Base) {
        let fhir = Fhir::open().await;
        let house = House::open_with(base, &[("NOHOLD_FHIR_URL", &fhir.url), ("NOHOLD_FHIR_TOKEN", "s3cret"), ("NOHOLD_FHIR_SECONDS", "1")]).await;
        let priya = house.agent("Priya Shah", "agent");
        let (reference, _) = complains(&house).await;
        assert!(fhir.asked.look().searches.is_empty(), "nobody is asked before somebody of staff looks");
        let path = format!("complaints/{reference}/customers");
        let list = house.get(&priya, &path).await;
        assert_eq!(found(&list), [("p1", 70, vec!["name", "phone"])], "{list}");
        assert_eq!((&list["customers"][0]["found_in"], &list["unanswered"]), (&json!("fhir"), &Value::Null));
        let pair = |a: &str, b: &str| (a.to_owned(), b.to_owned());
        let search = vec![pair("name", "Ann"), pair("name", "Oduya"), pair("_count", "20")];
        house.get(&priya, &path).await;
        assert_eq!(fhir.asked.look().searches, [search], "the second answer was kept");
        assert!(imports(&house, "id,name\n17,Ann Oduya\n", &[]).0);
        for (manner, why) in [(Manner::Hangs, "did not answer in time"), (Manner::Broken, "the answer is no JSON of FHIR")] {
            fhir.asked.change(|a| a.manner = manner);
            let born = if manner == Manner::Hangs { "1950-02-03" } else { "1950-02-04" };
            let list = house.get(&priya, &format!("{path}?born={born}")).await;
            assert_eq!((found(&list)[0].0, &list["unanswered"]), ("17", &json!(why)), "{list}");
        }
        assert!(!house.log().contains("Oduya"), "no name in the log");
    }
}

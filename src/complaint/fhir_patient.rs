//! Patients of FHIR R4, as a search gives them: read as customers. What a server gives beside that is passed over.

use crate::domain::{Customer, Sought};
use serde::Deserialize;

/// Most that are asked for, and taken.
pub const MOST: usize = 20;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Bundle {
    #[serde(rename = "resourceType")]
    kind: String,
    entry: Vec<Entry>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Entry {
    resource: serde_json::Value,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Patient {
    #[serde(rename = "resourceType")]
    kind: String,
    id: String,
    name: Vec<Name>,
    #[serde(rename = "birthDate")]
    born: Option<String>,
    telecom: Vec<Telecom>,
    address: Vec<Address>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Name {
    r#use: Option<String>,
    text: Option<String>,
    family: Option<String>,
    given: Vec<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Telecom {
    system: Option<String>,
    value: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Address {
    #[serde(rename = "postalCode")]
    postcode: Option<String>,
}

/// Longest that is taken of a value, in characters.
const LONGEST: usize = 200;

fn bounded(text: &str) -> Option<String> {
    let text: String = text
        .trim()
        .chars()
        .filter(|c| !c.is_control())
        .take(LONGEST)
        .collect();
    (!text.is_empty()).then_some(text)
}

impl Name {
    fn whole(&self) -> Option<String> {
        if let Some(text) = self.text.as_deref().and_then(bounded) {
            return Some(text);
        }
        let parts = self.given.iter().chain(&self.family);
        let words: Vec<&str> = parts.map(String::as_str).collect();
        bounded(&words.join(" "))
    }
}

fn customer(patient: &Patient) -> Option<Customer> {
    let official = |n: &&Name| n.r#use.as_deref() == Some("official");
    let name = patient.name.iter().find(official);
    let name = name.or_else(|| patient.name.first())?.whole()?;
    let reached = |system: &str| {
        let mut ways = patient.telecom.iter();
        let way = ways.find(|t| t.system.as_deref() == Some(system))?;
        bounded(way.value.as_deref()?)
    };
    Some(Customer {
        id: bounded(&patient.id)?,
        name,
        born: patient.born.as_deref().and_then(bounded),
        phone: reached("phone"),
        email: reached("email"),
        postcode: patient
            .address
            .iter()
            .find_map(|a| bounded(a.postcode.as_deref()?)),
    })
}

/// The patients of a searchset.
///
/// # Errors
/// It is none; in words, without any of its content.
pub fn patients(text: &[u8]) -> Result<Vec<Customer>, String> {
    let bundle: Bundle =
        serde_json::from_slice(text).map_err(|_| "the answer is no JSON of FHIR".to_owned())?;
    if bundle.kind != "Bundle" {
        return Err("the answer is no Bundle".to_owned());
    }
    let read = bundle.entry.into_iter().filter_map(|entry| {
        let patient: Patient = serde_json::from_value(entry.resource).ok()?;
        (patient.kind == "Patient").then(|| customer(&patient))?
    });
    Ok(read.take(MOST).collect())
}

/// What is asked: the parameters of a search by what is known. Each search parameter of R4 narrows down, so a name goes
/// with a day of birth where that is known, and what is left alone where there is no name.
pub fn query(sought: &Sought) -> Vec<(&'static str, String)> {
    let mut asked = Vec::new();
    if let Some(name) = &sought.name {
        // Each word of it must be in some part of the name.
        let words = name.split_whitespace().take(6);
        asked.extend(words.map(|w| ("name", w.to_owned())));
    } else if let Some(phone) = sought.phones.first() {
        asked.push(("phone", phone.clone()));
    } else {
        asked.extend(sought.emails.first().map(|e| ("email", e.clone())));
    }
    asked.extend(sought.born.iter().map(|b| ("birthdate", b.clone())));
    if asked.is_empty() {
        asked.extend(
            sought
                .postcode
                .iter()
                .map(|z| ("address-postalcode", z.clone())),
        );
    }
    if !asked.is_empty() {
        asked.push(("_count", MOST.to_string()));
    }
    asked
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn patients_are_read_and_whatever_else_is_in_the_bundle_passed_over() {
        let bundle = json!({"resourceType": "Bundle", "type": "searchset", "total": 1, "entry": [
            {"resource": {"resourceType": "Patient", "id": "p1",
                "name": [{"use": "nickname", "given": ["Annie"]}, {"use": "official", "family": "Kovács", "given": ["Anna", "Mária"]}],
                "birthDate": "1950-02-03",
                "telecom": [{"system": "email", "value": "anna@example.org"}, {"system": "phone", "value": "07700 900123"}],
                "address": [{"city": "London"}, {"postalCode": "SW1A 1AA"}]}, "search": {"mode": "match"}},
            {"resource": {"resourceType": "OperationOutcome", "issue": []}, "search": {"mode": "outcome"}},
            {"resource": {"resourceType": "Patient", "id": "nameless"}},
            {"resource": 7}
        ]});
        let anna = Customer {
            id: "p1".to_owned(),
            name: "Anna Mária Kovács".to_owned(),
            born: Some("1950-02-03".to_owned()),
            phone: Some("07700 900123".to_owned()),
            email: Some("anna@example.org".to_owned()),
            postcode: Some("SW1A 1AA".to_owned()),
        };
        assert_eq!(patients(bundle.to_string().as_bytes()), Ok(vec![anna]));
        assert_eq!(patients(b"{\"resourceType\": \"Bundle\"}"), Ok(Vec::new()));
        for wrong in ["<html>", "{\"resourceType\": \"OperationOutcome\"}", "[]"] {
            assert!(patients(wrong.as_bytes()).is_err(), "{wrong}");
        }
    }

    #[test]
    fn it_is_asked_by_name_and_birth_or_by_what_else_is_known() {
        let name = Sought {
            name: Some("Anna Kovács".to_owned()),
            born: Some("1950-02-03".to_owned()),
            phones: vec!["1".to_owned()],
            ..Sought::default()
        };
        let count = ("_count", "20".to_owned());
        let word = |w: &str| ("name", w.to_owned());
        let born = ("birthdate", "1950-02-03".to_owned());
        assert_eq!(
            query(&name),
            [word("Anna"), word("Kovács"), born, count.clone()]
        );
        let phone = Sought {
            phones: vec!["07700 900123".to_owned()],
            ..Sought::default()
        };
        assert_eq!(query(&phone), [("phone", "07700 900123".to_owned()), count]);
        assert_eq!(query(&Sought::default()), []);
    }
}

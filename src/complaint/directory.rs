//! A directory of customers as CSV: read line by line, with what is wrong in which line.

use crate::domain::Customer;
use jiff::civil::Date;
use std::{collections::BTreeMap, io::Read};

/// Longest value, in characters.
const LONGEST: usize = 200;
const COLUMNS: [&str; 6] = ["id", "name", "born", "phone", "email", "postcode"];

/// What a file has.
#[derive(Debug, Default)]
pub struct ReadDirectory {
    /// Who is in it.
    pub customers: Vec<Customer>,
    /// What is wrong, in order: the line, the column and why; never the value, which may be anybody's.
    pub mistakes: Vec<String>,
}

/// Reads a file. Columns may stand in any order, between commas or semicolons; others than ours are passed over.
///
/// # Errors
/// It has no head that names `id` and `name`, or cannot be read; in words.
pub fn read(mut from: impl Read) -> Result<ReadDirectory, String> {
    let mut text = Vec::new();
    from.read_to_end(&mut text).map_err(|e| e.to_string())?;
    let text = text.strip_prefix("\u{feff}".as_bytes()).unwrap_or(&text);
    let head = text.split(|b| *b == b'\n').next().unwrap_or_default();
    let head = String::from_utf8_lossy(head);
    let semicolons = head.matches(';').count() > head.matches(',').count();
    let separator = if semicolons { b';' } else { b',' };
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(separator)
        .flexible(true)
        .trim(csv::Trim::All)
        .from_reader(text);
    let head = reader.byte_headers().map_err(|e| e.to_string())?.clone();
    let at = |column: &str| {
        head.iter()
            .position(|h| h.eq_ignore_ascii_case(column.as_bytes()))
    };
    let places: BTreeMap<&str, usize> = COLUMNS.iter().filter_map(|c| Some((*c, at(c)?))).collect();
    for needed in ["id", "name"] {
        if !places.contains_key(needed) {
            return Err(format!(
                "the first line names no column '{needed}'; it may have {}",
                COLUMNS.join(", ")
            ));
        }
    }
    let mut found = ReadDirectory::default();
    let mut lines = BTreeMap::new();
    let columns = head.len();
    for record in reader.byte_records() {
        let record = match record {
            Ok(record) => record,
            Err(e) => {
                found.mistakes.push(e.to_string());
                continue;
            }
        };
        let line = record.position().map_or(0, csv::Position::line);
        let mut wrong = |why: &str| found.mistakes.push(format!("line {line}: {why}"));
        if record.len() != columns {
            wrong(&format!(
                "has {} values for {columns} columns",
                record.len()
            ));
            continue;
        }
        match customer(&record, &places) {
            Err(why) => wrong(&why),
            Ok(customer) => match lines.insert(customer.id.clone(), line) {
                Some(before) => wrong(&format!("id: is that of line {before}, too")),
                None => found.customers.push(customer),
            },
        }
    }
    // An import replaces the directory: a file that was cut short must not empty it.
    if found.customers.is_empty() && found.mistakes.is_empty() {
        return Err("names no customers".to_owned());
    }
    Ok(found)
}

fn customer(record: &csv::ByteRecord, places: &BTreeMap<&str, usize>) -> Result<Customer, String> {
    let value = |column: &str| -> Result<Option<String>, String> {
        let bytes = places.get(column).and_then(|at| record.get(*at));
        let text = std::str::from_utf8(bytes.unwrap_or_default())
            .map_err(|_| format!("{column}: is not UTF-8"))?;
        if text.chars().count() > LONGEST {
            return Err(format!("{column}: has more than {LONGEST} characters"));
        }
        if text.chars().any(char::is_control) {
            return Err(format!("{column}: has a character that nobody can see"));
        }
        Ok((!text.is_empty()).then(|| text.to_owned()))
    };
    let needed = |column: &str| value(column)?.ok_or_else(|| format!("{column}: is missing"));
    let born = value("born")?;
    if born
        .as_ref()
        .is_some_and(|b| b.parse::<Date>().is_err() || b.len() != 10)
    {
        return Err("born: is no day as in 1950-02-03".to_owned());
    }
    let phone = value("phone")?;
    if phone
        .as_ref()
        .is_some_and(|p| p.chars().filter(char::is_ascii_digit).count() < 5)
    {
        return Err("phone: is no telephone number".to_owned());
    }
    let email = value("email")?;
    if email.as_ref().is_some_and(|e| !e.contains('@')) {
        return Err("email: is no address".to_owned());
    }
    Ok(Customer {
        id: needed("id")?,
        name: needed("name")?,
        born,
        phone,
        email,
        postcode: value("postcode")?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_read_whatever_the_order_of_the_columns_and_the_country() {
        let comma = "Name,ID,born,ward\nAnna Kovács,17,1950-02-03,Oak\n\"Lee, Ann\",18,,\n";
        let semicolon =
            "\u{feff}id;name;phone;email\r\n17;Anna Kovács;07700 900123;a@example.org\r\n";
        let of = |text: &str| {
            let read = read(text.as_bytes()).expect("a head");
            assert_eq!(read.mistakes, [""; 0]);
            read.customers
        };
        let all = of(comma);
        assert_eq!(
            (all.len(), all[1].name.as_str(), all[0].born.as_deref()),
            (2, "Lee, Ann", Some("1950-02-03"))
        );
        assert_eq!(of(semicolon)[0].email.as_deref(), Some("a@example.org"));
    }

    #[test]
    fn a_file_without_customers_empties_nothing() {
        assert!(read("id,name\n".as_bytes()).is_err_and(|e| e == "names no customers"));
    }

    #[test]
    fn what_is_wrong_is_told_by_line_and_column_and_never_by_value() {
        let text = "id,name,born,phone,email\n1,,,,\n,Ann,,,\n3,Ann,1950-02-31,,\n4,Ann,,x,\n5,Ann,,,y\n6,Ann\n7,Secretname,,,\n7,Secretname,,,\n";
        let found = read(text.as_bytes()).expect("a head");
        assert_eq!(
            found.mistakes,
            [
                "line 2: name: is missing",
                "line 3: id: is missing",
                "line 4: born: is no day as in 1950-02-03",
                "line 5: phone: is no telephone number",
                "line 6: email: is no address",
                "line 7: has 2 values for 5 columns",
                "line 9: id: is that of line 8, too",
            ]
        );
        let no_head = read("Anna;1950\n".as_bytes()).expect_err("no head");
        assert!(no_head.contains("no column 'id'"), "{no_head}");
    }
}

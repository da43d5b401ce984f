//! The people: who they are, what they decide for, and which roles they hold where.

use serde::Deserialize;
use serde_json::{Value, json};

use super::fault::Fault;
use super::size::Size;
use super::story::{FOUNDER, Told};

const FILE: &str = "demo/people.csv";
const PEOPLE: &str = include_str!("../../demo/people.csv");

#[derive(Deserialize)]
struct Row {
    home: String,
    login: String,
    name: String,
    disciplines: String,
    roles: String,
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(' ').filter(|word| !word.is_empty())
}

fn line(command: &str, fields: Value) -> Told {
    let (by, command) = (FOUNDER.to_owned(), command.to_owned());
    Told { at: None, by, command, name: None, fields }
}

/// Whether a person is of the centre, not of a plant.
pub fn of_the_centre(login: &str) -> bool {
    let mark = format!("-,{login},");
    PEOPLE.lines().any(|line| line.starts_with(&mark))
}

/// Registers the people of these plants and of the centre; the roles of the centre reach every site.
pub fn lines(size: Size) -> Result<Vec<Told>, Fault> {
    let mut lines = Vec::new();
    for row in csv::Reader::from_reader(PEOPLE.as_bytes()).deserialize() {
        let row: Row = row.map_err(|fault| Fault::file(FILE, fault))?;
        let site = (row.home != "-").then_some(row.home.as_str());
        if site.is_some_and(|site| !size.has(site)) {
            continue;
        }
        let disciplines: Vec<_> = words(&row.disciplines).collect();
        lines.push(line(
            "person.register",
            json!({"login": row.login, "name": row.name, "disciplines": disciplines}),
        ));
        for role in words(&row.roles) {
            let mut fields = json!({"login": row.login, "role": role});
            if let (Some(site), Some(fields)) = (site, fields.as_object_mut()) {
                fields.insert("site".to_owned(), json!(site));
            }
            lines.push(line("role.grant", fields));
        }
    }
    Ok(lines)
}

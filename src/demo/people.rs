//! The people: who they are, what they decide for, and which roles they hold where.

use serde::Deserialize;
use serde_json::{Value, json};

use super::fault::Fault;
use super::size::Size;
use super::story::{Act, FOUNDER};

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

fn act(command: &str, fields: Value) -> Act {
    Act { by: FOUNDER.to_owned(), command: command.to_owned(), name: None, fields }
}

/// Registers the people of these plants and of the centre; the roles of the centre reach every site.
pub fn acts(size: Size) -> Result<Vec<Act>, Fault> {
    let mut acts = Vec::new();
    for row in csv::Reader::from_reader(PEOPLE.as_bytes()).deserialize() {
        let row: Row = row.map_err(|fault| Fault::file(FILE, fault))?;
        let site = (row.home != "-").then_some(row.home.as_str());
        if site.is_some_and(|site| !size.has(site)) {
            continue;
        }
        let disciplines: Vec<_> = words(&row.disciplines).collect();
        acts.push(act(
            "person.register",
            json!({"login": row.login, "name": row.name, "disciplines": disciplines}),
        ));
        for role in words(&row.roles) {
            let mut fields = json!({"login": row.login, "role": role});
            if let (Some(site), Some(fields)) = (site, fields.as_object_mut()) {
                fields.insert("site".to_owned(), json!(site));
            }
            acts.push(act("role.grant", fields));
        }
    }
    Ok(acts)
}

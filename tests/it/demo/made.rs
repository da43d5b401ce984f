//! Stores of the story that several tests read, each made once: of one plant and of five.

use std::sync::OnceLock;

use serde_json::Value;
use smc::commands::Desk;
use smc::domain::names::Login;
use smc::domain::time::Time;
use smc::store::Opening;

use super::told::demo;
use crate::support::process::{Account, account};
use crate::support::sqlite::{self, Place};

type Made = (Place, Account);

fn made(size: &str) -> Made {
    let place = sqlite::place();
    let account = account(&place.url());
    demo(&account, place.dir(), &["--size", size]).exits(0);
    (place, account)
}

/// The store of five plants.
pub fn five() -> &'static Made {
    static MADE: OnceLock<Made> = OnceLock::new();
    MADE.get_or_init(|| made("plant"))
}

/// The store of one plant.
pub fn one() -> &'static Made {
    static MADE: OnceLock<Made> = OnceLock::new();
    MADE.get_or_init(|| made("small"))
}

/// The store at a place, as this person or as whoever runs the tests.
pub async fn desk(url: &str, login: Option<&str>) -> Desk {
    let act_as = login.map(|login| Login::new(login).unwrap());
    let opening = Opening { act_as, ..Opening::default() };
    Desk::open(url.parse().unwrap(), opening, "reading").await.unwrap()
}

/// The rows of a list of the five plants.
pub fn list(subject: &str) -> Vec<Value> {
    let (_, account) = five();
    account.smc(&["list", subject, "--json"]).exits(0).json_lines()
}

/// The instant at which the story of a store ends.
pub fn end_of_story(account: &Account) -> Time {
    let log = account.smc(&["log", "--json"]).exits(0).json_lines();
    let sealed = log.iter().find(|entry| entry["kind"] == "demo.sealed").unwrap();
    time(&sealed["at"])
}

/// The instant that a row names.
pub fn time(value: &Value) -> Time {
    value.as_str().unwrap().parse().unwrap()
}

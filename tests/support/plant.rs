//! A small plant to tell stories about: one site, two assets, people of different disciplines.

use serde_json::{Value, json};
use smc::domain::time::Time;

use super::engine::{Engine, Person};
use super::process::Ran;

/// The plant, with whoever works there.
pub struct Plant {
    /// Who made the store: administrator, manager, operator, shift lead.
    pub founder: Person,
    /// An operator of the centre who asks for things.
    pub rita: Person,
    /// Operations, shift lead at the site.
    pub olga: Person,
    /// IT security.
    pub ida: Person,
}

/// The instant so many seconds from now, as commands take it.
pub fn in_seconds(seconds: i64) -> String {
    smc::clock::now().plus_seconds(seconds).to_string()
}

/// The instant of this text.
pub fn time(text: &str) -> Time {
    text.parse().unwrap()
}

/// Makes the plant on an engine.
pub fn plant(engine: &Engine) -> Plant {
    let founder = engine.founder();
    founder.smc(&["init", "--org", "Delta Works", "--demo"]).exits(0);
    let [rita, olga, ida] = ["rita", "olga", "ida"].map(|word| engine.person(word));
    let plant = Plant { founder, rita, olga, ida };
    let timezone = "Europe/Amsterdam";
    plant.done("site.register", json!({"site": "RLF", "name": "Rotterdam", "timezone": timezone}));
    plant.done("site.register", json!({"site": "ANR", "name": "Antwerp", "timezone": timezone}));
    for (tag, name, class) in [("PLC-1", "Feed pump PLC", "plc"), ("HMI-1", "Feed panel", "hmi")] {
        plant.done(
            "asset.register",
            json!({"site": "RLF", "tag": tag, "name": name, "class": class}),
        );
    }
    for (person, disciplines) in [
        (&plant.rita, json!(["engineering"])),
        (&plant.olga, json!(["operations"])),
        (&plant.ida, json!(["it_security"])),
    ] {
        let login = &person.login;
        plant.done(
            "person.register",
            json!({"login": login, "name": login, "disciplines": disciplines}),
        );
    }
    let grants = [
        (&plant.rita, "smc_operator", None),
        (&plant.olga, "shift_lead", Some("RLF")),
        (&plant.ida, "smc_operator", None),
    ];
    for (person, role, site) in grants {
        let mut grant = json!({"login": person.login, "role": role});
        if let Some(site) = site {
            grant["site"] = json!(site);
        }
        plant.done("role.grant", grant);
    }
    plant
}

impl Plant {
    /// Somebody comes who holds a discipline and a role that decides, at the site or at all of them.
    pub fn joined(&self, person: &Person, discipline: &str, site: Option<&str>) {
        let login = &person.login;
        self.done(
            "person.register",
            json!({"login": login, "name": login, "disciplines": [discipline]}),
        );
        let mut grant = json!({"login": login, "role": "site_security"});
        if let Some(site) = site {
            grant["site"] = json!(site);
        }
        self.done("role.grant", grant);
    }

    /// The founder does something, which must succeed; gives the receipt.
    pub fn done(&self, command: &str, fields: Value) -> Value {
        done(&self.founder, command, fields)
    }

    /// Rita asks for a change of the first asset, from so many seconds from now, for so long; gives its reference.
    pub fn change(&self, from: i64, lasts: i64) -> String {
        let receipt = done(&self.rita, "change.request", change(from, lasts));
        receipt["ref"].as_str().unwrap().to_owned()
    }
}

/// The fields of a change request.
pub fn change(from: i64, lasts: i64) -> Value {
    let none = json!({"level": "none"});
    json!({
        "site": "RLF", "title": "Firmware 2.8 on the feed pump PLC", "kind": "normal",
        "assets": ["RLF/PLC-1"], "start": in_seconds(from), "end": in_seconds(from + lasts),
        "impacts": {
            "security": none, "safety": none, "validation": none, "uptime": none,
            "quality": {"level": "low", "text": "one batch is re-tested"},
        },
        "rollback": "Load the saved project.", "tests": "Run the pump in manual.",
    })
}

/// Somebody does something; gives what came of it.
pub fn act(person: &Person, command: &str, fields: &Value) -> Ran {
    person.smc(&["do", command, "--json", &fields.to_string()])
}

/// Somebody does something, which must succeed; gives the receipt.
pub fn done(person: &Person, command: &str, fields: Value) -> Value {
    act(person, command, &fields).exits(0).json()
}

/// Somebody is refused; gives the code.
pub fn refused(person: &Person, command: &str, fields: Value) -> String {
    let told = act(person, command, &fields).exits(3).json_error();
    assert!(!told["message"].as_str().unwrap().is_empty(), "{told}");
    assert!(!told["fix"].as_str().unwrap().is_empty(), "{told}");
    told["refused"].as_str().unwrap().to_owned()
}

/// What was made, by its reference.
pub fn named(receipt: &Value) -> String {
    receipt["ref"].as_str().unwrap().to_owned()
}

/// Somebody says yes for a discipline.
pub fn yes(person: &Person, reference: &str, discipline: &str) {
    done(person, "decide", json!({"ref": reference, "discipline": discipline, "decision": "yes"}));
}

/// Operations and IT security say yes.
pub fn approve(plant: &Plant, reference: &str) {
    yes(&plant.olga, reference, "operations");
    yes(&plant.ida, reference, "it_security");
}

/// The store holds, down to the last entry.
pub fn holds(engine: &Engine, plant: &Plant) {
    let told = plant.founder.smc(&["verify"]);
    assert_eq!(told.code, Some(0), "{}: {}", engine.name(), told.stdout);
}

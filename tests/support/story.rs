//! A store with something of everything in it, told through the desk by people with logins of their own.

use serde_json::json;
use smc::commands::{Desk, Receipt};
use smc::domain::command::Command;
use smc::domain::names::Login;
use smc::domain::text::Line;
use smc::domain::time::Time;
use smc::store::{Opening, Place, StoreError, found};

use super::engine::{Engine, Person, engines};

/// A store, and who works with it.
pub struct Story {
    /// The founder: operations and engineering, operator, shift lead, admin and manager.
    pub boss: Desk,
    /// IT security, an operator.
    pub alice: Desk,
    /// Operations and management, an operator who decides.
    pub bob: Desk,
    /// Vendor management, safety and management.
    pub vera: Desk,
    /// Engineering.
    pub erik: Desk,
    /// The logins of the last two.
    pub others: [String; 2],
    /// The logins of the three.
    pub logins: [String; 3],
}

/// Hands in a command by name.
pub async fn submit(
    desk: &Desk,
    name: &str,
    fields: serde_json::Value,
) -> Result<Receipt, StoreError> {
    let command = Command::read(name, fields).expect("the command exists").expect("its fields fit");
    desk.submit(command.into()).await
}

/// Hands in a command that no rule may refuse; gives the reference.
pub async fn done(desk: &Desk, name: &str, fields: serde_json::Value) -> String {
    match submit(desk, name, fields.clone()).await {
        Ok(receipt) => receipt.reference.to_string(),
        Err(fault) => panic!("{name} {fields}: {fault}"),
    }
}

/// This many seconds from now.
pub fn soon(seconds: i64) -> String {
    smc::clock::now().plus_seconds(seconds).to_string()
}

/// The same instant as a time.
pub fn now() -> Time {
    smc::clock::now()
}

async fn desk(person: &Person, as_login: bool) -> Desk {
    let environment = person.account.environment();
    let (_, url) = environment.iter().find(|(name, _)| name == "SMC_STORE").expect("a store");
    let place: Place = url.to_str().expect("UTF-8").parse().expect("a place");
    let act_as = as_login.then(|| Login::new(&person.login).expect("a login"));
    Desk::open(place, Opening { act_as, ..Opening::default() }, "test").await.expect("a desk")
}

/// Founds a store at the engine's place and tells the beginning: two sites, three people, four assets.
pub async fn begin(engine: &Engine) -> Story {
    let place: Place = engine.url().parse().expect("a place");
    let org = Line::new("Kestrel Chemicals").expect("a name");
    found(&place, &org, true, &smc::commands::origin("test")).await.expect("a store");
    let boss = desk(&engine.founder(), false).await;
    let [alice, bob, vera, erik] = ["alice", "bob", "vera", "erik"].map(|word| engine.person(word));
    for (site, name, zone) in
        [("RLF", "Rotterdam", "Europe/Amsterdam"), ("ANR", "Antwerp", "Europe/Brussels")]
    {
        done(&boss, "site.register", json!({"site": site, "name": name, "timezone": zone})).await;
    }
    for (person, disciplines) in [
        (&alice, vec!["it_security"]),
        (&bob, vec!["operations", "management"]),
        (&vera, vec!["vendor_management", "safety", "management"]),
        (&erik, vec!["engineering"]),
    ] {
        done(
            &boss,
            "person.register",
            json!({"login": person.login, "name": person.login, "disciplines": disciplines}),
        )
        .await;
        done(&boss, "role.grant", json!({"login": person.login, "role": "smc_operator"})).await;
    }
    done(
        &boss,
        "zone.register",
        json!({"zone": "CTRL", "site": "RLF", "name": "Control", "purdue": "1",
                           "sl_target": 3, "sl_achieved": 2}),
    )
    .await;
    for (site, tag, name) in [
        ("RLF", "PLC-7", "Boiler 7"),
        ("RLF", "PLC-8", "100%_pure \\ line"),
        ("RLF", "HMI-1", "Panel"),
        ("ANR", "PLC-1", "Pump"),
    ] {
        let mut fields = json!({"tag": tag, "site": site, "name": name, "class": "plc"});
        if tag == "PLC-7" {
            fields["zone"] = "CTRL".into();
            fields["vendor"] = "Siemens".into();
            fields["product"] = "S7-1500".into();
            fields["firmware"] = "2.8.1".into();
            fields["owner"] = bob.login.clone().into();
            fields["safety"] = 3.into();
            for rating in ["regulatory", "production"] {
                fields[rating] = 4.into();
            }
        }
        done(&boss, "asset.register", fields).await;
    }
    if let Engine::Postgres(database) = engine {
        for person in [&alice, &bob, &vera, &erik] {
            let grant = format!("SELECT api.grant_console('{}')", person.login);
            database.sql_as(database.owner(), &grant).expect("the administrator lets people in");
        }
    }
    let as_login = matches!(engine, Engine::Sqlite(_));
    let logins = [engine.founder().login, alice.login.clone(), bob.login.clone()];
    let others = [vera.login.clone(), erik.login.clone()];
    let [alice, bob, vera, erik] = [
        desk(&alice, as_login).await,
        desk(&bob, as_login).await,
        desk(&vera, as_login).await,
        desk(&erik, as_login).await,
    ];
    Story { boss, alice, bob, vera, erik, logins, others }
}

impl Story {
    /// Somebody more comes to the store, with these disciplines and this role everywhere.
    pub async fn joined(
        &self,
        engine: &Engine,
        word: &str,
        disciplines: &[&str],
        role: &str,
    ) -> Desk {
        let person = engine.person(word);
        let login = &person.login;
        done(
            &self.boss,
            "person.register",
            json!({"login": login, "name": login, "disciplines": disciplines}),
        )
        .await;
        done(&self.boss, "role.grant", json!({"login": login, "role": role})).await;
        desk(&person, matches!(engine, Engine::Sqlite(_))).await
    }

    /// Asks for a change from so many seconds on to so many; gives its reference.
    pub async fn change(&self, asset: &str, from: i64, to: i64) -> String {
        let none = json!({"level": "none"});
        done(
            &self.boss,
            "change.request",
            json!({
                "site": &asset[..3], "title": format!("New firmware on {asset}"), "kind": "normal",
                "assets": [asset], "start": soon(from), "end": soon(to),
                "impacts": {"security": none, "quality": none, "validation": none, "uptime": none,
                            "safety": {"level": "high", "text": "trip logic"}},
                "rollback": "Load the old one", "tests": "Loop check",
            }),
        )
        .await
    }

    /// A window of the vendor for this asset, which makes the vendor if it is not there.
    pub async fn window(&self, asset: &str, from: i64, to: i64) -> String {
        let vendor = json!({"vendor": "YOKO", "name": "Yokogawa"});
        if submit(&self.boss, "vendor.register", vendor).await.is_ok() {
            done(
                &self.boss,
                "vendor.person",
                json!({"vendor": "YOKO", "name": "Y. Tanaka",
                    "screening_until": soon(90 * 86_400), "training_until": soon(90 * 86_400)}),
            )
            .await;
        }
        done(
            &self.boss,
            "window.request",
            json!({"vendor": "YOKO", "person": "Y. Tanaka", "assets": [asset],
                "purpose": format!("Tune {asset}"), "start": soon(from), "end": soon(to), "escort": "bob"}),
        )
        .await
    }

    /// Every discipline that must says yes.
    pub async fn approve(&self, reference: &str) {
        for (desk, discipline) in [
            (&self.alice, "it_security"),
            (&self.bob, "operations"),
            (&self.bob, "management"),
            (&self.vera, "vendor_management"),
            (&self.vera, "safety"),
            (&self.erik, "engineering"),
        ] {
            let fields = json!({"ref": reference, "discipline": discipline, "decision": "yes"});
            // Which disciplines must is the rules' business; whoever is not asked is refused.
            drop(submit(desk, "decide", fields).await);
        }
    }
}

/// Runs a story on each engine.
pub fn on_both<F: AsyncFn(&Engine, &Story)>(tell: F) {
    for engine in engines() {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .unwrap();
        runtime.block_on(async {
            let story = begin(&engine).await;
            tell(&engine, &story).await;
        });
    }
}

/// Something of everything: changes, windows, risks, an acceptance, an incident, a report, a log line.
pub async fn full(story: &Story) {
    for n in 0..3 {
        story.change("RLF/PLC-7", 3_600 * (n + 1), 3_600 * (n + 3)).await;
        story.window("RLF/PLC-7", 3_600 * (n + 1), 3_600 * (n + 2)).await;
        done(
            &story.boss,
            "risk.raise",
            json!({"site": "RLF", "title": format!("Flat network {n}"), "likelihood": n + 2,
                   "consequence": {"production": 4}}),
        )
        .await;
    }
    done(
        &story.boss,
        "risk.accept",
        json!({"ref": "R-1", "until": soon(86_400), "reason": "Outage comes"}),
    )
    .await;
    done(
        &story.boss,
        "incident.declare",
        json!({"sites": ["RLF", "ANR"], "title": "Panel frozen", "severity": 2}),
    )
    .await;
    done(
        &story.boss,
        "log.add",
        json!({"site": "RLF", "text": "Rang the shift", "incident": "INC-1"}),
    )
    .await;
    done(
        &story.boss,
        "report.submit",
        json!({"where": "RLF line 2", "what": "Screen is black", "effect": "none"}),
    )
    .await;
    story.approve("VW-1").await;
    done(
        &story.boss,
        "window.extend",
        json!({"ref": "VW-1", "end": soon(9_000), "reason": "The trend runs on"}),
    )
    .await;
    done(
        &story.boss,
        "session.start",
        json!({"vendor": "YOKO", "person": "Y. Tanaka", "asset": "RLF/PLC-7"}),
    )
    .await;
    done(
        &story.boss,
        "duty.set",
        json!({"login": story.logins[2], "discipline": "operations", "site": "RLF",
               "from": soon(-60), "until": soon(3_600)}),
    )
    .await;
    done(
        &story.boss,
        "raci.set",
        json!({"activity": "control.change", "discipline": "quality", "value": "A", "site": "ANR"}),
    )
    .await;
}

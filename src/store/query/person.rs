//! People, the roles granted to them and their duties as the lists show them.

use serde::Serialize;
use sqlx::FromRow;

use super::columns::Lines;
use super::engine::{By, List, Listed, Of};
use crate::domain::discipline::Discipline;
use crate::domain::filter::{Of as Kind, Word};
use crate::domain::role::Role;
use crate::domain::time::Time;

/// A person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, FromRow)]
pub struct Person {
    /// The login.
    pub r#ref: String,
    /// People belong to no site.
    #[sqlx(skip)]
    pub site: Option<String>,
    /// `active` or `deactivated`.
    pub state: String,
    /// The person's name, as the title of every list.
    pub title: String,
    /// The login.
    pub login: String,
    /// The person's name.
    pub name: String,
    /// Disciplines held.
    pub disciplines: Lines,
    /// Roles held now, with `@SITE` where they reach one site only.
    pub roles: Lines,
    /// The entry that last wrote it.
    pub seq: i64,
}

/// The list of people, by login.
pub static PEOPLE: List = List {
    name: "people",
    from: "person t",
    base: "TRUE",
    filters: &[
        By {
            word: Word { name: "state", of: Kind::Choice(&["active", "deactivated"]) },
            sql: &[("t.state", "")],
        },
        By {
            word: Word { name: "discipline", of: Kind::Choice(Discipline::WORDS) },
            sql: &[(
                "EXISTS (SELECT 1 FROM person_discipline x WHERE x.person_ref = t.ref AND x.discipline",
                ")",
            )],
        },
        By {
            word: Word { name: "role", of: Kind::Choice(Role::WORDS) },
            sql: &[(
                "EXISTS (SELECT 1 FROM role_grant x WHERE x.person_ref = t.ref AND x.state = 'held'
                           AND (x.until_at IS NULL OR x.until_at > :now) AND x.role",
                ")",
            )],
        },
        By {
            word: Word { name: "site", of: Kind::Word },
            sql: &[(
                "EXISTS (SELECT 1 FROM role_grant x JOIN site o ON x.scope = o.ref OR x.scope = '*'
                         WHERE x.person_ref = t.ref AND x.state = 'held'
                           AND (x.until_at IS NULL OR x.until_at > :now) AND o.ref",
                ")",
            )],
        },
    ],
    text: "LOWER(t.ref || ' ' || t.name)",
    order: &[("t.ref", Of::Text)],
    descending: false,
    same: "t.ref = p.k0",
    columns: "t.ref, t.state, t.name AS title, t.ref AS login, t.name, t.seq,
        COALESCE((SELECT string_agg(x.discipline, '\n' ORDER BY x.discipline) FROM person_discipline x
                  WHERE x.person_ref = t.ref), '') AS disciplines,
        COALESCE((SELECT string_agg(x.role || CASE WHEN x.scope = '*' THEN '' ELSE '@' || x.scope END, '\n'
                      ORDER BY x.role, x.scope)
                  FROM role_grant x WHERE x.person_ref = t.ref AND x.state = 'held'
                   AND (x.until_at IS NULL OR x.until_at > :now)), '') AS roles",
    with: "",
};

impl Listed for Person {
    const LIST: &'static List = &PEOPLE;
}

/// A role granted to a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, FromRow)]
pub struct Grant {
    /// The person it is granted to.
    pub r#ref: String,
    /// The site it reaches; none is all sites.
    pub site: Option<String>,
    /// `held`, `revoked`, or `ended` when its end has passed.
    pub state: String,
    /// The role, as the title of every list.
    pub title: String,
    /// The person's login.
    pub login: String,
    /// The person's name.
    pub name: String,
    /// The role.
    pub role: String,
    /// When it ends.
    #[sqlx(rename = "until_at")]
    pub until: Option<Time>,
    /// The entry that last wrote it.
    pub seq: i64,
}

macro_rules! granted {
    () => {
        "CASE WHEN t.state = 'held' AND t.until_at <= :now THEN 'ended' ELSE t.state END"
    };
}

/// The list of grants, by person.
pub static ROLES: List = List {
    name: "roles",
    from: "role_grant t",
    base: "TRUE",
    filters: &[
        By {
            word: Word { name: "state", of: Kind::Choice(&["held", "ended", "revoked"]) },
            sql: &[(granted!(), "")],
        },
        By { word: Word { name: "site", of: Kind::Word }, sql: &[("t.scope", "")] },
        By { word: Word { name: "login", of: Kind::Word }, sql: &[("t.person_ref", "")] },
        By { word: Word { name: "role", of: Kind::Choice(Role::WORDS) }, sql: &[("t.role", "")] },
        By { word: Word { name: "until", of: Kind::Time }, sql: &[("t.until_at", "")] },
    ],
    text: "LOWER(t.person_ref || ' ' || t.role || ' ' || t.scope)",
    order: &[("t.person_ref", Of::Text), ("t.role", Of::Text), ("t.scope", Of::Text)],
    descending: false,
    same: "t.person_ref = p.k0 AND t.role = p.k1 AND t.scope = p.k2",
    columns: "t.person_ref AS ref, NULLIF(t.scope, '*') AS site, t.state, t.role AS title, t.person_ref AS login,
        o.name, t.role, t.until_at, t.seq",
    with: "JOIN person o ON o.ref = t.person_ref",
};

impl Listed for Grant {
    const LIST: &'static List = &ROLES;

    fn settle(&mut self, now: Time) {
        if self.state == "held" && self.until.is_some_and(|end| end <= now) {
            "ended".clone_into(&mut self.state);
        }
    }
}

/// A duty of a person at a site.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, FromRow)]
pub struct Duty {
    /// The person on duty.
    pub r#ref: String,
    /// The site.
    pub site: String,
    /// `to_come`, `on`, `over`, or `taken_back` before it began.
    #[sqlx(skip)]
    pub state: String,
    /// The discipline, as the title of every list.
    pub title: String,
    /// The person's login.
    pub login: String,
    /// The person's name.
    pub name: String,
    /// The discipline.
    pub discipline: String,
    /// From when.
    #[sqlx(rename = "start_at")]
    pub from: Time,
    /// Until when.
    #[sqlx(rename = "end_at")]
    pub until: Time,
    /// The time zone of its site.
    pub timezone: String,
    /// The entry that last wrote it.
    pub seq: i64,
}

/// The list of duties: those that are over or were taken back last, by their start.
pub static DUTIES: List = List {
    name: "duties",
    from: "duty t",
    base: "TRUE",
    filters: &[
        By {
            word: Word { name: "state", of: Kind::Choice(&["to_come", "on", "over", "taken_back"]) },
            sql: &[(
                "CASE WHEN t.end_at <= t.start_at THEN 'taken_back' WHEN t.end_at <= :now THEN 'over' WHEN t.start_at <= :now THEN 'on' ELSE 'to_come' END",
                "",
            )],
        },
        By { word: Word { name: "site", of: Kind::Word }, sql: &[("t.site", "")] },
        By { word: Word { name: "login", of: Kind::Word }, sql: &[("t.person_ref", "")] },
        By {
            word: Word { name: "discipline", of: Kind::Choice(Discipline::WORDS) },
            sql: &[("t.discipline", "")],
        },
        By { word: Word { name: "from", of: Kind::Time }, sql: &[("t.start_at", "")] },
        By { word: Word { name: "until", of: Kind::Time }, sql: &[("t.end_at", "")] },
    ],
    text: "LOWER(t.person_ref || ' ' || t.discipline || ' ' || t.site)",
    order: &[
        (
            "CAST(CASE WHEN t.end_at <= :now OR t.end_at <= t.start_at THEN 1 ELSE 0 END AS BIGINT)",
            Of::Int,
        ),
        ("t.start_at", Of::Time),
        ("t.person_ref", Of::Text),
        ("t.discipline", Of::Text),
        ("t.site", Of::Text),
    ],
    descending: false,
    same: "t.start_at = p.k1 AND t.person_ref = p.k2 AND t.discipline = p.k3 AND t.site = p.k4",
    columns: "t.person_ref AS ref, t.site, t.discipline AS title, t.person_ref AS login, o.name, t.discipline, t.start_at,
        t.end_at, t.seq, s.timezone",
    with: "JOIN person o ON o.ref = t.person_ref JOIN site s ON s.ref = t.site",
};

impl Listed for Duty {
    const LIST: &'static List = &DUTIES;

    fn settle(&mut self, now: Time) {
        let state = if self.until <= self.from {
            "taken_back"
        } else if self.until <= now {
            "over"
        } else if self.from <= now {
            "on"
        } else {
            "to_come"
        };
        state.clone_into(&mut self.state);
    }
}

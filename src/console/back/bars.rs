//! The rows that frame every screen, made from what stands now.

use std::cmp::Reverse;

use super::Door;
use super::scene::Scene;
use crate::console::keys::Scope;
use crate::console::screens::cells;
use crate::console::screens::watch::{About, Watched};
use crate::console::theme::Role;
use crate::console::widgets::bars::{Attention, Claim, Lead, Mode, Status, Tab, When};
use crate::console::widgets::cell::{Cell, Form};
use crate::domain::discipline::Discipline;
use crate::domain::names::SiteCode;
use crate::domain::role::{self, Grant, Holder};
use crate::domain::time::Time;
use crate::domain::words;
use crate::safe_text::SafeText;
use crate::store::{Place, Reader};

/// Row 1 as the store has it.
pub fn attention(scene: &Scene) -> Attention {
    let mut counts = [0; 4];
    for watched in &scene.watch {
        let at = usize::from(watched.priority.saturating_sub(1));
        if let Some(count) = counts.get_mut(at) {
            *count += 1;
        }
    }
    let shelved = u32::try_from(scene.shelf.len()).unwrap_or(u32::MAX);
    let claims = scene.watch.iter().filter(|watched| watched.unacknowledged || watched.mine);
    let loud = scene.watch.iter().filter(|row| row.unacknowledged && row.mine && row.priority <= 2);
    Attention {
        lead: claims.map(lead).min_by_key(Lead::rank),
        counts,
        shelved,
        risks: scene.waits.risks,
        loud: loud.map(lead).collect(),
        conditions: Vec::new(),
        flood: scene.rate.flood().then_some(scene.rate.ten_minutes),
        next: scene.next,
    }
}

fn lead(watched: &Watched) -> Lead {
    Lead {
        priority: watched.priority,
        claim: match watched.alarm {
            Some(_) => Claim::of_alarm(watched.unacknowledged, !watched.has_ended()),
            None => Claim::Task,
        },
        id: watched.id.clone(),
        reference: SafeText::from(watched.reference.as_str()),
        scope: match &watched.about {
            About::Change(_) => Scope::Change,
            About::Window(_) => Scope::Window,
            About::Acceptance(_) => Scope::Acceptance,
            About::Extension(_) => Scope::Extension,
            About::Report(_) => Scope::Report,
            About::Other(scope) => *scope,
        },
        text: match watched.has_ended() {
            true => SafeText::fixed("has ended: ").then(&watched.what),
            false => watched.what.clone(),
        },
        when: watched.due.map(|due| match watched.alarm {
            Some(_) => When::Ends(due, watched.zone),
            None => When::Due(due, watched.zone),
        }),
    }
}

/// Row 2: how many rows each digit leads to, and whether something there waits for this person.
pub fn tabs(scene: &Scene) -> Vec<Tab> {
    let mine = |of: fn(&About) -> bool| {
        scene.watch.iter().any(|watched| watched.mine && of(&watched.about))
    };
    let waits = |requester: &str, site: &str, board| {
        let me = crate::console::ctx::Me { holder: scene.holder.as_ref(), now: scene.now };
        crate::console::screens::gate::waits_for_me(requester, site, board, &me)
    };
    let asked = scene.changes().iter().filter(|change| change.state == "requested");
    let asked_windows = scene.windows().iter().filter(|window| window.state == "requested");
    let tab = |name: &'static str, count: u32, mine: bool| Tab {
        name: SafeText::fixed(name),
        count: Some(count),
        mine,
    };
    let count = &scene.waits;
    vec![
        tab("Watch", 0, false),
        tab("Posture", 0, false),
        tab("Risks", count.risks, mine(|about| matches!(about, About::Acceptance(_)))),
        tab(
            "Changes",
            count.changes,
            asked.clone().any(|change| waits(&change.requester, &change.site, &change.approvals)),
        ),
        tab(
            "Windows",
            count.windows,
            asked_windows
                .clone()
                .any(|window| waits(&window.requester, &window.site, &window.approvals)),
        ),
        Tab {
            name: count.gravest.as_deref().map_or(SafeText::fixed("Incident"), SafeText::from),
            ..tab("Incident", count.incidents, false)
        },
        tab("Handover", 0, false),
    ]
}

/// The last row.
pub fn status(door: &Door, reader: &Reader<'_>, scene: &Scene) -> Status {
    let store = door.desk().store();
    let facts = store.facts();
    let mut modes = Vec::new();
    if facts.demo {
        modes.push(Mode::Demo);
    }
    if reader.is_past() {
        modes.push(Mode::AsOf);
    } else if store.read_only().is_some() {
        modes.push(Mode::ReadOnly);
    }
    if scene.incidents.iter().any(|incident| incident.exercise) {
        modes.push(Mode::Exercise);
    }
    if frozen(&scene.frozen, scene.holder.as_ref(), reader.now()) {
        modes.push(Mode::Freeze);
    }
    if modes.is_empty() {
        modes.push(Mode::Live);
    }
    let holder = scene.holder.clone();
    Status {
        scope: scope(holder.as_ref(), reader),
        who: who(facts.actor.as_str(), holder.as_ref(), reader),
        modes,
        store: short(store.place()),
        trouble: None,
        age: 0,
        zone: match scene.sites.as_slice() {
            [(_, timezone)] => timezone.parse().ok(),
            [] | [_, ..] => None,
        },
        sites: scene
            .sites
            .iter()
            .filter_map(|(site, timezone)| Some((site.clone(), timezone.parse().ok()?)))
            .collect(),
        person: holder,
        held: held(scene),
    }
}

/// Whether a site that a person's roles reach is among these frozen ones: another plant's freeze holds nothing of theirs back.
fn frozen(frozen: &[String], holder: Option<&Holder>, now: Time) -> bool {
    let sites = holder.and_then(|holder| holder.sites(now));
    let reached = |code: &String| {
        sites.as_ref().is_none_or(|sites| sites.iter().any(|site| site.as_str() == code))
    };
    frozen.iter().any(reached)
}

/// The sites that a person's roles reach.
fn scope(holder: Option<&Holder>, reader: &Reader<'_>) -> SafeText {
    match holder.and_then(|holder| holder.sites(reader.now())) {
        None => SafeText::fixed("all sites"),
        Some(sites) => {
            let sites: Vec<&str> = sites.iter().map(SiteCode::as_str).collect();
            SafeText::from(sites.join(" "))
        }
    }
}

/// Most tasks that are named before leaving.
const NAMED: usize = 5;

/// What this person leaves behind: alarms that call, windows that they opened, work that they asked for and that goes on, tasks.
fn held(scene: &Scene) -> Vec<Cell> {
    let Some(holder) = &scene.holder else { return Vec::new() };
    let login = holder.login.as_str();
    let until = |before: String, end: Time, timezone: &str, what: &str| {
        Cell::text(before)
            .and_at(end, Some(cells::zone(timezone)), Form::Day, Role::Normal)
            .and(format!(": {what}"), Role::Normal)
    };
    let windows = scene
        .windows()
        .iter()
        .filter(|window| window.state == "open" && window.opened_by.as_deref() == Some(login));
    let changes = scene
        .changes()
        .iter()
        .filter(|change| change.state == "in_progress" && change.requester == login);
    let calls = |row: &&Watched| row.unacknowledged && row.mine && row.priority <= 2;
    let alarms = scene.watch.iter().filter(calls).take(NAMED).map(|row| {
        let said =
            format!("P{} {} is acknowledged by nobody: {}", row.priority, row.reference, row.what);
        Cell::text(said)
    });
    let windows = windows.map(|row| {
        let how = if row.end <= scene.now { "past its end of" } else { "until" };
        let said = format!("{} is open, by you, {how} ", row.r#ref);
        until(said, row.end, &row.timezone, &row.person)
    });
    let changes = changes.map(|row| {
        let how = if row.end <= scene.now { "past its end of" } else { "until" };
        until(format!("{} goes on {how} ", row.r#ref), row.end, &row.timezone, &row.title)
    });
    let mut held: Vec<Cell> = alarms.chain(windows).chain(changes).collect();
    let tasks: Vec<&str> = scene
        .watch
        .iter()
        .filter(|watched| watched.is_my_task())
        .map(|watched| watched.reference.as_str())
        .collect();
    if !tasks.is_empty() {
        let named = tasks.iter().take(NAMED).copied().collect::<Vec<_>>().join(", ");
        let more = if tasks.len() > NAMED { ", …" } else { "" };
        let wait = if tasks.len() == 1 { "waits" } else { "wait" };
        let tasks = words::count(tasks.len(), "task");
        held.push(Cell::text(format!("{tasks} {wait} for you: {named}{more}")));
    }
    held
}

/// Roles by which a person at the console is known, the one that matters most last.
const WORN: &[role::Role] = &[
    role::Role::Viewer,
    role::Role::Auditor,
    role::Role::Admin,
    role::Role::SmcManager,
    role::Role::SmcOperator,
    role::Role::ShiftLead,
];

/// The login, the letters of the disciplines, and the role that counts most now.
fn who(login: &str, holder: Option<&Holder>, reader: &Reader<'_>) -> SafeText {
    let Some(holder) = holder else {
        return SafeText::from(format!("{login} (not registered)"));
    };
    let letters: Vec<&str> =
        holder.disciplines.iter().map(|discipline: &Discipline| discipline.letters()).collect();
    let now = reader.now();
    let counts = |grant: &&Grant| grant.until.is_none_or(|until| now < until);
    let mut roles: Vec<role::Role> = holder.grants.iter().filter(counts).map(|g| g.role).collect();
    roles.sort_by_key(|role| (Reverse(WORN.iter().position(|worn| worn == role)), *role));
    roles.dedup();
    let first = roles.first().map_or("no role", |role| role.word());
    let more = match roles.len() {
        0 | 1 => String::new(),
        count => format!("+{}", count - 1),
    };
    let parts = [login.to_owned(), letters.join("/"), format!("{first}{more}")];
    let said: Vec<&str> =
        parts.iter().map(String::as_str).filter(|part| !part.is_empty()).collect();
    SafeText::from(said.join(" "))
}

/// The store in few columns: `sq:smc`, `pg:smc`.
fn short(place: &Place) -> SafeText {
    match place {
        Place::File(path) => {
            let name = path.file_stem().map(|name| name.to_string_lossy().into_owned());
            SafeText::from(format!("sq:{}", name.unwrap_or_default()))
        }
        Place::Server(options, _) => {
            SafeText::from(format!("pg:{}", options.get_database().unwrap_or("?")))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::names::Login;

    #[test]
    fn a_freeze_shows_to_whom_it_holds_back() {
        let now = Time::from_micros(0);
        let grant = |site: Option<&str>| Grant {
            role: role::Role::SmcOperator,
            site: site.map(|site| SiteCode::new(site).unwrap()),
            until: None,
        };
        let holder = |grants| Holder {
            login: Login::new("wdewit").unwrap(),
            active: true,
            disciplines: Vec::new(),
            grants,
        };
        let got = ["GOT".to_owned()];
        assert!(!frozen(&got, Some(&holder(vec![grant(Some("ANR"))])), now));
        assert!(frozen(&got, Some(&holder(vec![grant(Some("ANR")), grant(Some("GOT"))])), now));
        assert!(frozen(&got, Some(&holder(vec![grant(None)])), now));
        assert!(frozen(&got, None, now) && !frozen(&[], None, now));
    }
}

//! Risks: ranked by the worst that can happen in the plant, not by the score of the flaw.

use chrono_tz::Tz;

use super::list::Spec;
use super::{Focus, cells, gate};
use crate::console::ctx::{Ctx, Me};
use crate::console::keys::{Action, Scope};
use crate::console::theme::Role;
use crate::console::widgets::cell::{Cell, Column};
use crate::console::widgets::doc::Doc;
use crate::console::widgets::list::{Row, View};
use crate::domain::risk::{State, Weight};
use crate::domain::time::Time;
use crate::domain::words;
use crate::safe_text::SafeText;
use crate::store::query::{RISKS_UNTREATED, Risk};

impl Row for Risk {
    fn id(&self) -> &str {
        &self.r#ref
    }

    fn zone(&self) -> Option<Tz> {
        Some(cells::zone(&self.timezone))
    }
}

/// What is grave and nobody treats or accepted, at the sites of one's roles: so many row 2 counts.
pub const UNTREATED: View = View {
    word: RISKS_UNTREATED,
    name: "untreated",
    empty: "No risk of P1 or P2 is without treatment at your sites. f shows all risks, n raises one.",
};

/// What is special about the list of risks.
pub const SPEC: Spec<Risk> = Spec {
    subject: "risks",
    title: "Risks",
    scope: Scope::Risk,
    columns: &[
        Column::left("Pri", 3, |row, _| cells::rank(row.priority)),
        Column::left("Ref", 6, |row, _| Cell::text(row.r#ref.as_str())),
        Column::left("Sit", 3, |row, _| Cell::text(row.site.as_str())),
        Column::left("In>cu>re", 8, |row, _| scores(row)),
        Column::left("Treat", 5, |row, _| treatment(row)),
        Column::left("Owner", 8, |row: &Risk, _| cells::word(row.owner.as_deref())).gives_way(2),
        Column::right("Due", 8, |row, ctx| cells::due(due(row), ctx)),
        Column::left("Src", 4, |row: &Risk, _| {
            if row.advisory.is_some() { "adv" } else { "pers" }.into()
        })
        .gives_way(1),
        Column::left("Title", 26, |row, _| Cell::text(row.title.as_str())),
    ],
    empty: "No risk is here. n raises one; importing advisories finds others.",
    filter_words: &[
        "state:candidate",
        "state:open",
        "state:treating",
        "state:accepted",
        "priority:<=2",
        "source:advisory",
        "site:",
        "asset:",
        "owner:",
        "due:<7d",
    ],
    focus,
    strip: |row, ctx| {
        let title = Cell::text(row.title.as_str());
        [title, Cell::text(next(row, ctx))]
    },
    detail: |row, _| detail(row),
    beside: None,
    tiled: false,
    third: None,
    views: &[UNTREATED],
    denied,
};

/// The object behind a row.
pub fn focus(row: &Risk) -> Focus {
    Focus {
        version: Some(row.seq),
        zone: Some(cells::zone(&row.timezone)),
        ..Focus::of(&row.r#ref, row.title.as_str(), Scope::Risk)
    }
}

fn due(row: &Risk) -> Option<Time> {
    match State::parse(&row.effective_state)? {
        State::Closed => None,
        State::Accepted => row.until,
        State::Candidate | State::Open | State::Treating => row.due,
    }
}

fn scores(row: &Risk) -> Cell {
    let score = |score: Option<i64>| score.map_or_else(|| "-".to_owned(), |s| s.to_string());
    let text = format!("{}>{}>{}", score(row.inherent), score(row.current), score(row.residual));
    Cell::text(text)
}

fn treatment(row: &Risk) -> Cell {
    match row.treatment.as_deref() {
        Some("mitigate") => "mitig".into(),
        Some("transfer") => "trans".into(),
        Some(word) => Cell::text(word),
        None if row.effective_state == "candidate" => Cell::of("new", Role::Dim),
        None => Cell::empty(),
    }
}

/// How bad it is, in words: likelihood, the worst consequence and what it is.
fn because(row: &Risk) -> Option<SafeText> {
    let weight = row.current_weight.as_ref().or(row.inherent_weight.as_ref())?.0;
    Some(SafeText::from(weighed(&weight)))
}

/// Why the worst counts as 5, and what changes it.
const UNRATED: &str = "its assets are not rated, which counts as 5: rate them, :assets then e";

fn weighed(weight: &Weight) -> String {
    let harm = weight.consequence;
    let kinds = [
        ("safety", harm.safety),
        ("environment", harm.environment),
        ("production", harm.production),
        ("quality", harm.quality),
        ("regulatory", harm.regulatory),
    ];
    let said: Vec<String> = kinds
        .iter()
        .filter_map(|(name, step)| step.map(|step| format!("{name} {}", step.get())))
        .collect();
    let said = if said.is_empty() { UNRATED.to_owned() } else { said.join(", ") };
    format!(
        "likelihood {} x worst {} = {} ({said})",
        weight.likelihood.get(),
        harm.worst(),
        weight.score()
    )
}

fn next(row: &Risk, ctx: &Ctx<'_>) -> SafeText {
    let zone = cells::zone(&row.timezone);
    let because = because(row).unwrap_or_default();
    let unrated = match row.unrated {
        0 => String::new(),
        count => format!(
            "; {count} of {} not rated, which counts as 5: rate them in :assets",
            row.asset_count
        ),
    };
    let can = |command: &str, mine: &str, others: &str| {
        gate::can(command, &row.site, &ctx.me, mine, others)
    };
    let todo = match State::parse(&row.effective_state) {
        Some(State::Candidate) => {
            let assets = words::count(row.asset_count, "asset");
            format!(
                "{assets}; {}",
                can("risk.assess", "e assesses, n asks for a change", "assesses")
            )
        }
        Some(State::Open) => {
            can("risk.treat", "t treats it, p asks to accept it", "treats it, or asks to accept it")
        }
        Some(State::Treating) => match row.due {
            Some(due) => format!("treated by {}", ctx.moment(due, zone)),
            None => "being treated, without a date: t sets one".to_owned(),
        },
        Some(State::Accepted) => match row.until {
            Some(until) => format!("accepted until {}", ctx.moment(until, zone)),
            None => "accepted".to_owned(),
        },
        Some(State::Closed) | None => "closed".to_owned(),
    };
    SafeText::from(format!("{todo}{unrated}; {because}"))
}

/// Everything that the row itself tells.
pub fn detail(row: &Risk) -> Doc {
    let zone = cells::zone(&row.timezone);
    let mut doc = Doc::titled(SafeText::from(format!("{} {}", row.r#ref, row.title)))
        .field("state", Cell::text(row.effective_state.as_str()))
        .field("priority", cells::rank(row.priority))
        .field("site", Cell::text(row.site.as_str()))
        .field("advisory", cells::word(row.advisory.as_deref()))
        .field("treatment", cells::word(row.treatment.as_deref()))
        .field("owner", Cell::text(row.owner.as_deref().unwrap_or("nobody")))
        .when("due", row.due, zone)
        .when("accepted until", row.until, zone)
        .when("raised", Some(row.raised_at), zone);
    if row.advisory.is_some() {
        doc = doc.field("assets", Cell::text(format!("{} at the site", row.asset_count)));
        if row.unrated > 0 {
            let said = format!(
                "{} of them lack a rating, which counts as 5 and raises this risk: rate them, :assets then e",
                row.unrated
            );
            doc = doc.field("not rated", Cell::of(said, Role::Title));
        }
    }
    doc = doc.section("Weight");
    let weights = [
        ("inherent", &row.inherent_weight),
        ("current", &row.current_weight),
        ("residual", &row.residual_weight),
    ];
    for (name, weight) in weights {
        let said = weight.as_ref().map_or_else(|| "not assessed".to_owned(), |w| weighed(&w.0));
        doc = doc.field(name, Cell::text(said));
    }
    if !row.compensating.0.is_empty() {
        doc = doc.section("Compensating measures");
        for measure in &row.compensating.0 {
            doc = doc.text(Cell::text(measure.as_str()));
        }
    }
    doc
}

/// Why a verb is off for this risk.
pub fn denied(row: &Risk, action: &Action, me: &Me<'_>) -> Option<SafeText> {
    let spec = gate::spec(action)?;
    let on_risk = spec.subject == "risk" || spec.kind == "acceptance.requested";
    if !on_risk || spec.kind == "risk.raised" {
        return None;
    }
    if row.state == State::Closed.word() {
        return Some(SafeText::fixed("it is closed"));
    }
    gate::by_right(spec, &row.site, me).err().map(|refusal| gate::words(&refusal))
}

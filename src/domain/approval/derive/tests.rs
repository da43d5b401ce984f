//! The worked examples, kind by kind, and the laws: more impact never asks fewer.

use proptest::prelude::*;

use super::*;
use crate::domain::change::Impact::{High, Low, Medium};
use crate::domain::discipline::Discipline as D;
use crate::domain::raci::{Activity, Cell};

fn plain(asset: &str) -> Touched {
    Touched {
        asset: asset.to_owned(),
        safety_system: false,
        safety: None,
        validated: false,
        level: Some(Purdue::L1),
    }
}

fn facts(activity: Activity, levels: &[(Concern, Impact)]) -> Facts {
    Facts {
        ask: Ask::Change(Nature::Normal),
        row: Row::held(activity, &[], &[]),
        levels: levels.iter().copied().collect(),
        alters_logic: false,
        alters_validated: false,
        assets: vec![plain("RLF/PLC-1")],
        vendor_person: None,
        first_connection: None,
        vouched: Vec::new(),
        quality_here: true,
    }
}

fn change(levels: &[(Concern, Impact)]) -> Facts {
    facts(Activity::ControlChange, levels)
}

fn letters(derived: &Derived, need: Need) -> String {
    let of = derived.required.iter().filter(|one| one.need == need);
    of.map(|one| one.discipline.letters()).collect::<Vec<_>>().join(" ")
}

fn asks(facts: &Facts) -> String {
    letters(&derive(2, facts), Need::Must)
}

fn part(derived: &Derived, part: Part) -> String {
    let of = derived.heard.iter().filter(|one| one.part == part);
    of.map(|one| one.discipline.letters()).collect::<Vec<_>>().join(" ")
}

fn because(facts: &Facts, discipline: D) -> String {
    let derived = derive(2, facts);
    let one = derived.required.iter().find(|one| one.discipline == discipline);
    one.expect("it is required").because.clone()
}

#[test]
fn firmware_of_medium_quality_asks_quality_and_altered_logic_engineering_too() {
    let firmware = change(&[(Concern::Quality, Medium)]);
    assert_eq!(asks(&firmware), "IT OP QU");
    assert_eq!(asks(&Facts { alters_logic: true, ..firmware }), "IT OP EN QU");
}

#[test]
fn a_condition_of_the_decision_rights_holds_where_it_adds_somebody() {
    let none = conditions(None);
    assert_eq!(none.len(), TRIGGERS.len());
    assert!(none.iter().all(|one| one.holds.is_none() && !one.says.is_empty()));
    let firmware = change(&[(Concern::Quality, Medium)]);
    let logic = conditions(Some(&Facts { alters_logic: true, ..firmware }));
    let holds: Vec<&str> =
        logic.iter().filter(|one| one.holds.is_some()).map(|one| one.says.as_str()).collect();
    assert_eq!(
        holds,
        ["quality is heard", "quality must say yes", "engineering and quality must say yes"]
    );
    let urgent = conditions(Some(&Facts { ask: Ask::Change(Nature::Emergency), ..change(&[]) }));
    assert!(urgent[0].says.contains("reviews it afterwards"), "{:?}", urgent[0]);
    let risk = Facts { ask: Ask::Acceptance { priority: 2, safety: 3 }, ..change(&[]) };
    let holds: Vec<bool> = conditions(Some(&risk)).iter().map(|one| one.holds.is_some()).collect();
    assert_eq!(holds, [true, false], "management decides, safety does not");
}

#[test]
fn every_answer_adds_whom_the_table_says() {
    for (concern, level, required, consulted, informed) in [
        (Concern::Security, High, "IT OP", "QU SA VM", "MG"),
        (Concern::Safety, Low, "IT OP", "QU SA VM", "MG"),
        (Concern::Safety, Medium, "IT OP SA", "QU VM", "MG"),
        (Concern::Safety, High, "IT OP EN SA", "QU VM", "MG"),
        (Concern::Quality, Low, "IT OP", "QU SA VM", "MG"),
        (Concern::Quality, Medium, "IT OP QU", "SA VM", "MG"),
        (Concern::Quality, High, "IT OP QU", "SA VM", "MG"),
        (Concern::Validation, Low, "IT OP EN QU", "SA VM", "MG"),
        (Concern::Uptime, Low, "IT OP", "QU SA VM", "MG"),
        (Concern::Uptime, Medium, "IT OP", "QU SA VM", "MG"),
        (Concern::Uptime, High, "IT OP EN", "QU SA VM", "MG"),
    ] {
        let derived = derive(2, &change(&[(concern, level)]));
        let found = (
            letters(&derived, Need::Must),
            part(&derived, Part::Consulted),
            part(&derived, Part::Informed),
        );
        let wanted = (required.to_owned(), consulted.to_owned(), informed.to_owned());
        assert_eq!(found, wanted, "{concern} {level}");
    }
}

#[test]
fn management_is_told_of_what_is_high_even_where_the_row_leaves_it_out() {
    let rule = facts(Activity::FirewallRule, &[(Concern::Security, High)]);
    assert_eq!(part(&derive(2, &rule), Part::Informed), "SA MG");
}

#[test]
fn operations_may_veto_always_and_safety_when_it_is_high() {
    let vetoes = |facts: &Facts| {
        let derived = derive(2, facts);
        let of = derived.required.iter().filter(|one| one.veto);
        of.map(|one| one.discipline.letters()).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(vetoes(&change(&[(Concern::Safety, Medium)])), "OP");
    assert_eq!(vetoes(&change(&[(Concern::Safety, High)])), "OP SA");
}

#[test]
fn an_assets_marks_count_for_more_than_was_answered() {
    let mut sis = change(&[]);
    sis.assets = vec![plain("RLF/PLC-1"), Touched { safety_system: true, ..plain("RLF/SIS-1") }];
    assert_eq!(asks(&sis), "IT OP SA");
    let why = because(&sis, D::Safety);
    assert_eq!(why, "safety counts as medium: RLF/SIS-1 is a safety instrumented system");
    let mut rated = change(&[]);
    rated.assets = vec![Touched { safety: Some(4), ..plain("RLF/PLC-1") }];
    assert_eq!(asks(&rated), "IT OP SA");
    rated.assets = vec![Touched { safety: Some(3), ..plain("RLF/PLC-1") }];
    assert_eq!(asks(&rated), "IT OP");
    let mut validated = change(&[]);
    validated.assets = vec![Touched { validated: true, ..plain("RLF/MES-1") }];
    assert_eq!(asks(&validated), "IT OP EN QU");
    let above = change(&[(Concern::Safety, High)]);
    assert_eq!(because(&above, D::Safety), "safety is high", "no floor says less than the answer");
}

#[test]
fn whatever_touches_the_plant_is_answered_for_by_operations() {
    let rule = facts(Activity::FirewallRule, &[]);
    assert_eq!(derive(2, &rule).accountable, D::ItSecurity);
    let felt = facts(Activity::FirewallRule, &[(Concern::Uptime, Low)]);
    assert_eq!(derive(2, &felt).accountable, D::Operations);
    assert!(because(&felt, D::Operations).contains("as uptime is low"));
    let zoning = facts(Activity::ZoningDesign, &[(Concern::Quality, Low)]);
    assert_eq!(asks(&zoning), "IT OP MG", "whoever the row names is asked all the same");
}

#[test]
fn a_crossing_of_it_and_ot_asks_engineering() {
    let at = |asset: &str, level| Touched { level: Some(level), ..plain(asset) };
    let mut crossing = change(&[]);
    crossing.assets = vec![at("RLF/MES-1", Purdue::L4), at("RLF/PLC-1", Purdue::L1)];
    assert_eq!(asks(&crossing), "IT OP EN");
    crossing.assets = vec![at("RLF/FW-1", Purdue::L35)];
    assert_eq!(asks(&crossing), "IT OP EN");
    crossing.assets = vec![at("RLF/MES-1", Purdue::L4)];
    assert_eq!(asks(&crossing), "IT OP");
}

#[test]
fn a_vendors_first_window_asks_vendor_management_and_later_ones_hear_it() {
    let mut window = facts(Activity::VendorWindow, &[]);
    window.ask = Ask::Window;
    window.vendor_person = Some("kenji".to_owned());
    assert_eq!(asks(&window), "IT OP");
    assert_eq!(part(&derive(2, &window), Part::Consulted), "EN VM");
    window.first_connection = Some("yoko".to_owned());
    assert_eq!(asks(&window), "IT OP VM");
    assert_eq!(because(&window, D::VendorManagement), "yoko has never been connected");
}

#[test]
fn an_emergency_asks_operations_and_one_on_call_and_the_rest_afterwards() {
    let urgent = Facts {
        ask: Ask::Change(Nature::Emergency),
        ..change(&[(Concern::Quality, Medium), (Concern::Safety, Medium)])
    };
    let derived = derive(2, &urgent);
    assert_eq!(letters(&derived, Need::Must), "OP");
    assert_eq!(letters(&derived, Need::OneOf), "IT EN");
    assert_eq!(letters(&derived, Need::Review), "QU SA");
}

#[test]
fn a_template_asks_all_and_each_use_operations_alone() {
    let levels = [(Concern::Validation, Low)];
    let template = Facts { ask: Ask::Change(Nature::Standard), ..change(&levels) };
    assert_eq!(asks(&template), "IT OP EN QU");
    let used = Facts { ask: Ask::Use(Ref::new("CR-7").unwrap()), ..change(&levels) };
    let derived = derive(2, &used);
    assert_eq!(letters(&derived, Need::Must), "OP");
    assert_eq!(part(&derived, Part::Informed), "IT EN QU MG");
}

#[test]
fn an_acceptance_asks_management_where_it_is_grave_and_safety_where_people_are_harmed() {
    let acceptance = |priority, safety| {
        let ask = Ask::Acceptance { priority, safety };
        asks(&Facts { ask, ..facts(Activity::RiskAccept, &[]) })
    };
    assert_eq!(acceptance(3, 3), "IT OP");
    assert_eq!(acceptance(2, 0), "IT OP MG");
    assert_eq!(acceptance(4, 4), "IT OP SA");
    assert_eq!(acceptance(1, 5), "IT OP SA MG");
}

#[test]
fn a_site_says_who_answers() {
    let mut own = change(&[]);
    let cell = Cell { discipline: D::Quality, value: Value::Accountable };
    own.row = Row::held(Activity::ControlChange, &[cell], &[]);
    assert_eq!(asks(&own), "IT OP QU");
    assert!(because(&own, D::Quality).contains("accountable for control.change (site RACI)"));
}

fn level() -> impl Strategy<Value = Impact> {
    prop::sample::select(Impact::ALL)
}

prop_compose! {
    fn any_facts()(
        activity in prop::sample::select(Activity::ALL),
        levels in prop::collection::vec(level(), 5),
        flags in prop::collection::vec(any::<bool>(), 6),
        rated in prop::option::of(1..=5_i64),
        purdue in prop::option::of(prop::sample::select(Purdue::ALL)),
        ask in prop::sample::select(vec![
            Ask::Change(Nature::Normal), Ask::Change(Nature::Standard), Ask::Change(Nature::Temporary),
            Ask::Change(Nature::Emergency), Ask::Window, Ask::Use(Ref::new("CR-7").unwrap()),
        ]),
    ) -> Facts {
        let mark = Touched {
            asset: "RLF/X-1".to_owned(), safety_system: flags[0], safety: rated, validated: flags[1], level: purdue,
        };
        Facts {
            ask,
            row: Row::held(activity, &[], &[]),
            levels: Concern::ALL.iter().copied().zip(levels).collect(),
            alters_logic: flags[2],
            alters_validated: flags[3],
            assets: vec![plain("RLF/PLC-1"), mark],
            vendor_person: flags[4].then(|| "kenji".to_owned()),
            first_connection: flags[5].then(|| "yoko".to_owned()),
            vouched: Discipline::ALL.to_vec(),
            quality_here: true,
        }
    }
}

/// Whoever speaks on the first board speaks on the second, with no less to say. Of a use, whom its template asked is
/// told, and no more heard.
fn no_fewer(ask: &Ask, before: &Derived, after: &Derived) -> Result<(), TestCaseError> {
    let is_use = matches!(ask, Ask::Use(_));
    for one in &before.required {
        let same = after.required.iter().find(|other| other.discipline == one.discipline);
        prop_assert!(
            same.is_some_and(|same| same.need <= one.need && same.veto >= one.veto),
            "{one:?} {after:?}"
        );
    }
    for one in &before.heard {
        let kept = after
            .heard
            .iter()
            .any(|other| other.discipline == one.discipline && (is_use || other.part <= one.part));
        let asked = after.required.iter().any(|other| other.discipline == one.discipline);
        prop_assert!(kept || asked, "{one:?} {after:?}");
    }
    Ok(())
}

proptest! {
    #[test]
    fn raising_an_impact_removes_nobody(
        facts in any_facts(), concern in prop::sample::select(Concern::ALL), to in level()
    ) {
        let mut raised = facts.clone();
        let answer = raised.levels.get_mut(&concern).unwrap();
        *answer = to.max(*answer);
        no_fewer(&facts.ask, &derive(2, &facts), &derive(2, &raised))?;
    }

    #[test]
    fn another_fact_removes_nobody(facts in any_facts(), which in 0..5_usize) {
        let mut more = facts.clone();
        match which {
            0 => more.alters_logic = true,
            1 => more.alters_validated = true,
            2 => more.assets.push(Touched { safety_system: true, ..plain("RLF/Z-9") }),
            3 => more.vendor_person = Some("kenji".to_owned()),
            _ => more.first_connection = Some("yoko".to_owned()),
        }
        no_fewer(&facts.ask, &derive(2, &facts), &derive(2, &more))?;
    }

    #[test]
    fn operations_always_decide_with_a_veto_and_a_reason_stands_for_each(facts in any_facts()) {
        let derived = derive(2, &facts);
        let operations = derived.required.iter().find(|one| one.discipline == D::Operations);
        prop_assert!(operations.is_some_and(|one| one.veto && one.need == Need::Must));
        let mut disciplines: Vec<_> = derived.required.iter().map(|one| one.discipline).collect();
        disciplines.extend(derived.heard.iter().map(|one| one.discipline));
        disciplines.sort_unstable();
        let all = disciplines.len();
        disciplines.dedup();
        prop_assert_eq!(disciplines.len(), all, "each discipline has one part");
        prop_assert!(derived.required.iter().all(|one| !one.because.is_empty()));
        prop_assert!(derived.heard.iter().all(|one| !one.because.is_empty()));
        if !matches!(facts.ask, Ask::Use(_) | Ask::Change(Nature::Emergency)) {
            let first = derive(1, &facts);
            prop_assert!(first.required.iter().all(|one| {
                derived.required.iter().any(|other| other.discipline == one.discipline)
            }), "version 2 asks whom version 1 asked");
        }
    }
}

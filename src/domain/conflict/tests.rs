//! What stands against work, and what does not.

use super::*;

fn at(hours: i64) -> Time {
    Time::from_micros(0).plus_seconds(hours * 3_600)
}

const PLC: &str = "RLF/PLC-7";

fn work(reference: &str, asset: &str, start: i64, end: i64) -> Work {
    Work {
        reference: reference.to_owned(),
        site: "RLF".to_owned(),
        assets: vec![asset.to_owned()],
        start: at(start),
        end: at(end),
        goes_on: false,
        settled: true,
        serves: None,
        vendor: None,
    }
}

fn meant(start: i64, end: i64) -> Meant {
    let work = work("CR-1", PLC, start, end);
    Meant { work, stops: false, intervention: Some(Intervention::Firmware) }
}

fn slot(reference: &str, start: i64, end: i64, assets: Option<&str>) -> Slot {
    Slot {
        reference: reference.to_owned(),
        site: "RLF".to_owned(),
        title: "Stop of line 2".to_owned(),
        blackout: reference.starts_with("BLK"),
        start: at(start),
        end: at(end),
        assets: assets.map(|asset| vec![asset.to_owned()]),
    }
}

fn plant() -> Surroundings {
    let thing = |part_of: &[&str]| Thing {
        class: Some(Class::Plc),
        part_of: part_of.iter().map(|one| (*one).to_owned()).collect(),
    };
    let things = [
        (PLC, thing(&["RLF/RACK-1"])),
        ("RLF/RACK-1", thing(&[])),
        ("RLF/PLC-8", thing(&["RLF/RACK-1"])),
    ];
    Surroundings {
        things: things.into_iter().map(|(name, thing)| (name.to_owned(), thing)).collect(),
        ..Surroundings::default()
    }
}

fn found(plant: &Surroundings, meant: &Meant) -> Vec<(String, Against)> {
    let found = plant.against(meant, at(0));
    found.into_iter().map(|one| (one.with, one.against)).collect()
}

fn named(with: &str, against: Against) -> Vec<(String, Against)> {
    vec![(with.to_owned(), against)]
}

#[test]
fn a_plant_in_which_nothing_is_planned_stands_against_nothing() {
    assert_eq!(found(&plant(), &meant(1, 2)), []);
}

#[test]
fn other_work_on_the_asset_or_on_what_it_is_part_of_is_named_while_it_overlaps() {
    let mut plant = plant();
    plant.changes = vec![work("CR-2", PLC, 2, 3)];
    assert_eq!(found(&plant, &meant(1, 2)), [], "one ends as the other begins");
    assert_eq!(found(&plant, &meant(1, 3)), named("CR-2", Against::Change));
    plant.changes = vec![work("CR-3", "RLF/RACK-1", 1, 2)];
    assert_eq!(found(&plant, &meant(1, 2)), named("CR-3", Against::Change));
    plant.changes = vec![work("CR-4", "RLF/PLC-8", 1, 2)];
    assert_eq!(found(&plant, &meant(1, 2)), [], "a neighbour in the same rack is another asset");
    plant.changes = vec![work("CR-1", PLC, 1, 2)];
    assert_eq!(found(&plant, &meant(1, 2)), [], "it does not stand against itself");
}

#[test]
fn what_goes_on_past_its_end_stands_in_the_way_until_it_is_ended() {
    let mut plant = plant();
    let late = Work { goes_on: true, ..work("CR-2", PLC, -9, -5) };
    plant.changes = vec![late.clone()];
    assert_eq!(found(&plant, &meant(-1, 2)), named("CR-2", Against::Change));
    plant.changes = vec![Work { goes_on: false, ..late }];
    assert_eq!(found(&plant, &meant(-1, 2)), []);
}

#[test]
fn what_is_only_asked_for_is_named_and_stops_nobody() {
    let mut plant = plant();
    plant.changes = vec![Work { settled: false, ..work("CR-2", PLC, 1, 3) }];
    let found = plant.against(&meant(1, 2), at(0));
    assert_eq!(found.len(), 1);
    assert!(!found[0].blocks);
}

#[test]
fn the_vendor_who_comes_for_the_work_is_no_conflict() {
    let mut plant = plant();
    let visit = work("VW-1", PLC, 1, 2);
    plant.windows = vec![Work { serves: Some("CR-1".to_owned()), ..visit.clone() }];
    assert_eq!(found(&plant, &meant(1, 2)), []);
    plant.windows = vec![visit];
    assert_eq!(found(&plant, &meant(1, 2)), named("VW-1", Against::Window));
}

#[test]
fn a_blackout_of_the_site_or_of_the_asset_forbids_work() {
    let mut plant = plant();
    for (assets, holds) in
        [(None, true), (Some(PLC), true), (Some("RLF/RACK-1"), true), (Some("RLF/PLC-8"), false)]
    {
        plant.slots = vec![slot("BLK-1", 0, 10, assets)];
        assert_eq!(found(&plant, &meant(1, 2)).len(), usize::from(holds), "{assets:?}");
    }
    plant.slots = vec![slot("BLK-1", 2, 10, None)];
    assert_eq!(found(&plant, &meant(1, 2)), [], "it begins as the work ends");
    plant.slots = vec![Slot { site: "ANR".to_owned(), ..slot("BLK-1", 0, 10, None) }];
    assert_eq!(found(&plant, &meant(1, 2)), [], "another plant's");
}

#[test]
fn work_that_the_plant_notices_wants_an_outage_that_holds_all_of_it() {
    let mut plant = plant();
    let stops = |start, end| Meant { stops: true, ..meant(start, end) };
    assert_eq!(found(&plant, &stops(1, 2)), named(PLC, Against::NoOutage));
    plant.slots = vec![slot("OUT-1", 1, 3, None)];
    assert_eq!(found(&plant, &stops(1, 3)), []);
    assert_eq!(found(&plant, &stops(2, 4)), named(PLC, Against::NoOutage));
    plant.slots = vec![slot("OUT-1", 1, 3, Some("RLF/PLC-8"))];
    assert_eq!(found(&plant, &stops(1, 2)), named(PLC, Against::NoOutage));
}

#[test]
fn what_fits_an_outage_is_short_enough_and_all_of_its_assets_stand() {
    let (plant, whole) = (plant(), slot("OUT-1", 10, 14, None));
    let could = |slot: &Slot, start, end| plant.could_hold(slot, &work("CR-1", PLC, start, end));
    assert!(could(&whole, 1, 5), "four hours fit into four");
    assert!(!could(&whole, 1, 6));
    assert!(!plant.holds(&whole, &work("CR-1", PLC, 1, 5)), "it would have to move");
    assert!(plant.holds(&whole, &work("CR-1", PLC, 10, 14)));
    assert!(!could(&slot("OUT-1", 10, 14, Some("RLF/PLC-8")), 1, 2));
    assert!(could(&slot("OUT-1", 10, 14, Some("RLF/RACK-1")), 1, 2), "its rack stands still");
    assert!(!could(&slot("BLK-1", 10, 14, None), 1, 2));
}

#[test]
fn the_matrix_says_what_may_be_done_to_a_class_and_when() {
    let mut plant = plant();
    let set = |allowed| {
        vec![Cell { site: None, class: Class::Plc, intervention: Intervention::Firmware, allowed }]
    };
    for (allowed, against) in [
        (Allowance::Never, Some(Against::Never)),
        (Allowance::Ask, Some(Against::Ask)),
        (Allowance::Outage, Some(Against::OutageOnly)),
        (Allowance::Anytime, None),
    ] {
        plant.matrix = set(allowed);
        let expected = against.map(|against| named(PLC, against)).unwrap_or_default();
        assert_eq!(found(&plant, &meant(1, 2)), expected, "{allowed}");
        let patch = Meant { intervention: Some(Intervention::Patch), ..meant(1, 2) };
        assert_eq!(found(&plant, &patch), [], "nothing is set for a patch");
    }
    let stops = Meant { stops: true, ..meant(1, 2) };
    assert_eq!(found(&plant, &stops), [], "a slot that is allowed at any time needs no outage");
    plant.matrix = set(Allowance::Outage);
    assert_eq!(found(&plant, &stops), named(PLC, Against::OutageOnly), "it is said once");
    plant.slots = vec![slot("OUT-1", 0, 3, None)];
    assert_eq!(found(&plant, &stops), []);
}

#[test]
fn a_freeze_holds_everything_at_its_site_and_nobody_waives_it() {
    let mut plant = plant();
    let freeze =
        |site: &str| Freeze { incident: "INC-1".to_owned(), site: site.to_owned(), since: at(-1) };
    plant.freezes = vec![freeze("ANR")];
    assert_eq!(found(&plant, &meant(1, 2)), []);
    plant.freezes = vec![freeze("RLF")];
    assert_eq!(found(&plant, &meant(1, 2)), named("INC-1", Against::Freeze));
    assert_eq!(Against::Freeze.waived_by(), None);
}

#[test]
fn a_waiver_is_of_what_stood_then() {
    let mut plant = plant();
    plant.slots = vec![slot("BLK-1", 0, 10, None)];
    let of = |plant: &Surroundings| plant.against(&meant(1, 2), at(0)).remove(0);
    let stood = of(&plant);
    let waiver = Waiver {
        with: stood.with.clone(),
        against: stood.against,
        start: stood.start,
        end: stood.end,
        person: "olga".to_owned(),
        reason: "the campaign does not use it".to_owned(),
    };
    assert!(waiver.covers(&stood));
    plant.slots = vec![slot("BLK-1", 0, 12, None)];
    assert!(!waiver.covers(&of(&plant)), "the blackout is longer now");
}

#[test]
fn work_goes_into_an_outage_at_its_own_start_or_at_the_start_of_the_outage() {
    let outage = |start, end| Slot {
        reference: "OUT-1".to_owned(),
        site: "RLF".to_owned(),
        title: "Stop".to_owned(),
        blackout: false,
        start: at(start),
        end: at(end),
        assets: None,
    };
    let plant = Surroundings::default();
    let mine = work("CR-1", PLC, 600, 900);
    let into = |start, end| plant.into_outage(&outage(start, end), &mine, at(0));
    assert_eq!(into(1_200, 1_800), Some((at(1_200), at(1_500))), "the whole of it is elsewhen");
    assert_eq!(into(0, 800), Some((at(0), at(300))), "from its own start it would end too late");
    assert_eq!(into(1_200, 1_400), None, "too short");
    assert_eq!(into(500, 1_000), None, "it holds it already");
    let late = plant.into_outage(&outage(-600, 400), &mine, at(0));
    let minute = at(0).plus_seconds(60);
    let ends = minute.plus_seconds(at(900).seconds_since(at(600)));
    assert_eq!(late, Some((minute, ends)), "never before now");
}

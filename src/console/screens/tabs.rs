//! Which screens there are: the numbered ones, and what the palette opens beside them.

use super::handover::HandoverScreen;
use super::items::{self, Item};
use super::list::{ListScreen, Spec};
use super::page::PageScreen;
use super::posture::{measures, objects};
use super::{
    Screen, Subject, acceptances, access, assets, changes, extensions, posture, risks, watch,
    windows,
};
use crate::console::data::{Ask, Check};
use crate::console::widgets::list::{Row, View};

fn list<T: Row>(spec: &'static Spec<T>) -> Box<dyn Screen> {
    Box::new(ListScreen::new(spec))
}

/// The list as row 2 counts it.
fn counted<T: Row>(spec: &'static Spec<T>) -> Box<dyn Screen> {
    Box::new(ListScreen::viewed(spec))
}

/// The incidents that row 2 counts.
const DECLARED: Spec<Item> = Spec { views: &[HERE], ..items::INCIDENTS };

/// Those that touch the sites of one's roles.
const HERE: View = View {
    word: "state:declared site:mine",
    name: "declared",
    empty: "No incident is declared that touches your sites. n declares one; f shows all.",
};

/// The numbered screens, from 0.
pub const SCREENS: &[Subject] = &[
    Subject {
        name: "watch",
        help: "Alarms and what waits for you.",
        make: || list(const { &watch::SPEC }),
    },
    Subject {
        name: "posture",
        help: "Six numbers for each site, and what is behind them.",
        make: posture::sites,
    },
    Subject {
        name: "risks",
        help: "Risks, the worst for the plant first.",
        make: || counted(const { &risks::SPEC }),
    },
    Subject {
        name: "changes",
        help: "Changes, who must say yes, and when the work is.",
        make: || counted(const { &changes::SPEC }),
    },
    Subject {
        name: "windows",
        help: "Vendors' access windows.",
        make: || counted(const { &windows::SPEC }),
    },
    Subject {
        name: "incident",
        help: "Incidents that are declared.",
        make: || counted(const { &DECLARED }),
    },
    Subject {
        name: "handover",
        help: "The handover sheet, not built yet.",
        make: || Box::new(HandoverScreen),
    },
];

const fn item(name: &'static str, help: &'static str, make: fn() -> Box<dyn Screen>) -> Subject {
    Subject { name, help, make }
}

/// Everything else that the palette opens.
pub const SUBJECTS: &[Subject] = &[
    Subject {
        name: "shelf",
        help: "Shelved alarms and tasks that sleep; Z takes one back.",
        make: || {
            Box::new(ListScreen::filtered(const { &watch::SPEC }, watch::SHELF.word.to_owned()))
        },
    },
    item("alarms", "Alarms alone, as they stand on the watch.", || {
        Box::new(ListScreen::filtered(const { &watch::SPEC }, "kind:alarm,ended".to_owned()))
    }),
    item("tasks", "Tasks alone, yours and what others are to do.", || {
        Box::new(ListScreen::filtered(const { &watch::SPEC }, "kind:task".to_owned()))
    }),
    item("status", "The posture of every site at this moment.", posture::sites),
    item("measures", "What the numbers of posture are made of, measure by measure.", measures::all),
    item(
        "items",
        "The very objects that are short in posture, and why; f shows all.",
        objects::all,
    ),
    item("incidents", "Incidents that are declared.", || list(const { &items::INCIDENTS })),
    Subject {
        name: "assets",
        help: "Assets of all sites.",
        make: || list(const { &assets::SPEC }),
    },
    Subject {
        name: "acceptances",
        help: "Risks that somebody asks to live with.",
        make: || list(const { &acceptances::SPEC }),
    },
    Subject {
        name: "extensions",
        help: "Windows that somebody asks to end later.",
        make: || list(const { &extensions::SPEC }),
    },
    Subject {
        name: "access",
        help: "Who of a vendor has access now, asset by asset.",
        make: || list(const { &access::SPEC }),
    },
    item("sites", "Sites.", || list(const { &items::SITES })),
    item("zones", "Zones with their target and achieved levels.", || list(const { &items::ZONES })),
    item("people", "People, their disciplines and roles.", || list(const { &items::PEOPLE })),
    item("roles", "Roles granted, where and until when.", || list(const { &items::ROLES })),
    item("raci", "Who is responsible, accountable, consulted, informed.", || {
        list(const { &items::RACI })
    }),
    item("duties", "Who is on duty.", || list(const { &items::DUTIES })),
    item("vendors", "Vendors and their people.", || list(const { &items::VENDORS })),
    item("calendar", "Outages and blackouts of the plants.", || list(const { &items::CALENDAR })),
    item("outages", "Outages, in which work may stop the plant.", || {
        list(const { &items::OUTAGES })
    }),
    item("blackouts", "Blackouts, in which nothing may be changed.", || {
        list(const { &items::BLACKOUTS })
    }),
    item("interventions", "What may be done to each class of asset, and when.", || {
        list(const { &items::INTERVENTIONS })
    }),
    item(
        "yardsticks",
        "What posture is measured against: targets and weights that were set.",
        || list(const { &items::YARDSTICKS }),
    ),
    item("bypasses", "What is bypassed, until when and under which change.", || {
        list(const { &items::BYPASSES })
    }),
    item("access-events", "What access logs say of comings and goings.", || {
        list(const { &items::ACCESS_EVENTS })
    }),
    item("sessions", "Sessions of vendors' people, live and ended.", || {
        list(const { &items::SESSIONS })
    }),
    item("advisories", "Vendors' security advisories.", || list(const { &items::ADVISORIES })),
    item("vulnerabilities", "Vulnerabilities found on assets.", || {
        list(const { &items::VULNERABILITIES })
    }),
    item("reports", "Reports from the plants.", || list(const { &items::REPORTS })),
    item("imports", "What was taken in, when and by whom.", || list(const { &items::IMPORTS })),
    item("log-lines", "Lines of the logs of the sites.", || list(const { &items::LOG_LINES })),
    item(
        "verify",
        "Re-hashes the ledger, replays it under the rules, compares every table.",
        || Box::new(PageScreen::of_store("verification of the store", Ask::Check(Check::Verify))),
    ),
    item("doctor", "What may be wrong around the store, each with what to do.", || {
        Box::new(PageScreen::of_store(
            "what may be wrong around the store",
            Ask::Check(Check::Doctor),
        ))
    }),
    item("log", "The audit trail: every entry of the ledger, the newest first.", || {
        list(const { &items::LOG })
    }),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::query::LISTS;

    #[test]
    fn every_list_of_the_command_line_is_found_by_its_name() {
        for list in LISTS {
            let named = |subject: &&Subject| subject.name == *list;
            let here: Vec<&Subject> = SCREENS.iter().chain(SUBJECTS).filter(named).collect();
            assert_eq!(here.len(), 1, "{list}");
        }
    }
}

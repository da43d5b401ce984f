//! What people can ask and what the ledger can say: nested enums by subject, and the one table of both.
//!
//! A command becomes an entry of its kind; kinds without a command are what time, analysis or a rule
//! concludes. Forms, `smc do --list`, completion, documents and the database's own tables of rights
//! are derived from [`table`].

use serde::{Deserializer, Serialize, Serializer};

use super::calendar::{self, blackout, outage};
use super::field::Field;
use super::names::Ref;
use super::role::Right;
use super::{
    acceptance, access, advisories, alarm, approval, asset, bypass, change, comment, duty,
    extension, founding, import, incident, intervention, log_line, person, raci, report, restore,
    risk, session, site, task, vendor, window, yardstick, zone,
};

/// The subject an entry is about, before its number is given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    /// A subject with this reference.
    Is(Ref),
    /// A new subject, numbered under the lock: the prefix.
    New(&'static str),
}

/// Whether a command is for people, for an importer, or an entry that no one asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// Anyone with the right, by name.
    Person,
    /// An importer, with a document in hand.
    Importer,
    /// A rule or a clock.
    Rule,
}

/// One row of the command table: a kind of entry, and the command that makes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spec {
    /// The command's name, none for what only a rule concludes.
    pub command: Option<&'static str>,
    /// The kind of the entry it makes, past tense.
    pub kind: &'static str,
    /// The subject's name, singular.
    pub subject: &'static str,
    /// Who asks for it.
    pub origin: Origin,
    /// What it asks of its actor.
    pub right: Right,
    /// The prefix of the reference it gives, for numbered subjects.
    pub creates: Option<&'static str>,
    /// The tables its projection may write.
    pub tables: &'static [&'static str],
    /// Its fields.
    pub fields: &'static [Field],
    /// One sentence.
    pub help: &'static str,
}

/// Declares the payloads, commands, kinds and table rows of one subject.
#[macro_export]
macro_rules! subject {
    (@right $right:ident) => { $crate::domain::role::Right::$right };
    (@creates) => { None };
    (@creates $prefix:literal) => { Some($prefix) };
    (
        $name:literal;
        $(
            $(#[doc = $doc:literal])+
            $variant:ident => $kind_variant:ident ($command:literal => $kind:literal) $right:ident
            $(creates $prefix:literal)? writes [$($table:literal),* $(,)?]
            { $( $req:ident : $rty:ty = $rhelp:literal; )* ; $( $opt:ident : $oty:ty = $ohelp:literal; )* }
        )*
        $( @importer
            $(#[doc = $idoc:literal])+
            $ivariant:ident => $ikind_variant:ident ($icommand:literal => $ikind:literal) $iright:ident
            $(creates $iprefix:literal)? writes [$($itable:literal),* $(,)?]
            { $( $ireq:ident : $irty:ty = $irhelp:literal; )* ; $( $iopt:ident : $ioty:ty = $iohelp:literal; )* }
        )*
        $( @rule
            $(#[doc = $adoc:literal])+
            $avariant:ident ($akind:literal) $aright:ident $(creates $aprefix:literal)? writes [$($atable:literal),* $(,)?]
            { $( $areq:ident : $arty:ty = $arhelp:literal; )* ; $( $aopt:ident : $aoty:ty = $aohelp:literal; )* }
        )*
    ) => {
        $( $crate::subject!(@payload $(#[doc = $doc])+ $variant { $( $req : $rty = $rhelp; )* ; $( $opt : $oty = $ohelp; )* }); )*
        $( $crate::subject!(@payload $(#[doc = $idoc])+ $ivariant { $( $ireq : $irty = $irhelp; )* ; $( $iopt : $ioty = $iohelp; )* }); )*
        $( $crate::subject!(@payload $(#[doc = $adoc])+ $avariant { $( $areq : $arty = $arhelp; )* ; $( $aopt : $aoty = $aohelp; )* }); )*

        #[doc = concat!("What can be asked of the subject `", $name, "`.")]
        #[derive(Clone, Debug, PartialEq, serde::Serialize)]
        #[serde(untagged)]
        pub enum Command {
            $( $(#[doc = $doc])+ $variant($variant), )*
            $( $(#[doc = $idoc])+ $ivariant($ivariant), )*
        }

        #[doc = concat!("What the ledger says of the subject `", $name, "`.")]
        #[derive(Clone, Debug, PartialEq, serde::Serialize)]
        #[serde(untagged)]
        pub enum Kind {
            $( $(#[doc = $doc])+ $kind_variant($variant), )*
            $( $(#[doc = $idoc])+ $ikind_variant($ivariant), )*
            $( $(#[doc = $adoc])+ $avariant($avariant), )*
        }

        #[doc = concat!("The command table's rows of the subject `", $name, "`.")]
        pub const TABLE: &[$crate::domain::command::Spec] = &[
            $( $crate::domain::command::Spec {
                command: Some($command), kind: $kind, subject: $name,
                origin: $crate::domain::command::Origin::Person,
                right: $crate::subject!(@right $right), creates: $crate::subject!(@creates $($prefix)?),
                tables: &[$($table),*], fields: $variant::FIELDS, help: $variant::HELP,
            }, )*
            $( $crate::domain::command::Spec {
                command: Some($icommand), kind: $ikind, subject: $name,
                origin: $crate::domain::command::Origin::Importer,
                right: $crate::subject!(@right $iright), creates: $crate::subject!(@creates $($iprefix)?),
                tables: &[$($itable),*], fields: $ivariant::FIELDS, help: $ivariant::HELP,
            }, )*
            $( $crate::domain::command::Spec {
                command: None, kind: $akind, subject: $name,
                origin: $crate::domain::command::Origin::Rule,
                right: $crate::subject!(@right $aright), creates: $crate::subject!(@creates $($aprefix)?),
                tables: &[$($atable),*], fields: $avariant::FIELDS, help: $avariant::HELP,
            }, )*
        ];

        impl Command {
            /// Reads the fields of the command with this name; none if the name is another subject's.
            #[allow(unused_variables, reason = "a subject without commands reads none")]
            pub fn read<'de, D: serde::Deserializer<'de>>(name: &str, fields: D) -> Option<Result<Self, D::Error>> {
                match name {
                    $( $command => Some(<$variant as serde::Deserialize>::deserialize(fields).map(Self::$variant)), )*
                    $( $icommand => Some(<$ivariant as serde::Deserialize>::deserialize(fields).map(Self::$ivariant)), )*
                    _ => None,
                }
            }

            /// The entry this command asks for.
            pub fn into_kind(self) -> Kind {
                match self {
                    $( Self::$variant(payload) => Kind::$kind_variant(payload), )*
                    $( Self::$ivariant(payload) => Kind::$ikind_variant(payload), )*
                }
            }
        }

        impl Kind {
            /// Reads the data of an entry of this kind; none if the kind is another subject's.
            pub fn read<'de, D: serde::Deserializer<'de>>(kind: &str, data: D) -> Option<Result<Self, D::Error>> {
                match kind {
                    $( $kind => Some(<$variant as serde::Deserialize>::deserialize(data).map(Self::$kind_variant)), )*
                    $( $ikind => Some(<$ivariant as serde::Deserialize>::deserialize(data).map(Self::$ikind_variant)), )*
                    $( $akind => Some(<$avariant as serde::Deserialize>::deserialize(data).map(Self::$avariant)), )*
                    _ => None,
                }
            }

            /// The stable name of this kind.
            pub const fn name(&self) -> &'static str {
                match self {
                    $( Self::$kind_variant(_) => $kind, )*
                    $( Self::$ikind_variant(_) => $ikind, )*
                    $( Self::$avariant(_) => $akind, )*
                }
            }
        }
    };
    (@payload $(#[doc = $doc:literal])+ $variant:ident { $( $req:ident : $rty:ty = $rhelp:literal; )* ; $( $opt:ident : $oty:ty = $ohelp:literal; )* }) => {
        $(#[doc = $doc])+
        #[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
        #[serde(deny_unknown_fields)]
        pub struct $variant {
            $( #[doc = $rhelp] pub $req: $rty, )*
            $( #[doc = $ohelp] #[serde(default, skip_serializing_if = "Option::is_none")] pub $opt: Option<$oty>, )*
        }

        impl $variant {
            /// The fields, for forms and documents.
            pub const FIELDS: &'static [$crate::domain::field::Field] = &[
                $( $crate::domain::field::Field {
                    name: $crate::domain::field::plain(stringify!($req)),
                    of: <$rty as $crate::domain::field::Typed>::TYPE, required: true, help: $rhelp,
                }, )*
                $( $crate::domain::field::Field {
                    name: $crate::domain::field::plain(stringify!($opt)),
                    of: <$oty as $crate::domain::field::Typed>::TYPE, required: false, help: $ohelp,
                }, )*
            ];
            /// One sentence of help: the type's own first line.
            pub const HELP: &'static str = $crate::subject!(@help $(#[doc = $doc])+);
        }
    };
    (@help #[doc = $help:literal] $(#[doc = $rest:literal])*) => { $help.trim_ascii() };
}

macro_rules! subjects {
    ($($(#[doc = $doc:literal])* $variant:ident ($room:ident)),+ $(,)?) => {
        /// What can be asked, by subject.
        #[derive(Clone, Debug, PartialEq, Serialize)]
        #[serde(untagged)]
        pub enum Command {
            /// A decision on anything that asks for approval.
            Decide(approval::Command),
            /// A time of the calendar, whatever it is.
            Calendar(calendar::Command),
            $( $(#[doc = $doc])* $variant($room::Command), )+
        }

        /// What the ledger says, by subject.
        #[derive(Clone, Debug, PartialEq)]
        pub enum Kind { $( $(#[doc = $doc])* $variant($room::Kind), )+ }

        impl Command {
            /// Reads the fields of the command with this name; none if there is no such command.
            pub fn read<'de, D: Deserializer<'de>>(name: &str, fields: D) -> Option<Result<Self, D::Error>> {
                if approval::TABLE.iter().any(|spec| spec.command == Some(name)) {
                    return approval::Command::read(name, fields).map(|read| read.map(Self::Decide));
                }
                if calendar::TABLE.iter().any(|spec| spec.command == Some(name)) {
                    return calendar::Command::read(name, fields).map(|read| read.map(Self::Calendar));
                }
                $( if $room::TABLE.iter().any(|spec| spec.command == Some(name)) {
                    return $room::Command::read(name, fields).map(|read| read.map(Self::$variant));
                } )+
                None
            }

            /// The entry this command asks for, or the refusal of a decision on what no one decides.
            pub fn into_kind(self) -> Result<Kind, super::refusal::Refusal> {
                match self {
                    Self::Decide(command) => command.into_kind(),
                    Self::Calendar(command) => Ok(command.into_kind()),
                    $( Self::$variant(command) => Ok(Kind::$variant(command.into_kind())), )+
                }
            }
        }

        impl Kind {
            /// Reads the data of an entry of this kind; none if there is no such kind.
            pub fn read<'de, D: Deserializer<'de>>(kind: &str, data: D) -> Option<Result<Self, D::Error>> {
                $( if $room::TABLE.iter().any(|spec| spec.kind == kind) {
                    return $room::Kind::read(kind, data).map(|read| read.map(Self::$variant));
                } )+
                None
            }

            /// The stable name of this kind.
            pub const fn name(&self) -> &'static str {
                match self { $( Self::$variant(kind) => kind.name(), )+ }
            }

            /// The subject that an entry with this data is about.
            pub fn subject(&self) -> Subject {
                match self { $( Self::$variant(kind) => kind.subject(), )+ }
            }
        }

        impl Serialize for Kind {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                match self { $( Self::$variant(kind) => kind.serialize(serializer), )+ }
            }
        }

        const ROOMS: &[&[Spec]] = &[ $( $room::TABLE, )+ ];
    };
}

impl Kind {
    /// The object out of which an entry makes a new one, whose version whoever asked for it had before their eyes: the
    /// risk of an acceptance, the window of an extension, the change that is replaced or used, or that allows it.
    pub const fn made_of(&self) -> Option<&Ref> {
        if let Self::Acceptance(acceptance::Kind::Requested(made)) = self {
            return Some(&made.r#ref);
        }
        if let Self::Extension(extension::Kind::Requested(made)) = self {
            return Some(&made.r#ref);
        }
        if let Self::Bypass(bypass::Kind::WasPlaced(made)) = self {
            return Some(&made.change);
        }
        if let Self::Window(window::Kind::Requested(made)) = self {
            return made.change.as_ref();
        }
        if let Self::Change(change::Kind::Requested(made)) = self {
            return match &made.supersedes {
                Some(replaced) => Some(replaced),
                None => made.template.as_ref(),
            };
        }
        None
    }
}

subjects! {
    /// The store itself.
    Store(founding),
    /// A restore of the store from a backup.
    Restore(restore),
    /// A site.
    Site(site),
    /// A zone.
    Zone(zone),
    /// A person and the roles granted.
    Person(person),
    /// A RACI row.
    Raci(raci),
    /// An on-call duty.
    Duty(duty),
    /// An asset.
    Asset(asset),
    /// A vendor and its persons.
    Vendor(vendor),
    /// An advisory and its matches.
    Advisory(advisories),
    /// An import.
    Import(import),
    /// A risk.
    Risk(risk),
    /// The acceptance of a risk.
    Acceptance(acceptance),
    /// An outage.
    Outage(outage),
    /// A blackout.
    Blackout(blackout),
    /// A cell of the intervention matrix.
    Intervention(intervention),
    /// What posture is measured against.
    Yardstick(yardstick),
    /// A change.
    Change(change),
    /// A bypass.
    Bypass(bypass),
    /// A vendor's access window.
    Window(window),
    /// The request that a window end later.
    Extension(extension),
    /// A session of a vendor's person.
    Session(session),
    /// An event of an access log.
    Access(access),
    /// An incident.
    Incident(incident),
    /// A report from a plant.
    Report(report),
    /// A log line.
    LogLine(log_line),
    /// What is said of an alarm.
    Alarm(alarm),
    /// What is said of something without a decision.
    Comment(comment),
    /// What a person does with a task.
    Task(task),
}

/// Every kind of entry with its command, in the order of the rooms.
pub fn table() -> impl Iterator<Item = &'static Spec> {
    ROOMS.iter().flat_map(|rows| rows.iter())
}

/// Every command a person can ask for by name: the table's own, those that stand for several kinds, and the decisions.
pub fn commands() -> impl Iterator<Item = &'static Spec> {
    table()
        .filter(|spec| spec.command.is_some() && matches!(spec.origin, Origin::Person))
        .chain(calendar::TABLE.iter())
        .chain(approval::TABLE.iter())
}

/// The row of this kind.
pub fn kind(name: &str) -> Option<&'static Spec> {
    table().find(|spec| spec.kind == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_and_every_command_has_its_own_name() {
        let mut kinds: Vec<_> = table().map(|spec| spec.kind).collect();
        let mut names: Vec<_> = commands().filter_map(|spec| spec.command).collect();
        let (all_kinds, all_names) = (kinds.len(), names.len());
        kinds.sort_unstable();
        kinds.dedup();
        names.sort_unstable();
        names.dedup();
        assert_eq!((kinds.len(), names.len()), (all_kinds, all_names));
    }

    #[test]
    fn every_kind_writes_some_table_and_every_numbered_subject_has_its_prefix() {
        for spec in table() {
            assert!(!spec.tables.is_empty(), "{}", spec.kind);
            assert!(!spec.help.is_empty(), "{}", spec.kind);
        }
        assert_eq!(kind("change.requested").and_then(|spec| spec.creates), Some("CR"));
    }

    #[test]
    fn what_only_a_rule_concludes_has_no_command() {
        for spec in table().filter(|spec| spec.origin == Origin::Rule) {
            assert_eq!(spec.command, None, "{}", spec.kind);
        }
    }
}

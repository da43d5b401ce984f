//! The words that tools write for the kind of a thing, and our own class for each.

use crate::domain::asset::Class;

/// Words without case and separators; ATT&CK for ICS assets, NetBox roles and the usual exports.
const WORDS: &[(&str, Class)] = &[
    ("applicationserver", Class::OtApplication),
    ("basestation", Class::Network),
    ("camera", Class::Sensor),
    ("controller", Class::Plc),
    ("controlserver", Class::OtApplication),
    ("datagateway", Class::Network),
    ("datahistorian", Class::Historian),
    ("dcscontroller", Class::Dcs),
    ("distributedcontrolsystem", Class::Dcs),
    ("engineeringstation", Class::Ews),
    ("engineeringworkstation", Class::Ews),
    ("fieldinputoutput", Class::FieldIo),
    ("gateway", Class::Network),
    ("humanmachineinterface", Class::Hmi),
    ("intelligentelectronicdevice", Class::Ied),
    ("inverter", Class::Drive),
    ("io", Class::FieldIo),
    ("iomodule", Class::FieldIo),
    ("jumpserver", Class::JumpHost),
    ("mes", Class::OtApplication),
    ("operatorpanel", Class::Hmi),
    ("operatorstation", Class::Hmi),
    ("pac", Class::Plc),
    ("programmablelogiccontroller", Class::Plc),
    ("protectionrelay", Class::Ied),
    ("relay", Class::Ied),
    ("remoteio", Class::FieldIo),
    ("remoteterminalunit", Class::Rtu),
    ("router", Class::Network),
    ("routers", Class::Network),
    ("safetycontroller", Class::Sis),
    ("safetyinstrumentedsystem", Class::Sis),
    ("scada", Class::OtApplication),
    ("scadaserver", Class::OtApplication),
    ("switch", Class::Network),
    ("transmitter", Class::Sensor),
    ("vfd", Class::Drive),
    ("vpnserver", Class::Network),
    ("wirelessaccesspoint", Class::Network),
];

/// The class a word means, or nothing if the word is not known.
pub(super) fn class(text: &str) -> Option<Class> {
    let key: String =
        text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    let own = Class::ALL.iter().find(|class| class.word().replace('_', "") == key);
    own.copied().or_else(|| WORDS.iter().find(|(word, _)| *word == key).map(|(_, class)| *class))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn our_own_words_and_those_of_tools_are_known() {
        assert_eq!(class("PLC"), Some(Class::Plc));
        assert_eq!(class("field_io"), Some(Class::FieldIo));
        assert_eq!(class("Safety Controller"), Some(Class::Sis));
        assert_eq!(class("OT_device"), None);
    }
}

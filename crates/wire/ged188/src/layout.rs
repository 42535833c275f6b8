//! The printed layouts as data: what a message consists of, by name, for tools that show bytes and for tests that
//! make messages of every type. The same tables make the message types (see `message`).
//!
//! # Where the sources disagree
//!
//! Layouts are those of version 25; `since` says from which version on a field of the fixed part exists. Sources
//! disagree about some of these fields, so a body is read in the session's version first, and if floating fields
//! do not fill the rest exactly, in the other versions in which the fixed part has another size. What is written
//! always follows the session's version. All the known conflicts:
//!
//! | message | conflict | decision |
//! |---|---|---|
//! | FAILURE_CONF | 8 bytes (Status), or 10 (FailureCode, PeripheralErrorCode) in the guides for 24 and 25, a copying error | read both by length, write 8 |
//! | OPEN_CONF | 26 bytes up to version 18, 30 up to 23, 32 from 24 on; the guide for 23 prints SessionType too | by version, else by length |
//! | AGENT_STATE_EVENT, QUERY_AGENT_STATE_CONF, AGENT_TEAM_CONFIG_EVENT | DepartmentID: the change list says 19, a codec for 19 has none, codecs for 20 and 24 have it | from 20 on, else by length |
//! | CLEAR_CONNECTION_REQ | RequestingDeviceIDType printed in the fixed part since 14; two implementations have only the floating field of that name | written as printed unless [`crate::Dialect::requester_in_fixed_part`] says otherwise, read by length |
//! | CONFIG_REQUEST_EVENT | 8 bytes up to 23, 12 (ConfigMsgMask in the middle) from 24 on | by version, else by length |
//! | SEND_DTMF_SIGNAL_REQ | PauseDuration was a USHORT by mistake in a version between 10 and 13 | UINT |
//! | QUERY_DEVICE_INFO_REQ | Reserved: 2 bytes in the guides, 4 in one codec | 2 |
//! | CALL_ATTRIBUTE_CHANGE_EVENT | ConnectionDeviceIDType printed with 4 bytes, 2 in a codec | 2 |
//! | CONFIG_MRD_EVENT | 254 in the table of numbers, 245 on the page of its layout, which is CONFIG_CALL_TYPE_EVENT's | 254 |
//! | network recording | the numbers of the table and of the layouts are one apart | those of the table, see `message::recording` |
//! | TEAM_CONFIG_* | 242 to 244 in the table, 236 to 238 in one codec, where they are configuration events | 242 to 244, with the layouts of UCCX's guide |
//! | QUERY_AGENT_QUEUE_STATISTICS_REQ, _CONF | 239 and 240 on UCCX, by a forum's word alone; 240 is CALL_ATTRIBUTE_CHANGE_EVENT in the guides for CCE | 240 is the answer when it ends after 12 bytes or fields that begin there with 194 (AgentID) fill the rest exactly, else the event |
//! | ApplicationPathID | tag 84 in the guide for version 9, 97 later; a type of 5 bytes that every layout uses as INT | 97, 4 bytes |
//! | tag 185 | AutoWork in layouts, AGENT_SKILL_TARGET_ID_TAG in the table of tags | AutoWork |
//! | SkillGroupNumber | printed INT, UINT and USINT | 4 bytes unsigned, 0xFFFFFFFF for none |
//! | DefaultDevicePortAddress | STRING of 4 in one print, of 32 in another | a string |
//! | strings | NUL-terminated and counted in print and trace; a working client sends none | read both, write the NUL |
//! | UCCX | one-byte lengths beside two-byte tags from its version 18 on | two settings, see [`crate::Dialect::uccx`] |
//!
//! Tags of UniqueInstanceID (OPEN_REQ), GreetingType (CALL_AGENT_GREETING_EVENT), Instrument
//! (CONFIG_TERMINAL_EVENT) and TotalAnswersSuggestion (SET_AGENT_SERVICE_DATA_REQ) are not public; such fields stay
//! among the unknown ones.

use crate::Dialect;
use crate::field::Floating;
use bytes::Bytes;

/// The layout of a message type.
#[derive(Debug)]
pub struct Layout {
    /// MessageType.
    pub kind: u32,
    /// Printed name.
    pub name: &'static str,
    /// Which sources print it, and how far they agree; see the README for the abbreviations.
    pub sources: &'static str,
    /// The fixed part in order.
    pub fixed: &'static [FixedField],
    /// Floating fields that come at most once.
    pub floating: &'static [FloatingField],
    /// Members of lists, in the printed order of each list's members.
    pub lists: &'static [&'static [FloatingField]],
}

/// A field of the fixed part.
#[derive(Clone, Copy, Debug)]
pub struct FixedField {
    /// Printed name.
    pub name: &'static str,
    /// Its type.
    pub kind: Kind,
    /// First version that has it; 0 for all.
    pub since: u32,
    /// For a count: the tag of the first member of what it counts; 0 for any other field.
    pub counts: u16,
    /// Names of its values, "" for one without a name.
    pub names: fn(u32) -> &'static str,
}

/// A floating field.
#[derive(Clone, Copy, Debug)]
pub struct FloatingField {
    /// Its number; see [`crate::tag`].
    pub tag: u16,
    /// How many tags from `tag` on are fields of this kind; 10 for call variables, else 1.
    pub tags: u16,
    /// Printed name.
    pub name: &'static str,
    /// Its type.
    pub kind: Kind,
    /// Printed size of a text, its NUL counted; 0 where the type says it all. Nothing enforces it.
    pub bytes_max: usize,
    /// Whether each occurrence counts.
    pub repeats: bool,
    /// Names of its values.
    pub names: fn(u32) -> &'static str,
}

/// Types of fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// UCHAR.
    U8,
    /// USHORT.
    U16,
    /// UINT and INT.
    U32,
    /// BOOL, two bytes.
    Bool,
    /// Three UINTs.
    U32x3,
    /// STRING.
    Text,
    /// UNSPEC.
    Bytes,
    /// A password.
    Secret,
    /// NAMEDVAR.
    NamedVariable,
    /// NAMEDARRAY.
    NamedArray,
    /// USHORTs in one field.
    U16s,
    /// UINTs in one field.
    U32s,
}

impl FloatingField {
    /// Whether one field holds several numbers.
    pub(crate) fn is_packed(&self) -> bool {
        matches!(self.kind, Kind::U16s | Kind::U32s)
    }
}

impl Kind {
    /// The size of a number; 0 for what has no fixed size.
    pub const fn bytes(self) -> usize {
        match self {
            Self::U8 => 1,
            Self::U16 | Self::Bool => 2,
            Self::U32 => 4,
            Self::U32x3 => 12,
            _ => 0,
        }
    }
}

/// Names of a number whose values have none.
pub(crate) fn nameless(_value: u32) -> &'static str {
    ""
}

impl Layout {
    /// The size of the fixed part in a version.
    pub fn fixed_bytes(&self, dialect: Dialect) -> usize {
        self.fixed_in(dialect).map(|field| field.kind.bytes()).sum()
    }

    /// The fields of the fixed part in a version.
    pub fn fixed_in(&self, dialect: Dialect) -> impl Iterator<Item = &'static FixedField> {
        self.fixed.iter().filter(move |field| dialect.has(self.kind, field.since))
    }

    /// A floating field of this message, in a list or not.
    pub fn floating_field(&self, tag: u16) -> Option<&'static FloatingField> {
        let own = |field: &&FloatingField| (field.tag..field.tag + field.tags).contains(&tag);
        self.floating.iter().chain(self.lists.iter().copied().flatten()).find(own)
    }

    /// Whether a field belongs to the list that begins with a tag.
    pub(crate) fn is_of_list(&self, first: u16, tag: u16) -> bool {
        let list = self.lists.iter().find(|list| list.first().is_some_and(|field| field.tag == first));
        first == tag || list.is_some_and(|list| list.iter().any(|field| field.tag == tag))
    }

    /// The dialect, perhaps of another version, in which the fixed part has such a size that floating fields fill
    /// the rest of the body; the session's own if none fits.
    pub fn fitting(&self, body: &Bytes, dialect: Dialect) -> Dialect {
        let fits = |candidate: &Dialect| {
            let fixed_bytes = self.fixed_bytes(*candidate);
            fixed_bytes <= body.len() && Floating::new(body, fixed_bytes, dialect).fits()
        };
        if self.fixed.iter().all(|field| field.since == 0) || fits(&dialect) {
            return dialect;
        }
        let edges = self.fixed.iter().filter(|field| field.since > 0).map(|field| field.since);
        edges
            .flat_map(|since| [since, since - 1])
            .map(|version| Dialect { version, requester_in_fixed_part: true, ..dialect })
            .find(fits)
            .unwrap_or(dialect)
    }
}

//! The form in which messages are declared: a table of fields from which the type, its reading and writing, and its
//! [`crate::layout::Layout`] are made.
//!
//! ```text
//! messages! {
//!     /// What it means.
//!     17 "CALL_CONFERENCED_EVENT" CallConferencedEvent "sources" {
//!         counts { "NumRecords" of records; }          // counts with which the fixed part begins
//!         fixed {
//!             member: type = "PrintedName" or 0xFFFF since 20 + "NumParties" of parties;
//!         }
//!         floating { member: Option<type> = tag "PrintedName" size; }
//!         lists { parties: ConnectedParty; }
//!     }
//! }
//! ```
//!
//! `or` gives the default where it is not that of the type, since the protocol's "none" is not 0. `since` names the first version that has a field. A count is written as the length of its list; what is read of
//! a list decides over a wrong count, which would otherwise lose an event.

/// Declares messages.
macro_rules! messages {
    ($(
        $(#[$doc:meta])*
        $kind:literal $wire:literal $type:ident $sources:literal {
            $(counts { $($lead_wire:literal of $lead_list:ident;)* })?
            $(fixed { $(
                $(#[$fixed_doc:meta])*
                $fixed:ident: $fixed_type:ty = $fixed_wire:literal $(or $default:literal)? $(since $since:literal)?
                    $(+ $count_wire:literal of $count_list:ident $(since $count_since:literal)?)*;
            )* })?
            $(floating { $(
                $(#[$slot_doc:meta])*
                $slot:ident: $slot_type:ty = $tag:literal $slot_wire:literal $($bytes_max:literal)?;
            )* })?
            $(lists { $(
                $(#[$list_doc:meta])*
                $list:ident: $group:ident;
            )* })?
        }
    )*) => {$(
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq)]
        pub struct $type {
            $($(
                $(#[$fixed_doc])*
                #[doc = concat!("`", $fixed_wire, "`", $(", from version ", $since, " on",)? ".")]
                pub $fixed: $fixed_type,
            )*)?
            $($(
                $(#[$slot_doc])*
                #[doc = concat!("`", $slot_wire, "`, field ", $tag, $(", of at most ", $bytes_max, " bytes",)? ".")]
                pub $slot: $slot_type,
            )*)?
            $($(
                $(#[$list_doc])*
                #[doc = concat!("In the order of the message; see [`", stringify!($group), "`].")]
                pub $list: Vec<$group>,
            )*)?
            /// Floating fields that this message does not know, and repetitions of those that come once.
            pub other: crate::Fields,
        }

        impl Default for $type {
            fn default() -> Self {
                Self {
                    $($($fixed: super::declare::default_or!($($default)?),)*)?
                    $($($slot: Default::default(),)*)?
                    $($($list: Vec::new(),)*)?
                    other: crate::Fields::NONE,
                }
            }
        }

        impl super::Body for $type {
            #[allow(non_upper_case_globals, dead_code, reason = "the tags by which counts name their lists")]
            const LAYOUT: &'static crate::layout::Layout = {
                $($(const $slot: u16 = $tag;)*)?
                $($(const $list: u16 = <$group as crate::slot::Group>::FIELDS[0].tag;)*)?
                &crate::layout::Layout {
                kind: $kind,
                name: $wire,
                sources: $sources,
                fixed: &[
                    $($(super::declare::count($lead_wire, $lead_list, 0),)*)?
                    $($(
                        super::declare::fixed::<$fixed_type>($fixed_wire, 0 $(+ $since)?),
                        $(super::declare::count($count_wire, $count_list, 0 $(+ $count_since)?),)*
                    )*)?
                ],
                floating: &[$($(super::declare::floating::<$slot_type>($tag, $slot_wire, 0 $(+ $bytes_max)?),)*)?],
                lists: &[$($(<$group as crate::slot::Group>::FIELDS,)*)?],
            }};

            #[allow(unused_mut, unused_variables, unreachable_code, clippy::never_loop, reason = "not every message has every part")]
            fn decode(body: &bytes::Bytes, dialect: crate::Dialect) -> Result<Self, crate::DecodeError> {
                let shape = Self::LAYOUT.fitting(body, dialect);
                let mut from = crate::cursor::Reader::new(body);
                let mut message = Self::default();
                $($(from.u16($lead_wire)?;)*)?
                $($(
                    $(if shape.has($kind, $since))? {
                        message.$fixed = crate::value::Fixed::read(&mut from, $fixed_wire)?;
                    }
                    $($(if shape.has($kind, $count_since))? {
                        from.u16($count_wire)?;
                    })*
                )*)?
                let mut floating = from.floating(dialect);
                $($(let mut $list = Vec::new();)*)?
                while let Some(mut found) = floating.next()? {
                    $($(
                        // The test comes first: a field that is moved through all slots costs more than its value.
                        if crate::slot::covers::<$slot_type>($tag, found.field.tag) {
                            match crate::slot::Slot::accept(&mut message.$slot, $tag, found)? {
                                Some(back) => found = back,
                                None => continue,
                            }
                        }
                    )*)?
                    $($(
                        if crate::slot::belongs::<$group>(found.field.tag) {
                            $list.push(found);
                            continue;
                        }
                    )*)?
                    message.other.add(found.field);
                }
                $($(message.$list = crate::slot::entries($list)?;)*)?
                Ok(message)
            }

            #[allow(unused_variables, reason = "not every message has every part")]
            fn encode(&self, out: &mut crate::cursor::Writer) {
                let dialect = out.dialect();
                $($(out.count(self.$lead_list.len());)*)?
                $($(
                    $(if dialect.has($kind, $since))? {
                        crate::value::Fixed::write(&self.$fixed, out);
                    }
                    $($(if dialect.has($kind, $count_since))? {
                        out.count(self.$count_list.len());
                    })*
                )*)?
                $($(crate::slot::Slot::put(&self.$slot, $tag, out);)*)?
                $($(self.$list.iter().for_each(|entry| crate::slot::Group::put(entry, out));)*)?
                out.others(&self.other);
            }
        }

        impl std::fmt::Debug for $type {
            /// Phone numbers and what callers have said are not shown.
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                let mut shown = f.debug_struct(stringify!($type));
                $($(shown.field(stringify!($fixed), &self.$fixed);)*)?
                $($(shown.field(stringify!($slot), &crate::slot::Shown($tag, &self.$slot));)*)?
                $($(shown.field(stringify!($list), &self.$list);)*)?
                shown.field("other", &self.other).finish()
            }
        }
    )*};
}

/// Declares requests that place a call: what it is placed with is the same in all of them. `calls` names the calls that
/// are there already, `manner` and `end` are fields of its own among and behind those in common.
macro_rules! placements {
    ($(
        $(#[$doc:meta])*
        $kind:literal $wire:literal $type:ident $sources:literal {
            calls { $($calls:tt)* }
            manner { $($manner:tt)* }
            end { $($end:tt)* }
            floating { $($floating:tt)* }
            last { $($last:tt)* }
        }
    )*) => {
        super::declare::messages! {$(
            $(#[$doc])*
            $kind $wire $type $sources {
                fixed {
                    invoke_id: u32 = "InvokeID";
                    peripheral_id: u32 = "PeripheralID";
                    $($calls)*
                    call_placement_type: u16 = "CallPlacementType";
                    call_manner_type: u16 = "CallMannerType";
                    $($manner)*
                    alert_rings: u16 = "AlertRings";
                    call_option: u16 = "CallOption";
                    facility_type: u16 = "FacilityType";
                    answering_machine: u16 = "AnsweringMachine";
                    priority: bool = "Priority";
                    post_route: bool = "PostRoute"
                        + "NumNamedVariables" of named_variables
                        + "NumNamedArrays" of named_arrays;
                    $($end)*
                }
                floating {
                    $($floating)*
                    user_to_user_info: Option<bytes::Bytes> = 9 "UserToUserInfo" 131;
                    call_variables: super::CallVariables = 13 "CallVariable1" 41;
                    call_wrapup_data: Option<String> = 46 "CallWrapupData" 40;
                    named_variables: Vec<super::NamedVariable> = 82 "NamedVariable" 251;
                    named_arrays: Vec<super::NamedArray> = 83 "NamedArray" 252;
                    facility_code: Option<String> = 51 "FacilityCode" 40;
                    authorization_code: Option<String> = 77 "AuthorizationCode" 40;
                    account_code: Option<String> = 78 "AccountCode" 40;
                    $($last)*
                }
            }
        )*}
    };
}

/// Declares confirmations that name a new call. `parties` is there when calls were joined.
macro_rules! new_calls {
    ($(
        $(#[$doc:meta])*
        $kind:literal $wire:literal $type:ident $sources:literal { $($parties:ident: $group:ident;)? }
    )*) => {
        super::declare::messages! {$(
            $(#[$doc])*
            $kind $wire $type $sources {
                fixed {
                    invoke_id: u32 = "InvokeID";
                    new_connection_call_id: u32 = "NewConnectionCallID";
                    new_connection_device_id_type: crate::ConnectionIdType = "NewConnectionDeviceIDType"
                        $(+ "NumParties" of $parties)?;
                    /// [`NO_LINE`](super::NO_LINE) when no line of the agent is meant.
                    line_handle: u16 = "LineHandle" or 0xFFFF;
                    line_type: crate::LineType = "LineType";
                }
                floating {
                    new_connection_device_id: Option<String> = 47 "NewConnectionDeviceID" 64;
                }
                lists {
                    $($parties: $group;)?
                }
            }
        )*}
    };
}

/// Declares messages that say that a request was carried out, and nothing more: its InvokeID.
macro_rules! confirmations {
    ($($(#[$doc:meta])* $kind:literal $wire:literal $type:ident $sources:literal;)*) => {
        super::declare::messages! {$(
            /// Done.
            $(#[$doc])*
            $kind $wire $type $sources {
                fixed {
                    invoke_id: u32 = "InvokeID";
                }
            }
        )*}
    };
}

/// Declares the entries of lists.
macro_rules! groups {
    ($(
        $(#[$doc:meta])*
        $group:ident {
            $(
                $(#[$slot_doc:meta])*
                $slot:ident: $slot_type:ty = $tag:literal $slot_wire:literal $($bytes_max:literal)?;
            )*
        }
    )*) => {$(
        $(#[$doc])*
        #[derive(Clone, Default, PartialEq, Eq)]
        pub struct $group {
            $(
                $(#[$slot_doc])*
                #[doc = concat!("`", $slot_wire, "`, field ", $tag, $(", of at most ", $bytes_max, " bytes",)? ".")]
                pub $slot: $slot_type,
            )*
        }

        impl crate::slot::Group for $group {
            const FIELDS: &'static [crate::layout::FloatingField] = &[$(
                crate::layout::FloatingField {
                    repeats: true,
                    ..super::declare::floating::<$slot_type>($tag, $slot_wire, 0 $(+ $bytes_max)?)
                },
            )*];

            fn read(fields: Vec<crate::field::Found>) -> Result<Self, crate::DecodeError> {
                let mut group = Self::default();
                for found in fields {
                    $(
                        let Some(found) = crate::slot::Slot::accept(&mut group.$slot, $tag, found)? else { continue };
                    )*
                    let _ = found;
                }
                Ok(group)
            }

            fn put(&self, out: &mut crate::cursor::Writer) {
                $(crate::slot::Slot::put(&self.$slot, $tag, out);)*
            }
        }

        impl std::fmt::Debug for $group {
            /// Phone numbers and what callers have said are not shown.
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                let mut shown = f.debug_struct(stringify!($group));
                $(shown.field(stringify!($slot), &crate::slot::Shown($tag, &self.$slot));)*
                shown.finish()
            }
        }
    )*};
}

/// A member's default: what its declaration says after `or`.
macro_rules! default_or {
    () => {
        Default::default()
    };
    ($default:literal) => {
        $default
    };
}

pub(crate) use confirmations;
pub(crate) use default_or;
pub(crate) use groups;
pub(crate) use messages;
pub(crate) use new_calls;
pub(crate) use placements;

use crate::layout::{FixedField, FloatingField, Kind, nameless};
use crate::slot::Slot;
use crate::value::Fixed;

/// A row of the fixed part.
pub(crate) const fn fixed<T: Fixed>(name: &'static str, since: u32) -> FixedField {
    FixedField { name, kind: T::KIND, since, counts: 0, names: T::NAMES }
}

/// A count in the fixed part, of the list that begins with the tag.
pub(crate) const fn count(name: &'static str, counts: u16, since: u32) -> FixedField {
    FixedField { name, kind: Kind::U16, since, counts, names: nameless }
}

/// A row of the floating part.
pub(crate) const fn floating<T: Slot>(tag: u16, name: &'static str, bytes_max: usize) -> FloatingField {
    FloatingField { tag, tags: T::TAGS, name, kind: T::KIND, bytes_max, repeats: T::REPEATS, names: T::NAMES }
}

//! Members of a message that come as floating fields: at most once, repeated, or grouped into lists.

use crate::cursor::Writer;
use crate::field::Found;
use crate::layout::{FloatingField, Kind, nameless};
use crate::value::Value;
use crate::{DecodeError, tag};
use std::fmt;

/// A member of a message. `own` is the tag that its declaration names.
pub(crate) trait Slot: Sized + Default {
    /// Its type on the wire.
    const KIND: Kind;
    /// Names of its values.
    const NAMES: fn(u32) -> &'static str = nameless;
    /// Tags that belong to it, from its own on.
    const TAGS: u16 = 1;
    /// Whether each occurrence counts.
    const REPEATS: bool = false;
    /// Takes the field, or gives it back when it is not for this slot or the slot is full.
    fn accept(&mut self, own: u16, found: Found) -> Result<Option<Found>, DecodeError>;
    /// Writes what is here.
    fn put(&self, own: u16, out: &mut Writer);
}

/// Whether a field can be for a slot.
pub(crate) const fn covers<S: Slot>(own: u16, tag: u16) -> bool {
    own <= tag && tag - own < S::TAGS
}

impl<T: Value> Slot for Option<T> {
    const KIND: Kind = T::KIND;
    const NAMES: fn(u32) -> &'static str = T::NAMES;

    fn accept(&mut self, own: u16, found: Found) -> Result<Option<Found>, DecodeError> {
        if found.field.tag != own || self.is_some() {
            return Ok(Some(found));
        }
        *self = Some(T::read(found)?);
        Ok(None)
    }

    fn put(&self, own: u16, out: &mut Writer) {
        if let Some(value) = self {
            value.write(own, out);
        }
    }
}

impl<T: Value> Slot for Vec<T> {
    const KIND: Kind = T::KIND;
    const NAMES: fn(u32) -> &'static str = T::NAMES;
    const REPEATS: bool = true;

    fn accept(&mut self, own: u16, found: Found) -> Result<Option<Found>, DecodeError> {
        if found.field.tag != own {
            return Ok(Some(found));
        }
        self.push(T::read(found)?);
        Ok(None)
    }

    fn put(&self, own: u16, out: &mut Writer) {
        self.iter().for_each(|value| value.write(own, out));
    }
}

/// Numbers in one field, as the configuration messages have them. Numbers of a repeated field are added, since no
/// trace shows how a server sends them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Packed<T>(pub Vec<T>);

macro_rules! packed {
    ($($type:ty, $kind:ident;)*) => {$(
        impl Slot for Packed<$type> {
            const KIND: Kind = Kind::$kind;

            fn accept(&mut self, own: u16, found: Found) -> Result<Option<Found>, DecodeError> {
                if found.field.tag != own {
                    return Ok(Some(found));
                }
                let (numbers, rest) = found.field.value.as_chunks();
                if !rest.is_empty() {
                    return Err(found.wrong_width(size_of::<$type>()));
                }
                self.0.extend(numbers.iter().map(|number| <$type>::from_be_bytes(*number)));
                Ok(None)
            }

            fn put(&self, own: u16, out: &mut Writer) {
                if !self.0.is_empty() {
                    let bytes: Vec<u8> = self.0.iter().flat_map(|number| number.to_be_bytes()).collect();
                    out.field(own, &bytes);
                }
            }
        }
    )*};
}

packed! {
    u16, U16s;
    u32, U32s;
}

/// One entry of a list whose members come as several floating fields.
pub(crate) trait Group: Sized {
    /// Its members in the printed order.
    const FIELDS: &'static [FloatingField];
    /// One entry from its fields; what is not there keeps the value for "none".
    fn read(fields: Vec<Found>) -> Result<Self, DecodeError>;
    /// Writes the entry.
    fn put(&self, out: &mut Writer);
}

/// Whether a tag is a member of the group.
pub(crate) fn belongs<G: Group>(tag: u16) -> bool {
    G::FIELDS.iter().any(|field| field.tag == tag)
}

/// Puts the fields of a list together into its entries.
///
/// A tag that the entry at hand already has begins the next one: entries keep their order, whichever order their
/// members have, and a member may be missing. A peer that sends all first members, then all second ones, is
/// understood when each member comes equally often.
pub(crate) fn entries<G: Group>(fields: Vec<Found>) -> Result<Vec<G>, DecodeError> {
    split(G::FIELDS, fields).into_iter().map(G::read).collect()
}

/// The fields of each entry.
pub(crate) fn split(members: &[FloatingField], fields: Vec<Found>) -> Vec<Vec<Found>> {
    let single = |tag: u16| !members.iter().any(|field| field.tag == tag && field.is_packed());
    let mut entries: Vec<Vec<Found>> = Vec::new();
    for found in &fields {
        let tag = found.field.tag;
        match entries.last_mut() {
            Some(entry) if !single(tag) || entry.iter().all(|other| other.field.tag != tag) => {
                entry.push(found.clone());
            }
            _ => entries.push(vec![found.clone()]),
        }
    }
    if let Some(count) = equal_count(&fields, single)
        && count != entries.len()
    {
        entries = by_position(fields, count);
    }
    entries
}

/// How often each member comes, if all that come do so equally often.
fn equal_count(fields: &[Found], single: impl Fn(u16) -> bool) -> Option<usize> {
    let count = |tag| fields.iter().filter(|found| found.field.tag == tag).count();
    let mut tags: Vec<u16> = fields.iter().map(|found| found.field.tag).filter(|tag| single(*tag)).collect();
    tags.sort_unstable();
    tags.dedup();
    let first = count(*tags.first()?);
    tags.iter().all(|tag| count(*tag) == first).then_some(first)
}

/// The n-th field of each tag makes the n-th entry.
fn by_position(fields: Vec<Found>, count: usize) -> Vec<Vec<Found>> {
    let mut entries = vec![Vec::new(); count];
    let mut seen = std::collections::BTreeMap::<u16, usize>::new();
    for found in fields {
        let at = seen.entry(found.field.tag).or_default();
        entries[(*at).min(count - 1)].push(found);
        *at += 1;
    }
    entries
}

/// `Debug` of a member that does not show phone numbers and what callers have said.
pub(crate) struct Shown<'a, T>(pub(crate) u16, pub(crate) &'a T);

impl<T: fmt::Debug + Default + PartialEq> fmt::Debug for Shown<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mobile =
            || self.0 == tag::AGENT_INSTRUMENT && tag::is_personal_text(self.0, &format!("{:?}", self.1));
        if tag::is_personal(self.0) && *self.1 != T::default() || mobile() {
            f.write_str("[redacted]")
        } else {
            self.1.fmt(f)
        }
    }
}

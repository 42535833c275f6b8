//! What is attached to a call.

use super::words;
use crate::hygiene::Hygiene;
use bytes::Bytes;
use floor::{Address, CallData, EccVariable, RouterCallKey};
use ged188::message::{CallVariables, NamedArray, NamedVariable};

/// The data fields of a message; not every message has all of them.
#[derive(Default)]
pub(super) struct CallTexts<'a> {
    pub(super) ani: Option<&'a String>,
    pub(super) dnis: Option<&'a String>,
    pub(super) dialed_number: Option<&'a String>,
    pub(super) call_variables: Option<&'a CallVariables>,
    pub(super) call_wrapup_data: Option<&'a String>,
    pub(super) router_call_key_day: Option<&'a u32>,
    pub(super) router_call_key_call_id: Option<&'a u32>,
    pub(super) router_call_key_sequence_number: Option<&'a u32>,
    pub(super) named_variables: Option<&'a Vec<NamedVariable>>,
    pub(super) named_arrays: Option<&'a Vec<NamedArray>>,
    pub(super) call_reference_id: Option<&'a Bytes>,
    pub(super) hygiene: Option<&'a mut Hygiene>,
}

/// Lends a field, be it optional or not.
pub(super) trait Lend {
    type Lent;
    fn lend(&self) -> Option<&Self::Lent>;
}

impl<T> Lend for Option<T> {
    type Lent = T;
    fn lend(&self) -> Option<&T> {
        self.as_ref()
    }
}

impl Lend for CallVariables {
    type Lent = Self;
    fn lend(&self) -> Option<&Self> {
        Some(self)
    }
}

impl<T> Lend for Vec<T> {
    type Lent = Self;
    fn lend(&self) -> Option<&Self> {
        Some(self)
    }
}

/// The data fields that a message has, by name.
macro_rules! texts {
    ($event:expr, $hygiene:expr; $($field:ident)*) => {
        {
            #[allow(clippy::needless_update, reason = "some messages have every field")]
            let texts = CallTexts {
            $($field: crate::translate::call::data::Lend::lend(&$event.$field),)*
            hygiene: Some(&mut *$hygiene),
            ..CallTexts::default()
            };
            texts
        }
    };
}
pub(super) use texts;

impl CallTexts<'_> {
    /// In the floor's words.
    pub(super) fn into_data(self, campaign: Option<u32>) -> Box<CallData> {
        let Some(hygiene) = self.hygiene else { return Box::default() };
        let mut address =
            |field, text: Option<&String>| text.map(|text| Address::from(words::text(field, text, hygiene)));
        let (ani, dnis) = (address("ANI", self.ani), address("DNIS", self.dnis));
        let dialed_number = address("DialedNumber", self.dialed_number);
        let variables = self.call_variables.map(|variables| variables.0.each_ref());
        let variables = variables.map(|variables| {
            variables.map(|value| value.as_ref().map(|value| words::text("CallVariable", value, hygiene)))
        });
        let mut ecc = Vec::new();
        for variable in self.named_variables.into_iter().flatten() {
            ecc.push(ecc_variable(&variable.name, None, &variable.value, hygiene));
        }
        for element in self.named_arrays.into_iter().flatten() {
            ecc.push(ecc_variable(&element.name, Some(element.index), &element.value, hygiene));
        }
        Box::new(CallData {
            ani,
            dnis,
            dialed_number,
            variables: variables.unwrap_or_default(),
            ecc,
            ecc_is_whole: false,
            wrap_up: self.call_wrapup_data.map(|text| words::text("CallWrapupData", text, hygiene)),
            router_call_key: self.router_call_key_day.zip(self.router_call_key_call_id).map(|(day, call)| {
                let sequence = self.router_call_key_sequence_number.copied().unwrap_or_default();
                RouterCallKey { day: *day, call: *call, sequence }
            }),
            call_guid: self.call_reference_id.map(|id| id.iter().map(|byte| format!("{byte:02x}")).collect()),
            campaign,
        })
    }
}

fn ecc_variable(name: &str, index: Option<u8>, value: &str, hygiene: &mut Hygiene) -> EccVariable {
    EccVariable {
        name: words::text("NamedVariable", name, hygiene),
        index,
        value: words::text("NamedVariable", value, hygiene),
    }
}

/// The ten variables as a request carries them.
pub(super) fn variables(data: &CallData) -> CallVariables {
    CallVariables(data.variables.clone())
}

/// The ECC scalars as a request carries them.
pub(super) fn named_variables(data: &CallData) -> Vec<NamedVariable> {
    let scalars = data.ecc.iter().filter(|variable| variable.index.is_none());
    scalars.map(|ecc| NamedVariable { name: ecc.name.clone(), value: ecc.value.clone() }).collect()
}

/// The elements of ECC arrays as a request carries them.
pub(super) fn named_arrays(data: &CallData) -> Vec<NamedArray> {
    let element = |ecc: &EccVariable| {
        Some(NamedArray { index: ecc.index?, name: ecc.name.clone(), value: ecc.value.clone() })
    };
    data.ecc.iter().filter_map(element).collect()
}

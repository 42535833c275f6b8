//! Values of requests about calls: lengths, alphabets, shapes (Finesse guide, UPDATE_CALL_DATA and its limits).

use super::{Act, Address, CallData, DialogRefusal, EccVariable};
use crate::EccDefinition;
use crate::limits::{
    CALL_VARIABLE_BYTES_MAX, DIALED_NUMBER_BYTES_MAX, DTMF_KEYS_MAX, ECC_BYTES_MAX, WRAP_UP_BYTES_MAX,
};

type Checked = Result<(), DialogRefusal>;

fn ensure(holds: bool, name: &'static str, why: &'static str) -> Checked {
    if holds { Ok(()) } else { Err(DialogRefusal::InvalidInput { name, why }) }
}

/// A number to dial.
pub(super) fn number(to: &Address, name: &'static str) -> Checked {
    ensure(!to.is_empty(), name, "empty")?;
    ensure(to.as_str().len() <= DIALED_NUMBER_BYTES_MAX, name, "longer than 39 bytes")?;
    ensure(!to.as_str().contains('\0'), name, "has a character that cannot be dialled")
}

/// What is to be done, in itself.
pub(super) fn act(act: &Act) -> Checked {
    match act {
        Act::Consult { to } | Act::TransferSst { to } => number(to, "toAddress"),
        Act::SendDtmf { keys } => {
            ensure(!keys.is_empty(), "dtmfString", "empty")?;
            ensure(keys.as_str().len() <= DTMF_KEYS_MAX, "dtmfString", "longer than 31 keys")?;
            let is_key = |key| matches!(key, '0'..='9' | '*' | '#' | 'A'..='D' | 'a'..='d' | ',');
            ensure(keys.as_str().chars().all(is_key), "dtmfString", "has a character that is no key")
        }
        Act::UpdateCallData { data: update } => data(update),
        Act::Reclassify { classification } => {
            let known = ["VOICE", "FAX", "ANSWERING_MACHINE", "INVALID", "BUSY", "DO_NOT_CALL"];
            ensure(
                known.contains(&classification.as_str()),
                "outboundClassification",
                "not a known classification",
            )
        }
        Act::ScheduleCallback(callback) => {
            let given = !callback.time.is_empty() || !callback.number.is_empty();
            ensure(given, "callbackTime", "neither a time nor a number")?;
            ensure(
                callback.time.is_empty() || is_time(&callback.time),
                "callbackTime",
                "not YYYY-MM-DDTHH:MM",
            )?;
            ensure(
                callback.number.as_str().len() <= DIALED_NUMBER_BYTES_MAX,
                "callbackNumber",
                "longer than 39 bytes",
            )
        }
        _ => Ok(()),
    }
}

/// `YYYY-MM-DDTHH:MM`.
fn is_time(text: &str) -> bool {
    text.len() == 16 && text.parse::<jiff::civil::DateTime>().is_ok()
}

/// Data to set.
pub(super) fn data(data: &CallData) -> Checked {
    let values = data.variables.iter().flatten();
    let fits = |value: &String| value.len() <= CALL_VARIABLE_BYTES_MAX;
    ensure(values.clone().all(fits), "callVariable", "longer than 40 bytes")?;
    let wrap_up = data.wrap_up.as_deref().unwrap_or_default();
    ensure(wrap_up.len() <= WRAP_UP_BYTES_MAX, "wrapUpReason", "longer than 39 bytes")?;
    let bytes: usize = data.ecc.iter().map(|variable| variable.name.len() + variable.value.len()).sum();
    ensure(bytes <= ECC_BYTES_MAX, "callvariables", "ECC variables of more than 2000 bytes")?;
    let texts = values.chain(data.ecc.iter().map(|variable| &variable.value));
    ensure(texts.into_iter().all(|value| !value.contains('\0')), "callvariables", "has a NUL")?;
    shapes(data, &[])
}

/// A name is an array's or a scalar's, not both.
pub(super) fn shapes(data: &CallData, known: &[EccVariable]) -> Checked {
    let clash = |variable: &EccVariable| {
        let others = known.iter().chain(&data.ecc);
        others
            .into_iter()
            .any(|other| other.name == variable.name && other.index.is_some() != variable.index.is_some())
    };
    ensure(!data.ecc.iter().any(clash), "callvariables", "an array as a scalar, or a scalar as an array")
}

/// Every ECC variable is one that the phone system has, of that length and shape. The dialer's own (`BA…`) are not
/// configured by anybody.
pub(super) fn defined(data: &CallData, known: &[EccDefinition]) -> Checked {
    if known.is_empty() {
        return Ok(());
    }
    for variable in data.ecc.iter().filter(|variable| variable.name.starts_with("user.")) {
        let definition = known.iter().find(|definition| definition.name == variable.name);
        let Some(definition) = definition else {
            return ensure(false, "callvariables", "naming an ECC variable that is not configured");
        };
        let fits = variable.value.len() <= usize::from(definition.value_bytes_max);
        ensure(fits, "callvariables", "longer than an ECC variable is configured")?;
        match (variable.index, definition.array_size) {
            (None, None) => {}
            (Some(index), Some(size)) => {
                let is_inside = u32::from(index) < u32::from(size);
                ensure(is_inside, "callvariables", "with an index beyond the end of an array")?;
            }
            _ => ensure(false, "callvariables", "an array as a scalar, or a scalar as an array")?,
        }
    }
    Ok(())
}

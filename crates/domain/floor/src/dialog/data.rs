//! What is attached to a call.

use super::Address;
use std::fmt;

/// What a message says about a call's data. `None` and absent names say nothing: what was known before holds.
/// Values may be personal, so `Debug` shows only which are there.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct CallData {
    /// ANI: the caller's number.
    pub ani: Option<Address>,
    /// DNIS: the number the caller reached the house by.
    pub dnis: Option<Address>,
    /// DialedNumber.
    pub dialed_number: Option<Address>,
    /// CallVariable1…10, at index 0…9. Present and empty means emptied.
    pub variables: [Option<String>; 10],
    /// NamedVariable and NamedArray, in the order of the message.
    pub ecc: Vec<EccVariable>,
    /// Whether `ecc`, when it names any, names all that the call has: the others are gone. With none named it says
    /// nothing.
    pub ecc_is_whole: bool,
    /// CallWrapupData: the wrap-up reason.
    pub wrap_up: Option<String>,
    /// RouterCallKeyDay, RouterCallKeyCallID, RouterCallKeySequenceNumber.
    pub router_call_key: Option<RouterCallKey>,
    /// CallReferenceID as hexadecimal digits.
    pub call_guid: Option<String>,
    /// CampaignID of an outbound call.
    pub campaign: Option<u32>,
}

/// An expanded call context variable (NamedVariable), or one element of an array (NamedArray).
#[derive(Clone, PartialEq, Eq)]
pub struct EccVariable {
    /// VariableName, for example `user.cust.level`.
    pub name: String,
    /// VariableIndex for an element of an array.
    pub index: Option<u8>,
    /// VariableValue.
    pub value: String,
}

/// The router's name of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RouterCallKey {
    /// RouterCallKeyDay.
    pub day: u32,
    /// RouterCallKeyCallID.
    pub call: u32,
    /// RouterCallKeySequenceNumber; 0 when not told.
    pub sequence: u32,
}

impl fmt::Debug for CallData {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let variables: Vec<usize> = (1..)
            .zip(&self.variables)
            .filter(|(_, value)| value.is_some())
            .map(|(number, _)| number)
            .collect();
        f.debug_struct("CallData")
            .field("variables", &variables)
            .field("ecc", &self.ecc)
            .field("wrap_up", &self.wrap_up.is_some())
            .field("router_call_key", &self.router_call_key)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for EccVariable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.index {
            Some(index) => write!(f, "{}[{index}]", self.name),
            None => f.write_str(&self.name),
        }
    }
}

//! The data of a call, as it comes in pieces.

use super::{CallData, CallVariable, EccVariable, MediaProperties};
use crate::limits::{ECC_VARIABLES_MAX, VALUE_BYTES_MAX};

impl MediaProperties {
    /// The values of the call are told anew, and whole. Who is in it and where it was dialled holds.
    pub(crate) fn forget_values(&mut self) {
        self.variables.clear();
        self.ecc.clear();
        self.wrap_up.clear();
    }

    /// Takes what a message says. Returns how many values were cut or left out because they are past a limit.
    pub(crate) fn take(&mut self, data: CallData) -> usize {
        let mut cut = 0;
        if let Some(dnis) = data.dnis {
            self.dnis = dnis;
        }
        if let Some(dialed) = data.dialed_number {
            self.dialed_number = dialed;
        }
        if let Some(key) = data.router_call_key {
            self.router_call_key = Some(key);
        }
        if data.call_guid.is_some() {
            self.call_guid = data.call_guid;
        }
        if let Some(wrap_up) = data.wrap_up {
            self.wrap_up = within_limit(wrap_up, &mut cut);
        }
        for (number, value) in (1..).zip(data.variables) {
            if let Some(value) = value {
                self.set_variable(number, within_limit(value, &mut cut));
            }
        }
        if data.ecc_is_whole && !data.ecc.is_empty() {
            self.ecc.clear();
        }
        for variable in data.ecc {
            let value = within_limit(variable.value, &mut cut);
            cut += usize::from(!self.set_ecc(EccVariable { value, ..variable }));
        }
        cut
    }

    fn set_variable(&mut self, number: u8, value: String) {
        match self.variables.binary_search_by_key(&number, |variable| variable.number) {
            Ok(at) => self.variables[at].value = value,
            Err(at) => self.variables.insert(at, CallVariable { number, value }),
        }
    }

    /// Returns whether there was room.
    fn set_ecc(&mut self, variable: EccVariable) -> bool {
        let same = |known: &&mut EccVariable| known.name == variable.name && known.index == variable.index;
        if let Some(known) = self.ecc.iter_mut().find(same) {
            known.value = variable.value;
        } else if self.ecc.len() < ECC_VARIABLES_MAX && variable.name.len() <= VALUE_BYTES_MAX {
            self.ecc.push(variable);
        } else {
            return false;
        }
        true
    }
}

/// Cuts at a character's end.
fn within_limit(mut value: String, cut: &mut usize) -> String {
    if value.len() > VALUE_BYTES_MAX {
        let end = (0..=VALUE_BYTES_MAX).rev().find(|at| value.is_char_boundary(*at)).unwrap_or(0);
        value.truncate(end);
        *cut += 1;
    }
    value
}

//! What an application attaches to a task: the variables that dialogs show.

use crate::Refusal;
use crate::limits::{CALL_VARIABLE_BYTES_MAX, ECC_BYTES_MAX, NAME_BYTES_MAX, VARIABLES_MAX};
use serde::{Deserialize, Serialize};

/// A variable: `callVariable1`–`callVariable10`, or another name (`user.order`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Variable {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: String,
}

/// Whether a task may have these.
pub(crate) fn check(variables: &[Variable]) -> Result<(), Refusal> {
    let refuse = |name: &str, why: String| Err(Refusal::Variable { name: name.to_owned(), why });
    let mut others_bytes = 0;
    for (at, variable) in variables.iter().enumerate() {
        let Variable { name, value } = variable;
        if at == VARIABLES_MAX {
            return refuse(name, format!("at most {VARIABLES_MAX} variables"));
        }
        if variables[..at].iter().any(|other| other.name == *name) {
            return refuse(name, "given twice".to_owned());
        }
        if is_call_variable(name) {
            if value.len() > CALL_VARIABLE_BYTES_MAX {
                return refuse(name, format!("at most {CALL_VARIABLE_BYTES_MAX} bytes"));
            }
            continue;
        }
        if !is_name(name) {
            return refuse(
                name,
                format!("a name has letters, digits, ._[] and at most {NAME_BYTES_MAX} bytes"),
            );
        }
        others_bytes += value.len();
        if others_bytes > ECC_BYTES_MAX {
            return refuse(name, format!("at most {ECC_BYTES_MAX} bytes beside the call variables"));
        }
    }
    Ok(())
}

fn is_call_variable(name: &str) -> bool {
    let number = name.strip_prefix("callVariable");
    number.is_some_and(|number| (1..=10).any(|n| number == n.to_string()))
}

fn is_name(name: &str) -> bool {
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || b"._[]".contains(&byte);
    // a call variable that there is not would look like one
    !name.is_empty()
        && name.len() <= NAME_BYTES_MAX
        && name.bytes().all(is_part)
        && !name.starts_with("callVariable")
}

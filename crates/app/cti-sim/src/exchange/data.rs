//! What is attached to a call, and how much of it may be.

use ged188::Status;
use std::collections::BTreeMap;

/// The longest call variable, bytes (GED-188: 41 with its NUL).
const VARIABLE_BYTES_MAX: usize = 40;
/// The longest name of an expanded variable, bytes (33 with its NUL).
const NAME_BYTES_MAX: usize = 32;
/// The longest value of an expanded variable, bytes (211 with its NUL).
const VALUE_BYTES_MAX: usize = 210;
/// All expanded variables of a call together, bytes.
const EXPANDED_BYTES_MAX: usize = 2_000;
/// The longest wrap-up text, bytes (40 with its NUL).
const WRAP_UP_BYTES_MAX: usize = 39;

/// The name of an expanded variable and, of an array's element, its index.
pub(crate) type Name = (String, Option<u8>);

/// Numbers and variables of a call. In a request, what is `None` or absent stays as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct CallData {
    /// ANI.
    pub(crate) ani: Option<String>,
    /// DNIS.
    pub(crate) dnis: Option<String>,
    /// DialedNumber.
    pub(crate) dialed: Option<String>,
    /// CallerEnteredDigits.
    pub(crate) entered: Option<String>,
    /// CallVariable1…10.
    pub(crate) variables: [Option<String>; 10],
    /// NamedVariable and NamedArray.
    pub(crate) expanded: BTreeMap<Name, String>,
    /// CallWrapupData.
    pub(crate) wrap_up: Option<String>,
    /// CampaignID.
    pub(crate) campaign: Option<u32>,
}

impl CallData {
    /// Takes over what a request says.
    ///
    /// # Errors
    /// When something is too long; nothing is changed then.
    pub(crate) fn change(&mut self, by: &Self) -> Result<(), Status> {
        by.check()?;
        let mut changed = self.clone();
        let take = |to: &mut Option<String>, from: &Option<String>| {
            if from.is_some() {
                to.clone_from(from);
            }
        };
        take(&mut changed.ani, &by.ani);
        take(&mut changed.entered, &by.entered);
        take(&mut changed.wrap_up, &by.wrap_up);
        for (to, from) in changed.variables.iter_mut().zip(&by.variables) {
            take(to, from);
        }
        changed.expanded.extend(by.expanded.clone());
        changed.campaign = by.campaign.or(changed.campaign);
        if changed.expanded_bytes() > EXPANDED_BYTES_MAX {
            return Err(Status::TOO_MUCH_DATA);
        }
        *self = changed;
        Ok(())
    }

    /// Whether each value is as short as it has to be.
    ///
    /// # Errors
    /// When one is not.
    pub(crate) fn check(&self) -> Result<(), Status> {
        let long = |text: &Option<String>, max: usize| text.as_ref().is_some_and(|text| text.len() > max);
        let expanded_long = |((name, _), value): (&Name, &String)| {
            name.len() > NAME_BYTES_MAX || value.len() > VALUE_BYTES_MAX
        };
        if self.variables.iter().any(|value| long(value, VARIABLE_BYTES_MAX))
            || long(&self.wrap_up, WRAP_UP_BYTES_MAX)
            || self.expanded.iter().any(expanded_long)
        {
            Err(Status::VALUE_TOO_LONG)
        } else if self.expanded_bytes() > EXPANDED_BYTES_MAX {
            Err(Status::TOO_MUCH_DATA)
        } else {
            Ok(())
        }
    }

    /// What a consultation inherits from the call it is about, under what its own request says.
    pub(crate) fn inherited(&self, by: &Self) -> Self {
        let mut data = Self { ani: None, dnis: None, dialed: None, wrap_up: None, ..self.clone() };
        // A request that was checked can only grow past the limit together with what it inherits: then its own wins.
        if data.change(by).is_err() {
            data = by.clone();
        }
        data
    }

    /// Sets a variable by the name that people use: `var1` to `var10`, `wrapup`, `user.name`, `user.list[2]`.
    ///
    /// # Errors
    /// When there is no such variable.
    pub(crate) fn set(&mut self, name: &str, value: &str) -> Result<(), String> {
        let number = name.strip_prefix("callVariable").or_else(|| name.strip_prefix("var"));
        if let Some(number) = number.and_then(|digits| digits.parse::<usize>().ok()) {
            let slot = number.checked_sub(1).and_then(|index| self.variables.get_mut(index));
            *slot.ok_or_else(|| format!("there is no call variable {number}, only 1 to 10"))? =
                Some(value.into());
        } else if name == "wrapup" {
            self.wrap_up = Some(value.into());
        } else if let Some((array, index)) = name.strip_suffix(']').and_then(|name| name.split_once('[')) {
            let index =
                index.parse().map_err(|_| format!("{index} is no index of an array, only 0 to 255"))?;
            self.expanded.insert((array.into(), Some(index)), value.into());
        } else if name.starts_with("user.") || name.starts_with("BA") {
            self.expanded.insert((name.into(), None), value.into());
        } else {
            return Err(format!("{name} is no variable: var1 to var10, wrapup, user.…, user.…[0], BA…"));
        }
        Ok(())
    }

    fn expanded_bytes(&self) -> usize {
        self.expanded.iter().map(|((name, _), value)| name.len() + value.len() + 2).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_have_the_names_that_people_use() {
        let mut data = CallData::default();
        for (name, value) in
            [("var1", "a"), ("callVariable10", "b"), ("user.x", "c"), ("user.y[2]", "d"), ("wrapup", "e")]
        {
            data.set(name, value).unwrap();
        }
        assert_eq!((data.variables[0].as_deref(), data.variables[9].as_deref()), (Some("a"), Some("b")));
        assert_eq!(data.expanded[&("user.x".to_owned(), None)], "c");
        assert_eq!(data.expanded[&("user.y".to_owned(), Some(2))], "d");
        assert_eq!(data.wrap_up.as_deref(), Some("e"));
        for name in ["var0", "var11", "nonsense", "user.y[300]"] {
            assert!(data.set(name, "x").is_err(), "{name}");
        }
    }

    #[test]
    fn what_is_too_long_is_refused_and_changes_nothing() {
        let mut data = CallData::default();
        let with = |name: &str, bytes: usize| {
            let mut data = CallData::default();
            data.set(name, &"x".repeat(bytes)).unwrap();
            data
        };
        assert_eq!(data.change(&with("var1", 40)), Ok(()));
        assert_eq!(data.change(&with("var1", 41)), Err(Status::VALUE_TOO_LONG));
        assert_eq!(data.change(&with("user.x", 211)), Err(Status::VALUE_TOO_LONG));
        for index in 0..9 {
            data.change(&with(&format!("user.x{index}"), 210)).unwrap();
        }
        let before = data.clone();
        assert_eq!(data.change(&with("user.y", 210)), Err(Status::TOO_MUCH_DATA));
        assert_eq!(data, before);
    }
}

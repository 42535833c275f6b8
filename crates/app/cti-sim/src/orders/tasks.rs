//! Work that is not calls. No CTI server has any: the orders are for the server that the simulator runs inside.

use super::Words;

/// What is asked of the server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TaskOrder {
    /// A task comes.
    Bring {
        /// The kind of work: the name or the number of a media domain.
        domain: String,
        /// What agents see of it: `callVariable1` to `callVariable10`, `user.…`.
        variables: Vec<(String, String)>,
    },
    /// The customer gives up.
    Withdraw {
        /// The task's id.
        id: String,
    },
    /// What there is.
    List,
}

/// The order of a line, if it is one about tasks.
///
/// # Errors
/// When it is one and is not understood.
pub(crate) fn order(line: &str) -> Result<Option<TaskOrder>, String> {
    let mut words = Words::of(line)?;
    let order = match words.next().as_deref() {
        Some("task") if words.take("withdraw") => TaskOrder::Withdraw { id: words.need("a task")? },
        Some("task") => {
            let domain = words.after("to", "a media domain")?.ok_or("to which? say: task to Chat")?;
            let mut variables = Vec::new();
            while let Some((name, value)) = words.pair() {
                variables.push((variable(&name)?, value));
            }
            TaskOrder::Bring { domain, variables }
        }
        Some("tasks") => TaskOrder::List,
        _ => return Ok(None),
    };
    words.end()?;
    Ok(Some(order))
}

/// The name in documents of a variable of the scripts.
fn variable(name: &str) -> Result<String, String> {
    match name.strip_prefix("var") {
        Some(number) => Ok(format!("callVariable{number}")),
        None if name.starts_with("user.") => Ok(name.to_owned()),
        None => Err(format!("{name} is no variable of a task: var1 to var10, user.…")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tasks_come_are_listed_and_go() {
        let variables = vec![
            ("callVariable1".to_owned(), "gold customer".to_owned()),
            ("user.order".to_owned(), "4=7".to_owned()),
        ];
        let brought = TaskOrder::Bring { domain: "Chat".into(), variables };
        assert_eq!(order("task to Chat var1=\"gold customer\" user.order=4=7"), Ok(Some(brought)));
        assert_eq!(order("task withdraw 1_2_1"), Ok(Some(TaskOrder::Withdraw { id: "1_2_1".into() })));
        assert_eq!(order("tasks"), Ok(Some(TaskOrder::List)));
        for other in ["", "# task to Chat", "ring 1001001"] {
            assert_eq!(order(other), Ok(None), "{other}");
        }
    }

    #[test]
    fn what_is_no_order_is_said() {
        for (line, why) in [
            ("task", "to which?"),
            ("task to", "a media domain is missing"),
            ("task withdraw", "a task is missing"),
            ("task to Chat BAResponse=Accept", "no variable of a task"),
            ("task to Chat loudly", "loudly is not understood"),
            ("tasks of 1001001", "of is not understood"),
        ] {
            let said = order(line).unwrap_err();
            assert!(said.contains(why), "{line}: {said}");
        }
    }
}

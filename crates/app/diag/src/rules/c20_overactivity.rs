//! C20: the client polled faster than allowed.

use super::{Clue, Remedy, Rule, against, asked, mark};
use crate::evidence::End;
use crate::incident::Incident;
use crate::language::words;

pub(super) const RULE: Rule = Rule {
    id: "C20",
    name: words("the client polled faster than allowed", "クライアントのポーリングが速すぎた"),
    symptom: words("policy-violation", "policy-violation"),
    remedy: Remedy {
        what: words(
            "mend the client's loop; polls are held, not repeated",
            "クライアントのループを修正: ポーリングは待つもので、繰り返すものではない",
        ),
        command: None,
        disturbs: words("this agent, until signed in again", "このエージェントのみ (再サインインまで)"),
    },
    source: "XEP-0124 §12",
    rather_than: &[],
    clues,
};

fn clues(i: &Incident<'_>) -> Vec<Clue> {
    vec![
        mark((
            words("the session ended for overactivity", "過剰ポーリングでセッションが終了した"),
            i.ended_by(&[End::Overactivity]),
        )),
        against(asked::service_went(i)),
    ]
}

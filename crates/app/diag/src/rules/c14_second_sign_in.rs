//! C14: the same agent signed in elsewhere.

use super::{Clue, Remedy, Rule, against, asked, mark};
use crate::evidence::End;
use crate::incident::Incident;
use crate::language::words;

pub(super) const RULE: Rule = Rule {
    id: "C14",
    name: words("the same agent signed in elsewhere", "同じエージェントが別の場所でサインインした"),
    symptom: words("the page says conflict at once", "ページが直ちに競合を表示する"),
    remedy: Remedy {
        what: words(
            "one desktop for each agent: close the other tab or computer",
            "エージェントごとにデスクトップは 1 つ: 他のタブや PC を閉じる",
        ),
        command: None,
        disturbs: words("this agent, until signed in again", "このエージェントのみ (再サインインまで)"),
    },
    source: "RFC 6120 §7.7.2.2; Cisco 211376",
    rather_than: &[],
    clues,
};

fn clues(i: &Incident<'_>) -> Vec<Clue> {
    vec![
        mark((
            words(
                "the session was displaced by a newer one of the same address",
                "同じアドレスの新しいセッションに置き換えられた",
            ),
            i.ended_by(&[End::Conflict]),
        )),
        // a page that is loaded anew takes the place of its own past
        against(asked::cut_at_onset(i)),
        against(asked::service_went(i)),
    ]
}

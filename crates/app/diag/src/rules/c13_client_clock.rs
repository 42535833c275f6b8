//! C13: the computer's clock is wrong or jumped.

use super::{Clue, Remedy, Rule, against, mark, must};
use crate::evidence::{End, What};
use crate::incident::Incident;
use crate::language::words;
use crate::limits::DRIFT_MS;
use crate::sight::Sight;

pub(super) const RULE: Rule = Rule {
    id: "C13",
    name: words("the computer's clock is wrong or jumped", "PC の時計がずれている、または飛んだ"),
    symptom: words(
        "stamps of the page do not fit; tokens are refused",
        "ページの時刻が合わず、トークンが拒否される",
    ),
    remedy: Remedy {
        what: words(
            "mend the time service; never compare logs without the offset",
            "時刻同期を修復。ログ比較時は必ず差を補正",
        ),
        command: Some("w32tm /resync"),
        disturbs: words("nobody", "誰にも影響しない"),
    },
    source: "Cisco 211376 (drift line), 119428",
    rather_than: &["C15"],
    clues,
};

fn clues(i: &Incident<'_>) -> Vec<Clue> {
    vec![
        must((
            words(
                "the session ended for its credential, or a sign-in was refused",
                "認証情報のためにセッションが終了、またはサインインが拒否された",
            ),
            i.refused_or(&[End::Credential]),
        )),
        mark((
            words("the computer's clock was off by more than a second", "PC の時計が 1 秒以上ずれていた"),
            i.look(Sight::Page, i.run_up(), |what| matches!(what, What::Drift { ms } if ms.abs() > DRIFT_MS)),
        )),
        against((
            words("the server's own clock jumped", "サーバーの時計が飛んだ"),
            i.look(Sight::Clock, i.run_up(), |what| matches!(what, What::ClockStep { .. })),
        )),
    ]
}

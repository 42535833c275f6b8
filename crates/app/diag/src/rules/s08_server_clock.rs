//! S8: the server's clock jumped.

use super::{Clue, Remedy, Rule, against, asked, mark, must};
use crate::evidence::{End, What};
use crate::incident::Incident;
use crate::language::words;
use crate::limits::DRIFT_MS;
use crate::sight::Sight;

pub(super) const RULE: Rule = Rule {
    id: "S8",
    name: words("the server's clock jumped", "サーバーの時計が飛んだ"),
    symptom: words(
        "a few agents with perfect pages; drift of all pages jumps together",
        "ページは正常な一部のエージェントのみ。全ページの時刻差が同時に変わる",
    ),
    remedy: Remedy {
        what: words(
            "mend the server's time service: three sources at least",
            "サーバーの時刻同期を修復 (3 つ以上の参照元)",
        ),
        command: Some("chronyc tracking"),
        disturbs: words("nobody", "誰にも影響しない"),
    },
    source: "Openfire HttpSession (wall-clock idle age)",
    rather_than: &[],
    clues,
};

fn clues(i: &Incident<'_>) -> Vec<Clue> {
    vec![
        must((
            words(
                "the session ended by silence or for its credential",
                "無通信または認証情報でセッションが終了した",
            ),
            i.ended_by(&[End::Idle, End::Credential]),
        )),
        mark((
            words("the server's clock jumped by seconds", "サーバーの時計が数秒以上飛んだ"),
            i.look(
                Sight::Clock,
                i.run_up(),
                |what| matches!(what, What::ClockStep { ms } if ms.abs() > DRIFT_MS),
            ),
        )),
        against(asked::slept(i)),
        against(asked::frozen(i)),
        against((
            words(
                "this service measures silence by a clock that does not jump",
                "このサービスは飛ばない時計で無通信を計測している",
            ),
            i.monotonic(),
        )),
    ]
}

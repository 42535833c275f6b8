//! S7: the server or its virtual machine paused.

use super::{Clue, Remedy, Rule, against, asked, hint, mark, must};
use crate::evidence::End;
use crate::incident::Incident;
use crate::language::words;

pub(super) const RULE: Rule = Rule {
    id: "S7",
    name: words("the server or its virtual machine paused", "サーバーまたは仮想マシンが一時停止した"),
    symptom: words(
        "everything of the server is silent for the same seconds, then a burst",
        "サーバーのすべてが同じ数秒間止まり、その後まとめて動く",
    ),
    remedy: Remedy {
        what: words(
            "snapshots and migrations outside working hours; storage stalls; CPU reservation",
            "スナップショットと移行は業務時間外に。ストレージ停止の確認、CPU 予約",
        ),
        command: None,
        disturbs: words("nobody", "誰にも影響しない"),
    },
    source: "Cisco 211376; VMware vMotion documentation",
    rather_than: &["S9", "S8"],
    clues,
};

fn clues(i: &Incident<'_>) -> Vec<Clue> {
    vec![
        must((
            words(
                "sessions ended for the server's sake or by silence",
                "サーバー側の理由または無通信でセッションが終了した",
            ),
            i.ended_by(&[End::Idle, End::Broken, End::Backlog, End::Other]),
        )),
        mark(asked::server_paused(i)),
        hint(asked::others_together(i)),
        against(asked::slept(i)),
        against(asked::service_went(i)),
    ]
}

//! S1: the notification service was stopped.

use super::{Clue, Remedy, Rule, against, hint, mark, must};
use crate::evidence::{End, What};
use crate::incident::Incident;
use crate::language::words;
use crate::sight::Sight;

pub(super) const RULE: Rule = Rule {
    id: "S1",
    name: words("the notification service was stopped", "通知サービスが停止された"),
    symptom: words(
        "all of a server at one instant; the pages notice within seconds",
        "サーバーの全員が同時に切断され、数秒で気付く",
    ),
    remedy: Remedy {
        what: words(
            "not in working hours; agents come back by themselves",
            "業務時間中は避ける。エージェントは自動で復帰",
        ),
        command: Some("systemctl status aplomb; journalctl -u aplomb"),
        disturbs: words("everybody, until signed in again", "全員 (再サインインまで)"),
    },
    source: "Cisco 211376 (restart order); admin guide 12.6",
    rather_than: &[],
    clues,
};

fn clues(i: &Incident<'_>) -> Vec<Clue> {
    vec![
        must((
            words(
                "the session ended with the service, in order",
                "サービスの正常停止とともにセッションが終了した",
            ),
            i.ended_by(&[End::Stopped]),
        )),
        mark((
            words("the service said that it stops", "サービスが停止を記録した"),
            i.look(Sight::Service, i.end(), |what| matches!(what, What::ServiceStopped)),
        )),
        hint((
            words("an administrator acted just before", "直前に管理者の操作があった"),
            i.look(Sight::Administration, i.run_up(), |what| matches!(what, What::AdminAction { .. })),
        )),
        against((
            words("the service died", "サービスが異常終了した"),
            i.look(Sight::Service, i.end(), |what| matches!(what, What::ServiceDied)),
        )),
    ]
}

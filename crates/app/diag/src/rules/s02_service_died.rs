//! S2: the notification service died.

use super::{Clue, Remedy, Rule, against, mark, must};
use crate::evidence::{End, What};
use crate::incident::Incident;
use crate::language::words;
use crate::sight::Sight;

pub(super) const RULE: Rule = Rule {
    id: "S2",
    name: words("the notification service died", "通知サービスが異常終了した"),
    symptom: words("all at one instant, and no word of a stop", "全員が同時に切断され、停止の記録がない"),
    remedy: Remedy {
        what: words(
            "look for what killed it: out of memory, a signal, power",
            "終了の原因を確認: メモリ不足、シグナル、電源",
        ),
        command: Some("journalctl -k --grep='Out of memory|oom'; coredumpctl list aplomb"),
        disturbs: words("everybody, until signed in again", "全員 (再サインインまで)"),
    },
    source: "Cisco 211376; CSCva72280",
    rather_than: &[],
    clues,
};

fn clues(i: &Incident<'_>) -> Vec<Clue> {
    vec![
        must((
            words("the session ended when the service died", "サービスの異常終了でセッションが失われた"),
            i.ended_by(&[End::Died]),
        )),
        mark((
            words("the service was gone without a word of a stop", "サービスが停止の記録なく消えた"),
            i.look(Sight::Service, i.end(), |what| matches!(what, What::ServiceDied)),
        )),
        against((
            words("the service stopped in order", "サービスは正常に停止した"),
            i.look(Sight::Service, i.end(), |what| matches!(what, What::ServiceStopped)),
        )),
    ]
}

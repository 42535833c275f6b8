//! S4: the web service was down.

use super::{Clue, Remedy, Rule, against, mark};
use crate::evidence::{End, What};
use crate::incident::Incident;
use crate::language::words;
use crate::sight::Sight;

pub(super) const RULE: Rule = Rule {
    id: "S4",
    name: words("the web service was down", "Web サービスが停止していた"),
    symptom: words(
        "the notification service stays, the desktop has no data",
        "通知サービスは動作し、デスクトップにデータが来ない",
    ),
    remedy: Remedy {
        what: words("start it again, and read why it left", "再起動し、停止の理由を確認"),
        command: Some("systemctl restart aplomb"),
        disturbs: words("everybody, until signed in again", "全員 (再サインインまで)"),
    },
    source: "Cisco admin guide 12.6 (SystemInfo)",
    rather_than: &[],
    clues,
};

fn clues(i: &Incident<'_>) -> Vec<Clue> {
    vec![
        mark((
            words(
                "the web application left while the notification service stayed",
                "通知サービスを残して Web アプリケーションが離脱した",
            ),
            i.look(Sight::Service, i.run_up(), |what| matches!(what, What::WebServiceDown)),
        )),
        against((
            words("the session ended by silence", "無通信でセッションが終了した"),
            i.ended_by(&[End::Idle, End::Left]),
        )),
    ]
}

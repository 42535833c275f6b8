//! S5: the link to the phone system was lost.

use super::{Clue, Remedy, Rule, against, mark};
use crate::evidence::What;
use crate::incident::Incident;
use crate::language::words;
use crate::sight::Sight;

pub(super) const RULE: Rule = Rule {
    id: "S5",
    name: words("the link to the phone system was lost", "電話システムとのリンクが失われた"),
    symptom: words(
        "a banner for everybody, while polls go on",
        "ポーリングは続くのに全員にバナーが表示される",
    ),
    remedy: Remedy {
        what: words(
            "the CTI server's side: peripheral gateway, its active side, the network to it",
            "CTI サーバー側を確認: ペリフェラルゲートウェイ、アクティブ側、ネットワーク",
        ),
        command: Some("aplomb sim ctl link; nc -vz CTI-SERVER 42027"),
        disturbs: words("everybody, until signed in again", "全員 (再サインインまで)"),
    },
    source: "GED-188; Cisco admin guide 12.6",
    rather_than: &[],
    clues,
};

fn clues(i: &Incident<'_>) -> Vec<Clue> {
    vec![
        mark((
            words("the CTI link was lost", "CTI リンクが失われた"),
            i.look(Sight::Cti, i.run_up_near(), |what| matches!(what, What::CtiLost { .. })),
        )),
        against((
            words(
                "the agent's own session ended meanwhile",
                "その間にエージェント自身のセッションが終了した",
            ),
            i.session_ended(),
        )),
        against((
            words("the whole service stopped or died", "サービス全体が停止または異常終了した"),
            i.look(Sight::Service, i.end(), |what| matches!(what, What::ServiceStopped | What::ServiceDied)),
        )),
    ]
}

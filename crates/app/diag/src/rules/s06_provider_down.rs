//! S6: the phone system lost its devices (CTIManager).

use super::{Clue, Remedy, Rule, against, mark};
use crate::evidence::What;
use crate::incident::Incident;
use crate::language::words;
use crate::sight::Sight;

pub(super) const RULE: Rule = Rule {
    id: "S6",
    name: words(
        "the phone system lost its devices (CTIManager)",
        "電話システムのデバイス制御が失われた (CTIManager)",
    ),
    symptom: words(
        "UCCX: a red banner; UCCE: none, calls are misrouted",
        "UCCX: 赤いバナー。UCCE: バナーなし、呼が誤配される",
    ),
    remedy: Remedy {
        what: words("start CTIManager; a second provider", "CTIManager を起動。予備のプロバイダーを用意"),
        command: Some("utils service start Cisco CTIManager"),
        disturbs: words("everybody, until signed in again", "全員 (再サインインまで)"),
    },
    source: "Cisco 211376",
    rather_than: &["S5"],
    clues,
};

fn clues(i: &Incident<'_>) -> Vec<Clue> {
    vec![
        mark((
            words("the provider was out of service", "プロバイダーがサービス停止だった"),
            i.look(Sight::PhoneSystem, i.run_up(), |what| matches!(what, What::ProviderDown)),
        )),
        against((
            words(
                "the agent's own session ended meanwhile",
                "その間にエージェント自身のセッションが終了した",
            ),
            i.session_ended(),
        )),
    ]
}

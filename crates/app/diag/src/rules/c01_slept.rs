//! C1: the computer slept.

use super::{Clue, Remedy, Rule, against, asked, hint, mark, must};
use crate::incident::Incident;
use crate::language::words;

pub(super) const RULE: Rule = Rule {
    id: "C1",
    name: words("the computer slept", "PC がスリープした"),
    symptom: words(
        "everything of this computer stops together and goes on together",
        "この PC のすべてが同時に止まり、同時に再開する",
    ),
    remedy: Remedy {
        what: words(
            "no sleep while signed in: power plan, lid action, modern standby off",
            "サインイン中はスリープさせない: 電源プラン、カバーを閉じた時の動作、モダンスタンバイの無効化",
        ),
        command: Some("powercfg /change standby-timeout-ac 0"),
        disturbs: words("nobody", "誰にも影響しない"),
    },
    source: "Cisco 211376; Windows power documentation",
    rather_than: &[],
    clues,
};

fn clues(i: &Incident<'_>) -> Vec<Clue> {
    vec![
        must(asked::silent(i)),
        mark(asked::slept(i)),
        hint(asked::goes_on(i)),
        against(asked::page_alive(i)),
        against(asked::rest_during(i)),
        against(asked::frozen(i)),
        against(asked::others_together(i)),
        against(asked::service_went(i)),
    ]
}

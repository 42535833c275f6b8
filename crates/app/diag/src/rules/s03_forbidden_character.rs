//! S3: a character that XML forbids brought the service down.

use super::{Clue, Remedy, Rule, mark, must};
use crate::evidence::{End, What};
use crate::incident::Incident;
use crate::language::words;
use crate::sight::Sight;

pub(super) const RULE: Rule = Rule {
    id: "S3",
    name: words(
        "a character that XML forbids brought the service down",
        "XML で禁止された文字がサービスを停止させた",
    ),
    symptom: words(
        "a crash that repeats with the same caller or agent",
        "同じ発信者・エージェントで繰り返すクラッシュ",
    ),
    remedy: Remedy {
        what: words(
            "clean the data at its source; this server refuses or replaces such characters",
            "発生源でデータを修正。本サーバーは該当文字を拒否または置換する",
        ),
        command: None,
        disturbs: words("everybody, until signed in again", "全員 (再サインインまで)"),
    },
    source: "CSCva72280, CSCva72325; XML 1.0 §2.2",
    rather_than: &["S2"],
    clues,
};

fn clues(i: &Incident<'_>) -> Vec<Clue> {
    vec![
        must((
            words("the session ended when the service died", "サービスの異常終了でセッションが失われた"),
            i.ended_by(&[End::Died]),
        )),
        mark((
            words("such a character came just before", "直前に該当文字が届いていた"),
            i.look(Sight::Payloads, i.run_up(), |what| matches!(what, What::ForbiddenCharacter { .. })),
        )),
    ]
}

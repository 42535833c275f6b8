//! C16: the page was closed, left or reloaded.

use super::{Clue, Remedy, Rule, against, asked, hint, mark, must};
use crate::evidence::{End, What};
use crate::incident::Incident;
use crate::language::words;
use crate::limits::RELOAD;
use crate::sight::Sight;

pub(super) const RULE: Rule = Rule {
    id: "C16",
    name: words(
        "the page was closed, left or reloaded",
        "ページが閉じられた、離れた、または再読み込みされた",
    ),
    symptom: words(
        "the session ends at once and in order; a reload is back within a minute",
        "セッションが直ちに正常終了し、再読み込みなら 1 分以内に戻る",
    ),
    remedy: Remedy {
        what: words(
            "sign out before closing; the desktop asks before it is left",
            "閉じる前にサインアウト。離れる前にデスクトップが確認を表示",
        ),
        command: None,
        disturbs: words("nobody", "誰にも影響しない"),
    },
    source: "XEP-0124 §13",
    rather_than: &[],
    clues,
};

fn clues(i: &Incident<'_>) -> Vec<Clue> {
    vec![
        must((
            words("the client took its leave", "クライアントが自ら終了を告げた"),
            i.ended_by(&[End::Left]),
        )),
        mark((
            words("in order: nothing was waiting, nothing failed", "正常終了: 失敗や待ちはなかった"),
            i.ended_by(&[End::Left]),
        )),
        hint((
            words("the page was left", "ページが離れた"),
            i.look(Sight::Page, i.end(), |what| matches!(what, What::PageLeft)),
        )),
        hint((
            words("it was back within a minute, as after a reload", "再読み込みのように 1 分以内に戻った"),
            i.back_within(RELOAD),
        )),
        against(asked::service_went(i)),
    ]
}

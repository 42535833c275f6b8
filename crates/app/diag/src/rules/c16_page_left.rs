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
            words(
                "the client took its leave, or another page took its place",
                "クライアントが終了を告げた、または別のページが引き継いだ",
            ),
            i.ended_by(&[End::Left, End::Conflict]),
        )),
        mark((
            words(
                "the page went by the agent's doing: it took its leave, or the same computer's next page took the \
                 place of one whose connection had closed",
                "エージェントの操作でページが終了した: 自ら終了を告げた、または閉じた接続を同じ PC の次のページが引き継いだ",
            ),
            i.page_went(),
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

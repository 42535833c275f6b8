//! C17: the browser crashed or was ended.

use super::{Clue, Remedy, Rule, against, asked, hint, mark, must};
use crate::evidence::What;
use crate::incident::Incident;
use crate::language::words;
use crate::sight::Sight;

pub(super) const RULE: Rule = Rule {
    id: "C17",
    name: words("the browser crashed or was ended", "ブラウザーがクラッシュまたは強制終了した"),
    symptom: words(
        "the connection closes without a word, and nothing is tried again",
        "何も告げずに接続が閉じ、再試行もない",
    ),
    remedy: Remedy {
        what: words(
            "the browser's own crash reports; less load",
            "ブラウザーのクラッシュレポートを確認。負荷を減らす",
        ),
        command: Some("chrome://crashes"),
        disturbs: words("nobody", "誰にも影響しない"),
    },
    source: "Cisco 211376; RFC 9293 §3.6",
    rather_than: &[],
    clues,
};

fn clues(i: &Incident<'_>) -> Vec<Clue> {
    vec![
        must(asked::silent(i)),
        mark((
            words(
                "the last poll's connection was closed before its answer, and the page was never heard of again",
                "最後のポーリングの接続が応答前に閉じられ、ページからの通信は二度となかった",
            ),
            i.cut_and_never_again(),
        )),
        hint(asked::cut_at_onset(i)),
        against((
            words("the client came back to the old session", "クライアントが古いセッションに戻ってきた"),
            i.look(Sight::Requests, i.onset_to_after(), |what| {
                matches!(what, What::LateRequest { .. } | What::PollRepeated)
            }),
        )),
        against((
            words(
                "polls were cut before, and the client went on",
                "それ以前にもポーリングが切断され、クライアントは続行していた",
            ),
            i.cut_before(),
        )),
        against(asked::page_alive(i)),
        against(asked::slept(i)),
        against(asked::frozen(i)),
        against(asked::rest_during(i)),
        against(asked::others_together(i)),
        against(asked::service_went(i)),
        against(asked::server_paused(i)),
    ]
}

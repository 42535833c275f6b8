//! C9: a proxy or firewall between cuts waiting requests.

use super::{Clue, Remedy, Rule, against, asked, hint, mark, must};
use crate::evidence::{Failure, What};
use crate::incident::Incident;
use crate::language::words;
use crate::sight::Sight;

pub(super) const RULE: Rule = Rule {
    id: "C9",
    name: words(
        "a proxy or firewall between cuts waiting requests",
        "中間のプロキシ・ファイアウォールが待機中のリクエストを切断している",
    ),
    symptom: words("polls fail at the same age again and again", "ポーリングが毎回同じ経過時間で失敗する"),
    remedy: Remedy {
        what: words(
            "a read timeout above the wait (30 s) plus 5 s, no buffering; or no proxy for the server",
            "読み取りタイムアウトを待機時間 (30 秒) + 5 秒より長くし、バッファリングを無効化。またはサーバーをプロキシの対象外に",
        ),
        command: Some("proxy_read_timeout 90s; proxy_buffering off;"),
        disturbs: words(
            "all who come through that proxy, for a reload",
            "そのプロキシを通る全員 (再読み込み時)",
        ),
    },
    source: "nginx documentation; Cisco 211376",
    rather_than: &["C2", "C3", "C17"],
    clues,
};

fn clues(i: &Incident<'_>) -> Vec<Clue> {
    vec![
        must((
            words(
                "polls were cut at the same age, at least three times",
                "ポーリングが同じ経過時間で 3 回以上切断された",
            ),
            i.cut_at_one_age(),
        )),
        mark((
            words("polls were cut while they waited", "待機中のポーリングが切断された"),
            i.look_for(Sight::Requests, i.run_up(), 3, |what| matches!(what, What::PollCut { .. })),
        )),
        hint((
            words("the page was told 502 or 504", "ページに 502 または 504 が返った"),
            asked::failed(i, &[Failure::Gateway]),
        )),
        hint((
            words("the page repeated requests", "ページがリクエストを再送した"),
            i.look(Sight::Requests, i.run_up(), |what| matches!(what, What::PollRepeated)),
        )),
        against(asked::slept(i)),
        against(asked::service_went(i)),
    ]
}

//! C3: the way to the server was refused.

use super::{Clue, Remedy, Rule, against, asked, mark, must};
use crate::evidence::Failure;
use crate::incident::Incident;
use crate::language::words;

pub(super) const RULE: Rule = Rule {
    id: "C3",
    name: words("the way to the server was refused", "サーバーへの経路が拒否された"),
    symptom: words(
        "the page notices within seconds, before the server does",
        "サーバーより先に、数秒でページが切断に気付く",
    ),
    remedy: Remedy {
        what: words(
            "a firewall or the service itself answers with a reset: compare with the server's own record",
            "ファイアウォールまたはサービスがリセットを返している: サーバー側の記録と照合",
        ),
        command: None,
        disturbs: words("this agent, until signed in again", "このエージェントのみ (再サインインまで)"),
    },
    source: "Cisco 211376; RFC 9293 §3.5.2",
    rather_than: &[],
    clues,
};

fn clues(i: &Incident<'_>) -> Vec<Clue> {
    vec![
        must(asked::silent(i)),
        mark((
            words(
                "the page's requests were refused or reset",
                "ページのリクエストが拒否またはリセットされた",
            ),
            asked::failed(i, &[Failure::Refused, Failure::Reset]),
        )),
        mark((
            words(
                "the last poll's connection was closed, and the page lived and had no answer any more",
                "最後のポーリングの接続が閉じられ、ページは動作していたが応答がなかった",
            ),
            i.cut_and_lost(),
        )),
        against(asked::slept(i)),
        against(asked::frozen(i)),
        against(asked::others_together(i)),
        against(asked::service_went(i)),
        against(asked::server_paused(i)),
        against(asked::not_accepted(i)),
    ]
}

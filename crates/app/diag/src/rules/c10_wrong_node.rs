//! C10: requests went to the wrong server.

use super::{Clue, Remedy, Rule, against, asked, mark};
use crate::evidence::What;
use crate::incident::Incident;
use crate::language::words;
use crate::sight::Sight;

pub(super) const RULE: Rule = Rule {
    id: "C10",
    name: words("requests went to the wrong server", "リクエストが別のサーバーに届いた"),
    symptom: words("a living session is unknown every other time", "有効なセッションが交互に「不明」になる"),
    remedy: Remedy {
        what: words(
            "no balancer in front of the servers, or one that keeps a session on its server",
            "サーバーの前にロードバランサーを置かない、または固定 (スティッキー) にする",
        ),
        command: None,
        disturbs: words("all who come through the balancer", "ロードバランサーを通る全員"),
    },
    source: "XEP-0124 §14; xmppo #27",
    rather_than: &[],
    clues,
};

fn clues(i: &Incident<'_>) -> Vec<Clue> {
    vec![
        mark((
            words(
                "requests came with the id of a session that this server never had",
                "このサーバーに存在しないセッション ID のリクエストが届いた",
            ),
            i.look(Sight::Requests, i.run_up(), |what| matches!(what, What::UnknownSession)),
        )),
        against(asked::service_went(i)),
    ]
}

//! C12: a proxy opens the encrypted connection.

use super::{Clue, Remedy, Rule, against, asked, hint, mark};
use crate::evidence::What;
use crate::incident::Incident;
use crate::language::words;
use crate::sight::Sight;

pub(super) const RULE: Rule = Rule {
    id: "C12",
    name: words("a proxy opens the encrypted connection", "プロキシが暗号化通信を復号している"),
    symptom: words(
        "it works, with a strange issuer, and drops at the proxy's own limits",
        "動作はするが発行者が異なり、プロキシの制限で切断される",
    ),
    remedy: Remedy {
        what: words("exempt the servers from interception", "サーバーを復号対象から除外"),
        command: None,
        disturbs: words("all who come through the proxy", "プロキシを通る全員"),
    },
    source: "Cisco 211376 (Fiddler)",
    rather_than: &["C9"],
    clues,
};

fn clues(i: &Incident<'_>) -> Vec<Clue> {
    vec![
        mark((
            words(
                "the issuer that the computer sees is not the server's",
                "PC から見える発行者がサーバーのものと異なる",
            ),
            i.look(Sight::Path, i.run_up(), |what| matches!(what, What::ForeignIssuer { .. })),
        )),
        hint((
            words("polls were cut while they waited", "待機中のポーリングが切断された"),
            i.look(Sight::Requests, i.run_up(), |what| matches!(what, What::PollCut { .. })),
        )),
        against(asked::slept(i)),
        against(asked::service_went(i)),
    ]
}

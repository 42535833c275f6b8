//! S9: the network of one site was cut.

use super::{Clue, Remedy, Rule, against, asked, mark, must};
use crate::incident::Incident;
use crate::language::words;

pub(super) const RULE: Rule = Rule {
    id: "S9",
    name: words("the network of one site was cut", "ある拠点のネットワークが切断された"),
    symptom: words(
        "all agents of one site within a second, other sites are fine",
        "1 拠点の全員が 1 秒以内に途絶え、他拠点は正常",
    ),
    remedy: Remedy {
        what: words(
            "WAN, firewall or core switch of that site",
            "その拠点の WAN、ファイアウォール、コアスイッチを確認",
        ),
        command: None,
        disturbs: words("nobody", "誰にも影響しない"),
    },
    source: "Cisco 211376 (all together: server side; one site: network)",
    rather_than: &[],
    clues,
};

fn clues(i: &Incident<'_>) -> Vec<Clue> {
    vec![
        must(asked::silent(i)),
        mark((
            words(
                "all of them share one network, and others elsewhere stayed",
                "全員が同じネットワークで、他は接続を維持した",
            ),
            i.one_site(),
        )),
        must((
            words(
                "more agents fell silent in the same moment than chance would bring",
                "偶然とは言えない数のエージェントが同時に途絶えた",
            ),
            i.together(),
        )),
        against(asked::service_went(i)),
        against(asked::server_paused(i)),
        against(asked::not_accepted(i)),
    ]
}

//! C2: the network was cut.

use super::{Clue, Remedy, Rule, against, asked, hint, mark, must};
use crate::evidence::Failure;
use crate::incident::Incident;
use crate::language::words;

pub(super) const RULE: Rule = Rule {
    id: "C2",
    name: words("the network was cut", "ネットワークが切断された"),
    symptom: words("the page lives and its requests fail", "ページは動作しているがリクエストが失敗する"),
    remedy: Remedy {
        what: words(
            "mend the link: cable, Wi-Fi roaming, VPN rekeying, switch port",
            "接続を修復: ケーブル、Wi-Fi ローミング、VPN の再鍵交換、スイッチポート",
        ),
        command: None,
        disturbs: words("this agent, until signed in again", "このエージェントのみ (再サインインまで)"),
    },
    source: "Cisco 211376; RFC 1122 §4.2.3.5",
    rather_than: &[],
    clues,
};

fn clues(i: &Incident<'_>) -> Vec<Clue> {
    vec![
        must(asked::silent(i)),
        mark((
            words(
                "the page's requests had no answer, or the computer had no network",
                "ページのリクエストに応答がなかった、または PC がオフラインだった",
            ),
            asked::failed(i, &[Failure::TimedOut, Failure::Offline, Failure::NetworkChanged]),
        )),
        mark((
            words("the way to the server and back took seconds", "サーバーとの往復に数秒かかった"),
            i.slow_way(),
        )),
        hint(asked::page_alive(i)),
        against(asked::cut_at_onset(i)),
        against(asked::slept(i)),
        against(asked::frozen(i)),
        against(asked::rest_during(i)),
        against(asked::others_together(i)),
        against(asked::service_went(i)),
        against(asked::server_paused(i)),
        against(asked::not_accepted(i)),
    ]
}

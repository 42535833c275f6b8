//! C19: the browser had no connection left for the poll.

use super::{Clue, Remedy, Rule, against, asked, mark, must};
use crate::evidence::What;
use crate::incident::Incident;
use crate::language::words;
use crate::limits::STALL_MS;
use crate::sight::Sight;

pub(super) const RULE: Rule = Rule {
    id: "C19",
    name: words("the browser had no connection left for the poll", "ブラウザーに空き接続がなかった"),
    symptom: words(
        "polls wait in the browser: several desktops or gadgets use one host",
        "ポーリングがブラウザー内で待たされる",
    ),
    remedy: Remedy {
        what: words(
            "one desktop for each browser; WebSocket; HTTP/2",
            "ブラウザーごとにデスクトップは 1 つ。WebSocket または HTTP/2",
        ),
        command: None,
        disturbs: words("nobody", "誰にも影響しない"),
    },
    source: "RFC 9112 §9.4; Cisco 211376",
    rather_than: &[],
    clues,
};

fn clues(i: &Incident<'_>) -> Vec<Clue> {
    vec![
        must(asked::silent(i)),
        mark((
            words(
                "requests waited in the browser for a free connection",
                "リクエストがブラウザー内で空き接続を待っていた",
            ),
            i.look(
                Sight::Fetches,
                i.run_up(),
                |what| matches!(what, What::RequestQueued { ms } if *ms >= STALL_MS),
            ),
        )),
        against(asked::slept(i)),
        against(asked::frozen(i)),
        against(asked::others_together(i)),
        against(asked::service_went(i)),
        against(asked::server_paused(i)),
    ]
}

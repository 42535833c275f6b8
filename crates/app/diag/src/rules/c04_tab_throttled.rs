//! C4: the hidden tab was throttled.

use super::{Clue, Remedy, Rule, against, asked, mark, must};
use crate::evidence::What;
use crate::incident::Incident;
use crate::language::words;
use crate::sight::Sight;

pub(super) const RULE: Rule = Rule {
    id: "C4",
    name: words("the hidden tab was throttled", "非表示タブが抑制された"),
    symptom: words(
        "polls come later and later while everything else is normal",
        "他は正常なのにポーリングだけが遅れていく",
    ),
    remedy: Remedy {
        what: words(
            "keep the desktop in a window of its own, exempt it from throttling, or use WebSocket",
            "デスクトップを専用ウィンドウに表示、抑制対象から除外、または WebSocket を使用",
        ),
        command: Some("IntensiveWakeUpThrottlingEnabled=false"),
        disturbs: words("nobody", "誰にも影響しない"),
    },
    source: "Chrome 88 release notes (intensive timer throttling)",
    rather_than: &[],
    clues,
};

fn clues(i: &Incident<'_>) -> Vec<Clue> {
    vec![
        must(asked::silent(i)),
        mark(asked::hidden(i)),
        must((
            words("timers of the page came late", "ページのタイマーが遅れていた"),
            i.look(Sight::Page, i.run_up(), |what| matches!(what, What::TimerLate { .. })),
        )),
        against(asked::slept(i)),
        against(asked::frozen(i)),
        against(asked::page_computing(i)),
        against(asked::others_together(i)),
        against(asked::service_went(i)),
        against(asked::server_paused(i)),
    ]
}

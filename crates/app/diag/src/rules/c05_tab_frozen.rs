//! C5: the browser froze or discarded the tab.

use super::{Clue, Remedy, Rule, against, asked, hint, mark, must};
use crate::incident::Incident;
use crate::language::words;

pub(super) const RULE: Rule = Rule {
    id: "C5",
    name: words("the browser froze or discarded the tab", "ブラウザーがタブを凍結または破棄した"),
    symptom: words(
        "the page stops, and goes on or is loaded anew when somebody looks at it",
        "ページが停止し、表示されると再開または再読み込みされる",
    ),
    remedy: Remedy {
        what: words(
            "exempt the site from memory saver and sleeping tabs",
            "メモリセーバー・スリープタブの対象から除外",
        ),
        command: Some("SleepingTabsBlockedForUrls, TabDiscardingExceptions"),
        disturbs: words("nobody", "誰にも影響しない"),
    },
    source: "Chrome Page Lifecycle; Edge policy reference",
    rather_than: &[],
    clues,
};

fn clues(i: &Incident<'_>) -> Vec<Clue> {
    vec![
        must(asked::silent(i)),
        mark(asked::frozen(i)),
        hint(asked::hidden(i)),
        against(asked::slept(i)),
        against(asked::page_alive(i)),
        against(asked::others_together(i)),
        against(asked::service_went(i)),
        against(asked::server_paused(i)),
    ]
}

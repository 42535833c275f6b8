//! C7: a gadget kept the page busy.

use super::{Clue, Remedy, Rule, against, asked, mark, must};
use crate::evidence::What;
use crate::incident::Incident;
use crate::language::words;
use crate::limits::STALL_MS;
use crate::sight::Sight;

pub(super) const RULE: Rule = Rule {
    id: "C7",
    name: words("a gadget kept the page busy", "ガジェットがページを占有した"),
    symptom: words(
        "as with a starved computer, and it stops when the gadget is removed",
        "PC の資源不足に似るが、ガジェットを外すと収まる",
    ),
    remedy: Remedy {
        what: words(
            "remove the gadget, or load gadgets one by one to find it",
            "ガジェットを外す、または 1 つずつ読み込んで特定",
        ),
        command: None,
        disturbs: words("those who use the gadget", "ガジェットの利用者"),
    },
    source: "Cisco 211376; Long Tasks API (W3C)",
    rather_than: &["C6"],
    clues,
};

fn clues(i: &Incident<'_>) -> Vec<Clue> {
    vec![
        must(asked::silent(i)),
        mark((
            words("the page was busy for seconds, in a gadget", "ガジェットの処理でページが数秒占有された"),
            i.look(
                Sight::Page,
                i.run_up(),
                |what| matches!(what, What::LongTask { ms, gadget: Some(_) } if *ms >= STALL_MS),
            ),
        )),
        against(asked::slept(i)),
        against(asked::frozen(i)),
        against(asked::others_together(i)),
        against(asked::service_went(i)),
        against(asked::server_paused(i)),
    ]
}

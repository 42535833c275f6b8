//! C6: the computer was starved of CPU or memory.

use super::{Clue, Remedy, Rule, against, asked, mark, must};
use crate::evidence::What;
use crate::incident::Incident;
use crate::language::words;
use crate::sight::Sight;

pub(super) const RULE: Rule = Rule {
    id: "C6",
    name: words("the computer was starved of CPU or memory", "PC の CPU またはメモリが不足していた"),
    symptom: words("the page answers in fits and starts", "ページの動作が断続的になる"),
    remedy: Remedy {
        what: words(
            "fewer programs and tabs; on virtual desktops, less overcommitment",
            "プログラムとタブを減らす。仮想デスクトップでは過剰割り当てを緩和",
        ),
        command: Some("Get-Counter '\\Processor(_Total)\\% Processor Time' -SampleInterval 2"),
        disturbs: words("nobody", "誰にも影響しない"),
    },
    source: "Cisco 211376",
    rather_than: &[],
    clues,
};

fn clues(i: &Incident<'_>) -> Vec<Clue> {
    vec![
        must(asked::silent(i)),
        mark(asked::page_computing(i)),
        against((
            words("a gadget is named as the one that computed", "処理を占有したガジェットが特定されている"),
            i.look(Sight::Page, i.run_up(), |what| matches!(what, What::LongTask { gadget: Some(_), .. })),
        )),
        against(asked::slept(i)),
        against(asked::frozen(i)),
        against(asked::others_together(i)),
        against(asked::service_went(i)),
        against(asked::server_paused(i)),
    ]
}

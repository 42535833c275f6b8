//! S12: a disk was full.

use super::{Clue, Remedy, Rule, against, asked, mark};
use crate::evidence::What;
use crate::incident::Incident;
use crate::language::words;
use crate::sight::Sight;

pub(super) const RULE: Rule = Rule {
    id: "S12",
    name: words("a disk was full", "ディスクが一杯だった"),
    symptom: words("logs stop; services misbehave later", "ログが止まり、後にサービスが異常になる"),
    remedy: Remedy {
        what: words(
            "make room, then see that logs and the store are written again",
            "空きを作り、ログとストアの書き込み再開を確認",
        ),
        command: Some("df -h; du -xh --max-depth=2 /var | sort -h | tail"),
        disturbs: words("nobody", "誰にも影響しない"),
    },
    source: "Cisco 211376 (log partition)",
    rather_than: &[],
    clues,
};

fn clues(i: &Incident<'_>) -> Vec<Clue> {
    vec![
        mark((
            words("a disk could not be written", "ディスクに書き込めなかった"),
            i.look(Sight::Disk, i.run_up(), |what| matches!(what, What::DiskFull)),
        )),
        against(asked::slept(i)),
        against(asked::frozen(i)),
    ]
}

//! S11: agents were moved to another server.

use super::{Clue, Remedy, Rule, against, asked, mark};
use crate::evidence::What;
use crate::incident::Incident;
use crate::language::words;
use crate::sight::Sight;

pub(super) const RULE: Rule = Rule {
    id: "S11",
    name: words("agents were moved to another server", "エージェントが別サーバーへ移された"),
    symptom: words(
        "agents move in waves: failover, failback, maintenance",
        "エージェントが波状に移動する: フェイルオーバー、フェイルバック、メンテナンス",
    ),
    remedy: Remedy {
        what: words(
            "plan it, and allow for the bandwidth of all signing in at once",
            "計画的に行い、一斉サインインの帯域を確保",
        ),
        command: None,
        disturbs: words("everybody, until signed in again", "全員 (再サインインまで)"),
    },
    source: "Cisco admin guide 12.6 (maintenance mode)",
    rather_than: &[],
    clues,
};

fn clues(i: &Incident<'_>) -> Vec<Clue> {
    vec![
        mark((
            words("a failover or maintenance was under way", "フェイルオーバーまたはメンテナンス中だった"),
            i.look(Sight::Administration, i.run_up(), |what| matches!(what, What::Failover)),
        )),
        against(asked::slept(i)),
        against(asked::frozen(i)),
    ]
}

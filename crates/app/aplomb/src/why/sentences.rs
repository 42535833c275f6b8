//! The answer as sentences.

use super::Question;
use super::answer::{Answer, Disconnection, host};
use super::because::because;
use super::history::{History, Life};
use super::words::{Clock, duration};

pub(super) fn sentences(
    answer: &Answer<'_>,
    history: &History,
    question: &Question,
    clock: &Clock,
) -> String {
    match answer {
        Answer::Disconnected(end) => disconnection(end, history, clock),
        Answer::Connected(life) => connected(life, question, clock),
        Answer::NoSession(Some(first)) => {
            let first = clock.time(first.opened);
            clock.say(
                format!("Not connected then: the first session that is known began at {first}."),
                format!("その時刻は未接続: 最初のセッションは {first} に開始。"),
            )
        }
        Answer::NoSession(None) => {
            let begins = clock.time(history.begins);
            clock.say(
                format!("No session is known since {begins}."),
                format!("{begins} 以降のセッションは記録にない。"),
            )
        }
    }
}

fn connected(life: &Life, question: &Question, clock: &Clock) -> String {
    let since = clock.time(life.opened);
    let (when_en, when_ja) = match question.at.map(|at| clock.time(at)) {
        None => ("now".to_owned(), "現在".to_owned()),
        Some(at) => (format!("at {at}"), format!("{at} には")),
    };
    let (until_en, until_ja) = match life.ended().map(|ended| clock.time(ended)) {
        None => (String::new(), String::new()),
        Some(ended) => (format!(", until {ended}"), format!("、{ended} まで")),
    };
    let (near_en, near_ja) = match question.at {
        Some(_) => (
            "No session was lost within ten minutes of that time.",
            "その前後 10 分間に失われたセッションはない。",
        ),
        None => ("No disconnection is known.", "切断の記録はない。"),
    };
    clock.say(
        format!("Connected {when_en}, since {since}{until_en}. {near_en}"),
        format!("{when_ja}接続中 ({since} から{until_ja})。{near_ja}"),
    )
}

fn disconnection(end: &Disconnection<'_>, history: &History, clock: &Clock) -> String {
    let (at, because) = (clock.time(end.at), because(end.life, clock.language));
    let mut out =
        vec![clock.say(
            format!("Disconnected at {at} because {because}."),
            format!("{at} に切断。理由: {because}。"),
        )];
    out.extend(last_heard(end, clock));
    if let Some(beside) = end.beside {
        let (opened, transport) = (clock.time(beside.opened), &beside.session.transport);
        out.push(clock.say(
            format!("Another session, opened {opened} on {transport}, stayed."),
            format!("{opened} に {transport} で開始した別のセッションは維持された。"),
        ));
    }
    out.extend(back(end, clock));
    if let Some(forced) = end.forced_logout.map(|at| clock.time(at)) {
        out.push(clock.say(format!("Forced logout at {forced}."), format!("{forced} に強制ログアウト。")));
    }
    if let Some(down) = end.cti_down.map(|at| clock.time(at)) {
        out.push(clock.say(
            format!("The link to the phone system was lost at {down}."),
            format!("{down} に電話システムとのリンクが失われた。"),
        ));
    }
    out.extend(hint(end, history, clock));
    out.join(clock.say(" ", ""))
}

fn last_heard(end: &Disconnection<'_>, clock: &Clock) -> Option<String> {
    let tombstone = end.life.tombstone()?;
    let seen = clock.time(tombstone.last_seen);
    let (en, ja) = match tombstone.last_rid {
        Some(_) => ("Last poll", "最後のポーリングは"),
        None => ("Last heard of", "最後の受信は"),
    };
    Some(match tombstone.longest_gap_ms.map(duration) {
        Some(gap) => clock.say(
            format!("{en} {seen}; longest gap before {gap}."),
            format!("{ja} {seen}、それ以前の最長間隔は {gap}。"),
        ),
        None => clock.say(format!("{en} {seen}."), format!("{ja} {seen}。")),
    })
}

fn back(end: &Disconnection<'_>, clock: &Clock) -> Option<String> {
    let Some(back) = end.back else {
        let not_back = clock.say("Not back since.", "以後復帰していない。");
        return end.beside.is_none().then(|| not_back.to_owned());
    };
    let (at, before, after) =
        (clock.time(back.opened), host(&end.life.session.address), host(&back.session.address));
    Some(if before == after {
        clock.say(format!("Back {at} from the same address."), format!("{at} に同じアドレスから復帰。"))
    } else {
        clock.say(
            format!("Back {at} from another address, {after}."),
            format!("{at} に別のアドレス {after} から復帰。"),
        )
    })
}

/// Where to look next: agents who drop one by one have a fault on their side, agents who drop together do not.
fn hint(end: &Disconnection<'_>, history: &History, clock: &Clock) -> Option<String> {
    let (reason, count) = (end.life.reason()?, end.others);
    let others = if count == 1 { "one other user".into() } else { format!("{count} other users") };
    if matches!(reason, "shutdown" | "server-died" | "internal-error") {
        let (with, running) = (count > 0, history.is_running);
        let en = if with { format!(", with {others}") } else { String::new() };
        let ja = if with { format!(" (他 {count} ユーザーも)") } else { String::new() };
        let now = clock.say(" The server is not running now.", "サーバーは現在動作していない。");
        let now = if running { "" } else { now };
        return Some(
            clock.say(
                format!("This was the server's doing{en}.{now}"),
                format!("サーバー側の原因{ja}。{now}"),
            ),
        );
    }
    if !matches!(reason, "inactivity" | "transport-lost" | "queue-overflow") {
        return None;
    }
    Some(match count {
        0 => clock.say(
            "Nobody else was disconnected within 30 s: look at this agent's computer, browser and network.".into(),
            "前後 30 秒に切断された他のユーザーはいない: このエージェントの PC、ブラウザー、ネットワークを確認。".into(),
        ),
        _ => clock.say(
            format!(
                "{} disconnected within 30 s too: look at what they share, the network and this server.",
                capital(&others)
            ),
            format!("前後 30 秒に他 {count} ユーザーも切断: 共通するもの、ネットワーク、このサーバーを確認。"),
        ),
    })
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

//! A verdict as one page for a browser: no scripts, nothing from elsewhere.

use super::lanes::Lanes;
use super::{Reader, page};
use crate::sight::Lane;
use crate::telling::tell;
use crate::verdict::Verdict;

const WIDTH: usize = 1_000;
const NAME: usize = 130;
const ROW: usize = 44;
const TOP: usize = 30;

const STYLE: &str = "body{font:15px/1.5 system-ui,sans-serif;max-width:72rem;margin:2rem auto;padding:0 1rem;\
color:#1b1f24;background:#fff}pre{white-space:pre-wrap;font:13px/1.45 ui-monospace,monospace;background:#f4f5f7;\
padding:1rem;border-radius:6px}svg{width:100%;height:auto}text{font:12px system-ui,sans-serif;fill:currentColor}\
.lane{stroke:#8a93a0}.silence{fill:#d9480f}.watch{fill:#c2255c}.mark{fill:#1864ab}\
@media(prefers-color-scheme:dark){body{color:#e6e8eb;background:#16181c}pre{background:#22262c}.mark{fill:#74b9ff}}";

/// The page. `title` names the agent and the day.
pub fn html(verdict: &Verdict<'_>, reader: &Reader, title: &str) -> String {
    let language = reader.say("en", "ja");
    let title = escaped(title);
    let text = escaped(&page(verdict, &Reader { columns: 110, emphasis: false, ..reader.clone() }));
    let picture = picture(verdict, reader);
    format!(
        "<!DOCTYPE html>\n<html lang=\"{language}\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width\">\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\
         <title>{title}</title><style>{STYLE}</style></head>\n<body><h1>{title}</h1>\n{picture}\n<pre>{text}</pre></body></html>\n"
    )
}

fn picture(verdict: &Verdict<'_>, reader: &Reader) -> String {
    let lanes = Lanes::of(verdict);
    let height = TOP + ROW * Lane::ALL.len();
    let label = escaped(reader.say(
        "What happened, lane by lane; the text below says the same",
        "レーンごとの経過 (下の文と同内容)",
    ));
    let mut out =
        format!("<svg viewBox=\"0 0 {} {height}\" role=\"img\" aria-label=\"{label}\">", NAME + WIDTH + 20);
    let (from, to) = (reader.time(lanes.span.from), reader.time(lanes.span.to));
    out += &format!("<text x=\"{NAME}\" y=\"14\">{from}</text>");
    out += &format!("<text x=\"{}\" y=\"14\" text-anchor=\"end\">{to}</text>", NAME + WIDTH);
    for (row, lane) in Lane::ALL.into_iter().enumerate() {
        out += &one_lane(&lanes, lane, TOP + ROW * row + ROW / 2, reader);
    }
    out + "</svg>"
}

fn one_lane(lanes: &Lanes<'_>, lane: Lane, y: usize, reader: &Reader) -> String {
    let name = lane.words().in_language(reader.language);
    let mut out = format!("<text x=\"0\" y=\"{}\">{name}</text>", y + 4);
    out += &format!("<line class=\"lane\" x1=\"{NAME}\" x2=\"{}\" y1=\"{y}\" y2=\"{y}\"/>", NAME + WIDTH);
    for countdown in lanes.countdowns.iter().filter(|countdown| countdown.lane == lane) {
        let (from, to) = (lanes.place(countdown.span.from, WIDTH), lanes.place(countdown.span.to, WIDTH));
        let class = if countdown.is_silence { "silence" } else { "watch" };
        let width = to.saturating_sub(from).max(2);
        out += &format!(
            "<rect class=\"{class}\" x=\"{}\" y=\"{}\" width=\"{width}\" height=\"8\" rx=\"3\"/>",
            NAME + from,
            y - 4
        );
    }
    let mut free = 0;
    for mark in lanes.marks.iter().filter(|mark| mark.lane == lane) {
        let place = lanes.place(mark.fact.at, WIDTH);
        let letter_at = place.max(free);
        free = letter_at + 12;
        let says = escaped(&format!("{} {}", reader.time(mark.fact.at), tell(mark.fact, reader.language)));
        out += &format!(
            "<g><title>{says}</title><circle class=\"mark\" cx=\"{}\" cy=\"{y}\" r=\"5\"/><text x=\"{}\" y=\"{}\" text-anchor=\"middle\">{}</text></g>",
            NAME + place,
            NAME + letter_at,
            y - 9,
            mark.letter
        );
    }
    out
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
        .replace('\'', "&#39;")
}

import { describe, expect, it } from "vitest";
import { en } from "../src/i18n/en";
import { ja } from "../src/i18n/ja";
import { choose, language, t } from "../src/i18n/language";
import { durationText, measureText, say } from "../src/i18n/say";

const places = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((hit) => hit[1]).sort();

describe("the texts", () => {
  it("have the same keys in each language", () => {
    expect(Object.keys(ja).sort()).toEqual(Object.keys(en).sort());
  });

  it("have the same places to fill in each language, and none is empty", () => {
    for (const [key, text] of Object.entries(en)) {
      const other = ja[key as keyof typeof en];
      expect(text.trim() && other.trim(), key).not.toBe("");
      expect(places(other), key).toEqual(places(text));
    }
  });

  it("are translated: only the name is the same in both", () => {
    const same = Object.entries(en).filter(([key, text]) => ja[key as keyof typeof en] === text);
    expect(same.map(([key]) => key)).toEqual(["app.title"]);
  });

  it("put values in as they are", () => {
    language.value = "en";
    expect(t("fault.refused", { detail: "<b>{x}</b> $&" })).toBe("The server refused: <b>{x}</b> $&");
  });
});

describe("a length of time", () => {
  it("is told in its two largest parts, without those that are nought", () => {
    language.value = "en";
    const told = [
      0, 400, 59_400, 59_600, 60_000, 90_000, 300_000, 3_600_000, 3_629_000, 5_400_000, 28_800_000,
    ];
    expect(told.map((ms) => say(durationText(ms)))).toEqual([
      "0 s",
      "0 s",
      "59 s",
      "1 min",
      "1 min",
      "1 min 30 s",
      "5 min",
      "1 h",
      "1 h",
      "1 h 30 min",
      "8 h",
    ]);
    language.value = "ja";
    expect([90_000, 300_000, 28_800_000].map((ms) => say(durationText(ms)))).toEqual([
      "1 分 30 秒",
      "5 分",
      "8 時間",
    ]);
  });

  it("that was measured is told to the millisecond while that says something, whichever clock is ahead", () => {
    language.value = "en";
    const told = [0.4, 13.6, -250, 9_999, 10_000, -3_600_000].map((ms) => say(measureText(ms)));
    expect(told).toEqual(["0 ms", "14 ms", "250 ms", "9999 ms", "10 s", "1 h"]);
  });
});

describe("the language", () => {
  it("is the address's, else the remembered one, else the browser's first that we speak, else English", () => {
    expect(choose("?locale=ja_JP&lls=true", "en", ["en-GB"])).toBe("ja");
    expect(choose("", "ja", ["en-GB"])).toBe("ja");
    expect(choose("?locale=xx", null, ["fr-FR", "ja"])).toBe("ja");
    expect(choose("", "klingon", ["fr-FR"])).toBe("en");
  });
});

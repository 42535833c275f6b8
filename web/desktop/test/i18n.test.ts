import { describe, expect, it } from "vitest";
import { en } from "../src/i18n/en";
import { ja } from "../src/i18n/ja";
import { choose, language, t } from "../src/i18n/language";

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

describe("the language", () => {
  it("is the address's, else the remembered one, else the browser's first that we speak, else English", () => {
    expect(choose("?locale=ja_JP&lls=true", "en", ["en-GB"])).toBe("ja");
    expect(choose("", "ja", ["en-GB"])).toBe("ja");
    expect(choose("?locale=xx", null, ["fr-FR", "ja"])).toBe("ja");
    expect(choose("", "klingon", ["fr-FR"])).toBe("en");
  });
});

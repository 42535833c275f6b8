import { describe, expect, it } from "vitest";
import { child, childText, elements, text } from "../src/xml/element";
import { parse, XmlError } from "../src/xml/parse";
import { escapeXml, xml } from "../src/xml/write";

describe("what is accepted", () => {
  it("reads names, namespaces, attributes and text", () => {
    const root = parse(
      `<?xml version="1.0"?>\n<body xmlns="urn:b" xmlns:s='urn:s' sid="a&amp;b"><s:features><m/></s:features>x &lt; y</body>\n`,
    );
    expect([root.name, root.ns, root.attributes.get("sid")]).toEqual(["body", "urn:b", "a&b"]);
    const features = child(root, "features", "urn:s");
    expect(features && elements(features).map((e) => [e.name, e.ns])).toEqual([["m", "urn:b"]]);
    expect(text(root)).toBe("x < y");
  });

  it("lets an inner declaration replace an outer one, and only inside", () => {
    const root = parse(`<a xmlns="urn:1"><b xmlns="urn:2"/><c/><d xmlns=""/></a>`);
    expect(elements(root).map((e) => e.ns)).toEqual(["urn:2", "urn:1", ""]);
  });

  it("keeps CDATA and character references as text, leaves comments out", () => {
    expect(text(parse("<a><!-- no --><![CDATA[<b>&amp;]]>&#x65e5;&#26412;</a>"))).toBe("<b>&amp;日本");
  });

  it("takes line ends as XML says", () => {
    expect(text(parse("<a>1\r\n2\r3</a>"))).toBe("1\n2\n3");
  });

  it("trims a child's text and gives nothing for a missing child", () => {
    const user = parse("<User><state> READY\n</state><loginId/></User>");
    expect([childText(user, "state"), childText(user, "loginId"), childText(user, "no")]).toEqual([
      "READY",
      "",
      "",
    ]);
  });
});

describe("what is refused", () => {
  const cases: Record<string, string> = {
    nothing: "",
    "plain text": "Bad gateway",
    "a cut document": "<a><b>",
    "a cut tag": '<a b="1',
    "two roots": "<a/><b/>",
    "text after the root": "<a/>x",
    "crossed tags": "<a><b></a></b>",
    "a document type": '<!DOCTYPE a [<!ENTITY x "y">]><a/>',
    "a processing instruction": "<a><?php ?></a>",
    "a forbidden character": "<a>\u0001</a>",
    "a forbidden character by reference": "<a>&#1;</a>",
    "half a surrogate pair": "<a>&#xd800;</a>",
    "an unknown entity": "<a>&nbsp;</a>",
    "a lone ampersand": "<a>A & B</a>",
    "an unquoted attribute": "<a b=1/>",
    "an attribute twice": '<a b="1" b="2"/>',
    "attributes run together": '<a b="1"c="2"/>',
    "an undeclared prefix": "<s:a/>",
    "HTML's loose ends": "<html><br></html>",
    "deep nesting": "<a>".repeat(65) + "</a>".repeat(65),
    "too many attributes": `<a ${Array.from({ length: 65 }, (_, i) => `a${i}=""`).join(" ")}/>`,
    "a huge document": `<a>${"x".repeat(4 * 1024 * 1024)}</a>`,
  };
  for (const [name, document] of Object.entries(cases)) {
    it(name, () => expect(() => parse(document)).toThrow(XmlError));
  }
});

describe("writing", () => {
  it("escapes what is inserted and nothing else", () => {
    expect(xml`<state a="${'"'}">${"<READY> & 'co'"}</state>`).toBe(
      `<state a="&quot;">&lt;READY&gt; &amp; &apos;co&apos;</state>`,
    );
  });

  it("can not write what XML forbids", () => {
    expect(parse(xml`<a>${"a\u0001b\ud800c"}</a>`).children).toEqual(["a\ufffdb\ufffdc"]);
    expect(escapeXml("日本")).toBe("日本");
  });
});

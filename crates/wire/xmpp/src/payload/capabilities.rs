//! What a client says it can do (XEP-0115), and what it answers when it is asked (XEP-0030).

use crate::ns;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use sha1::{Digest, Sha1};
use xml::{Layout, Node, Writer};

/// The namespace of `xml:lang`.
const XML: &str = "http://www.w3.org/XML/1998/namespace";

/// A form of an answer: its `FORM_TYPE`, its fields and their values.
type Extension = (String, Vec<(String, Vec<String>)>);

/// What stands in a presence: a short word for a whole answer.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Capabilities {
    /// The software.
    pub node: String,
    /// The hash of the answer, in base64.
    pub ver: String,
    /// The hash's name; without one it is of an old kind that cannot be checked (§11).
    pub hash: Option<String>,
}

impl Capabilities {
    /// Those of a presence, if it has any.
    pub fn read(presence: Node<'_, '_>) -> Option<Self> {
        let element = presence.children().find(|child| child.has_tag_name((ns::CAPABILITIES, "c")))?;
        let (node, ver) = (element.attribute("node")?.to_owned(), element.attribute("ver")?.to_owned());
        Some(Self { node, ver, hash: element.attribute("hash").map(str::to_owned) })
    }

    /// Whether this is the answer that the word stands for. Only SHA-1, which everybody uses, is known here; what cannot be
    /// checked is not.
    pub fn stand_for(&self, ability: &Ability) -> bool {
        let is_sha1 = self.hash.as_deref() == Some("sha-1");
        let text = ability.to_be_hashed().filter(|_| is_sha1);
        text.is_some_and(|text| BASE64_STANDARD.encode(Sha1::digest(text)) == self.ver)
    }

    /// The question for the whole answer (XEP-0115 §6.2).
    pub fn question(&self, from: &str, to: &str, id: &str) -> String {
        let mut writer = Writer::new(Layout::Compact);
        writer.open("iq").attribute("xmlns", ns::CLIENT).attribute("type", "get").attribute("id", id);
        writer.attribute("from", from).attribute("to", to);
        writer.open("query").attribute("xmlns", ns::DISCO_INFO);
        writer.attribute("node", &format!("{}#{}", self.node, self.ver));
        writer.finish().0
    }
}

/// The whole answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ability {
    identities: Vec<[String; 4]>,
    features: Vec<String>,
    forms: Vec<Extension>,
}

impl Ability {
    /// Reads `<query xmlns='http://jabber.org/protocol/disco#info'/>`. `None` for anything else, and for what could be
    /// taken for something else when it is hashed (XEP-0115 §5.4, 3.3–3.6).
    pub fn read(query: Node<'_, '_>) -> Option<Self> {
        if !query.has_tag_name((ns::DISCO_INFO, "query")) {
            return None;
        }
        let of = |name| query.children().filter(move |child| child.has_tag_name((ns::DISCO_INFO, name)));
        let lang = |node: Node<'_, '_>| node.attribute((XML, "lang")).unwrap_or_default().to_owned();
        let word = |node: Node<'_, '_>, name| node.attribute(name).unwrap_or_default().to_owned();
        let identity = |node| [word(node, "category"), word(node, "type"), lang(node), word(node, "name")];
        let mut ability = Self {
            identities: of("identity").map(identity).collect(),
            features: of("feature").map(|node| word(node, "var")).collect(),
            forms: query
                .children()
                .filter(|child| child.has_tag_name((ns::DATA_FORM, "x")))
                .filter_map(form)
                .collect(),
        };
        ability.identities.sort();
        ability.features.sort();
        ability.forms.sort();
        let is_twice = ability.identities.windows(2).any(|two| two[0] == two[1])
            || ability.features.windows(2).any(|two| two[0] == two[1])
            || ability.forms.windows(2).any(|two| two[0].0 == two[1].0);
        (!is_twice).then_some(ability)
    }

    /// What is hashed (XEP-0115 §5.1). `None` when a part holds the sign that parts the parts: then two answers could
    /// have one hash.
    fn to_be_hashed(&self) -> Option<String> {
        let mut text = String::new();
        let mut put = |part: &str| {
            text.push_str(part);
            text.push('<');
            !part.contains('<')
        };
        let mut is_clear = true;
        for identity in &self.identities {
            is_clear &= put(&identity.join("/"));
        }
        for feature in &self.features {
            is_clear &= put(feature);
        }
        for (form_type, fields) in &self.forms {
            is_clear &= put(form_type);
            for (var, values) in fields {
                is_clear &= put(var);
                for value in values {
                    is_clear &= put(value);
                }
            }
        }
        is_clear.then_some(text)
    }

    /// The nodes of which the client wants events: its features that end with `+notify` (XEP-0060 §9.2).
    pub fn interests(&self) -> impl Iterator<Item = &str> {
        self.features
            .iter()
            .filter_map(|feature| feature.strip_suffix("+notify"))
            .filter(|node| !node.is_empty())
    }
}

fn form(form: Node<'_, '_>) -> Option<Extension> {
    let values = |field: Node<'_, '_>| {
        let values = field.children().filter(|child| child.has_tag_name((ns::DATA_FORM, "value")));
        let mut values: Vec<String> =
            values.map(|value| value.text().unwrap_or_default().to_owned()).collect();
        values.sort();
        values
    };
    let fields = form.children().filter(|child| child.has_tag_name((ns::DATA_FORM, "field")));
    let (about, mut fields): (Vec<_>, Vec<_>) = fields
        .map(|field| (field.attribute("var").unwrap_or_default().to_owned(), values(field)))
        .partition(|(var, _)| var == "FORM_TYPE");
    // without it the form is no part of what is hashed (§5.4, 3.6)
    let form_type = about.into_iter().next()?.1.into_iter().next()?;
    fields.sort();
    Some((form_type, fields))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Stanza;

    fn ability(inside: &str) -> Option<Ability> {
        let text = format!(
            "<iq xmlns='jabber:client' type='result' id='1'>\
             <query xmlns='http://jabber.org/protocol/disco#info'>{inside}</query></iq>"
        );
        Ability::read(Stanza::parse(text.as_bytes()).unwrap().payload().unwrap())
    }

    fn word(ver: &str) -> Capabilities {
        Capabilities { node: "urn:x".into(), ver: ver.into(), hash: Some("sha-1".into()) }
    }

    #[test]
    fn the_words_of_the_xep_stand_for_its_answers() {
        // XEP-0115 §5.2 and §5.3
        let simple = ability(
            "<identity category='client' type='pc' name='Exodus 0.9.1'/>\
             <feature var='http://jabber.org/protocol/caps'/><feature var='http://jabber.org/protocol/muc'/>\
             <feature var='http://jabber.org/protocol/disco#info'/><feature var='http://jabber.org/protocol/disco#items'/>",
        );
        assert!(word("QgayPKawpkPSDYmwT/WM94uAlu0=").stand_for(&simple.unwrap()));
        let complex = ability(
            "<identity xml:lang='el' category='client' name='Ψ 0.11' type='pc'/>\
             <identity xml:lang='en' category='client' name='Psi 0.11' type='pc'/>\
             <feature var='http://jabber.org/protocol/caps'/><feature var='http://jabber.org/protocol/disco#info'/>\
             <feature var='http://jabber.org/protocol/disco#items'/><feature var='http://jabber.org/protocol/muc'/>\
             <x xmlns='jabber:x:data' type='result'>\
             <field var='FORM_TYPE' type='hidden'><value>urn:xmpp:dataforms:softwareinfo</value></field>\
             <field var='ip_version'><value>ipv4</value><value>ipv6</value></field>\
             <field var='os'><value>Mac</value></field><field var='os_version'><value>10.5.1</value></field>\
             <field var='software'><value>Psi</value></field><field var='software_version'><value>0.11</value></field></x>",
        );
        let complex = complex.unwrap();
        assert!(word("q07IKJEyjvHSyhy//CH0CxmKi8w=").stand_for(&complex));
        assert!(!word("QgayPKawpkPSDYmwT/WM94uAlu0=").stand_for(&complex));
        let old = Capabilities { hash: None, ..word("q07IKJEyjvHSyhy//CH0CxmKi8w=") };
        assert!(!old.stand_for(&complex), "cannot be checked");
    }

    #[test]
    fn interests_are_features_that_end_so() {
        let found =
            ability("<feature var='/tune+notify'/><feature var='+notify'/><feature var='/mood'/>").unwrap();
        assert_eq!(found.interests().collect::<Vec<_>>(), ["/tune"]);
    }

    #[test]
    fn what_could_be_taken_for_something_else_is_refused() {
        assert_eq!(ability("<feature var='a'/><feature var='a'/>"), None);
        let form = "<x xmlns='jabber:x:data'><field var='FORM_TYPE'><value>f</value></field></x>";
        assert_eq!(ability(&[form, form].concat()), None);
        let parted = ability("<feature var='a&lt;b'/>").unwrap();
        assert_eq!(parted.to_be_hashed(), None);
    }
}

//! An element taken out of one document to stand in another.

use xml::Node;

/// The element as it was written, with the namespace declarations that it would lose by leaving its parents.
/// It declares its default namespace in any case: it may stand in several places.
pub(super) fn excerpt(element: Node<'_, '_>) -> String {
    let text = &element.document().input_text()[element.range()];
    let name_end = text.find(|c: char| c.is_ascii_whitespace() || c == '>' || c == '/').unwrap_or(text.len());
    let own = declared(&text[name_end..]);
    let mut missing = String::new();
    let mut declare = |attribute: &str, uri: &str| {
        missing.push(' ');
        missing.push_str(attribute);
        missing.push_str("=\"");
        xml::escape_attribute(&mut missing, uri);
        missing.push('"');
    };
    let inherited = element.default_namespace().unwrap_or("");
    if !own.contains(&"xmlns") {
        declare("xmlns", inherited);
    }
    for namespace in element.namespaces() {
        let Some(prefix) = namespace.name().filter(|prefix| *prefix != "xml") else { continue };
        let attribute = format!("xmlns:{prefix}");
        if !own.contains(&attribute.as_str()) && text.contains(&format!("{prefix}:")) {
            declare(&attribute, namespace.uri());
        }
    }
    [&text[..name_end], &missing, &text[name_end..]].concat()
}

/// The names of the declarations in a start tag, of which `rest` begins behind the element's name.
fn declared(mut rest: &str) -> Vec<&str> {
    let mut names = Vec::new();
    loop {
        rest = rest.trim_start_matches([' ', '\t', '\r', '\n']);
        if rest.is_empty() || rest.starts_with(['>', '/']) {
            return names;
        }
        let Some((name, value)) = rest.split_once('=') else { return names };
        let value = value.trim_start_matches([' ', '\t', '\r', '\n']);
        let Some(quote) = value.chars().next() else { return names };
        let name = name.trim_end();
        if name == "xmlns" || name.starts_with("xmlns:") {
            names.push(name);
        }
        rest = value[quote.len_utf8()..].split_once(quote).map_or("", |(_, rest)| rest);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use xml::{Document, Limits};

    /// The grandchild of the root, as it leaves.
    fn taken_out(text: &str) -> String {
        let document = Document::parse(text.as_bytes(), &Limits::CLIENT).unwrap();
        let child = document.root().first_element_child().unwrap();
        excerpt(child.first_element_child().unwrap())
    }

    #[test]
    fn an_element_with_all_its_declarations_stays_as_it_was() {
        let own = "<n xmlns = 'x' a='>/' b=\"=\"><c>&lt;Update&gt;</c></n>";
        assert_eq!(taken_out(&format!("<a xmlns='here'><b>{own}</b></a>")), own);
    }

    #[test]
    fn what_was_declared_outside_goes_with_it() {
        let text =
            taken_out("<a xmlns='here' xmlns:p='1' xmlns:q='&amp;2' xmlns:r='3'><b><q:n r:a='x'/></b></a>");
        assert_eq!(text, "<q:n xmlns=\"here\" xmlns:q=\"&amp;2\" xmlns:r=\"3\" r:a='x'/>");
    }

    #[test]
    fn an_inner_declaration_wins_and_is_not_doubled() {
        let text = taken_out("<a xmlns='here' xmlns:p='1'><b><p:n xmlns:p='2'>p:</p:n></b></a>");
        assert_eq!(text, "<p:n xmlns=\"here\" xmlns:p='2'>p:</p:n>");
    }

    #[test]
    fn an_element_without_namespace_keeps_none() {
        assert_eq!(taken_out("<a><b><n/></b></a>"), "<n xmlns=\"\"/>");
    }
}

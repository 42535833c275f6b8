//! XEP-0004: forms that clients send, and forms that we send.

use crate::ns;
use std::collections::BTreeMap;
use xml::{Node, Writer};

/// The field that says what a form is about (XEP-0068).
const FORM_TYPE: &str = "FORM_TYPE";

/// A form filled in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Submitted {
    /// What it is about (XEP-0068), if it says.
    pub form_type: Option<String>,
    /// Values by the name of their field.
    pub fields: BTreeMap<String, Vec<String>>,
}

/// What came back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Submission {
    /// The form, filled in.
    Submit(Submitted),
    /// The sender has thought better of it.
    Cancel,
}

/// What came is no form that was filled in: another type, a field without a name, two of the same name, markup in a
/// value. The sender is at fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Malformed;

impl Submission {
    /// Reads `<x xmlns='jabber:x:data'/>`.
    pub(super) fn read(form: Node<'_, '_>) -> Result<Self, Malformed> {
        if !form.has_tag_name((ns::DATA_FORM, "x")) {
            return Err(Malformed);
        }
        match form.attribute("type") {
            Some("submit") => {}
            Some("cancel") => return Ok(Self::Cancel),
            _ => return Err(Malformed),
        }
        let mut submitted = Submitted::default();
        for field in form.children().filter(|child| child.has_tag_name((ns::DATA_FORM, "field"))) {
            if field.attribute("type") == Some("fixed") {
                continue;
            }
            let var = field.attribute("var").filter(|var| !var.is_empty()).ok_or(Malformed)?;
            let mut values = values(field)?;
            let twice = if var == FORM_TYPE {
                let value = values.pop().filter(|_| values.is_empty()).ok_or(Malformed)?;
                submitted.form_type.replace(value).is_some()
            } else {
                submitted.fields.insert(var.to_owned(), values).is_some()
            };
            if twice {
                return Err(Malformed);
            }
        }
        Ok(Self::Submit(submitted))
    }
}

fn values(field: Node<'_, '_>) -> Result<Vec<String>, Malformed> {
    let values = field.children().filter(|child| child.has_tag_name((ns::DATA_FORM, "value")));
    let text = |value: Node<'_, '_>| {
        let is_text = value.children().all(|child| child.is_text());
        is_text.then(|| value.text().unwrap_or("").to_owned()).ok_or(Malformed)
    };
    values.map(text).collect()
}

/// A form of ours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Form {
    /// `form` to be filled in, `result` to be read.
    pub type_: &'static str,
    /// What it is about (XEP-0068).
    pub form_type: &'static str,
    /// What a person reads above it.
    pub title: Option<String>,
    /// Its fields, without the one for `form_type`.
    pub fields: Vec<Field>,
}

/// A field of ours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// Its name.
    pub var: &'static str,
    /// Its type (XEP-0004 §3.3).
    pub type_: &'static str,
    /// What a person reads beside it.
    pub label: &'static str,
    /// Its values.
    pub values: Vec<String>,
    /// What may be chosen.
    pub options: Vec<String>,
}

impl Field {
    /// A field of one value.
    pub fn new(
        var: &'static str,
        type_: &'static str,
        label: &'static str,
        value: impl Into<String>,
    ) -> Self {
        Self { var, type_, label, values: vec![value.into()], options: Vec::new() }
    }
}

impl Form {
    /// Writes it.
    pub fn write(&self, writer: &mut Writer) {
        writer.open("x").attribute("xmlns", ns::DATA_FORM).attribute("type", self.type_);
        if let Some(title) = &self.title {
            writer.leaf("title", title);
        }
        writer.open("field").attribute("var", FORM_TYPE).attribute("type", "hidden");
        writer.leaf("value", self.form_type).close();
        for field in &self.fields {
            writer.open("field").attribute("var", field.var).attribute("type", field.type_);
            if !field.label.is_empty() {
                writer.attribute("label", field.label);
            }
            for option in &field.options {
                writer.open("option").leaf("value", option).close();
            }
            for value in &field.values {
                writer.leaf("value", value);
            }
            writer.close();
        }
        writer.close();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use xml::{Document, Limits};

    fn read(inner: &str) -> Result<Submission, Malformed> {
        let text = format!("<x xmlns='jabber:x:data' type='submit'>{inner}</x>");
        let document = Document::parse(text.as_bytes(), &Limits::CLIENT).unwrap();
        Submission::read(document.root())
    }

    #[test]
    fn what_is_filled_in_is_read() {
        let text = "<title>t</title><field var='FORM_TYPE' type='hidden'><value>f</value></field>\
                    <field type='fixed'><value>read me</value></field>\
                    <field var='a'><value>1</value><value/></field><field var='b'/>";
        let Ok(Submission::Submit(form)) = read(text) else { panic!() };
        assert_eq!(form.form_type.as_deref(), Some("f"));
        let fields = [("a".to_owned(), vec!["1".to_owned(), String::new()]), ("b".to_owned(), Vec::new())];
        assert_eq!(form.fields, BTreeMap::from(fields));
    }

    #[test]
    fn what_is_no_filled_in_form_is_refused() {
        for text in [
            "<field><value>1</value></field>",
            "<field var=''/>",
            "<field var='a'/><field var='a'/>",
            "<field var='FORM_TYPE'/>",
            "<field var='FORM_TYPE'><value>f</value><value>g</value></field>",
            "<field var='FORM_TYPE'><value>f</value></field><field var='FORM_TYPE'><value>f</value></field>",
            "<field var='a'><value><b/></value></field>",
        ] {
            assert_eq!(read(text), Err(Malformed), "{text}");
        }
        for text in
            ["<x xmlns='jabber:x:data'/>", "<x xmlns='jabber:x:data' type='form'/>", "<x type='submit'/>"]
        {
            let document = Document::parse(text.as_bytes(), &Limits::CLIENT).unwrap();
            assert_eq!(Submission::read(document.root()), Err(Malformed), "{text}");
        }
    }
}

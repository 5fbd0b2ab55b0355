//! Phone numbers in international and national forms, and the numbers that only look like them.

use regex::Regex;

use super::found::{BrokenRule, Found, compile};
use super::kind::Kind;

/// One way of writing a number, with how many digits it has.
struct Form {
    pattern: Regex,
    digits: std::ops::RangeInclusive<usize>,
}

/// Finds phone numbers.
pub struct Phones {
    forms: Vec<Form>,
    survivors: Regex,
}

/// Name, pattern with the number in group 1, and the count of digits (ITU-T E.164: at most 15).
const FORMS: &[(&str, &str, usize, usize)] = &[
    (
        "international with plus",
        r"(\+ ?\(?[1-9][0-9]{0,2}\)?(?:[ .()/-]{0,3}[0-9]{1,12}){1,7}(?: ?(?:x|ext\.?) ?[0-9]{1,6})?)",
        7,
        21,
    ),
    (
        "international with 00",
        r"(00[1-9][0-9]{0,2}(?:[ .()/-]{1,2}[0-9]{1,12}){1,6}(?: ?(?:x|ext\.?) ?[0-9]{1,6})?|00[1-9][0-9]{9,13})",
        9,
        23,
    ),
    (
        "area code in brackets",
        r"((?:\+?1[ -])?\(0?[0-9]{1,5}\)[ -]{0,2}[0-9]{2,9}(?:[ .-][0-9]{2,6}){0,3}(?: ?(?:x|ext\.?) ?[0-9]{1,6})?)",
        7,
        19,
    ),
    (
        "three, three, four",
        r"((?:1[ .-])?[0-9]{3}[ .-][0-9]{3}[ .-][0-9]{4}(?: ?(?:x|ext\.?) ?[0-9]{1,6})?)",
        10,
        17,
    ),
    (
        "national with 0",
        r"(0[1-9][0-9]{0,4}[ ./-]{1,3}[0-9]{2,9}(?:[ ./-][0-9]{1,6}){0,4})",
        9,
        12,
    ),
    ("national with 0, closed up", r"(0[1-9][0-9]{8,9})", 10, 11),
    (
        "nine digits",
        r"([6-9][0-9]{2}(?:[ -][0-9]{3}[ -][0-9]{3}|(?:[ -][0-9]{2}){3}))",
        9,
        9,
    ),
    (
        "alone on its line",
        r"(?m)^[ \t]{0,8}(\+?[0-9(]{1,6}(?:[ ()./-]{1,3}[0-9]{2,9}){1,5}(?: ?x[0-9]{1,6})?)[ \t]{0,8}$",
        7,
        17,
    ),
    (
        "after a label",
        r"(?i:\b(?:phone|tel|telephone|telefon|telefonnummer|téléphone|teléfono|telefono|mobile|mobil|mobiltelefon|handy|handynummer|cell|whatsapp|móvil|movil|portable|fax|rufnummer|(?:call|reach|ring|text) (?:me|us)(?: back)?(?: at| on)?|answer(?:ing|ed)? (?:at|on)|dial(?:led|ing)?)\b(?: ?(?:number|no|nr|num|nummer|numéro|número|is|ist|est|es)\b\.?){0,3}) ?[:.#=-]?[ ]{0,3}(\+?[0-9(][0-9 ()./-]{5,20}[0-9])",
        7,
        15,
    ),
];

/// What must survive although it is made of digits: UUIDs, hashes, dates, times, versions, amounts,
/// Stripe ids, and numbers that say that they are an order, a ticket or an invoice.
const SURVIVORS: &str = r"(?ix)
    \b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b
  | \b[0-9a-f]*[a-f][0-9a-f]{6,63}\b
  | \b(?:19|20)[0-9]{2}[-/.][0-9]{1,2}[-/.][0-9]{1,2}\b
  | \b[0-9]{1,2}[-/.][0-9]{1,2}[-/.](?:19|20)?[0-9]{2}\b
  | \b[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?\b
  | \bv?[0-9]{1,4}\.[0-9]{1,2}(?:\.[0-9]{1,5}){1,2}(?:[-+][0-9a-z.]+)?\b
  | (?:[$€£¥]|\b(?:usd|eur|gbp|chf)\b)\x20?[0-9][0-9.,\x20']*
  | \b[0-9][0-9.,\x20']*\x20?(?:[€£$]|\b(?:usd|eur|euros?|gbp|chf|dollars?)\b)
  | \b[a-z]{2,8}_[a-z0-9_]{6,}\b
  | \b[a-z]{2,6}-[0-9][0-9-]{2,20}\b
  | \b(?:order|ticket|case|invoice|reference|ref|tracking|transaction|account|bestellung|bestellnummer|auftrag|rechnung|rechnungsnummer|vorgang|commande|facture|dossier|pedido|factura)s?\b
    (?:\x20(?:id|number|no|nr|num|nummer|numéro|número|n°))?[\ .:\#°]{1,4}[a-z]{0,4}-?[0-9][0-9-]{2,24}\b
  | \#[0-9]{3,24}\b";

impl Phones {
    /// Compiles the patterns.
    pub fn new() -> Result<Self, BrokenRule> {
        let forms = FORMS
            .iter()
            .map(|(name, pattern, least, most)| {
                Ok(Form {
                    pattern: compile(name, pattern)?,
                    digits: *least..=*most,
                })
            })
            .collect::<Result<_, BrokenRule>>()?;
        Ok(Self {
            forms,
            survivors: compile("numbers that survive", SURVIVORS)?,
        })
    }

    /// Adds the phone numbers in a folded text.
    pub fn find(&self, text: &str, found: &mut Vec<Found>) {
        let mut hits = vec![];
        for form in &self.forms {
            for hit in form.pattern.captures_iter(text) {
                let Some(number) = hit.get(1) else { continue };
                let digits = number.as_str().bytes().filter(u8::is_ascii_digit).count();
                if form.digits.contains(&digits) && stands_alone(text, number.start(), number.end())
                {
                    hits.push(Found::new(Kind::Phone, number.start(), number.end()));
                }
            }
        }
        if hits.is_empty() {
            return;
        }
        hits.sort_by_key(|hit| hit.start);
        let mut survivors = self.survivors.find_iter(text).peekable();
        for hit in hits {
            while survivors.next_if(|one| one.end() <= hit.start).is_some() {}
            let plus = text.as_bytes().get(hit.start) == Some(&b'+');
            if plus || survivors.peek().is_none_or(|one| one.start() >= hit.end) {
                found.push(hit);
            }
        }
    }
}

/// Whether a number is not part of a longer number, an id, a path or an amount.
fn stands_alone(text: &str, start: usize, end: usize) -> bool {
    let marked = text[start..end].starts_with(['+', '(']);
    let mut before = text[..start].chars().rev();
    let free_before = match before.next() {
        None => true,
        Some(' ') => marked || before.next().is_none_or(|c| !c.is_ascii_digit()),
        Some(c) => !c.is_alphanumeric() && !"_-.+/#$€£,%@".contains(c),
    };
    let mut after = text[end..].chars();
    let free_after = match after.next() {
        None => true,
        Some('.' | '-' | ',' | '/' | ':' | ' ') => after.next().is_none_or(|c| !c.is_ascii_digit()),
        Some(c) => !c.is_alphanumeric() && !"_%€£$@".contains(c),
    };
    free_before && free_after
}

//! Personal data with a shape or a check digit: e-mail addresses, cards, IBANs.

use super::found::Found;
use super::kind::Kind;

/// Adds the e-mail addresses in a folded text. Unicode letters are allowed on both sides (RFC 6531).
pub fn emails(text: &str, found: &mut Vec<Found>) {
    let local = |c: char| c.is_alphanumeric() || ".!#$%&*+/=?^_{|}~-'".contains(c);
    let domain = |c: char| c.is_alphanumeric() || c == '-' || c == '.';
    for (at, _) in text.match_indices('@') {
        let start = text[..at]
            .char_indices()
            .rev()
            .take(64)
            .take_while(|(_, c)| local(*c))
            .last()
            .map_or(at, |(start, _)| start);
        let before = &text[start..at];
        let start = at
            - before
                .trim_start_matches(['.', '\'', '=', '/', '?', '&'])
                .len();
        let after = text[at + 1..]
            .char_indices()
            .take(253)
            .take_while(|(_, c)| domain(*c))
            .last()
            .map_or(at + 1, |(end, c)| at + 1 + end + c.len_utf8());
        let host = without_tail(text[at + 1..after].trim_end_matches(['.', '-']));
        if start < at && is_host(host) {
            found.push(Found::new(Kind::Email, start, at + 1 + host.len()));
        }
    }
}

/// `example.com-thanks` as `example.com`: no top-level name has a dash but an encoded one, so that whatever
/// follows a dash there is text that was written on without a space.
fn without_tail(host: &str) -> &str {
    let last = host.rfind('.').map_or(0, |dot| dot + 1);
    if is_host(host) {
        return host;
    }
    host[last..]
        .find('-')
        .map_or(host, |dash| &host[..last + dash])
}

fn is_host(host: &str) -> bool {
    let labels: Vec<&str> = host.split('.').collect();
    let last = labels.last().copied().unwrap_or_default();
    labels.len() >= 2
        && labels.iter().all(|label| !label.is_empty())
        && last.chars().count() >= 2
        && (last.starts_with("xn--") || last.chars().all(char::is_alphabetic))
}

/// Adds the payment card numbers in a folded text: known beginnings and lengths, and Luhn's check digit.
pub fn cards(text: &str, found: &mut Vec<Found>) {
    let groups = digit_groups(text);
    let mut covered = 0;
    for (first, group) in groups.iter().enumerate() {
        if group.start < covered || !free_before(text, group.start) {
            continue;
        }
        let mut digits = String::new();
        for (n, next) in groups[first..].iter().enumerate() {
            if n > 0 && !linked(text, groups[first + n - 1].end, next.start) {
                break;
            }
            digits.push_str(&text[next.start..next.end]);
            if digits.len() > 19 {
                break;
            }
            let grouped = n == 0 || card_groups(&groups[first..=first + n]);
            if grouped && free_after(text, next.end) && is_card(&digits) {
                found.push(Found::new(Kind::Card, group.start, next.end));
                covered = next.end;
                break;
            }
        }
    }
}

/// A run of digits.
struct Group {
    start: usize,
    end: usize,
}

fn digit_groups(text: &str) -> Vec<Group> {
    let mut groups: Vec<Group> = vec![];
    for (at, byte) in text.bytes().enumerate() {
        if !byte.is_ascii_digit() {
            continue;
        }
        match groups.last_mut() {
            Some(last) if last.end == at => last.end = at + 1,
            _ => groups.push(Group {
                start: at,
                end: at + 1,
            }),
        }
    }
    groups
}

/// Whether two groups belong to one number: a space or two, a dash or a point between them.
fn linked(text: &str, end: usize, start: usize) -> bool {
    matches!(&text[end..start], " " | "-" | "." | "  " | " - ")
}

/// The ways in which cards are printed: fours, 4-6-5, 4-6-4, or digit by digit.
fn card_groups(groups: &[Group]) -> bool {
    let sizes: Vec<usize> = groups.iter().map(|group| group.end - group.start).collect();
    let Some((last, fore)) = sizes.split_last() else {
        return false;
    };
    (fore.iter().all(|size| *size == 4) && *last <= 4)
        || sizes == [4, 6, 5]
        || sizes == [4, 6, 4]
        || sizes.iter().all(|size| *size == 1)
}

fn free_before(text: &str, at: usize) -> bool {
    text[..at]
        .chars()
        .next_back()
        .is_none_or(|c| !c.is_alphanumeric() && !"_-.".contains(c))
        || text[..at].ends_with(". ")
}

fn free_after(text: &str, at: usize) -> bool {
    let mut rest = text[at..].chars();
    match rest.next() {
        None => true,
        Some('.' | '-' | ',') => rest.next().is_none_or(|c| !c.is_ascii_digit()),
        Some(c) => !c.is_alphanumeric() && c != '_',
    }
}

fn is_card(digits: &str) -> bool {
    let start = |n: usize| {
        digits
            .get(..n)
            .and_then(|s| s.parse::<u32>().ok())
            .unwrap_or(0)
    };
    let known = match digits.len() {
        13 => start(1) == 4,
        14 => matches!(start(2), 30 | 36 | 38 | 39),
        15 => matches!(start(2), 34 | 37) || matches!(start(4), 1800 | 2131),
        16..=19 => matches!(start(1), 2..=6),
        _ => false,
    };
    known && luhn(digits)
}

/// Luhn's check (ISO/IEC 7812-1, annex B).
fn luhn(digits: &str) -> bool {
    let sum: u32 = digits
        .bytes()
        .rev()
        .enumerate()
        .map(|(n, byte)| {
            let digit = u32::from(byte - b'0') * if n % 2 == 1 { 2 } else { 1 };
            digit / 10 + digit % 10
        })
        .sum();
    sum.is_multiple_of(10)
}

/// Lengths of IBANs by country (ISO 13616, the SWIFT register).
const IBANS: &[(&str, usize)] = &[
    ("AD", 24),
    ("AE", 23),
    ("AL", 28),
    ("AT", 20),
    ("AZ", 28),
    ("BA", 20),
    ("BE", 16),
    ("BG", 22),
    ("BH", 22),
    ("BI", 27),
    ("BR", 29),
    ("BY", 28),
    ("CH", 21),
    ("CR", 22),
    ("CY", 28),
    ("CZ", 24),
    ("DE", 22),
    ("DJ", 27),
    ("DK", 18),
    ("DO", 28),
    ("EE", 20),
    ("EG", 29),
    ("ES", 24),
    ("FI", 18),
    ("FK", 18),
    ("FO", 18),
    ("FR", 27),
    ("GB", 22),
    ("GE", 22),
    ("GI", 23),
    ("GL", 18),
    ("GR", 27),
    ("GT", 28),
    ("HR", 21),
    ("HU", 28),
    ("IE", 22),
    ("IL", 23),
    ("IQ", 23),
    ("IS", 26),
    ("IT", 27),
    ("JO", 30),
    ("KW", 30),
    ("KZ", 20),
    ("LB", 28),
    ("LC", 32),
    ("LI", 21),
    ("LT", 20),
    ("LU", 20),
    ("LV", 21),
    ("LY", 25),
    ("MC", 27),
    ("MD", 24),
    ("ME", 22),
    ("MK", 19),
    ("MN", 20),
    ("MR", 27),
    ("MT", 31),
    ("MU", 30),
    ("NI", 28),
    ("NL", 18),
    ("NO", 15),
    ("OM", 23),
    ("PK", 24),
    ("PL", 28),
    ("PS", 29),
    ("PT", 25),
    ("QA", 29),
    ("RO", 24),
    ("RS", 22),
    ("RU", 33),
    ("SA", 24),
    ("SC", 31),
    ("SD", 18),
    ("SE", 24),
    ("SI", 19),
    ("SK", 24),
    ("SM", 27),
    ("SO", 23),
    ("ST", 25),
    ("SV", 28),
    ("TL", 23),
    ("TN", 24),
    ("TR", 26),
    ("UA", 29),
    ("VA", 22),
    ("VG", 24),
    ("XK", 20),
    ("YE", 30),
];

/// Adds the IBANs in a folded text whose check digits hold.
pub fn ibans(text: &str, found: &mut Vec<Found>) {
    let bytes = text.as_bytes();
    let mut covered = 0;
    for (at, window) in bytes.windows(4).enumerate() {
        let letters = window[0].is_ascii_alphabetic() && window[1].is_ascii_alphabetic();
        let begins = at == 0 || !bytes[at - 1].is_ascii_alphanumeric();
        if at < covered || !letters || !begins || !(window[2].is_ascii_digit() || window[2] == b' ')
        {
            continue;
        }
        let country = text[at..at + 2].to_ascii_uppercase();
        let Ok(index) = IBANS.binary_search_by_key(&country.as_str(), |(code, _)| code) else {
            continue;
        };
        if let Some(end) = iban_end(text, at, IBANS[index].1) {
            found.push(Found::new(Kind::Iban, at, end));
            covered = end;
        }
    }
}

fn iban_end(text: &str, start: usize, length: usize) -> Option<usize> {
    let mut plain = String::with_capacity(length);
    let mut gap = false;
    for (at, c) in text[start..].char_indices() {
        if c.is_ascii_alphanumeric() {
            plain.push(c.to_ascii_uppercase());
            gap = false;
        } else if matches!(c, ' ' | '-' | '.') && !gap {
            gap = true;
        } else {
            return None;
        }
        if plain.len() == length {
            let end = start + at + 1;
            let free = text[end..]
                .chars()
                .next()
                .is_none_or(|c| !c.is_alphanumeric());
            return (free && mod_97(&plain)).then_some(end);
        }
    }
    None
}

/// The check of ISO 7064, mod 97-10, as ISO 13616 uses it.
fn mod_97(plain: &str) -> bool {
    let moved = plain[4..].bytes().chain(plain[..4].bytes());
    let rest = moved.fold(0_u32, |rest, byte| match byte {
        b'0'..=b'9' => (rest * 10 + u32::from(byte - b'0')) % 97,
        _ => (rest * 100 + u32::from(byte - b'A') + 10) % 97,
    });
    rest == 1
}

//! Redaction by recogniser: what is found, what survives, and what never happens.

use countersign::agent::redaction::kind::Kind;
use countersign::agent::redaction::{Placeholders, Redacted, Redactor, restore};
use proptest::prelude::*;

fn redactor() -> &'static Redactor {
    static ONE: std::sync::OnceLock<Redactor> = std::sync::OnceLock::new();
    ONE.get_or_init(|| Redactor::new().unwrap())
}

pub fn redact(text: &str) -> Redacted {
    redactor().redact(text, &Placeholders::default())
}

/// Text that no scanner takes for a real key: letters and digits in a fixed order.
fn filler(length: usize) -> String {
    "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8s9T0"
        .chars()
        .cycle()
        .take(length)
        .collect()
}

fn hex(length: usize) -> String {
    "0a1b2c3d4e5f6789".chars().cycle().take(length).collect()
}

#[track_caller]
fn becomes(text: &str, expected: &str) {
    assert_eq!(redact(text).text, expected, "from: {text}");
}

#[track_caller]
fn survives(text: &str) {
    becomes(text, text);
}

#[test]
fn addresses_become_placeholders() {
    becomes(
        "write to jo.doe+news@mail.example.com.",
        "write to [EMAIL_1].",
    );
    becomes(
        "a@example.com, B@example.com, A@EXAMPLE.COM",
        "[EMAIL_1], [EMAIL_2], [EMAIL_1]",
    );
    becomes("<müller@bücher.example>", "<[EMAIL_1]>");
    becomes("jo\u{200B}@exam\u{AD}ple.com", "[EMAIL_1]");
    becomes("ｊｏ＠ｅｘａｍｐｌｅ．ｃｏｍ", "[EMAIL_1]");
    survives("meet me @ noon, @channel, a@b");
}

#[test]
fn phones_become_placeholders_in_many_forms() {
    for number in [
        "+49 30 1234567",
        "+49 (0)30 123 45 67",
        "+1 (415) 555-0132",
        "+33 6 12 34 56 78",
        "+34 612 345 678",
        "0049 30 1234567",
        "(415) 555-0132",
        "415-555-0132",
        "030/1234567",
        "0171 1234567",
        "06 12 34 56 78",
        "0612345678",
        "020 7946 0958",
        "612 345 678",
        "+442079460958",
        "415.555.0132 x123",
    ] {
        becomes(
            &format!("Call me on {number} today"),
            "Call me on [PHONE_1] today",
        );
    }
    becomes("Telefon: 4711 2233", "Telefon: [PHONE_1]");
    becomes("mobile 79461234", "mobile [PHONE_1]");
}

#[test]
fn cards_need_a_valid_check_digit() {
    becomes(
        "card 4242 4242 4242 4242 exp 12/27",
        "card [CARD_1] exp 12/27",
    );
    becomes(
        "4242-4242-4242-4242 and 4242424242424242",
        "[CARD_1] and [CARD_1]",
    );
    becomes("amex 3782 822463 10005", "amex [CARD_1]");
    becomes("12 4242 4242 4242 4242", "12 [CARD_1]");
    becomes("４２４２　４２４２　４２４２　４２４２", "[CARD_1]");
    survives("card 4242 4242 4242 4241");
    survives("order 1234567890123456");
}

#[test]
fn ibans_need_valid_check_digits() {
    becomes(
        "IBAN DE89 3704 0044 0532 0130 00, danke",
        "IBAN [IBAN_1], danke",
    );
    becomes("FR1420041010050500013M02606", "[IBAN_1]");
    becomes("es91 2100 0418 4502 0005 1332", "[IBAN_1]");
    survives("DE88 3704 0044 0532 0130 00");
}

#[test]
fn keys_of_providers_become_placeholders() {
    let keys = [
        format!("sk_live_{}", filler(24)),
        format!("rk_test_{}", filler(24)),
        format!("whsec_{}", filler(32)),
        format!("ghp_{}", filler(36)),
        format!("github_pat_{}", filler(60)),
        format!("glpat-{}", filler(20)),
        format!("xoxb-{}-{}", "123456789012", filler(24)),
        format!("AKIA{}", "A2B3C4D5E6F7G2H3"),
        format!("AIza{}", filler(35)),
        format!("sk-proj-{}", filler(48)),
        format!("sk-ant-api03-{}", filler(80)),
        format!("SG.{}.{}", filler(22), filler(43)),
        format!("SK{}", hex(32)),
        format!("npm_{}", filler(36)),
        format!("hf_{}", filler(34)),
        format!("dop_v1_{}", hex(64)),
        format!("shpat_{}", hex(32)),
        format!("NRAK-{}", "A1B2C3D4E5F6G7H8I9J0K1L2M3N"),
        format!("pypi-AgEIcHlwaS5vcmc{}", filler(60)),
        format!(
            "https://hooks.slack.com/services/T{}/B{}/{}",
            "A1B2C3D4E",
            "A1B2C3D4E",
            filler(24)
        ),
    ];
    for key in &keys {
        becomes(&format!("it is {key} there"), "it is [API_KEY_1] there");
        becomes(&format!("{{\"k\":\"{key}\"}}"), "{\"k\":\"[API_KEY_1]\"}");
    }
    becomes(
        "class sk-spinner-wave-container-large-animated",
        "class sk-spinner-wave-container-large-animated",
    );
}

#[test]
fn tokens_and_cookies_become_placeholders() {
    let jwt = format!("eyJ{}.eyJ{}.{}", filler(20), filler(40), filler(43));
    becomes(&format!("token {jwt}"), "token [TOKEN_1]");
    becomes(
        &format!("Authorization: Bearer {}", filler(30)),
        "Authorization: Bearer [TOKEN_1]",
    );
    becomes(
        "Authorization: Basic dXNlcjpwYXNzd29yZA==",
        "Authorization: Basic [TOKEN_1]",
    );
    becomes(
        "Cookie: session=abc123; theme=dark\nnext",
        "Cookie: [TOKEN_1]\nnext",
    );
    survives("the bearer of this letter is a customer");
}

#[test]
fn private_keys_go_as_a_block() {
    let block = |end: &str| {
        format!(
            "-----BEGIN RSA PRIVATE KEY-----\n{}\n{}\n{end}",
            filler(64),
            filler(64)
        )
    };
    becomes(
        &format!("a {} b", block("-----END RSA PRIVATE KEY-----")),
        "a [PRIVATE_KEY_1] b",
    );
    becomes(&block(""), "[PRIVATE_KEY_1]");
    survives("-----BEGIN PUBLIC KEY-----");
}

#[test]
fn passwords_go_after_a_label_in_four_languages() {
    becomes("password: hunter2!", "password: [PASSWORD_1]");
    becomes(
        "DB_PASSWORD=\"correct horse\" next",
        "DB_PASSWORD=\"[PASSWORD_1]\" next",
    );
    becomes(
        "my password is Tr0ub4dor, sorry",
        "my password is [PASSWORD_1], sorry",
    );
    becomes(
        "Mein Passwort für das Portal lautet Sommer2024",
        "Mein Passwort für das Portal lautet [PASSWORD_1]",
    );
    becomes("Mot de passe : soleil42", "Mot de passe : [PASSWORD_1]");
    becomes(
        "la contraseña es Verano_24",
        "la contraseña es [PASSWORD_1]",
    );
    becomes("{'pwd': 'x9y8z7'}", "{'pwd': '[PASSWORD_1]'}");
    becomes("pass\u{200B}word: hunter2", "password: [PASSWORD_1]");
    survives("my password is wrong and the password reset is not working");
    survives("Mein Passwort ist abgelaufen. Le mot de passe est faux. password: ********");
    survives("I bypass: nothing. The compass: north");
}

#[test]
fn a_password_that_stands_twice_in_a_text_has_one_placeholder() {
    becomes(
        "password: hunter2! and again password: hunter2! but pwd: other99",
        "password: [PASSWORD_1] and again password: [PASSWORD_1] but pwd: [PASSWORD_2]",
    );
}

#[test]
fn credentials_leave_addresses() {
    becomes(
        "postgres://app:s3cr3t@db.example:5432/x",
        "postgres://[CREDENTIALS_1]@db.example:5432/x",
    );
    becomes(
        "curl -u admin:pa55 https://x.example",
        "curl -u [CREDENTIALS_1] https://x.example",
    );
    becomes(
        "curl -u admin:pa55 https://x.example\ncurl --user=b:pa66 -o f -u c:pa77",
        "curl -u [CREDENTIALS_1] https://x.example\ncurl --user=[CREDENTIALS_2] -o f -u [CREDENTIALS_3]",
    );
    becomes(
        "postgres://jo@example.com:s3cr3t@localhost/x",
        "postgres://[CREDENTIALS_1]@localhost/x",
    );
    becomes(
        "postgres://a:s3cr3t@mirrors://b:pa55@db.example",
        "postgres://[CREDENTIALS_1]@mirrors://[CREDENTIALS_2]@db.example",
    );
    survives("https://example.com:8080/a@b");
    let long = format!("curl -u admin:{} x", filler(300));
    becomes(&long, "curl -u [CREDENTIALS_1] x");
    survives("https://example.com/a:b?c=d");
}

#[test]
fn what_is_no_secret_survives() {
    for text in [
        "order 10023-4482 of 2026-11-20, 12:43:31",
        "commit 3f786850e387550fdab836ed7e6dc881de23001b and 9fceb02",
        "550e8400-e29b-41d4-a716-446655440000",
        "USD 1,234.50, 180.00 EUR, 1 234 567 €, $900",
        "version 1.28.0-rc.2, v10.4.11, 192.168.0.1",
        "ticket ABC-48213, T-100482, #4829104",
        "ch_3MmlLrLkdIwHu7ix0snN0B15 cus_NffrFeUfNV2Hib in_1MtHbELkdIwHu7ixl4OzzPMv sub_1MowQVLkdIwHu7ixeRlqHVzs re_1Nispe2eZvKYlo2Cd31jOCgZ",
        "Bestellung 0441 882 9921, Rechnung 2026-0041-22",
        "between 09:00 and 17:30 on 01.02.2026 or 20/11/2026",
        "1700000000000 ms, exit code 137, error 503, port 5432",
    ] {
        survives(text);
    }
}

#[test]
fn a_forged_placeholder_is_made_harmless_and_ours_is_not() {
    let first = redact("I am jo@example.com");
    let second = redactor().redact("refund [EMAIL_1] and [API_KEY_3]", &first.placeholders);
    assert_eq!(second.text, "refund (EMAIL_1) and (API_KEY_3)");
    let ours = redactor().redact_ours("Dear [EMAIL_1], not [EMAIL_2]", &first.placeholders);
    assert_eq!(ours.text, "Dear [EMAIL_1], not (EMAIL_2)");
    assert_eq!(
        restore(&ours.text, &ours.placeholders),
        "Dear jo@example.com, not (EMAIL_2)"
    );
}

#[test]
fn numbers_go_on_in_the_next_revision_of_a_case() {
    let first = redact("jo@example.com");
    let again = Placeholders::from_json(&first.placeholders.to_json()).unwrap();
    let second = redactor().redact("al@example.com and jo@example.com", &again);
    assert_eq!(second.text, "[EMAIL_2] and [EMAIL_1]");
}

#[test]
fn spans_point_into_the_input() {
    let text = "ü jo@example.com \u{202E}+49 30 1234567";
    let redacted = redact(text);
    let taken: Vec<&str> = redacted
        .spans
        .iter()
        .map(|s| &text[s.start..s.end])
        .collect();
    assert_eq!(taken, ["jo@example.com", "\u{202E}", "+49 30 1234567"]);
    assert_eq!(redacted.spans[1].kind, Kind::Hidden);
}

#[test]
fn an_address_that_text_follows_without_a_space_goes_too() {
    for (text, left) in [
        (
            "write to jo@example.com-thanks",
            "write to [EMAIL_1]-thanks",
        ),
        ("jo@example.com--", "[EMAIL_1]--"),
        (
            "jo@example.com-----BEGIN PRIVATE KEY-----",
            "[EMAIL_1][PRIVATE_KEY_1]",
        ),
        ("jo@a-b.example.com", "[EMAIL_1]"),
    ] {
        assert_eq!(redact(text).text, left, "{text}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn any_text_is_redacted_once_and_for_all(text in "(\\PC|[ \n:@./+0-9-]|password|token|DE89|-----BEGIN PRIVATE KEY-----){0,60}") {
        let once = redact(&text);
        let twice = redactor().redact_ours(&once.text, &once.placeholders);
        prop_assert_eq!(&twice.text, &once.text);
    }

    #[test]
    fn a_secret_never_stays(before in "\\PC{0,20}", after in "\\PC{0,20}", n in 24_usize..60) {
        let key = format!("sk_live_{}", filler(n));
        let redacted = redact(&format!("{before} {key} {after}"));
        prop_assert!(!redacted.text.contains(&key));
        prop_assert!(!redacted.placeholders.to_json().contains(&key));
    }
}

use super::*;

fn found(detector: Detector, text: &str) -> Vec<&str> {
    find(text, &[detector]).into_iter().map(|(_, part)| &text[part]).collect()
}

#[track_caller]
fn check(detector: Detector, known: &[&str], unknown: &[&str]) {
    for text in known {
        assert_eq!(found(detector, text), [*text], "{}", detector.name());
        let inside = format!("see {text}, thanks");
        assert_eq!(found(detector, &inside), [*text], "{} in a sentence", detector.name());
    }
    for text in unknown {
        assert_eq!(found(detector, text), Vec::<&str>::new(), "{}", detector.name());
    }
}

#[test]
fn names_lead_back() {
    for detector in Detector::ALL {
        assert_eq!(Detector::from_name(detector.name()), Some(detector));
    }
}

#[test]
fn cards() {
    check(
        Detector::Card,
        &[
            "4111 1111 1111 1111",
            "4111-1111-1111-1111",
            "4111111111111111",
            "3782 822463 10005",
            "5555555555554444",
        ],
        &[
            "4111 1111 1111 1112",
            "1234 5678 9012 3452",
            "4111111111111111a",
            "0000 0000 0000 0000",
            "20240115103045",
            "1234-5678-9012-3456",
        ],
    );
    assert_eq!(found(Detector::Card, "12 4111 1111 1111 1111"), ["4111 1111 1111 1111"]);
    assert_eq!(found(Detector::Card, "4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1"), ["4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1"]);
}

#[test]
fn ibans() {
    check(
        Detector::Iban,
        &[
            "DE89 3704 0044 0532 0130 00",
            "GB82WEST12345698765432",
            "nl91abna0417164300",
            "FR14 2004 1010 0505 0001 3M02 606",
        ],
        &[
            "DE89 3704 0044 0532 0130 01",
            "DE8937040044053201300",
            "XX89 3704 0044 0532 0130 00",
            "GB82 WEST 1234",
        ],
    );
}

#[test]
fn national_numbers() {
    check(
        Detector::UsSsn,
        &["123-45-6789", "123 45 6789"],
        &[
            "000-12-3456",
            "666-12-3456",
            "900-12-3456",
            "123-00-4567",
            "123-45-0000",
            "123456789",
            "123.45.6789",
        ],
    );
    check(
        Detector::UkNino,
        &["AB 12 34 56 C", "AB123456C"],
        &["DB123456C", "AB123456E", "BG123456A", "AB12345C"],
    );
    check(
        Detector::DeTaxId,
        &["86 095 742 719", "47036892816", "65929970489"],
        &["86095742718", "01234567890", "12345678901", "11111111111"],
    );
    check(
        Detector::FrNir,
        &["2 55 08 14 168 025 38", "180126955222380"],
        &["180126955222381", "580126955222380"],
    );
    check(
        Detector::EsDni,
        &["12345678Z", "X1234567L", "12345678-Z"],
        &["12345678A", "X1234567Z", "1234567Z"],
    );
    check(Detector::NlBsn, &["111222333", "123456782"], &["123456789", "111222334"]);
    check(Detector::ChAhv, &["756.9217.0769.85", "7569217076985"], &["756.9217.0769.84", "757.9217.0769.85"]);
    check(
        Detector::ItCf,
        &["RSSMRA85T10A562S", "rssmra85t10a562s"],
        &["RSSMRA85T10A562T", "RSSMRA85Z10A562S"],
    );
    check(Detector::PlPesel, &["44051401359"], &["44051401358", "44991401359"]);
    check(Detector::BeRrn, &["85.07.30-033.28", "85073003328"], &["85073003329", "85133003328"]);
}

#[test]
fn secrets() {
    let key = "-----BEGIN RSA PRIVATE KEY-----\nMIIEow\n-----END RSA PRIVATE KEY-----";
    let web = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0In0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9P";
    check(
        Detector::Secret,
        &[
            key,
            "-----BEGIN OPENSSH PRIVATE KEY-----",
            web,
            "AKIAZ3EXAMPLE7KEY2QQ",
            "cha_Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4Zm9vYmFy",
            "xoxb-123456789012-abcdefABCDEF",
        ],
        &[
            "-----BEGIN PUBLIC KEY-----",
            "-----BEGIN CERTIFICATE-----",
            "eyJhbGci",
            "eyJmb28iOiJiYXIifQ.eyJzdWIiOiIxMjM0In0.dozjgNryP4J3jVmNHl0w",
            "AKIA",
            "AKIAXXXXXXXXXXXXXXXX",
            "cha_cha dance",
            "ghp_short",
            "subAKIAZ3EXAMPLE7KEY2QQ",
        ],
    );
}

#[test]
fn addresses_and_telephones() {
    check(
        Detector::Email,
        &["ann.lee@mail.example", "x+y@sub.domain.example"],
        &["@ann", "ann@host", "a@b.", "a@.example", "a @ b.example", "user@10.0.0.1"],
    );
    check(
        Detector::Phone,
        &[
            "+49 151 23456789",
            "+44 (0)20 7946 0958",
            "0041 44 668 18 00",
            "0151/23456789",
            "(555) 234-5678",
            "01 23 45 67 89",
        ],
        &[
            "0151234567",
            "10:30",
            "01.02.2026 10",
            "2026-03-01",
            "1.200.300",
            "v1.2.3",
            "12345678",
            "#0151 2345678",
        ],
    );
}

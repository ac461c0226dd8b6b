//! The link that turns mails off, as mail programs and strangers use it. What it does with a token of ours is told beside the code.

use chancery_protocol::problem::Problem;
use chancery_tests::house::House;
use chancery_tests::on_both_databases;
use chancery_tests::visitor::http;
use reqwest::{Method, RequestBuilder, Response};

/// As long as a token, and not of this house.
const FOREIGN: &str = "AQEHBwcHBwcHBwcHBwcHBwcHxV1-_yJ8o0s1mTq2pWc9aA";

fn request(house: &House, method: Method, token: &str) -> RequestBuilder {
    http().request(method, format!("http://{}/mail/off/{token}", house.server.address()))
}

async fn one_click(house: &House, token: &str) -> Response {
    let form =
        request(house, Method::POST, token).header("content-type", "application/x-www-form-urlencoded");
    form.body("List-Unsubscribe=One-Click").send().await.unwrap()
}

on_both_databases! {
    async fn nobody_turns_off_mails_with_a_token_that_was_not_given(kind) {
        let house = House::with_people(kind, 1).await;
        for token in [FOREIGN, &FOREIGN[1..], "x", "%2e%2e", &"A".repeat(4_000)] {
            let answer = one_click(&house, token).await;
            assert_eq!(answer.status(), 404, "{token:.60}");
            assert_eq!(answer.json::<Problem>().await.unwrap().code, "not_found");
        }
        // Without the words of RFC 8058 it is somebody who follows links.
        for body in ["", "One-Click", &"x".repeat(200_000)] {
            let answer = request(&house, Method::POST, FOREIGN).body(body.to_owned()).send().await.unwrap();
            assert_eq!(answer.status(), 400, "{body:.20}");
        }
        assert_eq!(house.connect(0).await.hello.preferences.revision, 0);
        assert!(!house.server.log().contains(FOREIGN), "whoever reads the log could use it");
    }

    async fn looking_at_the_link_shows_the_client(kind) {
        let house = House::with_people(kind, 0).await;
        for method in [Method::GET, Method::HEAD] {
            let answer = request(&house, method.clone(), FOREIGN).send().await.unwrap();
            assert_eq!(answer.status(), 200, "{method}");
            assert_eq!(answer.headers()["content-type"], "text/html; charset=utf-8");
            assert_eq!(answer.headers()["referrer-policy"], "no-referrer");
        }
    }
}

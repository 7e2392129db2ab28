"""What a session says of its browser: two words that many people share."""

import pytest

from copapp.domain.browser import browser_words

_KIT = "AppleWebKit/537.36 (KHTML, like Gecko)"


@pytest.mark.parametrize(
    ("user_agent", "words"),
    [
        (f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {_KIT} Chrome/131.0 Safari/537.36", "Chrome, Windows"),
        (f"Mozilla/5.0 (Windows NT 10.0) {_KIT} Chrome/131.0 Safari/537.36 Edg/131.0", "Edge, Windows"),
        (
            f"Mozilla/5.0 (Linux; Android 14; SM-S918B) {_KIT} SamsungBrowser/25.0 Chrome/121.0 Mobile",
            "Samsung Internet, Android",
        ),
        ("Mozilla/5.0 (Android 14; Mobile; rv:133.0) Gecko/133.0 Firefox/133.0", "Firefox, Android"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1 Safari/604.1",
            "Safari, iPhone",
        ),
        (
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1 Version/18.1 Safari/605.1",
            "Safari, macOS",
        ),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0", "Firefox, Linux"),
        ("curl/8.5 <script>dana@example.org</script>", ""),
        ("", ""),
    ],
)
def test_a_browser_is_family_and_system_and_nothing_that_it_said(user_agent: str, words: str) -> None:
    assert browser_words(user_agent) == words

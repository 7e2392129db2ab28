"""Codes of an authenticator app, by the examples of RFC 6238, appendix B."""

from datetime import UTC, datetime, timedelta

import pytest

from copapp.domain.totp import code_at, set_up_link, step_at, step_of

SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"  # 12345678901234567890
NOW = datetime(2024, 2, 12, 4, 0, tzinfo=UTC)
HALF_A_MINUTE = timedelta(seconds=30)


@pytest.mark.parametrize(
    ("seconds", "code"),
    [
        (59, "287082"),
        (1_111_111_109, "081804"),
        (1_111_111_111, "050471"),
        (1_234_567_890, "005924"),
        (2_000_000_000, "279037"),
        (20_000_000_000, "353130"),
    ],
)
def test_a_code_is_that_of_its_half_minute(seconds: int, code: str) -> None:
    now = datetime.fromtimestamp(seconds, UTC)

    assert code_at(SECRET, step_at(now)) == code
    assert step_of(SECRET, f"{code[:3]} {code[3:]}", now) == seconds // 30


def test_a_code_is_good_half_a_minute_early_or_late_and_once() -> None:
    step = step_at(NOW)
    code = code_at(SECRET, step)

    assert [step_of(SECRET, code, NOW + each * HALF_A_MINUTE) for each in range(-2, 3)] == [
        0,
        step,
        step,
        step,
        0,
    ]
    assert [step_of(SECRET, code, NOW, after) for after in (step - 1, step, step + 1)] == [step, 0, 0]
    assert [step_of(SECRET, each, NOW) for each in ("", "000000", "é", code * 2)] == [0] * 4


def test_an_app_reads_whose_key_it_is() -> None:
    assert set_up_link(SECRET, "aigul@example.org", "CMS COP14") == (
        f"otpauth://totp/CMS%20COP14%3Aaigul%40example.org?secret={SECRET}&issuer=CMS%20COP14"
    )

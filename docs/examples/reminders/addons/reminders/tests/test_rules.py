"""When to remind, how a message is signed, and which addresses are called."""

from __future__ import annotations

from datetime import date, timedelta
from ipaddress import IPv4Address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from addons.reminders.errors import BadAddressError
from addons.reminders.rules import host_and_port, is_public, is_signed, is_time, signature

SECRET = st.binary(min_size=1, max_size=64)
BODY = st.binary(max_size=200)
NOW = st.integers(0, 2**40)


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(0, 90))
def test_the_first_day_of_reminding_is_so_many_days_before(due_on: date, before: int) -> None:
    first = due_on - timedelta(days=before)
    assert is_time(due_on, before, first)
    assert not is_time(due_on, before, first - timedelta(days=1))
    assert is_time(due_on, before, due_on + timedelta(days=400))


@given(SECRET, NOW, BODY, st.integers(-300, 300))
def test_what_we_sign_is_taken_for_ours_while_it_is_fresh(
    secret: bytes, now: int, body: bytes, later: int
) -> None:
    header = signature(secret, now, body)
    assert is_signed(secret, header, body, now=now + later)
    assert not is_signed(secret, header, body, now=now + 301)
    assert not is_signed(secret, header, body, now=now - 301)


@given(SECRET, NOW, BODY, BODY, SECRET, NOW)
def test_another_body_secret_or_time_is_not(
    secret: bytes, now: int, body: bytes, other: bytes, key: bytes, then: int
) -> None:
    header = signature(secret, now, body)
    assert is_signed(secret, header, other, now=now) is (other == body)
    shifted = header.replace(f"t={now},", f"t={then},")
    assert is_signed(secret, shifted, body, now=then) is (then == now)
    # HMAC fills a short key with zeros (RFC 2104), so those two are one key.
    if key.rstrip(b"\0") != secret.rstrip(b"\0"):
        assert not is_signed(key, header, body, now=now)


@given(st.text(max_size=90))
def test_no_header_makes_the_receiver_fall(said: str) -> None:
    assert not is_signed(b"secret", said, b"{}", now=0)


@pytest.mark.parametrize(
    "said",
    [
        "127.0.0.1",
        "127.255.255.254",
        "0.0.0.0",
        "10.1.2.3",
        "172.16.0.1",
        "172.31.255.255",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "192.0.2.1",
        "198.18.0.1",
        "203.0.113.9",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "::1",
        "::",
        "fe80::1",
        "fe80::1%eth0",
        "fc00::1",
        "fd12:3456::1",
        "ff02::1",
        "2001:db8::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "64:ff9b::7f00:1",
        "64:ff9b::a00:1",
        "2002:7f00:1::",
        "2001:0:4136:e378:8000:63bf:3fff:fdd2",
    ],
)
def test_addresses_of_a_machine_or_a_house_are_not_public(said: str) -> None:
    assert not is_public(said)


@pytest.mark.parametrize("said", ["8.8.8.8", "190.85.1.1", "2800:3f0::1", "::ffff:8.8.8.8"])
def test_addresses_of_the_network_are(said: str) -> None:
    assert is_public(said)


@given(st.integers(0, 2**32 - 1).map(IPv4Address))
def test_an_address_mapped_into_the_new_protocol_is_judged_as_itself(address: IPv4Address) -> None:
    assert is_public(f"::ffff:{address}") is is_public(str(address))


@pytest.mark.parametrize(
    "url",
    [
        "",
        "ftp://example.com/",
        "file:///etc/passwd",
        "gopher://example.com:70/",
        "//example.com/",
        "https://",
        "https://example.com:99999/",
        "https://user:pass@example.com/",
        "http://[::1/",
    ],
)
def test_only_plain_addresses_of_the_web_are_called(url: str) -> None:
    with pytest.raises(BadAddressError):
        host_and_port(url)


def test_the_port_is_that_of_the_scheme_or_the_one_written() -> None:
    assert host_and_port("https://Example.com/x?y=1") == ("example.com", 443)
    assert host_and_port("http://[2800:3f0::1]:8080/") == ("2800:3f0::1", 8080)

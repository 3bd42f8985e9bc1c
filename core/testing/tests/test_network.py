from __future__ import annotations

import socket
import urllib.error
import urllib.request
from contextlib import closing

import pytest

from core.testing.keys import GUARD
from core.testing.network import NetworkForbiddenError, is_local
from core.testing.services import free_port


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.0.1", "::1", "localhost", "", None, b"::1"])
def test_this_machine_is_local(host: object) -> None:
    assert is_local(host)


@pytest.mark.parametrize(
    "host", ["8.8.8.8", "dian.gov.co", b"dian.gov.co", "10.0.0.1", "192.168.1.9", "2001:db8::1"]
)
def test_any_other_is_not(host: object) -> None:
    assert not is_local(host)


def test_a_connection_to_the_world_is_refused(pytestconfig: pytest.Config) -> None:
    with closing(socket.socket()) as way, pytest.raises(NetworkForbiddenError, match=r"192\.0\.2"):
        way.connect(("192.0.2.1", 80))
    with pytest.raises(NetworkForbiddenError, match=r"example\.org"):
        urllib.request.urlopen("http://example.org/", timeout=1)
    # Known and expected: do not fail this test for it.
    assert pytestconfig.stash[GUARD].take_attempts() == ["192.0.2.1", "example.org"]


def test_a_datagram_to_the_world_is_refused(pytestconfig: pytest.Config) -> None:
    kind = socket.SOCK_DGRAM
    with closing(socket.socket(type=kind)) as way, pytest.raises(NetworkForbiddenError):
        way.sendto(b"?", ("192.0.2.1", 53))
    assert pytestconfig.stash[GUARD].take_attempts() == ["192.0.2.1"]


@pytest.mark.services
def test_this_machine_can_be_reached() -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        socket.create_connection(server.getsockname(), timeout=1).close()
    with pytest.raises(urllib.error.URLError, match="refused"):
        urllib.request.urlopen(f"http://localhost:{free_port()}/", timeout=1)

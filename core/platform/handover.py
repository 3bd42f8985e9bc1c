"""Hands listening sockets to a child process, and tells it when to stop.

The supervisor keeps the sockets open, so while one child follows another the kernel keeps whoever
knocks waiting in the same queue. The child's standard input is the line between the two: when it
ends, the supervisor is gone and the child stops too.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from base64 import b64decode, b64encode
from collections.abc import Callable, Sequence
from contextlib import suppress
from threading import Thread
from typing import Final

_ENVIRONMENT: Final = "GUADUA_INHERITED_SOCKETS"
_STOP: Final = b"stop\n"
#: Connections that may wait for a child.
BACKLOG: Final = 1024


def listen_on(host: str, port: int) -> socket.socket:
    """Open a listening socket that survives the children who serve it."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    opened = socket.socket(family, socket.SOCK_STREAM)
    if sys.platform == "win32":  # pragma: no cover - runs on Windows tills
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
    else:
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        opened.bind((host, port))
        opened.listen(BACKLOG)
    except OSError:
        opened.close()
        raise
    return opened


def start(command: Sequence[str], sockets: Sequence[socket.socket]) -> subprocess.Popen[bytes]:
    """Start a child that can take ``sockets`` over with ``received_sockets``."""
    environment = dict(os.environ)
    if sys.platform == "win32":  # pragma: no cover - runs on Windows tills
        environment[_ENVIRONMENT] = f"shared:{len(sockets)}"
        child = subprocess.Popen(command, stdin=subprocess.PIPE, env=environment)  # noqa: S603
        if child.stdin is not None:
            for each in sockets:
                child.stdin.write(b64encode(each.share(child.pid)) + b"\n")
            child.stdin.flush()
        return child
    numbers = [each.fileno() for each in sockets]
    environment[_ENVIRONMENT] = "numbers:" + ",".join(map(str, numbers))
    return subprocess.Popen(  # noqa: S603 - our own interpreter with our own module
        command, stdin=subprocess.PIPE, env=environment, pass_fds=numbers
    )


def ask_to_stop(child: subprocess.Popen[bytes]) -> None:
    """Ask a child to finish what it has begun and end; asking a dead one is fine."""
    line = child.stdin
    if line is None or line.closed:
        return
    with suppress(OSError):  # it is gone already
        line.write(_STOP)
        line.flush()


def hang_up(child: subprocess.Popen[bytes]) -> None:
    """Close the line to a child that ended."""
    if child.stdin is not None:
        with suppress(OSError):
            child.stdin.close()


def received_sockets() -> list[socket.socket]:
    """Take over what the supervisor handed to this process."""
    kind, _, said = os.environ.pop(_ENVIRONMENT, "").partition(":")
    if sys.platform == "win32" and kind == "shared":  # pragma: no cover - runs on Windows tills
        lines = (sys.stdin.buffer.readline() for _ in range(int(said)))
        return [socket.fromshare(b64decode(line)) for line in lines]
    if kind != "numbers" or not said:
        return []
    return [socket.socket(fileno=int(number)) for number in said.split(",")]


def when_told_to_stop(stop: Callable[[], None]) -> None:
    """Call ``stop`` in a thread of its own once the supervisor asks for it, or is gone."""

    def wait() -> None:
        # Straight from the descriptor: a buffered reader would hold its lock over a fork.
        while True:
            said = os.read(0, 64)
            if not said or _STOP.strip() in said:
                stop()
                return

    Thread(target=wait, name="supervisor-line", daemon=True).start()


def stop_this_process() -> None:
    """Make this process end as its server ends it: gracefully."""
    os.kill(os.getpid(), signal.SIGTERM)

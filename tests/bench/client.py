"""One till as a process of its own: sends prepared requests on one connection and times them.

Only the standard library and no work between two requests, so that what is measured is the
server. Usage: ``client.py PORT SECONDS FILE`` with the headers in the first line of FILE and one
request body per line after it; writes one JSON object.
"""

from __future__ import annotations

import json
import socket
import sys
from pathlib import Path
from time import monotonic, perf_counter, process_time

_PATH = "/pos/api/v1/sync"


def main(port: int, seconds: float, file: Path) -> None:
    """Send until the time or the requests are over."""
    head, *bodies = file.read_bytes().splitlines()
    headers = "".join(f"{name}: {value}\r\n" for name, value in json.loads(head).items())
    start = f"POST {_PATH} HTTP/1.1\r\n{headers}Content-Type: application/json\r\n"
    taken: list[float] = []
    failed: list[str] = []
    busy, until = process_time(), monotonic() + seconds
    with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for body in bodies:
            if monotonic() >= until:
                break
            request = f"{start}Content-Length: {len(body)}\r\n\r\n".encode() + body
            begin = perf_counter()
            connection.sendall(request)
            answer = _answer(connection)
            taken.append((perf_counter() - begin) * 1000)
            if b'"status":"stored"' not in answer:
                failed.append(answer[-300:].decode(errors="replace"))
    busy = process_time() - busy
    sys.stdout.write(json.dumps({"taken": taken, "failed": failed, "busy": busy}))


def _answer(connection: socket.socket) -> bytes:
    """Read one answer to its announced end."""
    found = b""
    while b"\r\n\r\n" not in found:
        found += _more(connection)
    head, _, rest = found.partition(b"\r\n\r\n")
    length = next(
        int(line.split(b":")[1])
        for line in head.split(b"\r\n")
        if line.lower().startswith(b"content-length")
    )
    while len(rest) < length:
        rest += _more(connection)
    return rest


def _more(connection: socket.socket) -> bytes:
    part = connection.recv(65536)
    if not part:
        raise ConnectionError("the server hung up")
    return part


if __name__ == "__main__":
    main(int(sys.argv[1]), float(sys.argv[2]), Path(sys.argv[3]))

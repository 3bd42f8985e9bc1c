"""One person in a browser as a process of its own: asks for pages on one connection and counts.

Only the standard library. Usage: ``pages.py PORT FILE`` with the headers in the first line of FILE
and one path per line after it; asks in turn until standard input ends, then writes one JSON object.
"""

from __future__ import annotations

import json
import sys
from http.client import HTTPConnection
from pathlib import Path
from threading import Thread
from time import perf_counter


def main(port: int, file: Path) -> None:
    """Ask until told to stop."""
    head, *paths = file.read_text().splitlines()
    headers = json.loads(head)
    taken: list[float] = []
    failed: list[str] = []
    told = Thread(target=sys.stdin.read, daemon=True)
    told.start()
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    while told.is_alive():
        path = paths[len(taken) % len(paths)]
        begin = perf_counter()
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        body = answer.read()
        taken.append((perf_counter() - begin) * 1000)
        if answer.status != 200 or not body:
            failed.append(f"{path}: {answer.status}")
    sys.stdout.write(json.dumps({"taken": taken, "failed": failed}))


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))

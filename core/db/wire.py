"""Many statements in one packet: PostgreSQL's pipeline on a connection that psycopg opened.

psycopg's own pipeline sends each statement as it comes, a packet and a wake-up of the server
apiece; a sale has thirty. Here they are queued, leave together when something is waited for, and
cost the program a quarter. Statements used again are prepared, as psycopg does.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Generator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import psycopg
from psycopg import pq
from psycopg._preparing import PrepareManager
from psycopg.adapt import AdaptersMap, PyFormat, Transformer
from psycopg.types.numeric import Int8BinaryDumper
from psycopg.waiting import Ready, Wait

#: A statement is prepared when it comes for this time: shapes that never come again are not kept.
PREPARED_AT: Final = 3
#: Statements remembered by one connection; the one not used for longest is given up.
KEPT: Final = 200

_Key = tuple[str, tuple[int, ...]]
_GOOD: Final = frozenset({pq.ExecStatus.COMMAND_OK, pq.ExecStatus.TUPLES_OK})


class _Lasting(PrepareManager):
    """What psycopg prepared outlives a ROLLBACK: the application's role changes no schema.

    Otherwise every session that ends without a commit makes the server forget all statements of
    the connection, ours too.
    """

    def clear(self) -> bool:
        """Keep them."""
        return False


def keep_prepared(connection: Any, _record: object = None) -> None:
    """Let a new connection keep its prepared statements for as long as it lives."""
    connection._prepared = _Lasting()  # noqa: SLF001 - psycopg offers no setting for it


class Statements:
    """What one connection has prepared: it lives as long as the connection."""

    def __init__(self) -> None:
        #: How often a statement came, or the name it is prepared under.
        self._known: OrderedDict[_Key, int | bytes] = OrderedDict()
        self._minted = 0

    def come(self, key: _Key) -> tuple[bytes, bool]:
        """Give the name to run it under, empty for none, and whether it must be prepared now."""
        known = self._known.pop(key, 0)
        if isinstance(known, bytes):
            self._known[key] = known
            return known, False
        if known + 1 < PREPARED_AT:
            self._known[key] = known + 1
            return b"", False
        self._minted += 1
        self._known[key] = name = f"g{self._minted}".encode()
        return name, True

    def surplus(self) -> list[bytes]:
        """Forget what is too much, and name what the server may forget too."""
        gone = [self._known.popitem(last=False)[1] for _ in range(len(self._known) - KEPT)]
        return [name for name in gone if isinstance(name, bytes)]

    def forget(self, key: _Key) -> None:
        """Count anew: the server did not get to prepare it."""
        self._known.pop(key, None)


@dataclass(frozen=True, slots=True)
class _Wide:
    """psycopg's adapters with every whole number as int8.

    It would choose the narrowest type for each value, and every mix of types is a statement to
    prepare again.
    """

    connection: psycopg.Connection[Any]

    @property
    def adapters(self) -> AdaptersMap:
        """Give the adapters."""
        return _ADAPTERS


_ADAPTERS: Final = AdaptersMap(psycopg.adapters)
_ADAPTERS.register_dumper(int, Int8BinaryDumper)


class Reply:
    """What a queued statement will answer; readable after the next ``exchange``."""

    __slots__ = ("rows",)

    def __init__(self) -> None:
        self.rows: list[tuple[Any, ...]] = []

    def first(self) -> tuple[Any, ...] | None:
        """Give the first row, if there is one."""
        return self.rows[0] if self.rows else None


class Wire:
    """One pipeline: ``send`` only queues, ``exchange`` is the trip."""

    def __init__(self, connection: psycopg.Connection[Any], statements: Statements) -> None:
        self._connection = connection
        self._pgconn = connection.pgconn
        self._statements = statements
        self._transformer = Transformer(_Wide(connection))
        self._waiting: list[tuple[Reply | None, _Key | None]] = []
        self._pgconn.enter_pipeline_mode()

    def send(self, sql: str, values: Sequence[Any] = ()) -> Reply:
        """Queue one statement with ``$1``… for its values."""
        binder = self._transformer
        bound = binder.dump_sequence(values, [PyFormat.AUTO] * len(values)) if values else None
        types, formats = (binder.types, binder.formats) if bound else ((), None)
        key = sql, tuple(types or ())
        name, fresh = self._statements.come(key)
        if fresh:
            self._pgconn.send_prepare(name, sql.encode(), types)
            self._waiting.append((None, key))
        if name:
            self._pgconn.send_query_prepared(name, bound, formats)
        else:
            self._pgconn.send_query_params(sql.encode(), bound, types, formats)
        self._waiting.append((reply := Reply(), None))
        return reply

    def exchange(self) -> None:
        """Send what is queued and read every answer; raises the first error among them."""
        for name in self._statements.surplus():
            self._pgconn.send_query_params(b"DEALLOCATE " + name, None)
            self._waiting.append((None, None))
        self._pgconn.pipeline_sync()
        waiting, self._waiting = self._waiting, []
        error = self._connection.wait(self._answers(waiting))
        if error is not None:
            raise error

    def close(self) -> None:
        """Leave the pipeline; what was queued and never exchanged is read and dropped."""
        if self._connection.closed:
            return
        if self._waiting:
            self.exchange()
        self._pgconn.exit_pipeline_mode()

    def _answers(
        self, waiting: list[tuple[Reply | None, _Key | None]]
    ) -> Generator[Wait, Ready | int, psycopg.Error | None]:
        pgconn = self._pgconn
        while pgconn.flush():
            if (yield Wait.RW) & Ready.R:
                pgconn.consume_input()
        error: psycopg.Error | None = None
        for reply, prepared in waiting:
            while result := (yield from self._result()):
                if result.status in _GOOD:
                    self._read(result, reply)
                    continue
                if prepared is not None:
                    self._statements.forget(prepared)
                if error is None and result.status != pq.ExecStatus.PIPELINE_ABORTED:
                    error = psycopg.errors.error_from_result(result)
        yield from self._result()
        return error

    def _result(self) -> Generator[Wait, Ready | int, Any]:
        while self._pgconn.is_busy():
            yield Wait.R
            self._pgconn.consume_input()
        return self._pgconn.get_result()

    def _read(self, result: Any, reply: Reply | None) -> None:
        if reply is not None and result.ntuples:
            self._transformer.set_pgresult(result)
            reply.rows = self._transformer.load_rows(0, result.ntuples, tuple)


def statements_of(info: dict[Any, Any]) -> Statements:
    """Give the statements of a pooled connection, kept in what the pool remembers of it."""
    known: Statements = info.setdefault("guadua_statements", Statements())
    return known

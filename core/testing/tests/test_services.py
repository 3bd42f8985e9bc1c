from __future__ import annotations

import threading
from pathlib import Path

import psycopg
import pytest
import redis
from sqlalchemy import URL

from core.testing import services
from core.testing.services import Missing, ServiceError


def test_only_the_first_process_of_a_run_does_the_work(tmp_path: Path) -> None:
    done: list[str] = []

    def work() -> str:
        done.append("once")
        return "the answer"

    answers: list[str] = []
    threads = [
        threading.Thread(target=lambda: answers.append(services.once(tmp_path, "it", work)))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert done == ["once"]
    assert answers == ["the answer"] * 4


def test_work_that_failed_may_be_tried_again(tmp_path: Path) -> None:
    def fail() -> str:
        raise ServiceError("no luck")

    with pytest.raises(ServiceError, match="no luck"):
        services.once(tmp_path, "it", fail)
    assert services.once(tmp_path, "it", lambda: "now") == "now"


def test_nobody_waits_for_ever_for_work_that_hangs(tmp_path: Path) -> None:
    (tmp_path / "it.claim").mkdir()
    with pytest.raises(ServiceError, match="not ready after 0 s"):
        services.once(tmp_path, "it", lambda: "", wait=0)


@pytest.mark.services
def test_a_named_postgres_that_does_not_answer_is_not_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = services.free_port()
    named = f"postgresql://postgres@127.0.0.1:{port}/postgres"
    monkeypatch.setenv("GUADUA_TEST_DATABASE_URL", named)
    with pytest.raises(ServiceError, match="GUADUA_TEST_DATABASE_URL does not answer"):
        services.find_postgres(tmp_path)


@pytest.mark.services
def test_a_named_redis_that_does_not_answer_is_not_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GUADUA_TEST_REDIS_URL", f"redis://127.0.0.1:{services.free_port()}/0")
    with pytest.raises(redis.ConnectionError):
        services.find_redis(tmp_path)


def test_what_is_not_installed_is_missing_with_a_way_to_get_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", str(tmp_path))
    monkeypatch.setattr(services, "_download_chromium", lambda: "no network")
    assert services.find_xmlsec1() == Missing("xmlsec1", "apt-get install xmlsec1")
    browser = services.find_chromium(tmp_path)
    assert browser == Missing("Chromium", "apt-get install chromium; no network")
    with pytest.raises(ServiceError, match="redis-server is not installed"):
        services.own_redis(tmp_path).__enter__()


def test_a_browser_that_playwright_keeps_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = tmp_path / "chromium-1200" / "chrome-linux" / "chrome"
    kept.parent.mkdir(parents=True)
    kept.touch()
    monkeypatch.setenv("PATH", "")
    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", str(tmp_path))
    assert services.find_chromium(tmp_path) == kept


@pytest.mark.redis
def test_a_redis_of_ones_own_can_be_flushed_and_is_gone_afterwards(
    tmp_path: Path, redis_url: str
) -> None:
    with (
        services.own_redis(tmp_path) as server,
        redis.Redis.from_url(server.url) as mine,
        redis.Redis.from_url(redis_url) as other,
    ):
        other.set("kept", "yes")
        mine.set("kept", "no")
        mine.flushall()
        assert other.get("kept") == b"yes"
        other.delete("kept")
    with redis.Redis.from_url(server.url) as gone, pytest.raises(redis.ConnectionError):
        gone.ping()


@pytest.mark.services
def test_without_any_server_one_is_started_and_stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("GUADUA_TEST_DATABASE_URL", raising=False)
    reached = services._reached

    def only_started(url: URL, origin: str, *stop: object) -> services.PostgresServer:
        if origin == "127.0.0.1:5432":
            raise ServiceError("as if nobody were there")
        return reached(url, origin, *stop)  # type: ignore[arg-type]

    monkeypatch.setattr(services, "_reached", only_started)
    server = services.find_postgres(tmp_path)
    assert server.origin == "started for this run"
    with server.connect() as connection:
        assert connection.execute("SELECT 41 + 1").fetchone() == (42,)
    server.stop()
    with pytest.raises(psycopg.OperationalError):
        server.connect()

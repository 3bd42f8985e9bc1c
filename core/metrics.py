"""What operators watch: figures for Prometheus, never with a business's name or data in them."""

from __future__ import annotations

from typing import Final

from prometheus_client import REGISTRY, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

REQUESTS: Final = Histogram(
    "guadua_request_seconds",
    "Time to answer a request, by endpoint, method and status.",
    ("endpoint", "method", "status"),
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.4, 0.8, 1.6, 5),
)
SALES: Final = Counter(
    "guadua_sales_total",
    "Sales written, by origin (live, printed) and answer.",
    ("origin", "answer"),
)
OUTBOX_DEPTH: Final = Gauge("guadua_outbox_waiting", "Events that wait, by queue.", ("queue",))
OUTBOX_AGE: Final = Gauge(
    "guadua_outbox_oldest_seconds",
    "How long the event due first has been due, by queue.",
    ("queue",),
)
WORKER_OUTCOMES: Final = Counter(
    "guadua_worker_deliveries_total",
    "What came of deliveries: done, later, failed, parked, dead.",
    ("queue", "outcome"),
)
SCHEDULE_RUNS: Final = Counter(
    "guadua_schedule_runs_total", "Runs of schedules, by schedule and outcome.", ("name", "outcome")
)


def exposition() -> tuple[bytes, str]:
    """Give the body and the content type of ``/metrics``."""
    return generate_latest(REGISTRY), CONTENT_TYPE_LATEST

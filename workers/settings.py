"""How we use Celery: as a doorbell. What a lost message loses is told again by the database."""

from __future__ import annotations

from typing import Any


def settings(redis_url: str) -> dict[str, Any]:
    """`unix://` is redis-py's spelling; Celery wants `redis+socket://`."""
    broker = "redis+socket://" + redis_url.removeprefix("unix://") if redis_url.startswith("unix://") else redis_url
    return {
        "broker_url": broker or "redis://127.0.0.1:6379/0",
        # without emulated acks a worker survives its broker (with them it exits when Redis dies while a
        # message is unacknowledged); messages that are lost are dispatched again
        "broker_transport_options": {"ack_emulation": False, "health_check_interval": 25},
        "broker_connection_retry_on_startup": True,
        "broker_connection_max_retries": None,
        "task_ignore_result": True,
        "task_acks_late": False,
        "task_serializer": "json",
        "accept_content": ["json"],
        "worker_prefetch_multiplier": 0,  # a message that waits for its second must not block the next
        "worker_soft_shutdown_timeout": 40.0,
        "worker_hijack_root_logger": False,
        "worker_send_task_events": False,
        "timezone": "UTC",
        "enable_utc": True,
    }

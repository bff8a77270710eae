"""How Celery is set up, each setting with its reason. No Celery is imported here."""

from __future__ import annotations

from typing import Any

from crawler.config import Config

#: Queues by the kind of work. A worker of "crawl", "backfill" or "alert" starts processes of its own or waits for the
#: network, so it runs threads; "read" computes in this interpreter, so it forks.
QUEUES = ("crawl", "read", "backfill", "alert")
THREADED = frozenset({"crawl", "backfill", "alert"})
#: Seconds in which a batch of articles is read; a batch of 32 takes one to three.
READ_LIMIT = 600
#: Seconds that a worker has after a request to stop.
GRACE = 60


def celery_settings(config: Config) -> dict[str, Any]:
    """Celery's settings for this installation."""
    longest = max(config.crawl_seconds, READ_LIMIT)
    return {
        "broker_url": config.broker_url,
        # A message that is not acknowledged within this time goes to another worker. Longer than the longest task,
        # or a long crawl would be invited twice (the second finds it claimed: harmless, but a slot is lost). Short
        # times gain nothing: work of a killed worker is invited again by the dispatcher once its lease has ended.
        "broker_transport_options": {
            "visibility_timeout": longest + 600,
            "socket_timeout": 15,
            "socket_connect_timeout": 5,
            "socket_keepalive": True,
            "health_check_interval": 10,
            "retry_on_timeout": True,
        },
        # Redis may be restarted, or the network cut, for as long as it takes: workers come back by themselves.
        "broker_connection_retry_on_startup": True,
        "broker_connection_max_retries": None,
        # The message goes when the work is done. A worker that dies hands it to the next at once.
        "task_acks_late": True,
        "task_reject_on_worker_lost": True,
        # An error stands in the ledger, which counts attempts; repeating the message would not.
        "task_acks_on_failure_or_timeout": True,
        # One message a slot: a worker must not sit on messages while another machine is idle.
        "worker_prefetch_multiplier": 1,
        # What came of the work is in the database.
        "task_ignore_result": True,
        "result_backend": None,
        "task_serializer": "json",
        "accept_content": ["json"],
        "task_default_queue": "crawl",
        "task_routes": {f"sageon.{queue}": {"queue": queue} for queue in QUEUES},
        "task_annotations": {"sageon.read": {"time_limit": READ_LIMIT, "soft_time_limit": READ_LIMIT - 30}},
        # A forked reader loads its analyser before it says that it is there (about 2 s, more on a busy machine).
        "worker_proc_alive_timeout": 120,
        # Readers are renewed now and then, so that a leak in a library costs no machine.
        "worker_max_tasks_per_child": 500,
        # Nobody asks workers anything: two connections fewer, and no pub/sub that a restart of Redis could break.
        "worker_enable_remote_control": False,
        "worker_send_task_events": False,
        "worker_hijack_root_logger": False,
        "worker_soft_shutdown_timeout": GRACE,
        "enable_utc": True,
        "timezone": "UTC",
    }

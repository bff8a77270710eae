"""What is deployed is what this command and these settings are: every command line parses, every variable is a setting."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest

from crawler.cli import sageon
from crawler.config import CHECKS

yaml = pytest.importorskip("yaml")
DEPLOY = Path(__file__).parents[2] / "deploy"
COMPOSE = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
WORKERS = list(yaml.safe_load_all((DEPLOY / "kubernetes" / "workers.yaml").read_text(encoding="utf-8")))
CONFIG = yaml.safe_load((DEPLOY / "kubernetes" / "config.yaml").read_text(encoding="utf-8"))


def commands() -> Iterator[tuple[str, list[str]]]:
    for name, service in COMPOSE["services"].items():
        if service["image"].startswith("sageon"):
            yield f"compose {name}", service["command"]
    for deployment in WORKERS:
        (container,) = deployment["spec"]["template"]["spec"]["containers"]
        yield f"kubernetes {container['name']}", container["args"]


@pytest.mark.parametrize(("name", "command"), list(commands()))
def test_every_part_runs_a_command_that_there_is(name: str, command: list[str]) -> None:
    with click.Context(sageon) as group:
        _, found, rest = sageon.resolve_command(group, list(command))
        assert found is not None
        found.make_context("worker", list(rest)).close()


def variables() -> set[str]:
    named: set[str] = set(CONFIG["data"])
    for service in COMPOSE["services"].values():
        if service["image"].startswith("sageon"):
            named |= set(service["environment"])
    return named


def test_every_variable_is_a_setting() -> None:
    assert {name.removeprefix("SAGEON_").lower() for name in variables()} <= set(CHECKS)


def test_every_queue_has_a_worker_and_one_dispatches() -> None:
    from crawler.cluster.celery_settings import QUEUES

    for where in ("compose", "kubernetes"):
        parts = [command for name, command in commands() if name.startswith(where)]
        served = {command[command.index("--queue") + 1] for command in parts if "--queue" in command}
        assert served == set(QUEUES)
        assert sum("--beat" in command for command in parts) == 1


def test_selectors_match_their_pods_and_no_container_is_root() -> None:
    for deployment in WORKERS:
        spec: dict[str, Any] = deployment["spec"]
        assert spec["selector"]["matchLabels"] == spec["template"]["metadata"]["labels"]
        assert spec["template"]["spec"]["securityContext"]["runAsNonRoot"] is True


def test_no_password_stands_in_a_file() -> None:
    for file in DEPLOY.rglob("*.yaml"):
        for line in file.read_text(encoding="utf-8").splitlines():
            if "PASSWORD" in line and not line.lstrip().startswith("#"):
                assert "${POSTGRES_PASSWORD:?" in line

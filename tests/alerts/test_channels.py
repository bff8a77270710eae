"""Each channel against a real receiver on loopback: an SMTP server, a webhook that checks the signature, Apprise's JSON."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from standardwebhooks import Webhook

from alerts.channels import deliver
from alerts.errors import DeliveryFailed
from alerts.message import Message, compose
from alerts.targets import Target, target_of
from storage.database import Database
from storage.outbox import Letter
from tests.alerts.newsroom import Newsroom

KEY = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


@pytest.fixture
def message(db: Database) -> Message:
    """A new incident in Korean, as the sender composes it."""
    room = Newsroom(db, '[rules.koreans]\nto = ["duty"]\nlanguage = "ko"\n')
    room.tell()
    room.send()
    return room.sent[0][1]


@contextmanager
def receiver(*statuses: int) -> Iterator[tuple[str, list[tuple[dict[str, str], bytes]]]]:
    """An HTTP receiver that answers with these statuses in turn (200 after the last); yields host:port and what came."""
    came: list[tuple[dict[str, str], bytes]] = []
    answers = list(statuses)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            came.append(({name.lower(): value for name, value in self.headers.items()}, body))
            self.send_response(answers.pop(0) if answers else 200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            """Nothing on the screen."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"127.0.0.1:{server.server_address[1]}", came
    finally:
        server.shutdown()
        server.server_close()


def hook(where: str) -> Target:
    return target_of("hook", {"webhook": f"http://{where}/in", "secret": "env:HOOK_KEY"})


def test_a_webhook_can_be_verified_by_its_receiver(message: Message) -> None:
    with receiver() as (where, came):
        deliver(hook(where), message, datetime.now(UTC), {"HOOK_KEY": KEY})
    ((headers, body),) = came
    payload = Webhook(KEY).verify(body, headers)
    assert headers["webhook-id"] == message.key == payload["id"]
    (alert,) = payload["alerts"]
    assert (alert["trigger"], alert["country"], alert["nationalities"]) == ("new", "KH", ["KR"])
    assert alert["quote"]
    assert alert["url"].startswith("https://daily.example/")


def test_a_webhook_whose_body_was_changed_is_not_verified(message: Message) -> None:
    with receiver() as (where, came):
        deliver(hook(where), message, datetime.now(UTC), {"HOOK_KEY": KEY})
    ((headers, body),) = came
    with pytest.raises(Exception, match="signature"):
        Webhook(KEY).verify(body.replace(b"KH", b"TH"), headers)


@pytest.mark.parametrize(("status", "final"), [(503, False), (429, False), (302, False), (410, True), (401, True)])
def test_a_refusal_is_final_only_where_no_repetition_can_help(message: Message, status: int, final: bool) -> None:
    with receiver(status) as (where, _), pytest.raises(DeliveryFailed, match=str(status)) as failure:
        deliver(hook(where), message, datetime.now(UTC), {"HOOK_KEY": KEY})
    assert failure.value.final is final


def test_a_missing_secret_is_named_and_nothing_is_sent(message: Message) -> None:
    with receiver() as (where, came), pytest.raises(DeliveryFailed, match="HOOK_KEY is not set"):
        deliver(hook(where), message, datetime.now(UTC), {})
    assert came == []


def test_apprise_hands_the_text_to_a_json_receiver(message: Message) -> None:
    with receiver() as (where, came):
        target = target_of("ntfy", {"apprise": "env:NTFY"})
        deliver(target, message, datetime.now(UTC), {"NTFY": f"json://{where}/alerts"})
    ((_, body),) = came
    told = json.loads(body)
    assert told["title"] == message.subject
    assert "대한민국" in told["message"]


def test_apprise_sends_the_short_form_to_a_pager(message: Message) -> None:
    with receiver() as (where, came):
        target = target_of("pager", {"apprise": "env:NTFY", "form": "short"})
        deliver(target, message, datetime.now(UTC), {"NTFY": f"json://{where}/alerts"})
    assert json.loads(came[0][1])["message"] == message.short
    assert len(message.short) <= 70


def test_a_failed_apprise_delivery_tells_no_secret(message: Message) -> None:
    with receiver(500) as (where, _), pytest.raises(DeliveryFailed) as failure:
        target = target_of("ntfy", {"apprise": "env:NTFY"})
        deliver(target, message, datetime.now(UTC), {"NTFY": f"json://kim:hunter2secret@{where}/tok-4711-secret"})
    assert "hunter2secret" not in str(failure.value)
    assert "tok-4711-secret" not in str(failure.value)


class Mailbox:
    """An SMTP server's handler that keeps what comes; addresses of refused.example are refused for good."""

    def __init__(self) -> None:
        self.mails: list[bytes] = []

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:  # noqa: N802 - aiosmtpd calls it so
        if address.endswith("@refused.example"):
            return "550 no such user"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        self.mails.append(envelope.content)
        return "250 OK"


@contextmanager
def mail_server() -> Iterator[tuple[str, Mailbox]]:
    """The address of a running SMTP server, and its mailbox."""
    box = Mailbox()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    server = Controller(box, hostname="127.0.0.1", port=port)
    server.start()
    try:
        yield f"smtp://127.0.0.1:{port}", box
    finally:
        server.stop()


def mail_to(server: str, *to: str) -> Target:
    return target_of("mail", {"mail": list(to), "server": server, "from": "sageon@ministry.example"})


def test_a_mail_has_a_plain_and_an_html_part_and_a_lasting_id(message: Message) -> None:
    with mail_server() as (server, box):
        deliver(mail_to(server, "duty@ministry.example"), message, datetime.now(UTC), {})
    (raw,) = box.mails
    mail = message_from_bytes(raw, policy=default)
    assert mail["Subject"] == message.subject
    assert message.key in mail["Message-ID"]
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]  # type: ignore[attr-defined]
    plain, html = (part.get_content() for part in mail.iter_parts())  # type: ignore[attr-defined]
    assert "피해자: 대한민국" in plain.replace("\r", "")
    assert "https://desk.example/incidents/1" in html


def test_a_mail_that_no_recipient_can_get_is_final(message: Message) -> None:
    with mail_server() as (server, _), pytest.raises(DeliveryFailed, match="550") as failure:
        deliver(mail_to(server, "kim@refused.example"), message, datetime.now(UTC), {})
    assert failure.value.final


def test_markup_of_a_crawled_page_is_text_in_the_mail() -> None:
    hostile = "<script>alert(1)</script>"
    facts = {"kind": "source", "source": hostile, "state": "unwell", "trouble": "gap", "since": "2026-03-01T00:00:00+00:00",
             "failures": 0, "error": None, "hours": 0.0, "expected": 0.0}  # fmt: skip
    from storage.alerts import Match

    match = Match(1, 1, "r", "source:x", 1, datetime(2026, 3, 1, tzinfo=UTC), "source", True, None, {}, facts)
    letter = Letter("msg_1", 1, "r", {}, True, "mail", 1, (match,))
    assert hostile not in compose(letter, "en", lambda number: None).html

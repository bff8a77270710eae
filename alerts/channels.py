"""How a message reaches a target: Apprise, a signed webhook, mail. Each raises DeliveryFailed without its secrets."""

from __future__ import annotations

import json
import logging
import os
import smtplib
import ssl
from collections.abc import Mapping
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Any
from urllib.parse import unquote, urlsplit

from alerts.errors import DeliveryFailed, MissingSecret
from alerts.message import Message
from alerts.secret import Secret, redact
from alerts.targets import AppriseTarget, MailTarget, Target, WebhookTarget

#: Seconds that a target has to take a message.
TIMEOUT = 20
#: Answers of a webhook that no repetition will change.
FINAL_STATUS = frozenset({400, 401, 403, 404, 405, 410, 413, 415, 422})


def deliver(target: Target, message: Message, now: datetime, env: Mapping[str, str] = os.environ) -> None:
    """Hand the message to the target once. Raises DeliveryFailed, with no secret in its words."""
    try:
        if isinstance(target, AppriseTarget):
            _apprise(target, message, env)
        elif isinstance(target, WebhookTarget):
            _webhook(target, message, now, env)
        elif isinstance(target, MailTarget):
            _mail(target, message, now, env)
    except MissingSecret as error:
        raise DeliveryFailed(str(error)) from error


def _apprise(target: AppriseTarget, message: Message, env: Mapping[str, str]) -> None:
    from apprise import Apprise, NotifyFormat, NotifyType

    assert target.url is not None
    url = target.url.reveal(env)
    # Apprise writes addresses and bodies to its log, secrets and all; what went wrong is told by its callback.
    logging.getLogger("apprise").setLevel(logging.CRITICAL + 1)
    said: list[str] = []
    service = Apprise()
    if not service.add(url):
        raise DeliveryFailed(f"{target.name}: Apprise does not know the address at {target.url}", final=True)
    if len(service) != 1:
        raise DeliveryFailed(
            f"{target.name}: {target.url} holds {len(service)} addresses; write one a target", final=True
        )
    brief = target.form == "short"
    result: Any = service.notify(
        title="" if brief else message.subject,
        body=message.short if brief else message.text,
        notify_type=NotifyType.WARNING,
        body_format=NotifyFormat.TEXT,
        timeout=TIMEOUT,
        log_callback=lambda entry, _plugin: said.append(str(getattr(entry, "message", entry))),
    )
    if not result:
        reason = redact(" ".join(said)[:300], url, *_secrets_of(url))
        raise DeliveryFailed(f"{target.name}: not taken{': ' + reason if reason else ''}")


def _webhook(target: WebhookTarget, message: Message, now: datetime, env: Mapping[str, str]) -> None:
    import requests
    from standardwebhooks import Webhook

    assert target.secret is not None
    url, secret = _revealed(target.url, env), target.secret.reveal(env)
    body = json.dumps(message.payload, ensure_ascii=False, separators=(",", ":"))
    try:
        signature = Webhook(secret).sign(message.key, now, body)
    except (ValueError, RuntimeError) as error:
        raise DeliveryFailed(
            f"{target.name}: {target.secret} is no key of Standard Webhooks (whsec_...)", final=True
        ) from error
    headers = {
        "Content-Type": "application/json",
        "webhook-id": message.key,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": signature,
        "User-Agent": "sageon",
    }
    try:
        answer = requests.post(url, data=body.encode(), headers=headers, timeout=TIMEOUT, allow_redirects=False)
    except requests.RequestException as error:
        raise DeliveryFailed(f"{target.name}: {type(error).__name__}") from error
    if not 200 <= answer.status_code < 300:
        final = answer.status_code in FINAL_STATUS
        raise DeliveryFailed(f"{target.name}: answered {answer.status_code}", final=final)


def _mail(target: MailTarget, message: Message, now: datetime, env: Mapping[str, str]) -> None:
    url = _revealed(target.server, env)
    parts = urlsplit(url)
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
        raise DeliveryFailed(
            f"{target.name}: the mail server's address must begin with smtp:// or smtps://", final=True
        )
    mail = mail_of(target, message, now)
    port = parts.port or (465 if parts.scheme == "smtps" else 25 if parts.username is None else 587)
    try:
        context = ssl.create_default_context()
        server: smtplib.SMTP
        if parts.scheme == "smtps":
            server = smtplib.SMTP_SSL(parts.hostname, port, timeout=TIMEOUT, context=context)
        else:
            server = smtplib.SMTP(parts.hostname, port, timeout=TIMEOUT)
        with server:
            if parts.scheme == "smtp" and (parts.username is not None or _offers_tls(server)):
                server.starttls(context=context)
            if parts.username is not None:
                server.login(unquote(parts.username), unquote(parts.password or ""))
            server.send_message(mail)
    except smtplib.SMTPResponseException as error:
        words = redact(f"{error.smtp_code} {error.smtp_error!r}", url, *_secrets_of(url))
        raise DeliveryFailed(f"{target.name}: {words}", final=500 <= error.smtp_code < 600) from error
    except smtplib.SMTPRecipientsRefused as error:
        codes = sorted({code for code, _ in error.recipients.values()})
        raise DeliveryFailed(
            f"{target.name}: recipients refused {codes}", final=all(c >= 500 for c in codes)
        ) from error
    except (smtplib.SMTPException, OSError) as error:
        raise DeliveryFailed(f"{target.name}: {type(error).__name__}") from error


def mail_of(target: MailTarget, message: Message, now: datetime) -> EmailMessage:
    """The mail: plain text with an HTML alternative; its Message-ID is the message's key, the same at every attempt."""
    mail = EmailMessage()
    mail["From"] = target.sender
    mail["To"] = ", ".join(target.to)
    mail["Date"] = format_datetime(now)
    mail["Message-ID"] = f"<{message.key}@{target.sender.rpartition('@')[2]}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Sageon-Id"] = message.key
    brief = target.form == "short"
    mail["Subject"] = (message.short if brief else message.subject)[:200]
    mail.set_content(message.short + "\n" if brief else message.text)
    if not brief:
        mail.add_alternative(message.html, subtype="html")
    return mail


def _offers_tls(server: smtplib.SMTP) -> bool:
    server.ehlo_or_helo_if_needed()
    return server.has_extn("starttls")


def _revealed(address: str | Secret, env: Mapping[str, str]) -> str:
    return address.reveal(env) if isinstance(address, Secret) else address


def _secrets_of(url: str) -> tuple[str, ...]:
    """The parts of an address that may be secret: who, the password, and long parts of the path."""
    parts = urlsplit(url)
    return tuple(
        word for word in (parts.username, parts.password, *parts.path.split("/"), parts.query) if word and len(word) > 3
    )

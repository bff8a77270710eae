"""Where alerts go: an Apprise address, a signed webhook, mail. Addresses that hold a secret are references to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import urlsplit

from alerts.errors import BadRule
from alerts.secret import Secret, is_reference

Form = Literal["full", "short"]
FORMS = ("full", "short")


@dataclass(frozen=True, slots=True)
class Target:
    """A named receiver. `form`: full, or one short line as SMS and pagers take it. `language` wins over the rule's."""

    name: str
    form: Form = "full"
    language: str | None = None


@dataclass(frozen=True, slots=True)
class AppriseTarget(Target):
    """One Apprise address (one service): the outbox has a row for each, so that one failing is repeated alone."""

    url: Secret | None = None


@dataclass(frozen=True, slots=True)
class WebhookTarget(Target):
    """A JSON POST signed as Standard Webhooks has it; `secret` is the shared key (whsec_...)."""

    url: str | Secret = ""
    secret: Secret | None = None


@dataclass(frozen=True, slots=True)
class MailTarget(Target):
    """Mail through an SMTP server: smtp://[user:password@]host[:port], smtps:// for TLS from the first byte.

    With smtp:// and a password the connection is upgraded (STARTTLS) or not used at all.
    """

    server: str | Secret = ""
    sender: str = ""
    to: tuple[str, ...] = ()


_KEYS = {
    "apprise": ("apprise", "form", "language"),
    "webhook": ("webhook", "secret", "form", "language"),
    "mail": ("mail", "server", "from", "form", "language"),
}


def target_of(name: str, body: Mapping[str, Any]) -> Target:
    """The target that a table says. Raises BadRule with the key that is wrong."""
    kinds = [kind for kind in _KEYS if kind in body]
    if len(kinds) != 1:
        raise BadRule(kinds[1] if kinds else name, "expected one of apprise, webhook or mail")
    kind = kinds[0]
    for key in body:
        if key not in _KEYS[kind]:
            raise BadRule(key, f"no such key; the keys of a {kind} target are {', '.join(_KEYS[kind])}")
    form, language = body.get("form", "full"), body.get("language")
    if form not in FORMS:
        raise BadRule("form", f"expected full or short, not {form!r}")
    if language not in (None, "ko", "en"):
        raise BadRule("language", f"expected ko or en, not {language!r}")
    if kind == "apprise":
        return AppriseTarget(name, form, language, url=_secret("apprise", body["apprise"]))
    if kind == "webhook":
        url = _address("webhook", body["webhook"], ("http", "https"))
        return WebhookTarget(name, form, language, url=url, secret=_secret("secret", body.get("secret")))
    return MailTarget(
        name, form, language,
        server=_address("server", body.get("server"), ("smtp", "smtps")),
        sender=_mail("from", body.get("from")),
        to=tuple(_mail("mail", one) for one in _several("mail", body["mail"])),
    )  # fmt: skip


def secrets_of(target: Target) -> tuple[Secret, ...]:
    """The secrets that the target names."""
    held = {AppriseTarget: ("url",), WebhookTarget: ("url", "secret"), MailTarget: ("server",)}[type(target)]
    values = (getattr(target, name) for name in held)
    return tuple(value for value in values if isinstance(value, Secret))


def _secret(key: str, value: Any) -> Secret:
    if not isinstance(value, str) or not is_reference(value):
        raise BadRule(key, "is a secret: write env:NAME or file:PATH, where it stands, not the thing itself")
    return Secret(value)


def _address(key: str, value: Any, schemes: tuple[str, ...]) -> str | Secret:
    if isinstance(value, str) and is_reference(value):
        return Secret(value)
    parts = urlsplit(value) if isinstance(value, str) else None
    if parts is None or parts.scheme not in schemes or not parts.hostname:
        raise BadRule(key, f"expected {schemes[0]}://..., or env:NAME or file:PATH where it stands")
    if parts.password or parts.username:
        raise BadRule(key, "holds a password: write env:NAME or file:PATH, where the address stands")
    return str(value)


def _several(key: str, value: Any) -> list[Any]:
    given = value if isinstance(value, list) else [value]
    if not given:
        raise BadRule(key, "expected at least one address")
    return given


def _mail(key: str, value: Any) -> str:
    if not isinstance(value, str) or value.count("@") != 1 or any(c in value for c in "\r\n") or "@" in value[:1]:
        raise BadRule(key, f"expected a mail address, not {value!r}")
    return value.strip()

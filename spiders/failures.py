"""What went wrong with a request, by name."""

from __future__ import annotations

from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
    StopDownload,
)

from spiders.outcomes import OUTCOMES


class Refused(IgnoreRequest):
    """A request that a middleware of ours ended; `outcome` is its name in the run's summary."""

    def __init__(self, outcome: str, why: str) -> None:
        if outcome not in OUTCOMES:
            raise ValueError(f"no such outcome: {outcome}")
        super().__init__(why)
        self.outcome = outcome


def outcome_of(error: BaseException) -> str:
    """The outcome of a request that ended in this error; `error` for one that has no name of its own."""
    if isinstance(error, Refused):
        return error.outcome
    if isinstance(error, StopDownload):  # only our check of the content type stops a download
        return "not_html"
    if isinstance(error, DownloadCancelledError):  # Scrapy cancels a download over DOWNLOAD_MAXSIZE
        return "too_large"
    if isinstance(error, DownloadTimeoutError):
        return "timeout"
    if isinstance(error, CannotResolveHostError):
        return "dns"
    if _is_tls(error):
        return "tls"
    if isinstance(error, DownloadConnectionRefusedError | DownloadFailedError | ResponseDataLossError | OSError):
        return "connection"
    if type(error).__module__.startswith("twisted.internet.error"):
        return "connection"
    return "error"


def _is_tls(error: BaseException | None) -> bool:
    """Whether a certificate or a handshake is the cause: Twisted packs it into a list of reasons."""
    depth = 0
    while error is not None and depth < 5:
        causes = [getattr(reason, "value", reason) for reason in getattr(error, "reasons", None) or ()]
        for one in (error, *causes):
            if type(one).__module__.startswith(("OpenSSL", "service_identity")) or "CertificateError" in str(type(one)):
                return True
        error, depth = error.__cause__ or error.__context__, depth + 1
    return False

"""A fast little outlet on loopback, in a process of its own: a feed with so many articles, each a given page."""

from __future__ import annotations

import asyncio
import contextlib
import multiprocessing
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

DECLARATION = """name = "Loopback outlet"
language = "{language}"
country = "{country}"
timezone = "Asia/Seoul"
hosts = ["{host}"]
article_url = "/a/(?P<id>[0-9]+)"
rests_on = "made by a benchmark"
[feeds]
all = "http://{host}:{port}/feed.xml"
[policy]
rate = {rate}
"""


@contextmanager
def outlet(pages: Sequence[bytes], count: int, *, host: str = "127.0.0.1") -> Iterator[int]:
    """Serve `count` articles, `pages` over and over; yields the port."""
    with serving(_serve, list(pages), count, host) as port:
        yield port


@contextmanager
def serving(serve: Callable[..., None], *arguments: Any) -> Iterator[int]:
    """Run `serve(*arguments, pipe)` in a process of its own; yields the port that it tells through the pipe."""
    context = multiprocessing.get_context("spawn")
    hear, tell = context.Pipe(duplex=False)
    process = context.Process(target=serve, args=(*arguments, tell), daemon=True)
    process.start()
    try:
        yield int(hear.recv())
    finally:
        process.terminate()
        process.join()


def declare(
    folder: Path,
    port: int,
    *,
    name: str = "loopback",
    language: str = "en",
    country: str = "US",
    host: str = "127.0.0.1",
    rate: float = 0,
) -> Path:
    """Write the declaration of the outlet at `port`; returns its file."""
    file = folder / f"{name}.toml"
    file.write_text(
        DECLARATION.format(port=port, language=language, country=country, host=host, rate=rate), encoding="utf-8"
    )
    return file


def _serve(pages: list[bytes], count: int, host: str, tell: Connection) -> None:
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_listen(pages, count, host, tell))


async def _listen(pages: list[bytes], count: int, host: str, tell: Connection) -> None:
    html = [_answer(page, "text/html") for page in pages]
    port = 0

    async def client(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                path = head.split(b" ", 2)[1].decode()
                if path.startswith("/a/"):
                    writer.write(html[int(path[3:]) % len(html)])
                elif path == "/feed.xml":
                    writer.write(_answer(_feed(host, port, count), "application/rss+xml"))
                elif path == "/robots.txt":
                    writer.write(_answer(b"User-agent: *\nDisallow:\n", "text/plain"))
                else:
                    writer.write(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
                await writer.drain()
        writer.close()

    server = await asyncio.start_server(client, host, 0)
    port = server.sockets[0].getsockname()[1]
    tell.send(port)
    async with server:
        await server.serve_forever()


def _answer(body: bytes, kind: str) -> bytes:
    return f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body


def _feed(host: str, port: int, count: int) -> bytes:
    items = "".join(
        f"<item><title>Article {n}</title><link>http://{host}:{port}/a/{n}</link></item>" for n in range(count)
    )
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>all</title>{items}</channel></rss>'.encode()

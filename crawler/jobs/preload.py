"""What the fork server of a run imports once for all its processes. Light to import: a command that will crawl starts
the server with it before it does anything else, and the server's imports then cost the run no time of its own."""

from __future__ import annotations

#: Without Scrapy's handlers and our pipeline a visit that finds nothing new costs four times the CPU. None of them may
#: import a reactor: a job installs its own.
CRAWL = (
    "crawler.jobs.crawl_process",
    "scrapy.crawler",
    "scrapy.core.engine",
    "scrapy.core.scraper",
    "scrapy.core.downloader.handlers.http11",
    "crawler.pipelines.scrapy_pipeline",
    "crawler.middlewares.compression",
    "crawler.middlewares.private_addresses",
    "crawler.middlewares.redirect",
    "crawler.middlewares.retry_after",
    "crawler.middlewares.robots",
    "crawler.extensions.content_type",
    "crawler.extensions.crawl_delay",
)
READ = ("crawler.jobs.read_stored", "extract.reader")

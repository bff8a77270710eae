"""What the fork server of a run imports once for all its processes. Light to import: a command that will crawl starts
the server with it before it does anything else, and the server's imports then cost the run no time of its own."""

from __future__ import annotations

#: With half of these a visit that finds nothing new took 1.0 CPU seconds, with all (and no list of sources read) 0.27.
#: None of them may import a reactor (a job installs its own) or read the settings file (`crawler.settings` does).
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
    *(f"scrapy.core.downloader.handlers.{name}" for name in ("datauri", "file", "ftp", "s3")),
    *(
        f"scrapy.downloadermiddlewares.{name}"
        for name in (
            "cookies",
            "defaultheaders",
            "downloadtimeout",
            "httpauth",
            "httpcache",
            "httpproxy",
            "offsite",
            "robotstxt",
            "stats",
            "useragent",
        )
    ),
    *(
        f"scrapy.extensions.{name}"
        for name in (
            "closespider",
            "corestats",
            "feedexport",
            "logcount",
            "logstats",
            "memdebug",
            "memusage",
            "remote_control",
            "spiderstate",
            "telnet",
            "throttle",
        )
    ),
    *(f"scrapy.spidermiddlewares.{name}" for name in ("depth", "httperror", "metacopy", "start", "urllength")),
    *(
        f"scrapy.{name}"
        for name in ("dupefilters", "logformatter", "pqueues", "squeues", "statscollectors", "utils.engine")
    ),
    "spiders.listings.sections",
    "spiders.listings.xml",
    "spiders.loader",
    "spiders.spider",
    "crawler.cli",  # the program that a process of `sageon watch` believes to be its own
)
READ = ("crawler.jobs.read_stored", "extract.reader")

"""Scrapy's settings for this project. Each line that departs from Scrapy's default says why.

`load_config` supplies what an installation may choose (its own sources, the contact, whether private hosts may be
fetched from); the command line's `-s` goes over everything.
"""

from importlib.metadata import PackageNotFoundError, version

from crawler.config import load_config

_config = load_config()
try:
    _version = version("sageon")
except PackageNotFoundError:  # a checkout that is on the path but not installed
    _version = "0"

BOT_NAME = "sageon"
SPIDER_LOADER_CLASS = "spiders.loader.SourceLoader"
SPIDER_MODULES: list[str] = []
SOURCES_DIRS = list(_config.sources)
TWISTED_REACTOR = "twisted.internet.asyncioreactor.AsyncioSelectorReactor"

# Who we are: an outlet must be able to reach us, and to name us in its robots.txt.
_contact = f" (+{_config.contact})" if _config.contact else ""
USER_AGENT = f"Sageon/{_version}{_contact}"
ROBOTSTXT_USER_AGENT = "Sageon"
ROBOTSTXT_OBEY = True
CRAWL_DELAY_MOST = 120.0  # seconds; a robots.txt that asks for more is held at this and the cap is counted

# Nothing listens: the remote control executes Python for whoever holds its token, telnet is a shell.
REMOTE_CONTROL_ENABLED = False
TELNETCONSOLE_ENABLED = False

# One answer may not take more than this (Scrapy: 1 GiB, 180 s, any certificate).
DOWNLOAD_MAXSIZE = 8 * 1024 * 1024
DOWNLOAD_WARNSIZE = 0
DOWNLOAD_TIMEOUT = 30
DOWNLOAD_VERIFY_CERTIFICATES = True
DOWNLOAD_FAIL_ON_DATALOSS = True
DNS_TIMEOUT = 15
REDIRECT_MAX_TIMES = 5
URLLENGTH_LIMIT = 2000

# A reader without an account: no cookies, no referer, no state that ties requests together.
COOKIES_ENABLED = False
REFERRER_POLICY = "no-referrer"

# How fast: each source's own rate (its declaration sets DOWNLOAD_DELAY), never faster than its robots.txt allows.
CONCURRENT_REQUESTS = 16
CONCURRENT_ITEMS = 1  # an answer yields one page at most, and Scrapy starts this many tasks for every answer
DOWNLOAD_DELAY = 1.0
DOWNLOAD_DELAY_JITTER = 0.2
RETRY_TIMES = 2
RETRY_AFTER_MOST = 60.0  # seconds; a server that asks for a longer wait is left alone until the next run
RETRY_GIVE_UP_LOG_LEVEL = "INFO"  # the run's summary tells of it

# The spider names the end of every request itself, whatever its status.
HTTPERROR_ALLOW_ALL = True
METAREFRESH_ENABLED = False  # challenge pages refresh themselves for ever; a 30x is how a page moves

PRIVATE_HOSTS = _config.private_hosts
TWISTED_DNS_RESOLVER = "crawler.middlewares.private_addresses.PublicResolver"

DOWNLOADER_MIDDLEWARES = {
    "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,  # the spider knows its hosts, and counts
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    "crawler.middlewares.robots.RobotsMiddleware": 100,
    "scrapy.downloadermiddlewares.retry.RetryMiddleware": None,
    "crawler.middlewares.retry_after.RetryAfterMiddleware": 550,
    "scrapy.downloadermiddlewares.httpcompression.HttpCompressionMiddleware": None,
    "crawler.middlewares.compression.CompressionMiddleware": 590,
    "scrapy.downloadermiddlewares.redirect.RedirectMiddleware": None,
    "crawler.middlewares.redirect.PacedRedirectMiddleware": 600,
    "crawler.middlewares.private_addresses.PrivateAddressMiddleware": 760,  # after the proxy is known
}
# `scrapy crawl SOURCE` stores what it fetches, as `sageon crawl` does.
ITEM_PIPELINES = {"crawler.pipelines.scrapy_pipeline.StorePagesPipeline": 500}
EXTENSIONS = {
    "crawler.extensions.crawl_delay.CrawlDelay": 0,
    "crawler.extensions.content_type.ContentTypeGate": 0,
}

LOG_LEVEL = "INFO"
LOGSTATS_INTERVAL = 0.0
WARN_ON_GENERATOR_RETURN_VALUE = False

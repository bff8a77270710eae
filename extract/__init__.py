"""Text in, incident reports out. Pure: no database, no network, no Scrapy."""

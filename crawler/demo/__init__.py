"""The demonstration: a small invented press on loopback, crawled by the real spiders into the real table."""

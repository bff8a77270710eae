"""Scrapy extensions: pace by robots.txt, and downloads stopped at their headers."""

"""The Scrapy project, the jobs, the configuration and the `sageon` command."""

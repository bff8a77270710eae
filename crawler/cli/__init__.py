"""The `sageon` command: one table of sub-commands, each imported only when it is called.

`sageon --help` and the listing commands must start at once, so nothing here imports Scrapy, a model or the database.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

import click

from crawler.cli.lazy import LazyCommand, LazyGroup

COMMANDS = (
    LazyCommand("crawl", "crawler.cli.crawl:crawl", "Discover, fetch, clean, read and store the news of sources."),
    LazyCommand("watch", "crawler.cli.watch:watch", "Stay: visit sources when they are due, read, resolve, alert."),
    LazyCommand("tick", "crawler.cli.watch:tick", "Do what is due now and end: for cron and systemd timers."),
    LazyCommand("sources", "crawler.cli.sources:sources", "List, add and check news sources."),
    LazyCommand("backfill", "crawler.cli.backfill:backfill", "Read WARC archives (CC-NEWS) through the same pipeline."),
    LazyCommand("worker", "crawler.cli.worker:worker", "Take part in the work of several machines (Celery)."),
    LazyCommand("extract", "crawler.cli.extract:extract", "Read articles from a file without storing anything."),
    LazyCommand("incidents", "crawler.cli.incidents:incidents", "Filter, list and export the incident table."),
    LazyCommand("show", "crawler.cli.show:show", "Show one incident with its evidence, reports and history."),
    LazyCommand("history", "crawler.cli.show:history", "Show every change of one incident."),
    LazyCommand("edit", "crawler.cli.curate:edit", "Correct a cell of an incident; the edit wins over any coding."),
    LazyCommand("confirm", "crawler.cli.curate:confirm", "Mark an incident as confirmed by an analyst."),
    LazyCommand("reject", "crawler.cli.curate:reject", "Mark an incident as no incident."),
    LazyCommand("merge", "crawler.cli.curate:merge", "Fold one incident into another."),
    LazyCommand("split", "crawler.cli.curate:split", "Take reports out of an incident into a new one."),
    LazyCommand("undo", "crawler.cli.curate:undo", "Take back the last act of an analyst on an incident."),
    LazyCommand("alerts", "crawler.cli.alerts:alerts", "Rules, what they would send, what was sent and why not."),
    LazyCommand("queue", "crawler.cli.review:queue", "Show what waits for an analyst: undecided pairs, unsure cells."),
    LazyCommand("answer", "crawler.cli.review:answer", "Answer whether an undecided pair is the same event."),
    LazyCommand("acts", "crawler.cli.review:acts", "List who did what when."),
    LazyCommand("recode", "crawler.cli.recode:recode", "Read stored articles again with the present coder."),
    LazyCommand("resolve", "crawler.cli.resolve:resolve", "Put all stored reports to incidents anew, and compare."),
    LazyCommand("forget", "crawler.cli.people:forget", "Remove an article's body or a person's name."),
    LazyCommand("serve", "crawler.cli.serve:serve", "Open the analysts' desk: pages, files, feeds and a JSON API."),
    LazyCommand("accounts", "crawler.cli.accounts:accounts", "Say who may use the desk, and which programs."),
    LazyCommand("eval", "crawler.cli.evaluate:evaluate", "Score the reader against annotated articles."),
    LazyCommand("db", "crawler.cli.database:db", "Create, upgrade or copy the database."),
    LazyCommand("demo", "crawler.cli.demo:demo", "Crawl a small sample press and show the incident table."),
)

#: Exceptions defined in these packages are written for the user.
ROOMS = frozenset({"crawler", "spiders", "extract", "storage", "alerts", "desk"})


@click.group(cls=LazyGroup, lazy=COMMANDS, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="sageon", prog_name="sageon")
def sageon() -> None:
    """News in, an evidenced table of incidents out: who was harmed, where, when, and says who."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return the exit code: 0 done, 1 the work failed, 2 a bad argument or setting, 130 interrupted.

    Every error that a user can cause is one line on stderr.
    """
    try:
        result = sageon.main(args=arguments, prog_name="sageon", standalone_mode=False)
        sys.stdout.flush()
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.ctx.get_help() if error.ctx else error.format_message())
        return 2
    except click.ClickException as error:
        context = getattr(error, "ctx", None)
        where = context.command_path if context is not None else "sageon"
        click.echo(f"{where}: {_one_line(error.format_message())}", err=True)
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        click.echo("sageon: interrupted", err=True)
        return 130
    except BrokenPipeError:  # `sageon incidents | head`: the reader has enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:
        if type(error).__module__.partition(".")[0] not in ROOMS:
            raise
        click.echo(f"sageon: {_one_line(str(error))}", err=True)  # an error of ours says what is wrong
        return 1
    return result if isinstance(result, int) else 0


def _one_line(message: str) -> str:
    return " ".join(message.split())

"""Runs a worker: argument parsing and signals around the outbox."""

import os
import secrets
import signal
import socket
import threading
from importlib import import_module

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from finder import outbox


class Command(BaseCommand):
    help = "Do background work until stopped. Start as many as you like, on any machine."

    def add_arguments(self, parser):
        parser.add_argument("--once", action="store_true", help="do what is due now, then end")
        parser.add_argument(
            "--threads", type=int, default=2, help="jobs at the same time (default: 2)"
        )

    def handle(self, *args, **options):
        if not 1 <= options["threads"] <= 32:
            raise CommandError("--threads must be from 1 to 32.")
        modules = [import_module(name) for name in settings.JOB_MODULES]
        crew = _Crew(
            tasks={kind: task for module in modules for kind, task in module.TASKS.items()},
            recurring=[job for module in modules for job in module.RECURRING],
            is_once=options["once"],
        )
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: crew.stop.set())
        done = crew.run(options["threads"])
        if crew.errors:
            raise CommandError("The database does not answer.")
        self.stdout.write(f"{done} jobs done.")


class _Crew:
    """Worker threads under one call to stop; the main thread only waits for signals."""

    def __init__(self, **options) -> None:
        self.options, self.stop = options, threading.Event()
        self.done, self.errors = [], []

    def run(self, count: int) -> int:
        # Enough to tell two workers apart, whatever machine or container they run in.
        name = f"{socket.gethostname()[:60]}:{os.getpid()}:{secrets.token_hex(3)}"
        threads = [
            threading.Thread(target=self._work, args=[f"{name}:{number}"])
            for number in range(count)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            while thread.is_alive():
                thread.join(0.5)
        return sum(self.done)

    def _work(self, name: str) -> None:
        try:
            self.done.append(outbox.work(name=name, stop=self.stop, **self.options))
        except Exception as error:
            # One thread down is a worker down: whoever watches it starts it anew.
            self.errors.append(error)
            self.stop.set()
            raise
        finally:
            connection.close()

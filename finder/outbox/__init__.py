"""Background work: jobs in a table, done by any number of workers on any number of machines."""

from finder.outbox.queue import QueueState, Recurring, clock, enqueue, forget, state, try_again
from finder.outbox.work import JobError, Task, work

__all__ = [
    "JobError",
    "QueueState",
    "Recurring",
    "Task",
    "clock",
    "enqueue",
    "forget",
    "state",
    "try_again",
    "work",
]

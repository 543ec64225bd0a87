"""Periodic work, as data. Run by RQ's own cron scheduler (`python -m workers.run scheduler`). Times are UTC."""

from dataclasses import dataclass

from workers.queue import SOON, TONIGHT


@dataclass(frozen=True, slots=True)
class Periodic:
    """A function of `workers.perform`, its arguments, its queue, and when: every so many seconds, or a cron line."""

    function: str
    args: tuple[str, ...] = ()
    queue: str = SOON
    seconds: int | None = None
    cron: str | None = None


SCHEDULE = (
    Periodic("hand_over", seconds=60),
    Periodic("in_no_collective", ("remove_due_second_steps",), seconds=600),
    Periodic("in_no_collective", ("watch_over",), cron="20 * * * *"),
    Periodic("nightly", ("recount_what_changed",), TONIGHT, cron="10 1 * * *"),
    Periodic("nightly", ("forget_doors",), TONIGHT, cron="40 1 * * *"),
    Periodic("nightly", ("forget_numbers",), TONIGHT, cron="45 1 * * *"),
    Periodic("nightly", ("forget_words",), TONIGHT, cron="47 1 * * *"),
    Periodic("nightly", ("forget_drafts",), TONIGHT, cron="50 1 * * *"),
    Periodic("nightly", ("watch_volunteers",), TONIGHT, cron="0 1 * * *"),
    Periodic("nightly", ("end_files",), TONIGHT, cron="55 1 * * *"),
    Periodic("nightly", ("stage_digests",), SOON, cron="0 6 * * 1"),
    Periodic("nightly", ("forget_prescriptions",), TONIGHT, cron="52 1 * * *"),
    Periodic("nightly", ("tend_permanences",), TONIGHT, cron="15 2 * * *"),
    Periodic("nightly", ("settle_tasks",), TONIGHT, cron="20 2 * * *"),
    Periodic("nightly", ("remind_sessions",), TONIGHT, cron="0 5 * * *"),
    Periodic("in_no_collective", ("fold_all_medians",), TONIGHT, cron="0 4 * * *"),
    Periodic("nightly", ("warn_out_of_reach",), TONIGHT, cron="5 5 * * *"),
    Periodic("nightly", ("tend_questionnaires",), TONIGHT, cron="10 5 * * *"),
    Periodic("nightly", ("remind_hosts",), TONIGHT, cron="5 5 * * *"),
    Periodic("nightly", ("tend_referrals",), TONIGHT, cron="10 5 * * *"),
    Periodic("nightly", ("forget_drafts_of_referrals",), TONIGHT, cron="52 1 * * *"),
    Periodic("nightly", ("forget_imports",), TONIGHT, cron="54 1 * * *"),
    Periodic("fold_everything", (), TONIGHT, cron="30 3 * * *"),
)

"""A list of numbers pasted, and sixteen people who call from it at once."""

import re
import threading
from collections.abc import Iterator

from bench.browser import Browser
from bench.table import Line, within
from bench.town import Town, phoning
from bench.worlds import CALLERS, VOLUNTEER

PASTED, TIMES, CALLS_EACH = 2_000, 3, 10
NUMBER = re.compile(r"/numeros/([0-9a-f-]{36})")


def calling(town: Town) -> Iterator[Line]:
    """Three lists of two thousand, the slowest counts; then the queue."""
    yield within(f"pasting {PASTED:,} numbers, the slowest of {TIMES}", [max(_paste(town, time) for time in range(TIMES))], 2)
    yield _queue(town)


def _paste(town: Town, time: int) -> float:
    volunteer, address = town.sign_in(VOLUNTEER), f"{phoning(town.world)}/numeros"
    numbers = "\n".join(f"06 1{time} {n // 100:02d} {n % 100:02d} 00" for n in range(PASTED))
    answer = volunteer.ask("POST", address, {"numbers": numbers, "csrf_token": volunteer.get(address).token})
    # All of them were added: of anything else the page would tell.
    if answer.status != 302:
        raise RuntimeError(f"{address} answered {answer.status}")
    return answer.seconds


def _queue(town: Town) -> Line:
    callers = [town.sign_in(email) for email in CALLERS]
    given: list[str] = []
    together = threading.Barrier(len(callers))

    def call(browser: Browser) -> None:
        address = phoning(town.world)
        token = browser.get(address).token
        together.wait()
        for _turn in range(CALLS_EACH):
            number = NUMBER.search(browser.ask("POST", f"{address}/suivant", {"csrf_token": token}).text)
            given.append(number[1] if number else "")
            if number:
                browser.ask("POST", f"{address}{number[0]}/appels", {"outcome": "no_answer", "csrf_token": token})

    threads = [threading.Thread(target=call, args=[browser]) for browser in callers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    due = len(callers) * CALLS_EACH
    missed = due - len(set(given) - {""})
    return Line(f"{len(callers)} callers at once, {due} numbers handed out: twice or none", str(missed), "", "= 0", missed == 0)

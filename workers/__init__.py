"""Work done after the answer was given.

`later()` stages a job as a row in the transaction of what caused it; `perform()` runs it inside its collective, in one
transaction that also deletes the row. RQ is the trigger, PostgreSQL the truth: the clerk hands over again every minute what waits.
"""

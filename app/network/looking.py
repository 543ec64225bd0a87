"""The look at all collectives: their stages and the reasons to call them, in one statement over figures and what is published."""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.followup.support import last_due_month
from app.network.watching import Watch, WatchSum
from tenants.months import month_of, months_before, year_of

# Days without anything noted after which one asks, after which a collective sleeps, and after which, with nobody left, it has ended.
ASK, ASLEEP, ENDED = 30, 60, 365
# Support permanences are looked back for so many months.
SUPPORT_MONTHS = 12
# What took place besides rounds is looked back for so many months: whoever did nothing in them has ended.
BUSY_MONTHS = 13
# What takes place without a round, and is counted by the month.
BESIDES_ROUNDS = ("sessions_held", "drop_ins_held", "activities", "home_meetings", "prescriptions", "referrals")

LOOK = sa.text(
    """
    insert into watches (id, department, population, founded_on, stage, last_on, busy_in, seen_on, held, planned, orphan, silent_days,
                         unopened_days, missed_sessions, few_presences, unmet, calls, looked_at)
    select id, department, population, founded_on, stage, last_on, busy_in, seen_on, held, planned, orphan, silent_days, unopened_days,
           missed_sessions, few_presences, unmet,
           case when stage = 'ended' then 0
                else orphan::int + (silent_days is not null)::int + (unopened_days is not null)::int
                     + (missed_sessions > 0)::int + few_presences::int + (coalesce(unmet, 0) > 0)::int end,
           now()
    from (
        select *,
               case when ended_on is not null then 'ended'
                    when seen_on is null and started = 0 then 'signed_up'
                    when started > completed then 'in_training'
                    when seen_on >= cast(:today as date) - cast(:asleep as int) then 'active'
                    when orphan and seen_on < cast(:today as date) - cast(:ended as int) then 'ended'
                    else 'asleep' end as stage,
               case when cast(:today as date) - seen_on > :ask then cast(:today as date) - seen_on end as silent_days,
               case when seen_on is null and cast(:today as date) - founded_on > :ask then cast(:today as date) - founded_on end as unopened_days
        from (
            select c.id, c.department, c.population, c.ended_on, (c.created_at at time zone c.time_zone)::date as founded_on,
                   date '1970-01-01' + f.last::int as last_on,
                   f.busy as busy_in,
                   -- A month that is over was busy until its last day, the present one until today.
                   greatest(date '1970-01-01' + f.last::int,
                            case when f.busy is not null
                                 then least(((f.busy || '-01')::date + interval '1 month')::date - 1, cast(:today as date)) end) as seen_on,
                   coalesce(f.held, 0) as held, coalesce(f.planned, 0) as planned, coalesce(f.coordinators, 0) = 0 as orphan,
                   coalesce(f.started, 0) as started, coalesce(f.completed, 0) as completed,
                   greatest(coalesce(f.planned_before, 0) - coalesce(f.held_before, 0), 0) as missed_sessions,
                   coalesce(f.expected, 0) >= 20 and coalesce(f.presences, 0) * 10 < coalesce(f.expected, 0) * 6 as few_presences,
                   -- Months in a row without a written note, back to the last one that has it or to the first whole month that there was.
                   case when whole.first <= :due then least(:due - greatest(whole.first - 1, met.last), :support_months) end as unmet
            from collectives c
            cross join lateral (
                select extract(year from day)::int * 12 + extract(month from day)::int as first
                from (select (c.created_at at time zone c.time_zone)::date + interval '1 month' - interval '1 day' as day) born
            ) whole
            left join (
                select publisher_id, max(left(month, 4)::int * 12 + right(month, 2)::int) as last
                from support_meetings where mood is not null and month between :support_since and :due_month group by publisher_id
            ) met on met.publisher_id = c.id
            left join (
                select collective_id,
                       max(value) filter (where indicator = 'last_activity') as last,
                       max(value) filter (where indicator = 'coordinators') as coordinators,
                       max(value) filter (where period = 'ever' and indicator = 'sessions_held') as held,
                       max(value) filter (where period = 'ever' and indicator = 'sessions_planned') as planned,
                       max(value) filter (where indicator = 'courses_started') as started,
                       max(value) filter (where indicator = 'courses_completed') as completed,
                       max(value) filter (where period = :before and indicator = 'sessions_planned') as planned_before,
                       max(value) filter (where period = :before and indicator = 'sessions_held') as held_before,
                       max(period) filter (where period = any(:months) and indicator = any(:besides) and value > 0) as busy,
                       max(value) filter (where indicator = 'presences') as presences,
                       max(value) filter (where indicator = 'presences_expected') as expected
                from figures
                where (period = 'ever' and indicator in ('last_activity', 'coordinators', 'sessions_held', 'sessions_planned',
                                                         'courses_started', 'courses_completed'))
                   or (period = :before and indicator in ('sessions_planned', 'sessions_held'))
                   or (period = any(:months) and indicator = any(:besides) and value > 0)
                   or (period = :year and indicator in ('presences', 'presences_expected'))
                group by collective_id
            ) f on f.collective_id = c.id
        ) known
    ) staged
    """
)
ADD_UP = sa.text(
    "insert into watch_sums (department, stage, collectives, to_call) "
    "select department, stage, count(*), count(*) filter (where calls > 0) from watches group by department, stage"
)


def look(session: Session, today: date) -> None:
    """Look at all collectives again, in one statement over their figures."""
    session.execute(sa.text("select pg_advisory_xact_lock(hashtext('watching'))"))
    session.execute(sa.delete(Watch))
    session.execute(sa.delete(WatchSum))
    month = month_of(today)
    due_month = last_due_month(today)
    support = {
        "due": int(due_month[:4]) * 12 + int(due_month[5:]),
        "due_month": due_month,
        "support_since": months_before(due_month, SUPPORT_MONTHS)[-1],
        "support_months": SUPPORT_MONTHS,
    }
    busy = {"months": months_before(month, BUSY_MONTHS), "besides": list(BESIDES_ROUNDS)}
    told = (
        support | busy | {"today": today, "ask": ASK, "asleep": ASLEEP, "ended": ENDED, "before": months_before(month, 2)[1], "year": year_of(month)}
    )
    session.execute(LOOK, told)
    session.execute(ADD_UP)

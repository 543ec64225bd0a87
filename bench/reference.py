"""R, what the house is measured against: the same work by a bare Flask, without any of the house.

The same web server, a pool of connections signed in as the application's unprivileged role, a signed cookie that is checked, one
query of 50 rows out of 10,000 from a table without policy, a small template. And one row inserted and committed.
"""

import os
from uuid import UUID, uuid4

from flask import Flask, abort, redirect, render_template, request, session
from flask.typing import ResponseReturnValue
from psycopg_pool import ConnectionPool

TABLES = """
create table visits (id uuid primary key, area text not null, kind text not null, day date not null, state text not null);
create index on visits (state, day desc, id desc);
insert into visits select uuidv7(), 'Rue des Lilas ' || n, 'door_to_door', current_date - n / 3, 'closed' from generate_series(1, 10000) n;
create table notes (id uuid primary key, floor smallint, door text, outcome text not null, at timestamptz not null default now());
grant select on visits to essaimage_app;
grant select, insert on notes to essaimage_app;
"""


def create_app() -> Flask:
    """The whole of R."""
    bare = Flask(__name__)
    bare.secret_key = os.environ["SECRET_KEY"]
    pool = ConnectionPool(os.environ["DATABASE_URL"], min_size=1, max_size=int(os.environ["DATABASE_POOL"]), open=True)

    @bare.get("/enter")
    def enter() -> ResponseReturnValue:
        session["user"] = str(uuid4())
        return "entered"

    @bare.get("/visits")
    def visits() -> ResponseReturnValue:
        if "user" not in session:
            abort(401)
        with pool.connection() as connection:
            query = "select id, area, kind, day, state from visits where state = 'closed' order by day desc, id desc limit 50"
            rows = connection.execute(query).fetchall()
        return render_template("visits.html", rows=rows)

    @bare.post("/notes")
    def note() -> ResponseReturnValue:
        if "user" not in session:
            abort(401)
        values = (UUID(request.form["id"]), request.form["floor"], request.form["door"], "nobody")
        with pool.connection() as connection:
            connection.execute("insert into notes (id, floor, door, outcome) values (%s, %s, %s, %s)", values)
        return redirect("/visits")

    return bare

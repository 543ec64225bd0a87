"""What is true of everything that is noted in a round and may be taken back."""

from app.db import new_id


def assert_a_second_tap_leads_to_the_same_place(crew, neighbour, noted, kind, round_id, note, rows):
    """`noted` is the name of the thing in the routes ("ride"), of rounds of a kind; `note` writes one by its id, `rows` are those of the round."""

    def takes_back(who, where, known):
        return who.post(f"outreach.delete_{noted}", round_id=where, **{f"{noted}_id": known})

    known = str(new_id())
    note(id=known)
    taps = [takes_back(crew.volunteer, round_id, known) for _time in range(2)]
    assert [each.status_code for each in taps] == [302, 302]
    assert taps[0].location == taps[1].location == crew.volunteer.address("outreach.show", round_id=round_id)
    assert rows() == []
    # An id that nobody has is still answered as one from next door.
    there = neighbour.plans(kind=kind)
    for each in (new_id(), there):
        assert takes_back(crew.volunteer, round_id, each).status_code == 404
    assert takes_back(neighbour.volunteer, there, known).status_code == 404
    # Who sends the same form once more after that has it again, and can take it back again.
    note(id=known)
    assert len(rows()) == 1
    takes_back(crew.volunteer, round_id, known)
    assert rows() == []

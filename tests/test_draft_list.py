"""The draft's list, narrowed: a thousand events stay a list that one can read."""

from dataclasses import replace

from copapp.presenters.draft import DraftRow, Wanted, draft_days

ROWS = [
    DraftRow(
        slug=f"event-{number}",
        version=1,
        title=f"{'Saïga' if number % 2 else 'Cranes'} {number}",
        day=f"2024-02-{12 + number // 50:02}",
        room=f"Room {number % 20}",
        room_slug=f"room-{number % 20}",
        site="Hall 2",
    )
    for number in range(300)
]


def shown(wanted: Wanted, most: int = 1_000) -> list[str]:
    return [row.slug for day in draft_days(ROWS, wanted, most) for row in day.rows]


def test_a_long_list_begins_with_a_page_of_it_and_counts_all() -> None:
    days = draft_days(ROWS, Wanted(), 80)

    assert [len(day.rows) for day in days] == [50, 30, 0, 0, 0, 0]
    assert [day.count for day in days] == [50] * 6


def test_day_room_and_words_narrow_together_and_other_days_are_counted() -> None:
    days = draft_days(ROWS, Wanted("2024-02-13", "room-7", "saiga hall"), 1_000)

    assert [row.slug for day in days for row in day.rows] == ["event-67", "event-87"]
    assert [day.count for day in days] == [3, 2, 3, 2, 3, 2]


def test_a_page_is_counted_within_the_day_that_is_shown() -> None:
    assert shown(Wanted("2024-02-14"), 3) == ["event-100", "event-101", "event-102"]
    assert shown(Wanted(words="room 19 saiga 299")) == ["event-299"]
    assert shown(Wanted(words="nothing of the kind")) == []


def test_days_come_in_their_order_whatever_the_rows_order() -> None:
    late_first = [replace(ROWS[0], day="2024-02-20"), *ROWS]

    assert [day.day for day in draft_days(late_first, Wanted(), 9)][-1] == "2024-02-20"

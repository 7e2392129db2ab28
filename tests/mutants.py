"""Each guard, how to take it out, and the tests that must see it. `make soak` takes them out one by one."""

from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]


@dataclass(frozen=True)
class Change:
    """What stands once in a file of `copapp/`, and what stands there without the guard."""

    file: str
    old: str
    new: str

    def path(self, root: Path) -> Path:
        """Give the file in a copy of the sources."""
        return root / "copapp" / self.file

    def make(self, root: Path) -> None:
        """Take it out of a copy of the sources. Raises ValueError where it does not stand there once."""
        text = self.path(root).read_text()
        if (found := text.count(self.old)) != 1:
            raise ValueError(f"copapp/{self.file} holds {found} times, not once: {self.old}")
        self.path(root).write_text(text.replace(self.old, self.new))


@dataclass(frozen=True)
class Mutant:
    """A guard without which one of these tests must fail; each is named file::function."""

    name: str
    tests: tuple[str, ...]
    changes: tuple[Change, ...]


def _without(name: str, tests: str, *changes: tuple[str, str, str]) -> Mutant:
    named = tuple(f"tests/test_{each}" for each in tests.split())
    return Mutant(name, named, tuple(Change(*each) for each in changes))


_DOORS = "staff_doors.py::test_"
_SECRETS = "served_secrets.py::test_"

MUTANTS = [
    # What the database itself refuses.
    _without(
        "hold-key",
        "accept_races.py::test_one_of_many_accepts_wins database.py::test_migrations_make_the_tables_of_the_models",
        (
            "models/meetings.py",
            'foreign_key="staffmember.id", primary_key=True)',
            'foreign_key="staffmember.id")',
        ),
        (
            "migrations/versions/0002_create_staff_and_meetings.py",
            'sa.PrimaryKeyConstraint("member_id", "block"),',
            'sa.PrimaryKeyConstraint("member_id", "block", "request_id"),',
        ),
        (
            "models/meetings.py",
            'foreign_key="meetingrequest.id", index=True)\n\n\nclass Tombstone',
            'foreign_key="meetingrequest.id", index=True, primary_key=True)\n\n\nclass Tombstone',
        ),
    ),
    _without(
        "key-and-token-once",
        "database.py::test_what_a_link_or_a_phones_key_names_is_there_once",
        (
            "models/meetings.py",
            "    key_hash: str = Field(unique=True)\n    token_hash: str = Field(unique=True)",
            "    key_hash: str\n    token_hash: str",
        ),
        (
            "migrations/versions/0002_create_staff_and_meetings.py",
            '        sa.UniqueConstraint("key_hash"),\n        sa.UniqueConstraint("token_hash"),\n        sa.UniqueConstraint("uid"),\n',
            '        sa.UniqueConstraint("uid"),\n',
        ),
    ),
    _without(
        "calendar-key-and-token-once",
        "database.py::test_what_a_link_or_a_phones_key_names_is_there_once",
        (
            "models/calendars.py",
            "    key_hash: str = Field(unique=True)\n    token_hash: str = Field(unique=True)",
            "    key_hash: str\n    token_hash: str",
        ),
        (
            "migrations/versions/0007_create_personal_calendars.py",
            '        sa.UniqueConstraint("key_hash"),\n        sa.UniqueConstraint("token_hash"),\n',
            "",
        ),
    ),
    _without(
        "synchronous",
        "database.py::test_every_connection_has_its_pragmas",
        ("database.py", '"synchronous=FULL"', '"synchronous=NORMAL"'),
    ),
    _without(
        "foreign-keys",
        "database.py::test_foreign_keys_are_held",
        ("database.py", '    "foreign_keys=ON",\n', ""),
    ),
    _without(
        "private-database",
        "commands.py::test_database_that_everybody_could_read_is_closed",
        ("database.py", "each.chmod(0o600)", "pass"),
    ),
    # Requests.
    _without(
        "key-with-other-content",
        "meetings.py::test_same_key_with_other_content_is_refused meeting_api.py::test_replayed_key_with_another_body_is_refused",
        (
            "services/asking.py",
            "if found and not hmac.compare_digest(found.digest, form.digest()):",
            "if False:",
        ),
    ),
    _without(
        "erased-stays-erased",
        "meetings.py::test_erased_request_does_not_come_back_with_its_key",
        (
            "services/asking.py",
            "    if db.get(Tombstone, hash_of(token_for(db, key_hash))):\n        raise ErasedRequestError\n",
            "",
        ),
    ),
    _without(
        "erasure-of-messages",
        "outbox.py::test_erased_request_leaves_nothing_to_tell erasure.py::test_erased_by_link_nothing_is_left",
        (
            "services/erasure.py",
            "(OutboxMessage, MeetingNote, MeetingReply, Hold, MeetingMove)",
            "(MeetingNote, MeetingReply, Hold, MeetingMove)",
        ),
    ),
    _without(
        "scrub-of-a-link",
        "erasure.py::test_erased_by_link_nothing_is_left",
        ("api/meetings.py", "    scrub()\n", ""),
    ),
    _without(
        "scrub-of-a-command",
        "erasure.py::test_erased_from_the_command_line_nothing_is_left",
        ("cli.py", "    finally:\n        scrub()\n", "    finally:\n        pass\n"),
    ),
    _without(
        "scrub-of-a-command-that-stops",
        "held_back.py::test_command_that_stops_half_way_leaves_nothing_of_what_it_erased",
        ("cli.py", "    try:\n        yield\n    finally:\n        scrub()\n", "    yield\n    scrub()\n"),
    ),
    _without(
        "scrub-again",
        "chores.py::test_every_chore_is_tried_here",
        ("chores.py", '    Chore("scrubbing", 5.0, scrub_again),\n', ""),
    ),
    _without(
        "sequence-of-a-new-time",
        "meetings.py::test_accepted_move_frees_the_old_time_and_raises_sequence",
        ("services/holds.py", "    request.sequence += is_invited\n", ""),
    ),
    _without(
        "sequence-of-a-colleague",
        "meetings.py::test_reassign_moves_what_is_held",
        ("services/meetings.py", "        request.sequence += 1\n", ""),
    ),
    _without(
        "sequence-of-a-cancellation",
        "meetings.py::test_cancel_frees_the_time",
        ("services/moves.py", "    request.sequence += request.is_held\n", ""),
    ),
    _without(
        "sequence-of-an-event",
        "release.py::test_sequence_rises_for_time_place_and_state_only",
        (
            "services/stamps.py",
            "    event.sequence = before.event.sequence + has_moved\n",
            "    event.sequence = before.event.sequence\n",
        ),
    ),
    _without(
        "superseded-proposal",
        "meetings.py::test_superseded_proposal_cannot_be_answered",
        ("services/answers.py", "request.proposal != number or request.status", "request.status"),
    ),
    _without(
        "seen-on-the-screen",
        "requests_of_staff.py::test_no_act_is_done_on_what_was_not_seen",
        (
            "services/meetings.py",
            "    if seen is not None and seen != version(db, request):\n        raise MovedOnError\n",
            "",
        ),
    ),
    _without(
        "one-receipt",
        "outbox.py::test_stranger_causes_one_receipt_whatever_becomes_of_the_requests",
        (
            "services/outbox.py",
            "            _count_receipt(db, request, now)\n",
            "            pass\n",
        ),
    ),
    _without(
        "site-drawn-again",
        "front_door.py::test_a_damaged_site_is_drawn_again_at_the_next_start",
        ("offline/site.py", "        if _is_whole(sites, edition.name):\n", "        if True:\n"),
    ),
    # Scripts.
    _without(
        "open-for-one-recipient",
        "abuse.py::test_nobody_is_buried_under_requests_in_his_name",
        ("services/abuse.py", "        raise TooManyOpenError\n", "        return\n"),
    ),
    _without(
        "requests-counted-alone",
        "limit_races.py::test_twenty_ask_without_a_proof_however_many_come",
        ("services/abuse.py", "    count_alone(db)\n    _check_mailbox", "    _check_mailbox"),
    ),
    _without(
        "calendars-counted-alone",
        "limit_races.py::test_two_hundred_calendars_are_made_without_a_proof",
        (
            "services/abuse.py",
            'Raises ProofWantedError."""\n    count_alone(db)\n',
            'Raises ProofWantedError."""\n',
        ),
    ),
    _without(
        "counted-before-a-calendar-is-held",
        "limit_races.py::test_a_calendar_that_is_changed_and_replaced_at_once_keeps_nobody_waiting",
        (
            "services/calendars.py",
            "    found = find(db, token, now)\n",
            "    found = _held(db, token, now)\n",
        ),
    ),
    _without(
        "account-held-but-for-its-sessions",
        "limit_races.py::test_who_signs_in_again_while_signed_out_everywhere_keeps_nobody_waiting",
        ("services/staff.py", 'with_for_update={"key_share": True})', "with_for_update=True)"),
    ),
    _without(
        "account-held-before-its-link",
        "limit_races.py::test_a_link_that_is_used_while_another_is_made_keeps_nobody_waiting",
        ("services/staff.py", "    _hold_owner(db, token)\n", ""),
    ),
    _without(
        "proof-after-twenty",
        "abuse.py::test_twenty_scripted_ones_get_through_at_most",
        (
            "services/abuse.py",
            "looks_scripted or count_attempts(db, now, _ASK) >= FREE_IN_A_WINDOW",
            "looks_scripted",
        ),
    ),
    _without(
        "proof-of-what-looks-scripted",
        "abuse.py::test_what_looks_like_a_script_must_work_at_once",
        (
            "services/abuse.py",
            "looks_scripted or count_attempts(db, now, _ASK)",
            "count_attempts(db, now, _ASK)",
        ),
    ),
    _without(
        "proof-is-solved",
        "abuse.py::test_a_number_that_solves_nothing_is_no_proof",
        ("domain/proof_of_work.py", ">> (256 - bits) == 0", ">> 256 == 0"),
    ),
    _without(
        "proof-for-one-key",
        "abuse.py::test_proof_is_good_for_one_key",
        ("domain/proof_of_work.py", "{challenge}.{key}.{answer}", "{challenge}.{answer}"),
    ),
    _without(
        "challenge-is-ours",
        "abuse.py::test_challenge_of_ones_own_is_worth_nothing",
        ("services/abuse.py", "is_ours and is_fresh and is_solved", "is_fresh and is_solved"),
    ),
    _without(
        "challenge-grows-old",
        "abuse.py::test_challenge_grows_old",
        ("services/abuse.py", "is_ours and is_fresh and is_solved", "is_ours and is_solved"),
    ),
    _without(
        "challenge-for-one-network",
        "held_back.py::test_challenge_is_for_one_network",
        ("services/abuse.py", 'f"{given} {purpose} {origin}"', 'f"{given} {purpose}"'),
    ),
    _without(
        "challenge-for-one-purpose",
        "held_back.py::test_challenge_is_for_one_purpose",
        ("services/abuse.py", 'f"{given} {purpose} {origin}"', 'f"{given} {origin}"'),
    ),
    _without(
        "challenge-counts-once",
        "held_back.py::test_challenge_counts_once",
        ("services/abuse.py", "    if count_attempts(db, now, _CHALLENGE, signature):\n", "    if False:\n"),
    ),
    _without(
        "difficulty",
        "held_back.py::test_work_doubles_with_what_waits_everywhere",
        ("services/abuse.py", "_BITS + (flood // _MORE_BITS_FROM).bit_length()", "_BITS"),
    ),
    _without(
        "held-back",
        "held_back.py::test_a_flood_from_one_network_is_held_back_and_others_are_not",
        ("services/abuse.py", "is_held_back = _is_too_much(db, origin, now)", "is_held_back = False"),
    ),
    _without(
        "taken-back-counts",
        "held_back.py::test_who_takes_back_what_he_asks_is_held_back_as_if_it_waited",
        (
            "services/abuse.py",
            "max(waiting, taken_back) <",
            "waiting <",
        ),
    ),
    _without(
        "taken-back-counts-for-its-network",
        "held_back.py::test_what_others_take_back_holds_no_venue_back",
        (
            "services/abuse.py",
            "count_attempts(db, now, _TAKEN_BACK, origin, HOLDS_BACK_FOR)",
            "count_attempts(db, now, _TAKEN_BACK, None, HOLDS_BACK_FOR)",
        ),
    ),
    _without(
        "taken-back-is-not-what-waits",
        "held_back.py::test_what_was_taken_back_holds_not_everybody_back",
        (
            "services/abuse.py",
            "or waiting >= UNANSWERED_FROM_EVERYWHERE",
            "or max(waiting, _flood(db, now)) >= UNANSWERED_FROM_EVERYWHERE",
        ),
    ),
    _without(
        "held-back-does-not-prolong-itself",
        "held_back.py::test_taking_back_what_was_held_back_does_not_prolong_it",
        ("services/abuse.py", "address is None or was_held_back", "address is None"),
    ),
    _without(
        "taken-back-makes-work",
        "held_back.py::test_work_is_not_less_for_what_was_taken_back",
        ("services/abuse.py", "_waiting(db) + sum(gone)", "_waiting(db)"),
    ),
    _without(
        "held-back-is-not-told",
        "held_back.py::test_its_author_sees_no_difference_and_nobody_is_told",
        ("services/outbox.py", "    if request.is_held_back:\n        return\n", ""),
    ),
    _without(
        "work-after-a-flood",
        "held_back.py::test_work_is_not_less_as_soon_as_staff_have_cleared_a_flood",
        (
            "services/abuse.py",
            "max(_waiting(db) + sum(gone), count_attempts(db, now, _ASK_PROVED))",
            "_waiting(db) + sum(gone)",
        ),
    ),
    _without(
        "news-together",
        "held_back.py::test_staff_are_told_at_once_of_many_that_were_taken_back",
        (
            "services/news.py",
            "or_(col(table.kind).in_(_COMES_OR_IS_GONE), ends)",
            "col(table.kind).in_(_COMES_OR_IS_GONE)",
        ),
    ),
    _without(
        "news-counted-apart",
        "held_back.py::test_asking_and_taking_back_over_and_over_tells_staff_a_few_times",
        ("services/outbox.py", "    db.add(Attempt(kind=_NEWS, key=key, at=now))\n", ""),
    ),
    _without(
        "news-of-nothing",
        "held_back.py::test_what_was_over_before_staff_were_told_is_told_to_none_of_us",
        ("services/letterbox.py", "    if case and _is_for_nothing(db, case):\n        return None\n", ""),
    ),
    _without(
        "news-in-order",
        "outbox.py::test_end_of_what_another_worker_is_just_telling_is_told_after_it",
        (
            "services/delivery.py",
            "        not_(_has_one_before()),\n    )\n    oldest",
            "    )\n    oldest",
        ),
    ),
    _without(
        "erased-untold",
        "held_back.py::test_what_was_held_back_is_erased_by_its_address_and_nobody_told",
        ("services/erasure.py", "~col(MeetingRequest.is_held_back), or_(", "or_("),
    ),
    _without(
        "erased-unheard",
        "held_back.py::test_what_was_over_before_staff_were_told_is_told_to_none_of_us",
        ("services/erasure.py", "where(which, is_known)", "where(which)"),
    ),
    _without(
        "lapsed-unheard",
        "held_back.py::test_what_was_over_before_staff_were_told_is_told_to_none_of_us",
        (
            "services/letterbox.py",
            "(RequestStatus.CANCELLED, RequestStatus.LAPSED)",
            "(RequestStatus.CANCELLED,)",
        ),
    ),
    _without(
        "news-unread",
        "newer_rows.py::test_news_that_cannot_be_read_hold_up_no_other_news",
        (
            "services/delivery.py",
            "unread.append((replace(claim, message_ids=(row.message_id,)), error))",
            "raise",
        ),
    ),
    _without(
        "held-back-room",
        "held_back.py::test_so_many_are_held_back_and_what_comes_then_is_refused_until_there_is_room",
        ("api/meetings.py", "                    held_back.make_room(db)\n", "                    pass\n"),
    ),
    _without(
        "held-back-room-costs",
        "held_back.py::test_asking_where_there_is_no_room_is_not_free",
        ("api/meetings.py", "                refused = error  #", "                raise  #"),
    ),
    _without(
        "held-back-room-of-what-is-gone",
        "held_back.py::test_taking_back_makes_no_more_room_than_it_took",
        ("services/held_back.py", "or_(is_held_back(), is_over)", "is_held_back()"),
    ),
    _without(
        "held-back-room-of-what-lapsed-last",
        "held_back.py::test_room_is_made_of_what_was_taken_back_before_what_lapsed",
        ("services/held_back.py", "order_by(_has_lapsed(), ", "order_by("),
    ),
    _without(
        "held-back-disk",
        "held_back.py::test_a_full_disk_holds_no_more_back",
        ("services/held_back.py", "    if disk_trouble():\n        raise NoRoomError\n", ""),
    ),
    _without(
        "erased-in-bundles",
        "held_back.py::test_others_write_while_very_many_are_erased",
        ("services/erasure.py", "            note(gone)\n        db.commit()\n", "            note(gone)\n"),
    ),
    _without(
        "erased-as-far-as-it-came",
        "held_back.py::test_erasing_that_stops_half_way_is_written_down_as_far_as_it_came",
        (
            "services/erasure.py",
            "        if gone:\n            note(gone)\n        db.commit()\n",
            "        db.commit()\n        note(gone)\n",
        ),
    ),
    _without(
        "each-bundle-has-its-turn",
        "held_back.py::test_each_bundle_that_is_erased_waits_for_a_turn_of_its_own",
        ("services/erasure.py", "        count_from_now()  #", "        #"),
    ),
    _without(
        "networks",
        "held_back.py::test_addresses_of_one_network_count_together",
        ("domain/network.py", "_IPV4_BITS, _IPV6_BITS = 24, 64", "_IPV4_BITS, _IPV6_BITS = 32, 128"),
    ),
    _without(
        "receipts-to-one-mailbox",
        "held_back.py::test_one_receipt_reaches_one_mailbox_however_it_is_spelled",
        ("domain/mail_address.py", "local.partition('+')[0].replace('.', '')", "local"),
    ),
    _without(
        "receipts-to-one-domain",
        "held_back.py::test_receipts_of_one_domain_are_bounded",
        ("services/outbox.py", "lately >= RECEIPTS_TO_ONE_DOMAIN or ", ""),
    ),
    _without(
        "calendars-of-scripts",
        "calendars.py::test_a_flood_of_calendars_has_to_work_for_it",
        ("services/abuse.py", "count_attempts(db, now, _CALENDAR) >= FREE_CALENDARS_IN_A_WINDOW", "False"),
    ),
    _without(
        "entries-of-a-calendar",
        "calendars.py::test_a_calendar_has_room_for_two_hundred_and_no_more",
        ("services/calendars.py", "            raise FullCalendarError\n", "            pass\n"),
    ),
    _without(
        "entries-that-are-none",
        "calendars.py::test_what_never_was_an_event_is_left_out_and_what_was_withdrawn_stays",
        ("services/calendars.py", "    return slugs - left\n", "    return slugs\n"),
    ),
    _without(
        "changes-of-a-calendar",
        "calendars.py::test_changes_without_end_have_to_work_for_it",
        (
            "services/abuse.py",
            "count_attempts(db, now, _CHANGE, origin) >= FREE_CHANGES_IN_A_WINDOW",
            "False",
        ),
    ),
    _without(
        "no-change-is-not-written",
        "calendars.py::test_the_same_change_again_writes_nothing",
        ("services/calendars.py", "    if effect == CalendarChange() and", "    if False and"),
    ),
    _without(
        "cap-of-calendars",
        "calendars.py::test_beyond_the_cap_the_oldest_unused_makes_room",
        ("services/calendar_room.py", ".one() <= MOST_CALENDARS:", ".one() <= 10**9:"),
    ),
    _without(
        "share-of-a-network",
        "calendars.py::test_one_network_makes_no_more_than_its_share_of_calendars_in_a_day",
        ("services/calendar_room.py", "_DAY) >= MOST_OF_A_NETWORK:", "_DAY) >= 10**9:"),
    ),
    _without(
        "low-disk",
        "calendars.py::test_a_full_disk_takes_no_new_calendars_and_still_requests",
        ("services/calendars.py", "    calendar_room.check_disk()\n", ""),
    ),
    # Who asks together.
    _without(
        "slots-once-for-all",
        "from_memory.py::test_slots_are_computed_once_for_all_who_ask",
        ("api/slots.py", "    if before and before.of == of:\n        return before\n", ""),
    ),
    _without(
        "one-look-for-all",
        "from_memory.py::test_the_database_is_asked_once_a_second_whoever_asks",
        (
            "api/shared.py",
            "if time.monotonic() - self._since < _LASTS_SECONDS else None",
            "if False else None",
        ),
    ),
    _without(
        "threads-that-write",
        "threads.py::test_post_is_answered_while_looks_block",
        ("api/meetings.py", "@writes\ndef ask_for_meeting", "def ask_for_meeting"),
    ),
    # What bodies and connections may take.
    _without(
        "body-of-the-api",
        "meeting_api.py::test_body_without_end_is_refused",
        ("api/bodies.py", "                    raise BodyTooLargeError\n", "                    continue\n"),
    ),
    _without(
        "body-in-time",
        "connections.py::test_a_body_that_does_not_come_is_not_waited_for",
        (
            "api/bodies.py",
            "asyncio.timeout(_SHORTEST_SECONDS + largest / _BYTES_A_SECOND)",
            "asyncio.timeout(None)",
        ),
    ),
    _without(
        "slow-bodies-of-an-address",
        "connections.py::test_of_an_address_only_so_many_bodies_may_be_slow",
        ("asgi.py", "_as_it_comes(shared)", "_as_it_comes(receive)"),
    ),
    _without(
        "room-for-connections",
        "connections.py::test_connections_that_do_nothing_keep_nobody_out",
        (
            "cli.py",
            "        backlog=_CONNECTIONS,\n        backpressure=_room_for_connections(),\n",
            "        backlog=1024,\n",
        ),
    ),
    _without(
        "form-of-staff",
        f"{_DOORS}a_large_form_and_other_methods_are_refused",
        ("staff_doors.py", "read_up_to(_LARGEST_FORM, chunks)", "read_up_to(10**9, chunks)"),
    ),
    _without(
        "sockets-of-all",
        f"{_DOORS}more_sockets_than_staff_ever_have_are_refused",
        ("staff_socket.py", "if len(self._open) >= _MOST_SOCKETS:", "if False:"),
    ),
    _without(
        "sockets-of-a-session",
        f"{_DOORS}one_of_us_cannot_keep_the_others_out",
        (
            "staff_socket.py",
            "for each in self._open) >= _MOST_OF_A_SESSION",
            "for each in self._open) >= 10**9",
        ),
    ),
    _without(
        "attachments",
        f"{_DOORS}a_socket_takes_no_attachments",
        ("staff_socket.py", 'return message.get("bytes") is not None or', "return False and"),
    ),
    # What a browser is told.
    _without(
        "policy-of-pages",
        "front_door.py::test_policy_allows_exactly_the_pages_own_scripts",
        ("offline/shelf.py", "script-src 'self' {hashes};", "script-src 'self' 'unsafe-inline';"),
    ),
    _without(
        "scripts-of-the-build-alone",
        "front_door.py::test_a_script_that_got_into_a_drawn_page_may_not_run",
        ("offline/shelf.py", "if known is None or digest in known or", "if True or"),
    ),
    _without(
        "reacts-own-scripts-whole",
        "front_door.py::test_what_only_begins_as_reacts_own_may_not_run",
        ("offline/shelf.py", "_FILLS_IN.fullmatch(code)", "_FILLS_IN.search(code)"),
    ),
    _without(
        "policy-of-the-api",
        "front_door.py::test_every_answer_has_the_security_headers",
        ("asgi.py", "else [_NO_CONTENT_POLICY]", "else []"),
    ),
    _without(
        "frame-options",
        "front_door.py::test_every_answer_has_the_security_headers",
        ("asgi.py", '    (b"x-frame-options", b"DENY"),\n', ""),
    ),
    _without(
        "nosniff",
        "front_door.py::test_every_answer_has_the_security_headers",
        ("asgi.py", '    (b"x-content-type-options", b"nosniff"),\n', ""),
    ),
    _without(
        "https-alone",
        f"{_SECRETS}browsers_are_told_to_come_by_https_alone",
        ("asgi.py", "*(lasting if secure else [])", "*[]"),
    ),
    _without(
        "request-page-kept-nowhere",
        f"{_SECRETS}the_page_of_a_request_is_kept_nowhere",
        (
            "asgi.py",
            '[*kept, *_NOT_FOR_SEARCH, (b"cache-control", b"no-store")]',
            "[*kept, *_NOT_FOR_SEARCH]",
        ),
    ),
    _without(
        "request-kept-nowhere",
        f"{_SECRETS}what_a_request_says_is_kept_nowhere",
        ("api/meetings.py", '"cache-control": "no-store", "referrer-policy"', '"referrer-policy"'),
    ),
    _without(
        "staffs-pages-kept-nowhere",
        f"{_DOORS}staff_pages_are_never_kept",
        ("staff_doors.py", "return status, [*kept, *NO_STORE], body", "return status, kept, body"),
    ),
    _without(
        "not-for-search",
        f"{_DOORS}what_only_some_may_see_is_not_for_search_engines",
        ("asgi.py", "return status, [*kept, *_NOT_FOR_SEARCH,", "return status, [*kept,"),
    ),
    _without(
        "masked-log",
        f"{_SECRETS}a_served_log_masks_links_and_addresses",
        ("asgi.py", "    mask_logs()\n", ""),
    ),
    _without(
        "masked-calendar-links",
        "calendar_secrets.py::test_an_address_is_in_no_log_however_it_is_used calendars.py::test_no_address_is_kept_or_logged",
        ("logs.py", "|password|calendars)", "|password)"),
    ),
    # Texts of strangers.
    _without(
        "link-preview",
        "link_preview.py::test_title_cannot_end_the_element_that_carries_it",
        ("presenters/link_preview.py", 'content="{escape(words)}"', 'content="{words}"'),
    ),
    _without(
        "json-ld",
        "link_preview.py::test_title_cannot_end_the_element_that_carries_it",
        ("presenters/link_preview.py", '.replace("<", "\\\\u003c")', ""),
    ),
    _without(
        "mail-html",
        "letters.py::test_words_of_staff_are_quoted_and_escaped",
        ("notify/letters.py", 'select_autoescape(["html"])', "False"),
    ),
    _without(
        "channel",
        "outbox.py::test_channel_is_told_no_address_and_no_name",
        ("notify/webhook.py", '_MARKUP.sub(" ", one_line(text))', "one_line(text)"),
    ),
    _without(
        "mail-headers",
        "letters.py::test_nobody_writes_into_headers",
        ("notify/mail.py", 'made["Subject"] = one_line(words.subject)', 'made["Subject"] = words.subject'),
        (
            "notify/letters.py",
            "(one_line(told.name), one_line(told.organisation))",
            "(told.name, told.organisation)",
        ),
    ),
    _without(
        "formulas",
        "export.py::test_no_cell_begins_like_a_formula requests_table.py::test_no_cell_is_a_formula",
        (
            "interop/table_file.py",
            'return guarded(_FORBIDDEN.sub("", text))',
            'return _FORBIDDEN.sub("", text)',
        ),
    ),
    # Addresses that somebody typed.
    _without(
        "private-addresses",
        "hostile_addresses.py::test_no_address_leads_inside_or_takes_much_work_or_256_megabytes",
        ("sources/fetching.py", "        refuse_private(url, found, self.allowed)\n", ""),
    ),
    _without(
        "addresses-of-a-hop",
        "hostile_addresses.py::test_no_address_leads_inside_or_takes_much_work_or_256_megabytes",
        (
            "sources/fetching.py",
            "        following = parsed(joined, self.allowed, self.ports)\n",
            "        following = httpx.URL(joined)\n",
        ),
    ),
    _without(
        "private-networks-listed",
        "fetching.py::test_the_public_internet_is_public hostile_addresses.py::test_no_address_leads_inside_or_takes_much_work_or_256_megabytes",
        ("sources/addresses.py", '        "10.0.0.0/8",\n', ""),
    ),
    # Staff's doors.
    _without(
        "session-ends",
        "staff.py::test_a_session_lives_for_a_day_and_its_token_is_not_stored",
        (
            "services/staff.py",
            ".where(is_live(StaffSession.expires_at, now, SESSION_LASTS), col",
            ".where(col",
        ),
    ),
    _without(
        "session-of-the-disabled",
        "staff.py::test_a_session_of_a_disabled_member_is_not_live_even_if_its_row_stayed",
        (
            "services/staff.py",
            ", col(StaffMember.disabled_at).is_(None))\n    )\n\n\ndef sign_out(",
            ")\n    )\n\n\ndef sign_out(",
        ),
    ),
    _without(
        "session-before-ends",
        f"{_DOORS}a_new_sign_in_ends_the_session_before",
        ("staff_entry.py", "        staff.sign_out(db, tried.came.session)\n", ""),
    ),
    _without(
        "new-password-ends-sessions",
        "staff.py::test_a_reset_link_lasts_a_day_and_ends_all_sessions",
        (
            "services/staff.py",
            "    sign_out_everywhere(db, member.id or 0)\n    db.add(member)\n    db.add(link)",
            "    db.add(member)\n    db.add(link)",
        ),
    ),
    _without(
        "link-works-once",
        f"{_DOORS}a_one_time_link_shows_a_hundred_times_and_works_once staff.py::test_the_first_link_sets_up_one_coordinator_once",
        (
            "services/staff.py",
            "return col(StaffLink.used_at).is_(None), is_live",
            "return col(StaffLink.id) > 0, is_live",
        ),
    ),
    _without(
        "http-only",
        f"{_DOORS}over_tls_the_cookie_is_bound_to_the_host",
        ("staff/session.py", "Path=/; HttpOnly; SameSite=Lax", "Path=/; SameSite=Lax"),
    ),
    _without(
        "forms-from-elsewhere",
        f"{_DOORS}forms_from_elsewhere_are_refused",
        ("staff_doors.py", "        if not is_from_us(headers):\n", "        if False:\n"),
    ),
    _without(
        "sockets-from-elsewhere",
        f"{_DOORS}a_live_cookie_opens_no_socket_from_elsewhere",
        ("asgi.py", "        if not has_our_origin(headers):\n", "        if False:\n"),
    ),
    _without(
        "sockets-of-strangers",
        f"{_DOORS}strangers_get_no_socket",
        ("asgi.py", "            if not await has_live_session(headers):\n", "            if False:\n"),
    ),
    _without(
        "socket-goes-dark",
        f"{_DOORS}an_open_socket_goes_dark_and_is_closed",
        ("staff_socket.py", "            await self._close(over)\n", "            pass\n"),
    ),
    _without(
        "sockets-nonsense",
        f"{_DOORS}a_socket_that_asks_for_nonsense_is_heard_all_the_same",
        (
            "staff_events.py",
            'if kind == "client_error" or (kind == "event" and is_listed(_part(given, "name"))):\n',
            "if True:\n",
        ),
    ),
    _without(
        "sockets-own-words",
        f"{_DOORS}a_client_cannot_act_as_the_server",
        ("staff_events.py", "    _take_what_pages_send(app.sio, str(constants.Endpoint.EVENT))\n", ""),
    ),
    _without(
        "sockets-heard-meanwhile",
        f"{_DOORS}a_page_that_waits_for_a_slow_mail_server_is_heard_meanwhile",
        ("staff_events.py", "    _listen_meanwhile(app.sio)\n", ""),
    ),
    _without(
        "refresh-waits-for-none",
        f"{_DOORS}a_page_that_waits_for_a_slow_mail_server_is_heard_meanwhile",
        (
            "staff_socket.py",
            "            async with asyncio.timeout(_STATE_WITHIN_SECONDS):\n                async with",
            "            async with asyncio.timeout(60):\n                async with",
        ),
    ),
    _without(
        "narrowed-pages",
        f"{_DOORS}the_open_pages_of_whoever_coordinates_no_longer_are_emptied",
        ("staff_socket.py", "if not await self._narrow(each)]", "if False]"),
    ),
    _without(
        "state-token",
        f"{_DOORS}another_members_reflex_token_leads_nowhere",
        ("staff_socket.py", 'f"{session} {chosen}"', 'f"{chosen}"'),
    ),
    _without(
        "guard",
        f"{_DOORS}the_guard_alone_closes_every_handler",
        (
            "staff/guard.py",
            "        if not is_listed(event.name):\n",
            "        if False:\n",
        ),
    ),
    _without(
        "guards-roles",
        f"{_DOORS}the_guard_alone_closes_every_handler {_DOORS}the_wrong_role_changes_and_learns_nothing",
        (
            "staff/guard.py",
            "may = event.name in MEMBERS or member.role is StaffRole.COORDINATOR",
            "may = True",
        ),
    ),
    _without(
        "services-roles",
        "staff.py::test_only_a_coordinator_edits_the_team",
        (
            "services/staff.py",
            "    if by is not None and (by.disabled_at is not None or by.role is not StaffRole.COORDINATOR):\n        raise NotAllowedError\n",
            "    return\n",
        ),
    ),
    _without(
        "requests-table-for-coordinators",
        f"{_DOORS}requests_are_taken_away_by_coordinators_alone_and_that_is_written_down requests_table.py::test_only_an_active_coordinator_takes_them_and_that_is_written_down",
        ("services/requests_table.py", "    require_coordinator(by)\n", ""),
    ),
    _without(
        "files-of-others",
        f"{_DOORS}a_file_to_import_is_kept_for_one_of_us_alone given_files.py::test_nobody_gets_anothers",
        (
            "services/given_files.py",
            "    kept = db.get(GivenFile, (by.id, digest))\n    return",
            "    kept = db.exec(select(GivenFile).where(GivenFile.digest == digest)).first()\n    return",
        ),
    ),
    _without(
        "next-page-is-ours",
        f"{_DOORS}the_sign_in_leads_to_the_page_that_was_asked_for",
        ("staff_doors.py", "is_usual = path == HOME or path not in STAFF_PAGES", "is_usual = path == HOME"),
    ),
    _without(
        "guesses-of-an-account",
        "staff.py::test_guessing_one_account_waits_longer_each_time",
        (
            "services/sign_in.py",
            "    if max(waits) > timedelta():\n        raise SignInRefusedError(max(waits))\n",
            "",
        ),
    ),
    _without(
        "guesses-from-a-network",
        "staff.py::test_what_one_attacker_has_at_least_is_one_network",
        ("services/sign_in.py", "networks.network_of(address, _IPV6_BITS)", "address"),
    ),
    _without(
        "account-under-attack",
        "staff.py::test_a_network_that_guesses_at_an_account_under_attack_waits_longer_each_time",
        ("services/sign_in.py", "_PAIR_UNDER_ATTACK if is_attacked and limit is _PAIR else limit", "limit"),
    ),
    _without(
        "known-browser",
        "staff.py::test_a_browser_that_the_owner_knows_waits_for_its_own_failures_alone",
        ("services/sign_in.py", "    if device:\n", "    if False:\n"),
    ),
    _without(
        "names-in-passwords",
        "passwords.py::test_digits_and_signs_about_a_word_that_others_think_of_help_nobody",
        ("services/passwords.py", "        if is_made_of(given, words):\n", "        if False:\n"),
    ),
    _without(
        "sign-in-written-down",
        f"{_DOORS}each_sign_in_is_in_the_log_of_changes_without_what_was_typed",
        ("services/sign_in.py", '    audit.note(db, member, "sign_in", member.slug, now)\n', ""),
    ),
    _without(
        "own-password-is-known",
        f"{_DOORS}one_s_own_password_is_changed_by_who_knows_it_and_every_other_browser_goes",
        (
            "staff_entry.py",
            'if not await self.hashing.do(look, me.password_hash, form.get("current", ""), is_known=True):',
            "if False:",
        ),
    ),
    _without(
        "guesses-at-one-s-own-password",
        f"{_DOORS}who_found_an_open_browser_cannot_guess_its_password",
        ("staff_entry.py", "            await written(_count_own, me, came)\n", ""),
    ),
    _without(
        "own-password-ends-sessions",
        "staff.py::test_a_password_of_one_s_own_ends_every_session_and_link",
        (
            "services/staff.py",
            "    sign_out_everywhere(db, member.id or 0)\n    db.exec(delete(StaffLink).where(col(StaffLink.member_id) == member.id))\n    db.flush()\n    audit",
            "    db.flush()\n    audit",
        ),
    ),
    _without(
        "session-of-another",
        "staff.py::test_sessions_are_seen_and_ended_one_by_one_by_whose_they_are",
        (
            "services/staff.py",
            "(session.member_id, session.created_at) != (by.id, opened)",
            "session.created_at != opened",
        ),
    ),
    _without(
        "address-that-no-database-can-hold",
        "staff.py::test_what_no_database_can_hold_is_nobody_s_address",
        ("services/staff.py", "    if _UNSTORABLE.search(email):\n        return None\n", ""),
    ),
    _without(
        "faults-of-ours-at-staff-s-doors",
        "trouble.py::test_what_no_database_can_hold_is_wrong_and_a_fault_of_ours_is_no_trouble_of_the_database",
        ("asgi.py", "        except AWAY as error:\n", "        except SQLAlchemyError as error:\n"),
    ),
    _without(
        "strangers-queue",
        "hashing.py::test_one_network_has_a_few_places_and_all_together_not_many_more",
        ("hashing.py", "self.waiting[network] >= OF_ONE_NETWORK or ", ""),
    ),
    _without(
        "place-of-a-network-of-which-nobody-waits",
        "hashing.py::test_one_network_has_a_few_places_and_all_together_not_many_more",
        ("hashing.py", "most = OF_ALL if self.waiting[network] else AT_MOST", "most = OF_ALL"),
    ),
    _without(
        "networks-take-turns",
        "hashing.py::test_a_network_that_asks_for_much_waits_behind_one_of_each_other",
        ("hashing.py", "self._turns.setdefault(network, asyncio.Lock())", "asyncio.Lock()"),
    ),
    _without(
        "share-of-a-link",
        "hashing.py::test_one_link_has_a_small_share_among_whom_we_know",
        ("hashing.py", "        if self.links[link] >= OF_ONE_LINK:\n", "        if False:\n"),
    ),
    _without(
        "current-password-looked-at-before-the-new-one-is-hashed",
        "hashing.py::test_who_found_an_open_browser_has_few_passwords_looked_at_and_none_hashed",
        (
            "staff_entry.py",
            "await asyncio.to_thread(_check_chosen, chosen, me.name, me.email)",
            "await self.hashing.do(passwords.hash_password, chosen, is_known=True)",
        ),
    ),
    _without(
        "time-after-a-look",
        "hashing.py::test_who_waited_for_a_look_has_all_the_time_left_for_the_database",
        ("hashing.py", "        count_from_now()  # that", "        # that"),
    ),
    _without(
        "lane-of-the-known",
        "hashing.py::test_whom_we_know_is_looked_at_while_strangers_wait",
        ("hashing.py", "self._known if is_known else self._strangers", "self._strangers"),
    ),
    _without(
        "device-of-the-account",
        "staff.py::test_a_browser_is_known_by_the_account_and_the_password_it_signed_in_with",
        ("services/devices.py", "{number}:{member.id}:{member.password_hash}", "{number}"),
    ),
    _without(
        "second-factor",
        f"{_DOORS}the_password_alone_lets_nobody_in_who_has_a_second_factor",
        ("staff_entry.py", "        check_code(db, member, tried.code, now, machine_time())\n", ""),
    ),
    _without(
        "code-once",
        "second_factor.py::test_codes_are_asked_for_once_the_app_has_shown_one_and_each_is_good_once",
        ("services/second_factor.py", "        factor.last_step = step\n", ""),
    ),
    _without(
        "recovery-once",
        "second_factor.py::test_ten_codes_of_recovery_let_in_once_each_however_they_are_typed",
        (
            "services/second_factor.py",
            "used = delete(RecoveryCode).where(",
            "used = update(RecoveryCode).values(member_id=member.id).where(",
        ),
        ("services/second_factor.py", "import delete\n", "import delete, update\n"),
    ),
    _without(
        "link-is-no-second-factor",
        f"{_DOORS}a_link_for_a_new_password_is_no_way_around_the_second_factor",
        ("staff_entry.py", "return None if has_factor(db, member) else _entry(", "return _entry("),
    ),
    _without(
        "second-factor-first",
        f"{_DOORS}where_it_is_required_nothing_else_is_done_before_it_is_set_up",
        (
            "staff_doors.py",
            "if path != ACCOUNT and await asyncio.to_thread(_must_set_up, headers):",
            "if False:",
        ),
    ),
    _without(
        "second-factor-first-on-the-socket",
        f"{_DOORS}where_it_is_required_nothing_else_is_done_before_it_is_set_up",
        (
            "staff/guard.py",
            "if event.name not in FIRST_OF_ALL and await asyncio.to_thread(_must_set_up, member):",
            "if False:",
        ),
    ),
    _without(
        "factor-without-the-password",
        f"{_DOORS}only_who_knows_the_password_sets_up_a_second_factor",
        ("staff/own_password.py", 'looked.problem or ("" if is_own else "password_wrong")', '""'),
    ),
    _without(
        "own-password-uncounted",
        f"{_DOORS}the_password_of_a_second_factor_is_guessed_as_slowly_as_that_of_a_new_one",
        ("staff/own_password.py", "    if not counted.made:\n", "    if counted.problem:\n"),
    ),
    _without(
        "factor-of-another",
        "second_factor.py::test_a_coordinator_takes_it_from_who_lost_the_app_and_a_member_from_nobody_else",
        (
            "services/second_factor.py",
            "    if by is None or by.id != member.id:\n        require_coordinator(by)\n",
            "",
        ),
    ),
    _without(
        "work-of-no-account",
        "staff.py::test_an_account_that_does_not_exist_takes_the_same_work",
        ("services/passwords.py", "_hasher.verify(hashed or _nobody(),", "_hasher.verify(hashed,"),
    ),
    _without(
        "shortest-password",
        "passwords.py::test_a_poor_password_is_refused",
        (
            "services/passwords.py",
            '    if len(given) < SHORTEST:\n        raise PasswordError("short")\n',
            "",
        ),
    ),
    _without(
        "known-password",
        "passwords.py::test_a_poor_password_is_refused",
        ("services/passwords.py", "if is_common(given) or len(", "if len("),
    ),
    _without(
        "trusted-proxies",
        f"{_DOORS}behind_a_proxy_who_guesses_slows_down_only_his_own_address",
        (
            "asgi.py",
            "wrap_asgi_with_proxy_headers(FrontDoor(StaffSocket()), settings().proxies)",
            "FrontDoor(StaffSocket())",
        ),
    ),
    # Backups.
    _without(
        "private-backup",
        "backup.py::test_the_commands_write_a_private_file_and_read_it",
        (
            "interop/backup_file.py",
            "        Path(name).replace(path)\n",
            "        Path(name).chmod(0o644)\n        Path(name).replace(path)\n",
        ),
    ),
    _without(
        "sum-of-a-table",
        "backup.py::test_a_row_that_was_changed_and_packed_again_is_noticed",
        ("interop/backup_file.py", 'if hashlib.sha256(content).hexdigest() != said["sha256"]:', "if False:"),
    ),
    _without(
        "size-of-a-backup",
        "backup.py::test_a_bomb_and_a_file_that_is_not_listed_are_refused",
        (
            "interop/backup_file.py",
            "    if sum(each.file_size for each in archive.infolist()) > _LARGEST:\n",
            "    if False:\n",
        ),
    ),
    # Time.
    _without(
        "clock-that-jumped",
        "clock_trust.py::test_a_wrong_clock_erases_lapses_and_mails_nothing",
        ("chores.py", "    if not may_act(now):\n        return\n", ""),
    ),
    _without(
        "clock-that-jumped-mails",
        "clock_trust.py::test_a_wrong_clock_erases_lapses_and_mails_nothing",
        ("chores.py", "    if may_act(now):\n        deliver_due(now)\n", "    deliver_due(now)\n"),
    ),
    _without(
        "copy-before-erasing",
        "clock_trust.py::test_the_true_day_after_erases_as_promised_with_a_copy_for_a_day_and_a_line_in_the_log",
        ("chores.py", "keep_copy(duty.name, now) if duty.until else None", "None"),
    ),
]

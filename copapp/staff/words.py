"""The words, times and half-written texts of staff pages: Vars over store/staff.js."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import reflex as rx
from reflex_base.utils.imports import ImportVar
from reflex_base.vars import VarData
from reflex_base.vars.function import ArgsFunctionOperation, FunctionStringVar

_STORE = "$/utils/copapp/store/staff"


@dataclass(frozen=True)
class Once:
    """What is shown once, nothing where it is noted; and the act that says so."""

    shown: Any
    noted: ArgsFunctionOperation


@dataclass(frozen=True)
class Links:
    """The one-time links that are shown, and what gives the act that says of one that it is handed over."""

    shown: Any
    handed_over: Callable[[Any], ArgsFunctionOperation]


def _function(name: str, hook: str | None = None) -> FunctionStringVar[Any]:
    data = VarData(
        imports={_STORE: [ImportVar(tag=hook or name)]},
        hooks={f"const {name} = {hook}()": None} if hook else {},
    )
    return FunctionStringVar.create(name, _var_data=data)


def t(key: str, **given: Any) -> rx.vars.StringVar:
    """The reader's words for a key of the staff catalogue."""
    words = _function("staff_words", "useStaffWords")
    return words.call(key, rx.Var.create(given)).to(str) if given else words.call(key).to(str)


def t_of(prefix: str, name: Any, **given: Any) -> rx.vars.StringVar:
    """The words for a key that is put together when the page runs."""
    key = rx.Var.create(prefix).to(str) + name
    words = _function("staff_words", "useStaffWords")
    return words.call(key, rx.Var.create(given)).to(str) if given else words.call(key).to(str)


def language() -> rx.vars.StringVar:
    """The reader's language, for what the server writes in it."""
    hook = "const reader_language = useLanguage()"
    data = VarData(imports={_STORE: [ImportVar(tag="useLanguage")]}, hooks={hook: None})
    return rx.Var("reader_language", _var_type=str, _var_data=data).to(str)


def when(instant: Any) -> rx.vars.StringVar:
    """An instant with the venue's offset, in words."""
    return _function("when", "useWhen").call(instant).to(str)


def day_words(date: Any) -> rx.vars.StringVar:
    """A date (YYYY-MM-DD) in words, with its weekday."""
    return _function("day_words", "useDayWords").call(date).to(str)


def short_weekday(date: Any) -> rx.vars.StringVar:
    """The weekday of a date (YYYY-MM-DD), as short as it goes."""
    return _function("short_weekday", "useWeekday").call(date).to(str)


def ago(instant: Any, now: Any) -> rx.vars.StringVar:
    """How long before `now` an instant was."""
    return _function("ago", "useAgo").call(instant, now).to(str)


def copy_from(field: str) -> ArgsFunctionOperation:
    """An act that copies what a field holds; where that is refused, it is marked instead."""
    return ArgsFunctionOperation.create((), _function("copyFrom").call(field))


def copied(field: str) -> rx.vars.BooleanVar:
    """Whether the field of this page was the last to be copied."""
    return _function("copied_from", "useCopiedFrom").call(field).to(bool)


def code_of(text: Any) -> rx.vars.StringVar:
    """A picture of a QR code that holds a text; "" until it is drawn."""
    return _function("code_of", "useCode").call(text).to(str)


def read_file_into(file: str, field: str) -> ArgsFunctionOperation:
    """An act that puts the text of a chosen file into a field; both are named by their ids."""
    return ArgsFunctionOperation.create((), _function("readFileInto").call(file, field))


def send_for_import(field: str, form: str) -> ArgsFunctionOperation:
    """An act that sends a chosen file, or what a field holds, and submits the form with what became of it."""
    return ArgsFunctionOperation.create((), _function("sendForImport").call(field, form))


def values_of(form: str) -> rx.vars.ObjectVar[dict[str, str]]:
    """What the fields of a form hold at the moment of a tap, whatever of it has reached the server."""
    return _function("valuesOf").call(form).to(dict[str, str])


def asked_for(name: str) -> rx.vars.StringVar:
    """A parameter of this page's address, as the browser has it: the server hears of another page later."""
    return _function("asked_for", "useAskedFor").call(name).to(str)


def print_page() -> ArgsFunctionOperation:
    """An act that puts the page on paper."""
    return ArgsFunctionOperation.create((), _function("printPage").call())


def shown_at(place: str, count: Any) -> rx.Component:
    """Nothing to see: brings a place into view whenever the count has risen."""
    data = VarData(
        imports={_STORE: [ImportVar(tag="useShownAt")]},
        hooks={f"const shown_at = useShownAt({place!r}, {count!s})": None},
    )
    state = count._get_all_var_data()  # noqa: SLF001 - see kept_form
    merged = VarData.merge(state, data)
    return rx.fragment(rx.cond(rx.Var("shown_at", _var_type=bool, _var_data=merged), "", ""))


def kept_form(form: str, thing: Any, version: Any, follows: Any, kept: Any) -> rx.vars.ObjectVar[Any]:
    """What is typed into a form of a thing in a version stays in this tab until it is kept.

    Gives what was typed over another version (`older`), to be taken or dropped; `thing` is "" while the form
    is not there.
    """
    return _kept("kept_form", "useKeptForm", form, thing, version, follows, kept)


def _kept(name: str, hook: str, *given: Any) -> rx.vars.ObjectVar[Any]:
    parts = [rx.Var.create(each) for each in given]
    call = f"const {name} = {hook}({', '.join(map(str, parts))})"
    mine = VarData(imports={_STORE: [ImportVar(tag=hook)]}, hooks={call: None})
    # Hooks stand in the order in which they are merged: the state's first.
    state = [each._get_all_var_data() for each in parts]  # noqa: SLF001 - no other way to a hook
    return rx.Var(name, _var_type=dict, _var_data=VarData.merge(*state, mine)).to(dict)


def shown_once(what: str, me: Any, thing: Any, given: Any, is_over: Any = None) -> Once:
    """What the server gives once of a thing stays in this tab until it is noted, or good for nothing.

    It belongs to whose number is `me`, 0 while the page has not read it: nobody else is shown it. `given` is
    a text or an object, or "" when the server gives nothing now. Only a part of the page that stands there
    keeps it or drops it: a condition may not hide all that ask for it.
    """
    name = rx.Var.create(f"{what}:").to(str) + rx.Var.create(thing).to(str)
    kept = _kept(f"once_{what}", "useShownOnce", me, name, given, is_over)
    return Once(kept["shown"], ArgsFunctionOperation.create((), kept["noted"].to(rx.vars.FunctionVar).call()))


def links_shown(me: Any, made: Any, people: Any, is_over: Any) -> Links:
    """One-time links stay in the tab of the coordinator `me` as in `shown_once`, each while it works.

    `made` is the one just made, "" without one; by `people` it is known whether one works.
    """
    kept = _kept("once_links", "useLinks", me, made, people, is_over)
    noted = kept["noted"].to(rx.vars.FunctionVar)
    return Links(
        kept["shown"].to(list[dict[str, str]]), lambda of: ArgsFunctionOperation.create((), noted.call(of))
    )


def draft_of(name: Any) -> rx.vars.StringVar:
    """What was typed under that name in this tab, as it is when the page is drawn."""
    return _function("draftOf").call(name).to(str)


def keep_draft(name: Any) -> ArgsFunctionOperation:
    """An act that keeps in this tab, under that name, what a field holds."""
    value: Any = rx.Var("value")
    return ArgsFunctionOperation.create(("value",), _function("keepDraft").call(name, value))


def draft_field(name: Any) -> rx.Component:
    """A field for words; what is typed stays in this tab under that name until it is another."""
    return rx.el.textarea(
        name="words",
        rows="3",
        max_length=2000,
        default_value=draft_of(name),
        on_change=keep_draft(name),
        key=name,
    )

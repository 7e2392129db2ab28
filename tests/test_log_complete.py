"""Every handler that a staff page may call, and that writes, leaves a line in the log or says why not."""

import ast
from functools import cache
from pathlib import Path

from copapp.staff.guard import COORDINATORS, MEMBERS

ROOT = Path(__file__).parents[1]
WRITES, NOTES = ("copapp.database", "writing"), ("copapp.services.audit", "note")
# A request keeps its own history, with who did what, and goes with it when it is erased.
HISTORY = {
    f"request_state.{each}" for each in ("accept", "propose", "decline", "cancel", "reassign", "add_note")
}
# Nothing that others see: what one was shown, and files kept for a day to look at before they are taken.
OWN = {"inbox_state.saw_reply"} | {f"import_state.{each}" for each in ("open_import", "look_at", "review")}

Function = tuple[str, str]


def handlers() -> set[str]:
    return {each.rsplit("____")[-1] for each in MEMBERS | COORDINATORS if "copapp___staff" in each}


@cache
def tree(module: str) -> ast.Module | None:
    file = ROOT / f"{module.replace('.', '/')}.py"
    return ast.parse(file.read_text(encoding="utf-8")) if file.exists() else None


@cache
def imported(module: str) -> dict[str, Function]:
    """Give what each imported name of a module is: a module's function, or (module, "")."""
    found: dict[str, Function] = {}
    for each in ast.walk(tree(module) or ast.Module([], [])):
        if isinstance(each, ast.ImportFrom) and each.module:
            for name in each.names:
                whole = f"{each.module}.{name.name}"
                found[name.asname or name.name] = (whole, "") if tree(whole) else (each.module, name.name)
    return found


@cache
def defined(module: str) -> dict[str, list[ast.AST]]:
    found: dict[str, list[ast.AST]] = {}
    for each in ast.walk(tree(module) or ast.Module([], [])):
        if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef):
            found.setdefault(each.name, []).append(each)
    return found


def named(module: str, node: ast.AST) -> Function | None:
    """Give the function that a name or an attribute stands for, None if it is none of ours."""
    if isinstance(node, ast.Name):
        return imported(module).get(node.id) or (module, node.id)
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        if node.value.id == "self":
            return module, node.attr
        owner = imported(module).get(node.value.id)
        return (owner[0], node.attr) if owner and not owner[1] else None
    return None


def reached(start: Function) -> set[Function]:
    found, open_ends = {start}, [start]
    while open_ends:
        module, name = open_ends.pop()
        for body in defined(module).get(name, []):
            used = {each for node in ast.walk(body) if (each := named(module, node))}
            open_ends += used - found
            found |= used
    return found


def test_every_handler_that_writes_is_in_the_log() -> None:
    ways = {each: reached(("copapp.staff." + each.split(".")[0], each.split(".")[1])) for each in handlers()}

    writing = {each for each, used in ways.items() if WRITES in used}
    noting = {each for each, used in ways.items() if NOTES in used}

    assert {"team_state.cover", "accounts_state.disable", "release_state.make_release"} <= writing
    assert writing - noting == HISTORY | OWN

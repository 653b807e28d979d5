"""Small things, said out loud: sizes, docstrings, names, prints, imports."""

import ast
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.settings import PROJECT_ROOT
from tests.conventions.repository import files, name, repository_files

LIMITS = {".py": 250, ".sql": 120, ".yml": 150, ".yaml": 150}
MODULES = files(".py", under="pipeline")


def _tree(module: Path) -> ast.Module:
    return ast.parse(module.read_text(encoding="utf-8"))


@pytest.mark.parametrize("suffix", LIMITS)
def test_files_stay_small(suffix: str) -> None:
    lengths = {
        name(path): len(path.read_text(encoding="utf-8").splitlines())
        for path in files(suffix)
        if "seeds" not in path.parts and "lock" not in path.name
    }
    assert {path: lines for path, lines in lengths.items() if lines >= LIMITS[suffix]} == {}


def _lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of a function without its docstring, which may be as long as it needs to be."""
    first = function.body[1] if ast.get_docstring(function) and len(function.body) > 1 else function.body[0]
    return (function.body[0].lineno - function.lineno) + (function.end_lineno or 0) - first.lineno + 1


def test_functions_stay_small() -> None:
    long = {
        f"{name(module)}:{node.lineno} {node.name}": _lines(node)
        for module in MODULES
        for node in ast.walk(_tree(module))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }
    assert {where: lines for where, lines in long.items() if lines >= 40} == {}


def test_every_module_says_what_it_is_for() -> None:
    assert [name(module) for module in MODULES if not ast.get_docstring(_tree(module))] == []


def test_no_module_is_a_drawer_for_everything() -> None:
    drawers = {"utils", "util", "helpers", "misc"}
    assert [name(path) for path in repository_files() if path.suffix == ".py" and path.stem in drawers] == []


def test_only_the_command_prints() -> None:
    printing = [
        f"{name(module)}:{node.lineno}"
        for module in MODULES
        if not name(module).startswith("pipeline/cli/")
        for node in ast.walk(_tree(module))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"
    ]
    assert printing == []


def test_only_the_settings_read_the_environment() -> None:
    reading = [
        f"{name(module)}:{node.lineno}"
        for module in MODULES
        if name(module) != "pipeline/settings.py"
        for node in ast.walk(_tree(module))
        if isinstance(node, ast.Attribute) and node.attr in {"environ", "getenv"}
    ]
    assert reading == []


def test_no_failure_is_swallowed_whole() -> None:
    broad = [
        f"{name(module)}:{node.lineno}"
        for module in MODULES
        for node in ast.walk(_tree(module))
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or (isinstance(node.type, ast.Name) and node.type.id == "Exception"))
    ]
    assert broad == []


def test_no_path_of_one_machine_and_no_package_index_is_written_down() -> None:
    folders = "|".join(["work", "home", "root", "Users", "tmp"])
    machine = re.compile(rf"(?<![\w.:/~$}}*-])/(?:{folders})/\w")
    index = re.compile(r"pypi\.org|pythonhosted\.org|--(?:extra-)?index-url|registry\.npmjs")
    found = []
    for path in repository_files():
        try:
            lines = path.read_text(encoding="utf-8").splitlines()
        except UnicodeDecodeError:
            continue
        if path != Path(__file__).resolve():
            found += [
                f"{name(path)}:{n}" for n, text in enumerate(lines, 1) if machine.search(text) or index.search(text)
            ]
    assert found == []


def test_imports_keep_to_their_floors() -> None:
    command = shutil.which("lint-imports") or str(Path(sys.executable).with_name("lint-imports"))
    result = subprocess.run([command, "--no-cache"], cwd=PROJECT_ROOT, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr

"""Audit of the dependencies, offline: pins, hashes, what is installed, broken requirements, licences.

Belongs here: what can be said without a network. Does not belong here: known vulnerabilities. Their lists are served
from the network only; where there is one, run ``pip-audit --require-hashes -r requirements.lock`` as well.
"""

import re
import subprocess
import sys
from collections import Counter
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
_PIN = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)(?:\[[^\]]*\])?==([^\s;\\]+)")
_COPYLEFT = re.compile(r"\b(?:A?GPL|GNU (?:Affero )?General Public)", re.IGNORECASE)
_LESSER = re.compile(r"LGPL|Lesser|Library", re.IGNORECASE)


def canonical(name: str) -> str:
    """The name of a package as indexes write it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def pins(lock: Path) -> tuple[dict[str, str], list[str]]:
    """Pinned versions by package, and what is wrong with the file."""
    found: dict[str, str] = {}
    problems: list[str] = []
    entries = lock.read_text(encoding="utf-8").replace("\\\n", " ").splitlines()
    for entry in (line.strip() for line in entries):
        if not entry or entry.startswith(("#", "--")):
            continue
        pin = _PIN.match(entry)
        if pin is None:
            problems.append(f"{lock.name}: not pinned to one version: {entry[:60]}")
            continue
        if "--hash=sha256:" not in entry:
            problems.append(f"{lock.name}: {pin[1]} has no hash")
        found[canonical(pin[1])] = pin[2]
    return found, problems


def installed_problems(locked: dict[str, str]) -> list[str]:
    """Packages installed here in another version than locked."""
    here = {canonical(each.metadata["Name"]): each.version for each in metadata.distributions()}
    return [
        f"{name}: locked {version}, installed {here[name]}"
        for name, version in sorted(locked.items())
        if name in here and here[name] != version
    ]


def licence(distribution: metadata.Distribution) -> str:
    """The licence a package states: expression, classifier or first line of the free field."""
    facts = distribution.metadata
    stated = [value.rsplit("::", 1)[-1].strip() for value in facts.get_all("Classifier", []) if "License ::" in value]
    free = (facts.get("License") or "").strip().splitlines()
    return facts.get("License-Expression") or ", ".join(stated) or (free[0][:60] if free else "not stated")


def _is_copyleft_only(stated: str) -> bool:
    """Whether every licence one may choose binds what is shipped with it; classifiers and ``OR`` are choices."""
    choices = re.split(r",| OR ", stated)
    return all(_COPYLEFT.search(choice) and not _LESSER.search(choice) for choice in choices)


def main() -> int:
    """Audit, and say what was found; 1 if something is wrong."""
    runtime, problems = pins(ROOT / "requirements.lock")
    development, more = pins(ROOT / "requirements-dev.lock")
    problems += more
    problems += [
        f"{name}: {version} in requirements.lock, {development[name]} in requirements-dev.lock"
        for name, version in runtime.items()
        if development.get(name, version) != version
    ]
    problems += installed_problems({**runtime, **development})
    broken = subprocess.run([sys.executable, "-m", "pip", "check"], capture_output=True, text=True, check=False)
    problems += broken.stdout.splitlines() if broken.returncode else []
    licences = {
        canonical(each.metadata["Name"]): licence(each)
        for each in metadata.distributions()
        if canonical(each.metadata["Name"]) in runtime
    }
    problems += [
        f"{name}: {stated} cannot be shipped with the product"
        for name, stated in sorted(licences.items())
        if _is_copyleft_only(stated)
    ]
    for stated, count in Counter(licences.values()).most_common():
        sys.stdout.write(f"{count:4d}  {stated}\n")
    sys.stdout.write(f"{len(runtime)} packages at run time, {len(development)} for development, all pinned by hash\n")
    for problem in problems:
        sys.stderr.write(f"error: {problem}\n")
    return bool(problems)


if __name__ == "__main__":
    sys.exit(main())

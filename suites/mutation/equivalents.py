"""The survivors that are accepted: changes that no test can notice or should, each with its reason."""

import fnmatch
import json
import re

# What an entry says, and whether it must.
MEMBERS = {"file": True, "function": False, "line": True, "change": True, "nth": False, "reason": True}


class Malformed(Exception):
    pass


def as_pattern(text):
    """"..." stands for anything, all else for itself."""
    return re.compile(".*".join(re.escape(part) for part in text.split("...")))


def is_right(name, value):
    if name == "nth":
        return isinstance(value, int) and value > 0
    return isinstance(value, str) and (value.strip() != "" or name == "function")


class Entry:
    """One entry of the file. It goes by the text of a line, so that it stays right when lines are added above it; of several
    equal changes on the line nth picks one."""

    def __init__(self, where, members):
        if not isinstance(members, dict):
            raise Malformed(f"{where}: expected an object")
        unknown = set(members) - set(MEMBERS)
        lacking = {name for name, needed in MEMBERS.items() if needed} - set(members)
        if unknown or lacking or not all(is_right(name, value) for name, value in members.items()):
            raise Malformed(f"{where}: expected texts for file, line, change and reason, and at most function and nth, a number")
        self.where, self.members, self.reason = where, members, members["reason"]
        self.line, self.change = as_pattern(members["line"]), as_pattern(members["change"])

    def fits(self, mutant):
        return (
            fnmatch.fnmatchcase(mutant.path, self.members["file"])
            and self.members.get("function", mutant.function) == mutant.function
            and self.line.fullmatch(mutant.line_text) is not None
            and self.change.fullmatch(mutant.change) is not None
            and self.members.get("nth", mutant.nth) == mutant.nth
        )


def load(path):
    with open(path) as file:
        try:
            listed = json.load(file)
        except ValueError as error:
            raise Malformed(f"{path}: {error}") from error
    if not isinstance(listed, list):
        raise Malformed(f"{path}: expected a list of entries")
    return [Entry(f"{path}, entry {number}", members) for number, members in enumerate(listed, 1)]


def faults_of(entries, results, complete):
    """Entries that are of no use: in a complete run each must fit some survivor. One may fit several changes of a line, of
    which some are killed; these count as killed."""
    faults = []
    for entry in entries:
        fitting = [result["status"] for mutant, result in results if entry.fits(mutant)]
        if complete and not any(status in ("survived", "unreached") for status in fitting):
            faults.append(f"{entry.where}: no survivor is on a line {entry.members['line']!r} so changed: delete the entry")
    return faults

"""What the mutants came to: by file, by room, as the page in docs/."""

import os
from collections import Counter

# Below these the run fails: all mutants of a room, and a sample of both.
BOUND, SAMPLE_BOUND = 90.0, 85.0
PAGE = """# How many changes of our own code the tests notice

Rendered by `make check-source-mutants` when it tries every mutant; do not edit. A mutant is a file of `reference/core` or
`harness/case` with one change: an operator, a constant, a condition, a call or assignment or early return left out. It is
killed when a test that passes without it fails, crashes or hangs with it. The programs of `suites/self` that execute its line are
run, under AddressSanitizer (but for those that `suites/mutation/left_out.json` lists), and the cases on memory. Equivalent are mutants of which the optimizer makes the same code, and
those that `suites/mutation/equivalent.json` accepts for a reason. Score: the killed of those that are not equivalent.
"""


class Row:
    def __init__(self):
        self.counts = Counter()

    def add(self, status):
        self.counts[status] += 1

    @property
    def survived(self):
        return self.counts["survived"] + self.counts["unreached"]

    @property
    def equivalent(self):
        return self.counts["same code"] + self.counts["accepted"]

    @property
    def all(self):
        return self.counts["killed"] + self.survived + self.equivalent

    @property
    def score(self):
        judged = self.counts["killed"] + self.survived
        return 100.0 * self.counts["killed"] / judged if judged else 100.0

    def cells(self):
        return [str(number) for number in (self.all, self.counts["killed"], self.survived, self.equivalent)] + [f"{self.score:.1f} %"]


def accept(entries, results):
    """The results, with survivors that an entry accepts as such."""
    accepted = []
    for mutant, result in results:
        entry = next((entry for entry in entries if entry.fits(mutant)), None)
        if entry and result["status"] in ("survived", "unreached"):
            result = {"status": "accepted", "reason": entry.reason}
        accepted.append((mutant, result))
    return accepted


def rows_of(results):
    files, rooms, both = {}, {}, Row()
    for mutant, result in results:
        if result["status"] == "no C":
            continue
        for row in (files.setdefault(mutant.path, Row()), rooms.setdefault(os.path.dirname(mutant.path), Row()), both):
            row.add(result["status"])
    return files, rooms, both


def table(files, rooms, both):
    lines = [["file", "mutants", "killed", "survived", "equivalent", "score"]]
    for room, total in rooms.items():
        lines += [[path, *row.cells()] for path, row in files.items() if os.path.dirname(path) == room]
        lines.append([f"**{room}**", *total.cells()])
    if len(rooms) > 1:
        lines.append(["**both**", *both.cells()])
    return lines


def as_text(lines):
    widths = [max(len(line[column]) for line in lines) for column in range(6)]
    return "\n".join(
        line[0].replace("**", "").ljust(widths[0]) + "".join(f"  {cell:>{width}}" for cell, width in zip(line[1:], widths[1:]))
        for line in lines
    )


def as_markdown(lines):
    rows = ["| " + " | ".join(line) + " |" for line in lines]
    return "\n".join([rows[0], "|---|--:|--:|--:|--:|--:|", *rows[1:]])


def said(mutant, with_line=True):
    place = f"{mutant.path}:{mutant.line}:{mutant.column}"
    return f"{place} {mutant.change}" + (f"    in: {mutant.line_text}" if with_line else "")


def code(text):
    return "`` " + text + " ``" if "`" in text else "`" + text + "`"


def page(results):
    lines = [PAGE, as_markdown(table(*rows_of(results)))]
    lines.append("\n## Accepted as equivalent\n")
    reasons = {}
    for mutant, result in results:
        if result["status"] == "accepted":
            reasons.setdefault(result["reason"], []).append(mutant)
    for reason, mutants in reasons.items():
        lines.append(f"- {reason}")
        lines += [f"  - {mutant.path}, {mutant.function or 'outside functions'}: {code(mutant.change)} in {code(mutant.line_text)}" for mutant in mutants]
    survivors = [mutant for mutant, result in results if result["status"] in ("survived", "unreached")]
    lines.append("\n## Survivors\n\nNo test notices these yet, and nobody has shown that none could.\n")
    lines += [f"- {mutant.path}, {mutant.function or 'outside functions'}: {code(mutant.change)} in {code(mutant.line_text)}" for mutant in survivors]
    return "\n".join(lines) + "\n"


def failures(rooms, both, sampled):
    if sampled:
        return [f"the sample scores {both.score:.1f} %, below {SAMPLE_BOUND:.0f} %"] if both.score < SAMPLE_BOUND else []
    return [f"{room} scores {row.score:.1f} %, below {BOUND:.0f} %" for room, row in rooms.items() if row.score < BOUND]

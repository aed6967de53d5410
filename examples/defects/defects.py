#!/usr/bin/python3
"""Puts one defect at a time into a copy of the service in Python, and looks whether the right case notices and says why.

    examples/defects/defects.py [CHAPTER]...

To be run from the repository's root; HOLDPOINT names the program (default build/holdpoint). The chapter drift needs a database,
which DATABASE names (examples/interop/throwaway.py lends one). Ends with 1 when a defect goes unnoticed, or unexplained."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HOLDPOINT = os.environ.get("HOLDPOINT", "build/holdpoint")
HERE = Path(__file__).parent
SERVICE = HERE.parent / "python"
MIGRATIONS = HERE.parent.parent / "reference" / "sql"


def spoil(folder: Path, defect: dict) -> None:
    shutil.copytree(SERVICE, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(MIGRATIONS, folder / "sql")
    file = folder / defect["file"]
    text = file.read_text()
    if text.count(defect["from"]) != 1:
        sys.exit(f"defects.py: {defect['file']} has changed: {defect['from']!r} is not there once")
    file.write_text(text.replace(defect["from"], defect["to"]))


def target_of(folder: Path, defect: dict) -> str:
    adapter = f"stdio:exec /usr/bin/python3 {folder}/adapter.py"
    if defect.get("target") == "postgres":
        return f"{adapter} 'postgres:{os.environ['DATABASE']}' {folder}/sql"
    if defect.get("target") == "http":
        profile = folder / "profile.json"
        profile.write_text(profile.read_text().replace("examples/python/server.py", f"{folder}/server.py"))
        return f"profile:{profile}"
    return adapter


def run(defect: dict, folder: Path) -> list[str]:
    """The cases that failed, and what is said of the expected one."""
    spoil(folder, defect)
    said = folder / "said.txt"
    subprocess.run([HOLDPOINT, "run", "--target", target_of(folder, defect), "--filter", defect["chapter"], "--no-color",
                    "--format", "terminal", "--output", str(said)], check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return said.read_text().split("\n\n") if said.exists() else []


def judge(defect: dict) -> bool:
    with tempfile.TemporaryDirectory(prefix="defect-") as folder:
        parts = run(defect, Path(folder))
    print(f"\n{defect['chapter']}: {defect['defect']}")
    failed = [part.split()[1] for part in parts if part.startswith("failed ")]
    print(f"  {len(failed)} failed: {' '.join(failed[:8])}{' ...' if len(failed) > 8 else ''}")
    for number, part in enumerate(parts):
        if part.startswith(f"failed  {defect['case']} "):
            message = (part + "\n" + parts[number + 1]).partition("\n  repeat ")[0]
            missing = [words for words in defect["says"] if words not in " ".join(message.split())]
            print("  " + message.partition("\n  calls ")[0].replace("\n", "\n  "))
            return not missing or bool(print(f"  NOT SAID: {missing}"))
    print(f"  NOT NOTICED by {defect['case']}")
    return False


def main() -> int:
    defects = json.loads((HERE / "python.json").read_text())
    chosen = [defect for defect in defects if not sys.argv[1:] or defect["chapter"] in sys.argv[1:]]
    if not chosen:
        sys.exit("defects.py: there is no such chapter; known are " + " ".join(defect["chapter"] for defect in defects))
    noticed = sum(judge(defect) for defect in chosen)
    print(f"\ndefects {len(chosen)} = noticed {noticed} + missed {len(chosen) - noticed}")
    return 0 if noticed == len(chosen) else 1


if __name__ == "__main__":
    sys.exit(main())

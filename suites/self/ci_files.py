"""What the files of examples/ci do. `ci_files.py commands` prints each command line of the action and of GitLab's job; `ci_files.py
step NAME` the script of that step of the action; `ci_files.py job` the script of the job, without what installs and builds."""
import sys

import yaml


def read(name):
    with open(f"examples/ci/{name}", encoding="utf-8") as file:
        return yaml.safe_load(file)


def scripts():
    return {step["name"]: step["run"] for step in read("action.yml")["runs"]["steps"] if "run" in step}


def commands():
    job = read("gitlab-ci.yml")["holdpoint"]
    lines = [line.strip() for script in scripts().values() for line in script.splitlines()]
    return lines + job["before_script"] + job["script"] + job["after_script"]


if __name__ == "__main__":
    if sys.argv[1] == "commands":
        print("\n".join(commands()))
    elif sys.argv[1] == "step":
        print(scripts()[sys.argv[2]])
    else:
        print("\n".join(read("gitlab-ci.yml")["holdpoint"]["script"]))

#!/usr/bin/python3
"""Runs a command beside a PostgreSQL server of its own, which is gone afterwards: throwaway.py COMMAND [ARGUMENT]...

The command finds in DATABASE what libpq connects by. The server listens on a socket in a folder of its own only; it does not
run as root. Ends as the command did."""

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile


class Cluster:
    def __init__(self, folder: str):
        self.programs = subprocess.check_output(["pg_config", "--bindir"], text=True).strip()
        self.folder, self.user, self.as_user = folder, pwd.getpwuid(os.getuid()).pw_name, []
        if os.getuid() == 0:
            self.user, self.as_user = "postgres", ["runuser", "-u", "postgres", "--"]
            shutil.chown(folder, "postgres")
        self.conninfo = f"host={folder} user={self.user} dbname=postgres"

    def __enter__(self) -> str:
        self.run("initdb", "-A", "trust", "-U", self.user, "--no-sync")
        self.run("pg_ctl", "-l", f"{self.folder}/log", "-w", "start", "-o",
                 f"-k {self.folder} -c listen_addresses= -c fsync=off -c max_connections=200")
        return self.conninfo

    def __exit__(self, *_: object) -> None:
        self.run("pg_ctl", "-m", "immediate", "stop")

    def run(self, program: str, *arguments: str) -> None:
        subprocess.run([*self.as_user, f"{self.programs}/{program}", "-D", f"{self.folder}/data", *arguments], check=True,
                       stdout=subprocess.DEVNULL, cwd="/")


def main() -> int:
    if len(sys.argv) < 2:
        print(__doc__, file=sys.stderr)
        return 2
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    with tempfile.TemporaryDirectory(prefix="throwaway-") as folder, Cluster(folder) as conninfo:
        with subprocess.Popen(sys.argv[1:], env={**os.environ, "DATABASE": conninfo}) as child:
            try:
                return child.wait()
            finally:
                child.terminate()


if __name__ == "__main__":
    sys.exit(main())

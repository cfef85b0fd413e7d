"""
The HTTP interface of ClickHouse, as far as it is used here, before its engine.

It takes what a client of ClickHouse sends, checks the name and the password, and answers with the statuses that
ClickHouse gives. It can be told to fail in the ways that a server and a network do.
"""

from __future__ import annotations

import base64
import contextlib
import re
import socket
import struct
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.warehouse.clickhouse_engine import Engine, EngineError

USER, PASSWORD = "ch_cms", "Pass wörd:1"
STATUS = {60: 404, 81: 404, 497: 403, 516: 401}
"""HTTP statuses of errors; of others it is 500."""

Fault = Callable[[str], str]
"""What is to go wrong with a statement: one of the names in ``_Handler.do_POST``, or "" for nothing."""


class Server(ThreadingHTTPServer):
    """
    The HTTP interface.

    Attributes:
        fault: asked before each statement what is to go wrong with it.
        seen: the statements, and what else came with the requests.
    """

    daemon_threads = False

    def __init__(self, engine: Engine) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.engine = engine
        self.fault: Fault = lambda sql: ""
        self.seen: list[str] = []
        self._connections: list[socket.socket] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def process_request(self, request: Any, client_address: Any) -> None:
        self._connections.append(request)
        super().process_request(request, client_address)

    def server_close(self) -> None:
        """Hang up also where the client does not, so that no thread is left."""
        for connection in self._connections:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        super().server_close()


class _Handler(BaseHTTPRequestHandler):
    server: Server
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        given = {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}
        body = self.rfile.read(int(self.headers["Content-Length"]))
        statement = given.get("query") or body.decode()
        self.server.seen.append(statement)
        fault = self.server.fault(statement)
        if fault == "cut before":
            self._cut()
        elif fault == "busy":
            self._answer(503, "<html>Service unavailable</html>")
        elif fault == "another server":
            self._answer(200, "<html>It works!</html>")
        elif fault == "repeats the password":
            self._answer(500, f"Code: 1. What is {PASSWORD}?")
        elif fault == "elsewhere":
            self._answer(302, "", Location="http://127.0.0.1:9/")
        else:
            status, text = self._run(given, body)
            if fault == "slow":
                time.sleep(0.4)
            if fault == "cut after":
                self._cut()
            elif fault == "cut short":
                self._answer(status, text, shorter=True)
            else:
                self._answer(status, text)

    def _run(self, given: dict[str, str], body: bytes) -> tuple[int, str]:
        expected = base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
        if self.headers.get("Authorization") != f"Basic {expected}":
            return 401, f"Code: 516. DB::Exception: {USER}: Authentication failed. (AUTHENTICATION_FAILED)"
        statement = b"\n".join([given["query"].encode(), body]) if "query" in given else body
        try:
            return 200, self.server.engine.run(statement, given["database"])
        except EngineError as error:
            code = re.search(r"Code: (\d+)\.", str(error))
            return STATUS.get(int(code[1]) if code else 0, 500), str(error)

    def _answer(self, status: int, text: str, *, shorter: bool = False, **headers: str) -> None:
        body = text.encode()
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body) + shorter))
        self.end_headers()
        self.wfile.write(body)
        if shorter:
            self.close_connection = True

    def _cut(self) -> None:
        """Reset the connection."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()
        self.close_connection = True

    def log_message(self, *args: object) -> None:
        """Say nothing."""

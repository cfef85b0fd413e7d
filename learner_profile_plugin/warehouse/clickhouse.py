"""Talking to a ClickHouse server over HTTP."""

from __future__ import annotations

import re
from collections.abc import Iterable

import requests
from requests.auth import HTTPBasicAuth

from learner_profile_plugin.warehouse.connection import Connection
from learner_profile_plugin.warehouse.data import WarehouseError

CONNECT_WITHIN = 10.0
"""Seconds."""
HEAD = 300
"""How much of what a server says is repeated."""
CODE = re.compile(r"Code: (\d+)\.")
ADVICE = {
    60: "Have its tables made: see --print-tables.",
    81: "Have its tables made: see --print-tables.",
    497: "The user needs SELECT, INSERT and ALTER DELETE on the tables of the plugin.",
    516: "Check the user's name and password in the settings.",
}
"""What to do, by the number that ClickHouse gives an error."""


class ClickHouse:
    """A server, to be closed. Nothing is tried twice: whoever exports can begin again where it ended."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._session = requests.Session()

    def close(self) -> None:
        """Hang up."""
        self._session.close()

    @property
    def place(self) -> str:
        """Where the data lies, without what is secret."""
        return f"{self._connection.url.rstrip('/')}/{self._connection.database}"

    def execute(self, sql: str) -> str:
        """
        Run a statement and return what it answers.

        Raises:
            WarehouseError: if the server is not there, too slow, or refuses.
        """
        return self._post({}, sql.encode())

    def insert(self, sql: str, lines: Iterable[bytes]) -> None:
        """
        Run an INSERT on lines of its format; all of them are in the table when it returns.

        Raises:
            WarehouseError: as :meth:`execute` does. Any part of the lines may be in the table then.
        """
        self._post({"query": sql, "async_insert": "0"}, b"\n".join(lines))

    def _post(self, parameters: dict[str, str], body: bytes) -> str:
        connection = self._connection
        try:
            response = self._session.post(
                connection.url,
                # The server has done all of it when it answers, so that its status tells of all of it.
                params={"database": connection.database, "wait_end_of_query": "1", **parameters},
                data=body,
                auth=HTTPBasicAuth(connection.username.encode(), connection.password.encode()),
                timeout=(CONNECT_WITHIN, connection.timeout),
                # Nobody else is told the password.
                allow_redirects=False,
            )
        except requests.Timeout:
            limit = f"{connection.timeout:g} seconds"
            raise WarehouseError(f"ClickHouse at {self.place} does not answer within {limit} (timeout_secs).") from None
        except requests.RequestException as error:
            raise WarehouseError(f"ClickHouse at {self.place} cannot be reached ({type(error).__name__}).") from None
        response.encoding = "utf-8"
        if response.status_code != requests.codes.ok:
            raise WarehouseError(self._explain(response.status_code, response.text))
        return response.text

    def _explain(self, status: int, text: str) -> str:
        code = CODE.search(text)
        advice = ADVICE.get(int(code[1])) if code else None
        said = " ".join(text.split())[:HEAD]
        if self._connection.password:
            said = said.replace(self._connection.password, "***")
        return " ".join([f"ClickHouse at {self.place} refuses (HTTP {status}): {said}", *([advice] if advice else [])])

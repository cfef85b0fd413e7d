"""Where logs lie, and how their lines are got: plain or packed, on this machine, in an object store, or piped in."""

from __future__ import annotations

import bz2
import functools
import gzip
import hashlib
import lzma
import os
import sys
import zlib
from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from learner_profile_plugin.time_on_task.log_lines import Block

PIPED = "-"
AT_ONCE = 64 * 1024
"""How much is read at a time: with the lines that it is split into, it stays in the cache of the processor."""
MAX_LINE = 1024 * 1024
"""A longer line is cut, and so becomes one that cannot be read. The LMS logs none that is longer than 50,000 bytes."""
MARK = 1024
"""How many bytes before a place tell whether a file is still the same up to there."""

UNPACK: dict[bytes, Callable[[IO[bytes]], Any]] = {
    b"\x1f\x8b": lambda packed: gzip.GzipFile(fileobj=packed),
    b"BZh": bz2.BZ2File,
    b"\xfd7zXZ": lzma.LZMAFile,
}
UNKNOWN_PACKING = {b"\x28\xb5\x2f\xfd": "zstd", b"PK\x03\x04": "zip"}
DAMAGE = (EOFError, OSError, lzma.LZMAError, zlib.error)
"""What is raised where a file cannot be read on."""


class LogSourceError(Exception):
    """A place that cannot be read, with the reason in words for an operator."""


@dataclass(frozen=True, slots=True)
class LogFile:
    """A file: where it is, how many bytes it has (None if that is not known), and how it is opened."""

    path: str
    size: int | None
    open: Callable[[], Any]


def find_files(paths: Iterable[str]) -> list[LogFile]:
    """
    Return the files that lie at these places, those of a folder in the order of their paths. Hidden ones are left out.

    Raises:
        LogSourceError: if there is nothing at one of them.
    """
    return [file for path in paths for file in _find(path)]


def _find(path: str) -> Iterator[LogFile]:
    if path == PIPED:
        yield LogFile(path, None, lambda: sys.stdin.buffer)
    elif "://" in path:
        yield from _find_remote(path)
    elif os.path.isdir(path):
        found = sorted(file for file in Path(path).rglob("*") if file.is_file())
        visible = [file for file in found if not any(part.startswith(".") for part in file.relative_to(path).parts)]
        if not visible:
            raise LogSourceError(f"There is no file in {path}.")
        yield from map(_local, visible)
    elif os.path.isfile(path):
        yield _local(Path(path))
    else:
        raise LogSourceError(f"There is no file or folder {path}.")


def _local(path: Path) -> LogFile:
    return LogFile(str(path), path.stat().st_size, functools.partial(path.open, "rb"))


def _find_remote(url: str) -> Iterator[LogFile]:
    try:
        import fsspec
    except ModuleNotFoundError as error:
        raise LogSourceError(
            f"To read {url}, install the extra: pip install 'learner-profile-plugin[object-storage]', and what fsspec "
            "needs for this kind of address (s3fs for s3://, gcsfs for gs://, adlfs for abfs://)."
        ) from error
    try:
        store, path = fsspec.core.url_to_fs(url)
        inside = store.find(path) if store.isdir(path) else store.glob(path)
        sizes = {name: store.size(name) for name in sorted(inside)}
    except (ImportError, OSError, ValueError) as error:
        raise LogSourceError(f"{url} cannot be read: {error}") from error
    if not sizes:
        raise LogSourceError(f"There is no file at {url}.")
    for name, size in sizes.items():
        yield LogFile(store.unstrip_protocol(name), size, functools.partial(store.open, name, "rb"))


@dataclass(frozen=True, slots=True)
class Spot:
    """
    How far a file was read: to a byte of what it holds unpacked, where a line begins.

    Attributes:
        offset, number: that byte, counted from 0, and the number of that line, counted from 1.
        mark: a digest of what stands before it; empty at the beginning.
    """

    offset: int = 0
    number: int = 1
    mark: str = ""


BEGINNING = Spot()


class LogReader:
    """Reads one file from front to back, in blocks of whole lines."""

    def __init__(self, file: LogFile, source: Any) -> None:
        self._path, self._source = file.path, source
        head = source.peek(6)[:6] if file.path == PIPED else source.read(6)
        for magic, packing in UNKNOWN_PACKING.items():
            if head.startswith(magic):
                raise LogSourceError(f"{file.path} is packed with {packing}: unpack it, or pipe it in.")
        self._unpack = next((unpack for magic, unpack in UNPACK.items() if head.startswith(magic)), None)
        self._begin()

    @property
    def spot(self) -> Spot:
        """How far it was read."""
        return Spot(self._offset, self._number, _digest(self._before)) if self._offset else BEGINNING

    @property
    def bytes_read(self) -> int:
        """How much of the file was read, as it lies there."""
        return self._offset if self._path == PIPED else int(self._source.tell())

    def first_line(self) -> bytes:
        """Return what the file begins with. It is at its beginning again then."""
        found: bytes = self._lines.readline(AT_ONCE)
        self._begin()
        return found

    def go_to(self, spot: Spot) -> None:
        """Go to where it was read to before. Where what stands before that has changed, stay at the beginning."""
        before = self._read_before(spot.offset)
        if _digest(before) == spot.mark:
            self._offset, self._number, self._before = spot.offset, spot.number, before
        else:
            self._begin()

    def blocks(self) -> Iterator[Block]:
        """
        Yield the lines from here on; when a block is asked for, ``spot`` is behind the one before.

        Where the last line has no end yet, it is yielded, but ``spot`` stays before it.
        """
        rest, chunk = b"", self._lines.read(AT_ONCE)
        while chunk:
            lines = chunk.split(b"\n")
            lines[0] = rest + lines[0]
            begun = lines.pop()
            if lines:
                yield Block(self._path, self._number, self._offset, lines)
                end = len(chunk) - len(begun)
                self._pass(len(lines), len(rest) + end, rest[-MARK:] + chunk[max(end - MARK, 0) : end])
            rest, chunk = begun, b""
            if len(begun) > MAX_LINE:
                rest, chunk = b"", (yield from self._cut(begun))
            chunk = chunk or self._lines.read(AT_ONCE)
        if rest:
            yield Block(self._path, self._number, self._offset, [rest])

    def _begin(self) -> None:
        if self._path != PIPED:
            self._source.seek(0)
        self._lines = self._unpack(self._source) if self._unpack else self._source
        self._offset, self._number, self._before = 0, 1, b""

    def _pass(self, lines: int, count: int, last: bytes) -> None:
        self._number += lines
        self._offset += count
        self._before = (self._before + last)[-MARK:]

    def _read_before(self, offset: int) -> bytes:
        """Go to a byte, and return some of what stands before it. What is packed has to be read for that."""
        skip = max(offset - MARK, 0)
        if self._unpack is None:
            self._source.seek(skip)
        while self._unpack and skip:
            passed = len(self._lines.read(min(skip, AT_ONCE)))
            if not passed:
                return b""
            skip -= passed
        return _read_all(self._lines, min(offset, MARK))

    def _cut(self, line: bytes) -> Generator[Block, None, bytes]:
        """Yield the beginning of a line that is too long, and return what was read of the next one."""
        yield Block(self._path, self._number, self._offset, [line[:AT_ONCE]])
        count, last = len(line), line[-MARK:]
        while chunk := self._lines.read(AT_ONCE):
            end = chunk.find(b"\n") + 1
            passed = chunk[:end] if end else chunk
            count, last = count + len(passed), (last + passed)[-MARK:]
            if end:
                self._pass(1, count, last)
                return bytes(chunk[end:])
        return b""


def _read_all(source: Any, count: int) -> bytes:
    found = b""
    while count > len(found) and (more := source.read(count - len(found))):
        found += more
    return found


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest() if content else ""

"""Files of data·inclusion, read line by line: JSON, one object a line, or CSV; as they are, or packed with zip or gzip.

Nothing here holds a whole unpacked file: fifty thousand lines pass one by one.
"""

import csv
import gzip
import io
import json
import re
import zipfile
import zlib
from codecs import getincrementaldecoder
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import IO, Any

# Unpacked; a small archive may hide a very large file.
LARGEST_UNPACKED = 200 * 1024 * 1024
# One entry, in characters.
LONGEST = 1_000_000
CHUNK = 64 * 1024
LISTS = (
    "reseaux_porteurs", "thematiques", "publics", "modes_accueil", "zone_eligibilite", "modes_mobilisation", "mobilisable_par",
)  # fmt: skip
DELIMITERS = ",;\t|"
_ARRAY = re.compile(r'\s*(?:\{\s*"\w+"\s*:\s*)?\[')
_GAP = re.compile(r"[\s,]*")


class Unreadable(ValueError):
    """Raised for a file that cannot be read at all. `args[0]` says why: "kind", "empty", "too large" or "broken"."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a file: on which line it begins, and its values by column. None for an entry that cannot be read."""

    line: int
    values: dict[str, Any] | None


class _Limited(io.RawIOBase):
    """Reads from what unpacks, and stops before it becomes too much."""

    def __init__(self, inner: IO[bytes]) -> None:
        self.inner, self.left = inner, LARGEST_UNPACKED

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        try:
            read = self.inner.read(len(buffer))
        except (OSError, EOFError, zipfile.BadZipFile, zlib.error, ValueError) as error:
            raise Unreadable("broken") from error
        self.left -= len(read)
        if self.left < 0:
            raise Unreadable("too large")
        buffer[: len(read)] = read
        return len(read)


def parts(packed: IO[bytes]) -> list[Callable[[], IO[bytes]]]:
    """How to open each file within one that was brought: itself, or what it holds packed. Raises Unreadable."""
    head = packed.read(4)
    packed.seek(0)
    if head[:2] == b"\x1f\x8b":
        return [lambda: _opened(packed, lambda: gzip.GzipFile(fileobj=packed))]
    if head == b"PK\x03\x04":
        try:
            archive = zipfile.ZipFile(packed)
        except zipfile.BadZipFile as error:
            raise Unreadable("broken") from error
        names = [each.filename for each in archive.infolist() if each.filename.lower().endswith((".csv", ".json", ".jsonl"))]
        if not names or len(names) > 4:
            raise Unreadable("kind")
        return [lambda name=name: _opened(None, lambda: archive.open(name)) for name in names]  # type: ignore[misc]  # bound now, not later
    return [lambda: _opened(packed, lambda: packed)]


def _opened(packed: IO[bytes] | None, opening: Callable[[], Any]) -> IO[bytes]:
    if packed is not None:
        packed.seek(0)
    try:
        return io.BufferedReader(_Limited(opening()), CHUNK)
    except (OSError, RuntimeError, NotImplementedError) as error:
        raise Unreadable("broken") from error


def entries(opening: Callable[[], IO[bytes]]) -> Iterator[Entry]:
    """The entries of one file. Raises Unreadable."""
    encoding = _encoding(opening())
    text = io.TextIOWrapper(opening(), encoding, "replace", newline="")
    head = text.read(1)
    while head and (head.isspace() or head == "\ufeff"):
        head = text.read(1)
    if not head:
        raise Unreadable("empty")
    if head in "[{":
        return _objects(io.TextIOWrapper(opening(), encoding, "replace"))
    return _rows(io.TextIOWrapper(opening(), encoding, "replace", newline=""))


def _encoding(stream: IO[bytes]) -> str:
    """UTF-8, or what spreadsheets on Windows write."""
    decoder = getincrementaldecoder("utf-8")()
    try:
        while chunk := stream.read(CHUNK):
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8-sig"


def _objects(text: IO[str]) -> Iterator[Entry]:
    """Objects of an array (its own, or the first within an object, as an API answers), or one after the other."""
    decoder, buffer, at, line, ended = json.JSONDecoder(), text.read(CHUNK), 0, 1, False
    opened = _ARRAY.match(buffer)
    if opened:
        at, line = opened.end(), 1 + opened.group().count("\n")
    while True:
        gap = _GAP.match(buffer, at)
        line, at = line + buffer.count("\n", at, gap.end()), gap.end()  # type: ignore[union-attr]  # it matches nothing as well
        if opened and buffer[at : at + 1] == "]":
            return
        if at < len(buffer):
            try:
                value, end = decoder.raw_decode(buffer, at)
            except json.JSONDecodeError:
                if ended or len(buffer) - at > LONGEST:
                    # Whatever follows cannot be told apart any more.
                    yield Entry(line, None)
                    return
            except (ValueError, RecursionError):
                # A number of thousands of digits, or brackets within brackets: nobody writes such a resource.
                yield Entry(line, None)
                return
            else:
                yield Entry(line, _clean(value) if isinstance(value, dict) else None)
                line, at = line + buffer.count("\n", at, end), end
                continue
        elif ended:
            return
        chunk = text.read(CHUNK)
        ended = not chunk
        buffer, at = buffer[at:] + chunk, 0


def _clean(value: Any) -> Any:
    # PostgreSQL keeps neither a NUL nor half of a pair in a text.
    if isinstance(value, str):
        return value.replace("\x00", "").encode("utf-8", "replace").decode().strip() or None
    if isinstance(value, list):
        return [_clean(each) for each in value] or None
    return {str(key): _clean(each) for key, each in value.items()} if isinstance(value, dict) else value


def _rows(text: IO[str]) -> Iterator[Entry]:
    """Rows of a CSV: comma, semicolon, tab or bar, as its first line says."""
    first = text.readline(LONGEST)
    delimiter = max(DELIMITERS, key=first.count)
    names = [name.strip() for name in next(csv.reader([first], delimiter=delimiter), [])]
    if "nom" not in names:
        raise Unreadable("kind")
    csv.field_size_limit(LONGEST)
    reader = csv.reader(_lines(text), delimiter=delimiter)
    while True:
        line = reader.line_num + 2
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error:
            yield Entry(line, None)
            continue
        if not row:
            continue
        if len(row) != len(names):
            yield Entry(line, None)
            continue
        yield Entry(line, {name: _cell(name, cell) for name, cell in zip(names, row, strict=True)})


def _lines(text: IO[str]) -> Iterator[str]:
    while line := text.readline(LONGEST):
        if len(line) == LONGEST:
            raise Unreadable("broken")
        yield line.replace("\x00", "")


def _cell(name: str, cell: str) -> Any:
    text = cell.strip()
    if not text:
        return None
    return _list(text) if name in LISTS else text


def _list(text: str) -> list[str]:
    """A list in a cell: a JSON list, a list in braces, or words apart by a comma, a semicolon or a bar."""
    inner = text[1:-1] if text[:1] + text[-1:] in ("[]", "{}") else text
    for separator in (";", "|"):
        inner = inner.replace(separator, ",")
    return [each for part in inner.split(",") if (each := part.strip().strip("\"'").strip())]


def is_of_services(values: dict[str, Any]) -> bool:
    """Whether an entry is a service: those name their structure."""
    return "structure_id" in values


def json_chunks(records: Iterator[dict[str, Any]]) -> Iterator[bytes]:
    """An array of records, one a line."""
    yield b"["
    for number, record in enumerate(records):
        yield (b",\n" if number else b"\n") + json.dumps(record, ensure_ascii=False).encode()
    yield b"\n]\n"


def csv_chunks(records: Iterator[dict[str, Any]], names: tuple[str, ...]) -> Iterator[bytes]:
    """A CSV with these columns; lists as JSON, as data·inclusion writes them."""
    line = io.StringIO()
    writer = csv.writer(line)
    writer.writerow(names)
    yield line.getvalue().encode()
    for record in records:
        line.seek(0)
        line.truncate()
        writer.writerow([json.dumps(value, ensure_ascii=False) if isinstance(value := record.get(name), list) else value for name in names])
        yield line.getvalue().encode()

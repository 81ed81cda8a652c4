"""A client of the YAML language server that editors use: opens a file, asks for complaints, completion and hover."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from types import TracebackType
from typing import Any, Self

ROOT = Path(__file__).parents[2]
COMMAND = "yaml-language-server"


def find_server() -> str | None:
    """The server's program: where `make editor` puts it, or on the path."""
    own = ROOT / ".editor/node_modules/.bin" / COMMAND
    return str(own) if own.exists() else shutil.which(COMMAND)


class LanguageServer:
    """The server as a process that talks over its standard streams (the Language Server Protocol, JSON-RPC)."""

    def __init__(self, program: str, home: Path) -> None:
        environ = {**os.environ, "HOME": str(home)}
        self._process = subprocess.Popen(
            [program, "--stdio"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environ
        )
        self._number = 0
        self._complaints: dict[str, list[dict[str, Any]]] = {}

    def __enter__(self) -> Self:
        features = {"textDocument": {"publishDiagnostics": {}, "hover": {"contentFormat": ["markdown"]}}}
        self._ask("initialize", {"processId": os.getpid(), "rootUri": None, "capabilities": features})
        self._tell("initialized", {})
        # No catalogue of schemas from the network.
        settings = {"yaml": {"validate": True, "hover": True, "completion": True, "schemaStore": {"enable": False}}}
        self._tell("workspace/didChangeConfiguration", {"settings": settings})
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self._process.kill()
        self._process.communicate()

    def complaints(self, file: Path, text: str) -> list[tuple[int, str]]:
        """What the editor would underline, as line (from 1) and words; the file is opened with this text."""
        uri = file.as_uri()
        document = {"uri": uri, "languageId": "yaml", "version": 1, "text": text}
        self._tell("textDocument/didOpen", {"textDocument": document})
        while uri not in self._complaints:
            self._take()
        return [(each["range"]["start"]["line"] + 1, each["message"]) for each in self._complaints[uri]]

    def completions(self, file: Path, line: int, column: int) -> set[str]:
        """What the editor would offer at a place, line and column from 1."""
        found = self._ask("textDocument/completion", _at(file, line, column))
        items = found["items"] if isinstance(found, dict) else found or []
        return {item["label"] for item in items}

    def hover(self, file: Path, line: int, column: int) -> str:
        """What the editor would show over a word."""
        found = self._ask("textDocument/hover", _at(file, line, column))
        return str(found["contents"]["value"]) if found else ""

    def _ask(self, method: str, params: dict[str, Any]) -> Any:
        self._number += 1
        number = self._number
        self._send({"id": number, "method": method, "params": params})
        while (message := self._take()).get("id") != number or "method" in message:
            pass
        return message.get("result")

    def _tell(self, method: str, params: dict[str, Any]) -> None:
        self._send({"method": method, "params": params})

    def _send(self, message: dict[str, Any]) -> None:
        assert self._process.stdin
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self._process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self._process.stdin.flush()

    def _take(self) -> dict[str, Any]:
        """The next message; complaints are kept, and questions of the server answered with nothing."""
        assert self._process.stdout
        length = 0
        while line := self._process.stdout.readline().strip():
            name, _, value = line.partition(b":")
            length = int(value) if name.lower() == b"content-length" else length
        assert length, "the language server has gone"
        message: dict[str, Any] = json.loads(self._process.stdout.read(length))
        if message.get("method") == "textDocument/publishDiagnostics":
            self._complaints[message["params"]["uri"]] = message["params"]["diagnostics"]
        elif "id" in message and "method" in message:
            wanted = message["params"].get("items", []) if message["method"] == "workspace/configuration" else []
            self._send({"id": message["id"], "result": [None for _ in wanted]})
        return message


def _at(file: Path, line: int, column: int) -> dict[str, Any]:
    return {"textDocument": {"uri": file.as_uri()}, "position": {"line": line - 1, "character": column - 1}}

"""A real server of tiles on this machine: pictures whose colour says which tile they are, and a WMTS's capabilities."""

from __future__ import annotations

import http.server
import re
import struct
import threading
import time
import zlib
from types import TracebackType
from typing import Any
from urllib.parse import parse_qsl, urlsplit


def png(red: int, green: int, blue: int, size: int = 256) -> bytes:
    """A square of one colour."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", size, size, 8, 2, 0, 0, 0)
    rows = (b"\0" + bytes((red, green, blue)) * size) * size
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows, 1)) + chunk(b"IEND", b"")


def colour_of(column: int, row: int) -> tuple[int, int, int]:
    """The colour of a tile: neighbours differ."""
    return (column * 53 % 256, row * 91 % 256, (column + row) * 17 % 256)


#: As Tianditu describes itself: scales for 96 dots per inch, and no key in its own address.
LEVEL = (
    "<TileMatrix><ows:Identifier>{n}</ows:Identifier><ScaleDenominator>{scale}</ScaleDenominator>"
    "<TopLeftCorner>90.0 -180.0</TopLeftCorner><TileWidth>256</TileWidth><TileHeight>256</TileHeight>"
    "<MatrixWidth>{wide}</MatrixWidth><MatrixHeight>{high}</MatrixHeight></TileMatrix>"
)


class TileServer:
    """``with TileServer() as server``: `address`, `requests` so far, and what to answer instead of pictures."""

    def __init__(self) -> None:
        self.requests: list[str] = []
        self.layers = ["img"]
        self.status = 200
        self.body: bytes | None = None
        self.kind = "image/png"
        self.delay_s = 0.0
        self.key: str | None = None
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                outer.answer(self)

            def log_message(self, *_: Any) -> None:
                pass

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.address = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> TileServer:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, at: TracebackType | None) -> None:
        self._server.shutdown()
        self._server.server_close()

    def capabilities(self) -> bytes:
        """Of its layers in EPSG:4490."""
        levels = "".join(
            LEVEL.format(n=n, scale=2.958293554545656e8 / 2 ** (n - 1), wide=2**n, high=2 ** (n - 1))
            for n in range(1, 19)
        )
        layers = "".join(
            f"<Layer><ows:Title>Layer {name}</ows:Title><ows:Identifier>{name}</ows:Identifier>"
            '<Style isDefault="true"><ows:Identifier>default</ows:Identifier></Style><Format>tiles</Format>'
            "<TileMatrixSetLink><TileMatrixSet>c</TileMatrixSet></TileMatrixSetLink></Layer>"
            for name in self.layers
        )
        return (
            '<Capabilities xmlns="http://www.opengis.net/wmts/1.0" xmlns:ows="http://www.opengis.net/ows/1.1"'
            ' xmlns:xlink="http://www.w3.org/1999/xlink" version="1.0.0"><ows:OperationsMetadata>'
            '<ows:Operation name="GetTile"><ows:DCP><ows:HTTP>'
            f'<ows:Get xlink:href="{self.address}/wmts?"/></ows:HTTP></ows:DCP></ows:Operation>'
            f"</ows:OperationsMetadata><Contents>{layers}<TileMatrixSet><ows:Identifier>c</ows:Identifier>"
            f"<ows:SupportedCRS>urn:ogc:def:crs:EPSG::4490</ows:SupportedCRS>{levels}</TileMatrixSet></Contents>"
            "</Capabilities>"
        ).encode()

    def answer(self, request: http.server.BaseHTTPRequestHandler) -> None:
        self.requests.append(request.path)
        time.sleep(self.delay_s)
        parts = urlsplit(request.path)
        asked = {k.lower(): v for k, v in parse_qsl(parts.query)}
        status, kind, body = self.status, self.kind, self.body
        if self.key is not None and asked.get("tk") != self.key:
            status, kind, body = 403, "application/json", '{"msg":"非法Key","code":301}'.encode()
        elif body is None and asked.get("request", "").lower() == "getcapabilities":
            kind, body = "text/xml", self.capabilities()
        elif body is None:
            in_path = re.search(r"/(\d+)/(\d+)/(\d+)", parts.path)
            if in_path:
                _, column, row = (int(n) for n in in_path.groups())
            else:
                column, row = int(asked.get("tilecol", asked.get("x", 0))), int(asked.get("tilerow", asked.get("y", 0)))
            body = png(*colour_of(column, row))
        try:
            request.send_response(status)
            request.send_header("Content-Type", kind)
            request.send_header("Content-Length", str(len(body)))
            request.end_headers()
            request.wfile.write(body)
        except OSError:
            pass  # whoever asked has gone

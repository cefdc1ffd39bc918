"""Keys in addresses: taken out before an address is kept anywhere, put in again as a request goes out.

A layer's source in a project holds `KEPT` where the key belongs.  So a project, a plan file, a layer definition or a
style can be given away and saved anywhere without giving the key away; whoever opens it uses a key of his own.  A key
only ever goes back to the server (scheme, host and port) that it was entered for.
"""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote, unquote, urlsplit

#: Stands where the key belongs.
KEPT = "kept-in-qgis"
#: Parameters that carry a key or a token, in small letters.
KEY_PARAMETERS = frozenset(
    {
        "tk",
        "key",
        "token",
        "access_token",
        "accesstoken",
        "access-token",
        "apikey",
        "api_key",
        "api-key",
        "app_key",
        "appkey",
        "ak",
        "sk",
        "sig",
        "signature",
        "subscription-key",
        "authkey",
        "auth_key",
        "password",
        "pwd",
    }
)
#: Tianditu's servers t0 … t7 share one key.
_TIANDITU_SERVERS = frozenset(f"t{n}.tianditu.gov.cn" for n in range(8))
TIANDITU = "https://t.tianditu.gov.cn"

#: Server → parameter → key.
Keys = Mapping[str, Mapping[str, str]]


def server_of(address: str) -> str:
    """Scheme, host and port of an address: what a key belongs to."""
    parts = urlsplit(address)
    host = (parts.hostname or "").rstrip(".")
    try:
        port = parts.port
    except ValueError:
        return ""
    if parts.scheme == "https" and host in _TIANDITU_SERVERS and port in (None, 443):
        return TIANDITU
    usual = {"http": 80, "https": 443}.get(parts.scheme)
    return f"{parts.scheme}://{host}" + ("" if port in (None, usual) else f":{port}")


def take_out(address: str) -> tuple[str, dict[str, str]]:
    """An address without its keys, and the keys by their parameters (as written)."""
    before, mark, rest = address.partition("?")
    query, hash_mark, fragment = rest.partition("#")
    found: dict[str, str] = {}
    kept = []
    for part in query.split("&"):
        name, equals, value = part.partition("=")
        if unquote(name).lower() in KEY_PARAMETERS and value and value != KEPT and "{" not in value:
            found[name] = unquote(value)
            value = KEPT
        kept.append(name + equals + value)
    return before + mark + "&".join(kept) + hash_mark + fragment, found


def put_in(address: str, keys: Keys) -> str:
    """The address that really goes out: with the keys known for its server, else as it is."""
    if KEPT not in address:
        return address
    known = keys.get(server_of(address), {})
    before, mark, query = address.partition("?")
    parts = []
    for part in query.split("&"):
        name, equals, value = part.partition("=")
        if value == KEPT and name in known:
            value = quote(known[name], safe="")
        parts.append(name + equals + value)
    return before + mark + "&".join(parts)


def lacks_key(address: str, keys: Keys) -> bool:
    """Whether an address needs a key that is not known here."""
    return KEPT in put_in(address, keys)

"""The only requests that signing in makes: to the board's service, over TLS, to a public address, short and small.

A name is judged by the address that answers to it: once before, and again on the open connection, so that a name which
changes in between leads nowhere. In the demo a service may live on this machine.
"""

from __future__ import annotations

import ipaddress
import socket
from typing import Any
from urllib.parse import urlsplit

import requests
from django.conf import settings
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import NewConnectionError

from schools.oidc import turns
from schools.oidc.turns import UnreachableError

LARGEST = 256_000


def session() -> Session:
    """What asks: the sign-in library uses it too, so that it asks nothing else."""
    return Session()


def fetch_json(address: str, *, key: str = "") -> dict[str, Any]:
    """What an address says, as an object; with a bearer's key. Raises UnreachableError for anything else."""
    headers = {"Accept": "application/json"} | ({"Authorization": f"Bearer {key}"} if key else {})
    with session() as asking:
        answer = asking.get(address, headers=headers)
    try:
        said = answer.json() if answer.status_code == requests.codes.ok else None
    except (requests.RequestException, RecursionError):
        said = None
    if not isinstance(said, dict):
        raise UnreachableError(f"{answer.status_code} without an object")
    return said


def may_stand(address: str) -> bool:
    """Whether an address is one of a service, as far as it tells by itself: plain https at a public host."""
    host = _host(address)
    if not host or urlsplit(address).scheme == "http":
        return settings.SERVICES_MAY_BE_HERE and host in {"127.0.0.1", "localhost"}
    return urlsplit(address).scheme == "https" and (not _is_number(host) or is_public(host))


def may_ask(address: str) -> bool:
    """Whether an address may be asked: its name is looked up, which may take a while."""
    return may_stand(address) and _is_allowed(_host(address))


def _host(address: str) -> str:
    """The host of a plain address; nothing where there is more or less in it."""
    try:
        parts = urlsplit(address)
        _ = parts.port
    except ValueError:
        return ""
    if parts.username or parts.password or parts.fragment or not address.isascii() or " " in address:
        return ""
    return parts.hostname or ""


def _is_number(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _is_allowed(host: str) -> bool:
    """Whether no address behind the name is a private one; a name that has no address is told by the asking."""
    try:
        found = {info[4][0] for info in socket.getaddrinfo(host, 443, type=socket.SOCK_STREAM)}
    except (OSError, UnicodeError):
        return True
    return all(map(is_public, map(str, found)))


def is_public(address: str) -> bool:
    """Whether an IP address lies out in the world, also when it is wrapped in another (IPv4 in IPv6)."""
    if settings.SERVICES_MAY_BE_HERE:
        return True
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv6Address):
        wrapped = found.ipv4_mapped or found.sixtofour or (found.teredo[1] if found.teredo else None)
        if found in ipaddress.ip_network("64:ff9b::/96"):
            wrapped = ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)
        return found.is_global and not found.is_multicast if wrapped is None else wrapped.is_global
    return found.is_global and not found.is_multicast


def _judged(connection: HTTPConnection, opened: socket.socket) -> socket.socket:
    """The open connection, if it leads out into the world; nothing was said over it yet."""
    if not is_public(str(opened.getpeername()[0])):
        opened.close()
        raise NewConnectionError(connection, "leads to a private address")
    turns.hold(opened)
    return opened


class _PlainConnection(HTTPConnection):
    def _new_conn(self) -> socket.socket:
        return _judged(self, super()._new_conn())


class _SafeConnection(HTTPSConnection):
    def _new_conn(self) -> socket.socket:
        return _judged(self, super()._new_conn())


class _PlainPool(HTTPConnectionPool):
    ConnectionCls = _PlainConnection


class _SafePool(HTTPSConnectionPool):
    ConnectionCls = _SafeConnection


class _Outward(HTTPAdapter):
    """Connections that lead out into the world only."""

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """Let every pool make such connections."""
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": _PlainPool, "https": _SafePool}


class Session(requests.Session):
    """Asks one guarded address at a time: no proxy, password file or redirect changes where a request goes."""

    def __init__(self) -> None:
        """Lead everything outward."""
        super().__init__()
        self.trust_env = False
        self.mount("https://", _Outward())
        self.mount("http://", _Outward())

    def request(self, method: str | bytes, url: str | bytes, *args: Any, **kwargs: Any) -> requests.Response:
        """Ask, and read the answer up to a limit; raises UnreachableError or another RequestException."""
        address = _text(url)
        kwargs |= {"timeout": turns.LONGEST, "allow_redirects": False, "stream": True}

        def asked() -> requests.Response:
            if not may_ask(address):
                raise UnreachableError("not an address to ask")
            answer = super(Session, self).request(_text(method), address, *args, **kwargs)
            if answer.is_redirect:
                raise UnreachableError("leads elsewhere")
            answer._content = _read(answer)  # noqa: SLF001  # what .json() and .text read from
            return answer

        return turns.ask(_host(address), asked)


def _text(said: str | bytes) -> str:
    return said.decode() if isinstance(said, bytes) else said


def _read(answer: requests.Response) -> bytes:
    read = bytearray()
    for piece in answer.iter_content(8192):
        read += piece
        if len(read) > LARGEST:
            answer.close()
            raise UnreachableError("too long an answer")
    return bytes(read)

"""Whose machine an address names: the house's own, one on the internet, or one that a model never stands behind.

Only what is written is looked at; nothing is looked up, so a name counts by its form.

| host | kind |
|---|---|
| loopback and private addresses, `localhost`, names without a dot or in .local, .lan, .internal, .home.arpa | local |
| link-local addresses; the services with which a cloud hands out its machines' secrets | refused |
| addresses of many machines at once; IPv4 addresses within IPv6 ones of forms that are out of use | refused |
| numbers in any spelling but the usual one (2130706433, 0x7f.1, 0177.0.0.1), which could hide either | refused |
| what is no name of a machine | refused |
| everything else | public |
"""

from __future__ import annotations

import ipaddress
import re
from typing import Literal, TypeAlias
from urllib.parse import urlsplit

HostKind: TypeAlias = Literal["local", "public", "refused"]

_Address: TypeAlias = ipaddress.IPv4Address | ipaddress.IPv6Address

_LOCAL = tuple(
    ipaddress.ip_network(each)
    for each in (
        *("127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "0.0.0.0/32"),
        *("::1/128", "::/128", "fc00::/7"),
    )
)
# Beside link-local addresses: the metadata services of Amazon, Google, Alibaba, Oracle and Azure, the addresses that
# reach many machines, and IPv6 forms of IPv4 addresses that nothing says how to read.
_REFUSED = tuple(
    ipaddress.ip_network(each)
    for each in (
        *("169.254.0.0/16", "100.100.100.200/32", "192.0.0.192/32", "168.63.129.16/32"),
        *("fe80::/10", "fd00:ec2::/32", "fd20:ce::254/128", "64:ff9b:1::/48", "224.0.0.0/4", "ff00::/8"),
    )
)
_COMPATIBLE = ipaddress.IPv6Network("::/96")
"""IPv4 addresses written as IPv6 ones of old; the machine itself (`::`, `::1`) is among them."""
_REFUSED_NAMES = frozenset(
    [
        *("metadata", "metadata.google.internal", "metadata.goog", "metadata.azure.internal", "rancher-metadata"),
        *("instance-data", "instance-data.ec2.internal"),
    ]
)
_LOCAL_ENDINGS = (".localhost", ".local", ".lan", ".internal", ".home.arpa")
_NAME = re.compile(r"[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})*")
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


def kind_of(host: str) -> HostKind:
    """Whose machine a host is: a name or an address, an IPv6 one without brackets."""
    name = host.lower().rstrip(".")
    try:
        return _kind_of_address(ipaddress.ip_address(name))
    except ValueError:
        pass
    *_, last = name.split(".")
    if not _NAME.fullmatch(name) or name in _REFUSED_NAMES or _NUMBER.fullmatch(last):
        return "refused"
    return "local" if last == name or name.endswith(_LOCAL_ENDINGS) else "public"


def _kind_of_address(address: _Address) -> HostKind:
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped:
            return _kind_of_address(address.ipv4_mapped)
        within = [address.sixtofour, *(address.teredo or ())]
        within += [ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)] if address in _NAT64 else []
        if any(each and _kind_of_address(each) == "refused" for each in within):
            return "refused"
    if any(address in each for each in _REFUSED):
        return "refused"
    if any(address in each for each in _LOCAL):
        return "local"
    return "refused" if address in _COMPATIBLE else "public"


def host_of(url: str) -> str:
    """The host in the address of an endpoint that has been read by `read_base_url`."""
    return urlsplit(url).hostname or ""


def read_base_url(text: str) -> str:
    """The address of an endpoint, in one spelling; ValueError with a sentence that does not repeat it.

    It is not repeated because what is wrong with it may be the key that was written into it.
    """
    example = 'as in "http://127.0.0.1:8080/v1"'
    if not text.isascii() or not text.isprintable() or " " in text or "\\" in text:
        raise ValueError(f"an address has no spaces, and only plain letters, digits and signs, {example}.")
    try:
        parts = urlsplit(text)
        host, port = parts.hostname, parts.port
    except ValueError:
        raise ValueError(f"this address cannot be read. Write it {example}.") from None
    if parts.scheme not in ("http", "https"):
        raise ValueError(f"an address begins with http:// or https://, {example}.")
    if "@" in parts.netloc:
        raise ValueError(
            "a name or a key does not belong into the address. Put the key into the environment variable CLOSEREAD_KEY."
        )
    if not host or port == 0:
        raise ValueError(f"this address names no machine. Write it {example}.")
    if "?" in text or "#" in text:
        raise ValueError(
            f"an address ends before any '?' or '#', {example}. A key belongs into the environment variable "
            "CLOSEREAD_KEY."
        )
    if kind_of(host) == "refused":
        raise ValueError(
            "no model is asked at this address: it is one of the network link itself, of a cloud's own services, or "
            f"its numbers can be read in several ways. Write the address of a machine, {example}."
        )
    return f"{parts.scheme}://{parts.netloc.lower()}{parts.path.rstrip('/')}"

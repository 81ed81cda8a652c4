"""What a name leads to: the machine of the kind that it was taken for, or nowhere.

The settings judge an address by its form and look nothing up. Whoever answers for a name can say anything, also
something else than a moment before ("DNS rebinding"; Jackson et al., "Protecting Browsers from DNS Rebinding
Attacks", CCS 2007). So the addresses are looked at here, where they come in, and only those left are connected to.
"""

from __future__ import annotations

import asyncio
import socket
from typing import Any

from tutor.settings.addresses import HostKind, kind_of


class RefusedAddressError(socket.gaierror):
    """A name leads only to addresses at which no model is asked; the words say so."""


def watch_names(loop: asyncio.AbstractEventLoop) -> None:
    """Have this loop look names up in that way from now on, for whatever library."""
    if getattr(loop.getaddrinfo, "watched", False):
        return
    look_up = loop.getaddrinfo

    async def watched(host: Any, port: Any, **how: Any) -> list[Any]:
        found: list[Any] = await look_up(host, port, **how)
        name = host.decode("ascii", "replace") if isinstance(host, bytes) else host
        return found if name is None else _fitting(name, found)

    watched.watched = True  # type: ignore[attr-defined]
    loop.getaddrinfo = watched  # type: ignore[method-assign]


def _fitting(name: str, found: list[Any]) -> list[Any]:
    """The addresses that a name may lead to. A name of the house's own never leads out of it; RefusedAddressError."""
    kinds = [kind_of(each[4][0].partition("%")[0]) for each in found]
    allowed: tuple[HostKind, ...] = ("local",) if kind_of(name) == "local" else ("local", "public")
    fitting = [each for each, kind in zip(found, kinds, strict=True) if kind in allowed]
    if found and not fitting:
        where = "outside of your own network" if "public" in kinds else "where no model is asked"
        raise RefusedAddressError(f"its name leads to an address {where}, and nothing was sent there")
    return fitting

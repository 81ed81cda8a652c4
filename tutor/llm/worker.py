"""One thread for all that a language model's library does: its import of seconds, its calls, its closing.

The loop that draws the screen hands a piece of work over and waits for it; it can take the work back at any time. The
thread is a daemon and so are those that it starts: nobody who quits waits for a server or for a name to be looked up.
"""

from __future__ import annotations

import asyncio
import inspect
import threading
from collections.abc import Awaitable, Callable, Coroutine
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, TypeVar

from tutor.llm import library
from tutor.llm.resolving import watch_names

T = TypeVar("T")


class NotReadyError(Exception):
    """The library could not be loaded; the words say why."""


class Worker:
    """A daemon thread with an event loop of its own, which loads litellm first. It starts at the first need of it."""

    def __init__(self, load: Callable[[], Coroutine[Any, Any, Any]] = library.load) -> None:
        self._load = load
        self._starting = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._loading: asyncio.Task[Any] | None = None

    @property
    def started(self) -> bool:
        """Whether the thread runs."""
        return self._loop is not None

    def start(self) -> asyncio.AbstractEventLoop:
        """Start the thread where it does not run yet, and return its loop at once; work is done after the loading."""
        with self._starting:
            if self._loop is None:
                self._loop = asyncio.new_event_loop()
                self._loop.set_default_executor(_DaemonExecutor())
                watch_names(self._loop)
                threading.Thread(target=self._main, args=(self._loop,), name="language model", daemon=True).start()
            return self._loop

    async def run(self, work: Callable[[Any], Awaitable[T]]) -> T:
        """Run `work` in the thread, given litellm; cancelling the wait cancels it there. NotReadyError."""
        return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(self._work(work), self.start()))

    async def _work(self, work: Callable[[Any], Awaitable[T]]) -> T:
        assert self._loading
        try:
            loaded = await asyncio.shield(self._loading)
        except Exception as error:
            # Whatever a damaged installation raises: every question hears of it.
            raise NotReadyError(f"{type(error).__name__}: {error}") from None
        return await work(loaded)

    def _main(self, loop: asyncio.AbstractEventLoop) -> None:
        asyncio.set_event_loop(loop)
        self._loading = loop.create_task(self._load())
        loop.run_forever()


class _DaemonExecutor(ThreadPoolExecutor):
    """Runs each call in a daemon thread of its own.

    The threads of an ordinary one are waited for at exit, also by a look-up of a name that takes its time.
    """

    def submit(self, call: Callable[..., T], /, *args: Any, **kwargs: Any) -> Future[T]:
        future: Future[T] = Future()
        threading.Thread(target=_run, args=(future, call, args, kwargs), daemon=True).start()
        return future


def _run(future: Future[T], call: Callable[..., T], args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
    try:
        result = call(*args, **kwargs)
    except BaseException as error:  # handed on, whatever it is
        if future.set_running_or_notify_cancel():
            future.set_exception(error)
        return
    if future.set_running_or_notify_cancel():
        future.set_result(result)
    elif inspect.iscoroutine(result):
        # litellm prepares its request this way; nobody is there any more to await it.
        result.close()


_WORKER = Worker()


def process_worker() -> Worker:
    """The one worker of this process."""
    return _WORKER


def prepare() -> None:
    """Begin to load what a language model needs, and return at once: to be called after the first paint."""
    _WORKER.start()

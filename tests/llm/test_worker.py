"""The worker: a thread of its own, which starts late, fails in words and never keeps anybody from leaving."""

import asyncio
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from tests.llm.fake_server import HANGS, FakeServer, quick
from tutor.llm.asking import ModelError, Prompt
from tutor.llm.client import LiteModel
from tutor.llm.worker import NotReadyError, Worker

CHECKOUT = Path(__file__).parents[2]


async def nothing() -> None:
    pass


async def broken() -> Any:
    raise ImportError("No module named 'litellm'")


async def test_work_is_done_in_a_daemon_thread_with_what_was_loaded() -> None:
    async def work(library: Any) -> tuple[Any, threading.Thread]:
        return library, threading.current_thread()

    async def load() -> str:
        return "library"

    worker = Worker(load)
    assert not worker.started
    library, thread = await worker.run(work)
    assert worker.started
    assert library == "library"
    assert thread.daemon
    assert thread is not threading.current_thread()
    assert (await worker.run(work))[1] is thread


async def test_work_that_is_taken_back_ends() -> None:
    begun, ended = threading.Event(), threading.Event()

    async def work(_: Any) -> None:
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    waiting = asyncio.ensure_future(Worker(nothing).run(work))
    await asyncio.to_thread(begun.wait, 5)
    waiting.cancel()
    assert await asyncio.to_thread(ended.wait, 5)


async def test_who_waits_for_the_loading_can_stop_waiting() -> None:
    async def work(_: Any) -> str:
        return "done"

    go = threading.Event()

    async def load() -> None:
        go.wait(5)

    worker = Worker(load)
    waiting = asyncio.ensure_future(worker.run(work))
    await asyncio.sleep(0)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    go.set()
    assert await worker.run(work) == "done"


async def test_a_library_that_cannot_be_loaded_is_said() -> None:
    worker = Worker(broken)
    with pytest.raises(NotReadyError, match="No module named"):
        await worker.run(lambda _: asyncio.sleep(0))
    with pytest.raises(ModelError, match=r"fake-1b.*http://127.0.0.1:9/v1.*No module named") as caught:
        await LiteModel(quick("http://127.0.0.1:9/v1"), worker).ask(Prompt("a", "b", "hash"))
    assert caught.value.kind == "unready"


async def test_slow_calls_of_the_loop_run_in_daemon_threads() -> None:
    async def work(_: Any) -> bool:
        with pytest.raises(ZeroDivisionError):
            await asyncio.to_thread(lambda: 1 // 0)
        return await asyncio.to_thread(lambda: threading.current_thread().daemon)

    assert await Worker(nothing).run(work)


LOGGING = """
import asyncio, logging
from tutor.llm.worker import Worker
async def name(litellm):
    return litellm.__name__
async def main():
    logger, logged = logging.getLogger("asyncio"), []
    handler = logging.Handler()
    handler.emit = lambda record: logged.append(record.getMessage())
    logger.addHandler(handler)
    logger.propagate = False
    loading = asyncio.ensure_future(Worker().run(name))
    while not loading.done():
        logger.warning("a task of %s", "others")
        await asyncio.sleep(0)
    print(await loading)
    logged.clear()
    logger.warning("a task of %s", "others")
    print(logged, logger.filters, logging.getLogger("httpx").filters)
asyncio.run(main())
"""


def test_what_others_log_while_it_loads_breaks_neither_them_nor_the_loading() -> None:
    command = [sys.executable, "-c", LOGGING]
    done = subprocess.run(command, cwd=CHECKOUT, capture_output=True, encoding="utf-8", timeout=60, check=False)
    assert (done.stdout, done.stderr) == ("litellm\n['a task of others'] [] []\n", "")


LEAVING = """
import asyncio, sys
from tests.llm.fake_server import quick
from tutor.llm import worker
from tutor.llm.asking import Prompt
from tutor.llm.client import open_model
assert "litellm" not in sys.modules and "httpx" not in sys.modules
worker.prepare()
assert worker.process_worker().started
async def main():
    endpoint = quick(sys.argv[1], first_token_seconds=60.0, total_seconds=60.0)
    asking = asyncio.ensure_future(open_model(endpoint).ask(Prompt("a", "b", "hash")))
    await asyncio.to_thread(sys.stdin.read)
    print("asked", asking.done())
asyncio.run(main())
"""


@pytest.mark.parametrize("asked", [False, True], ids=["while it loads", "while it asks"])
async def test_leaving_in_the_midst_of_a_question(asked: bool) -> None:
    """Whoever leaves is not kept, and nothing is printed but what the program says itself."""
    with FakeServer(HANGS) as server:
        command = [sys.executable, "-c", LEAVING, server.base_url]
        pipe = subprocess.PIPE
        process = await asyncio.create_subprocess_exec(*command, cwd=CHECKOUT, stdin=pipe, stdout=pipe, stderr=pipe)
        if asked:
            assert await asyncio.to_thread(server.asked.wait, 60)
        out, errors = await asyncio.wait_for(process.communicate(b""), 60)
    assert (out.decode(), errors.decode(), process.returncode) == ("asked False\n", "", 0)

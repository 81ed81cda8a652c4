"""The one place where litellm is imported, and what keeps it quiet, offline and out of the way."""

from __future__ import annotations

import gc
import logging
import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tutor.llm import counting

_ENVIRONMENT = {
    "LITELLM_LOCAL_MODEL_COST_MAP": "true",  # else the import fetches a price list and waits for it
    "LITELLM_MODE": "PRODUCTION",  # else it reads any .env file above this package
    "LITELLM_LOG": "ERROR",
    "HF_HUB_OFFLINE": "1",  # else a model's name with "llama-3" in it makes it fetch a tokenizer
}
_LOGGERS = ("LiteLLM", "LiteLLM Router", "LiteLLM Proxy", "openai", "httpx", "httpcore")
_FILTERED = ("asyncio", "httpx")
_WARM_UP_URL = "http://warm-up.invalid/v1"


async def load() -> Any:
    """Load litellm and the tokenizer's tables, and make them ready to be used: seconds of work without a pause."""
    collecting = gc.isenabled()
    # What is loaded is never freed. Every look through it for garbage would stop every thread, also the one that
    # draws the screen, for up to 300 ms.
    gc.disable()
    try:
        with _unfiltered():
            litellm = _import()
        _quieten(litellm)
        await _warm_up(litellm)
        counting.raw("")
        gc.freeze()
    finally:
        if collecting:
            gc.enable()
    return litellm


def _import() -> Any:
    """Import litellm, so that it neither fetches nor reads anything but its own files."""
    os.environ.update(_ENVIRONMENT)
    os.environ.pop("CUSTOM_TIKTOKEN_CACHE_DIR", None)  # litellm would have its tables downloaded to there
    os.environ.pop("OPENAI_LOG", None)  # openai would print each question, and what a server says back of the key
    warnings.filterwarnings("ignore", message=".*ReadOnly. qualifier", category=UserWarning)
    # Who cancels a question in its first milliseconds leaves a request behind that was prepared and never sent.
    warnings.filterwarnings("ignore", message="coroutine 'OpenAIChatCompletion", category=RuntimeWarning)
    import litellm  # noqa: PLC0415  seconds; only here

    return litellm


@contextmanager
def _unfiltered() -> Iterator[None]:
    """Let no filter of litellm's come upon what others log.

    It sets one on these loggers at the beginning of its import, which imports more of litellm, in whatever thread
    something is logged: half loaded as it is, that would end both the import and that thread's work.
    """
    loggers = [logging.getLogger(name) for name in _FILTERED]
    before = [(each, each.disabled, list(each.filters)) for each in loggers]
    for each in loggers:
        each.disabled = True
    try:
        yield
    finally:
        for each, disabled, filters in before:
            each.filters = filters
            each.disabled = disabled


def _quieten(litellm: Any) -> None:
    """Let it neither print, log, report, download nor count."""
    litellm.suppress_debug_info = True  # it prints advice at every error
    litellm.disable_hf_tokenizer_download = True
    litellm.disable_token_counter = True
    litellm.telemetry = False
    litellm.drop_params = False  # what a server refuses is left out by us, and only that
    for callbacks in ("callbacks", "input_callback", "success_callback", "failure_callback", "service_callback"):
        setattr(litellm, callbacks, [])
    hush()


def hush() -> None:
    """Let no library log what is sent and what comes back."""
    for name in _LOGGERS:
        logger = logging.getLogger(name)
        logger.handlers = [logging.NullHandler()]
        logger.propagate = False


async def _warm_up(litellm: Any) -> None:
    """Ask a model that is not there, over no socket: the first call builds what would otherwise stall a real one."""
    import httpx  # noqa: PLC0415  loaded by litellm
    import openai  # noqa: PLC0415

    chunk = '{"id":"0","object":"chat.completion.chunk","created":0,"model":"m","choices":[{"index":0,%s}]}'
    token = '"token":"a","logprob":0.0,"bytes":[97]'
    word = '"delta":{"role":"assistant","content":"a"},"logprobs":{"content":[{%s,"top_logprobs":[{%s}]}]}'
    choices = (word % (token, token), '"delta":{},"finish_reason":"stop"')
    body = "".join(f"data: {chunk % choice}\n\n" for choice in choices) + "data: [DONE]\n\n"

    def answer(_: httpx.Request) -> httpx.Response:
        return httpx.Response(200, text=body, headers={"content-type": "text/event-stream"})

    async with httpx.AsyncClient(transport=httpx.MockTransport(answer), trust_env=False) as http:
        client = openai.AsyncOpenAI(api_key="none", base_url=_WARM_UP_URL, http_client=http, max_retries=0)
        stream = await litellm.acompletion(
            model="openai/m",
            api_base=_WARM_UP_URL,
            api_key="none",
            client=client,
            messages=[{"role": "user", "content": "a"}],
            stream=True,
            stream_options={"include_usage": True},
            logprobs=True,
            top_logprobs=1,
            max_tokens=1,
            temperature=0.0,
        )
        async for _ in stream.completion_stream:
            pass
        await stream.aclose()

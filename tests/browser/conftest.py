"""A broker with a history on SQLite, served on loopback, and a browser that reports everything."""

import contextlib
import functools
import threading

import pytest
import structlog
from builders import World, a_tool, failed
from databases import SqliteDatabases
from waitress.server import create_server

from broker.app import SystemClock, create_app
from broker.settings import Settings
from broker.storage.unit_of_work import open_store

HOSTILE = '"><img src=x onerror="window.__xss=1"><script>window.__xss=1</script>'


def tell(world):
    world.has_environment()
    world.has_environment("staging", production=False)
    world.publishes("web@1", "orders", [a_tool(description=HOSTILE)], branch="main")
    world.verifies("orders@1", "web@1", branch="main")
    world.publishes("mobile@1", "users", branch="main")
    world.verifies("users@1", "mobile@1", branch="main")
    world.publishes("mobile@1", "orders", branch="main")
    narrower = a_tool(description=HOSTILE, input_schema={HOSTILE + "long" * 20: {"type": "string"}})
    digest = world.publishes("web@2", "orders", [narrower], branch="main").publication.digest
    violation = {
        "field": HOSTILE,
        "expected": HOSTILE,
        "actual": HOSTILE,
        "severity": "error",
        "message": HOSTILE,
        "path": "/price",
    }
    world.verifies("orders@1", "web@2", failed(violations=(violation,)))
    world.deploys("web@1")
    world.deploys("orders@1")
    world.deploys("web@2", "staging")
    world.has_environment("guarded", production=False, requires=("chaos", "benchmark"))
    world.deploys("orders@1", "guarded")
    world.finds("web@1", "fail", **{HOSTILE: [HOSTILE, {HOSTILE: "long" * 40}]})
    return digest


class Site:
    def __init__(self, origin, world, digest):
        self.origin, self.world, self.digest = origin, world, digest


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    with served(tmp_path_factory, tell) as standing:
        yield standing


@contextlib.contextmanager
def served(folders, telling):
    """A broker of its own on loopback, whose world `telling` fills."""
    folder = folders.mktemp("site")
    databases = SqliteDatabases(folders.mktemp("template"))
    with open_store(databases.clone(folder)) as store:
        world = World(store, SystemClock())
        digest = telling(world)
        server = create_server(create_app(Settings(), store=store), host="127.0.0.1", port=0)
        thread = threading.Thread(target=server.run, daemon=True)
        thread.start()
        yield Site(f"http://127.0.0.1:{server.effective_port}", world, digest)
        server.close()
        thread.join(timeout=5)
    structlog.reset_defaults()


@pytest.fixture(scope="session")
def serve(tmp_path_factory):
    """Serves the world that a function fills; its result is the `digest` of the site."""
    return functools.partial(served, tmp_path_factory)


@pytest.fixture
def open_page(chromium, site):
    """Opens a page; at the end nothing was complained about and nobody else was asked."""
    troubles, contexts = [], []

    def opened(path, *, width=1280, theme="light", **about):
        context = chromium.new_context(
            viewport={"width": width, "height": 800}, color_scheme=theme, **about
        )
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: troubles.append(f"{path}: {message.text}"))
        page.on("pageerror", lambda error: troubles.append(f"{path}: {error}"))
        page.on("request", lambda request: note(request.url))
        page.goto(site.origin + path)
        return page

    def note(url):
        if not url.startswith((site.origin, "data:", "blob:")):
            troubles.append(f"asked {url}")

    yield opened
    for context in contexts:
        context.close()
    assert troubles == []

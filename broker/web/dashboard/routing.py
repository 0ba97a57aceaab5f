"""Screens as data: each view module lists its own, the blueprint serves them."""

from dataclasses import dataclass

from broker.web.dashboard.answers import View


@dataclass(frozen=True, slots=True)
class Screen:
    """One address; one that ends in a fixed word also answers at `<address>.json`.

    `is_live`: a fragment that pages ask for again and again. `is_immutable`: what it shows never
    changes.
    """

    path: str
    view: View
    is_live: bool = False
    is_immutable: bool = False

    @property
    def paths(self) -> tuple[str, ...]:
        """The address, and that of its JSON where the address itself cannot tell."""
        if self.path == "/":
            return ("/", "/overview.json")
        return (self.path,) if self.path.endswith(">") else (self.path, f"{self.path}.json")

"""Which branch is a participant's main branch."""

MAIN_BRANCHES = ("main", "master", "develop")


def claims_main(branch: str | None) -> bool:
    """The first version on a branch of such a name makes it main, unless one is set already."""
    return branch in MAIN_BRANCHES

"""What the files of an experiment's pages are called."""

INDEX = "index.html"


def page_name(task: str, model: str, constraint: str, seed: int, suffix: str = "html") -> str:
    """Name of a network's file beside the page of its experiment."""
    return f"{task}.{model}.{constraint}.{seed}.{suffix}"

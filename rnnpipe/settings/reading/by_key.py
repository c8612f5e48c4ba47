"""Which form a section has, told by one of its keys: a name, or a class in a file."""

import re
from typing import Any


class ByKey:
    """Finds the tag of a section's form.

    Parameters
    ----------
    key
        The key whose value is the tag.
    pattern, tag
        A value that matches the pattern has this tag.
    """

    def __init__(self, key: str, pattern: str, tag: str) -> None:
        self.key, self.pattern, self.tag = key, pattern, tag
        self.__name__ = f"by_{key}"  # pydantic names its discriminators

    def __call__(self, section: Any) -> Any:
        """Return the tag of a mapping or model; None without the key."""
        own = isinstance(section, dict)
        value = section.get(self.key) if own else getattr(section, self.key, None)
        matches = isinstance(value, str) and re.match(self.pattern, value)
        return self.tag if matches else value

"""What a command printed, and how it left."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Done:
    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    def is_plain_failure(self, code: int) -> bool:
        """A message in a few lines, no traceback, the right exit code."""
        said = self.out + self.err
        return self.code == code and 0 < len(said) < 2500 and "Traceback" not in said and "should not have" not in said


Run = Callable[..., Done]

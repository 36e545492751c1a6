"""The errors a user can meet. Each says what happened, to which file or setting, and what to do about it."""


class ReportQAError(Exception):
    """Base of every error that front ends show as it stands.

    ``message`` says what happened and to what; ``remedy`` what the user can do. ``exit_code`` is the process exit
    code a command ends with: 1 for something that failed, 2 for a request that cannot be carried out as given.
    """

    exit_code = 1

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.message} {self.remedy}".strip()


class ReadError(ReportQAError):
    """A report file cannot be read: empty, damaged, encrypted, of an unknown kind, or without any text."""


class StoreError(ReportQAError):
    """The store of reports is damaged, locked, or was filled by another embedder."""


class ModelError(ReportQAError):
    """A model file is missing, cannot be fetched, or does not have the bytes its publisher signed."""


class LLMError(ReportQAError):
    """The language model does not answer, or answers something that is not text."""


class SettingsError(ReportQAError):
    """A setting is unknown or has a value that cannot be used."""

    exit_code = 2


class QuestionError(ReportQAError):
    """A question is empty, too long, or names a report that is not in the store."""

    exit_code = 2

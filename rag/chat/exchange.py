"""One question and how far its answer is."""

from dataclasses import dataclass

from rag.types import Answer, Evidence, Turn


@dataclass(frozen=True, slots=True)
class Exchange:
    """One question of a conversation.

    ``searched`` says that ``evidence`` is all there will be, ``text`` is the answer as it is being written,
    ``failure`` the message of an error that ended it. With ``evidence_only`` no answer is to be written. ``reports``
    are the file names of those that were asked, empty for all; ``good`` is the user's verdict and ``waiting`` the place
    in the line for the model.
    """

    question: str
    reports: tuple[str, ...] = ()
    evidence_only: bool = False
    searched: bool = False
    evidence: tuple[Evidence, ...] = ()
    text: str = ""
    answer: Answer | None = None
    failure: str = ""
    follow_ups: tuple[str, ...] = ()
    good: bool | None = None
    waiting: int = 0
    id: str = ""

    @property
    def over(self) -> bool:
        """Whether nothing more will come."""
        return self.answer is not None or bool(self.failure) or (self.evidence_only and self.searched)

    @property
    def turn(self) -> Turn | None:
        """What a later question is understood by, None while there is no answer."""
        if self.answer is None:
            return None
        return Turn(question=self.answer.standalone or self.question, answer=self.answer.answer)


Conversation = tuple[Exchange, ...]

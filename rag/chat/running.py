"""An answer being written, in a thread of its own."""

import queue
import threading
from collections.abc import Callable, Iterator

from rag.types import Answer, Event, EvidenceReady, TextDelta


class Running:
    """``events`` brings what the engine yields, or the message that ends it ("": silently).

    The engine runs in a thread of its own, because Gradio's own cancelling waits for a step that may take many seconds,
    and can end the page's connection together with the next question.
    """

    def __init__(self) -> None:
        self._events: queue.SimpleQueue[Event | str] = queue.SimpleQueue()
        self.stopped, self.over = threading.Event(), threading.Event()

    def start(
        self, answer: Callable[[], Iterator[Event]], explain: Callable[[Exception], str], *, evidence_only: bool = False
    ) -> None:
        """Begin to hand on what ``answer`` yields, until it ends or :meth:`stop` is called."""
        work = (answer, explain, evidence_only)
        threading.Thread(target=self._work, args=work, name="answer", daemon=True).start()

    def _work(
        self, answer: Callable[[], Iterator[Event]], explain: Callable[[Exception], str], evidence_only: bool
    ) -> None:
        try:
            for event in answer():
                if self.stopped.is_set():
                    return
                self._events.put(event)
                if isinstance(event, Answer) or (evidence_only and isinstance(event, EvidenceReady)):
                    return  # the next step would ask the model
            raise RuntimeError("the answer broke off")
        except Exception as error:
            self._events.put(explain(error))

    def stop(self, message: str) -> None:
        """End the answer with a message, at once."""
        self.stopped.set()
        self._events.put(message)

    def __iter__(self) -> Iterator[Event | str]:
        """The events without end: whoever reads them knows the last. Text that piled up comes as one."""
        event: Event | str = self._events.get()
        while True:
            text = ""
            while isinstance(event, TextDelta):
                text += event.text
                if self._events.empty():
                    break
                event = self._events.get()
            if text:
                yield TextDelta(text=text)
                if isinstance(event, TextDelta):
                    event = self._events.get()
                    continue
            yield event
            event = self._events.get()

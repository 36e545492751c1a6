"""Somebody's OpenAI-compatible server: writes ``text`` piece by piece, the next piece when ``go_on`` is set."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class ModelServer:
    def __init__(self, pieces: list[str]) -> None:
        self.pieces = pieces
        self.asked = threading.Semaphore(0)  # released once a question
        self.go_on = threading.Event()
        model = self

        class Handler(BaseHTTPRequestHandler):
            def log_message(self, *args: object) -> None:
                pass

            def do_POST(self) -> None:
                self.rfile.read(int(self.headers["content-length"]))
                self.send_response(200)
                self.send_header("content-type", "text/event-stream")
                self.end_headers()
                model.asked.release()
                for number, piece in enumerate(model.pieces):
                    if number and not model.go_on.wait(60):
                        return
                    delta = {"index": 0, "delta": {"role": "assistant", "content": piece}, "finish_reason": None}
                    chunk = {
                        "id": "1",
                        "object": "chat.completion.chunk",
                        "created": 0,
                        "model": "m",
                        "choices": [delta],
                    }
                    self.wfile.write(f"data: {json.dumps(chunk)}\n\n".encode())
                    self.wfile.flush()
                self.wfile.write(b"data: [DONE]\n\n")

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/v1"

    def close(self) -> None:
        self.go_on.set()
        self._server.shutdown()
        self._server.server_close()

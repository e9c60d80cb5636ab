"""The real link of the payment handler, in a process of its own: link_driver."""

import queue
import subprocess
import threading

from transport import T

LINK_DRIVER = ""  # a path, set by the test
WAIT_MS = int(T * 1000)


class Link:
    def __init__(self, port, diagnostic_port=0, secret=None, **settings):
        self.process = subprocess.Popen(
            [LINK_DRIVER, str(port), str(diagnostic_port), "merchant.example.com",
             secret.hex() if secret else "-", *(f"{k}={v}" for k, v in settings.items())],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.results = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        for line in self.process.stdout:
            what, name, rest = line.rstrip("\n").split(" ", 2)
            self.results.put((what, name, bytes.fromhex(rest) if what == "answer" else rest))

    def _tell(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()

    def exchange(self, name, message, wait_ms=WAIT_MS):
        self._tell(f"exchange {name} {message.hex()} {wait_ms}")

    def diagnose(self, message):
        self._tell(f"diagnose {message.hex()}")

    def result(self):
        return self.results.get(timeout=T)

    def close(self):
        """Begins to close the link."""
        self.process.stdin.close()

    def wait(self):
        return self.process.wait(T)

    def kill(self):
        self.process.kill()
        self.process.wait()
        self.process.stdin.close()
        self.process.stdout.close()

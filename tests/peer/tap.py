"""Shows what merchant and gateway say to each other: a relay that prints every message of SET over
TCP as it passes.  Stands between the two (the merchant's port is set to the tap's) and changes
nothing.

    tap.py LISTEN_PORT GATEWAY_HOST GATEWAY_PORT

Each line begins with the number of the connection, the milliseconds since it was accepted, and who
speaks: M the merchant, G the gateway.  Bodies that are not text are shown by their size and their
first octets.  Shared secrets are not in what passes; account numbers are, encrypted."""

import re
import socket
import sys
import threading
import time

LINE = re.compile(rb"(\+OK|-ERR|Authentication)[ |]")
END = re.compile(rb"\r?\n\r?\n")


class Tap:
    def __init__(self, port, target, show):
        self.target = target
        self.show = show
        self.lock = threading.Lock()
        self.sock = socket.create_server(("127.0.0.1", port))
        self.port = self.sock.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        number = 0
        while True:
            try:
                merchant, _ = self.sock.accept()
            except OSError:
                return
            number += 1
            try:
                gateway = socket.create_connection(self.target)
            except OSError:
                merchant.close()
                continue
            for sock in (merchant, gateway):
                sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            began = time.monotonic()
            for who, source, sink in (("G", gateway, merchant), ("M", merchant, gateway)):
                threading.Thread(target=self._relay, args=(number, began, who, source, sink),
                                 daemon=True).start()

    def _relay(self, number, began, who, source, sink):
        def say(lines):
            with self.lock:
                at = int((time.monotonic() - began) * 1000)
                for i, line in enumerate(lines):
                    head = f"{number} {at:6d} {who}: " if i == 0 else " " * 12
                    self.show((head + line).rstrip())

        buffer = b""
        while True:
            try:
                data = source.recv(65536)
            except OSError:
                data = b""
            buffer += data
            while True:
                lines, buffer, whole = take(buffer)
                if not whole:
                    break
                say(lines)
            if not data:
                say(["(closes)"])
                try:
                    sink.shutdown(socket.SHUT_WR)
                except OSError:
                    pass
                return
            try:
                sink.sendall(data)
            except OSError:
                return

    def close(self):
        self.sock.close()


def take(buffer):
    """The first whole message as lines to print, what follows it, and whether there was one."""
    stripped = buffer.lstrip(b"\r\n")
    if LINE.match(stripped):
        if b"\n" not in stripped:
            return [], buffer, False
        line, rest = stripped.split(b"\n", 1)
        return [text(line.rstrip(b"\r"))], rest, True
    end = END.search(stripped)
    length = re.search(rb"(?im)^content-length:\s*([0-9]+)", stripped[: end.start()] if end else b"")
    if not end or not length or len(stripped) < end.end() + int(length[1]):
        return [], buffer, False
    body = stripped[end.end() : end.end() + int(length[1])]
    headers = [text(line) for line in stripped[: end.start()].splitlines()]
    return headers + ["", shown(body)], stripped[end.end() + len(body) :], True


def text(octets):
    return octets.decode("ascii", "backslashreplace")


def shown(body):
    if re.fullmatch(rb"[ -~]*", body):
        return text(body)
    return f"[{len(body)} octets: {body[:12].hex(' ')} ...]"


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    tap = Tap(int(sys.argv[1]), (sys.argv[2], int(sys.argv[3])),
              lambda line: print(line, flush=True))
    print(f"tap on 127.0.0.1:{tap.port}", flush=True)
    threading.Event().wait()

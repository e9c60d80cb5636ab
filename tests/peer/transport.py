"""SET over TCP (External Interface Guide to SET, Appendix E), written a second time, from the
specification alone and with nothing but Python's library: what the tests hold against the real
programs.  Strict about what it receives; a Violation says which rule was broken."""

import base64
import hashlib
import hmac
import re
import select
import socket
import struct
import time

T = 20.0  # seconds after which a test gives up waiting


class Violation(Exception):
    """The peer did what Appendix E does not allow."""


class Message:
    """A MIME-wrapped message: `kind` is 'set' or the value of control."""

    def __init__(self, kind, body=b"", tag=None, cls=None, delay=None):
        self.kind = kind
        self.body = body
        self.tag = tag  # as spelled, with quotes; None: absent
        self.cls = cls
        self.delay = delay

    def __repr__(self):
        return f"<{self.kind} {self.cls or ''} tag={self.tag} {self.body[:60]!r}>"


def hmac_sha1(key, data):
    """RFC 2104, spelled out: the peer must not agree with us by sharing a library."""
    if len(key) > 64:
        key = hashlib.sha1(key).digest()
    key = key.ljust(64, b"\0")
    inner = hashlib.sha1(bytes(k ^ 0x36 for k in key) + data).digest()
    mac = hashlib.sha1(bytes(k ^ 0x5C for k in key) + inner).digest()
    assert mac == hmac.new(key, data, hashlib.sha1).digest()
    return mac


def authentication_response(greeting, transport_id, secret):
    """`greeting` is the line without its CRLF."""
    return base64.b64encode(hmac_sha1(secret, greeting + transport_id.encode())).decode()


def set_message(body, tag=None):
    kind = b"Content-Type: application/set-payment"
    if tag is not None:
        kind += b";msg-tag=" + tag.encode()
    return b"%s\r\nContent-Length: %d\r\n\r\n%s" % (kind, len(body), body)


def control(kind, body=b"", tag=None, cls=None, delay=None):
    text = f"text/set-transport;control={kind}"
    if cls is not None:
        text += f";class={cls}"
    if delay is not None:
        text += f";delay={delay}"
    if tag is not None:
        text += f";msg-tag={tag}"
    head = f"Content-Type: {text}\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


TOKEN = r"[!#$%&'*+\-.0-9A-Z^_`a-z{|}~]+"
QUOTED = r'"(?:[^"\\\r\n]|\\.)*"'
PARAMETER = re.compile(rf";({TOKEN})=({TOKEN}|{QUOTED})")


def unquote(tag):
    return re.sub(r"\\(.)", r"\1", tag[1:-1]) if tag.startswith('"') else tag


def parse_message(block, body):
    """What our programs send is held to the strict form: headers as in the examples, unfolded."""
    lines = block.decode("ascii").split("\r\n")
    headers = {}
    for line in lines:
        match = re.fullmatch(r"([A-Za-z-]+): (\S.*)", line)
        if not match:
            raise Violation(f"not an unfolded header: {line!r}")
        name = match.group(1).lower()
        if name in headers:
            raise Violation(f"{name} twice")
        headers[name] = match.group(2)
    if headers.get("mime-version") != "1.0":
        raise Violation("MIME-Version is not 1.0")
    kind = headers["content-type"]
    media, rest = re.match(r"([a-z/-]+)(.*)", kind).groups()
    parameters = dict(PARAMETER.findall(rest))
    if "".join(f";{a}={v}" for a, v in parameters.items()) != rest:
        raise Violation(f"parameters: {rest!r}")
    tag = parameters.pop("msg-tag", None)
    if tag is not None and len(unquote(tag)) > 32:
        raise Violation("msg-tag of more than 32 characters")
    if media == "application/set-payment":
        if headers.get("content-transfer-encoding") != "binary" or parameters:
            raise Violation(f"SET message: {lines}")
        return Message("set", body, tag)
    if media != "text/set-transport" or headers.get("content-transfer-encoding") != "7bit":
        raise Violation(f"control message: {lines}")
    what = parameters.pop("control", None)
    if what not in ("close", "close-reply", "status", "echo", "echo-reply"):
        raise Violation(f"control={what}")
    cls, delay = parameters.pop("class", None), parameters.pop("delay", None)
    if parameters or (cls is None) != (what != "status") or (delay is None) != (cls != "retry"):
        raise Violation(f"parameters: {rest!r}")
    if what == "status" and (cls not in ("failed", "retry", "info", "closing") or tag is None):
        raise Violation(f"status: {rest!r}")
    if delay is not None and int(delay) < 1:
        raise Violation("delay of 0")
    return Message(what, body, tag, cls, None if delay is None else int(delay))


class Connection:
    """One TCP connection, either side."""

    def __init__(self, sock):
        sock.settimeout(T)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.sock = sock
        self.buffer = b""

    def send(self, octets):
        self.sock.sendall(octets)

    def drip(self, octets):
        """Every octet in a segment of its own."""
        for i in range(len(octets)):
            self.sock.sendall(octets[i : i + 1])

    def _fill(self):
        data = self.sock.recv(65536)
        self.buffer += data
        return bool(data)

    def line(self):
        """A line message without its CRLF; b'' at the end of the stream."""
        while b"\r\n" not in self.buffer:
            if not self._fill():
                if self.buffer:
                    raise Violation(f"half a line: {self.buffer!r}")
                return b""
        line, self.buffer = self.buffer.split(b"\r\n", 1)
        if not re.fullmatch(rb"[ -~]*", line) or len(line) > 1022:
            raise Violation(f"not a line of printable ASCII: {line!r}")
        return line

    def message(self):
        """The next wrapped message; None at the end of the stream."""
        while b"\r\n\r\n" not in self.buffer:
            if not self._fill():
                if self.buffer:
                    raise Violation(f"half a message: {self.buffer!r}")
                return None
        block, rest = self.buffer.split(b"\r\n\r\n", 1)
        match = re.search(rb"(?im)^content-length: ([0-9]+)\r?$", block)
        if not match:
            raise Violation(f"no Content-Length: {block!r}")
        length = int(match.group(1))
        while len(rest) < length:
            data = self.sock.recv(65536)
            if not data:
                raise Violation("the stream ends in a body")
            rest += data
        self.buffer = rest[length:]
        return parse_message(block, rest[:length])

    def ended(self):
        """True if the peer closes without another octet."""
        if self.buffer:
            return False
        try:
            return self.sock.recv(1) == b""
        except ConnectionResetError:
            return True

    def silent(self, seconds):
        """True if nothing comes for so long."""
        return not self.buffer and not select.select([self.sock], [], [], seconds)[0]

    def reset(self):
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.sock.close()

    def close(self):
        self.sock.close()


class Merchant(Connection):
    """Our merchant's side."""

    def __init__(self, port, host="127.0.0.1"):
        super().__init__(socket.create_connection((host, port), T))

    def greeting(self):
        """(ok, text, challenge), and the line for the MAC in self.greeting_line."""
        self.greeting_line = line = self.line()
        fields = line.decode().split("|")
        if fields[0] == "+OK" and len(fields) == 3:
            return True, fields[1], fields[2]
        if fields[0] == "-ERR" and len(fields) == 2:
            return False, fields[1], ""
        raise Violation(f"no Greeting: {line!r}")

    def authenticate(self, transport_id, secret):
        """(ok, text) of the Authentication-Reply."""
        response = authentication_response(self.greeting_line, transport_id, secret)
        self.send(f"Authentication|{transport_id}|{response}\r\n".encode())
        fields = self.line().decode().split("|")
        if fields[0] not in ("+OK", "-ERR") or len(fields) != 2:
            raise Violation(f"no Authentication-Reply: {fields}")
        return fields[0] == "+OK", fields[1]

    def open(self, transport_id=None, secret=None):
        """Through Greeting and, where the gateway asks for it, Authentication; gives self."""
        ok, _, challenge = self.greeting()
        if not ok:
            raise Violation("refused")
        if challenge and not self.authenticate(transport_id, secret)[0]:
            raise Violation("not authenticated")
        return self


class Gateway:
    """Our gateway's listener."""

    def __init__(self):
        self.sock = socket.create_server(("127.0.0.1", 0))
        self.sock.settimeout(T)
        self.port = self.sock.getsockname()[1]

    def accept(self, greeting=b"+OK|second gateway|\r\n"):
        """The next connection, greeted."""
        sock, _ = self.sock.accept()
        connection = Connection(sock)
        if greeting:
            connection.send(greeting)
        return connection

    def close(self):
        self.sock.close()


def until(condition):
    """Waits for something that another process does."""
    end = time.monotonic() + T
    while not condition():
        if time.monotonic() > end:
            raise AssertionError("it did not happen in time")
        time.sleep(0.01)

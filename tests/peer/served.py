"""A real set-gateway with the files of a real purchase."""

import glob
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import tempfile

from transport import Merchant

SET_GATEWAY = SET_BRIDGE = ""  # paths, set by the test


class Served:
    """A running set-gateway, configured like the one of a purchase that was made before."""

    def __init__(self, authentication="none", top="", of_merchant=""):
        directory = tempfile.mkdtemp()
        self.directory = os.path.join(directory, "pki")
        shutil.copytree(os.path.join(Purchase.directory, "pki"), self.directory)
        path = os.path.join(self.directory, "gateway.toml")
        with open(path) as file:
            text = file.read()
        self.secret = bytes.fromhex(re.search(r'shared_secret = "hex:([0-9a-f]+)"', text)[1])
        text = re.sub(r"(?m)^(listen|diagnostic_listen|authentication) .*\n", "", text)
        text = text.replace("[[merchant]]\n", "[[merchant]]\n" + of_merchant, 1)
        with open(path, "w") as file:
            file.write('listen = "127.0.0.1:0"\ndiagnostic_listen = "127.0.0.1:0"\n'
                       f'authentication = "{authentication}"\n{top}{text}')
        self.merchants = []
        self.log_path = os.path.join(self.directory, "log")
        self.path = path
        self.start()

    def start(self):
        with open(self.log_path, "ab") as log:
            self.process = subprocess.Popen([SET_GATEWAY, self.path], stdout=subprocess.PIPE,
                                            stderr=log, text=True)
        self.port = self._port("listening on ")
        self.diagnostic_port = self._port("diagnostics on ")

    def restart(self):
        """Ends it as an operator does, and starts it on the same port again."""
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(30)
        self.process.stdout.close()
        with open(self.path) as file:
            text = file.read()
        with open(self.path, "w") as file:
            file.write(text.replace('listen = "127.0.0.1:0"', f'listen = "127.0.0.1:{self.port}"', 1))
        self.start()

    def _port(self, what):
        line = self.process.stdout.readline()
        if not line.startswith(what):
            raise AssertionError(f"{line!r}: {self.log()}")
        return int(line.rsplit(":", 1)[1])

    def connect(self):
        self.merchants.append(Merchant(self.port))
        return self.merchants[-1]

    def log(self):
        with open(self.log_path) as file:
            return file.read()

    def query(self, sql):
        database = sqlite3.connect(os.path.join(self.directory, "gateway.db"), timeout=20)
        try:
            return database.execute(sql).fetchall()
        finally:
            database.close()

    def end(self):
        for merchant in self.merchants:
            merchant.close()
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(30)
        self.process.stdout.close()
        shutil.rmtree(os.path.dirname(self.directory))


class Purchase:
    """One whole purchase: what payment handler and gateway said to each other, and the gateway's
    files after it."""

    directory = None
    request = response = b""

    @classmethod
    def make(cls):
        cls.directory = tempfile.mkdtemp()
        subprocess.run([SET_BRIDGE, "demo", "--dir", cls.directory], check=True,
                       stdout=subprocess.DEVNULL)
        for name in ("AuthReq", "AuthRes"):
            (path,) = glob.glob(os.path.join(cls.directory, "trace", f"*-{name}.der"))
            with open(path, "rb") as file:
                setattr(cls, "request" if name == "AuthReq" else "response", file.read())

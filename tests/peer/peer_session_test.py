"""A real session between the real programs, seen by the tap: docs/transport.md shows what is said.
peer_session_test.py SET_GATEWAY SET_BRIDGE LINK_DRIVER TRANSPORT_MD; with SHOW=1 in the environment
it prints the session."""

import difflib
import os
import re
import shutil
import sys
import unittest

import link as link_program
import served as programs
from link import Link
from served import Purchase, Served
from tap import Tap
from transport import until

TRANSPORT_MD = ""


def masked(lines):
    """What differs from run to run becomes letters."""
    for line in lines:
        line = re.sub(r"^(\d) +\d+ ", r"\1 MS ", line)
        line = re.sub(r"<[^<>]*@[^<>]*>", "<CHALLENGE>", line)
        line = re.sub(r"\|[A-Za-z0-9+/]{27}=", "|RESPONSE", line)
        line = re.sub(r"127\.0\.0\.1:\d+", "HOST:PORT", line)
        line = re.sub(r"\[\d+ octets: [0-9a-f ]+\.\.\.\]", "[OCTETS]", line)
        line = re.sub(r"Content-Length: \d{3,}", "Content-Length: N", line)
        yield line.rstrip()


class Session(unittest.TestCase):
    def test_is_the_one_of_the_documentation(self):
        served = Served("challenge")
        self.addCleanup(served.end)
        lines = []
        tap = Tap(0, ("127.0.0.1", served.port), lines.append)
        self.addCleanup(tap.close)
        link = Link(tap.port, secret=served.secret)
        self.addCleanup(link.kill)
        closed = lambda number: sum(line.startswith(f"{number} ") and line.endswith("(closes)")
                                    for line in lines) == 2
        link.exchange("1", Purchase.request)
        self.assertEqual(link.result(), ("answer", "1", Purchase.response))
        served.restart()
        until(lambda: closed(1))
        link.exchange("2", Purchase.request)
        self.assertEqual(link.result(), ("answer", "2", Purchase.response))
        link.close()
        self.assertEqual(link.wait(), 0)
        until(lambda: closed(2))
        if os.environ.get("SHOW"):
            print("\n".join(lines))
        # Who closes TCP first is chance.
        said = [line for line in masked(lines) if not line.endswith("(closes)")]
        with open(TRANSPORT_MD) as file:
            block = re.search(r"(?ms)^```trace\n(.*?)^```$", file.read())[1].splitlines()
        shown = [line for line in masked(block) if not line.endswith("(closes)")]
        self.assertEqual("\n".join(difflib.unified_diff(shown, said, "transport.md", "the session",
                                                        lineterm="")), "")


if __name__ == "__main__":
    (programs.SET_GATEWAY, programs.SET_BRIDGE, link_program.LINK_DRIVER,
     TRANSPORT_MD) = sys.argv[1:5]
    del sys.argv[1:5]
    Purchase.make()
    try:
        unittest.main(warnings="ignore")
    finally:
        shutil.rmtree(Purchase.directory)

"""A merchant in Python for the real set-gateway.  peer_merchant_test.py SET_GATEWAY SET_BRIDGE"""

import shutil
import signal
import socket
import sys
import unittest

import served as programs
from served import Purchase, Served
from transport import Merchant, control, set_message, unquote, until

ID = "merchant.example.com"


def setUpModule():
    Purchase.make()


def tearDownModule():
    shutil.rmtree(Purchase.directory)


class GatewayThatServes(unittest.TestCase):
    def serve(self, *args, **kwargs):
        served = Served(*args, **kwargs)
        self.addCleanup(served.end)
        return served

    def expect_status(self, message, cls, text, tag):
        self.assertEqual((message.kind, message.cls, message.body.decode(), message.tag),
                         ("status", cls, text, tag))

    def expect_answer(self, message, request, tag):
        """An Error that repeats what it is about: what garbage gets."""
        self.assertEqual((message.kind, message.tag), ("set", tag))
        self.assertIn(request, message.body)

    # Greeting and Authentication.

    def test_greets_without_a_challenge_where_none_is_agreed(self):
        merchant = self.serve("none").connect()
        ok, text, challenge = merchant.greeting()
        self.assertTrue(ok and text)
        self.assertEqual(challenge, "")
        merchant.send(set_message(b"request", '"1"'))
        self.expect_answer(merchant.message(), b"request", '"1"')

    def test_takes_the_right_answer_to_its_challenge_and_no_other(self):
        served = self.serve("challenge")
        challenges = set()
        refusals = set()
        for transport_id, secret, good in ((ID, served.secret, True), (ID, b"x" * 16, False),
                                           ("nobody.example.com", served.secret, False)):
            merchant = served.connect()
            ok, _, challenge = merchant.greeting()
            self.assertTrue(ok and challenge)
            challenges.add(challenge)
            ok, text = merchant.authenticate(transport_id, secret)
            self.assertEqual(ok, good)
            if ok:
                merchant.send(set_message(b"request", '"1"'))
                self.expect_answer(merchant.message(), b"request", '"1"')
            else:
                refusals.add(text)
                self.assertTrue(merchant.ended())
        self.assertEqual(len(challenges), 3)
        self.assertEqual(len(refusals), 1)

    def test_knows_merchants_by_their_address(self):
        for peers, good in (("127.0.0.1", True), ("192.0.2.1", False)):
            merchant = self.serve("address", of_merchant=f'allowed_peers = ["{peers}"]\n').connect()
            ok, text, challenge = merchant.greeting()
            self.assertEqual((ok, challenge), (good, ""))
            if not good:
                self.assertEqual(text, "Invalid merchant address")
                self.assertTrue(merchant.ended())

    def test_asks_for_both_where_both_are_agreed(self):
        served = self.serve("both", of_merchant='allowed_peers = ["127.0.0.1"]\n')
        for secret, good in ((served.secret, True), (b"x" * 16, False)):
            merchant = served.connect()
            ok, _, challenge = merchant.greeting()
            self.assertTrue(ok and challenge)
            self.assertEqual(merchant.authenticate(ID, secret)[0], good)
        other = self.serve("both", of_merchant='allowed_peers = ["192.0.2.1"]\n').connect()
        self.assertEqual(other.line(), b"-ERR|Invalid merchant address")
        self.assertTrue(other.ended())

    def test_closes_without_a_word_when_something_else_comes_than_authentication(self):
        served = self.serve("challenge")
        for octets in (b"HELO\r\n", set_message(b"request"), b"x" * 2000):
            merchant = served.connect()
            merchant.greeting()
            merchant.send(octets)
            self.assertTrue(merchant.ended())

    # Open.

    def test_takes_a_session_octet_by_octet(self):
        served = self.serve("challenge")
        merchant = served.connect()
        merchant.greeting()
        merchant.send = merchant.drip
        self.assertTrue(merchant.authenticate(ID, served.secret)[0])
        merchant.send(set_message(b"request", '"1"') + control("echo", b"x", "e"))
        kinds = {merchant.message().kind for _ in range(2)}
        self.assertEqual(kinds, {"set", "echo-reply"})

    def test_gives_tags_back_as_they_were_spelled(self):
        merchant = self.serve().connect().open()
        tags = ["token", "MiXed.1", '"quoted"', '"a\\"b;c"', '""', '"' + "x" * 32 + '"', None]
        merchant.send(b"".join(set_message(b"request %d" % i, tag) for i, tag in enumerate(tags)))
        answers = [merchant.message() for _ in tags]
        self.assertEqual(sorted(str(m.tag) for m in answers), sorted(map(str, tags)))
        for m in answers:
            self.assertIn(b"request %d" % tags.index(m.tag), m.body)

    def test_takes_every_header_form_of_the_specification(self):
        merchant = self.serve().connect().open()
        forms = [
            b"mime-version: 1.0\r\ncontent-type: APPLICATION/Set-Payment;Msg-Tag=t\r\n"
            b"content-transfer-encoding: BINARY\r\nCONTENT-LENGTH: 7\r\n\r\n",
            b"Date: yesterday\r\nContent-Length:7\r\nContent-Type:application/set-payment;\r\n"
            b"   msg-tag=t\r\n\r\n",
            b"\r\n\r\nContent-Type: application/set-payment ; msg-tag=t\nContent-Length: 7\n\n",
            b"X-Folded: a\r\n\tb\r\n c\r\nContent-Length: 0000007 \r\n"
            b"Content-Type: application/set-payment;charset=\"x;y\";msg-tag=t\r\n\r\n"]
        for form in forms:
            merchant.send(form + b"request")
            self.expect_answer(merchant.message(), b"request", "t")

    def test_answers_interleaved_requests_of_parallel_connections(self):
        served = self.serve(top="max_outstanding = 50\n")
        merchants = [served.connect().open() for _ in range(4)]
        for number, merchant in enumerate(merchants):
            merchant.send(b"".join(set_message(b"request %d/%d." % (number, i), f'"{i}"')
                                   for i in range(50)))
        for number, merchant in enumerate(merchants):
            answers = {unquote(m.tag): m.body for m in (merchant.message() for _ in range(50))}
            self.assertEqual(len(answers), 50)
            for tag, body in answers.items():
                self.assertIn(b"request %d/%s." % (number, tag.encode()), body)

    def test_says_retry_above_the_agreed_number(self):
        merchant = self.serve(top="max_outstanding = 2\n").connect().open()
        merchant.send(b"".join(set_message(b"request %d" % i, f'"{i}"') for i in range(5)))
        answers = [merchant.message() for _ in range(5)]
        taken = [m for m in answers if m.kind == "set"]
        self.assertGreaterEqual(len(taken), 2)
        for m in answers:
            if m.kind != "set":
                self.expect_status(m, "retry", "Too many outstanding requests", m.tag)
                self.assertGreaterEqual(m.delay, 1)
        self.assertEqual(len({m.tag for m in answers}), 5)
        merchant.send(set_message(b"later", '"later"'))
        self.expect_answer(merchant.message(), b"later", '"later"')

    def test_says_failed_and_goes_on_where_the_framing_stands(self):
        merchant = self.serve(top="max_message_bytes = 4096\n").connect().open()
        bad = [(b"Content-Type: text/html;msg-tag=a", b"x", "Bad content type", "a"),
               (b"Content-Type: application/set-payment;msg-tag=b\r\n"
                b"Content-Transfer-Encoding: base64", b"x", "Bad content-transfer-encoding", "b"),
               (b'Content-Type: application/set-payment;msg-tag="' + b"x" * 33 + b'"', b"x",
                "Bad msg-tag", '""'),
               (b"Content-Type: application/set-payment;msg-tag=d", set_message(b"y" * 8000),
                "Messages too big", "d")]
        for head, body, text, tag in bad:
            merchant.send(head + b"\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
            self.expect_status(merchant.message(), "failed", text, tag)
        merchant.send(set_message(b"request", "t"))
        self.expect_answer(merchant.message(), b"request", "t")

    def test_says_failed_and_closes_where_the_framing_is_lost(self):
        served = self.serve()
        for length in (None, b"-1", b"+7", b"7 7", b"99999999999999999999", b"7\r\nContent-Length: 7"):
            merchant = served.connect().open()
            head = b"Content-Type: application/set-payment;msg-tag=t\r\n"
            head += b"Content-Length: " + length + b"\r\n" if length else b""
            merchant.send(head + b"\r\n" + set_message(b"smuggled"))
            message = merchant.message()
            self.assertEqual((message.kind, message.cls, message.tag), ("status", "failed", "t"))
            self.assertTrue(merchant.ended())

    def test_answers_echo_with_the_same_body_and_tag(self):
        merchant = self.serve().connect().open()
        for body, tag in ((b"Are you there?", None), (b"", '"e"'), (bytes(range(256)), "token")):
            merchant.send(control("echo", body, tag))
            reply = merchant.message()
            self.assertEqual((reply.kind, reply.body, reply.tag), ("echo-reply", body, tag))

    def test_ignores_what_has_no_place_and_closes_at_the_third_in_a_row(self):
        merchant = self.serve().connect().open()
        merchant.send(control("echo-reply", b"x") + control("dance", b"x") +
                      control("close-reply", b"x") + control("echo", b"x", cls="info"))
        merchant.send(control("status", b"x", '"1"', "info") + b"+OK|x|<1:2>\r\n")
        merchant.send(control("echo", b"still there", "e"))
        self.assertEqual(merchant.message().body, b"still there")
        merchant.send(control("status", b"x", '"1"', "info") * 3)
        self.assertTrue(merchant.ended())

    # Close.

    def test_answers_close_with_its_body_and_tag_and_closes(self):
        served = self.serve()
        for body, tag in ((b"idle-connection", '"c1"'), (b"", None)):
            merchant = served.connect().open()
            merchant.send(control("close", body, tag) + set_message(b"behind it", "t"))
            reply = merchant.message()
            self.assertEqual((reply.kind, reply.body, reply.tag), ("close-reply", body, tag))
            self.assertTrue(merchant.ended())
        self.assertNotIn("tag=t ", served.log())

    def test_its_own_close_takes_no_more_requests_and_waits_for_the_reply(self):
        served = self.serve()
        merchants = [served.connect().open() for _ in range(2)]
        for merchant in merchants:  # behind this everything is open
            merchant.send(control("echo"))
            merchant.message()
        served.process.send_signal(signal.SIGTERM)
        closes = [merchant.message() for merchant in merchants]
        self.assertEqual({c.kind for c in closes}, {"close"})
        self.assertTrue(closes[0].body)
        merchants[0].send(set_message(b"too late", "t") + control("echo", b"x"))
        self.expect_status(merchants[0].message(), "closing", "Connection is closing", "t")
        self.assertEqual(merchants[0].message().kind, "echo-reply")
        merchants[0].send(control("close-reply", closes[0].body, closes[0].tag))
        merchants[1].send(control("close", b"idle-connection"))  # crossing
        for merchant in merchants:
            self.assertTrue(merchant.ended())
        self.assertEqual(served.process.wait(20), 0)

    # The diagnostic log.

    def test_journals_a_diagnostic_message_and_never_answers(self):
        served = self.serve("challenge")
        for half_close in (True, False):
            merchant = Merchant(served.diagnostic_port)
            self.assertTrue(merchant.silent(0.05))
            merchant.send(set_message(b"an Error message %d" % half_close))
            if half_close:
                merchant.sock.shutdown(socket.SHUT_WR)
            self.assertTrue(merchant.ended())
        journal = "select octets from diagnostic order by id"
        until(lambda: len(served.query(journal)) == 2)
        self.assertEqual(served.query(journal), [(b"an Error message 1",), (b"an Error message 0",)])

    # A real request.

    def test_answers_a_real_request_with_the_same_octets_on_every_connection(self):
        served = self.serve("challenge")
        for _ in range(3):
            merchant = served.connect().open(ID, served.secret)
            for tag in ("a", "b"):
                merchant.send(set_message(Purchase.request, tag))
            answers = [merchant.message() for _ in range(2)]
            self.assertEqual({m.tag for m in answers}, {"a", "b"})
            for m in answers:
                self.assertEqual(m.body, Purchase.response)
        self.assertEqual(served.query("select count(*) from auth"), [(1,)])


if __name__ == "__main__":
    programs.SET_GATEWAY, programs.SET_BRIDGE = sys.argv[1:3]
    del sys.argv[1:3]
    unittest.main(warnings="ignore")

"""A gateway in Python for the real link of the payment handler.  peer_gateway_test.py LINK_DRIVER"""

import select
import sys
import time
import unittest

import link as programs
from link import Link
from transport import Gateway, T, authentication_response, control, set_message, unquote

SECRET = bytes(range(16))


def wrapper(number):
    """A MessageWrapper as far as a transport looks: a header with an RRPID."""
    header = b"\x02\x01\x01\x81\x14" + bytes([number]) * 20
    inner = b"\x30" + bytes([len(header)]) + header
    return b"\x30" + bytes([len(inner)]) + inner


class LinkOfThePaymentHandler(unittest.TestCase):
    def setUp(self):
        self.gateway = Gateway()
        self.link = None

    def tearDown(self):
        self.gateway.close()
        self.end_link()

    def end_link(self):
        if self.link:
            self.link.kill()
            self.link = None

    def start(self, **settings):
        self.link = Link(self.gateway.port, **settings)
        return self.link

    def requests(self, connection, count):
        """The next `count` messages, which are requests with tags of their own."""
        messages = [connection.message() for _ in range(count)]
        self.assertEqual({m.kind for m in messages}, {"set"})
        tags = [unquote(m.tag).lower() for m in messages]
        self.assertEqual(len(set(tags)), count)
        for m in messages:
            self.assertRegex(m.tag, r'^"[A-Za-z0-9.-]{1,32}"$')
        return messages

    def test_sends_nothing_before_the_greeting(self):
        link = self.start()
        link.exchange("1", b"request")
        connection = self.gateway.accept(greeting=None)
        self.assertTrue(connection.silent(0.2))
        connection.send(b"+OK|hello|\r\n")
        (request,) = self.requests(connection, 1)
        self.assertEqual(request.body, b"request")
        connection.send(set_message(b"answer", request.tag))
        self.assertEqual(link.result(), ("answer", "1", b"answer"))

    def test_answers_a_challenge_with_the_mac_of_the_line_as_it_was_sent(self):
        for greeting in (b"+OK|payment.gateway.com is ready|<3141 12:34:56 01/23/45 gw>",
                         b"+OK |noisy.| < 3141  x> ", b"+OK||<1.2@gw>|more"):
            with self.subTest(greeting):
                link = Link(self.gateway.port, secret=SECRET)
                self.link = link
                link.exchange("1", b"request")
                connection = self.gateway.accept(greeting + b"\r\n")
                response = authentication_response(greeting, "merchant.example.com", SECRET)
                self.assertEqual(connection.line(),
                                 f"Authentication|merchant.example.com|{response}".encode())
                self.assertTrue(connection.silent(0.05))
                connection.send(b"+OK|welcome\r\n")
                (request,) = self.requests(connection, 1)
                connection.send(set_message(b"answer", request.tag))
                self.assertEqual(link.result(), ("answer", "1", b"answer"))
                self.end_link()

    def test_a_refusal_is_a_reason_and_both_close(self):
        for refused_at, lines in (("refused the connection: Invalid merchant address",
                                   [b"-ERR|Invalid merchant address\r\n"]),
                                  ("refused us: Authentication failed",
                                   [b"+OK||<1@gw>\r\n", b"-ERR|Authentication failed\r\n"])):
            with self.subTest(refused_at):
                self.link = link = Link(self.gateway.port, secret=SECRET)
                link.exchange("1", b"request")
                connection = self.gateway.accept(lines[0])
                if len(lines) > 1:
                    connection.line()
                    connection.send(lines[1])
                self.assertTrue(connection.ended())
                what, _, reason = link.result()
                self.assertEqual(what, "failure")
                self.assertIn(refused_at, reason)
                self.end_link()

    def test_takes_answers_in_any_order_in_any_segments_and_any_header_form(self):
        link = self.start(max_connections=1)
        for i in range(6):
            link.exchange(str(i), b"request %d" % i)
        connection = self.gateway.accept()
        requests = self.requests(connection, 6)
        requests.reverse()
        tags = [m.tag for m in requests]
        body = [b"answer to " + m.body for m in requests]
        size = [b"%d" % len(b) for b in body]
        folded = (b"content-LENGTH: " + size[0] + b"\r\nDATE: today\r\nCONTENT-TYPE:"
                  b" Application/SET-Payment;\r\n\tMSG-TAG=" + tags[0].upper().encode() +
                  b"\r\ncontent-transfer-encoding: BINARY\r\n\r\n" + body[0])
        bare = (b"\r\n\r\nContent-Type:application/set-payment;msg-tag=" +
                unquote(tags[1]).encode() + b"\nContent-Length:" + size[1] + b"\n\n" + body[1])
        connection.send(folded + bare + set_message(body[2], tags[2]) + b"\r\n" +
                        set_message(body[3], tags[3]))
        connection.drip(set_message(body[4], tags[4]))
        last = set_message(body[5], tags[5])
        connection.send(last[:-3])
        self.assertTrue(connection.silent(0.05))
        connection.send(last[-3:])
        answers = dict(link.result()[1:] for _ in range(6))
        self.assertEqual(answers, {str(i): b"answer to request %d" % i for i in range(6)})

    def test_matches_an_answer_without_tag_by_its_rrpid(self):
        link = self.start(max_connections=1)
        link.exchange("1", wrapper(1))
        connection = self.gateway.accept()
        self.requests(connection, 1)
        link.exchange("2", wrapper(2))
        self.requests(connection, 1)
        connection.send(set_message(wrapper(2)) + set_message(wrapper(1)))
        self.assertEqual(dict(link.result()[1:] for _ in range(2)),
                         {"1": wrapper(1), "2": wrapper(2)})

    def test_keeps_to_the_agreed_numbers_of_requests_and_connections(self):
        link = self.start(max_outstanding=2, max_connections=2)
        for i in range(5):
            link.exchange(str(i), b"request %d" % i)
        first, second = self.gateway.accept(), self.gateway.accept()
        requests = {first: self.requests(first, 2), second: self.requests(second, 2)}
        self.assertTrue(first.silent(0.1) and second.silent(0.1))
        for connection, messages in requests.items():
            connection.send(set_message(messages[0].body, messages[0].tag))
        done = [link.result()[2] for _ in range(2)]
        rest = first if first.sock in select.select([first.sock, second.sock], [], [], T)[0] \
            else second
        (fifth,) = self.requests(rest, 1)
        for connection, message in ((rest, fifth), (first, requests[first][1]),
                                    (second, requests[second][1])):
            connection.send(set_message(message.body, message.tag))
        done += [link.result()[2] for _ in range(3)]
        self.assertEqual(sorted(done), [b"request %d" % i for i in range(5)])

    def test_sends_again_after_the_delay_of_retry_the_same_octets_under_a_new_tag(self):
        link = self.start()
        link.exchange("1", b"request")
        connection = self.gateway.accept()
        (request,) = self.requests(connection, 1)
        connection.send(control("status", b"Busy", request.tag, "retry", 1))
        began = time.monotonic()
        (again,) = self.requests(connection, 1)
        self.assertGreaterEqual(time.monotonic() - began, 1.0)
        self.assertEqual(again.body, request.body)
        self.assertNotEqual(again.tag, request.tag)
        connection.send(set_message(b"answer", again.tag))
        self.assertEqual(link.result(), ("answer", "1", b"answer"))

    def test_does_not_send_again_what_failed_and_waits_on_after_info(self):
        link = self.start()
        link.exchange("1", b"request 1")
        connection = self.gateway.accept()
        (request,) = self.requests(connection, 1)
        connection.send(control("status", b"Slow financial network", request.tag, "info") * 3)
        connection.send(control("status", b"Service unavailable", request.tag, "failed"))
        what, _, reason = link.result()
        self.assertEqual(what, "failure")
        self.assertIn("Service unavailable", reason)
        self.assertTrue(connection.silent(0.2))

    def test_sends_a_request_refused_by_closing_on_another_connection(self):
        link = self.start()
        link.exchange("1", b"request")
        first = self.gateway.accept()
        (request,) = self.requests(first, 1)
        first.send(control("status", b"Connection is closing", request.tag, "closing"))
        second = self.gateway.accept()
        (again,) = self.requests(second, 1)
        self.assertEqual(again.body, request.body)
        second.send(set_message(b"answer", again.tag))
        self.assertEqual(link.result(), ("answer", "1", b"answer"))

    def test_answers_close_when_all_three_answers_have_come(self):
        link = self.start()
        for i in range(3):
            link.exchange(str(i), b"request %d" % i)
        connection = self.gateway.accept()
        requests = self.requests(connection, 3)
        connection.send(control("close", b"equipment going out of service", '"g1"') +
                        control("echo"))
        self.assertEqual(connection.message().kind, "echo-reply")  # it knows of the Close
        link.exchange("new", b"a new request")
        other = self.gateway.accept()
        (new,) = self.requests(other, 1)
        for m in requests[:2]:
            connection.send(set_message(m.body, m.tag))
        self.assertTrue(connection.silent(0.1))
        connection.send(set_message(requests[2].body, requests[2].tag))
        reply = connection.message()
        self.assertEqual((reply.kind, reply.body, reply.tag),
                         ("close-reply", b"equipment going out of service", '"g1"'))
        self.assertTrue(connection.ended())
        other.send(set_message(new.body, new.tag))
        self.assertEqual({link.result()[0] for _ in range(4)}, {"answer"})

    def test_answers_echo_octet_for_octet(self):
        link = self.start()
        link.exchange("1", b"request")
        connection = self.gateway.accept()
        self.requests(connection, 1)
        for body, tag in ((b"Are you there?", None), (b"", "token"), (b"a\r\n\r\nb", '"a\\"b"')):
            connection.send(control("echo", body, tag))
            reply = connection.message()
            self.assertEqual((reply.kind, reply.body, reply.tag), ("echo-reply", body, tag))

    def test_ignores_what_has_no_place(self):
        link = self.start()
        link.exchange("1", b"request")
        connection = self.gateway.accept()
        (request,) = self.requests(connection, 1)
        connection.send(control("echo-reply", b"x") + control("close-reply", b"x") +
                        control("dance", b"x") + b"+OK|again|<1:2>\r\n" +
                        set_message(b"forged", '"r.999999"') +
                        control("status", b"x", '"r.999999"', "failed") +
                        control("status", b"x", request.tag, "failed", 5))
        self.assertTrue(connection.silent(0.1))
        connection.send(set_message(b"answer", request.tag))
        self.assertEqual(link.result(), ("answer", "1", b"answer"))

    def test_closes_when_it_ends(self):
        link = self.start()
        link.exchange("1", b"request")
        connection = self.gateway.accept()
        (request,) = self.requests(connection, 1)
        connection.send(set_message(b"answer", request.tag))
        link.result()
        link.close()
        close = connection.message()
        self.assertEqual(close.kind, "close")
        self.assertTrue(close.body)
        connection.send(control("close-reply", close.body, close.tag))
        self.assertTrue(connection.ended())
        self.assertEqual(link.wait(), 0)

    def test_takes_a_crossing_close_for_the_reply(self):
        link = self.start()
        link.exchange("1", b"request")
        connection = self.gateway.accept()
        (request,) = self.requests(connection, 1)
        connection.send(set_message(b"answer", request.tag))
        link.result()
        link.close()
        self.assertEqual(connection.message().kind, "close")
        connection.send(control("close", b"equipment going out of service"))
        self.assertTrue(connection.ended())
        self.assertEqual(link.wait(), 0)

    def test_sends_again_what_a_reset_in_the_middle_of_an_answer_lost(self):
        link = self.start()
        link.exchange("1", b"request")
        connection = self.gateway.accept()
        for cut in (1, 40, -1):
            (request,) = self.requests(connection, 1)
            self.assertEqual(request.body, b"request")
            connection.send(set_message(b"half an answer", request.tag)[:cut])
            connection.reset()
            connection = self.gateway.accept()
        (request,) = self.requests(connection, 1)
        connection.send(set_message(b"answer", request.tag))
        self.assertEqual(link.result(), ("answer", "1", b"answer"))

    def test_asks_a_silent_gateway_and_leaves_one_that_does_not_answer(self):
        link = self.start(echo_s=1, t30_s=1)
        link.exchange("1", b"request")
        connection = self.gateway.accept()
        (request,) = self.requests(connection, 1)
        echo = connection.message()
        self.assertEqual(echo.kind, "echo")
        connection.send(control("echo-reply", echo.body, echo.tag))
        self.assertEqual(connection.message().kind, "echo")
        other = self.gateway.accept()
        (again,) = self.requests(other, 1)
        self.assertEqual(again.body, request.body)
        other.send(set_message(b"answer", again.tag))
        self.assertEqual(link.result(), ("answer", "1", b"answer"))

    def test_closes_a_connection_that_nobody_uses(self):
        link = self.start(idle_close_s=1)
        link.exchange("1", b"request")
        connection = self.gateway.accept()
        (request,) = self.requests(connection, 1)
        connection.send(set_message(b"answer", request.tag))
        link.result()
        close = connection.message()
        self.assertEqual((close.kind, close.body), ("close", b"idle-connection"))
        connection.send(control("close-reply", close.body, close.tag))
        self.assertTrue(connection.ended())

    def test_sends_one_diagnostic_message_and_closes(self):
        diagnostic = Gateway()
        self.start(diagnostic_port=diagnostic.port)
        self.link.diagnose(b"an Error message")
        connection = diagnostic.accept(greeting=None)
        message = connection.message()
        self.assertEqual((message.kind, message.body), ("set", b"an Error message"))
        self.assertIsNone(connection.message())
        connection.close()
        diagnostic.close()


if __name__ == "__main__":
    programs.LINK_DRIVER = sys.argv.pop(1)
    unittest.main(warnings="ignore")

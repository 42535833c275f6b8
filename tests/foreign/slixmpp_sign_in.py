"""slixmpp signs in by each mechanism, over STARTTLS and over TLS from the first byte, and is refused as it should be.

Python's TLS gives away neither tls-exporter nor, with TLS 1.3, tls-unique, so -PLUS is bound to the certificate
(tls-server-end-point): slixmpp is told its hash, and to name that type.
"""

import asyncio
import hashlib
import pathlib
import ssl

import slixmpp
from slixmpp.util.sasl import mechanisms

from finesse import CA_FILE, PASSWORD, READY, address, check

PLUS_HEADERS = (b"p=tls-exporter", b"p=tls-unique")
plain_process_1 = mechanisms.SCRAM.process_1


def process_1(self, challenge=b""):
    first = plain_process_1(self, challenge)
    if Client.is_bound_to_certificate:
        for header in PLUS_HEADERS:
            first = first.replace(header, b"p=tls-server-end-point")
            self.gs2_header = self.gs2_header.replace(header, b"p=tls-server-end-point")
    return first


mechanisms.SCRAM.process_1 = process_1


class Client(slixmpp.ClientXMPP):
    is_bound_to_certificate = False

    def __init__(self, user, port, mechanism=None, password=PASSWORD, certificate_hash=hashlib.sha256, tls=None):
        super().__init__(f"{user}@{READY['domain']}", password)
        self.listener = port
        self.enable_direct_tls = port == "xmpp_tls"
        self.enable_starttls = not self.enable_direct_tls
        self.ca_certs = pathlib.Path(CA_FILE)
        if tls:
            self.ssl_context.maximum_version = tls
        self.sasl = self.plugin["feature_mechanisms"]
        self.sasl.use_mech = mechanism
        # one client at a time
        Client.is_bound_to_certificate = bool(mechanism and mechanism.endswith("-PLUS"))
        if Client.is_bound_to_certificate:
            credentials = self.sasl.sasl_callback

            def with_binding(required, optional):
                certificate = self.transport.get_extra_info("ssl_object").getpeercert(binary_form=True)
                binding = certificate_hash(certificate).digest()
                return credentials(required, optional) | {"channel_binding": binding}

            self.sasl.sasl_callback = with_binding

    async def outcome(self, last=False):
        """`True`, or the condition of the first failure; of none if the `last` mechanism counts."""
        done = asyncio.get_running_loop().create_future()

        def settle(value):
            if not done.done():
                done.set_result(value)

        self.add_event_handler("session_start", lambda _: settle(True))
        if last:
            self.add_event_handler("failed_all_auth", lambda _: settle(None))
        else:
            self.add_event_handler("failed_auth", lambda failure: settle(failure["condition"]))
        self.connect(*address(self.listener))
        try:
            return await asyncio.wait_for(done, 15)
        finally:
            await self.disconnect()


async def scene():
    for port in ("xmpp_tcp", "xmpp_tls"):
        for name in ("PLAIN", "SCRAM-SHA-1", "SCRAM-SHA-256", "SCRAM-SHA-1-PLUS", "SCRAM-SHA-256-PLUS"):
            client = Client("1001003", port, name)
            outcome = await client.outcome()
            check(outcome is True and client.sasl.mech.name == name, f"{name} over {port}: {outcome}")

    client = Client("1001003", "xmpp_tls")
    outcome, name = await client.outcome(), client.sasl.mech.name
    check(outcome is True and name == "SCRAM-SHA-256", f"left to itself slixmpp takes {name}: {outcome}")
    for name in ("SCRAM-SHA-1-PLUS", "SCRAM-SHA-256-PLUS"):
        client = Client("1001003", "xmpp_tls", name, tls=ssl.TLSVersion.TLSv1_2)
        outcome = await client.outcome()
        check(outcome is True and client.sasl.mech.name == name, f"{name} with TLS 1.2: {outcome}")
    client = Client("1001003", "xmpp_tls", tls=ssl.TLSVersion.TLSv1_2)
    outcome, name = await client.outcome(last=True), client.sasl.mech.name
    check(outcome is True and name == "SCRAM-SHA-256", f"with TLS 1.2 slixmpp counts on tls-unique, and goes on with {name}: {outcome}")

    client = Client("1001003", "xmpp_tls", "SCRAM-SHA-256-PLUS", certificate_hash=hashlib.sha384)
    check(await client.outcome() == "not-authorized", "bound to something else: refused")
    for name in ("SCRAM-SHA-256", "SCRAM-SHA-1", "PLAIN"):
        client = Client("1001006", "xmpp_tls", name, password="wrong")
        check(await client.outcome() == "not-authorized", f"{name} with a wrong password")
        client = Client("nobody", "xmpp_tls", name)
        check(await client.outcome() == "not-authorized", f"{name} as nobody")


asyncio.run(scene())

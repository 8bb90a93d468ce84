"""Feeds come over TLS from the checked address, vouched for under the name that was asked."""

import ssl
import time
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from finder.feeds.fetch import FetchError, fetch
from tests.finder.feeds.servers import FEED, always, refused, reply


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A certificate for feeds.example.org that nobody vouches for."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "feeds.example.org")])
    now = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.DNSName("feeds.example.org")]), critical=False
        )
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "both.pem"
    path.write_bytes(
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        + signed.public_bytes(Encoding.PEM)
    )
    return path


@pytest.fixture
def serve_tls(serve, certificate):
    """Start a server that speaks TLS; ``names`` are those it was asked for."""

    def start(answer):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        names = []
        context.sni_callback = lambda _socket, name, _context: names.append(name)
        server = serve(answer, wrap=lambda client: context.wrap_socket(client, server_side=True))
        server.names = names
        return server

    return start


def trusting(certificate):
    """Trust this one certificate alone."""
    return lambda: ssl.create_default_context(cafile=certificate)


def test_secure_connection_carries_the_name_to_the_checked_address(serve_tls, certificate):
    server = serve_tls(always(reply(FEED)))
    network = server.network(authorities=trusting(certificate))

    assert fetch("https://feeds.example.org/", network=network).body == FEED
    assert server.names == ["feeds.example.org"]
    assert b"Host: feeds.example.org\r\n" in server.requests[0]
    assert server.dialled == ["93.184.216.34"]


@pytest.mark.parametrize("host", ["feeds.example.org", "other.example.org"])
def test_certificate_nobody_vouches_for_is_refused(serve_tls, certificate, host):
    server = serve_tls(always(reply(FEED)))
    is_trusted = host == "other.example.org"
    options = {"authorities": trusting(certificate)} if is_trusted else {}

    with pytest.raises(FetchError) as caught:
        fetch(f"https://{host}/", network=server.network(**options))

    assert caught.value.code == "certificate"
    assert server.requests == []


def test_secure_address_is_not_followed_to_an_open_one(serve_tls, certificate):
    server = serve_tls(always(reply(status="301 Moved", location="http://feeds.example.org/")))
    network = server.network(authorities=trusting(certificate))

    with pytest.raises(FetchError, match="https on to http"):
        fetch("https://feeds.example.org/", network=network)

    assert server.seen == 1


def test_stalled_handshake_is_given_up_on_in_time(serve):
    server = serve(lambda client, request: time.sleep(1.2))
    began = time.monotonic()

    error = refused(server, "https://feeds.example.org/", seconds=0.6)

    assert error.code == "slow"
    assert time.monotonic() - began < 1.1


def test_server_that_speaks_no_tls_is_said_in_words(serve):
    server = serve(always(reply(FEED)))

    assert refused(server, "https://feeds.example.org/").code == "certificate"

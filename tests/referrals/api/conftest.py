"""Asking the referral API: in a member's session, or with a token of an organization."""

import json

import pytest

from referrals import tokens
from referrals.models import Scope
from tests.referrals.conftest import make_member


class Asking:
    """Sends JSON and reads it, as a member in their session or with a token's secret."""

    def __init__(self, client, secret=""):
        self.client = client
        self.headers = {"Authorization": f"Bearer {secret}"} if secret else {}

    def get(self, address, status=200):
        return self._read(self.client.get(address, headers=self.headers), status)

    def post(self, address, told=None, status=200, **headers):
        return self.send("post", address, told, status, **headers)

    def send(self, method, address, told=None, status=200, **headers):
        answer = getattr(self.client, method)(
            address,
            data=json.dumps({} if told is None else told),
            content_type="application/json",
            headers={**self.headers, **headers},
        )
        return self._read(answer, status)

    @staticmethod
    def _read(answer, status):
        assert answer.status_code == status, answer.content
        assert answer["Content-Type"] == "application/json"
        assert "no-store" in answer["Cache-Control"]
        data = answer.json()
        if status >= 400:
            assert set(data) == {"detail", "errors"}
            assert data["detail"]
        return data


@pytest.fixture
def asking(client):
    """Ask as a person in their session."""

    def as_user(user):
        client.force_login(user)
        return Asking(client)

    return as_user


@pytest.fixture
def with_token(client, now):
    """Ask with a new token of an organization."""

    def of(clinic, *scopes):
        admin = make_member(clinic, "admin").user
        told = {"scopes": scopes or [Scope.REFERRALS], "days": 30, "by": admin, "now": now}
        return Asking(client, tokens.make(clinic, "Record system", **told).secret)

    return of

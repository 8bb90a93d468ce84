"""How the tests ask the API."""


def get(client, address: str, status: int = 200) -> dict:
    """Return the JSON of an address that answers with this status."""
    response = client.get(address)
    assert response.status_code == status, response.content
    assert response["Content-Type"] == "application/json"
    return response.json()

"""Opening a patient's own page, and what it says, for the tests of it."""


def main(answer):
    """What the page itself says, without the frame that every page of the site has."""
    return answer.content.decode().split("<main")[1].split("</main>")[0]


def open_page(client, address):
    return client.post(address, {"do": "open"})

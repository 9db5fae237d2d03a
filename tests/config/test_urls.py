"""Addresses beside the API, the admin and the pages."""


def test_the_address_that_browsers_ask_for_an_icon_leads_to_it(client):
    response = client.get("/favicon.ico")

    assert (response.status_code, response["Location"]) == (302, "/static/boxoffice/icon.svg")

def test_books(event, as_customer):
    r = as_customer.post("/api/bookings", {"eventId": event.id, "qty": 2})
    assert r.status_code == 201, r.content

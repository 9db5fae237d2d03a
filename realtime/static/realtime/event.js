// The public page of an event: live seats, and booking.

import { BookingForm } from "./booking_form.js";
import { Connection, showState, socketUrl } from "./connection.js";
import { byId, show } from "./dom.js";
import { cents } from "./format.js";
import { Gauge, seatsInWords } from "./gauge.js";
import { ELSEWHERE, loginForm } from "./login.js";
import { Session } from "./session.js";

const NOT_FOUND = 4404;
const CLOSED = { CANCELLED: "This event was cancelled.", HIDDEN: "This event is not on sale any more." };

const { event: eventId, price } = byId("main").dataset;
const session = new Session(() => signedOut("Your sign-in has ended. Log in again to go on."));
const wasOnSale = !byId("sale").hidden; // false for an event that has begun
const bookingForm = new BookingForm(session, { eventId, price: cents(price) });
const gauge = new Gauge("Seats");

const login = loginForm(session, {
  role: "CUSTOMER",
  otherRole: () => "Only a customer's account can book seats: log in with one.",
  onUser: signedIn,
});

const connection = new Connection(socketUrl(`/ws/events/${eventId}`), {
  opened: () => {},
  received: (seats) => {
    connection.live();
    showSeats(seats);
  },
  closed: (code) => {
    if (code === NOT_FOUND) close(CLOSED.HIDDEN);
    return code !== NOT_FOUND;
  },
  state: (state) => showState(byId("connection"), state),
});

function showSeats(seats) {
  if (seats.status === "HIDDEN") return close(CLOSED.HIDDEN); // the server does not send its seats
  byId("seats").textContent = seatsInWords(seats);
  gauge.show(seats);
  bookingForm.setAvailable(seats.availableSeats);
  if (seats.status in CLOSED) close(CLOSED[seats.status]);
  else if (wasOnSale) reopen();
}

function close(reason) {
  byId("closed").textContent = reason;
  show(byId("closed"), true);
  show(byId("sale"), false);
}

/** An event that was hidden may come back. */
function reopen() {
  if (byId("closed").hidden) return;
  show(byId("closed"), false);
  show(byId("sale"), true);
}

function signedIn(user) {
  login.close();
  byId("user").textContent = user.name;
  show(byId("tools"), true);
  bookingForm.open();
}

function signedOut(message = "") {
  bookingForm.close();
  show(byId("tools"), false);
  login.open(message);
}

byId("logout").addEventListener("click", () => {
  session.logOut();
  signedOut();
});

const { available, total } = byId("seats").dataset;
byId("gauge").append(gauge.element);
showSeats({ availableSeats: Number(available), totalSeats: Number(total) });
connection.start();
const isElsewhere = session.user?.role === "CUSTOMER" && !(await session.claim());
if (session.user?.role === "CUSTOMER") signedIn(session.user);
else signedOut(isElsewhere ? ELSEWHERE : "");

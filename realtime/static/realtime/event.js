// The public page of an event: seats as they are, and booking.

import { Connection, showState, socketUrl } from "./connection.js";
import { byId, show } from "./dom.js";
import { Gauge, seatsInWords } from "./gauge.js";
import { ELSEWHERE, loginForm } from "./login.js";
import { Sale } from "./sale.js";
import { Session } from "./session.js";
import { cents } from "./words.js";

const NOT_FOUND = 4404;
const CLOSED = { CANCELLED: "This event was cancelled.", HIDDEN: "This event is not on sale any more." };

const { event: eventId, price } = byId("main").dataset;
const session = new Session(() => signedOut("Your sign-in has ended. Log in again to go on."));
const isOnSale = !byId("sale").hidden; // not one that has begun
const sale = new Sale(session, { eventId, price: cents(price) });
const gauge = new Gauge("Seats");

const login = loginForm(session, {
  role: "CUSTOMER",
  stranger: () => "Seats are booked with a customer's account, and this is another one.",
  onUser: signedIn,
});

const connection = new Connection(socketUrl(`/ws/events/${eventId}`), {
  opened: () => {},
  heard: (seats) => {
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
  if (seats.status === "HIDDEN") return close(CLOSED.HIDDEN); // nobody is told of its seats
  byId("seats").textContent = seatsInWords(seats);
  gauge.show(seats);
  sale.seats(seats.availableSeats);
  if (seats.status in CLOSED) close(CLOSED[seats.status]);
  else if (isOnSale) reopen();
}

function close(why) {
  byId("closed").textContent = why;
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
  byId("who").textContent = user.name;
  show(byId("tools"), true);
  sale.open();
}

function signedOut(why = "") {
  sale.close();
  show(byId("tools"), false);
  login.open(why);
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

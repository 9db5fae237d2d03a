// The live path as a careful Node developer would write it: Express, Socket.IO and the official driver, in one process.
//
// It guarantees what Box Office guarantees to clients that stay connected: a seat is sold once (conditional update,
// insert, compensation), and notifications are stored under their organizer's next seq before they are sent in that
// order. It does not guarantee what the journal adds: if this process dies between the 201 and the notification, the
// notification is never sent. Nor does it replay what a client missed, end connections with their tokens, or run as
// several processes (which takes an adapter, and a retry when two processes take the same seq).
const http = require("node:http");
const express = require("express");
const jwt = require("jsonwebtoken");
const { MongoClient, ObjectId } = require("mongodb");
const { Server } = require("socket.io");

const { MONGODB_URI, PORT, SECRET_KEY } = process.env;
const MAX_QUANTITY = 20;

const client = new MongoClient(MONGODB_URI, { writeConcern: { w: "majority" } });
const names = ["events", "bookings", "notifications"];
const [events, bookings, notifications] = names.map((name) => client.db().collection(name));

const app = express();
const server = http.createServer(app);
const io = new Server(server);

const userOf = (token) => jwt.verify(token, SECRET_KEY, { algorithms: ["HS256"] });

io.use((socket, next) => {
  try {
    socket.data.user = userOf(socket.handshake.auth.token);
    next();
  } catch {
    next(new Error("unauthorized"));
  }
});

io.on("connection", async (socket) => {
  const { user_id: userId, role } = socket.data.user;
  socket.join(userId);
  socket.on("watch", async (message, acknowledge) => {
    const event = await events.findOne({ _id: String(message?.eventId), status: "PUBLISHED" });
    if (!event) return acknowledge({ ok: false, code: "not_found" });
    socket.join(event._id);
    acknowledge({ ok: true, eventId: event._id, availableSeats: event.availableSeats });
  });
  socket.emit("ready", { userId, role, seq: await lastSeq(userId) });
});

function customersOnly(request, response, next) {
  try {
    request.user = userOf((request.headers.authorization ?? "").replace(/^Bearer /, ""));
  } catch {
    return response.status(401).json({ code: "unauthorized" });
  }
  return request.user.role === "CUSTOMER" ? next() : response.status(403).json({ code: "forbidden" });
}

app.use(express.json());

app.get("/healthz", (request, response) => response.json({ status: "ok" }));

app.post("/api/bookings", customersOnly, async (request, response) => {
  const { eventId, qty } = request.body;
  if (typeof eventId !== "string" || !Number.isInteger(qty) || qty < 1 || qty > MAX_QUANTITY) {
    return response.status(400).json({ code: "invalid" });
  }
  const event = await events.findOneAndUpdate(
    { _id: eventId, status: "PUBLISHED", availableSeats: { $gte: qty } },
    { $inc: { availableSeats: -qty, ticketsSold: qty } },
    { returnDocument: "after" },
  );
  if (!event) return response.status(409).json({ code: "sold_out" });
  const booking = await insertBooking(event, qty, request.user);
  response.status(201).json({ id: booking._id, eventId, qty, amount: booking.amount, status: booking.status });
  inOrder(event.organizerId, () => notify(event, booking, request.user));
  io.to(event._id).emit("event.availability", { eventId, availableSeats: event.availableSeats, status: event.status });
});

// Give the seats back if the booking cannot be stored.
async function insertBooking(event, qty, customer) {
  const amount = ((event.priceCents * qty) / 100).toFixed(2);
  const booking = {
    _id: `BK-${new ObjectId()}`, eventId: event._id, customerId: customer.user_id, qty, amount, status: "CONFIRMED",
    createdAt: new Date(),
  };
  try {
    await bookings.insertOne(booking);
  } catch (error) {
    await events.updateOne({ _id: event._id }, { $inc: { availableSeats: qty, ticketsSold: -qty } });
    throw error;
  }
  return booking;
}

// Notify a recipient one by one, so that seq has no gaps and notifications arrive in order.
const queues = new Map();
function inOrder(recipient, work) {
  const previous = queues.get(recipient) ?? Promise.resolve();
  const last = previous.then(work).catch(console.error).finally(() => {
    if (queues.get(recipient) === last) queues.delete(recipient);
  });
  queues.set(recipient, last);
}

async function notify(event, booking, customer) {
  const recipient = event.organizerId;
  const data = {
    bookingId: booking._id, eventId: event._id, eventTitle: event.title, qty: booking.qty, amount: booking.amount,
    customerName: customer.name, availableSeats: event.availableSeats,
  };
  const [type, seq, createdAt] = ["booking.created", (await lastSeq(recipient)) + 1, booking.createdAt];
  const _id = `${recipient}:${booking._id}`;
  await notifications.insertOne({ _id, recipient, seq, type, createdAt, read: false, data });
  io.to(recipient).emit(type, { seq, createdAt, data });
}

async function lastSeq(recipient) {
  const newest = await notifications.findOne({ recipient }, { sort: { seq: -1 }, projection: { seq: 1 } });
  return newest?.seq ?? 0;
}

async function main() {
  await client.connect();
  await notifications.createIndex({ recipient: 1, seq: 1 }, { unique: true });
  await bookings.createIndex({ eventId: 1, createdAt: -1 });
  await bookings.createIndex({ customerId: 1, createdAt: -1 });
  server.listen(Number(PORT), "127.0.0.1");
}

process.on("SIGTERM", () => process.exit(0));
main();

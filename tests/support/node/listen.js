// Connects to the URL in argv[2] with the token in argv[3] and prints each message as a line of JSON.
const { io } = require("socket.io-client");
const [url, token] = process.argv.slice(2);
const print = (event, data) => console.log(JSON.stringify({ event, data }));
const socket = io(url, { auth: { token }, transports: ["websocket"], reconnection: false });
socket.onAny(print);
socket.on("connect_error", (error) => { print("refused", error.message); process.exit(); });
setTimeout(() => process.exit(), 60000);

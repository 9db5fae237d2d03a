// Connects with the token of argv[3] to argv[2] and prints each message as a line of JSON.
const { io } = require("socket.io-client");
const [url, token] = process.argv.slice(2);
const say = (event, data) => console.log(JSON.stringify({ event, data }));
const socket = io(url, { auth: { token }, transports: ["websocket"], reconnection: false });
socket.onAny(say);
socket.on("connect_error", (error) => { say("refused", error.message); process.exit(); });
setTimeout(() => process.exit(), 60000);

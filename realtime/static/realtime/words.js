// Money, times and refusals as people read them.

import { meta } from "./dom.js";

const currency = meta("currency") || "EUR";
const moneyFormat = new Intl.NumberFormat(undefined, { style: "currency", currency });
const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", second: "2-digit" });
const dayAndTime = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });

/** "25.00" as whole cents: sums of decimals in binary would drift. */
export function cents(amount) {
  const [whole, fraction = ""] = String(amount).split(".");
  return Number(whole) * 100 + Number(fraction.padEnd(2, "0").slice(0, 2));
}

export const money = (inCents) => moneyFormat.format(inCents / 100);
export const count = (number, one, many = `${one}s`) => `${number.toLocaleString()} ${number === 1 ? one : many}`;

/** Today's moments by their time alone, others with the day. */
export function momentOf(moment) {
  const date = new Date(moment);
  return isSameDay(date, new Date()) ? clock.format(date) : dayAndTime.format(date);
}

/** A moment in an event's own zone. */
export function localMoment(moment, timeZone) {
  return new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short", timeZone }).format(new Date(moment));
}

export function isSameDay(one, other) {
  return startOfDay(one).getTime() === startOfDay(other).getTime();
}

export function startOfDay(moment) {
  const day = new Date(moment);
  day.setHours(0, 0, 0, 0);
  return day;
}

/** Random; crypto.randomUUID is there over HTTPS only. */
export function randomId() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** What to tell a person about a failed call. */
export function reasonOf(problem) {
  if (problem.code === "offline") return "The server cannot be reached. Check your connection and try again.";
  if (problem.status === 429) return `Too many tries. Wait ${problem.retryAfter || 30} seconds and try again.`;
  const details = (problem.errors ?? []).map((one) => one.detail);
  return details.length ? details.join(" ") : problem.detail || "That did not work. Try again in a moment.";
}

// Money, times, counts and problems as people read them.

import { meta } from "./dom.js";

const currency = meta("currency") || "EUR";
const moneyFormat = new Intl.NumberFormat(undefined, { style: "currency", currency });
const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", second: "2-digit" });
const dayAndTime = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });

/** Return "25.00" as 2500: sums of binary fractions would not be exact. */
export function cents(amount) {
  const [whole, fraction = ""] = String(amount).split(".");
  return Number(whole) * 100 + Number(fraction.padEnd(2, "0").slice(0, 2));
}

export const money = (inCents) => moneyFormat.format(inCents / 100);
export const count = (number, one, many = `${one}s`) => `${number.toLocaleString()} ${number === 1 ? one : many}`;

/** Return the time of a moment, with the day unless it is today. */
export function momentOf(moment) {
  const date = new Date(moment);
  return isSameDay(date, new Date()) ? clock.format(date) : dayAndTime.format(date);
}

/** Return a moment in an event's time zone. */
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

/** crypto.randomUUID exists only over HTTPS. */
export function randomId() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Return what to tell the user about a failed call. */
export function reasonOf(problem) {
  if (problem.code === "offline") return "The server cannot be reached. Check your connection and try again.";
  if (problem.status === 429) return `Too many tries. Wait ${problem.retryAfter || 30} seconds and try again.`;
  const details = (problem.errors ?? []).map((one) => one.detail);
  return details.length ? details.join(" ") : problem.detail || "That did not work. Try again in a moment.";
}

// Calls of the API. An error response is thrown as a Problem, with the members of its problem document.

export class Problem extends Error {
  constructor(status, body) {
    super(body.detail ?? body.code);
    Object.assign(this, body, { status });
  }
}

const TIMEOUT = 20_000; // milliseconds

/** Call the API; return the JSON of the response, null for an empty one. */
export async function call(path, { method = "GET", body, token, headers = {} } = {}) {
  const response = await request(path, {
    method,
    headers: {
      ...(body === undefined ? {} : { "Content-Type": "application/json" }),
      ...(token ? { Authorization: `Bearer ${token}` } : {}),
      ...headers,
    },
    body: body === undefined ? undefined : JSON.stringify(body),
    signal: AbortSignal.timeout(TIMEOUT),
    cache: "no-store",
    credentials: "omit",
  });
  const text = await response.text().catch(throwOffline);
  const data = parse(text);
  if (response.ok) return data;
  throw new Problem(response.status, { ...data, retryAfter: Number(response.headers.get("Retry-After")) || 0 });
}

async function request(path, options) {
  return fetch(`/api${path}`, options).catch(throwOffline);
}

function throwOffline() {
  throw new Problem(0, { code: "offline", detail: "The server cannot be reached." });
}

function parse(text) {
  try {
    return text ? JSON.parse(text) : null;
  } catch {
    return null;
  }
}

// Calls of the API. A refusal is thrown as a Problem that has what the API said.

export class Problem extends Error {
  constructor(status, body) {
    super(body.detail ?? body.code);
    Object.assign(this, body, { status });
  }
}

const PATIENCE = 20_000; // milliseconds

/** Call the API; return the JSON of its answer, null for an empty one. */
export async function call(path, { method = "GET", body, token, headers = {} } = {}) {
  const response = await reach(path, {
    method,
    headers: {
      ...(body === undefined ? {} : { "Content-Type": "application/json" }),
      ...(token ? { Authorization: `Bearer ${token}` } : {}),
      ...headers,
    },
    body: body === undefined ? undefined : JSON.stringify(body),
    signal: AbortSignal.timeout(PATIENCE),
    cache: "no-store",
    credentials: "omit",
  });
  const text = await response.text().catch(() => fail());
  const answer = parse(text);
  if (response.ok) return answer;
  throw new Problem(response.status, { ...answer, retryAfter: Number(response.headers.get("Retry-After")) || 0 });
}

async function reach(path, options) {
  return fetch(`/api${path}`, options).catch(() => fail());
}

function fail() {
  throw new Problem(0, { code: "offline", detail: "The server cannot be reached." });
}

function parse(text) {
  try {
    return text ? JSON.parse(text) : null;
  } catch {
    return null;
  }
}

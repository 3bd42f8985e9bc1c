/** The till's door to the server: JSON with the business and the CSRF token on every request. */

const PATIENCE = 15_000;

/** The server said no; `code` and `fields` come from its problem details. */
export class Refused extends Error {
  constructor(status, problem) {
    super(problem.detail || problem.title || `HTTP ${status}`);
    this.status = status;
    this.code = problem.code ?? "";
    this.fields = problem.fields ?? null;
  }
}

/** Nobody answered: no network, a time-out, or a server that fell (5xx). It may have arrived: ask again, never assume. */
export class Unreachable extends Error {
  constructor(message, status = 0) {
    super(message);
    this.status = status;
  }
}

export class Api {
  /** `onSwitched` is called once the session belongs to another business: nothing more is sent. */
  constructor({ tenant, csrf, onSwitched }) {
    this.headers = { "X-Tenant": tenant, "X-CSRF-Token": csrf, Accept: "application/json" };
    this.onSwitched = onSwitched;
    this.stopped = false;
  }

  /** Ask for something; after `patience` milliseconds without an answer nobody answered. */
  get(path, patience = PATIENCE) {
    return this.#ask("GET", path, { patience });
  }

  post(path, body) {
    return this.#ask("POST", path, { body, patience: PATIENCE });
  }

  async #ask(method, path, options) {
    if (this.stopped) throw new Unreachable("stopped");
    const response = await this.#fetch(method, path, options);
    const answer = await response.json().catch(() => ({}));
    if (response.ok) return answer;
    if (response.status >= 500) throw new Unreachable(answer.title ?? "server error", response.status);
    const refusal = new Refused(response.status, answer);
    if (refusal.code === "tenancy.switched") {
      this.stopped = true;
      this.onSwitched(refusal);
    }
    throw refusal;
  }

  async #fetch(method, path, { body, patience }) {
    const headers = body === undefined ? this.headers : { ...this.headers, "Content-Type": "application/json" };
    try {
      return await fetch(`/pos/api/v1/${path}`, {
        method,
        headers,
        body: body === undefined ? undefined : JSON.stringify(body),
        credentials: "same-origin",
        cache: "no-store",
        signal: AbortSignal.timeout(patience),
      });
    } catch (cause) {
      throw new Unreachable(String(cause));
    }
  }
}

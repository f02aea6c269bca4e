// The part of the server's public API that the page uses.

import type { Page, State } from "./page";

export type Verdict = "passed" | "failed" | "errored";

export interface Session {
  id: string;
  state: State;
  stage: string | null;
  place: number | null;
  wait: string | null;
  error: string | null;
  steps: Standing[];
  recap: { html: string } | null;
  reset_at: string | null;
  replaced_at: string | null;
  expires_at: string | null;
  extendable_until: string | null;
  archive: { state: "saving" | "saved"; size: number | null } | null;
}

/** Where the learner stands at a step, and the help given so far. */
export interface Standing {
  id: string;
  verdict: Verdict | null;
  hints: Hint[];
  solution: string | null;
}

export interface Hint {
  number: number;
  of: number;
  html: string;
}

export interface CheckResult {
  id: string;
  verdict: Verdict;
  message: string;
  points: number;
  max_points: number;
}

export interface Attempt {
  id: string;
  verdict: Verdict;
  points: number;
  max_points: number;
  checks: CheckResult[];
  automatic: boolean;
  lost: string | null;
}

/** What could not be done, in a sentence for the learner. */
export class Problem extends Error {}

/** Has a step judged; waits as long as the server does. Throws a Problem. */
export function attemptStep(page: Page, step: string, answer: string | null): Promise<Attempt> {
  return post(page, `${stepURL(page, step)}/attempts`, answer === null ? {} : { answer });
}

/** Asks for the next hint. */
export function nextHint(page: Page, step: string): Promise<Hint> {
  return post(page, `${stepURL(page, step)}/hints`);
}

export function showSolution(page: Page, step: string): Promise<{ script: string }> {
  return post(page, `${stepURL(page, step)}/solution`);
}

/** Brings the cluster to where the step begins; waits until it is there. */
export function restoreStep(page: Page, step: string): Promise<Session> {
  return post(page, `${stepURL(page, step)}/restore`);
}

/** Begins the lab anew on a new cluster; does not wait for it. */
export function resetLab(page: Page): Promise<Session> {
  return post(page, `${sessionURL(page)}/reset`);
}

/** Puts the session's end off. */
export function extendSession(page: Page): Promise<Session> {
  return post(page, `${sessionURL(page)}/extend`);
}

/** Says that the learner is there; waits until a paused cluster runs again. */
export async function notePresence(page: Page): Promise<void> {
  await request(page, `${sessionURL(page)}/presence`);
}

export function sessionURL(page: Page): string {
  return `/api/v1/sessions/${encodeURIComponent(page.session)}`;
}

function stepURL(page: Page, step: string): string {
  return `${sessionURL(page)}/steps/${encodeURIComponent(step)}`;
}

/** The answer to a request; throws a Problem where there is none. */
async function post<T>(page: Page, url: string, body: object = {}): Promise<T> {
  const response = await request(page, url, body);
  return (await response.json().catch(() => {
    throw unreachable(page);
  })) as T;
}

async function request(page: Page, url: string, body: object = {}): Promise<Response> {
  const json = { "Content-Type": "application/json" };
  const response = await fetch(`${url}?lang=${page.lang}`, { method: "POST", headers: json, body: JSON.stringify(body) }).catch(() => {
    throw unreachable(page);
  });
  if (!response.ok) throw new Problem(await explain(page, response));
  return response;
}

function unreachable(page: Page): Problem {
  return new Problem(page.word("problem.network"));
}

/** The server's own words for a problem, which are in the page's language. */
async function explain(page: Page, response: Response): Promise<string> {
  if (response.status === 401) return page.word("problem.login");
  try {
    const problem = (await response.json()) as { detail?: unknown };
    if (typeof problem.detail === "string" && problem.detail !== "") return problem.detail;
  } catch {
    // A proxy answered with a page of its own.
  }
  return page.word("problem.other", { Status: response.status });
}

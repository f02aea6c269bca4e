// The part of the server's public API that the page uses.

import type { Page, State } from "./page";

export type Verdict = "passed" | "failed" | "errored";

export interface Session {
  id: string;
  state: State;
  stage: string | null;
  place: number | null;
  error: string | null;
  steps: { id: string; verdict: Verdict | null }[];
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
}

/** A check that could not be made, in a sentence for the learner. */
export class Problem extends Error {}

/** Has a step judged; waits as long as the server does. Throws a Problem. */
export async function attemptStep(page: Page, step: string, answer: string | null): Promise<Attempt> {
  const response = await post(page, `${sessionURL(page)}/steps/${encodeURIComponent(step)}/attempts?lang=${page.lang}`, answer === null ? {} : { answer });
  if (!response.ok) throw new Problem(await explain(page, response));
  try {
    return (await response.json()) as Attempt;
  } catch {
    throw new Problem(page.word("problem.network"));
  }
}

export function sessionURL(page: Page): string {
  return `/api/v1/sessions/${encodeURIComponent(page.session)}`;
}

async function post(page: Page, url: string, body: object): Promise<Response> {
  try {
    return await fetch(url, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
  } catch {
    throw new Problem(page.word("problem.network"));
  }
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

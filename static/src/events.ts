// The stream of a session's events. The browser reconnects a broken stream by
// itself; one that the server refused is opened again here.

import type { Attempt, Session } from "./api";
import { Backoff } from "./backoff";

export interface Listener {
  session(session: Session): void;
  attempt(step: string, attempt: Attempt): void;
  /** Whether the stream is up; false also while it reconnects. */
  connected(up: boolean): void;
}

/** Listens until the returned function is called. */
export function listen(url: string, listener: Listener): () => void {
  const backoff = new Backoff(1_000, 15_000);
  let timer: ReturnType<typeof setTimeout> | undefined;
  let source: EventSource;

  const open = () => {
    source = new EventSource(url);
    source.addEventListener("session", ({ data }) => {
      backoff.reset();
      listener.connected(true);
      listener.session(JSON.parse(data as string) as Session);
    });
    source.addEventListener("attempt", ({ data }) => {
      const { step, attempt } = JSON.parse(data as string) as { step: string; attempt: Attempt };
      listener.attempt(step, attempt);
    });
    source.addEventListener("error", () => {
      listener.connected(false);
      if (source.readyState === EventSource.CLOSED) timer = setTimeout(open, backoff.next());
    });
  };

  open();
  return () => {
    clearTimeout(timer);
    source.close();
  };
}

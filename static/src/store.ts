// What the page remembers in this browser. A browser may refuse to remember;
// the page then forgets and works all the same.

/** Remembers a value for all pages, until the browser's data is cleared. */
export function remember(key: string, value: string): void {
  attempt(() => localStorage.setItem(`greenbox.${key}`, value));
}

export function recall(key: string): string | null {
  return attempt(() => localStorage.getItem(`greenbox.${key}`));
}

/** Keeps a value for the next page in this tab alone. */
export function pass(key: string, value: string): void {
  attempt(() => sessionStorage.setItem(`greenbox.${key}`, value));
}

/** Takes what the last page passed on; the second time it is gone. */
export function take(key: string): string | null {
  return attempt(() => {
    const value = sessionStorage.getItem(`greenbox.${key}`);
    sessionStorage.removeItem(`greenbox.${key}`);
    return value;
  });
}

function attempt<T>(access: () => T): T | null {
  try {
    return access();
  } catch {
    return null;
  }
}

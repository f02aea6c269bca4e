// How long to wait before trying again: longer each time, up to a most, and
// spread so that pages which lost the same server do not return all at once.

export class Backoff {
  private tries = 0;

  constructor(
    private readonly first = 250,
    private readonly most = 10_000,
    private readonly random: () => number = Math.random,
  ) {}

  /** Milliseconds to wait now; between half and all of the step reached. */
  next(): number {
    const step = Math.min(this.most, this.first * 2 ** this.tries);
    if (step < this.most) this.tries++;
    return Math.round(step / 2 + (step / 2) * this.random());
  }

  reset(): void {
    this.tries = 0;
  }
}

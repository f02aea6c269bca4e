// What was typed and is not known to have reached the shell, so that it can be sent
// again after a break. Bytes are numbered as the server numbers them.

/** The most bytes that wait. */
export const outboxMax = 4 * 1024 * 1024;

export class Outbox {
  private frames: Uint8Array<ArrayBuffer>[] = [];
  private first = 0;
  private size = 0;

  /** How many bytes wait. */
  get length(): number {
    return this.size;
  }

  /** Keeps the frames, all or, where there is no room, none; false then. */
  add(frames: Uint8Array<ArrayBuffer>[]): boolean {
    const more = frames.reduce((sum, frame) => sum + frame.length, 0);
    if (this.size + more > outboxMax) return false;
    this.frames.push(...frames);
    this.size += more;
    return true;
  }

  /** Forgets what comes before number, which has reached the shell. */
  forget(number: number): void {
    while (this.frames[0] !== undefined && this.first < number) {
      const frame = this.frames[0];
      const done = Math.min(frame.length, number - this.first);
      if (done === frame.length) this.frames.shift();
      else this.frames[0] = frame.subarray(done);
      this.first += done;
      this.size -= done;
    }
  }

  /** What waits from number on, which is where the server is; where it does not know of what waits, that is lost. */
  resume(number: number): Uint8Array<ArrayBuffer>[] {
    if (number < this.first || number > this.first + this.size) this.clear(number);
    else this.forget(number);
    return this.frames;
  }

  /** Forgets everything; what comes next has that number. */
  clear(number: number): void {
    this.frames = [];
    this.first = number;
    this.size = 0;
  }
}

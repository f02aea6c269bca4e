// What becomes of the learner's work once the lab has ended: the panel says when it
// is being saved, and then offers it.

import type { Session } from "./api";
import { slot } from "./page";

/** A number of bytes for people. */
export function size(bytes: number): string {
  return bytes < 1e6 ? `${Math.ceil(bytes / 1000)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

export class Archive {
  constructor(private readonly root: HTMLElement) {}

  /** Whether the work is still being saved. */
  get saving(): boolean {
    return !slot(this.root, "saving").hidden;
  }

  show({ archive }: Pick<Session, "archive">): void {
    slot(this.root, "saving").hidden = archive?.state !== "saving";
    slot(this.root, "saved").hidden = archive?.state !== "saved";
    slot(this.root, "size").textContent = size(archive?.size ?? 0);
  }
}

export type BrokenReason =
  | "edited"
  | "deleted"
  | "inserted"
  | "reordered"
  | "tail-cut"
  | "head-mismatch"
  | "unknown-key-version"
  | "column-mismatch";

export interface Broken {
  readonly ok: false;
  /** The number of the first event whose link does not hold. */
  readonly brokenAt: number;
  /** What was most likely done; that the chain is broken at `brokenAt` is certain. */
  readonly reason: BrokenReason;
  readonly detail: string;
}

/** `headHash` is 64 hexadecimal digits. */
export type ChainReport =
  | { readonly ok: true; readonly events: number; readonly headSeq: number; readonly headHash: string }
  | Broken;

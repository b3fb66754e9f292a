/** Parameters of the list of keys, and its sort, as they would stand in the address. */
export type SavedFilter = Readonly<Record<string, string>>;

export interface SavedView {
  /** The management key that keeps it. */
  readonly owner: string;
  readonly name: string;
  readonly description: string | null;
  readonly filter: SavedFilter;
  readonly shared: boolean;
  readonly notify: boolean;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** How many one management key may keep. */
export const MOST_VIEWS = 200;

/** What an audit event shows of it. */
export function auditedView({ description, filter, shared, notify }: SavedView) {
  return { description, filter, shared, notify };
}

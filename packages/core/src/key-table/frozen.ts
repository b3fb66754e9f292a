/**
 * The value itself, which nobody can change from now on, however deep. What is handed out of a table is held by it as well: an
 * application that sorted a list of scopes would else change it for every key that shares the list.
 */
export function frozen<T>(value: T): T {
  if (typeof value !== "object" || value === null || Object.isFrozen(value)) return value;
  for (const part of Object.values(value)) frozen(part);
  return Object.freeze(value);
}

/**
 * Rotation: version n+1 of a key takes the place of version n, while both work for a time that ends by itself.
 *
 * Nouns: a rotation is from one version to the next; the overlap is how long both work; the last date is when the old one ends whatever is done.
 * States: issued, seen, confirmed, retiring; done, cancelled, superseded (core/rotation, where what moves them is one pure function).
 * Invariants: one rotation of a key is open at most; whoever acts on it holds the key's row; the end of the old version stands in
 * its own row from the moment the new one is issued, so that it stops with nobody doing anything; a version that has ended never comes back;
 * who gets a new secret of a key holds no less than that key.
 * Who was registered with the key is told when a rotation begins, and acknowledged one by one; that moves nothing by itself.
 * Events in: uses of versions, as they were counted. Events out: rotation.started, rotation.seen_in_use, rotation.confirmed, rotation.acknowledged,
 * rotation.extended, rotation.cancelled, rotation.finished.
 */
export type { RotationResult } from "./act-on-rotation.ts";
export { cancelUnused } from "./cancel-rotation.ts";
export { emergencyApproverOf, rotationPolicyOf } from "./default-policy.ts";
export { finishRotation } from "./finish-rotation.ts";
export type { RotationPolicy, RotationPorts } from "./ports.ts";
export { type RotateInput, rotateKey, rotateWithin } from "./rotate-key.ts";
export { rotationRoutes } from "./rotation.api.ts";
export { eraseDependants, hasOpenRotation } from "./rotation.store.ts";
export { shapeRotation } from "./show-rotation.ts";
export { createRotationWatch } from "./watch-rotations.ts";

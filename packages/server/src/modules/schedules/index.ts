/**
 * Schedules: keys are rotated by themselves, and their secrets delivered to a store or offered.
 *
 * Nouns: a schedule is of one key (schedule.ts has its states). Invariants: a key is rotated once, whoever else looks, and never while it is
 * rotated already; the old version works on until the new one is in use, a week at most; where the secret does not arrive in time, the new
 * version ends and the old one goes on.
 * Events out: schedule.held.
 */
export { createSchedules } from "./create-schedules.ts";
export { eraseSchedules } from "./schedules.store.ts";

/**
 * SCIM: an identity provider creates, changes and deactivates members of one account (RFC 7643, 7644).
 *
 * Nouns: a credential, which is a management key that may do nothing else, bound to one account; a user, which is a member as the provider sees
 * them.
 * Invariants: a credential reaches the account that it is bound to and no other; no two users of an account have one user name, in any case of
 * letters; nobody becomes an owner over SCIM; who is deactivated is off-boarded in the same unit.
 * Events out: those of members.
 */
export { type ScimRoutePorts, scimRoutes } from "./scim.api.ts";
export { eraseScim } from "./scim.store.ts";

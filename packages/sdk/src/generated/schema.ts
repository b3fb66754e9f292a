// Written by `node scripts/sdk-client.ts` from the contract.
export interface paths {
    readonly "/v1/accounts/{id}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** One account */
        readonly get: operations["accounts.get"];
        /** Create an account under your own id (ext:…), or replace what is known of it */
        readonly put: operations["accounts.put"];
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        /** Change parts of an account */
        readonly patch: operations["accounts.update"];
        readonly trace?: never;
    };
    readonly "/v1/accounts": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Accounts, newest first */
        readonly get: operations["accounts.list"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/accounts/{id}/suspend": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /** Refuse every key of an account until it is resumed */
        readonly post: operations["accounts.suspend"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/accounts/{id}/resume": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /** Let the keys of a suspended account work again */
        readonly post: operations["accounts.resume"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/accounts/{account}/members/{id}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** One member */
        readonly get: operations["members.get"];
        /** Create a member of an account, or replace what is known of them */
        readonly put: operations["members.put"];
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/accounts/{account}/members": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Members of an account, newest first */
        readonly get: operations["members.list"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/offboarding": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** What becomes of the keys of members who leave */
        readonly get: operations["offboarding.get"];
        /** Say what becomes of the keys of members who leave, in all accounts that say nothing else */
        readonly put: operations["offboarding.put"];
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/accounts/{id}/offboarding": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** What becomes of the keys of members of one account who leave, and who said so */
        readonly get: operations["offboarding.get-account"];
        /** Say it for one account; null takes that away */
        readonly put: operations["offboarding.put-account"];
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/accounts/{account}/members/{id}/offboard": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /** Deactivate a member, and suspend, hand over, revoke or keep the keys that they own */
        readonly post: operations["members.offboard"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/accounts/{account}/members/{id}/offboarding": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** What was done to the keys of a member when they left */
        readonly get: operations["members.offboarding"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/accounts/{id}/scim-credentials/{key}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        /** Bind a management key that holds claviger:scim:write alone to an account, for its identity provider */
        readonly put: operations["scim-credentials.put"];
        readonly post?: never;
        /** Take the binding away; the key may do nothing more */
        readonly delete: operations["scim-credentials.delete"];
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/accounts/{id}/scim-credentials": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Keys that provision members of an account, ten at most */
        readonly get: operations["scim-credentials.list"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/accounts/{account}/services/{id}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** One service */
        readonly get: operations["services.get"];
        /** Create a calling application of an account, or replace what is known of it */
        readonly put: operations["services.put"];
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/accounts/{account}/services": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Services of an account, newest first */
        readonly get: operations["services.list"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/scopes/{name}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** One scope */
        readonly get: operations["scopes.get"];
        /** Define a scope and the endpoints it opens */
        readonly put: operations["scopes.put"];
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/scopes": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** The catalogue of scopes, by name */
        readonly get: operations["scopes.list"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/environments/{name}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** One environment */
        readonly get: operations["environments.get"];
        /** Define an environment; its tag is part of every key made for it and never changes */
        readonly put: operations["environments.put"];
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/environments": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Environments, by name */
        readonly get: operations["environments.list"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/plans/{name}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** One plan */
        readonly get: operations["plans.get"];
        /** Define a plan: limits, how many active keys, and which scopes an account may grant */
        readonly put: operations["plans.put"];
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/plans": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Plans, by name */
        readonly get: operations["plans.list"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/policies/{name}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** One policy */
        readonly get: operations["policies.get"];
        /** Define a policy: how long keys live and what they must have */
        readonly put: operations["policies.put"];
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/policies": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Policies, by name */
        readonly get: operations["policies.list"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/accounts/{id}/policy": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** The policy of an account, and what is set for it alone */
        readonly get: operations["policies.get-account"];
        /** Say which policy holds for an account, and what is set for it alone */
        readonly put: operations["policies.put-account"];
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/environments/{name}/policy": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** The policy of an environment */
        readonly get: operations["policies.get-environment"];
        /** Give an environment a policy, which only makes stricter what holds for its keys */
        readonly put: operations["policies.put-environment"];
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/policies/preview": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /** Which keys a changed policy would end or find wrong, and when; changes nothing */
        readonly post: operations["policies.preview"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/policy-enforcements": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** How far stricter policies have come to the keys there are, newest first */
        readonly get: operations["policies.list-enforcements"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/keys": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Keys of all accounts, newest first unless sorted */
        readonly get: operations["keys.list"];
        readonly put?: never;
        /** Issue a key; its secret is in this answer and nowhere else, behind a one-time link, or in a secret store */
        readonly post: operations["keys.create"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/keys/self": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** The key that is presented: who am I */
        readonly get: operations["keys.self"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/keys/self/revoke": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /** End the key that is presented; whoever holds a secret can */
        readonly post: operations["keys.revoke-self"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/keys/{id}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** One key */
        readonly get: operations["keys.get"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        /** Change what is known of a key and what it may do */
        readonly patch: operations["keys.update"];
        readonly trace?: never;
    };
    readonly "/v1/keys/{id}/revoke": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /** End a key for good, everywhere, before this call returns */
        readonly post: operations["keys.revoke"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/keys/{id}/suspend": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /** Refuse a key everywhere until it is resumed */
        readonly post: operations["keys.suspend"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/keys/{id}/resume": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /** Let a suspended key work again */
        readonly post: operations["keys.resume"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/keys/{id}/policy": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** What policy holds for a key, and for each value which layer set it */
        readonly get: operations["keys.policy"];
        /** Set a key's own policy, never less strict than what stands above it */
        readonly put: operations["keys.put-policy"];
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/keys/{id}/impact": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Who would break if the key ended, where, and whom to ask first */
        readonly get: operations["keys.impact"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/keys/revoke": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /** End many keys for good: of an account, member, service, tag or view, or by ids */
        readonly post: operations["keys.revoke-many"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/keys/suspend": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /** Refuse many keys everywhere until each is resumed */
        readonly post: operations["keys.suspend-many"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/keys/{id}/throttle": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /** Lay a lower limit over a key until a last date, everywhere, before this call returns */
        readonly post: operations["keys.throttle"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/keys/{id}/unthrottle": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /** Take a throttle away before its last date */
        readonly post: operations["keys.unthrottle"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/keys/self/rotate": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /** Issue the next version of the key that is presented, where policy allows it */
        readonly post: operations["keys.rotate-self"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/keys/{id}/rotate": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /** Issue the next version of a key; the one before works on for a while, or ends at once */
        readonly post: operations["keys.rotate"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/keys/{id}/rotation": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** How the rotation of a key stands, and what each of its versions is used for */
        readonly get: operations["rotation.show"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/keys/{id}/rotation/confirm": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /** Say that the integration uses the new version: the old one only waits for its end */
        readonly post: operations["rotation.confirm"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/keys/{id}/rotation/acknowledge": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /** Say that a registered dependant uses the new version; nothing ends by it */
        readonly post: operations["rotation.acknowledge"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/keys/{id}/rotation/extend": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /** Let the old version work for some hours more, up to its last date */
        readonly post: operations["rotation.extend"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/keys/{id}/rotation/cancel": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /** End the new version everywhere; the old one is in force as before */
        readonly post: operations["rotation.cancel"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/keys/{id}/rotation/finish": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /** End the old version everywhere before this call returns */
        readonly post: operations["rotation.finish"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/keys/{id}/schedule": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** By what schedule a key is rotated */
        readonly get: operations["schedules.get"];
        /** Have a key rotated by itself, and its secrets delivered to a store or offered */
        readonly put: operations["schedules.put"];
        readonly post?: never;
        /** Rotate a key by itself no more; a rotation that is under way goes on */
        readonly delete: operations["schedules.delete"];
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/schedules": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Keys that are rotated by themselves */
        readonly get: operations["schedules.list"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/keys/{id}/split": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** How far the split of a key is: its latest */
        readonly get: operations["splits.get"];
        readonly put?: never;
        /** Find out who uses a shared key, so that each is given one of its own */
        readonly post: operations["splits.start"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/splits": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Splits, newest first */
        readonly get: operations["splits.list"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/keys/{id}/split/finish": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /** Revoke the shared key now; refused while somebody uses it or has not moved, unless `early` */
        readonly post: operations["splits.finish"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/keys/{id}/split/cancel": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /** Leave the shared key as it is; the keys that were issued go on */
        readonly post: operations["splits.cancel"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/keys/{id}/split/callers/{name}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        /** Say who a caller is; takes over those that were found and are part of it, unless they have a key */
        readonly put: operations["split-callers.put"];
        readonly post?: never;
        /** Forget a caller that has no key; it is found again where its requests are nobody else's */
        readonly delete: operations["split-callers.delete"];
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/keys/{id}/split/callers/{name}/key": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /** Issue a caller a key of its own, with less than the shared one and an owner */
        readonly post: operations["split-callers.issue"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/links": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** One-time links, newest first; never what they open */
        readonly get: operations["links.list"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/links/{id}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** One link, and what became of it */
        readonly get: operations["links.get"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/links/{id}/revoke": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /** End a link that nobody has opened; its secret is gone with it */
        readonly post: operations["links.revoke"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/links/open": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /** Open a link: its secret is in this answer and nowhere else, and the link is spent */
        readonly post: operations["links.open"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/keys/{id}/reveal": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /** Show the secret of a recoverable key again: on record with its reason, and told to those whose key it is */
        readonly post: operations["keys.reveal"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/stores/{id}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** One secret store, never what it is opened with */
        readonly get: operations["stores.get"];
        /** Name a secret store to which secrets can be delivered */
        readonly put: operations["stores.put"];
        readonly post?: never;
        /** Forget a store to which nothing is on its way; what it holds stays there */
        readonly delete: operations["stores.delete"];
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/stores": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Secret stores, by id */
        readonly get: operations["stores.list"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/stores/{id}/test": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /** Write something that is no secret to `claviger-test` below the store's prefix, and read it back */
        readonly post: operations["stores.test"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/hand-overs": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Secrets on their way to stores or waiting to be claimed, newest first; never the secrets */
        readonly get: operations["hand-overs.list"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/hand-overs/{id}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** One hand-over, and what came of each attempt */
        readonly get: operations["hand-overs.get"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/hand-overs/{id}/claim": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /** Take a secret that is offered: it is in this answer and nowhere else, once */
        readonly post: operations["hand-overs.claim"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/imports": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Imports, newest first */
        readonly get: operations["imports.list"];
        readonly put?: never;
        /** Import keys from elsewhere, which go on working as they are; or go on with an import of the same Idempotency-Key */
        readonly post: operations["imports.import"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/imports/{id}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** How far an import is */
        readonly get: operations["imports.get"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/imports/{id}/errors": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Lines of an import that are no keys now, and why */
        readonly get: operations["imports.errors"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/bulk-acts/{id}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** How far an act on many keys has come */
        readonly get: operations["bulk-acts.get"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/bulk-acts/{id}/results": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** What became of each key, in the order in which they are acted on */
        readonly get: operations["bulk-acts.results"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/bulk-acts/{id}/finish": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /** Go on with an act on many keys, and wait until it is in force */
        readonly post: operations["bulk-acts.finish"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/drills": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Drills that were held, newest first */
        readonly get: operations["drills.list"];
        readonly put?: never;
        /** Hold a drill now: make a key, rotate it, revoke it, and look each time whether it is decided about as it must be */
        readonly post: operations["drills.start"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/drills/standing": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** When a drill passed last, and whether one is overdue */
        readonly get: operations["drills.standing"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/drills/{id}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** One drill, with what came of each step */
        readonly get: operations["drills.get"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/approvals": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** What waits for approval, and what was decided, newest first */
        readonly get: operations["approvals.list"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/approvals/{id}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** One request */
        readonly get: operations["approvals.get"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/approvals/{id}/approve": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /** Approve a request: a change is made now, a new key once who asked claims it */
        readonly post: operations["approvals.approve"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/approvals/{id}/deny": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /** Deny a request, for good */
        readonly post: operations["approvals.deny"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/approvals/{id}/cancel": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /** Take a request back, by the management key that asked */
        readonly post: operations["approvals.cancel"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/approvals/{id}/claim": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /** Carry out what was approved: issue the key or its next version, to the management key that asked; the secret is in this answer and nowhere else */
        readonly post: operations["approvals.claim"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/views": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Built-in views, then those you saved or others share, each with its number of rows */
        readonly get: operations["views.list"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/views/{name}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Rows of a view, each with why it is there */
        readonly get: operations["views.show"];
        /** Keep a filter of keys as a view of yours; `shared` shows it to others */
        readonly put: operations["views.save"];
        readonly post?: never;
        /** Forget a view that you saved */
        readonly delete: operations["views.delete"];
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/verify": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /** Decide on one presented key; a refusal is an answer, so the status is 200 */
        readonly post: operations["verification.verify"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/verify/batch": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /** Decide on up to 1 000 presented keys, in order */
        readonly post: operations["verification.verify-batch"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/authorize": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Decide for a proxy (nginx auth_request, Traefik, Caddy, Envoy): 204 or the status to answer with */
        readonly get: operations["verification.authorize"];
        readonly put?: never;
        /** Decide for a proxy (nginx auth_request, Traefik, Caddy, Envoy): 204 or the status to answer with */
        readonly post: operations["verification.authorize-post"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/keys/{id}/usage": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Is the key in use, when did it last work, since when does it fail and why */
        readonly get: operations["keys.inspect"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/accounts/{id}/usage": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Is the account in use, which of its keys work, which fail and why */
        readonly get: operations["accounts.inspect"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/overview": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** The platform at a glance: keys, requests, refusals, what is busy, what fails, views */
        readonly get: operations["overview.show"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/usage": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Verifications by hour, day or month: exact counts */
        readonly get: operations["usage.summarize"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/usage/events": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Single verifications, newest first */
        readonly get: operations["usage.list"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/usage/strangers": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** What presented no genuine key, by hour, network and reason, newest first */
        readonly get: operations["usage.strangers"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/keys/{id}/least-privilege": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** What a key was granted and does not use, and a narrower grant with its evidence */
        readonly get: operations["keys.suggest"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/endpoints": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** What is called, by template, and which scope opens it */
        readonly get: operations["endpoints.list"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/endpoints/uncalled": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Routes of scopes that nobody calls */
        readonly get: operations["endpoints.uncalled"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/endpoints/callers": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Which keys and accounts call an endpoint */
        readonly get: operations["endpoints.inspect"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/metering": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** What was metered in a month, for billing: by key, account or plan */
        readonly get: operations["metering.list"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/metering/periods": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Months that are metered, newest first: open or closed */
        readonly get: operations["metering.periods"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/metering.csv": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** All that was metered in a month, as CSV */
        readonly get: operations["metering.export"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/budgets": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Budgets of accounts and keys, and what was spent of them this month */
        readonly get: operations["budgets.list"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/budgets/{subject}/{measure}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** One budget, and what was spent of it this month */
        readonly get: operations["budgets.get"];
        /** Set what an account or a key is meant to use in a month; passing 50, 80 and 100 % of it is recorded */
        readonly put: operations["budgets.put"];
        readonly post?: never;
        /** Remove a budget, and what was recorded of passing it */
        readonly delete: operations["budgets.delete"];
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/webhooks/{id}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** One webhook, never its secret */
        readonly get: operations["webhooks.get"];
        /** Have events posted to an address; put again, a disabled one is active again */
        readonly put: operations["webhooks.put"];
        readonly post?: never;
        /** Tell a webhook nothing more, and forget it and its deliveries */
        readonly delete: operations["webhooks.delete"];
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/webhooks": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Webhooks, by id */
        readonly get: operations["webhooks.list"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/webhooks/{id}/rotate-secret": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /** Make a new secret; for some hours both sign, so that the receiver may change over */
        readonly post: operations["webhooks.rotate-secret"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/webhooks/{id}/test": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /** Send it a webhook.test event */
        readonly post: operations["webhooks.test"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/webhooks/{id}/deliveries": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** What was sent to a webhook, newest first, with every attempt */
        readonly get: operations["webhooks.deliveries"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/webhooks/{id}/replay": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /** Send one delivery again, or all events of a span of time, delivered before or not */
        readonly post: operations["webhooks.replay"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/accounts/{account}/members/{member}/notices": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** What a member is told by mail */
        readonly get: operations["notices.get"];
        /** Say what a member is told by mail; a kind that is left out stays as it is */
        readonly put: operations["notices.put"];
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/mails": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Mails to members, newest first, with every attempt */
        readonly get: operations["notices.list-mails"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/event-types": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** What webhooks can be told, with the schema of each */
        readonly get: operations["event-types.list"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/audit-events": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Audit events, newest first */
        readonly get: operations["audit.list"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/nodes": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Nodes of the cluster, oldest first: who holds a lease, and how far each has followed the changes */
        readonly get: operations["nodes.list"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/key-format": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** How a key of this platform looks, so that anyone can recognise one offline */
        readonly get: operations["system.key-format"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/healthz": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** The process lives */
        readonly get: operations["system.health"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/readyz": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Database reachable, lease held and no stop under way: send this node requests */
        readonly get: operations["system.readiness"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/metrics": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Prometheus metrics */
        readonly get: operations["system.metrics"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/openapi.json": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** This contract as OpenAPI 3.1 */
        readonly get: operations["system.openapi"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/accounts/{id}/close": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /** Close an account for good: its keys end, and what is known of its people is erased after a while */
        readonly post: operations["accounts.close"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/accounts/{id}/export": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /** All that is known of an account, its people and its keys, as a stream of lines; no secret is among it */
        readonly post: operations["accounts.export"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        readonly Effective: {
            readonly everywhere: boolean;
            readonly seq: number;
            readonly waitedMs: number;
            readonly nodes: number;
            readonly verifiers: number;
            readonly lapsed: readonly string[];
        };
        readonly Problem: {
            readonly type: string;
            readonly title: string;
            readonly status: number;
            readonly detail: string;
            readonly code: string;
            readonly requestId: string;
            readonly errors?: readonly {
                readonly path: string;
                readonly message: string;
            }[];
        };
        readonly Approval: {
            readonly id: string;
            /** @enum {string} */
            readonly kind: "create" | "update" | "rotate";
            readonly key: string;
            readonly account: string;
            readonly environment: string;
            readonly label: string;
            /** @enum {string} */
            readonly approver: "account" | "staff";
            /** @enum {string} */
            readonly status: "requested" | "approved" | "done" | "denied" | "cancelled" | "expired";
            readonly before: {
                readonly [key: string]: string | number | boolean | null | readonly (string | number | boolean | null | readonly unknown[] | {
                    readonly [key: string]: unknown;
                })[] | {
                    readonly [key: string]: string | number | boolean | null | readonly unknown[] | {
                        readonly [key: string]: unknown;
                    };
                };
            };
            readonly after: {
                readonly [key: string]: string | number | boolean | null | readonly (string | number | boolean | null | readonly unknown[] | {
                    readonly [key: string]: unknown;
                })[] | {
                    readonly [key: string]: string | number | boolean | null | readonly unknown[] | {
                        readonly [key: string]: unknown;
                    };
                };
            };
            readonly requestedBy: {
                readonly key: string;
                readonly member: string | null;
            };
            readonly decidedBy: {
                readonly key: string;
                readonly member: string | null;
            } | null;
            readonly comment: string | null;
            /** Format: date-time */
            readonly createdAt: string;
            /** Format: date-time */
            readonly dueAt: string;
            readonly decidedAt: string | null;
            readonly endedAt: string | null;
        };
        readonly DeliverTo: {
            readonly store: string;
            readonly path: string;
        } | {
            /** @constant */
            readonly offer: true;
        };
        readonly HandOver: {
            readonly id: string;
            readonly account: string;
            readonly key: string;
            readonly version: number;
            readonly store: string | null;
            readonly path: string | null;
            /** @enum {string} */
            readonly state: "waiting" | "delivered" | "offered" | "claimed" | "failed" | "expired" | "void";
            readonly tries: number;
            readonly attempts: readonly {
                /** Format: date-time */
                readonly at: string;
                readonly error: string | null;
                readonly ms: number;
            }[];
            readonly createdBy: string;
            /** Format: date-time */
            readonly createdAt: string;
            readonly dueAt: string | null;
            /** Format: date-time */
            readonly deadline: string;
            readonly endedAt: string | null;
        };
        readonly LinkRequest: {
            /** @default 1440 */
            readonly expiresInMinutes: number;
            readonly passphrase?: string;
            readonly allowedIps?: readonly string[];
            readonly recipient?: string;
        };
        readonly Link: {
            readonly id: string;
            readonly account: string;
            readonly key: string;
            readonly version: number;
            /** @enum {string} */
            readonly state: "open" | "opened" | "expired" | "revoked" | "locked" | "void";
            readonly recipient: string | null;
            readonly passphrase: boolean;
            readonly allowedIps: readonly string[];
            readonly createdBy: string;
            /** Format: date-time */
            readonly createdAt: string;
            /** Format: date-time */
            readonly expiresAt: string;
            readonly endedAt: string | null;
            readonly openedFrom: string | null;
            readonly failures: number;
        };
        readonly NewLink: {
            readonly id: string;
            readonly account: string;
            readonly key: string;
            readonly version: number;
            /** @enum {string} */
            readonly state: "open" | "opened" | "expired" | "revoked" | "locked" | "void";
            readonly recipient: string | null;
            readonly passphrase: boolean;
            readonly allowedIps: readonly string[];
            readonly createdBy: string;
            /** Format: date-time */
            readonly createdAt: string;
            /** Format: date-time */
            readonly expiresAt: string;
            readonly endedAt: string | null;
            readonly openedFrom: string | null;
            readonly failures: number;
            readonly url: string | null;
        };
        readonly Policy: {
            readonly name: string;
            readonly description: string | null;
            readonly lifetimeDays?: number | null;
            readonly maxLifetimeDays?: number | null;
            /** @description A view lists the keys that are beyond it. */
            readonly rotationDays?: number | null;
            readonly overlapHours?: number;
            /** @description Days before its end on which a key's people are told. */
            readonly warningDays?: readonly number[];
            /** @description A view lists the keys that are beyond it. */
            readonly dormancyDays?: number | null;
            /**
             * @description What is done with a dormant key, after notice.
             * @enum {string}
             */
            readonly dormancyAction?: "flag" | "suspend" | "revoke";
            /** @description Days from the notice until that is done. */
            readonly dormancyNoticeDays?: number;
            readonly approvals?: readonly {
                /** @enum {string} */
                readonly by: "account" | "staff";
                readonly acts?: readonly ("create" | "update" | "rotate")[];
                readonly tiers?: readonly ("read" | "write" | "admin")[];
                /** @constant */
                readonly sensitive?: true;
                readonly environments?: readonly string[];
            }[];
            readonly requiredFields?: readonly ("owner" | "service" | "purpose" | "rationale" | "storedIn" | "criticality" | "runbookUrl" | "dependants" | "audiences" | "tags")[];
            readonly labelPatterns?: readonly string[];
            readonly requireIpBinding?: boolean;
            readonly maxActiveKeys?: number | null;
            readonly risks?: {
                readonly low?: {
                    readonly lifetimeDays?: number | null;
                    readonly maxLifetimeDays?: number | null;
                    /** @description A view lists the keys that are beyond it. */
                    readonly rotationDays?: number | null;
                    readonly overlapHours?: number;
                    /** @description Days before its end on which a key's people are told. */
                    readonly warningDays?: readonly number[];
                    /** @description A view lists the keys that are beyond it. */
                    readonly dormancyDays?: number | null;
                    /**
                     * @description What is done with a dormant key, after notice.
                     * @enum {string}
                     */
                    readonly dormancyAction?: "flag" | "suspend" | "revoke";
                    /** @description Days from the notice until that is done. */
                    readonly dormancyNoticeDays?: number;
                    readonly approvals?: readonly {
                        /** @enum {string} */
                        readonly by: "account" | "staff";
                        readonly acts?: readonly ("create" | "update" | "rotate")[];
                        readonly tiers?: readonly ("read" | "write" | "admin")[];
                        /** @constant */
                        readonly sensitive?: true;
                        readonly environments?: readonly string[];
                    }[];
                    readonly requiredFields?: readonly ("owner" | "service" | "purpose" | "rationale" | "storedIn" | "criticality" | "runbookUrl" | "dependants" | "audiences" | "tags")[];
                    readonly labelPatterns?: readonly string[];
                    readonly requireIpBinding?: boolean;
                    readonly maxActiveKeys?: number | null;
                };
                readonly elevated?: {
                    readonly lifetimeDays?: number | null;
                    readonly maxLifetimeDays?: number | null;
                    /** @description A view lists the keys that are beyond it. */
                    readonly rotationDays?: number | null;
                    readonly overlapHours?: number;
                    /** @description Days before its end on which a key's people are told. */
                    readonly warningDays?: readonly number[];
                    /** @description A view lists the keys that are beyond it. */
                    readonly dormancyDays?: number | null;
                    /**
                     * @description What is done with a dormant key, after notice.
                     * @enum {string}
                     */
                    readonly dormancyAction?: "flag" | "suspend" | "revoke";
                    /** @description Days from the notice until that is done. */
                    readonly dormancyNoticeDays?: number;
                    readonly approvals?: readonly {
                        /** @enum {string} */
                        readonly by: "account" | "staff";
                        readonly acts?: readonly ("create" | "update" | "rotate")[];
                        readonly tiers?: readonly ("read" | "write" | "admin")[];
                        /** @constant */
                        readonly sensitive?: true;
                        readonly environments?: readonly string[];
                    }[];
                    readonly requiredFields?: readonly ("owner" | "service" | "purpose" | "rationale" | "storedIn" | "criticality" | "runbookUrl" | "dependants" | "audiences" | "tags")[];
                    readonly labelPatterns?: readonly string[];
                    readonly requireIpBinding?: boolean;
                    readonly maxActiveKeys?: number | null;
                };
                readonly high?: {
                    readonly lifetimeDays?: number | null;
                    readonly maxLifetimeDays?: number | null;
                    /** @description A view lists the keys that are beyond it. */
                    readonly rotationDays?: number | null;
                    readonly overlapHours?: number;
                    /** @description Days before its end on which a key's people are told. */
                    readonly warningDays?: readonly number[];
                    /** @description A view lists the keys that are beyond it. */
                    readonly dormancyDays?: number | null;
                    /**
                     * @description What is done with a dormant key, after notice.
                     * @enum {string}
                     */
                    readonly dormancyAction?: "flag" | "suspend" | "revoke";
                    /** @description Days from the notice until that is done. */
                    readonly dormancyNoticeDays?: number;
                    readonly approvals?: readonly {
                        /** @enum {string} */
                        readonly by: "account" | "staff";
                        readonly acts?: readonly ("create" | "update" | "rotate")[];
                        readonly tiers?: readonly ("read" | "write" | "admin")[];
                        /** @constant */
                        readonly sensitive?: true;
                        readonly environments?: readonly string[];
                    }[];
                    readonly requiredFields?: readonly ("owner" | "service" | "purpose" | "rationale" | "storedIn" | "criticality" | "runbookUrl" | "dependants" | "audiences" | "tags")[];
                    readonly labelPatterns?: readonly string[];
                    readonly requireIpBinding?: boolean;
                    readonly maxActiveKeys?: number | null;
                };
            };
            /** Format: date-time */
            readonly createdAt: string;
            /** Format: date-time */
            readonly updatedAt: string;
        };
        readonly AccountPolicy: {
            readonly account: string;
            readonly policy: string | null;
            readonly overrides: {
                readonly lifetimeDays?: number | null;
                readonly maxLifetimeDays?: number | null;
                /** @description A view lists the keys that are beyond it. */
                readonly rotationDays?: number | null;
                readonly overlapHours?: number;
                /** @description Days before its end on which a key's people are told. */
                readonly warningDays?: readonly number[];
                /** @description A view lists the keys that are beyond it. */
                readonly dormancyDays?: number | null;
                /**
                 * @description What is done with a dormant key, after notice.
                 * @enum {string}
                 */
                readonly dormancyAction?: "flag" | "suspend" | "revoke";
                /** @description Days from the notice until that is done. */
                readonly dormancyNoticeDays?: number;
                readonly approvals?: readonly {
                    /** @enum {string} */
                    readonly by: "account" | "staff";
                    readonly acts?: readonly ("create" | "update" | "rotate")[];
                    readonly tiers?: readonly ("read" | "write" | "admin")[];
                    /** @constant */
                    readonly sensitive?: true;
                    readonly environments?: readonly string[];
                }[];
                readonly requiredFields?: readonly ("owner" | "service" | "purpose" | "rationale" | "storedIn" | "criticality" | "runbookUrl" | "dependants" | "audiences" | "tags")[];
                readonly labelPatterns?: readonly string[];
                readonly requireIpBinding?: boolean;
                readonly maxActiveKeys?: number | null;
                readonly risks?: {
                    readonly low?: {
                        readonly lifetimeDays?: number | null;
                        readonly maxLifetimeDays?: number | null;
                        /** @description A view lists the keys that are beyond it. */
                        readonly rotationDays?: number | null;
                        readonly overlapHours?: number;
                        /** @description Days before its end on which a key's people are told. */
                        readonly warningDays?: readonly number[];
                        /** @description A view lists the keys that are beyond it. */
                        readonly dormancyDays?: number | null;
                        /**
                         * @description What is done with a dormant key, after notice.
                         * @enum {string}
                         */
                        readonly dormancyAction?: "flag" | "suspend" | "revoke";
                        /** @description Days from the notice until that is done. */
                        readonly dormancyNoticeDays?: number;
                        readonly approvals?: readonly {
                            /** @enum {string} */
                            readonly by: "account" | "staff";
                            readonly acts?: readonly ("create" | "update" | "rotate")[];
                            readonly tiers?: readonly ("read" | "write" | "admin")[];
                            /** @constant */
                            readonly sensitive?: true;
                            readonly environments?: readonly string[];
                        }[];
                        readonly requiredFields?: readonly ("owner" | "service" | "purpose" | "rationale" | "storedIn" | "criticality" | "runbookUrl" | "dependants" | "audiences" | "tags")[];
                        readonly labelPatterns?: readonly string[];
                        readonly requireIpBinding?: boolean;
                        readonly maxActiveKeys?: number | null;
                    };
                    readonly elevated?: {
                        readonly lifetimeDays?: number | null;
                        readonly maxLifetimeDays?: number | null;
                        /** @description A view lists the keys that are beyond it. */
                        readonly rotationDays?: number | null;
                        readonly overlapHours?: number;
                        /** @description Days before its end on which a key's people are told. */
                        readonly warningDays?: readonly number[];
                        /** @description A view lists the keys that are beyond it. */
                        readonly dormancyDays?: number | null;
                        /**
                         * @description What is done with a dormant key, after notice.
                         * @enum {string}
                         */
                        readonly dormancyAction?: "flag" | "suspend" | "revoke";
                        /** @description Days from the notice until that is done. */
                        readonly dormancyNoticeDays?: number;
                        readonly approvals?: readonly {
                            /** @enum {string} */
                            readonly by: "account" | "staff";
                            readonly acts?: readonly ("create" | "update" | "rotate")[];
                            readonly tiers?: readonly ("read" | "write" | "admin")[];
                            /** @constant */
                            readonly sensitive?: true;
                            readonly environments?: readonly string[];
                        }[];
                        readonly requiredFields?: readonly ("owner" | "service" | "purpose" | "rationale" | "storedIn" | "criticality" | "runbookUrl" | "dependants" | "audiences" | "tags")[];
                        readonly labelPatterns?: readonly string[];
                        readonly requireIpBinding?: boolean;
                        readonly maxActiveKeys?: number | null;
                    };
                    readonly high?: {
                        readonly lifetimeDays?: number | null;
                        readonly maxLifetimeDays?: number | null;
                        /** @description A view lists the keys that are beyond it. */
                        readonly rotationDays?: number | null;
                        readonly overlapHours?: number;
                        /** @description Days before its end on which a key's people are told. */
                        readonly warningDays?: readonly number[];
                        /** @description A view lists the keys that are beyond it. */
                        readonly dormancyDays?: number | null;
                        /**
                         * @description What is done with a dormant key, after notice.
                         * @enum {string}
                         */
                        readonly dormancyAction?: "flag" | "suspend" | "revoke";
                        /** @description Days from the notice until that is done. */
                        readonly dormancyNoticeDays?: number;
                        readonly approvals?: readonly {
                            /** @enum {string} */
                            readonly by: "account" | "staff";
                            readonly acts?: readonly ("create" | "update" | "rotate")[];
                            readonly tiers?: readonly ("read" | "write" | "admin")[];
                            /** @constant */
                            readonly sensitive?: true;
                            readonly environments?: readonly string[];
                        }[];
                        readonly requiredFields?: readonly ("owner" | "service" | "purpose" | "rationale" | "storedIn" | "criticality" | "runbookUrl" | "dependants" | "audiences" | "tags")[];
                        readonly labelPatterns?: readonly string[];
                        readonly requireIpBinding?: boolean;
                        readonly maxActiveKeys?: number | null;
                    };
                };
            };
            readonly updatedAt: string | null;
        };
        readonly EnvironmentPolicy: {
            readonly environment: string;
            readonly policy: string | null;
            readonly updatedAt: string | null;
        };
        readonly KeyPolicy: {
            readonly key: string;
            /** @enum {string} */
            readonly risk: "low" | "elevated" | "high";
            /** @description Whose approval a new key like this one needs, and a change that lets it do more. */
            readonly approval: ("account" | "staff") | null;
            readonly own: {
                readonly maxLifetimeDays?: number | null;
                /** @description A view lists the keys that are beyond it. */
                readonly rotationDays?: number | null;
                readonly overlapHours?: number;
                /** @description Days before its end on which a key's people are told. */
                readonly warningDays?: readonly number[];
                /** @description A view lists the keys that are beyond it. */
                readonly dormancyDays?: number | null;
                /**
                 * @description What is done with a dormant key, after notice.
                 * @enum {string}
                 */
                readonly dormancyAction?: "flag" | "suspend" | "revoke";
                /** @description Days from the notice until that is done. */
                readonly dormancyNoticeDays?: number;
                readonly requireIpBinding?: boolean;
            };
            readonly values: {
                readonly lifetimeDays: {
                    readonly value: number | null;
                    readonly layers: readonly ("built-in" | "platform" | "account-policy" | "account" | "environment" | "key")[];
                    readonly why: string;
                };
                readonly maxLifetimeDays: {
                    readonly value: number | null;
                    readonly layers: readonly ("built-in" | "platform" | "account-policy" | "account" | "environment" | "key")[];
                    readonly why: string;
                };
                /** @description A view lists the keys that are beyond it. */
                readonly rotationDays: {
                    readonly value: number | null;
                    readonly layers: readonly ("built-in" | "platform" | "account-policy" | "account" | "environment" | "key")[];
                    readonly why: string;
                };
                readonly overlapHours: {
                    readonly value: number;
                    readonly layers: readonly ("built-in" | "platform" | "account-policy" | "account" | "environment" | "key")[];
                    readonly why: string;
                };
                /** @description Days before its end on which a key's people are told. */
                readonly warningDays: {
                    readonly value: readonly number[];
                    readonly layers: readonly ("built-in" | "platform" | "account-policy" | "account" | "environment" | "key")[];
                    readonly why: string;
                };
                /** @description A view lists the keys that are beyond it. */
                readonly dormancyDays: {
                    readonly value: number | null;
                    readonly layers: readonly ("built-in" | "platform" | "account-policy" | "account" | "environment" | "key")[];
                    readonly why: string;
                };
                /** @description What is done with a dormant key, after notice. */
                readonly dormancyAction: {
                    /** @enum {string} */
                    readonly value: "flag" | "suspend" | "revoke";
                    readonly layers: readonly ("built-in" | "platform" | "account-policy" | "account" | "environment" | "key")[];
                    readonly why: string;
                };
                /** @description Days from the notice until that is done. */
                readonly dormancyNoticeDays: {
                    readonly value: number;
                    readonly layers: readonly ("built-in" | "platform" | "account-policy" | "account" | "environment" | "key")[];
                    readonly why: string;
                };
                readonly approvals: {
                    readonly value: readonly {
                        /** @enum {string} */
                        readonly by: "account" | "staff";
                        readonly acts?: readonly ("create" | "update" | "rotate")[];
                        readonly tiers?: readonly ("read" | "write" | "admin")[];
                        /** @constant */
                        readonly sensitive?: true;
                        readonly environments?: readonly string[];
                    }[];
                    readonly layers: readonly ("built-in" | "platform" | "account-policy" | "account" | "environment" | "key")[];
                    readonly why: string;
                };
                readonly requiredFields: {
                    readonly value: readonly ("owner" | "service" | "purpose" | "rationale" | "storedIn" | "criticality" | "runbookUrl" | "dependants" | "audiences" | "tags")[];
                    readonly layers: readonly ("built-in" | "platform" | "account-policy" | "account" | "environment" | "key")[];
                    readonly why: string;
                };
                readonly labelPatterns: {
                    readonly value: readonly string[];
                    readonly layers: readonly ("built-in" | "platform" | "account-policy" | "account" | "environment" | "key")[];
                    readonly why: string;
                };
                readonly requireIpBinding: {
                    readonly value: boolean;
                    readonly layers: readonly ("built-in" | "platform" | "account-policy" | "account" | "environment" | "key")[];
                    readonly why: string;
                };
                readonly maxActiveKeys: {
                    readonly value: number | null;
                    readonly layers: readonly ("built-in" | "platform" | "account-policy" | "account" | "environment" | "key")[];
                    readonly why: string;
                };
            };
        };
        readonly PolicyEnforcement: {
            readonly id: string;
            readonly subject: string;
            /** Format: date-time */
            readonly graceUntil: string;
            readonly looked: number;
            readonly shortened: number;
            readonly superseded: boolean;
            /** Format: date-time */
            readonly startedAt: string;
            readonly finishedAt: string | null;
        };
        readonly KeyThrottle: {
            readonly amount: number;
            /** @enum {string} */
            readonly per: "second" | "minute" | "hour" | "day";
            /** Format: date-time */
            readonly until: string;
            readonly reason: string;
            /** Format: date-time */
            readonly since: string;
        };
        readonly Key: {
            readonly id: string;
            readonly label: string;
            readonly purpose: string | null;
            readonly account: string;
            readonly environment: string | null;
            readonly scopes: readonly string[];
            readonly tier: ("read" | "write" | "admin") | null;
            readonly owner: string | null;
            readonly service: string | null;
            readonly createdBy: string;
            /** Format: date-time */
            readonly createdAt: string;
            /** Format: date-time */
            readonly updatedAt: string;
            readonly expiresAt: string | null;
            readonly lastUsedAt: string | null;
            readonly lastRefusedAt: string | null;
            readonly lastRefusedCode: string | null;
            readonly requests30d: number;
            /** @enum {string} */
            readonly status: "requested" | "active" | "expiring" | "rotating" | "suspended" | "expired" | "revoked";
            readonly statusReason: string | null;
            readonly statusComment: string | null;
            readonly statusAt: string | null;
            readonly rationale: string | null;
            readonly storedIn: string | null;
            readonly criticality: string | null;
            readonly runbookUrl: string | null;
            readonly dependants: readonly (string | number | boolean | null | readonly (string | number | boolean | null | readonly unknown[] | {
                readonly [key: string]: unknown;
            })[] | {
                readonly [key: string]: string | number | boolean | null | readonly unknown[] | {
                    readonly [key: string]: unknown;
                };
            })[];
            readonly audiences: readonly string[];
            readonly version: number;
            readonly preview: string;
            readonly versions: readonly {
                readonly version: number;
                readonly preview: string;
                /** @enum {string} */
                readonly status: "pending" | "active" | "retiring" | "ended";
                /** Format: date-time */
                readonly createdAt: string;
                readonly firstUsedAt: string | null;
                readonly lastUsedAt: string | null;
                readonly expiresAt: string | null;
            }[];
            readonly allowedIps: readonly string[];
            readonly allowedReferrers: readonly string[];
            readonly limits: readonly (string | number | boolean | null | readonly (string | number | boolean | null | readonly unknown[] | {
                readonly [key: string]: unknown;
            })[] | {
                readonly [key: string]: string | number | boolean | null | readonly unknown[] | {
                    readonly [key: string]: unknown;
                };
            })[];
            readonly throttle: components["schemas"]["KeyThrottle"] | null;
            readonly recoverable: boolean;
            readonly etag: string;
            readonly tags: readonly string[];
            readonly metadata: {
                readonly [key: string]: string | number | boolean | null | readonly (string | number | boolean | null | readonly unknown[] | {
                    readonly [key: string]: unknown;
                })[] | {
                    readonly [key: string]: string | number | boolean | null | readonly unknown[] | {
                        readonly [key: string]: unknown;
                    };
                };
            };
        };
        readonly OwnKey: {
            readonly id: string;
            readonly label: string;
            readonly account: string;
            readonly environment: string | null;
            readonly scopes: readonly string[];
            readonly tier: ("read" | "write" | "admin") | null;
            /** @enum {string} */
            readonly status: "requested" | "active" | "expiring" | "rotating" | "suspended" | "expired" | "revoked";
            readonly version: number;
            readonly preview: string;
            readonly retiresAt: string | null;
            /** Format: date-time */
            readonly createdAt: string;
            readonly expiresAt: string | null;
            readonly allowedIps: readonly string[];
            readonly allowedReferrers: readonly string[];
            readonly audiences: readonly string[];
            readonly limits: readonly (string | number | boolean | null | readonly (string | number | boolean | null | readonly unknown[] | {
                readonly [key: string]: unknown;
            })[] | {
                readonly [key: string]: string | number | boolean | null | readonly unknown[] | {
                    readonly [key: string]: unknown;
                };
            })[];
            readonly throttle: {
                readonly amount: number;
                /** @enum {string} */
                readonly per: "second" | "minute" | "hour" | "day";
                /** Format: date-time */
                readonly until: string;
            } | null;
        };
        readonly Caller: {
            readonly value: string;
            readonly accepted: number;
            readonly refused: number;
        };
        readonly KeyImpact: {
            readonly key: string;
            readonly label: string;
            readonly account: string;
            readonly environment: string | null;
            /** @enum {string} */
            readonly status: "requested" | "active" | "expiring" | "rotating" | "suspended" | "expired" | "revoked";
            /** @enum {string} */
            readonly window: "24h" | "30d";
            /** Format: date-time */
            readonly from: string;
            /** Format: date-time */
            readonly to: string;
            readonly requests: number;
            readonly accepted: number;
            readonly refused: number;
            readonly lastUsedAt: string | null;
            readonly used24h: boolean;
            readonly callers: {
                readonly networks: readonly components["schemas"]["Caller"][];
                readonly countries: readonly components["schemas"]["Caller"][];
                readonly agents: readonly components["schemas"]["Caller"][];
                readonly services: readonly components["schemas"]["Caller"][];
            };
            readonly browser: boolean;
            readonly endpoints: readonly {
                readonly method: string | null;
                readonly route: string | null;
                readonly mapped: boolean;
                readonly accepted: number;
                readonly refused: number;
            }[];
            readonly dependants: readonly (string | number | boolean | null | readonly (string | number | boolean | null | readonly unknown[] | {
                readonly [key: string]: unknown;
            })[] | {
                readonly [key: string]: string | number | boolean | null | readonly unknown[] | {
                    readonly [key: string]: unknown;
                };
            })[];
            readonly criticality: string | null;
            readonly runbookUrl: string | null;
            readonly owner: string | null;
            readonly breaks: string;
            readonly suggestion: {
                /** @enum {string} */
                readonly act: "revoke" | "suspend" | "throttle" | "ask-first" | "none";
                readonly why: string;
            };
            readonly choices: readonly {
                /** @enum {string} */
                readonly act: "revoke" | "suspend" | "throttle";
                readonly when: string;
            }[];
        };
        readonly BulkAct: {
            readonly id: string;
            /** @enum {string} */
            readonly act: "revoke" | "suspend" | "hand-over";
            readonly reason: string;
            readonly comment: string | null;
            readonly selection: {
                readonly [key: string]: string | number | boolean | null | readonly (string | number | boolean | null | readonly unknown[] | {
                    readonly [key: string]: unknown;
                })[] | {
                    readonly [key: string]: string | number | boolean | null | readonly unknown[] | {
                        readonly [key: string]: unknown;
                    };
                };
            };
            readonly by: {
                readonly type: string;
                readonly id: string;
            };
            /** @enum {string} */
            readonly status: "running" | "finished";
            readonly keys: number;
            readonly acted: number;
            readonly outcomes: {
                readonly done: number;
                readonly already: number;
                readonly final: number;
                readonly kept: number;
                readonly unknown: number;
            };
            /** Format: date-time */
            readonly createdAt: string;
            /** Format: date-time */
            readonly updatedAt: string;
            readonly finishedAt: string | null;
        };
        readonly BulkActResult: {
            readonly key: string;
            readonly outcome: ("done" | "already" | "final" | "kept" | "unknown") | null;
        };
        readonly SelectedKeys: {
            readonly keys: number;
            readonly accounts: number;
            readonly used24h: number;
            readonly byStatus: {
                readonly [key: string]: number;
            };
            readonly sample: readonly {
                readonly key: string;
                readonly label: string;
                readonly account: string;
                /** @enum {string} */
                readonly status: "requested" | "active" | "expiring" | "rotating" | "suspended" | "expired" | "revoked";
                readonly lastUsedAt: string | null;
            }[];
            readonly confirm: number | string | null;
        };
        readonly OffboardingPolicy: {
            /** @enum {string} */
            readonly keys: "keep" | "suspend" | "revoke" | "hand-over";
            readonly to: string | null;
            /** @enum {string} */
            readonly setBy: "account" | "platform" | "built-in";
            readonly updatedAt: string | null;
        };
        readonly Offboarding: {
            readonly member: string;
            /** @enum {string} */
            readonly keys: "keep" | "suspend" | "revoke" | "hand-over";
            readonly to: string | null;
            readonly owned: number;
            readonly made: number;
            readonly bulkAct: string | null;
            /** Format: date-time */
            readonly startedAt: string;
        };
        readonly Account: {
            readonly id: string;
            readonly externalId: string | null;
            readonly name: string;
            readonly plan: string | null;
            readonly metadata: {
                readonly [key: string]: string | number | boolean | null | readonly (string | number | boolean | null | readonly unknown[] | {
                    readonly [key: string]: unknown;
                })[] | {
                    readonly [key: string]: string | number | boolean | null | readonly unknown[] | {
                        readonly [key: string]: unknown;
                    };
                };
            };
            /** @enum {string} */
            readonly status: "active" | "suspended" | "closed";
            readonly suspendedReason: string | null;
            readonly closedAt: string | null;
            readonly eraseAt: string | null;
            readonly erasedAt: string | null;
            /** Format: date-time */
            readonly createdAt: string;
            /** Format: date-time */
            readonly updatedAt: string;
        };
        readonly Member: {
            readonly id: string;
            readonly externalId: string | null;
            readonly account: string;
            readonly email: string;
            readonly name: string;
            /** @enum {string} */
            readonly role: "owner" | "admin" | "developer" | "viewer";
            /** @enum {string} */
            readonly status: "active" | "deactivated";
            /** Format: date-time */
            readonly createdAt: string;
            /** Format: date-time */
            readonly updatedAt: string;
        };
        readonly Service: {
            readonly id: string;
            readonly externalId: string | null;
            readonly account: string;
            readonly name: string;
            readonly description: string;
            readonly metadata: {
                readonly [key: string]: string | number | boolean | null | readonly (string | number | boolean | null | readonly unknown[] | {
                    readonly [key: string]: unknown;
                })[] | {
                    readonly [key: string]: string | number | boolean | null | readonly unknown[] | {
                        readonly [key: string]: unknown;
                    };
                };
            };
            /** Format: date-time */
            readonly createdAt: string;
            /** Format: date-time */
            readonly updatedAt: string;
        };
        readonly Rotation: {
            readonly key: string;
            readonly from: number;
            readonly to: number;
            /** @enum {string} */
            readonly kind: "guided" | "emergency";
            /** @enum {string} */
            readonly phase: "issued" | "seen" | "confirmed" | "retiring" | "done" | "cancelled" | "superseded";
            /** @enum {string} */
            readonly graceStarts: "now" | "first-use" | "confirm";
            readonly overlapHours: number;
            /** Format: date-time */
            readonly startedAt: string;
            readonly startedBy: {
                readonly type: string;
                readonly id: string;
            };
            readonly seenAt: string | null;
            readonly confirmedAt: string | null;
            /** Format: date-time */
            readonly oldEndsAt: string;
            /** Format: date-time */
            readonly lastDate: string;
            readonly endedAt: string | null;
            readonly dependants: readonly {
                readonly name: string;
                readonly contact: string | null;
                readonly doneAt: string | null;
                readonly doneBy: {
                    readonly type: string;
                    readonly id: string;
                } | null;
            }[];
        };
        readonly OwnRotation: {
            readonly key: string;
            readonly from: number;
            readonly to: number;
            /** @enum {string} */
            readonly kind: "guided" | "emergency";
            /** @enum {string} */
            readonly phase: "issued" | "seen" | "confirmed" | "retiring" | "done" | "cancelled" | "superseded";
            /** @enum {string} */
            readonly graceStarts: "now" | "first-use" | "confirm";
            readonly overlapHours: number;
            /** Format: date-time */
            readonly startedAt: string;
            readonly startedBy: {
                readonly type: string;
                readonly id: string;
            };
            readonly seenAt: string | null;
            readonly confirmedAt: string | null;
            /** Format: date-time */
            readonly oldEndsAt: string;
            /** Format: date-time */
            readonly lastDate: string;
            readonly endedAt: string | null;
        };
        readonly RotationWarning: {
            /** @enum {string} */
            readonly code: "VERSION_IN_USE" | "NOT_SEEN_IN_USE" | "UNUSUAL_OVERLAP" | "DEPENDANTS_WAIT";
            readonly message: string;
            readonly traffic: {
                readonly version: number;
                readonly firstUsedAt: string | null;
                readonly lastUsedAt: string | null;
                readonly accepted1h: number;
                readonly accepted24h: number;
                readonly refused24h: number;
                readonly sources: readonly {
                    readonly network: string | null;
                    readonly country: string | null;
                    readonly agent: string | null;
                    readonly service: string | null;
                    readonly requests: number;
                    /** Format: date-time */
                    readonly lastAt: string;
                }[] | null;
            } | null;
        };
        readonly RotationInstructions: {
            readonly variable: string;
            readonly steps: readonly string[];
            readonly languages: readonly {
                /** @enum {string} */
                readonly language: "node" | "python" | "ruby" | "go" | "java" | "php" | "curl";
                readonly code: string;
            }[];
        };
        readonly KeyRotation: {
            readonly key: string;
            readonly version: number;
            /** @enum {string} */
            readonly status: "requested" | "active" | "expiring" | "rotating" | "suspended" | "expired" | "revoked";
            readonly rotation: components["schemas"]["Rotation"] | null;
            readonly versions: readonly {
                readonly version: number;
                readonly firstUsedAt: string | null;
                readonly lastUsedAt: string | null;
                readonly accepted1h: number;
                readonly accepted24h: number;
                readonly refused24h: number;
                readonly sources: readonly {
                    readonly network: string | null;
                    readonly country: string | null;
                    readonly agent: string | null;
                    readonly service: string | null;
                    readonly requests: number;
                    /** Format: date-time */
                    readonly lastAt: string;
                }[] | null;
                readonly preview: string;
                /** @enum {string} */
                readonly status: "pending" | "active" | "retiring" | "ended";
                /** Format: date-time */
                readonly createdAt: string;
                readonly expiresAt: string | null;
            }[];
            readonly etag: string;
            /** Format: date-time */
            readonly since: string;
        };
        readonly AuditEvent: {
            readonly id: string;
            readonly seq: number;
            readonly action: string;
            readonly account: string | null;
            readonly actor: {
                readonly type: string;
                readonly id: string;
            };
            readonly target: {
                readonly type: string;
                readonly id: string;
            };
            readonly before?: string | number | boolean | null | readonly (string | number | boolean | null | readonly unknown[] | {
                readonly [key: string]: unknown;
            })[] | {
                readonly [key: string]: string | number | boolean | null | readonly unknown[] | {
                    readonly [key: string]: unknown;
                };
            };
            readonly after?: string | number | boolean | null | readonly (string | number | boolean | null | readonly unknown[] | {
                readonly [key: string]: unknown;
            })[] | {
                readonly [key: string]: string | number | boolean | null | readonly unknown[] | {
                    readonly [key: string]: unknown;
                };
            };
            /** Format: date-time */
            readonly at: string;
            readonly source: {
                readonly via: string;
                readonly ip: string | null;
                readonly userAgent: string | null;
                readonly requestId: string | null;
            };
            /** @constant */
            readonly erased?: true;
        };
        readonly Budget: {
            readonly account: string;
            readonly key: string | null;
            /** @enum {string} */
            readonly measure: "requests" | "cost";
            readonly amount: number;
            readonly period: string;
            readonly spent: number;
            readonly share: number;
            readonly crossings: readonly {
                readonly percent: number;
                /** Format: date-time */
                readonly at: string;
                readonly amount: number;
                readonly spent: number;
            }[];
            /** Format: date-time */
            readonly createdAt: string;
            /** Format: date-time */
            readonly updatedAt: string;
        };
        readonly Scope: {
            readonly name: string;
            readonly description: string;
            /** @enum {string} */
            readonly tier: "read" | "write" | "admin";
            readonly sensitive: boolean;
            readonly routes: readonly {
                readonly method: string;
                readonly path: string;
            }[];
            /** Format: date-time */
            readonly createdAt: string;
            /** Format: date-time */
            readonly updatedAt: string;
        };
        readonly Environment: {
            readonly name: string;
            readonly tag: string;
            /** @enum {string} */
            readonly class: "production" | "staging" | "development";
            readonly scopes: readonly string[] | null;
            readonly limits: readonly (string | number | boolean | null | readonly (string | number | boolean | null | readonly unknown[] | {
                readonly [key: string]: unknown;
            })[] | {
                readonly [key: string]: string | number | boolean | null | readonly unknown[] | {
                    readonly [key: string]: unknown;
                };
            })[];
            /** Format: date-time */
            readonly createdAt: string;
            /** Format: date-time */
            readonly updatedAt: string;
        };
        readonly Plan: {
            readonly name: string;
            readonly limits: readonly (string | number | boolean | null | readonly (string | number | boolean | null | readonly unknown[] | {
                readonly [key: string]: unknown;
            })[] | {
                readonly [key: string]: string | number | boolean | null | readonly unknown[] | {
                    readonly [key: string]: unknown;
                };
            })[];
            readonly maxActiveKeys: number | null;
            readonly scopes: readonly string[] | null;
            /** Format: date-time */
            readonly createdAt: string;
            /** Format: date-time */
            readonly updatedAt: string;
        };
        readonly Drill: {
            readonly id: string;
            readonly environment: string;
            /** @enum {string} */
            readonly status: "running" | "passed" | "failed";
            readonly startedBy: {
                readonly type: string;
                readonly id: string;
            };
            /** Format: date-time */
            readonly startedAt: string;
            readonly finishedAt: string | null;
            readonly key: string | null;
            readonly steps: readonly {
                readonly step: string;
                readonly ok: boolean;
                readonly tookMs: number;
                readonly detail: string;
            }[];
        };
        readonly KeyImport: {
            readonly id: string | null;
            /** @enum {string} */
            readonly state: "open" | "done";
            readonly dryRun: boolean;
            readonly lines: number;
            readonly imported: number;
            readonly known: number;
            readonly failed: number;
            readonly errors: readonly {
                readonly line: number;
                readonly path: string;
                readonly message: string;
            }[];
            /** Format: date-time */
            readonly createdAt: string;
            /** Format: date-time */
            readonly updatedAt: string;
        };
        readonly MeteringPeriod: {
            readonly period: string;
            /** Format: date-time */
            readonly from: string;
            /** Format: date-time */
            readonly to: string;
            /** @enum {string} */
            readonly state: "open" | "closed";
            /** Format: date-time */
            readonly closesAt: string;
            readonly closedAt: string | null;
            readonly accepted: number | null;
            readonly refused: number | null;
            readonly cost: number | null;
        };
        readonly MeteringRow: {
            readonly period: string;
            readonly account: string | null;
            readonly accountExternalId: string | null;
            readonly key: string | null;
            readonly plan: string | null;
            readonly environment: string | null;
            readonly accepted: number;
            readonly refused: number;
            readonly cost: number;
            readonly carriedAccepted: number;
            readonly carriedRefused: number;
            readonly carriedCost: number;
            readonly carriedFrom: readonly string[];
            readonly billableRequests: number;
            readonly billableCost: number;
        };
        readonly Node: {
            readonly name: string;
            readonly software: string;
            readonly incarnation: string;
            readonly self: boolean;
            /** Format: date-time */
            readonly startedAt: string;
            readonly termMs: number;
            readonly leaseAgeMs: number | null;
            readonly ackedSeq: number;
            readonly lag: number | null;
            readonly fenced: boolean;
            readonly verifiers: number;
        };
        readonly Notices: {
            readonly member: string;
            readonly expiry: boolean;
            readonly ended: boolean;
            readonly rotation: boolean;
            readonly reveal: boolean;
            readonly approval: boolean;
            readonly budget: boolean;
        };
        readonly Mail: {
            readonly id: string;
            readonly account: string;
            readonly member: string;
            /** @enum {string} */
            readonly state: "waiting" | "sent" | "failed" | "dropped";
            readonly attempts: readonly {
                /** Format: date-time */
                readonly at: string;
                readonly status: number | null;
                readonly error: string | null;
                readonly ms: number;
            }[];
            readonly dueAt: string | null;
            /** Format: date-time */
            readonly createdAt: string;
            readonly endedAt: string | null;
        };
        readonly SeriesPoint: {
            /** Format: date-time */
            readonly at: string;
            readonly requests: number;
            readonly accepted: number;
            readonly refused: number;
            readonly refusals: {
                readonly [key: string]: number;
            };
            readonly durationMs: {
                readonly reported: number;
                readonly mean: number;
                readonly max: number;
            } | null;
        };
        readonly UsageSeries: {
            /** @enum {string} */
            readonly period: "1h" | "24h" | "7d" | "30d" | "90d" | "12mo";
            /** @enum {string} */
            readonly step: "minute" | "hour" | "6 hours" | "day" | "month";
            /** Format: date-time */
            readonly from: string;
            /** Format: date-time */
            readonly to: string;
            readonly complete: boolean;
            readonly data: readonly components["schemas"]["SeriesPoint"][];
        };
        readonly UseOrigin: {
            readonly network: string | null;
            readonly country: string | null;
            readonly agent: string | null;
            readonly service: string | null;
            readonly method: string | null;
            readonly route: string | null;
        };
        readonly UsageSource: {
            readonly value: string;
            /** Format: date-time */
            readonly firstSeen: string;
            /** Format: date-time */
            readonly lastSeen: string;
            readonly accepted: number;
            readonly refused: number;
        };
        readonly KeyRefusal: {
            readonly code: string;
            readonly requests: number;
            /** Format: date-time */
            readonly firstAt: string;
            /** Format: date-time */
            readonly lastAt: string;
            readonly versions: readonly number[];
            readonly sinceLastUse: {
                readonly requests: number;
                /** Format: date-time */
                readonly firstAt: string;
            } | null;
            readonly why: string;
            readonly advice: string;
            readonly last: components["schemas"]["UseOrigin"] | null;
            readonly endpoints: readonly {
                readonly method: string | null;
                readonly route: string | null;
                readonly scope: string | null;
                readonly requests: number;
            }[];
        };
        readonly KeyUsage: {
            readonly key: string;
            readonly status: {
                /** @enum {string} */
                readonly is: "requested" | "active" | "expiring" | "rotating" | "suspended" | "expired" | "revoked";
                readonly since: string | null;
                readonly by: {
                    readonly type: string;
                    readonly id: string;
                } | null;
                readonly reason: string | null;
                readonly comment: string | null;
                readonly why: string;
            };
            readonly use: {
                /** @enum {string} */
                readonly is: "working" | "quiet" | "failing" | "unused";
                readonly why: string;
                readonly lastUsedAt: string | null;
                readonly version: number | null;
                readonly last: components["schemas"]["UseOrigin"] | null;
                readonly accepted24h: number;
                readonly refused24h: number;
            };
            readonly failing: {
                /** Format: date-time */
                readonly since: string;
                readonly requests: number;
                /** Format: date-time */
                readonly lastAt: string;
                readonly codes: readonly string[];
                readonly why: string;
            } | null;
            readonly afterDeath: {
                /** Format: date-time */
                readonly since: string;
                readonly attempts: number;
                readonly lastAt: string | null;
                readonly last: components["schemas"]["UseOrigin"] | null;
                readonly silent: boolean;
                readonly why: string;
            } | null;
            readonly versions: readonly {
                readonly version: number;
                readonly firstUsedAt: string | null;
                readonly lastUsedAt: string | null;
                readonly lastRefusedAt: string | null;
                readonly lastRefusedCode: string | null;
                readonly accepted: number;
                readonly refused: number;
            }[];
            readonly refusals: readonly components["schemas"]["KeyRefusal"][];
            readonly timeline: readonly {
                /** Format: date-time */
                readonly at: string;
                readonly what: string;
                readonly version: number | null;
                readonly code: string | null;
                readonly by: {
                    readonly type: string;
                    readonly id: string;
                } | null;
                readonly why: string;
            }[];
            readonly series: components["schemas"]["UsageSeries"];
            readonly sources: {
                readonly networks: readonly components["schemas"]["UsageSource"][];
                readonly countries: readonly components["schemas"]["UsageSource"][];
                readonly agents: readonly components["schemas"]["UsageSource"][];
                readonly services: readonly components["schemas"]["UsageSource"][];
            };
            readonly browser: {
                /** Format: date-time */
                readonly firstSeen: string;
                /** Format: date-time */
                readonly lastSeen: string;
                readonly accepted: number;
                readonly refused: number;
            } | null;
            readonly routes: readonly {
                readonly method: string | null;
                readonly route: string | null;
                readonly mapped: boolean;
                readonly accepted: number;
                readonly refused: number;
                readonly cost: number;
                /** Format: date-time */
                readonly lastDay: string;
            }[];
        };
        readonly BusyKey: {
            readonly key: string;
            readonly label: string;
            readonly environment: string | null;
            readonly accepted: number;
            readonly refused: number;
            readonly cost: number;
        };
        readonly AccountUsage: {
            readonly account: string;
            readonly name: string;
            readonly status: {
                /** @enum {string} */
                readonly is: "active" | "suspended";
                readonly since: string | null;
                readonly by: {
                    readonly type: string;
                    readonly id: string;
                } | null;
                readonly reason: string | null;
                readonly why: string;
            };
            readonly keys: {
                readonly total: number;
                readonly active: number;
                readonly expiring: number;
                readonly suspended: number;
                readonly expired: number;
                readonly revoked: number;
                readonly used24h: number;
                readonly used30d: number;
                readonly neverUsed: number;
            };
            readonly use: {
                readonly why: string;
                readonly lastUsedAt: string | null;
                readonly lastUsedKey: string | null;
            };
            readonly failing: {
                readonly keys: number;
                readonly more: boolean;
                readonly data: readonly {
                    readonly key: string;
                    readonly label: string;
                    readonly code: string;
                    readonly lastUsedAt: string | null;
                    /** Format: date-time */
                    readonly lastRefusedAt: string;
                }[];
            };
            readonly refusals: readonly {
                readonly code: string;
                readonly requests: number;
                readonly keys: number;
                /** Format: date-time */
                readonly firstAt: string;
                /** Format: date-time */
                readonly lastAt: string;
            }[];
            readonly refusalsOf: {
                readonly keys: number;
                readonly more: boolean;
            };
            /** Format: date-time */
            readonly since: string;
            readonly busiest: readonly components["schemas"]["BusyKey"][];
            readonly routes: readonly {
                readonly method: string | null;
                readonly route: string | null;
                readonly accepted: number;
                readonly refused: number;
                readonly keys: number;
            }[];
            readonly sources: {
                readonly networks: readonly components["schemas"]["UsageSource"][];
                readonly countries: readonly components["schemas"]["UsageSource"][];
                readonly agents: readonly components["schemas"]["UsageSource"][];
                readonly services: readonly components["schemas"]["UsageSource"][];
            };
            readonly series: components["schemas"]["UsageSeries"];
        };
        readonly RecordedUsage: {
            readonly until: string | null;
            readonly why: string;
            readonly lost: {
                readonly since: string | null;
                readonly requests: number;
                readonly paths: readonly {
                    /** @enum {string} */
                    readonly path: "verifier" | "node" | "unwritable" | "verifier-gone" | "node-gone";
                    readonly requests: number | null;
                    readonly times: number;
                    /** Format: date-time */
                    readonly firstAt: string;
                    /** Format: date-time */
                    readonly lastAt: string;
                    readonly why: string;
                }[];
            };
        };
        readonly Overview: {
            /** Format: date-time */
            readonly at: string;
            readonly keys: {
                readonly total: number;
                readonly active: number;
                readonly expiring: number;
                readonly suspended: number;
                readonly expired: number;
                readonly revoked: number;
                readonly byEnvironment: readonly {
                    readonly environment: string;
                    readonly total: number;
                    readonly active: number;
                    readonly expiring: number;
                    readonly suspended: number;
                    readonly expired: number;
                    readonly revoked: number;
                }[];
            };
            readonly usage: {
                readonly today: {
                    readonly requests: number;
                    readonly accepted: number;
                    readonly refused: number;
                };
                readonly days7: {
                    readonly requests: number;
                    readonly accepted: number;
                    readonly refused: number;
                };
                readonly days30: {
                    readonly requests: number;
                    readonly accepted: number;
                    readonly refused: number;
                };
            };
            readonly refusals: readonly {
                readonly code: string;
                readonly today: number;
                readonly days7: number;
                readonly days30: number;
            }[];
            readonly series: components["schemas"]["UsageSeries"];
            readonly busiest: {
                /** Format: date-time */
                readonly since: string;
                readonly complete: boolean;
                readonly keys: readonly {
                    readonly key: string;
                    readonly label: string;
                    readonly account: string;
                    readonly environment: string | null;
                    readonly requests: number;
                }[];
                readonly accounts: readonly {
                    readonly account: string;
                    readonly name: string;
                    readonly requests: number;
                }[];
            };
            readonly failing: {
                readonly keys: number;
                readonly more: boolean;
                readonly data: readonly {
                    readonly key: string;
                    readonly label: string;
                    readonly code: string;
                    readonly lastUsedAt: string | null;
                    /** Format: date-time */
                    readonly lastRefusedAt: string;
                }[];
            };
            readonly strangers: {
                /** Format: date-time */
                readonly since: string;
                readonly requests: number;
                readonly codes: readonly {
                    readonly code: string;
                    readonly requests: number;
                }[];
                readonly networks: readonly {
                    readonly network: string;
                    readonly requests: number;
                }[];
            };
            readonly recorded: components["schemas"]["RecordedUsage"];
            readonly views: readonly {
                readonly name: string;
                readonly total: number;
                readonly more: boolean;
            }[];
            readonly cluster: {
                readonly nodes: number;
                readonly fenced: number;
                readonly verifiers: number;
            };
        };
        readonly RotationSchedule: {
            readonly key: string;
            readonly account: string;
            readonly everyDays: number | null;
            readonly overlapHours: number;
            readonly deliverTo: components["schemas"]["DeliverTo"];
            /** Format: date-time */
            readonly nextAt: string;
            readonly heldSince: string | null;
            readonly heldBecause: ("store" | "unclaimed" | "refused") | null;
            readonly heldDetail: string | null;
            /** Format: date-time */
            readonly createdAt: string;
            /** Format: date-time */
            readonly updatedAt: string;
        };
        readonly ScimCredential: {
            readonly key: string;
            readonly account: string;
            /** Format: date-time */
            readonly createdAt: string;
        };
        readonly Split: {
            readonly id: string;
            readonly key: string;
            readonly account: string;
            /** @enum {string} */
            readonly state: "open" | "finished" | "cancelled";
            readonly days: number;
            readonly quietHours: number;
            readonly revokes: boolean;
            readonly startedBy: {
                readonly type: string;
                readonly id: string;
            };
            /** Format: date-time */
            readonly startedAt: string;
            readonly endedAt: string | null;
            readonly endedBecause: ("quiet" | "asked" | "key") | null;
        };
        readonly SplitCaller: {
            readonly name: string;
            readonly match: {
                readonly service: string | null;
                readonly network: string | null;
                readonly agent: string | null;
            };
            readonly description: string | null;
            readonly found: boolean;
            /** @enum {string} */
            readonly progress: "waiting" | "requested" | "issued" | "moving" | "moved" | "dropped";
            readonly requests: number;
            readonly requests24h: number;
            readonly routes: readonly {
                readonly method: string | null;
                readonly route: string | null;
            }[];
            readonly firstSeenAt: string | null;
            readonly lastSeenAt: string | null;
            readonly suggestion: {
                readonly tier: ("read" | "write" | "admin") | null;
                readonly scopes: readonly string[];
            } | null;
            readonly key: string | null;
            readonly owner: string | null;
            readonly keyFirstUsedAt: string | null;
            readonly keyLastUsedAt: string | null;
        };
        readonly SplitShown: {
            readonly split: components["schemas"]["Split"];
            readonly callers: readonly components["schemas"]["SplitCaller"][];
            readonly remaining: {
                readonly lastUsedAt: string | null;
                readonly requests24h: number;
                readonly unlisted24h: number;
                /** Format: date-time */
                readonly since: string;
            };
            readonly standing: {
                readonly ready: boolean;
                readonly waitingFor: readonly string[];
                readonly unlisted: boolean;
                /** Format: date-time */
                readonly quietAt: string;
            };
        };
        readonly VaultStore: {
            readonly address: string;
            /** @default secret */
            readonly mount: string;
            /** @default null */
            readonly namespace: string | null;
            readonly token?: string;
            readonly appRole?: {
                /** @default approle */
                readonly mount: string;
                readonly roleId: string;
                readonly secretId?: string;
            };
        };
        readonly AwsSecretsManagerStore: {
            readonly region: string;
            /** @default null */
            readonly endpoint: string | null;
            /** @default null */
            readonly kmsKeyId: string | null;
            readonly accessKeyId: string;
            readonly secretAccessKey?: string;
        };
        readonly Store: {
            readonly id: string;
            /** @enum {string} */
            readonly kind: "vault" | "aws-secrets-manager" | "command";
            readonly description: string | null;
            readonly pathPrefix: string;
            readonly vault: {
                readonly address: string;
                readonly mount: string;
                readonly namespace: string | null;
                /** @enum {string} */
                readonly auth: "token" | "approle";
                readonly appRole: {
                    readonly mount: string;
                    readonly roleId: string;
                } | null;
            } | null;
            readonly aws: {
                readonly region: string;
                readonly endpoint: string | null;
                readonly kmsKeyId: string | null;
                readonly accessKeyId: string;
            } | null;
            readonly command: string | null;
            /** Format: date-time */
            readonly createdAt: string;
            /** Format: date-time */
            readonly updatedAt: string;
        };
        readonly StoreTest: {
            readonly store: string;
            readonly passed: boolean;
            readonly readBack: boolean | null;
            readonly error: string | null;
            readonly ms: number;
        };
        readonly UsagePoint: {
            /** Format: date-time */
            readonly at: string;
            readonly group: string | null;
            readonly requests: number;
            readonly accepted: number;
            readonly refused: number;
            readonly cost: number;
        };
        readonly UsageSummary: {
            /** Format: date-time */
            readonly from: string;
            /** Format: date-time */
            readonly to: string;
            readonly step: string;
            readonly by: string | null;
            readonly data: readonly components["schemas"]["UsagePoint"][];
        };
        readonly UsageEvent: {
            /** Format: date-time */
            readonly at: string;
            readonly key: string;
            readonly version: number;
            readonly account: string;
            readonly environment: string;
            readonly code: string;
            readonly method: string | null;
            readonly route: string | null;
            readonly mapped: boolean;
            readonly status: number | null;
            readonly durationMs: number | null;
            readonly ip: string | null;
            readonly network: string | null;
            readonly country: string | null;
            readonly agent: string | null;
            readonly browser: boolean;
            readonly service: string | null;
            readonly requestId: string | null;
            readonly cost: number;
            readonly rate: number;
        };
        readonly StrangerHour: {
            /** Format: date-time */
            readonly at: string;
            readonly network: string;
            readonly code: string;
            readonly requests: number;
        };
        readonly KeySuggestion: {
            readonly key: string;
            /** Format: date-time */
            readonly since: string;
            readonly granted: {
                readonly tier: ("read" | "write" | "admin") | null;
                readonly scopes: readonly string[];
            };
            readonly used: readonly {
                readonly scope: string;
                readonly requests: number;
                /** Format: date-time */
                readonly lastDay: string;
                readonly endpoints: readonly {
                    readonly method: string | null;
                    readonly route: string;
                    readonly requests: number;
                }[];
            }[];
            readonly unused: readonly string[];
            readonly unclear: number;
            readonly suggestion: {
                readonly tier: ("read" | "write" | "admin") | null;
                readonly scopes: readonly string[];
            } | null;
            readonly why: string;
        };
        readonly Endpoint: {
            readonly environment: string;
            readonly method: string | null;
            readonly template: string;
            readonly mapped: boolean;
            readonly scope: string | null;
            /** Format: date-time */
            readonly firstSeen: string;
            /** Format: date-time */
            readonly lastSeen: string;
            readonly accepted: number;
            readonly refused: number;
        };
        readonly UncalledEndpoint: {
            readonly method: string;
            readonly template: string;
            readonly scope: string;
            readonly lastSeen: string | null;
            readonly accepted: number;
            readonly refused: number;
        };
        readonly EndpointCallers: {
            readonly keys: number;
            readonly accounts: number;
            readonly callers: readonly {
                readonly key: string;
                readonly account: string;
                readonly accepted: number;
                readonly refused: number;
                /** Format: date-time */
                readonly lastDay: string;
            }[];
            readonly callingAccounts: readonly {
                readonly account: string;
                readonly keys: number;
                readonly accepted: number;
                readonly refused: number;
                /** Format: date-time */
                readonly lastDay: string;
            }[];
        };
        readonly Verdict: {
            readonly valid: boolean;
            readonly code: string;
            /** @enum {string} */
            readonly checked?: "identity" | "scopes" | "route";
            readonly keyId?: string;
            readonly version?: number;
            readonly account?: string;
            readonly environment?: string;
            readonly scopes?: readonly string[];
            readonly tier?: string | null;
            readonly expiresAt?: string | null;
            /** Format: date-time */
            readonly retiresAt?: string;
            readonly limits?: readonly {
                readonly name: string;
                /** @enum {string} */
                readonly per: "second" | "minute" | "hour" | "day" | "month" | "lifetime";
                readonly limit: number;
                readonly remaining: number;
                readonly resetAt: string | null;
            }[];
            readonly retryAfterMs?: number | null;
            readonly metadata?: {
                readonly [key: string]: string | number | boolean | null | readonly (string | number | boolean | null | readonly unknown[] | {
                    readonly [key: string]: unknown;
                })[] | {
                    readonly [key: string]: string | number | boolean | null | readonly unknown[] | {
                        readonly [key: string]: unknown;
                    };
                };
            };
            readonly route?: string | null;
            readonly missing?: readonly string[];
        };
        readonly SavedView: {
            readonly name: string;
            readonly description: string | null;
            readonly filter: {
                readonly [key: string]: string;
            };
            readonly shared: boolean;
            readonly notify: boolean;
            readonly mine: boolean;
            /** Format: date-time */
            readonly createdAt: string;
            /** Format: date-time */
            readonly updatedAt: string;
        };
        readonly View: {
            readonly name: string;
            readonly description: string | null;
            readonly builtIn: boolean;
            /** @enum {string} */
            readonly rows: "keys" | "accounts";
            readonly total: number | null;
            readonly filter: {
                readonly [key: string]: string;
            } | null;
            readonly shared: boolean;
            readonly notify: boolean;
            readonly mine: boolean;
        };
        readonly ViewedKey: {
            readonly id: string;
            readonly label: string;
            readonly purpose: string | null;
            readonly account: string;
            readonly environment: string | null;
            readonly scopes: readonly string[];
            readonly tier: ("read" | "write" | "admin") | null;
            readonly owner: string | null;
            readonly service: string | null;
            readonly createdBy: string;
            /** Format: date-time */
            readonly createdAt: string;
            /** Format: date-time */
            readonly updatedAt: string;
            readonly expiresAt: string | null;
            readonly lastUsedAt: string | null;
            readonly lastRefusedAt: string | null;
            readonly lastRefusedCode: string | null;
            readonly requests30d: number;
            /** @enum {string} */
            readonly status: "requested" | "active" | "expiring" | "rotating" | "suspended" | "expired" | "revoked";
            readonly statusReason: string | null;
            readonly statusComment: string | null;
            readonly statusAt: string | null;
            readonly rationale: string | null;
            readonly storedIn: string | null;
            readonly criticality: string | null;
            readonly runbookUrl: string | null;
            readonly dependants: readonly (string | number | boolean | null | readonly (string | number | boolean | null | readonly unknown[] | {
                readonly [key: string]: unknown;
            })[] | {
                readonly [key: string]: string | number | boolean | null | readonly unknown[] | {
                    readonly [key: string]: unknown;
                };
            })[];
            readonly audiences: readonly string[];
            readonly version: number;
            readonly preview: string;
            readonly versions: readonly {
                readonly version: number;
                readonly preview: string;
                /** @enum {string} */
                readonly status: "pending" | "active" | "retiring" | "ended";
                /** Format: date-time */
                readonly createdAt: string;
                readonly firstUsedAt: string | null;
                readonly lastUsedAt: string | null;
                readonly expiresAt: string | null;
            }[];
            readonly allowedIps: readonly string[];
            readonly allowedReferrers: readonly string[];
            readonly limits: readonly (string | number | boolean | null | readonly (string | number | boolean | null | readonly unknown[] | {
                readonly [key: string]: unknown;
            })[] | {
                readonly [key: string]: string | number | boolean | null | readonly unknown[] | {
                    readonly [key: string]: unknown;
                };
            })[];
            readonly throttle: components["schemas"]["KeyThrottle"] | null;
            readonly recoverable: boolean;
            readonly etag: string;
            readonly tags: readonly string[];
            readonly metadata: {
                readonly [key: string]: string | number | boolean | null | readonly (string | number | boolean | null | readonly unknown[] | {
                    readonly [key: string]: unknown;
                })[] | {
                    readonly [key: string]: string | number | boolean | null | readonly unknown[] | {
                        readonly [key: string]: unknown;
                    };
                };
            };
            readonly why: string;
            readonly figures: {
                readonly [key: string]: string | number | boolean | null | readonly (string | number | boolean | null | readonly unknown[] | {
                    readonly [key: string]: unknown;
                })[] | {
                    readonly [key: string]: string | number | boolean | null | readonly unknown[] | {
                        readonly [key: string]: unknown;
                    };
                };
            };
        };
        readonly ViewedAccount: {
            readonly id: string;
            readonly externalId: string | null;
            readonly name: string;
            readonly plan: string | null;
            /** @enum {string} */
            readonly status: "active" | "suspended";
            readonly activeKeys: number;
            readonly why: string;
            readonly figures: {
                readonly [key: string]: string | number | boolean | null | readonly (string | number | boolean | null | readonly unknown[] | {
                    readonly [key: string]: unknown;
                })[] | {
                    readonly [key: string]: string | number | boolean | null | readonly unknown[] | {
                        readonly [key: string]: unknown;
                    };
                };
            };
        };
        readonly Webhook: {
            readonly id: string;
            readonly account: string | null;
            readonly url: string;
            /** @enum {string} */
            readonly format: "standard" | "slack";
            readonly description: string | null;
            readonly events: readonly string[];
            /** @enum {string} */
            readonly status: "active" | "disabled";
            readonly disabledReason: ("gone" | "failing" | "asked") | null;
            readonly disabledAt: string | null;
            readonly failingSince: string | null;
            readonly formerSecretUntil: string | null;
            /** Format: date-time */
            readonly createdAt: string;
            /** Format: date-time */
            readonly updatedAt: string;
        };
        readonly WebhookWithSecret: {
            readonly id: string;
            readonly account: string | null;
            readonly url: string;
            /** @enum {string} */
            readonly format: "standard" | "slack";
            readonly description: string | null;
            readonly events: readonly string[];
            /** @enum {string} */
            readonly status: "active" | "disabled";
            readonly disabledReason: ("gone" | "failing" | "asked") | null;
            readonly disabledAt: string | null;
            readonly failingSince: string | null;
            readonly formerSecretUntil: string | null;
            /** Format: date-time */
            readonly createdAt: string;
            /** Format: date-time */
            readonly updatedAt: string;
            readonly secret: string | null;
        };
        readonly Delivery: {
            readonly id: string;
            readonly webhook: string;
            readonly event: string;
            readonly type: string;
            readonly repeat: number;
            /** @enum {string} */
            readonly state: "waiting" | "delivered" | "failed";
            readonly attempts: readonly {
                /** Format: date-time */
                readonly at: string;
                readonly status: number | null;
                readonly error: string | null;
                readonly ms: number;
            }[];
            readonly dueAt: string | null;
            /** Format: date-time */
            readonly createdAt: string;
            readonly endedAt: string | null;
        };
        readonly EventType: {
            readonly type: string;
            readonly description: string;
            readonly schema: {
                readonly [key: string]: string | number | boolean | null | readonly (string | number | boolean | null | readonly unknown[] | {
                    readonly [key: string]: unknown;
                })[] | {
                    readonly [key: string]: string | number | boolean | null | readonly unknown[] | {
                        readonly [key: string]: unknown;
                    };
                };
            };
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    readonly "accounts.get": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The account */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Account"];
                };
            };
            /** @description TWO_CREDENTIALS, KEY_IN_QUERY, VALIDATION_FAILED */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED, INVALID_TOKEN */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INSUFFICIENT_SCOPE */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description NOT_FOUND */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description TOO_MANY_ATTEMPTS */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAVAILABLE */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "accounts.put": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": {
                    readonly name: string;
                    readonly plan?: string | null;
                    readonly metadata?: {
                        readonly [key: string]: string | number | boolean | null | readonly (string | number | boolean | null | readonly unknown[] | {
                            readonly [key: string]: unknown;
                        })[] | {
                            readonly [key: string]: string | number | boolean | null | readonly unknown[] | {
                                readonly [key: string]: unknown;
                            };
                        };
                    };
                };
            };
        };
        readonly responses: {
            /** @description Replaced */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly account: components["schemas"]["Account"];
                        readonly effective: components["schemas"]["Effective"] | null;
                    };
                };
            };
            /** @description Created */
            readonly 201: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly account: components["schemas"]["Account"];
                        readonly effective: components["schemas"]["Effective"] | null;
                    };
                };
            };
            /** @description TWO_CREDENTIALS, KEY_IN_QUERY, VALIDATION_FAILED, MALFORMED_JSON */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED, INVALID_TOKEN */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INSUFFICIENT_SCOPE */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description NOT_FOUND */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description CONFLICT, STATE_CONFLICT */
            readonly 409: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description PAYLOAD_TOO_LARGE */
            readonly 413: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNSUPPORTED_MEDIA_TYPE */
            readonly 415: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description TOO_MANY_ATTEMPTS */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAVAILABLE */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "accounts.update": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": {
                    readonly name?: string;
                    readonly plan?: string | null;
                    readonly metadata?: {
                        readonly [key: string]: string | number | boolean | null | readonly (string | number | boolean | null | readonly unknown[] | {
                            readonly [key: string]: unknown;
                        })[] | {
                            readonly [key: string]: string | number | boolean | null | readonly unknown[] | {
                                readonly [key: string]: unknown;
                            };
                        };
                    };
                };
            };
        };
        readonly responses: {
            /** @description Changed */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly account: components["schemas"]["Account"];
                        readonly effective: components["schemas"]["Effective"] | null;
                    };
                };
            };
            /** @description TWO_CREDENTIALS, KEY_IN_QUERY, VALIDATION_FAILED, MALFORMED_JSON */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED, INVALID_TOKEN */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INSUFFICIENT_SCOPE */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description NOT_FOUND */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description STATE_CONFLICT */
            readonly 409: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description PAYLOAD_TOO_LARGE */
            readonly 413: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNSUPPORTED_MEDIA_TYPE */
            readonly 415: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description TOO_MANY_ATTEMPTS */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAVAILABLE */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "accounts.list": {
        readonly parameters: {
            readonly query?: {
                readonly limit?: number;
                readonly cursor?: string;
                readonly status?: "active" | "suspended" | "closed";
                readonly plan?: string;
                readonly q?: string;
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description A page of accounts */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly data: readonly components["schemas"]["Account"][];
                        readonly nextCursor: string | null;
                    };
                };
            };
            /** @description INVALID_CURSOR, TWO_CREDENTIALS, KEY_IN_QUERY, VALIDATION_FAILED */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED, INVALID_TOKEN */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INSUFFICIENT_SCOPE */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description TOO_MANY_ATTEMPTS */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAVAILABLE */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "accounts.suspend": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                readonly "Idempotency-Key"?: string;
            };
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": {
                    readonly reason: string;
                };
            };
        };
        readonly responses: {
            /** @description Suspended everywhere */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly account: components["schemas"]["Account"];
                        readonly effective: components["schemas"]["Effective"] | null;
                    };
                };
            };
            /** @description TWO_CREDENTIALS, KEY_IN_QUERY, VALIDATION_FAILED, MALFORMED_JSON */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED, INVALID_TOKEN */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INSUFFICIENT_SCOPE */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description NOT_FOUND */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description STATE_CONFLICT, IDEMPOTENCY_IN_PROGRESS */
            readonly 409: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description PAYLOAD_TOO_LARGE */
            readonly 413: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNSUPPORTED_MEDIA_TYPE */
            readonly 415: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description IDEMPOTENCY_KEY_REUSED */
            readonly 422: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description TOO_MANY_ATTEMPTS */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description BARRIER_UNCONFIRMED, UNAVAILABLE */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "accounts.resume": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                readonly "Idempotency-Key"?: string;
            };
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Resumed */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly account: components["schemas"]["Account"];
                        readonly effective: components["schemas"]["Effective"] | null;
                    };
                };
            };
            /** @description TWO_CREDENTIALS, KEY_IN_QUERY, VALIDATION_FAILED */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED, INVALID_TOKEN */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INSUFFICIENT_SCOPE */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description NOT_FOUND */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description STATE_CONFLICT, IDEMPOTENCY_IN_PROGRESS */
            readonly 409: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description IDEMPOTENCY_KEY_REUSED */
            readonly 422: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description TOO_MANY_ATTEMPTS */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAVAILABLE */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "members.get": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly account: string;
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The member */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Member"];
                };
            };
            /** @description TWO_CREDENTIALS, KEY_IN_QUERY, VALIDATION_FAILED */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED, INVALID_TOKEN */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INSUFFICIENT_SCOPE */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description NOT_FOUND */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description TOO_MANY_ATTEMPTS */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAVAILABLE */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "members.put": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly account: string;
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": {
                    /** Format: email */
                    readonly email: string;
                    readonly name: string;
                    /** @enum {string} */
                    readonly role: "owner" | "admin" | "developer" | "viewer";
                    /**
                     * @default active
                     * @enum {string}
                     */
                    readonly status?: "active" | "deactivated";
                };
            };
        };
        readonly responses: {
            /** @description Replaced */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly member: components["schemas"]["Member"];
                        readonly offboarding: components["schemas"]["Offboarding"] | null;
                        readonly effective: components["schemas"]["Effective"] | null;
                    };
                };
            };
            /** @description Created */
            readonly 201: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly member: components["schemas"]["Member"];
                        readonly offboarding: components["schemas"]["Offboarding"] | null;
                        readonly effective: components["schemas"]["Effective"] | null;
                    };
                };
            };
            /** @description TWO_CREDENTIALS, KEY_IN_QUERY, VALIDATION_FAILED, MALFORMED_JSON */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED, INVALID_TOKEN */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INSUFFICIENT_SCOPE */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description NOT_FOUND */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description CONFLICT, STATE_CONFLICT */
            readonly 409: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description PAYLOAD_TOO_LARGE */
            readonly 413: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNSUPPORTED_MEDIA_TYPE */
            readonly 415: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description TOO_MANY_ATTEMPTS */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description BARRIER_UNCONFIRMED, UNAVAILABLE */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "members.list": {
        readonly parameters: {
            readonly query?: {
                readonly limit?: number;
                readonly cursor?: string;
                readonly status?: "active" | "deactivated";
            };
            readonly header?: never;
            readonly path: {
                readonly account: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description A page of members */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly data: readonly components["schemas"]["Member"][];
                        readonly nextCursor: string | null;
                    };
                };
            };
            /** @description INVALID_CURSOR, TWO_CREDENTIALS, KEY_IN_QUERY, VALIDATION_FAILED */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED, INVALID_TOKEN */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INSUFFICIENT_SCOPE */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description NOT_FOUND */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description TOO_MANY_ATTEMPTS */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAVAILABLE */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "offboarding.get": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description What holds */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["OffboardingPolicy"];
                };
            };
            /** @description TWO_CREDENTIALS, KEY_IN_QUERY */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED, INVALID_TOKEN */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INSUFFICIENT_SCOPE */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description TOO_MANY_ATTEMPTS */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAVAILABLE */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "offboarding.put": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": {
                    readonly keys: ("keep" | "suspend" | "revoke" | "hand-over") | null;
                    readonly to?: string;
                };
            };
        };
        readonly responses: {
            /** @description What holds now */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["OffboardingPolicy"];
                };
            };
            /** @description TWO_CREDENTIALS, KEY_IN_QUERY, VALIDATION_FAILED, MALFORMED_JSON */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED, INVALID_TOKEN */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INSUFFICIENT_SCOPE */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description PAYLOAD_TOO_LARGE */
            readonly 413: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNSUPPORTED_MEDIA_TYPE */
            readonly 415: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description TOO_MANY_ATTEMPTS */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAVAILABLE */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "offboarding.get-account": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description What holds */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["OffboardingPolicy"];
                };
            };
            /** @description TWO_CREDENTIALS, KEY_IN_QUERY, VALIDATION_FAILED */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED, INVALID_TOKEN */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INSUFFICIENT_SCOPE */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description NOT_FOUND */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description TOO_MANY_ATTEMPTS */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAVAILABLE */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "offboarding.put-account": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": {
                    readonly keys: ("keep" | "suspend" | "revoke" | "hand-over") | null;
                    readonly to?: string;
                };
            };
        };
        readonly responses: {
            /** @description What holds now */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["OffboardingPolicy"];
                };
            };
            /** @description TWO_CREDENTIALS, KEY_IN_QUERY, VALIDATION_FAILED, MALFORMED_JSON */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED, INVALID_TOKEN */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INSUFFICIENT_SCOPE */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description NOT_FOUND */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description PAYLOAD_TOO_LARGE */
            readonly 413: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNSUPPORTED_MEDIA_TYPE */
            readonly 415: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description TOO_MANY_ATTEMPTS */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAVAILABLE */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "members.offboard": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                readonly "Idempotency-Key"?: string;
            };
            readonly path: {
                readonly account: string;
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: {
            readonly content: {
                readonly "application/json": {
                    /** @enum {string} */
                    readonly keys?: "keep" | "suspend" | "revoke" | "hand-over";
                    readonly to?: string;
                    readonly reason?: string;
                    /** @default false */
                    readonly dryRun?: boolean;
                    readonly confirm?: number;
                    /** @default 20 */
                    readonly waitSeconds?: number;
                };
            };
        };
        readonly responses: {
            /** @description Done, and in force everywhere; or what a dry run found */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly dryRun: boolean;
                        readonly preview: {
                            /** @enum {string} */
                            readonly keys: "keep" | "suspend" | "revoke" | "hand-over";
                            readonly to: string | null;
                            readonly owned: {
                                readonly keys: number;
                                readonly accounts: number;
                                readonly used24h: number;
                                readonly byStatus: {
                                    readonly [key: string]: number;
                                };
                                readonly sample: readonly {
                                    readonly key: string;
                                    readonly label: string;
                                    readonly account: string;
                                    /** @enum {string} */
                                    readonly status: "requested" | "active" | "expiring" | "rotating" | "suspended" | "expired" | "revoked";
                                    readonly lastUsedAt: string | null;
                                }[];
                            };
                            readonly made: {
                                readonly keys: number;
                                readonly accounts: number;
                                readonly used24h: number;
                                readonly byStatus: {
                                    readonly [key: string]: number;
                                };
                                readonly sample: readonly {
                                    readonly key: string;
                                    readonly label: string;
                                    readonly account: string;
                                    /** @enum {string} */
                                    readonly status: "requested" | "active" | "expiring" | "rotating" | "suspended" | "expired" | "revoked";
                                    readonly lastUsedAt: string | null;
                                }[];
                            };
                            readonly confirm: number | null;
                        } | null;
                        readonly offboarding: components["schemas"]["Offboarding"] | null;
                        readonly bulkAct: components["schemas"]["BulkAct"] | null;
                        readonly results: readonly components["schemas"]["BulkActResult"][];
                        readonly effective: components["schemas"]["Effective"] | null;
                    };
                };
            };
            /** @description Under way: it goes on by itself */
            readonly 202: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly dryRun: boolean;
                        readonly preview: {
                            /** @enum {string} */
                            readonly keys: "keep" | "suspend" | "revoke" | "hand-over";
                            readonly to: string | null;
                            readonly owned: {
                                readonly keys: number;
                                readonly accounts: number;
                                readonly used24h: number;
                                readonly byStatus: {
                                    readonly [key: string]: number;
                                };
                                readonly sample: readonly {
                                    readonly key: string;
                                    readonly label: string;
                                    readonly account: string;
                                    /** @enum {string} */
                                    readonly status: "requested" | "active" | "expiring" | "rotating" | "suspended" | "expired" | "revoked";
                                    readonly lastUsedAt: string | null;
                                }[];
                            };
                            readonly made: {
                                readonly keys: number;
                                readonly accounts: number;
                                readonly used24h: number;
                                readonly byStatus: {
                                    readonly [key: string]: number;
                                };
                                readonly sample: readonly {
                                    readonly key: string;
                                    readonly label: string;
                                    readonly account: string;
                                    /** @enum {string} */
                                    readonly status: "requested" | "active" | "expiring" | "rotating" | "suspended" | "expired" | "revoked";
                                    readonly lastUsedAt: string | null;
                                }[];
                            };
                            readonly confirm: number | null;
                        } | null;
                        readonly offboarding: components["schemas"]["Offboarding"] | null;
                        readonly bulkAct: components["schemas"]["BulkAct"] | null;
                        readonly results: readonly components["schemas"]["BulkActResult"][];
                        readonly effective: components["schemas"]["Effective"] | null;
                    };
                };
            };
            /** @description TWO_CREDENTIALS, KEY_IN_QUERY, VALIDATION_FAILED, MALFORMED_JSON */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED, INVALID_TOKEN */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INSUFFICIENT_SCOPE */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description NOT_FOUND */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description CONFIRMATION_REQUIRED, IDEMPOTENCY_IN_PROGRESS */
            readonly 409: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description PAYLOAD_TOO_LARGE */
            readonly 413: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNSUPPORTED_MEDIA_TYPE */
            readonly 415: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description IDEMPOTENCY_KEY_REUSED */
            readonly 422: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description TOO_MANY_ATTEMPTS */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description BARRIER_UNCONFIRMED, UNAVAILABLE */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "members.offboarding": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly account: string;
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The last time that they left */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Offboarding"];
                };
            };
            /** @description TWO_CREDENTIALS, KEY_IN_QUERY, VALIDATION_FAILED */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED, INVALID_TOKEN */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INSUFFICIENT_SCOPE */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description NOT_FOUND */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description TOO_MANY_ATTEMPTS */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAVAILABLE */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "scim-credentials.put": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly id: string;
                readonly key: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Bound */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["ScimCredential"];
                };
            };
            /** @description TWO_CREDENTIALS, KEY_IN_QUERY, VALIDATION_FAILED */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED, INVALID_TOKEN */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INSUFFICIENT_SCOPE */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description NOT_FOUND */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description STATE_CONFLICT */
            readonly 409: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description TOO_MANY_ATTEMPTS */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAVAILABLE */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "scim-credentials.delete": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly id: string;
                readonly key: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description What it was */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["ScimCredential"];
                };
            };
            /** @description TWO_CREDENTIALS, KEY_IN_QUERY, VALIDATION_FAILED */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED, INVALID_TOKEN */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INSUFFICIENT_SCOPE */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description NOT_FOUND */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description TOO_MANY_ATTEMPTS */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAVAILABLE */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "scim-credentials.list": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description All of them */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly data: readonly components["schemas"]["ScimCredential"][];
                    };
                };
            };
            /** @description TWO_CREDENTIALS, KEY_IN_QUERY, VALIDATION_FAILED */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED, INVALID_TOKEN */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INSUFFICIENT_SCOPE */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description NOT_FOUND */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description TOO_MANY_ATTEMPTS */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAVAILABLE */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "services.get": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly account: string;
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The service */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Service"];
                };
            };
            /** @description TWO_CREDENTIALS, KEY_IN_QUERY, VALIDATION_FAILED */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED, INVALID_TOKEN */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INSUFFICIENT_SCOPE */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description NOT_FOUND */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description TOO_MANY_ATTEMPTS */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAVAILABLE */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "services.put": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly account: string;
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": {
                    readonly name: string;
                    readonly description?: string;
                    readonly metadata?: {
                        readonly [key: string]: string | number | boolean | null | readonly (string | number | boolean | null | readonly unknown[] | {
                            readonly [key: string]: unknown;
                        })[] | {
                            readonly [key: string]: string | number | boolean | null | readonly unknown[] | {
                                readonly [key: string]: unknown;
                            };
                        };
                    };
                };
            };
        };
        readonly responses: {
            /** @description Replaced */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Service"];
                };
            };
            /** @description Created */
            readonly 201: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Service"];
                };
            };
            /** @description TWO_CREDENTIALS, KEY_IN_QUERY, VALIDATION_FAILED, MALFORMED_JSON */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED, INVALID_TOKEN */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INSUFFICIENT_SCOPE */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description NOT_FOUND */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description CONFLICT, STATE_CONFLICT */
            readonly 409: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description PAYLOAD_TOO_LARGE */
            readonly 413: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNSUPPORTED_MEDIA_TYPE */
            readonly 415: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description TOO_MANY_ATTEMPTS */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAVAILABLE */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "services.list": {
        readonly parameters: {
            readonly query?: {
                readonly limit?: number;
                readonly cursor?: string;
            };
            readonly header?: never;
            readonly path: {
                readonly account: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description A page of services */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly data: readonly components["schemas"]["Service"][];
                        readonly nextCursor: string | null;
                    };
                };
            };
            /** @description INVALID_CURSOR, TWO_CREDENTIALS, KEY_IN_QUERY, VALIDATION_FAILED */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED, INVALID_TOKEN */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INSUFFICIENT_SCOPE */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description NOT_FOUND */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description TOO_MANY_ATTEMPTS */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAVAILABLE */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "scopes.get": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly name: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The scope */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Scope"];
                };
            };
            /** @description TWO_CREDENTIALS, KEY_IN_QUERY, VALIDATION_FAILED */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED, INVALID_TOKEN */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INSUFFICIENT_SCOPE */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description NOT_FOUND */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description TOO_MANY_ATTEMPTS */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAVAILABLE */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "scopes.put": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly name: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": {
                    readonly description: string;
                    /** @enum {string} */
                    readonly tier: "read" | "write" | "admin";
                    /** @default false */
                    readonly sensitive?: boolean;
                    /** @default [] */
                    readonly routes?: readonly {
                        readonly method: string;
                        readonly path: string;
                    }[];
                };
            };
        };
        readonly responses: {
            /** @description Replaced */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly scope: components["schemas"]["Scope"];
                        readonly effective: components["schemas"]["Effective"] | null;
                    };
                };
            };
            /** @description Created */
            readonly 201: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly scope: components["schemas"]["Scope"];
                        readonly effective: components["schemas"]["Effective"] | null;
                    };
                };
            };
            /** @description TWO_CREDENTIALS, KEY_IN_QUERY, VALIDATION_FAILED, MALFORMED_JSON */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED, INVALID_TOKEN */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INSUFFICIENT_SCOPE */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description CONFLICT */
            readonly 409: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description PAYLOAD_TOO_LARGE */
            readonly 413: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNSUPPORTED_MEDIA_TYPE */
            readonly 415: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description TOO_MANY_ATTEMPTS */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAVAILABLE */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "scopes.list": {
        readonly parameters: {
            readonly query?: {
                readonly limit?: number;
                readonly cursor?: string;
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description A page of scopes */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly data: readonly components["schemas"]["Scope"][];
                        readonly nextCursor: string | null;
                    };
                };
            };
            /** @description INVALID_CURSOR, TWO_CREDENTIALS, KEY_IN_QUERY, VALIDATION_FAILED */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED, INVALID_TOKEN */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INSUFFICIENT_SCOPE */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description TOO_MANY_ATTEMPTS */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAVAILABLE */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "environments.get": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly name: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The environment */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Environment"];
                };
            };
            /** @description TWO_CREDENTIALS, KEY_IN_QUERY, VALIDATION_FAILED */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED, INVALID_TOKEN */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INSUFFICIENT_SCOPE */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description NOT_FOUND */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description TOO_MANY_ATTEMPTS */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAVAILABLE */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "environments.put": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly name: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": {
                    readonly tag: string;
                    /** @enum {string} */
                    readonly class: "production" | "staging" | "development";
                    readonly scopes?: readonly string[] | null;
                    readonly limits?: readonly {
                        readonly name: string;
                        readonly amount: number;
                        /** @enum {string} */
                        readonly per: "second" | "minute" | "hour" | "day" | "month" | "lifetime";
                        /** @enum {string} */
                        readonly shared?: "key" | "account" | "ip";
                        readonly refill?: {
                            readonly amount: number;
                            /** @enum {string} */
                            readonly every: "day" | "month";
                        };
                    }[];
                };
            };
        };
        readonly responses: {
            /** @description Replaced */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly environment: components["schemas"]["Environment"];
                        readonly effective: components["schemas"]["Effective"] | null;
                    };
                };
            };
            /** @description Created */
            readonly 201: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly environment: components["schemas"]["Environment"];
                        readonly effective: components["schemas"]["Effective"] | null;
                    };
                };
            };
            /** @description TWO_CREDENTIALS, KEY_IN_QUERY, VALIDATION_FAILED, MALFORMED_JSON */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED, INVALID_TOKEN */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INSUFFICIENT_SCOPE */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description CONFLICT */
            readonly 409: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description PAYLOAD_TOO_LARGE */
            readonly 413: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNSUPPORTED_MEDIA_TYPE */
            readonly 415: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description TOO_MANY_ATTEMPTS */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAVAILABLE */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "environments.list": {
        readonly parameters: {
            readonly query?: {
                readonly limit?: number;
                readonly cursor?: string;
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description A page of environments */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly data: readonly components["schemas"]["Environment"][];
                        readonly nextCursor: string | null;
                    };
                };
            };
            /** @description INVALID_CURSOR, TWO_CREDENTIALS, KEY_IN_QUERY, VALIDATION_FAILED */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED, INVALID_TOKEN */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INSUFFICIENT_SCOPE */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description TOO_MANY_ATTEMPTS */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAVAILABLE */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "plans.get": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly name: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The plan */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Plan"];
                };
            };
            /** @description TWO_CREDENTIALS, KEY_IN_QUERY, VALIDATION_FAILED */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED, INVALID_TOKEN */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INSUFFICIENT_SCOPE */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description NOT_FOUND */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description TOO_MANY_ATTEMPTS */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAVAILABLE */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "plans.put": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly name: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": {
                    /** @default [] */
                    readonly limits?: readonly {
                        readonly name: string;
                        readonly amount: number;
                        /** @enum {string} */
                        readonly per: "second" | "minute" | "hour" | "day" | "month" | "lifetime";
                        /** @enum {string} */
                        readonly shared?: "key" | "account" | "ip";
                        readonly refill?: {
                            readonly amount: number;
                            /** @enum {string} */
                            readonly every: "day" | "month";
                        };
                    }[];
                    readonly maxActiveKeys?: number | null;
                    readonly scopes?: readonly string[] | null;
                };
            };
        };
        readonly responses: {
            /** @description Replaced */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly plan: components["schemas"]["Plan"];
                        readonly effective: components["schemas"]["Effective"] | null;
                    };
                };
            };
            /** @description Created */
            readonly 201: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly plan: components["schemas"]["Plan"];
                        readonly effective: components["schemas"]["Effective"] | null;
                    };
                };
            };
            /** @description TWO_CREDENTIALS, KEY_IN_QUERY, VALIDATION_FAILED, MALFORMED_JSON */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED, INVALID_TOKEN */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INSUFFICIENT_SCOPE */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description PAYLOAD_TOO_LARGE */
            readonly 413: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNSUPPORTED_MEDIA_TYPE */
            readonly 415: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description TOO_MANY_ATTEMPTS */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAVAILABLE */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "plans.list": {
        readonly parameters: {
            readonly query?: {
                readonly limit?: number;
                readonly cursor?: string;
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description A page of plans */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly data: readonly components["schemas"]["Plan"][];
                        readonly nextCursor: string | null;
                    };
                };
            };
            /** @description INVALID_CURSOR, TWO_CREDENTIALS, KEY_IN_QUERY, VALIDATION_FAILED */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED, INVALID_TOKEN */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INSUFFICIENT_SCOPE */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description TOO_MANY_ATTEMPTS */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAVAILABLE */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "policies.get": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly name: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The policy */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Policy"];
                };
            };
            /** @description TWO_CREDENTIALS, KEY_IN_QUERY, VALIDATION_FAILED */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED, INVALID_TOKEN */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INSUFFICIENT_SCOPE */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description NOT_FOUND */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description TOO_MANY_ATTEMPTS */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAVAILABLE */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "policies.put": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly name: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": {
                    readonly description?: string | null;
                    readonly lifetimeDays?: number | null;
                    readonly maxLifetimeDays?: number | null;
                    /** @description A view lists the keys that are beyond it. */
                    readonly rotationDays?: number | null;
                    readonly overlapHours?: number;
                    /** @description Days before its end on which a key's people are told. */
                    readonly warningDays?: readonly number[];
                    /** @description A view lists the keys that are beyond it. */
                    readonly dormancyDays?: number | null;
                    /**
                     * @description What is done with a dormant key, after notice.
                     * @enum {string}
                     */
                    readonly dormancyAction?: "flag" | "suspend" | "revoke";
                    /** @description Days from the notice until that is done. */
                    readonly dormancyNoticeDays?: number;
                    readonly approvals?: readonly {
                        /** @enum {string} */
                        readonly by: "account" | "staff";
                        readonly acts?: readonly ("create" | "update" | "rotate")[];
                        readonly tiers?: readonly ("read" | "write" | "admin")[];
                        /** @constant */
                        readonly sensitive?: true;
                        readonly environments?: readonly string[];
                    }[];
                    readonly requiredFields?: readonly ("owner" | "service" | "purpose" | "rationale" | "storedIn" | "criticality" | "runbookUrl" | "dependants" | "audiences" | "tags")[];
                    readonly labelPatterns?: readonly string[];
                    readonly requireIpBinding?: boolean;
                    readonly maxActiveKeys?: number | null;
                    readonly risks?: {
                        readonly low?: {
                            readonly lifetimeDays?: number | null;
                            readonly maxLifetimeDays?: number | null;
                            /** @description A view lists the keys that are beyond it. */
                            readonly rotationDays?: number | null;
                            readonly overlapHours?: number;
                            /** @description Days before its end on which a key's people are told. */
                            readonly warningDays?: readonly number[];
                            /** @description A view lists the keys that are beyond it. */
                            readonly dormancyDays?: number | null;
                            /**
                             * @description What is done with a dormant key, after notice.
                             * @enum {string}
                             */
                            readonly dormancyAction?: "flag" | "suspend" | "revoke";
                            /** @description Days from the notice until that is done. */
                            readonly dormancyNoticeDays?: number;
                            readonly approvals?: readonly {
                                /** @enum {string} */
                                readonly by: "account" | "staff";
                                readonly acts?: readonly ("create" | "update" | "rotate")[];
                                readonly tiers?: readonly ("read" | "write" | "admin")[];
                                /** @constant */
                                readonly sensitive?: true;
                                readonly environments?: readonly string[];
                            }[];
                            readonly requiredFields?: readonly ("owner" | "service" | "purpose" | "rationale" | "storedIn" | "criticality" | "runbookUrl" | "dependants" | "audiences" | "tags")[];
                            readonly labelPatterns?: readonly string[];
                            readonly requireIpBinding?: boolean;
                            readonly maxActiveKeys?: number | null;
                        };
                        readonly elevated?: {
                            readonly lifetimeDays?: number | null;
                            readonly maxLifetimeDays?: number | null;
                            /** @description A view lists the keys that are beyond it. */
                            readonly rotationDays?: number | null;
                            readonly overlapHours?: number;
                            /** @description Days before its end on which a key's people are told. */
                            readonly warningDays?: readonly number[];
                            /** @description A view lists the keys that are beyond it. */
                            readonly dormancyDays?: number | null;
                            /**
                             * @description What is done with a dormant key, after notice.
                             * @enum {string}
                             */
                            readonly dormancyAction?: "flag" | "suspend" | "revoke";
                            /** @description Days from the notice until that is done. */
                            readonly dormancyNoticeDays?: number;
                            readonly approvals?: readonly {
                                /** @enum {string} */
                                readonly by: "account" | "staff";
                                readonly acts?: readonly ("create" | "update" | "rotate")[];
                                readonly tiers?: readonly ("read" | "write" | "admin")[];
                                /** @constant */
                                readonly sensitive?: true;
                                readonly environments?: readonly string[];
                            }[];
                            readonly requiredFields?: readonly ("owner" | "service" | "purpose" | "rationale" | "storedIn" | "criticality" | "runbookUrl" | "dependants" | "audiences" | "tags")[];
                            readonly labelPatterns?: readonly string[];
                            readonly requireIpBinding?: boolean;
                            readonly maxActiveKeys?: number | null;
                        };
                        readonly high?: {
                            readonly lifetimeDays?: number | null;
                            readonly maxLifetimeDays?: number | null;
                            /** @description A view lists the keys that are beyond it. */
                            readonly rotationDays?: number | null;
                            readonly overlapHours?: number;
                            /** @description Days before its end on which a key's people are told. */
                            readonly warningDays?: readonly number[];
                            /** @description A view lists the keys that are beyond it. */
                            readonly dormancyDays?: number | null;
                            /**
                             * @description What is done with a dormant key, after notice.
                             * @enum {string}
                             */
                            readonly dormancyAction?: "flag" | "suspend" | "revoke";
                            /** @description Days from the notice until that is done. */
                            readonly dormancyNoticeDays?: number;
                            readonly approvals?: readonly {
                                /** @enum {string} */
                                readonly by: "account" | "staff";
                                readonly acts?: readonly ("create" | "update" | "rotate")[];
                                readonly tiers?: readonly ("read" | "write" | "admin")[];
                                /** @constant */
                                readonly sensitive?: true;
                                readonly environments?: readonly string[];
                            }[];
                            readonly requiredFields?: readonly ("owner" | "service" | "purpose" | "rationale" | "storedIn" | "criticality" | "runbookUrl" | "dependants" | "audiences" | "tags")[];
                            readonly labelPatterns?: readonly string[];
                            readonly requireIpBinding?: boolean;
                            readonly maxActiveKeys?: number | null;
                        };
                    };
                    /** @default 14 */
                    readonly graceDays?: number;
                    readonly confirm?: number;
                };
            };
        };
        readonly responses: {
            /** @description Replaced */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly policy: components["schemas"]["Policy"];
                        readonly enforcement: components["schemas"]["PolicyEnforcement"] | null;
                    };
                };
            };
            /** @description Created */
            readonly 201: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly policy: components["schemas"]["Policy"];
                        readonly enforcement: components["schemas"]["PolicyEnforcement"] | null;
                    };
                };
            };
            /** @description TWO_CREDENTIALS, KEY_IN_QUERY, VALIDATION_FAILED, MALFORMED_JSON */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED, INVALID_TOKEN */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INSUFFICIENT_SCOPE */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description CONFIRMATION_REQUIRED, CONFLICT */
            readonly 409: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description PAYLOAD_TOO_LARGE */
            readonly 413: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNSUPPORTED_MEDIA_TYPE */
            readonly 415: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description TOO_MANY_ATTEMPTS */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAVAILABLE */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "policies.list": {
        readonly parameters: {
            readonly query?: {
                readonly limit?: number;
                readonly cursor?: string;
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description A page of policies */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly data: readonly components["schemas"]["Policy"][];
                        readonly nextCursor: string | null;
                    };
                };
            };
            /** @description INVALID_CURSOR, TWO_CREDENTIALS, KEY_IN_QUERY, VALIDATION_FAILED */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED, INVALID_TOKEN */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INSUFFICIENT_SCOPE */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description TOO_MANY_ATTEMPTS */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAVAILABLE */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "policies.get-account": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description What is set */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["AccountPolicy"];
                };
            };
            /** @description TWO_CREDENTIALS, KEY_IN_QUERY, VALIDATION_FAILED */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED, INVALID_TOKEN */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INSUFFICIENT_SCOPE */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description NOT_FOUND */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description TOO_MANY_ATTEMPTS */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAVAILABLE */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "policies.put-account": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": {
                    readonly policy?: string | null;
                    readonly overrides?: {
                        readonly lifetimeDays?: number | null;
                        readonly maxLifetimeDays?: number | null;
                        /** @description A view lists the keys that are beyond it. */
                        readonly rotationDays?: number | null;
                        readonly overlapHours?: number;
                        /** @description Days before its end on which a key's people are told. */
                        readonly warningDays?: readonly number[];
                        /** @description A view lists the keys that are beyond it. */
                        readonly dormancyDays?: number | null;
                        /**
                         * @description What is done with a dormant key, after notice.
                         * @enum {string}
                         */
                        readonly dormancyAction?: "flag" | "suspend" | "revoke";
                        /** @description Days from the notice until that is done. */
                        readonly dormancyNoticeDays?: number;
                        readonly approvals?: readonly {
                            /** @enum {string} */
                            readonly by: "account" | "staff";
                            readonly acts?: readonly ("create" | "update" | "rotate")[];
                            readonly tiers?: readonly ("read" | "write" | "admin")[];
                            /** @constant */
                            readonly sensitive?: true;
                            readonly environments?: readonly string[];
                        }[];
                        readonly requiredFields?: readonly ("owner" | "service" | "purpose" | "rationale" | "storedIn" | "criticality" | "runbookUrl" | "dependants" | "audiences" | "tags")[];
                        readonly labelPatterns?: readonly string[];
                        readonly requireIpBinding?: boolean;
                        readonly maxActiveKeys?: number | null;
                        readonly risks?: {
                            readonly low?: {
                                readonly lifetimeDays?: number | null;
                                readonly maxLifetimeDays?: number | null;
                                /** @description A view lists the keys that are beyond it. */
                                readonly rotationDays?: number | null;
                                readonly overlapHours?: number;
                                /** @description Days before its end on which a key's people are told. */
                                readonly warningDays?: readonly number[];
                                /** @description A view lists the keys that are beyond it. */
                                readonly dormancyDays?: number | null;
                                /**
                                 * @description What is done with a dormant key, after notice.
                                 * @enum {string}
                                 */
                                readonly dormancyAction?: "flag" | "suspend" | "revoke";
                                /** @description Days from the notice until that is done. */
                                readonly dormancyNoticeDays?: number;
                                readonly approvals?: readonly {
                                    /** @enum {string} */
                                    readonly by: "account" | "staff";
                                    readonly acts?: readonly ("create" | "update" | "rotate")[];
                                    readonly tiers?: readonly ("read" | "write" | "admin")[];
                                    /** @constant */
                                    readonly sensitive?: true;
                                    readonly environments?: readonly string[];
                                }[];
                                readonly requiredFields?: readonly ("owner" | "service" | "purpose" | "rationale" | "storedIn" | "criticality" | "runbookUrl" | "dependants" | "audiences" | "tags")[];
                                readonly labelPatterns?: readonly string[];
                                readonly requireIpBinding?: boolean;
                                readonly maxActiveKeys?: number | null;
                            };
                            readonly elevated?: {
                                readonly lifetimeDays?: number | null;
                                readonly maxLifetimeDays?: number | null;
                                /** @description A view lists the keys that are beyond it. */
                                readonly rotationDays?: number | null;
                                readonly overlapHours?: number;
                                /** @description Days before its end on which a key's people are told. */
                                readonly warningDays?: readonly number[];
                                /** @description A view lists the keys that are beyond it. */
                                readonly dormancyDays?: number | null;
                                /**
                                 * @description What is done with a dormant key, after notice.
                                 * @enum {string}
                                 */
                                readonly dormancyAction?: "flag" | "suspend" | "revoke";
                                /** @description Days from the notice until that is done. */
                                readonly dormancyNoticeDays?: number;
                                readonly approvals?: readonly {
                                    /** @enum {string} */
                                    readonly by: "account" | "staff";
                                    readonly acts?: readonly ("create" | "update" | "rotate")[];
                                    readonly tiers?: readonly ("read" | "write" | "admin")[];
                                    /** @constant */
                                    readonly sensitive?: true;
                                    readonly environments?: readonly string[];
                                }[];
                                readonly requiredFields?: readonly ("owner" | "service" | "purpose" | "rationale" | "storedIn" | "criticality" | "runbookUrl" | "dependants" | "audiences" | "tags")[];
                                readonly labelPatterns?: readonly string[];
                                readonly requireIpBinding?: boolean;
                                readonly maxActiveKeys?: number | null;
                            };
                            readonly high?: {
                                readonly lifetimeDays?: number | null;
                                readonly maxLifetimeDays?: number | null;
                                /** @description A view lists the keys that are beyond it. */
                                readonly rotationDays?: number | null;
                                readonly overlapHours?: number;
                                /** @description Days before its end on which a key's people are told. */
                                readonly warningDays?: readonly number[];
                                /** @description A view lists the keys that are beyond it. */
                                readonly dormancyDays?: number | null;
                                /**
                                 * @description What is done with a dormant key, after notice.
                                 * @enum {string}
                                 */
                                readonly dormancyAction?: "flag" | "suspend" | "revoke";
                                /** @description Days from the notice until that is done. */
                                readonly dormancyNoticeDays?: number;
                                readonly approvals?: readonly {
                                    /** @enum {string} */
                                    readonly by: "account" | "staff";
                                    readonly acts?: readonly ("create" | "update" | "rotate")[];
                                    readonly tiers?: readonly ("read" | "write" | "admin")[];
                                    /** @constant */
                                    readonly sensitive?: true;
                                    readonly environments?: readonly string[];
                                }[];
                                readonly requiredFields?: readonly ("owner" | "service" | "purpose" | "rationale" | "storedIn" | "criticality" | "runbookUrl" | "dependants" | "audiences" | "tags")[];
                                readonly labelPatterns?: readonly string[];
                                readonly requireIpBinding?: boolean;
                                readonly maxActiveKeys?: number | null;
                            };
                        };
                    };
                    /** @default 14 */
                    readonly graceDays?: number;
                    readonly confirm?: number;
                };
            };
        };
        readonly responses: {
            /** @description Set */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly policy: components["schemas"]["AccountPolicy"];
                        readonly enforcement: components["schemas"]["PolicyEnforcement"] | null;
                    };
                };
            };
            /** @description TWO_CREDENTIALS, KEY_IN_QUERY, VALIDATION_FAILED, MALFORMED_JSON */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED, INVALID_TOKEN */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INSUFFICIENT_SCOPE */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description NOT_FOUND */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description CONFIRMATION_REQUIRED, CONFLICT */
            readonly 409: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description PAYLOAD_TOO_LARGE */
            readonly 413: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNSUPPORTED_MEDIA_TYPE */
            readonly 415: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description TOO_MANY_ATTEMPTS */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAVAILABLE */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "policies.get-environment": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly name: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description What is set */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["EnvironmentPolicy"];
                };
            };
            /** @description TWO_CREDENTIALS, KEY_IN_QUERY, VALIDATION_FAILED */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED, INVALID_TOKEN */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INSUFFICIENT_SCOPE */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description NOT_FOUND */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description TOO_MANY_ATTEMPTS */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAVAILABLE */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "policies.put-environment": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly name: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": {
                    readonly policy: string | null;
                    /** @default 14 */
                    readonly graceDays?: number;
                    readonly confirm?: number;
                };
            };
        };
        readonly responses: {
            /** @description Set */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly policy: components["schemas"]["EnvironmentPolicy"];
                        readonly enforcement: components["schemas"]["PolicyEnforcement"] | null;
                    };
                };
            };
            /** @description TWO_CREDENTIALS, KEY_IN_QUERY, VALIDATION_FAILED, MALFORMED_JSON */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED, INVALID_TOKEN */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INSUFFICIENT_SCOPE */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description NOT_FOUND */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description CONFIRMATION_REQUIRED, CONFLICT */
            readonly 409: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description PAYLOAD_TOO_LARGE */
            readonly 413: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNSUPPORTED_MEDIA_TYPE */
            readonly 415: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description TOO_MANY_ATTEMPTS */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAVAILABLE */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "policies.preview": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": {
                    readonly policy?: {
                        readonly name: string;
                        readonly lifetimeDays?: number | null;
                        readonly maxLifetimeDays?: number | null;
                        /** @description A view lists the keys that are beyond it. */
                        readonly rotationDays?: number | null;
                        readonly overlapHours?: number;
                        /** @description Days before its end on which a key's people are told. */
                        readonly warningDays?: readonly number[];
                        /** @description A view lists the keys that are beyond it. */
                        readonly dormancyDays?: number | null;
                        /**
                         * @description What is done with a dormant key, after notice.
                         * @enum {string}
                         */
                        readonly dormancyAction?: "flag" | "suspend" | "revoke";
                        /** @description Days from the notice until that is done. */
                        readonly dormancyNoticeDays?: number;
                        readonly approvals?: readonly {
                            /** @enum {string} */
                            readonly by: "account" | "staff";
                            readonly acts?: readonly ("create" | "update" | "rotate")[];
                            readonly tiers?: readonly ("read" | "write" | "admin")[];
                            /** @constant */
                            readonly sensitive?: true;
                            readonly environments?: readonly string[];
                        }[];
                        readonly requiredFields?: readonly ("owner" | "service" | "purpose" | "rationale" | "storedIn" | "criticality" | "runbookUrl" | "dependants" | "audiences" | "tags")[];
                        readonly labelPatterns?: readonly string[];
                        readonly requireIpBinding?: boolean;
                        readonly maxActiveKeys?: number | null;
                        readonly risks?: {
                            readonly low?: {
                                readonly lifetimeDays?: number | null;
                                readonly maxLifetimeDays?: number | null;
                                /** @description A view lists the keys that are beyond it. */
                                readonly rotationDays?: number | null;
                                readonly overlapHours?: number;
                                /** @description Days before its end on which a key's people are told. */
                                readonly warningDays?: readonly number[];
                                /** @description A view lists the keys that are beyond it. */
                                readonly dormancyDays?: number | null;
                                /**
                                 * @description What is done with a dormant key, after notice.
                                 * @enum {string}
                                 */
                                readonly dormancyAction?: "flag" | "suspend" | "revoke";
                                /** @description Days from the notice until that is done. */
                                readonly dormancyNoticeDays?: number;
                                readonly approvals?: readonly {
                                    /** @enum {string} */
                                    readonly by: "account" | "staff";
                                    readonly acts?: readonly ("create" | "update" | "rotate")[];
                                    readonly tiers?: readonly ("read" | "write" | "admin")[];
                                    /** @constant */
                                    readonly sensitive?: true;
                                    readonly environments?: readonly string[];
                                }[];
                                readonly requiredFields?: readonly ("owner" | "service" | "purpose" | "rationale" | "storedIn" | "criticality" | "runbookUrl" | "dependants" | "audiences" | "tags")[];
                                readonly labelPatterns?: readonly string[];
                                readonly requireIpBinding?: boolean;
                                readonly maxActiveKeys?: number | null;
                            };
                            readonly elevated?: {
                                readonly lifetimeDays?: number | null;
                                readonly maxLifetimeDays?: number | null;
                                /** @description A view lists the keys that are beyond it. */
                                readonly rotationDays?: number | null;
                                readonly overlapHours?: number;
                                /** @description Days before its end on which a key's people are told. */
                                readonly warningDays?: readonly number[];
                                /** @description A view lists the keys that are beyond it. */
                                readonly dormancyDays?: number | null;
                                /**
                                 * @description What is done with a dormant key, after notice.
                                 * @enum {string}
                                 */
                                readonly dormancyAction?: "flag" | "suspend" | "revoke";
                                /** @description Days from the notice until that is done. */
                                readonly dormancyNoticeDays?: number;
                                readonly approvals?: readonly {
                                    /** @enum {string} */
                                    readonly by: "account" | "staff";
                                    readonly acts?: readonly ("create" | "update" | "rotate")[];
                                    readonly tiers?: readonly ("read" | "write" | "admin")[];
                                    /** @constant */
                                    readonly sensitive?: true;
                                    readonly environments?: readonly string[];
                                }[];
                                readonly requiredFields?: readonly ("owner" | "service" | "purpose" | "rationale" | "storedIn" | "criticality" | "runbookUrl" | "dependants" | "audiences" | "tags")[];
                                readonly labelPatterns?: readonly string[];
                                readonly requireIpBinding?: boolean;
                                readonly maxActiveKeys?: number | null;
                            };
                            readonly high?: {
                                readonly lifetimeDays?: number | null;
                                readonly maxLifetimeDays?: number | null;
                                /** @description A view lists the keys that are beyond it. */
                                readonly rotationDays?: number | null;
                                readonly overlapHours?: number;
                                /** @description Days before its end on which a key's people are told. */
                                readonly warningDays?: readonly number[];
                                /** @description A view lists the keys that are beyond it. */
                                readonly dormancyDays?: number | null;
                                /**
                                 * @description What is done with a dormant key, after notice.
                                 * @enum {string}
                                 */
                                readonly dormancyAction?: "flag" | "suspend" | "revoke";
                                /** @description Days from the notice until that is done. */
                                readonly dormancyNoticeDays?: number;
                                readonly approvals?: readonly {
                                    /** @enum {string} */
                                    readonly by: "account" | "staff";
                                    readonly acts?: readonly ("create" | "update" | "rotate")[];
                                    readonly tiers?: readonly ("read" | "write" | "admin")[];
                                    /** @constant */
                                    readonly sensitive?: true;
                                    readonly environments?: readonly string[];
                                }[];
                                readonly requiredFields?: readonly ("owner" | "service" | "purpose" | "rationale" | "storedIn" | "criticality" | "runbookUrl" | "dependants" | "audiences" | "tags")[];
                                readonly labelPatterns?: readonly string[];
                                readonly requireIpBinding?: boolean;
                                readonly maxActiveKeys?: number | null;
                            };
                        };
                    };
                    readonly account?: {
                        readonly id: string;
                        readonly policy?: string | null;
                        readonly overrides?: {
                            readonly lifetimeDays?: number | null;
                            readonly maxLifetimeDays?: number | null;
                            /** @description A view lists the keys that are beyond it. */
                            readonly rotationDays?: number | null;
                            readonly overlapHours?: number;
                            /** @description Days before its end on which a key's people are told. */
                            readonly warningDays?: readonly number[];
                            /** @description A view lists the keys that are beyond it. */
                            readonly dormancyDays?: number | null;
                            /**
                             * @description What is done with a dormant key, after notice.
                             * @enum {string}
                             */
                            readonly dormancyAction?: "flag" | "suspend" | "revoke";
                            /** @description Days from the notice until that is done. */
                            readonly dormancyNoticeDays?: number;
                            readonly approvals?: readonly {
                                /** @enum {string} */
                                readonly by: "account" | "staff";
                                readonly acts?: readonly ("create" | "update" | "rotate")[];
                                readonly tiers?: readonly ("read" | "write" | "admin")[];
                                /** @constant */
                                readonly sensitive?: true;
                                readonly environments?: readonly string[];
                            }[];
                            readonly requiredFields?: readonly ("owner" | "service" | "purpose" | "rationale" | "storedIn" | "criticality" | "runbookUrl" | "dependants" | "audiences" | "tags")[];
                            readonly labelPatterns?: readonly string[];
                            readonly requireIpBinding?: boolean;
                            readonly maxActiveKeys?: number | null;
                            readonly risks?: {
                                readonly low?: {
                                    readonly lifetimeDays?: number | null;
                                    readonly maxLifetimeDays?: number | null;
                                    /** @description A view lists the keys that are beyond it. */
                                    readonly rotationDays?: number | null;
                                    readonly overlapHours?: number;
                                    /** @description Days before its end on which a key's people are told. */
                                    readonly warningDays?: readonly number[];
                                    /** @description A view lists the keys that are beyond it. */
                                    readonly dormancyDays?: number | null;
                                    /**
                                     * @description What is done with a dormant key, after notice.
                                     * @enum {string}
                                     */
                                    readonly dormancyAction?: "flag" | "suspend" | "revoke";
                                    /** @description Days from the notice until that is done. */
                                    readonly dormancyNoticeDays?: number;
                                    readonly approvals?: readonly {
                                        /** @enum {string} */
                                        readonly by: "account" | "staff";
                                        readonly acts?: readonly ("create" | "update" | "rotate")[];
                                        readonly tiers?: readonly ("read" | "write" | "admin")[];
                                        /** @constant */
                                        readonly sensitive?: true;
                                        readonly environments?: readonly string[];
                                    }[];
                                    readonly requiredFields?: readonly ("owner" | "service" | "purpose" | "rationale" | "storedIn" | "criticality" | "runbookUrl" | "dependants" | "audiences" | "tags")[];
                                    readonly labelPatterns?: readonly string[];
                                    readonly requireIpBinding?: boolean;
                                    readonly maxActiveKeys?: number | null;
                                };
                                readonly elevated?: {
                                    readonly lifetimeDays?: number | null;
                                    readonly maxLifetimeDays?: number | null;
                                    /** @description A view lists the keys that are beyond it. */
                                    readonly rotationDays?: number | null;
                                    readonly overlapHours?: number;
                                    /** @description Days before its end on which a key's people are told. */
                                    readonly warningDays?: readonly number[];
                                    /** @description A view lists the keys that are beyond it. */
                                    readonly dormancyDays?: number | null;
                                    /**
                                     * @description What is done with a dormant key, after notice.
                                     * @enum {string}
                                     */
                                    readonly dormancyAction?: "flag" | "suspend" | "revoke";
                                    /** @description Days from the notice until that is done. */
                                    readonly dormancyNoticeDays?: number;
                                    readonly approvals?: readonly {
                                        /** @enum {string} */
                                        readonly by: "account" | "staff";
                                        readonly acts?: readonly ("create" | "update" | "rotate")[];
                                        readonly tiers?: readonly ("read" | "write" | "admin")[];
                                        /** @constant */
                                        readonly sensitive?: true;
                                        readonly environments?: readonly string[];
                                    }[];
                                    readonly requiredFields?: readonly ("owner" | "service" | "purpose" | "rationale" | "storedIn" | "criticality" | "runbookUrl" | "dependants" | "audiences" | "tags")[];
                                    readonly labelPatterns?: readonly string[];
                                    readonly requireIpBinding?: boolean;
                                    readonly maxActiveKeys?: number | null;
                                };
                                readonly high?: {
                                    readonly lifetimeDays?: number | null;
                                    readonly maxLifetimeDays?: number | null;
                                    /** @description A view lists the keys that are beyond it. */
                                    readonly rotationDays?: number | null;
                                    readonly overlapHours?: number;
                                    /** @description Days before its end on which a key's people are told. */
                                    readonly warningDays?: readonly number[];
                                    /** @description A view lists the keys that are beyond it. */
                                    readonly dormancyDays?: number | null;
                                    /**
                                     * @description What is done with a dormant key, after notice.
                                     * @enum {string}
                                     */
                                    readonly dormancyAction?: "flag" | "suspend" | "revoke";
                                    /** @description Days from the notice until that is done. */
                                    readonly dormancyNoticeDays?: number;
                                    readonly approvals?: readonly {
                                        /** @enum {string} */
                                        readonly by: "account" | "staff";
                                        readonly acts?: readonly ("create" | "update" | "rotate")[];
                                        readonly tiers?: readonly ("read" | "write" | "admin")[];
                                        /** @constant */
                                        readonly sensitive?: true;
                                        readonly environments?: readonly string[];
                                    }[];
                                    readonly requiredFields?: readonly ("owner" | "service" | "purpose" | "rationale" | "storedIn" | "criticality" | "runbookUrl" | "dependants" | "audiences" | "tags")[];
                                    readonly labelPatterns?: readonly string[];
                                    readonly requireIpBinding?: boolean;
                                    readonly maxActiveKeys?: number | null;
                                };
                            };
                        };
                    };
                    readonly environment?: {
                        readonly name: string;
                        readonly policy: string | null;
                    };
                    /** @default 14 */
                    readonly graceDays?: number;
                    /** @default 50 */
                    readonly limit?: number;
                    readonly cursor?: string;
                };
            };
        };
        readonly responses: {
            /** @description What would become of the keys there are */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly counts: {
                            readonly looked: number;
                            readonly ending: number;
                            readonly broken: {
                                readonly [key: string]: number;
                            };
                        } | null;
                        /** Format: date-time */
                        readonly graceUntil: string;
                        /** @description Keys by id; empty for who does not hold claviger:keys:read as well. */
                        readonly data: readonly {
                            readonly key: string;
                            readonly account: string;
                            readonly label: string;
                            readonly expiresAt: string | null;
                            readonly endsAt: string | null;
                            readonly breaks: readonly {
                                /** @enum {string} */
                                readonly rule: "lifetime" | "label" | "required" | "ip-binding";
                                readonly path: string;
                                readonly message: string;
                            }[];
                        }[];
                        readonly nextCursor: string | null;
                    };
                };
            };
            /** @description INVALID_CURSOR, TWO_CREDENTIALS, KEY_IN_QUERY, VALIDATION_FAILED, MALFORMED_JSON */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED, INVALID_TOKEN */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INSUFFICIENT_SCOPE */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description NOT_FOUND */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description PAYLOAD_TOO_LARGE */
            readonly 413: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNSUPPORTED_MEDIA_TYPE */
            readonly 415: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description TOO_MANY_ATTEMPTS */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAVAILABLE */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "policies.list-enforcements": {
        readonly parameters: {
            readonly query?: {
                readonly limit?: number;
                readonly cursor?: string;
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description A page of enforcements */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly data: readonly components["schemas"]["PolicyEnforcement"][];
                        readonly nextCursor: string | null;
                    };
                };
            };
            /** @description INVALID_CURSOR, TWO_CREDENTIALS, KEY_IN_QUERY, VALIDATION_FAILED */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED, INVALID_TOKEN */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INSUFFICIENT_SCOPE */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description TOO_MANY_ATTEMPTS */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAVAILABLE */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "keys.list": {
        readonly parameters: {
            readonly query?: {
                readonly limit?: number;
                readonly cursor?: string;
                readonly account?: string;
                readonly environment?: string;
                readonly status?: "requested" | "active" | "expiring" | "rotating" | "suspended" | "expired" | "revoked";
                readonly scope?: string;
                readonly tier?: "read" | "write" | "admin";
                readonly owner?: string;
                readonly service?: string;
                readonly createdBy?: string;
                readonly tag?: string;
                readonly criticality?: "low" | "medium" | "high" | "critical";
                readonly stored?: "yes" | "no";
                readonly used?: "ever" | "never";
                readonly lastUsedBefore?: string;
                readonly lastUsedAfter?: string;
                readonly createdBefore?: string;
                readonly createdAfter?: string;
                readonly expiresBefore?: string;
                readonly expiresAfter?: string;
                readonly throttled?: "yes" | "no";
                readonly q?: string;
                readonly view?: string;
                readonly sort?: "id" | "-id" | "createdAt" | "-createdAt" | "label" | "-label" | "expiresAt" | "-expiresAt" | "lastUsedAt" | "-lastUsedAt" | "lastRefusedAt" | "-lastRefusedAt" | "account" | "-account" | "environment" | "-environment" | "service" | "-service" | "owner" | "-owner" | "createdBy" | "-createdBy" | "criticality" | "-criticality" | "status" | "-status" | "requests30d" | "-requests30d" | "purpose" | "-purpose" | "storedIn" | "-storedIn" | "runbookUrl" | "-runbookUrl";
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description A page of keys */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly data: readonly components["schemas"]["Key"][];
                        readonly nextCursor: string | null;
                    };
                };
            };
            /** @description INVALID_CURSOR, TWO_CREDENTIALS, KEY_IN_QUERY, VALIDATION_FAILED */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED, INVALID_TOKEN */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INSUFFICIENT_SCOPE */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description NOT_FOUND */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description TOO_MANY_ATTEMPTS */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAVAILABLE */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "keys.create": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                readonly "Idempotency-Key"?: string;
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": {
                    readonly account: string;
                    readonly environment?: string;
                    readonly label: string;
                    readonly tier?: ("read" | "write" | "admin") | null;
                    readonly scopes?: readonly string[];
                    readonly purpose?: string | null;
                    readonly rationale?: string | null;
                    readonly owner?: string | null;
                    readonly service?: string | null;
                    readonly expiresAt?: string | null;
                    readonly expiresInDays?: number;
                    readonly allowedIps?: readonly string[];
                    readonly allowedReferrers?: readonly string[];
                    readonly audiences?: readonly string[];
                    readonly limits?: readonly {
                        readonly name: string;
                        readonly amount: number;
                        /** @enum {string} */
                        readonly per: "second" | "minute" | "hour" | "day" | "month" | "lifetime";
                        /** @enum {string} */
                        readonly shared?: "key" | "account" | "ip";
                        readonly refill?: {
                            readonly amount: number;
                            /** @enum {string} */
                            readonly every: "day" | "month";
                        };
                    }[];
                    readonly storedIn?: string | null;
                    readonly criticality?: ("low" | "medium" | "high" | "critical") | null;
                    readonly runbookUrl?: string | null;
                    readonly dependants?: readonly (string | {
                        readonly name: string;
                        readonly contact?: string;
                    })[];
                    readonly tags?: readonly string[];
                    readonly metadata?: {
                        readonly [key: string]: string | number | boolean | null | readonly (string | number | boolean | null | readonly unknown[] | {
                            readonly [key: string]: unknown;
                        })[] | {
                            readonly [key: string]: string | number | boolean | null | readonly unknown[] | {
                                readonly [key: string]: unknown;
                            };
                        };
                    };
                    readonly createdBy?: string;
                    readonly link?: components["schemas"]["LinkRequest"];
                    readonly deliverTo?: components["schemas"]["DeliverTo"];
                };
            };
        };
        readonly responses: {
            /** @description Issued */
            readonly 201: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly key: components["schemas"]["Key"];
                        readonly secret: string | null;
                        readonly link: components["schemas"]["NewLink"] | null;
                        readonly handOver: components["schemas"]["HandOver"] | null;
                    };
                };
            };
            /** @description Waits for approval, as policy says */
            readonly 202: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly key: components["schemas"]["Key"];
                        readonly secret: null;
                        readonly approval: components["schemas"]["Approval"];
                    };
                };
            };
            /** @description TWO_CREDENTIALS, KEY_IN_QUERY, VALIDATION_FAILED, MALFORMED_JSON */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED, INVALID_TOKEN */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description GRANT_EXCEEDED, INSUFFICIENT_SCOPE */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description NOT_FOUND */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description KEY_LIMIT_REACHED, STATE_CONFLICT, IDEMPOTENCY_IN_PROGRESS */
            readonly 409: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description PAYLOAD_TOO_LARGE */
            readonly 413: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNSUPPORTED_MEDIA_TYPE */
            readonly 415: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description POLICY_VIOLATED, IDEMPOTENCY_KEY_REUSED */
            readonly 422: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description TOO_MANY_ATTEMPTS */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description KEK_UNAVAILABLE, UNAVAILABLE */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "keys.self": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The presented key */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["OwnKey"];
                };
            };
            /** @description TWO_CREDENTIALS, KEY_IN_QUERY */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED, INVALID_TOKEN */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INSUFFICIENT_SCOPE */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description TOO_MANY_ATTEMPTS */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAVAILABLE */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "keys.revoke-self": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                readonly "Idempotency-Key"?: string;
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: {
            readonly content: {
                readonly "application/json": {
                    /**
                     * @default leaked
                     * @enum {string}
                     */
                    readonly reason?: "leaked" | "compromised" | "unused" | "superseded" | "offboarding" | "abuse" | "other";
                    readonly comment?: string;
                };
            };
        };
        readonly responses: {
            /** @description Revoked everywhere */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly key: components["schemas"]["OwnKey"];
                        readonly effective: components["schemas"]["Effective"] | null;
                    };
                };
            };
            /** @description TWO_CREDENTIALS, KEY_IN_QUERY, VALIDATION_FAILED, MALFORMED_JSON */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED, INVALID_TOKEN */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INSUFFICIENT_SCOPE */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description IDEMPOTENCY_IN_PROGRESS */
            readonly 409: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description PAYLOAD_TOO_LARGE */
            readonly 413: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNSUPPORTED_MEDIA_TYPE */
            readonly 415: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description IDEMPOTENCY_KEY_REUSED */
            readonly 422: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description TOO_MANY_ATTEMPTS */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description BARRIER_UNCONFIRMED, UNAVAILABLE */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "keys.get": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The key */
            readonly 200: {
                headers: {
                    /** @description For If-Match */
                    readonly ETag: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Key"];
                };
            };
            /** @description TWO_CREDENTIALS, KEY_IN_QUERY, VALIDATION_FAILED */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED, INVALID_TOKEN */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INSUFFICIENT_SCOPE */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description NOT_FOUND */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description TOO_MANY_ATTEMPTS */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAVAILABLE */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "keys.update": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                readonly "If-Match"?: string;
            };
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": {
                    readonly label?: string;
                    readonly tier?: ("read" | "write" | "admin") | null;
                    readonly scopes?: readonly string[];
                    readonly purpose?: string | null;
                    readonly rationale?: string | null;
                    readonly owner?: string | null;
                    readonly service?: string | null;
                    readonly expiresAt?: string | null;
                    readonly expiresInDays?: number;
                    readonly allowedIps?: readonly string[];
                    readonly allowedReferrers?: readonly string[];
                    readonly audiences?: readonly string[];
                    readonly limits?: readonly {
                        readonly name: string;
                        readonly amount: number;
                        /** @enum {string} */
                        readonly per: "second" | "minute" | "hour" | "day" | "month" | "lifetime";
                        /** @enum {string} */
                        readonly shared?: "key" | "account" | "ip";
                        readonly refill?: {
                            readonly amount: number;
                            /** @enum {string} */
                            readonly every: "day" | "month";
                        };
                    }[];
                    readonly storedIn?: string | null;
                    readonly criticality?: ("low" | "medium" | "high" | "critical") | null;
                    readonly runbookUrl?: string | null;
                    readonly dependants?: readonly (string | {
                        readonly name: string;
                        readonly contact?: string;
                    })[];
                    readonly tags?: readonly string[];
                    readonly metadata?: {
                        readonly [key: string]: string | number | boolean | null | readonly (string | number | boolean | null | readonly unknown[] | {
                            readonly [key: string]: unknown;
                        })[] | {
                            readonly [key: string]: string | number | boolean | null | readonly unknown[] | {
                                readonly [key: string]: unknown;
                            };
                        };
                    };
                    readonly requestedBy?: string;
                };
            };
        };
        readonly responses: {
            /** @description Changed */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly key: components["schemas"]["Key"];
                        readonly effective: components["schemas"]["Effective"] | null;
                    };
                };
            };
            /** @description Waits for approval, as policy says; nothing is changed yet */
            readonly 202: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly key: components["schemas"]["Key"];
                        readonly effective: components["schemas"]["Effective"] | null;
                        readonly approval: components["schemas"]["Approval"];
                    };
                };
            };
            /** @description TWO_CREDENTIALS, KEY_IN_QUERY, VALIDATION_FAILED, MALFORMED_JSON */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED, INVALID_TOKEN */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description GRANT_EXCEEDED, INSUFFICIENT_SCOPE */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description NOT_FOUND */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description STATE_CONFLICT, CONFLICT */
            readonly 409: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description PRECONDITION_FAILED */
            readonly 412: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description PAYLOAD_TOO_LARGE */
            readonly 413: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNSUPPORTED_MEDIA_TYPE */
            readonly 415: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description POLICY_VIOLATED */
            readonly 422: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description TOO_MANY_ATTEMPTS */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description BARRIER_UNCONFIRMED, UNAVAILABLE */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "keys.revoke": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                readonly "Idempotency-Key"?: string;
                readonly "If-Match"?: string;
            };
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": {
                    /** @enum {string} */
                    readonly reason: "leaked" | "compromised" | "unused" | "superseded" | "offboarding" | "abuse" | "other";
                    readonly comment?: string;
                    readonly guarded?: boolean;
                    readonly confirm?: string;
                };
            };
        };
        readonly responses: {
            /** @description Revoked everywhere */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly key: components["schemas"]["Key"];
                        readonly effective: components["schemas"]["Effective"] | null;
                    };
                };
            };
            /** @description TWO_CREDENTIALS, KEY_IN_QUERY, VALIDATION_FAILED, MALFORMED_JSON */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED, INVALID_TOKEN */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INSUFFICIENT_SCOPE */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description NOT_FOUND */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description CONFIRMATION_REQUIRED, IDEMPOTENCY_IN_PROGRESS */
            readonly 409: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description PRECONDITION_FAILED */
            readonly 412: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description PAYLOAD_TOO_LARGE */
            readonly 413: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNSUPPORTED_MEDIA_TYPE */
            readonly 415: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description IDEMPOTENCY_KEY_REUSED */
            readonly 422: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description TOO_MANY_ATTEMPTS */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description BARRIER_UNCONFIRMED, UNAVAILABLE */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "keys.suspend": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                readonly "Idempotency-Key"?: string;
                readonly "If-Match"?: string;
            };
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": {
                    readonly reason: string;
                    readonly guarded?: boolean;
                    readonly confirm?: string;
                };
            };
        };
        readonly responses: {
            /** @description Suspended everywhere */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly key: components["schemas"]["Key"];
                        readonly effective: components["schemas"]["Effective"] | null;
                    };
                };
            };
            /** @description TWO_CREDENTIALS, KEY_IN_QUERY, VALIDATION_FAILED, MALFORMED_JSON */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED, INVALID_TOKEN */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INSUFFICIENT_SCOPE */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description NOT_FOUND */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description CONFIRMATION_REQUIRED, STATE_CONFLICT, IDEMPOTENCY_IN_PROGRESS */
            readonly 409: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description PRECONDITION_FAILED */
            readonly 412: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description PAYLOAD_TOO_LARGE */
            readonly 413: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNSUPPORTED_MEDIA_TYPE */
            readonly 415: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description IDEMPOTENCY_KEY_REUSED */
            readonly 422: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description TOO_MANY_ATTEMPTS */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description BARRIER_UNCONFIRMED, UNAVAILABLE */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "keys.resume": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                readonly "Idempotency-Key"?: string;
                readonly "If-Match"?: string;
            };
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Resumed */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly key: components["schemas"]["Key"];
                        readonly effective: components["schemas"]["Effective"] | null;
                    };
                };
            };
            /** @description TWO_CREDENTIALS, KEY_IN_QUERY, VALIDATION_FAILED */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED, INVALID_TOKEN */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INSUFFICIENT_SCOPE */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description NOT_FOUND */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description STATE_CONFLICT, IDEMPOTENCY_IN_PROGRESS */
            readonly 409: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description PRECONDITION_FAILED */
            readonly 412: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description IDEMPOTENCY_KEY_REUSED */
            readonly 422: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description TOO_MANY_ATTEMPTS */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAVAILABLE */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "keys.policy": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description What holds */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["KeyPolicy"];
                };
            };
            /** @description TWO_CREDENTIALS, KEY_IN_QUERY, VALIDATION_FAILED */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED, INVALID_TOKEN */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INSUFFICIENT_SCOPE */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description NOT_FOUND */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description TOO_MANY_ATTEMPTS */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAVAILABLE */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "keys.put-policy": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": {
                    readonly maxLifetimeDays?: number | null;
                    /** @description A view lists the keys that are beyond it. */
                    readonly rotationDays?: number | null;
                    readonly overlapHours?: number;
                    /** @description Days before its end on which a key's people are told. */
                    readonly warningDays?: readonly number[];
                    /** @description A view lists the keys that are beyond it. */
                    readonly dormancyDays?: number | null;
                    /**
                     * @description What is done with a dormant key, after notice.
                     * @enum {string}
                     */
                    readonly dormancyAction?: "flag" | "suspend" | "revoke";
                    /** @description Days from the notice until that is done. */
                    readonly dormancyNoticeDays?: number;
                    readonly requireIpBinding?: boolean;
                };
            };
        };
        readonly responses: {
            /** @description What holds now */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["KeyPolicy"];
                };
            };
            /** @description TWO_CREDENTIALS, KEY_IN_QUERY, VALIDATION_FAILED, MALFORMED_JSON */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED, INVALID_TOKEN */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INSUFFICIENT_SCOPE */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description NOT_FOUND */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description STATE_CONFLICT */
            readonly 409: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description PAYLOAD_TOO_LARGE */
            readonly 413: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNSUPPORTED_MEDIA_TYPE */
            readonly 415: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description POLICY_VIOLATED */
            readonly 422: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description TOO_MANY_ATTEMPTS */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAVAILABLE */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "keys.impact": {
        readonly parameters: {
            readonly query?: {
                readonly window?: "24h" | "30d";
            };
            readonly header?: never;
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Callers, endpoints, dependants, and in words what breaks */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["KeyImpact"];
                };
            };
            /** @description TWO_CREDENTIALS, KEY_IN_QUERY, VALIDATION_FAILED */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED, INVALID_TOKEN */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INSUFFICIENT_SCOPE */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description NOT_FOUND */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description TOO_MANY_ATTEMPTS */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAVAILABLE */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "keys.revoke-many": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                readonly "Idempotency-Key"?: string;
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": {
                    readonly account?: string;
                    readonly member?: string;
                    readonly service?: string;
                    readonly tag?: string;
                    readonly view?: string;
                    readonly ids?: readonly string[];
                    /** @enum {string} */
                    readonly reason: "leaked" | "compromised" | "unused" | "superseded" | "offboarding" | "abuse" | "other";
                    readonly comment?: string;
                    /** @default false */
                    readonly dryRun?: boolean;
                    readonly confirm?: number | string;
                    /** @default 20 */
                    readonly waitSeconds?: number;
                };
            };
        };
        readonly responses: {
            /** @description Done, and in force everywhere; or what a dry run found */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly dryRun: boolean;
                        readonly bulkAct: components["schemas"]["BulkAct"] | null;
                        readonly selected: components["schemas"]["SelectedKeys"] | null;
                        readonly results: readonly components["schemas"]["BulkActResult"][];
                        readonly effective: components["schemas"]["Effective"] | null;
                    };
                };
            };
            /** @description Under way: it goes on by itself */
            readonly 202: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly dryRun: boolean;
                        readonly bulkAct: components["schemas"]["BulkAct"] | null;
                        readonly selected: components["schemas"]["SelectedKeys"] | null;
                        readonly results: readonly components["schemas"]["BulkActResult"][];
                        readonly effective: components["schemas"]["Effective"] | null;
                    };
                };
            };
            /** @description TWO_CREDENTIALS, KEY_IN_QUERY, VALIDATION_FAILED, MALFORMED_JSON */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED, INVALID_TOKEN */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INSUFFICIENT_SCOPE */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description NOT_FOUND */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description CONFIRMATION_REQUIRED, IDEMPOTENCY_IN_PROGRESS */
            readonly 409: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description PAYLOAD_TOO_LARGE */
            readonly 413: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNSUPPORTED_MEDIA_TYPE */
            readonly 415: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description IDEMPOTENCY_KEY_REUSED */
            readonly 422: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description TOO_MANY_ATTEMPTS */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description BARRIER_UNCONFIRMED, UNAVAILABLE */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "keys.suspend-many": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                readonly "Idempotency-Key"?: string;
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": {
                    readonly account?: string;
                    readonly member?: string;
                    readonly service?: string;
                    readonly tag?: string;
                    readonly view?: string;
                    readonly ids?: readonly string[];
                    readonly reason: string;
                    /** @default false */
                    readonly dryRun?: boolean;
                    readonly confirm?: number | string;
                    /** @default 20 */
                    readonly waitSeconds?: number;
                };
            };
        };
        readonly responses: {
            /** @description Done, and in force everywhere; or what a dry run found */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly dryRun: boolean;
                        readonly bulkAct: components["schemas"]["BulkAct"] | null;
                        readonly selected: components["schemas"]["SelectedKeys"] | null;
                        readonly results: readonly components["schemas"]["BulkActResult"][];
                        readonly effective: components["schemas"]["Effective"] | null;
                    };
                };
            };
            /** @description Under way: it goes on by itself */
            readonly 202: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly dryRun: boolean;
                        readonly bulkAct: components["schemas"]["BulkAct"] | null;
                        readonly selected: components["schemas"]["SelectedKeys"] | null;
                        readonly results: readonly components["schemas"]["BulkActResult"][];
                        readonly effective: components["schemas"]["Effective"] | null;
                    };
                };
            };
            /** @description TWO_CREDENTIALS, KEY_IN_QUERY, VALIDATION_FAILED, MALFORMED_JSON */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED, INVALID_TOKEN */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INSUFFICIENT_SCOPE */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description NOT_FOUND */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description CONFIRMATION_REQUIRED, IDEMPOTENCY_IN_PROGRESS */
            readonly 409: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description PAYLOAD_TOO_LARGE */
            readonly 413: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNSUPPORTED_MEDIA_TYPE */
            readonly 415: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description IDEMPOTENCY_KEY_REUSED */
            readonly 422: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description TOO_MANY_ATTEMPTS */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description BARRIER_UNCONFIRMED, UNAVAILABLE */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "keys.throttle": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                readonly "Idempotency-Key"?: string;
                readonly "If-Match"?: string;
            };
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": {
                    readonly amount: number;
                    /** @enum {string} */
                    readonly per: "second" | "minute" | "hour" | "day";
                    /** Format: date-time */
                    readonly until?: string;
                    readonly forMinutes?: number;
                    readonly reason: string;
                };
            };
        };
        readonly responses: {
            /** @description Throttled everywhere */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly key: components["schemas"]["Key"];
                        readonly effective: components["schemas"]["Effective"] | null;
                    };
                };
            };
            /** @description TWO_CREDENTIALS, KEY_IN_QUERY, VALIDATION_FAILED, MALFORMED_JSON */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED, INVALID_TOKEN */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description GRANT_EXCEEDED, INSUFFICIENT_SCOPE */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description NOT_FOUND */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description STATE_CONFLICT, CONFLICT, IDEMPOTENCY_IN_PROGRESS */
            readonly 409: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description PRECONDITION_FAILED */
            readonly 412: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description PAYLOAD_TOO_LARGE */
            readonly 413: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNSUPPORTED_MEDIA_TYPE */
            readonly 415: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description IDEMPOTENCY_KEY_REUSED */
            readonly 422: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description TOO_MANY_ATTEMPTS */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description BARRIER_UNCONFIRMED, UNAVAILABLE */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "keys.unthrottle": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                readonly "Idempotency-Key"?: string;
                readonly "If-Match"?: string;
            };
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Not throttled */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly key: components["schemas"]["Key"];
                        readonly effective: components["schemas"]["Effective"] | null;
                    };
                };
            };
            /** @description TWO_CREDENTIALS, KEY_IN_QUERY, VALIDATION_FAILED */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED, INVALID_TOKEN */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INSUFFICIENT_SCOPE */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description NOT_FOUND */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description IDEMPOTENCY_IN_PROGRESS */
            readonly 409: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description PRECONDITION_FAILED */
            readonly 412: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description IDEMPOTENCY_KEY_REUSED */
            readonly 422: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description TOO_MANY_ATTEMPTS */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAVAILABLE */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "keys.rotate-self": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                readonly "Idempotency-Key"?: string;
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: {
            readonly content: {
                readonly "application/json": {
                    readonly overlapHours?: number;
                    /** @enum {string} */
                    readonly graceStarts?: "now" | "first-use" | "confirm";
                };
            };
        };
        readonly responses: {
            /** @description Issued */
            readonly 201: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly key: components["schemas"]["OwnKey"];
                        readonly secret: string | null;
                        readonly rotation: components["schemas"]["OwnRotation"];
                        readonly warnings: readonly components["schemas"]["RotationWarning"][];
                        readonly instructions: components["schemas"]["RotationInstructions"];
                        readonly effective: components["schemas"]["Effective"] | null;
                    };
                };
            };
            /** @description TWO_CREDENTIALS, KEY_IN_QUERY, VALIDATION_FAILED, MALFORMED_JSON */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED, INVALID_TOKEN */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description FORBIDDEN, INSUFFICIENT_SCOPE */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description STATE_CONFLICT, CONFLICT, IDEMPOTENCY_IN_PROGRESS */
            readonly 409: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description PAYLOAD_TOO_LARGE */
            readonly 413: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNSUPPORTED_MEDIA_TYPE */
            readonly 415: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description IDEMPOTENCY_KEY_REUSED */
            readonly 422: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description TOO_MANY_ATTEMPTS, TOO_MANY_ATTEMPTS */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description KEK_UNAVAILABLE, BARRIER_UNCONFIRMED, UNAVAILABLE */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "keys.rotate": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                readonly "Idempotency-Key"?: string;
                readonly "If-Match"?: string;
            };
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: {
            readonly content: {
                readonly "application/json": {
                    readonly overlapHours?: number;
                    /** @enum {string} */
                    readonly graceStarts?: "now" | "first-use" | "confirm";
                    readonly expiresAt?: string | null;
                    readonly expiresInDays?: number;
                    readonly link?: components["schemas"]["LinkRequest"];
                    readonly deliverTo?: components["schemas"]["DeliverTo"];
                    readonly requestedBy?: string;
                };
            };
        };
        readonly responses: {
            /** @description Issued */
            readonly 201: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly key: components["schemas"]["Key"];
                        readonly link: components["schemas"]["NewLink"] | null;
                        readonly handOver: components["schemas"]["HandOver"] | null;
                        readonly secret: string | null;
                        readonly rotation: components["schemas"]["Rotation"];
                        readonly warnings: readonly components["schemas"]["RotationWarning"][];
                        readonly instructions: components["schemas"]["RotationInstructions"];
                        readonly effective: components["schemas"]["Effective"] | null;
                    };
                };
            };
            /** @description Waits for approval, as policy says: nothing is done yet */
            readonly 202: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly key: components["schemas"]["Key"];
                        readonly secret: null;
                        readonly approval: components["schemas"]["Approval"];
                        readonly effective: components["schemas"]["Effective"] | null;
                    };
                };
            };
            /** @description TWO_CREDENTIALS, KEY_IN_QUERY, VALIDATION_FAILED, MALFORMED_JSON */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED, INVALID_TOKEN */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description GRANT_EXCEEDED, INSUFFICIENT_SCOPE, INSUFFICIENT_SCOPE */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description NOT_FOUND */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description STATE_CONFLICT, CONFLICT, KEY_LIMIT_REACHED, IDEMPOTENCY_IN_PROGRESS */
            readonly 409: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description PRECONDITION_FAILED */
            readonly 412: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description PAYLOAD_TOO_LARGE */
            readonly 413: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNSUPPORTED_MEDIA_TYPE */
            readonly 415: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description POLICY_VIOLATED, IDEMPOTENCY_KEY_REUSED */
            readonly 422: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description TOO_MANY_ATTEMPTS */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description KEK_UNAVAILABLE, BARRIER_UNCONFIRMED, UNAVAILABLE */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "rotation.show": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The latest rotation and the versions */
            readonly 200: {
                headers: {
                    /** @description For If-Match */
                    readonly ETag: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["KeyRotation"];
                };
            };
            /** @description TWO_CREDENTIALS, KEY_IN_QUERY, VALIDATION_FAILED */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED, INVALID_TOKEN */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INSUFFICIENT_SCOPE */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description NOT_FOUND */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description TOO_MANY_ATTEMPTS */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAVAILABLE */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "rotation.confirm": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                readonly "Idempotency-Key"?: string;
                readonly "If-Match"?: string;
            };
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Confirmed */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly rotation: components["schemas"]["Rotation"];
                        readonly warnings: readonly components["schemas"]["RotationWarning"][];
                        readonly effective: components["schemas"]["Effective"] | null;
                    };
                };
            };
            /** @description TWO_CREDENTIALS, KEY_IN_QUERY, VALIDATION_FAILED */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED, INVALID_TOKEN */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INSUFFICIENT_SCOPE */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description NOT_FOUND */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description STATE_CONFLICT, CONFLICT, IDEMPOTENCY_IN_PROGRESS */
            readonly 409: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description PRECONDITION_FAILED */
            readonly 412: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description IDEMPOTENCY_KEY_REUSED */
            readonly 422: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description TOO_MANY_ATTEMPTS */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description BARRIER_UNCONFIRMED, UNAVAILABLE */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "rotation.acknowledge": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                readonly "Idempotency-Key"?: string;
                readonly "If-Match"?: string;
            };
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": {
                    readonly dependant: string;
                };
            };
        };
        readonly responses: {
            /** @description Noted */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly rotation: components["schemas"]["Rotation"];
                        readonly warnings: readonly components["schemas"]["RotationWarning"][];
                        readonly effective: components["schemas"]["Effective"] | null;
                    };
                };
            };
            /** @description TWO_CREDENTIALS, KEY_IN_QUERY, VALIDATION_FAILED, MALFORMED_JSON */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED, INVALID_TOKEN */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INSUFFICIENT_SCOPE */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description NOT_FOUND */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description STATE_CONFLICT, CONFLICT, IDEMPOTENCY_IN_PROGRESS */
            readonly 409: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description PRECONDITION_FAILED */
            readonly 412: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description PAYLOAD_TOO_LARGE */
            readonly 413: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNSUPPORTED_MEDIA_TYPE */
            readonly 415: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description IDEMPOTENCY_KEY_REUSED */
            readonly 422: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description TOO_MANY_ATTEMPTS */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAVAILABLE */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "rotation.extend": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                readonly "Idempotency-Key"?: string;
                readonly "If-Match"?: string;
            };
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": {
                    readonly hours: number;
                };
            };
        };
        readonly responses: {
            /** @description Extended */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly rotation: components["schemas"]["Rotation"];
                        readonly warnings: readonly components["schemas"]["RotationWarning"][];
                        readonly effective: components["schemas"]["Effective"] | null;
                    };
                };
            };
            /** @description TWO_CREDENTIALS, KEY_IN_QUERY, VALIDATION_FAILED, MALFORMED_JSON */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED, INVALID_TOKEN */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INSUFFICIENT_SCOPE */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description NOT_FOUND */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description STATE_CONFLICT, CONFLICT, IDEMPOTENCY_IN_PROGRESS */
            readonly 409: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description PRECONDITION_FAILED */
            readonly 412: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description PAYLOAD_TOO_LARGE */
            readonly 413: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNSUPPORTED_MEDIA_TYPE */
            readonly 415: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description IDEMPOTENCY_KEY_REUSED */
            readonly 422: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description TOO_MANY_ATTEMPTS */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAVAILABLE */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "rotation.cancel": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                readonly "Idempotency-Key"?: string;
                readonly "If-Match"?: string;
            };
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Cancelled */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly rotation: components["schemas"]["Rotation"];
                        readonly warnings: readonly components["schemas"]["RotationWarning"][];
                        readonly effective: components["schemas"]["Effective"] | null;
                    };
                };
            };
            /** @description TWO_CREDENTIALS, KEY_IN_QUERY, VALIDATION_FAILED */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED, INVALID_TOKEN */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INSUFFICIENT_SCOPE */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description NOT_FOUND */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description STATE_CONFLICT, CONFLICT, IDEMPOTENCY_IN_PROGRESS */
            readonly 409: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description PRECONDITION_FAILED */
            readonly 412: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description IDEMPOTENCY_KEY_REUSED */
            readonly 422: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description TOO_MANY_ATTEMPTS */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description BARRIER_UNCONFIRMED, UNAVAILABLE */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "rotation.finish": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                readonly "Idempotency-Key"?: string;
                readonly "If-Match"?: string;
            };
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Finished */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly rotation: components["schemas"]["Rotation"];
                        readonly warnings: readonly components["schemas"]["RotationWarning"][];
                        readonly effective: components["schemas"]["Effective"] | null;
                    };
                };
            };
            /** @description TWO_CREDENTIALS, KEY_IN_QUERY, VALIDATION_FAILED */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED, INVALID_TOKEN */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INSUFFICIENT_SCOPE, INSUFFICIENT_SCOPE */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description NOT_FOUND */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description STATE_CONFLICT, CONFLICT, IDEMPOTENCY_IN_PROGRESS */
            readonly 409: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description PRECONDITION_FAILED */
            readonly 412: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description IDEMPOTENCY_KEY_REUSED */
            readonly 422: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description TOO_MANY_ATTEMPTS */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description BARRIER_UNCONFIRMED, UNAVAILABLE */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "schedules.get": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The schedule */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["RotationSchedule"];
                };
            };
            /** @description TWO_CREDENTIALS, KEY_IN_QUERY, VALIDATION_FAILED */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED, INVALID_TOKEN */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INSUFFICIENT_SCOPE */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description NOT_FOUND */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description TOO_MANY_ATTEMPTS */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAVAILABLE */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "schedules.put": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": {
                    /** @default null */
                    readonly everyDays?: number | null;
                    /** @default 72 */
                    readonly overlapHours?: number;
                    readonly deliverTo: components["schemas"]["DeliverTo"];
                };
            };
        };
        readonly responses: {
            /** @description Replaced */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["RotationSchedule"];
                };
            };
            /** @description Created */
            readonly 201: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["RotationSchedule"];
                };
            };
            /** @description TWO_CREDENTIALS, KEY_IN_QUERY, VALIDATION_FAILED, MALFORMED_JSON */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED, INVALID_TOKEN */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INSUFFICIENT_SCOPE */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description NOT_FOUND */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description STATE_CONFLICT */
            readonly 409: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description PAYLOAD_TOO_LARGE */
            readonly 413: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNSUPPORTED_MEDIA_TYPE */
            readonly 415: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description TOO_MANY_ATTEMPTS */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAVAILABLE */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "schedules.delete": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The schedule as it was */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["RotationSchedule"];
                };
            };
            /** @description TWO_CREDENTIALS, KEY_IN_QUERY, VALIDATION_FAILED */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED, INVALID_TOKEN */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INSUFFICIENT_SCOPE */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description NOT_FOUND */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description TOO_MANY_ATTEMPTS */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAVAILABLE */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "schedules.list": {
        readonly parameters: {
            readonly query?: {
                readonly limit?: number;
                readonly cursor?: string;
                readonly account?: string;
                readonly held?: "true" | "false";
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description A page of schedules, by key */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly data: readonly components["schemas"]["RotationSchedule"][];
                        readonly nextCursor: string | null;
                    };
                };
            };
            /** @description INVALID_CURSOR, TWO_CREDENTIALS, KEY_IN_QUERY, VALIDATION_FAILED */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED, INVALID_TOKEN */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INSUFFICIENT_SCOPE */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description NOT_FOUND */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description TOO_MANY_ATTEMPTS */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAVAILABLE */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "splits.get": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Its callers, and what is left of its traffic */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["SplitShown"];
                };
            };
            /** @description TWO_CREDENTIALS, KEY_IN_QUERY, VALIDATION_FAILED */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED, INVALID_TOKEN */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INSUFFICIENT_SCOPE */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description NOT_FOUND */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description TOO_MANY_ATTEMPTS */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAVAILABLE */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "splits.start": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                readonly "Idempotency-Key"?: string;
            };
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: {
            readonly content: {
                readonly "application/json": {
                    /** @default 35 */
                    readonly days?: number;
                    /** @default 168 */
                    readonly quietHours?: number;
                    /** @default true */
                    readonly revokes?: boolean;
                };
            };
        };
        readonly responses: {
            /** @description Begun; its callers are asked for with `splits.get` */
            readonly 201: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Split"];
                };
            };
            /** @description TWO_CREDENTIALS, KEY_IN_QUERY, VALIDATION_FAILED, MALFORMED_JSON */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED, INVALID_TOKEN */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INSUFFICIENT_SCOPE */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description NOT_FOUND */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description STATE_CONFLICT, IDEMPOTENCY_IN_PROGRESS */
            readonly 409: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description PAYLOAD_TOO_LARGE */
            readonly 413: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNSUPPORTED_MEDIA_TYPE */
            readonly 415: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description IDEMPOTENCY_KEY_REUSED */
            readonly 422: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description TOO_MANY_ATTEMPTS */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAVAILABLE */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "splits.list": {
        readonly parameters: {
            readonly query?: {
                readonly limit?: number;
                readonly cursor?: string;
                readonly account?: string;
                readonly state?: "open" | "finished" | "cancelled";
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description A page of splits */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly data: readonly components["schemas"]["Split"][];
                        readonly nextCursor: string | null;
                    };
                };
            };
            /** @description INVALID_CURSOR, TWO_CREDENTIALS, KEY_IN_QUERY, VALIDATION_FAILED */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED, INVALID_TOKEN */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INSUFFICIENT_SCOPE */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description NOT_FOUND */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description TOO_MANY_ATTEMPTS */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAVAILABLE */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "splits.finish": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                readonly "Idempotency-Key"?: string;
            };
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: {
            readonly content: {
                readonly "application/json": {
                    /** @default false */
                    readonly early?: boolean;
                };
            };
        };
        readonly responses: {
            /** @description Revoked everywhere */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly split: components["schemas"]["Split"];
                        readonly effective: components["schemas"]["Effective"] | null;
                    };
                };
            };
            /** @description TWO_CREDENTIALS, KEY_IN_QUERY, VALIDATION_FAILED, MALFORMED_JSON */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED, INVALID_TOKEN */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INSUFFICIENT_SCOPE */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description NOT_FOUND */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description STATE_CONFLICT, IDEMPOTENCY_IN_PROGRESS */
            readonly 409: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description PAYLOAD_TOO_LARGE */
            readonly 413: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNSUPPORTED_MEDIA_TYPE */
            readonly 415: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description IDEMPOTENCY_KEY_REUSED */
            readonly 422: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description TOO_MANY_ATTEMPTS */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAVAILABLE */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "splits.cancel": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                readonly "Idempotency-Key"?: string;
            };
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Cancelled */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Split"];
                };
            };
            /** @description TWO_CREDENTIALS, KEY_IN_QUERY, VALIDATION_FAILED */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED, INVALID_TOKEN */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INSUFFICIENT_SCOPE */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description NOT_FOUND */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description STATE_CONFLICT, IDEMPOTENCY_IN_PROGRESS */
            readonly 409: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description IDEMPOTENCY_KEY_REUSED */
            readonly 422: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description TOO_MANY_ATTEMPTS */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAVAILABLE */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "split-callers.put": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly id: string;
                readonly name: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": {
                    readonly match: {
                        readonly service?: string;
                        readonly network?: string;
                        readonly agent?: string;
                    };
                    /** @default null */
                    readonly description?: string | null;
                    /** @default false */
                    readonly dropped?: boolean;
                };
            };
        };
        readonly responses: {
            /** @description Changed */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Split"];
                };
            };
            /** @description Added */
            readonly 201: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Split"];
                };
            };
            /** @description TWO_CREDENTIALS, KEY_IN_QUERY, VALIDATION_FAILED, MALFORMED_JSON */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED, INVALID_TOKEN */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INSUFFICIENT_SCOPE */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description NOT_FOUND */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description STATE_CONFLICT */
            readonly 409: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description PAYLOAD_TOO_LARGE */
            readonly 413: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNSUPPORTED_MEDIA_TYPE */
            readonly 415: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description TOO_MANY_ATTEMPTS */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAVAILABLE */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "split-callers.delete": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly id: string;
                readonly name: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Without it */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Split"];
                };
            };
            /** @description TWO_CREDENTIALS, KEY_IN_QUERY, VALIDATION_FAILED */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED, INVALID_TOKEN */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INSUFFICIENT_SCOPE */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description NOT_FOUND */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description STATE_CONFLICT */
            readonly 409: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description TOO_MANY_ATTEMPTS */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAVAILABLE */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "split-callers.issue": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                readonly "Idempotency-Key"?: string;
            };
            readonly path: {
                readonly id: string;
                readonly name: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": {
                    readonly tier?: ("read" | "write" | "admin") | null;
                    readonly scopes?: readonly string[];
                    readonly purpose?: string | null;
                    readonly rationale?: string | null;
                    readonly owner: string;
                    readonly service?: string | null;
                    readonly expiresAt?: string | null;
                    readonly expiresInDays?: number;
                    readonly allowedIps?: readonly string[];
                    readonly allowedReferrers?: readonly string[];
                    readonly audiences?: readonly string[];
                    readonly limits?: readonly {
                        readonly name: string;
                        readonly amount: number;
                        /** @enum {string} */
                        readonly per: "second" | "minute" | "hour" | "day" | "month" | "lifetime";
                        /** @enum {string} */
                        readonly shared?: "key" | "account" | "ip";
                        readonly refill?: {
                            readonly amount: number;
                            /** @enum {string} */
                            readonly every: "day" | "month";
                        };
                    }[];
                    readonly storedIn?: string | null;
                    readonly criticality?: ("low" | "medium" | "high" | "critical") | null;
                    readonly runbookUrl?: string | null;
                    readonly dependants?: readonly (string | {
                        readonly name: string;
                        readonly contact?: string;
                    })[];
                    readonly tags?: readonly string[];
                    readonly metadata?: {
                        readonly [key: string]: string | number | boolean | null | readonly (string | number | boolean | null | readonly unknown[] | {
                            readonly [key: string]: unknown;
                        })[] | {
                            readonly [key: string]: string | number | boolean | null | readonly unknown[] | {
                                readonly [key: string]: unknown;
                            };
                        };
                    };
                    readonly createdBy?: string;
                    readonly label?: string;
                    readonly link?: components["schemas"]["LinkRequest"];
                    readonly deliverTo?: components["schemas"]["DeliverTo"];
                };
            };
        };
        readonly responses: {
            /** @description Issued */
            readonly 201: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly key: components["schemas"]["Key"];
                        readonly secret: string | null;
                        readonly link: components["schemas"]["NewLink"] | null;
                        readonly handOver: components["schemas"]["HandOver"] | null;
                    };
                };
            };
            /** @description Waits for approval, as policy says */
            readonly 202: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly key: components["schemas"]["Key"];
                        readonly secret: null;
                        readonly approval: components["schemas"]["Approval"];
                    };
                };
            };
            /** @description TWO_CREDENTIALS, KEY_IN_QUERY, VALIDATION_FAILED, MALFORMED_JSON */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED, INVALID_TOKEN */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description GRANT_EXCEEDED, INSUFFICIENT_SCOPE */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description NOT_FOUND */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description KEY_LIMIT_REACHED, STATE_CONFLICT, IDEMPOTENCY_IN_PROGRESS */
            readonly 409: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description PAYLOAD_TOO_LARGE */
            readonly 413: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNSUPPORTED_MEDIA_TYPE */
            readonly 415: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description POLICY_VIOLATED, IDEMPOTENCY_KEY_REUSED */
            readonly 422: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description TOO_MANY_ATTEMPTS */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description KEK_UNAVAILABLE, UNAVAILABLE */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "links.list": {
        readonly parameters: {
            readonly query?: {
                readonly limit?: number;
                readonly cursor?: string;
                readonly account?: string;
                readonly key?: string;
                readonly state?: "open" | "opened" | "expired" | "revoked" | "locked" | "void";
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description A page of links */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly data: readonly components["schemas"]["Link"][];
                        readonly nextCursor: string | null;
                    };
                };
            };
            /** @description INVALID_CURSOR, TWO_CREDENTIALS, KEY_IN_QUERY, VALIDATION_FAILED */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED, INVALID_TOKEN */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INSUFFICIENT_SCOPE */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description NOT_FOUND */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description TOO_MANY_ATTEMPTS */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAVAILABLE */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "links.get": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The link */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Link"];
                };
            };
            /** @description TWO_CREDENTIALS, KEY_IN_QUERY, VALIDATION_FAILED */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED, INVALID_TOKEN */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INSUFFICIENT_SCOPE */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description NOT_FOUND */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description TOO_MANY_ATTEMPTS */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAVAILABLE */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "links.revoke": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                readonly "Idempotency-Key"?: string;
            };
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description It can be opened no more */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Link"];
                };
            };
            /** @description TWO_CREDENTIALS, KEY_IN_QUERY, VALIDATION_FAILED */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED, INVALID_TOKEN */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INSUFFICIENT_SCOPE */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description NOT_FOUND */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description STATE_CONFLICT, IDEMPOTENCY_IN_PROGRESS */
            readonly 409: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description IDEMPOTENCY_KEY_REUSED */
            readonly 422: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description TOO_MANY_ATTEMPTS */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAVAILABLE */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "links.open": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                readonly "Idempotency-Key"?: string;
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": {
                    readonly token: string;
                    readonly passphrase?: string;
                };
            };
        };
        readonly responses: {
            /** @description Opened, for the only time */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly secret: string;
                        readonly key: string;
                        readonly version: number;
                        readonly label: string;
                        readonly environment: string | null;
                        readonly expiresAt: string | null;
                    };
                };
            };
            /** @description VALIDATION_FAILED, MALFORMED_JSON */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description PASSPHRASE_NEEDED */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description NOT_FOUND */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description IDEMPOTENCY_IN_PROGRESS */
            readonly 409: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description LINK_ENDED */
            readonly 410: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description PAYLOAD_TOO_LARGE */
            readonly 413: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNSUPPORTED_MEDIA_TYPE */
            readonly 415: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description IDEMPOTENCY_KEY_REUSED */
            readonly 422: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description TOO_MANY_ATTEMPTS */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "keys.reveal": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                readonly "Idempotency-Key"?: string;
            };
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": {
                    readonly reason: string;
                    readonly version?: number;
                };
            };
        };
        readonly responses: {
            /** @description The secret, to be kept in no cache */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly key: string;
                        readonly version: number;
                        readonly secret: string | null;
                    };
                };
            };
            /** @description TWO_CREDENTIALS, KEY_IN_QUERY, VALIDATION_FAILED, MALFORMED_JSON */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED, INVALID_TOKEN */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INSUFFICIENT_SCOPE */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description NOT_FOUND */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description KEY_NOT_RECOVERABLE, STATE_CONFLICT, IDEMPOTENCY_IN_PROGRESS */
            readonly 409: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description PAYLOAD_TOO_LARGE */
            readonly 413: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNSUPPORTED_MEDIA_TYPE */
            readonly 415: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description IDEMPOTENCY_KEY_REUSED */
            readonly 422: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description TOO_MANY_ATTEMPTS, TOO_MANY_ATTEMPTS */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description KEK_UNAVAILABLE, UNAVAILABLE */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "stores.get": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The store */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Store"];
                };
            };
            /** @description TWO_CREDENTIALS, KEY_IN_QUERY, VALIDATION_FAILED */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED, INVALID_TOKEN */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INSUFFICIENT_SCOPE */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description NOT_FOUND */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description TOO_MANY_ATTEMPTS */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAVAILABLE */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "stores.put": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": {
                    /** @default null */
                    readonly description?: string | null;
                    /** @default  */
                    readonly pathPrefix?: string;
                    readonly vault?: components["schemas"]["VaultStore"];
                    readonly aws?: components["schemas"]["AwsSecretsManagerStore"];
                    readonly command?: string;
                };
            };
        };
        readonly responses: {
            /** @description Replaced */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Store"];
                };
            };
            /** @description Created */
            readonly 201: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Store"];
                };
            };
            /** @description TWO_CREDENTIALS, KEY_IN_QUERY, VALIDATION_FAILED, MALFORMED_JSON */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED, INVALID_TOKEN */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INSUFFICIENT_SCOPE */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description CONFLICT */
            readonly 409: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description PAYLOAD_TOO_LARGE */
            readonly 413: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNSUPPORTED_MEDIA_TYPE */
            readonly 415: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description TOO_MANY_ATTEMPTS */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAVAILABLE */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "stores.delete": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The store as it was */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Store"];
                };
            };
            /** @description TWO_CREDENTIALS, KEY_IN_QUERY, VALIDATION_FAILED */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED, INVALID_TOKEN */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INSUFFICIENT_SCOPE */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description NOT_FOUND */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description STATE_CONFLICT */
            readonly 409: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description TOO_MANY_ATTEMPTS */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAVAILABLE */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "stores.list": {
        readonly parameters: {
            readonly query?: {
                readonly limit?: number;
                readonly cursor?: string;
                readonly kind?: "vault" | "aws-secrets-manager" | "command";
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description A page of stores */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly data: readonly components["schemas"]["Store"][];
                        readonly nextCursor: string | null;
                    };
                };
            };
            /** @description INVALID_CURSOR, TWO_CREDENTIALS, KEY_IN_QUERY, VALIDATION_FAILED */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED, INVALID_TOKEN */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INSUFFICIENT_SCOPE */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description TOO_MANY_ATTEMPTS */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAVAILABLE */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "stores.test": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                readonly "Idempotency-Key"?: string;
            };
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description What came of it */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["StoreTest"];
                };
            };
            /** @description TWO_CREDENTIALS, KEY_IN_QUERY, VALIDATION_FAILED */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED, INVALID_TOKEN */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INSUFFICIENT_SCOPE */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description NOT_FOUND */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description IDEMPOTENCY_IN_PROGRESS */
            readonly 409: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description IDEMPOTENCY_KEY_REUSED */
            readonly 422: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description TOO_MANY_ATTEMPTS */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAVAILABLE */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "hand-overs.list": {
        readonly parameters: {
            readonly query?: {
                readonly limit?: number;
                readonly cursor?: string;
                readonly account?: string;
                readonly key?: string;
                readonly store?: string;
                readonly state?: "waiting" | "delivered" | "offered" | "claimed" | "failed" | "expired" | "void";
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description A page of hand-overs */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly data: readonly components["schemas"]["HandOver"][];
                        readonly nextCursor: string | null;
                    };
                };
            };
            /** @description INVALID_CURSOR, TWO_CREDENTIALS, KEY_IN_QUERY, VALIDATION_FAILED */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED, INVALID_TOKEN */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INSUFFICIENT_SCOPE */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description NOT_FOUND */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description TOO_MANY_ATTEMPTS */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAVAILABLE */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "hand-overs.get": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The hand-over */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["HandOver"];
                };
            };
            /** @description TWO_CREDENTIALS, KEY_IN_QUERY, VALIDATION_FAILED */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED, INVALID_TOKEN */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INSUFFICIENT_SCOPE */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description NOT_FOUND */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description TOO_MANY_ATTEMPTS */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAVAILABLE */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "hand-overs.claim": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                readonly "Idempotency-Key"?: string;
            };
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Claimed, for the only time */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly handOver: components["schemas"]["HandOver"];
                        readonly secret: string | null;
                    };
                };
            };
            /** @description TWO_CREDENTIALS, KEY_IN_QUERY, VALIDATION_FAILED */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED, INVALID_TOKEN */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description GRANT_EXCEEDED, INSUFFICIENT_SCOPE */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description NOT_FOUND */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description STATE_CONFLICT, IDEMPOTENCY_IN_PROGRESS */
            readonly 409: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description IDEMPOTENCY_KEY_REUSED */
            readonly 422: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description TOO_MANY_ATTEMPTS */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAVAILABLE */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "imports.list": {
        readonly parameters: {
            readonly query?: {
                readonly limit?: number;
                readonly cursor?: string;
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description A page of them, without their faults */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly data: readonly components["schemas"]["KeyImport"][];
                        readonly nextCursor: string | null;
                    };
                };
            };
            /** @description INVALID_CURSOR, TWO_CREDENTIALS, KEY_IN_QUERY, VALIDATION_FAILED */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED, INVALID_TOKEN */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INSUFFICIENT_SCOPE */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description TOO_MANY_ATTEMPTS */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAVAILABLE */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "imports.import": {
        readonly parameters: {
            readonly query?: {
                readonly account?: string;
                readonly environment?: string;
                readonly fromLine?: number;
                readonly more?: "true" | "false";
                readonly dryRun?: "true" | "false";
            };
            readonly header?: {
                readonly "Idempotency-Key"?: string;
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/x-ndjson": {
                    readonly account?: string;
                    readonly environment?: string;
                    readonly label: string;
                    readonly tier?: ("read" | "write" | "admin") | null;
                    readonly scopes?: readonly string[];
                    readonly purpose?: string | null;
                    readonly rationale?: string | null;
                    readonly owner?: string | null;
                    readonly service?: string | null;
                    readonly expiresAt?: string | null;
                    readonly expiresInDays?: number;
                    readonly allowedIps?: readonly string[];
                    readonly allowedReferrers?: readonly string[];
                    readonly audiences?: readonly string[];
                    readonly limits?: readonly {
                        readonly name: string;
                        readonly amount: number;
                        /** @enum {string} */
                        readonly per: "second" | "minute" | "hour" | "day" | "month" | "lifetime";
                        /** @enum {string} */
                        readonly shared?: "key" | "account" | "ip";
                        readonly refill?: {
                            readonly amount: number;
                            /** @enum {string} */
                            readonly every: "day" | "month";
                        };
                    }[];
                    readonly storedIn?: string | null;
                    readonly criticality?: ("low" | "medium" | "high" | "critical") | null;
                    readonly runbookUrl?: string | null;
                    readonly dependants?: readonly (string | {
                        readonly name: string;
                        readonly contact?: string;
                    })[];
                    readonly tags?: readonly string[];
                    readonly metadata?: {
                        readonly [key: string]: string | number | boolean | null | readonly (string | number | boolean | null | readonly unknown[] | {
                            readonly [key: string]: unknown;
                        })[] | {
                            readonly [key: string]: string | number | boolean | null | readonly unknown[] | {
                                readonly [key: string]: unknown;
                            };
                        };
                    };
                    readonly createdBy?: string;
                    readonly key?: string;
                    readonly sha256?: string;
                    readonly preview?: string;
                    /** Format: date-time */
                    readonly createdAt?: string;
                };
                readonly "text/csv": {
                    readonly account?: string;
                    readonly environment?: string;
                    readonly label: string;
                    readonly tier?: ("read" | "write" | "admin") | null;
                    readonly scopes?: readonly string[];
                    readonly purpose?: string | null;
                    readonly rationale?: string | null;
                    readonly owner?: string | null;
                    readonly service?: string | null;
                    readonly expiresAt?: string | null;
                    readonly expiresInDays?: number;
                    readonly allowedIps?: readonly string[];
                    readonly allowedReferrers?: readonly string[];
                    readonly audiences?: readonly string[];
                    readonly limits?: readonly {
                        readonly name: string;
                        readonly amount: number;
                        /** @enum {string} */
                        readonly per: "second" | "minute" | "hour" | "day" | "month" | "lifetime";
                        /** @enum {string} */
                        readonly shared?: "key" | "account" | "ip";
                        readonly refill?: {
                            readonly amount: number;
                            /** @enum {string} */
                            readonly every: "day" | "month";
                        };
                    }[];
                    readonly storedIn?: string | null;
                    readonly criticality?: ("low" | "medium" | "high" | "critical") | null;
                    readonly runbookUrl?: string | null;
                    readonly dependants?: readonly (string | {
                        readonly name: string;
                        readonly contact?: string;
                    })[];
                    readonly tags?: readonly string[];
                    readonly metadata?: {
                        readonly [key: string]: string | number | boolean | null | readonly (string | number | boolean | null | readonly unknown[] | {
                            readonly [key: string]: unknown;
                        })[] | {
                            readonly [key: string]: string | number | boolean | null | readonly unknown[] | {
                                readonly [key: string]: unknown;
                            };
                        };
                    };
                    readonly createdBy?: string;
                    readonly key?: string;
                    readonly sha256?: string;
                    readonly preview?: string;
                    /** Format: date-time */
                    readonly createdAt?: string;
                };
            };
        };
        readonly responses: {
            /** @description What became of the lines */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["KeyImport"];
                };
            };
            /** @description TWO_CREDENTIALS, KEY_IN_QUERY, VALIDATION_FAILED */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED, INVALID_TOKEN */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INSUFFICIENT_SCOPE */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description IDEMPOTENCY_IN_PROGRESS */
            readonly 409: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description PAYLOAD_TOO_LARGE */
            readonly 413: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNSUPPORTED_MEDIA_TYPE */
            readonly 415: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description IDEMPOTENCY_KEY_REUSED */
            readonly 422: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description TOO_MANY_ATTEMPTS */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAVAILABLE */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "imports.get": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The import */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["KeyImport"];
                };
            };
            /** @description TWO_CREDENTIALS, KEY_IN_QUERY, VALIDATION_FAILED */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED, INVALID_TOKEN */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INSUFFICIENT_SCOPE */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description NOT_FOUND */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description TOO_MANY_ATTEMPTS */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAVAILABLE */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "imports.errors": {
        readonly parameters: {
            readonly query?: {
                readonly limit?: number;
                readonly cursor?: string;
            };
            readonly header?: never;
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description A page of faults, by line */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly data: readonly {
                            readonly line: number;
                            readonly path: string;
                            readonly message: string;
                        }[];
                        readonly nextCursor: string | null;
                    };
                };
            };
            /** @description INVALID_CURSOR, TWO_CREDENTIALS, KEY_IN_QUERY, VALIDATION_FAILED */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED, INVALID_TOKEN */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INSUFFICIENT_SCOPE */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description NOT_FOUND */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description TOO_MANY_ATTEMPTS */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAVAILABLE */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "bulk-acts.get": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Its progress */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["BulkAct"];
                };
            };
            /** @description TWO_CREDENTIALS, KEY_IN_QUERY, VALIDATION_FAILED */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED, INVALID_TOKEN */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INSUFFICIENT_SCOPE */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description NOT_FOUND */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description TOO_MANY_ATTEMPTS */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAVAILABLE */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "bulk-acts.results": {
        readonly parameters: {
            readonly query?: {
                readonly limit?: number;
                readonly cursor?: string;
                readonly outcome?: "done" | "already" | "final" | "kept" | "unknown";
            };
            readonly header?: never;
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description A page of results; null until a key is come to */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly data: readonly components["schemas"]["BulkActResult"][];
                        readonly nextCursor: string | null;
                    };
                };
            };
            /** @description INVALID_CURSOR, TWO_CREDENTIALS, KEY_IN_QUERY, VALIDATION_FAILED */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED, INVALID_TOKEN */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INSUFFICIENT_SCOPE */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description NOT_FOUND */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description TOO_MANY_ATTEMPTS */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAVAILABLE */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "bulk-acts.finish": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                readonly "Idempotency-Key"?: string;
            };
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: {
            readonly content: {
                readonly "application/json": {
                    /** @default 20 */
                    readonly waitSeconds?: number;
                };
            };
        };
        readonly responses: {
            /** @description Done, and in force everywhere; or what a dry run found */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly dryRun: boolean;
                        readonly bulkAct: components["schemas"]["BulkAct"] | null;
                        readonly selected: components["schemas"]["SelectedKeys"] | null;
                        readonly results: readonly components["schemas"]["BulkActResult"][];
                        readonly effective: components["schemas"]["Effective"] | null;
                    };
                };
            };
            /** @description Under way: it goes on by itself */
            readonly 202: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly dryRun: boolean;
                        readonly bulkAct: components["schemas"]["BulkAct"] | null;
                        readonly selected: components["schemas"]["SelectedKeys"] | null;
                        readonly results: readonly components["schemas"]["BulkActResult"][];
                        readonly effective: components["schemas"]["Effective"] | null;
                    };
                };
            };
            /** @description TWO_CREDENTIALS, KEY_IN_QUERY, VALIDATION_FAILED, MALFORMED_JSON */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED, INVALID_TOKEN */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INSUFFICIENT_SCOPE */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description NOT_FOUND */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description IDEMPOTENCY_IN_PROGRESS */
            readonly 409: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description PAYLOAD_TOO_LARGE */
            readonly 413: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNSUPPORTED_MEDIA_TYPE */
            readonly 415: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description IDEMPOTENCY_KEY_REUSED */
            readonly 422: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description TOO_MANY_ATTEMPTS */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description BARRIER_UNCONFIRMED, UNAVAILABLE */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "drills.list": {
        readonly parameters: {
            readonly query?: {
                readonly limit?: number;
                readonly cursor?: string;
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description A page of drills */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly data: readonly components["schemas"]["Drill"][];
                        readonly nextCursor: string | null;
                    };
                };
            };
            /** @description INVALID_CURSOR, TWO_CREDENTIALS, KEY_IN_QUERY, VALIDATION_FAILED */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED, INVALID_TOKEN */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INSUFFICIENT_SCOPE */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description TOO_MANY_ATTEMPTS */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAVAILABLE */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "drills.start": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                readonly "Idempotency-Key"?: string;
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: {
            readonly content: {
                readonly "application/json": {
                    readonly environment?: string;
                };
            };
        };
        readonly responses: {
            /** @description What came of it, passed or failed */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Drill"];
                };
            };
            /** @description TWO_CREDENTIALS, KEY_IN_QUERY, VALIDATION_FAILED, MALFORMED_JSON */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED, INVALID_TOKEN */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INSUFFICIENT_SCOPE */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description STATE_CONFLICT, IDEMPOTENCY_IN_PROGRESS */
            readonly 409: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description PAYLOAD_TOO_LARGE */
            readonly 413: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNSUPPORTED_MEDIA_TYPE */
            readonly 415: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description IDEMPOTENCY_KEY_REUSED */
            readonly 422: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description TOO_MANY_ATTEMPTS */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAVAILABLE */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "drills.standing": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description How drills stand */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly everyDays: number;
                        readonly overdue: boolean;
                        readonly lastStartedAt: string | null;
                        readonly lastPassedAt: string | null;
                    };
                };
            };
            /** @description TWO_CREDENTIALS, KEY_IN_QUERY */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED, INVALID_TOKEN */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INSUFFICIENT_SCOPE */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description TOO_MANY_ATTEMPTS */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAVAILABLE */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "drills.get": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The drill */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Drill"];
                };
            };
            /** @description TWO_CREDENTIALS, KEY_IN_QUERY, VALIDATION_FAILED */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED, INVALID_TOKEN */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INSUFFICIENT_SCOPE */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description NOT_FOUND */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description TOO_MANY_ATTEMPTS */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAVAILABLE */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "approvals.list": {
        readonly parameters: {
            readonly query?: {
                readonly limit?: number;
                readonly cursor?: string;
                readonly account?: string;
                readonly key?: string;
                readonly status?: "requested" | "approved" | "done" | "denied" | "cancelled" | "expired";
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description A page of requests */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly data: readonly components["schemas"]["Approval"][];
                        readonly nextCursor: string | null;
                    };
                };
            };
            /** @description INVALID_CURSOR, TWO_CREDENTIALS, KEY_IN_QUERY, VALIDATION_FAILED */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED, INVALID_TOKEN */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INSUFFICIENT_SCOPE */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description NOT_FOUND */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description TOO_MANY_ATTEMPTS */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAVAILABLE */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "approvals.get": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The request */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Approval"];
                };
            };
            /** @description TWO_CREDENTIALS, KEY_IN_QUERY, VALIDATION_FAILED */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED, INVALID_TOKEN */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INSUFFICIENT_SCOPE */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description NOT_FOUND */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description TOO_MANY_ATTEMPTS */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAVAILABLE */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "approvals.approve": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                readonly "Idempotency-Key"?: string;
            };
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: {
            readonly content: {
                readonly "application/json": {
                    /** @description the owner or admin of the account who decides; left out: the platform */
                    readonly by?: string;
                    readonly comment?: string;
                };
            };
        };
        readonly responses: {
            /** @description Approved */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly approval: components["schemas"]["Approval"];
                        readonly key: components["schemas"]["Key"];
                        readonly effective: components["schemas"]["Effective"] | null;
                    };
                };
            };
            /** @description TWO_CREDENTIALS, KEY_IN_QUERY, VALIDATION_FAILED, MALFORMED_JSON */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED, INVALID_TOKEN */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INSUFFICIENT_SCOPE, APPROVAL_FORBIDDEN, GRANT_EXCEEDED, INSUFFICIENT_SCOPE */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description NOT_FOUND */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description STATE_CONFLICT, IDEMPOTENCY_IN_PROGRESS */
            readonly 409: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description PAYLOAD_TOO_LARGE */
            readonly 413: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNSUPPORTED_MEDIA_TYPE */
            readonly 415: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description POLICY_VIOLATED, IDEMPOTENCY_KEY_REUSED */
            readonly 422: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description TOO_MANY_ATTEMPTS */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description BARRIER_UNCONFIRMED, UNAVAILABLE */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "approvals.deny": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                readonly "Idempotency-Key"?: string;
            };
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: {
            readonly content: {
                readonly "application/json": {
                    /** @description the owner or admin of the account who decides; left out: the platform */
                    readonly by?: string;
                    readonly comment?: string;
                };
            };
        };
        readonly responses: {
            /** @description Denied */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly approval: components["schemas"]["Approval"];
                        readonly key: components["schemas"]["Key"];
                        readonly effective: components["schemas"]["Effective"] | null;
                    };
                };
            };
            /** @description TWO_CREDENTIALS, KEY_IN_QUERY, VALIDATION_FAILED, MALFORMED_JSON */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED, INVALID_TOKEN */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INSUFFICIENT_SCOPE, APPROVAL_FORBIDDEN, INSUFFICIENT_SCOPE */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description NOT_FOUND */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description STATE_CONFLICT, IDEMPOTENCY_IN_PROGRESS */
            readonly 409: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description PAYLOAD_TOO_LARGE */
            readonly 413: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNSUPPORTED_MEDIA_TYPE */
            readonly 415: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description IDEMPOTENCY_KEY_REUSED */
            readonly 422: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description TOO_MANY_ATTEMPTS */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAVAILABLE */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "approvals.cancel": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                readonly "Idempotency-Key"?: string;
            };
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Cancelled */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly approval: components["schemas"]["Approval"];
                        readonly key: components["schemas"]["Key"];
                        readonly effective: components["schemas"]["Effective"] | null;
                    };
                };
            };
            /** @description TWO_CREDENTIALS, KEY_IN_QUERY, VALIDATION_FAILED */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED, INVALID_TOKEN */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description APPROVAL_FORBIDDEN, INSUFFICIENT_SCOPE */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description NOT_FOUND */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description STATE_CONFLICT, IDEMPOTENCY_IN_PROGRESS */
            readonly 409: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description IDEMPOTENCY_KEY_REUSED */
            readonly 422: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description TOO_MANY_ATTEMPTS */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAVAILABLE */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "approvals.claim": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                readonly "Idempotency-Key"?: string;
            };
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: {
            readonly content: {
                readonly "application/json": {
                    readonly link?: components["schemas"]["LinkRequest"];
                    readonly deliverTo?: components["schemas"]["DeliverTo"];
                };
            };
        };
        readonly responses: {
            /** @description Issued */
            readonly 201: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly approval: components["schemas"]["Approval"];
                        readonly key: components["schemas"]["Key"];
                        readonly secret: string | null;
                        readonly link: components["schemas"]["NewLink"] | null;
                        readonly handOver: components["schemas"]["HandOver"] | null;
                        readonly rotation: components["schemas"]["Rotation"] | null;
                        readonly effective: components["schemas"]["Effective"] | null;
                    };
                };
            };
            /** @description TWO_CREDENTIALS, KEY_IN_QUERY, VALIDATION_FAILED, MALFORMED_JSON */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED, INVALID_TOKEN */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description APPROVAL_FORBIDDEN, GRANT_EXCEEDED, INSUFFICIENT_SCOPE, INSUFFICIENT_SCOPE */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description NOT_FOUND */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description STATE_CONFLICT, KEY_LIMIT_REACHED, CONFLICT, IDEMPOTENCY_IN_PROGRESS */
            readonly 409: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description PAYLOAD_TOO_LARGE */
            readonly 413: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNSUPPORTED_MEDIA_TYPE */
            readonly 415: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description POLICY_VIOLATED, IDEMPOTENCY_KEY_REUSED */
            readonly 422: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description TOO_MANY_ATTEMPTS */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description KEK_UNAVAILABLE, BARRIER_UNCONFIRMED, UNAVAILABLE */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "views.list": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description All views, on one page */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly data: readonly components["schemas"]["View"][];
                        readonly nextCursor: string | null;
                    };
                };
            };
            /** @description TWO_CREDENTIALS, KEY_IN_QUERY */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED, INVALID_TOKEN */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INSUFFICIENT_SCOPE */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description TOO_MANY_ATTEMPTS */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAVAILABLE */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "views.show": {
        readonly parameters: {
            readonly query?: {
                readonly limit?: number;
                readonly cursor?: string;
            };
            readonly header?: never;
            readonly path: {
                readonly name: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description A page of rows, and how many there are in all */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly data: readonly (components["schemas"]["ViewedKey"] | components["schemas"]["ViewedAccount"])[];
                        readonly nextCursor: string | null;
                        readonly total: number | null;
                    };
                };
            };
            /** @description INVALID_CURSOR, TWO_CREDENTIALS, KEY_IN_QUERY, VALIDATION_FAILED */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED, INVALID_TOKEN */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INSUFFICIENT_SCOPE */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description NOT_FOUND */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description TOO_MANY_ATTEMPTS */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAVAILABLE */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "views.save": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly name: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": {
                    readonly description?: string | null;
                    readonly filter: {
                        readonly account?: string;
                        readonly environment?: string;
                        /** @enum {string} */
                        readonly status?: "requested" | "active" | "expiring" | "rotating" | "suspended" | "expired" | "revoked";
                        readonly scope?: string;
                        /** @enum {string} */
                        readonly tier?: "read" | "write" | "admin";
                        readonly owner?: string;
                        readonly service?: string;
                        readonly createdBy?: string;
                        readonly tag?: string;
                        /** @enum {string} */
                        readonly criticality?: "low" | "medium" | "high" | "critical";
                        /** @enum {string} */
                        readonly stored?: "yes" | "no";
                        /** @enum {string} */
                        readonly used?: "ever" | "never";
                        /** Format: date-time */
                        readonly lastUsedBefore?: string;
                        /** Format: date-time */
                        readonly lastUsedAfter?: string;
                        /** Format: date-time */
                        readonly createdBefore?: string;
                        /** Format: date-time */
                        readonly createdAfter?: string;
                        /** Format: date-time */
                        readonly expiresBefore?: string;
                        /** Format: date-time */
                        readonly expiresAfter?: string;
                        /** @enum {string} */
                        readonly throttled?: "yes" | "no";
                        readonly q?: string;
                        /**
                         * @description Order; ties by id. Never expiring comes last, never used, never refused and without criticality first, every other value that is not there last. By `requests30d`, `purpose`, `storedIn` and `runbookUrl` only where the other conditions let few keys through; else VALIDATION_FAILED
                         * @enum {string}
                         */
                        readonly sort?: "id" | "-id" | "createdAt" | "-createdAt" | "label" | "-label" | "expiresAt" | "-expiresAt" | "lastUsedAt" | "-lastUsedAt" | "lastRefusedAt" | "-lastRefusedAt" | "account" | "-account" | "environment" | "-environment" | "service" | "-service" | "owner" | "-owner" | "createdBy" | "-createdBy" | "criticality" | "-criticality" | "status" | "-status" | "requests30d" | "-requests30d" | "purpose" | "-purpose" | "storedIn" | "-storedIn" | "runbookUrl" | "-runbookUrl";
                    };
                    /** @default false */
                    readonly shared?: boolean;
                    /** @default false */
                    readonly notify?: boolean;
                };
            };
        };
        readonly responses: {
            /** @description Replaced */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["SavedView"];
                };
            };
            /** @description Saved */
            readonly 201: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["SavedView"];
                };
            };
            /** @description TWO_CREDENTIALS, KEY_IN_QUERY, VALIDATION_FAILED, MALFORMED_JSON */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED, INVALID_TOKEN */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INSUFFICIENT_SCOPE */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description CONFLICT */
            readonly 409: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description PAYLOAD_TOO_LARGE */
            readonly 413: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNSUPPORTED_MEDIA_TYPE */
            readonly 415: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description TOO_MANY_ATTEMPTS */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAVAILABLE */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "views.delete": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly name: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description What it was */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["SavedView"];
                };
            };
            /** @description TWO_CREDENTIALS, KEY_IN_QUERY, VALIDATION_FAILED */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED, INVALID_TOKEN */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INSUFFICIENT_SCOPE */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description NOT_FOUND */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description TOO_MANY_ATTEMPTS */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAVAILABLE */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "verification.verify": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": {
                    readonly key: string;
                    readonly environment?: string;
                    readonly scopes?: readonly string[] | {
                        readonly all: readonly (string | (readonly string[] | {
                            readonly all: readonly (string | unknown)[];
                        } | {
                            readonly any: readonly (string | unknown)[];
                        }))[];
                    } | {
                        readonly any: readonly (string | (readonly string[] | {
                            readonly all: readonly (string | unknown)[];
                        } | {
                            readonly any: readonly (string | unknown)[];
                        }))[];
                    };
                    readonly method?: string;
                    readonly path?: string;
                    readonly account?: string;
                    readonly audience?: string;
                    readonly ip?: string;
                    readonly referrer?: string;
                    readonly origin?: string;
                    readonly userAgent?: string;
                    readonly requestId?: string;
                    /** @default 1 */
                    readonly cost?: number;
                };
            };
        };
        readonly responses: {
            /** @description The verdict */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Verdict"];
                };
            };
            /** @description TWO_CREDENTIALS, KEY_IN_QUERY, VALIDATION_FAILED, MALFORMED_JSON */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED, INVALID_TOKEN */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INSUFFICIENT_SCOPE */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description PAYLOAD_TOO_LARGE */
            readonly 413: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNSUPPORTED_MEDIA_TYPE */
            readonly 415: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description TOO_MANY_ATTEMPTS */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAVAILABLE */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "verification.verify-batch": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": {
                    readonly checks: readonly {
                        readonly key: string;
                        readonly environment?: string;
                        readonly scopes?: readonly string[] | {
                            readonly all: readonly (string | (readonly string[] | {
                                readonly all: readonly (string | unknown)[];
                            } | {
                                readonly any: readonly (string | unknown)[];
                            }))[];
                        } | {
                            readonly any: readonly (string | (readonly string[] | {
                                readonly all: readonly (string | unknown)[];
                            } | {
                                readonly any: readonly (string | unknown)[];
                            }))[];
                        };
                        readonly method?: string;
                        readonly path?: string;
                        readonly account?: string;
                        readonly audience?: string;
                        readonly ip?: string;
                        readonly referrer?: string;
                        readonly origin?: string;
                        readonly userAgent?: string;
                        readonly requestId?: string;
                        /** @default 1 */
                        readonly cost?: number;
                    }[];
                };
            };
        };
        readonly responses: {
            /** @description The verdicts, in order */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly results: readonly components["schemas"]["Verdict"][];
                    };
                };
            };
            /** @description TWO_CREDENTIALS, KEY_IN_QUERY, VALIDATION_FAILED, MALFORMED_JSON */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED, INVALID_TOKEN */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INSUFFICIENT_SCOPE */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description PAYLOAD_TOO_LARGE */
            readonly 413: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNSUPPORTED_MEDIA_TYPE */
            readonly 415: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description TOO_MANY_ATTEMPTS */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAVAILABLE */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "verification.authorize": {
        readonly parameters: {
            readonly query?: {
                readonly proxy?: "nginx";
                readonly environment?: string;
                readonly service?: string;
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Allowed; X-Key-Id, X-Account-Id and X-Scopes say who it is */
            readonly 204: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            /** @description TWO_CREDENTIALS, KEY_IN_QUERY, TWO_CREDENTIALS, KEY_IN_QUERY, VALIDATION_FAILED */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED, INVALID_TOKEN */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INSUFFICIENT_SCOPE */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description TOO_MANY_ATTEMPTS */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAVAILABLE */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "verification.authorize-post": {
        readonly parameters: {
            readonly query?: {
                readonly proxy?: "nginx";
                readonly environment?: string;
                readonly service?: string;
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Allowed; X-Key-Id, X-Account-Id and X-Scopes say who it is */
            readonly 204: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            /** @description TWO_CREDENTIALS, KEY_IN_QUERY, TWO_CREDENTIALS, KEY_IN_QUERY, VALIDATION_FAILED */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED, INVALID_TOKEN */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INSUFFICIENT_SCOPE */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description TOO_MANY_ATTEMPTS */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAVAILABLE */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "keys.inspect": {
        readonly parameters: {
            readonly query?: {
                readonly period?: "1h" | "24h" | "7d" | "30d" | "90d" | "12mo";
            };
            readonly header?: never;
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description What is known of its use, in words and figures */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["KeyUsage"];
                };
            };
            /** @description TWO_CREDENTIALS, KEY_IN_QUERY, VALIDATION_FAILED */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED, INVALID_TOKEN */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INSUFFICIENT_SCOPE */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description NOT_FOUND */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description TOO_MANY_ATTEMPTS */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAVAILABLE */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "accounts.inspect": {
        readonly parameters: {
            readonly query?: {
                readonly period?: "1h" | "24h" | "7d" | "30d" | "90d" | "12mo";
            };
            readonly header?: never;
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description What is known of its use, in words and figures */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["AccountUsage"];
                };
            };
            /** @description TWO_CREDENTIALS, KEY_IN_QUERY, VALIDATION_FAILED */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED, INVALID_TOKEN */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INSUFFICIENT_SCOPE */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description NOT_FOUND */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description TOO_MANY_ATTEMPTS */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAVAILABLE */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "overview.show": {
        readonly parameters: {
            readonly query?: {
                readonly period?: "1h" | "24h" | "7d" | "30d" | "90d" | "12mo";
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description How the platform stands */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Overview"];
                };
            };
            /** @description TWO_CREDENTIALS, KEY_IN_QUERY, VALIDATION_FAILED */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED, INVALID_TOKEN */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INSUFFICIENT_SCOPE */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description TOO_MANY_ATTEMPTS */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAVAILABLE */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "usage.summarize": {
        readonly parameters: {
            readonly query?: {
                readonly account?: string;
                readonly key?: string;
                readonly environment?: string;
                readonly route?: string;
                readonly code?: "VALID" | "MALFORMED" | "NOT_FOUND" | "EXPIRED" | "REVOKED" | "SUSPENDED" | "ACCOUNT_SUSPENDED" | "WRONG_ENVIRONMENT" | "WRONG_ACCOUNT" | "INSUFFICIENT_SCOPE" | "ROUTE_NOT_MAPPED" | "IP_NOT_ALLOWED" | "REFERRER_NOT_ALLOWED" | "AUDIENCE_NOT_ALLOWED" | "RATE_LIMITED" | "QUOTA_EXCEEDED" | "UNAVAILABLE";
                readonly from?: string;
                readonly to?: string;
                readonly step?: "hour" | "day" | "month";
                readonly by?: "code" | "route" | "method" | "environment" | "account" | "key";
                readonly top?: number;
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Counts, oldest first */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["UsageSummary"];
                };
            };
            /** @description VALIDATION_FAILED, TWO_CREDENTIALS, KEY_IN_QUERY, VALIDATION_FAILED */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED, INVALID_TOKEN */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INSUFFICIENT_SCOPE */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description NOT_FOUND */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description TOO_MANY_ATTEMPTS */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAVAILABLE */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "usage.list": {
        readonly parameters: {
            readonly query?: {
                readonly limit?: number;
                readonly cursor?: string;
                readonly account?: string;
                readonly key?: string;
                readonly code?: "VALID" | "MALFORMED" | "NOT_FOUND" | "EXPIRED" | "REVOKED" | "SUSPENDED" | "ACCOUNT_SUSPENDED" | "WRONG_ENVIRONMENT" | "WRONG_ACCOUNT" | "INSUFFICIENT_SCOPE" | "ROUTE_NOT_MAPPED" | "IP_NOT_ALLOWED" | "REFERRER_NOT_ALLOWED" | "AUDIENCE_NOT_ALLOWED" | "RATE_LIMITED" | "QUOTA_EXCEEDED" | "UNAVAILABLE";
                readonly from?: string;
                readonly to?: string;
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description A page of verifications */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly data: readonly components["schemas"]["UsageEvent"][];
                        readonly nextCursor: string | null;
                    };
                };
            };
            /** @description INVALID_CURSOR, TWO_CREDENTIALS, KEY_IN_QUERY, VALIDATION_FAILED */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED, INVALID_TOKEN */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INSUFFICIENT_SCOPE */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description TOO_MANY_ATTEMPTS */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAVAILABLE */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "usage.strangers": {
        readonly parameters: {
            readonly query?: {
                readonly limit?: number;
                readonly cursor?: string;
                readonly code?: "MALFORMED" | "NOT_FOUND" | "EXPIRED" | "REVOKED" | "SUSPENDED" | "ACCOUNT_SUSPENDED" | "WRONG_ENVIRONMENT" | "WRONG_ACCOUNT" | "INSUFFICIENT_SCOPE" | "ROUTE_NOT_MAPPED" | "IP_NOT_ALLOWED" | "REFERRER_NOT_ALLOWED" | "AUDIENCE_NOT_ALLOWED" | "RATE_LIMITED" | "QUOTA_EXCEEDED" | "UNAVAILABLE";
                readonly from?: string;
                readonly to?: string;
                readonly network?: string;
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description A page of counts; both times are taken by whole hours */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly data: readonly components["schemas"]["StrangerHour"][];
                        readonly nextCursor: string | null;
                    };
                };
            };
            /** @description INVALID_CURSOR, TWO_CREDENTIALS, KEY_IN_QUERY, VALIDATION_FAILED */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED, INVALID_TOKEN */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INSUFFICIENT_SCOPE */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description TOO_MANY_ATTEMPTS */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAVAILABLE */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "keys.suggest": {
        readonly parameters: {
            readonly query?: {
                readonly days?: number;
            };
            readonly header?: never;
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description What it was granted, what it used, and what would do */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["KeySuggestion"];
                };
            };
            /** @description TWO_CREDENTIALS, KEY_IN_QUERY, VALIDATION_FAILED */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED, INVALID_TOKEN */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INSUFFICIENT_SCOPE */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description NOT_FOUND */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description TOO_MANY_ATTEMPTS */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAVAILABLE */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "endpoints.list": {
        readonly parameters: {
            readonly query?: {
                readonly limit?: number;
                readonly cursor?: string;
                readonly environment?: string;
                readonly mapped?: "true" | "false";
                readonly scope?: string;
                readonly days?: number;
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description A page of endpoints, by environment and template */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly data: readonly components["schemas"]["Endpoint"][];
                        readonly nextCursor: string | null;
                    };
                };
            };
            /** @description INVALID_CURSOR, TWO_CREDENTIALS, KEY_IN_QUERY, VALIDATION_FAILED */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED, INVALID_TOKEN */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INSUFFICIENT_SCOPE */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description TOO_MANY_ATTEMPTS */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAVAILABLE */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "endpoints.uncalled": {
        readonly parameters: {
            readonly query?: {
                readonly limit?: number;
                readonly cursor?: string;
                readonly environment?: string;
                readonly scope?: string;
                readonly days?: number;
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description A page of routes, by template */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly data: readonly components["schemas"]["UncalledEndpoint"][];
                        readonly nextCursor: string | null;
                    };
                };
            };
            /** @description INVALID_CURSOR, TWO_CREDENTIALS, KEY_IN_QUERY, VALIDATION_FAILED */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED, INVALID_TOKEN */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INSUFFICIENT_SCOPE */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description TOO_MANY_ATTEMPTS */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAVAILABLE */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "endpoints.inspect": {
        readonly parameters: {
            readonly query: {
                readonly environment: string;
                readonly template: string;
                readonly method?: "GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE" | "OPTIONS" | "OTHER";
                readonly days?: number;
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description How many, and the busiest of them */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["EndpointCallers"];
                };
            };
            /** @description TWO_CREDENTIALS, KEY_IN_QUERY, VALIDATION_FAILED */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED, INVALID_TOKEN */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INSUFFICIENT_SCOPE */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description TOO_MANY_ATTEMPTS */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAVAILABLE */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "metering.list": {
        readonly parameters: {
            readonly query?: {
                readonly limit?: number;
                readonly cursor?: string;
                readonly period?: string;
                readonly account?: string;
                readonly key?: string;
                readonly plan?: string;
                readonly environment?: string;
                readonly by?: "key" | "account" | "plan";
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description A page of sums, and the month */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly data: readonly components["schemas"]["MeteringRow"][];
                        readonly nextCursor: string | null;
                        readonly period: components["schemas"]["MeteringPeriod"];
                    };
                };
            };
            /** @description INVALID_CURSOR, TWO_CREDENTIALS, KEY_IN_QUERY, VALIDATION_FAILED */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED, INVALID_TOKEN */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INSUFFICIENT_SCOPE */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description NOT_FOUND */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description TOO_MANY_ATTEMPTS */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAVAILABLE */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "metering.periods": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description All of them, on one page */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly data: readonly components["schemas"]["MeteringPeriod"][];
                        readonly nextCursor: string | null;
                    };
                };
            };
            /** @description TWO_CREDENTIALS, KEY_IN_QUERY */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED, INVALID_TOKEN */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INSUFFICIENT_SCOPE */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description TOO_MANY_ATTEMPTS */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAVAILABLE */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "metering.export": {
        readonly parameters: {
            readonly query?: {
                readonly period?: string;
                readonly account?: string;
                readonly key?: string;
                readonly plan?: string;
                readonly environment?: string;
                readonly by?: "key" | "account" | "plan";
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description A line for each row, after one of names */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "text/csv": string;
                };
            };
            /** @description TWO_CREDENTIALS, KEY_IN_QUERY, VALIDATION_FAILED */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED, INVALID_TOKEN */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INSUFFICIENT_SCOPE */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description NOT_FOUND */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description TOO_MANY_ATTEMPTS */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAVAILABLE */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "budgets.list": {
        readonly parameters: {
            readonly query?: {
                readonly limit?: number;
                readonly cursor?: string;
                readonly account?: string;
                readonly key?: string;
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description A page of budgets */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly data: readonly components["schemas"]["Budget"][];
                        readonly nextCursor: string | null;
                    };
                };
            };
            /** @description INVALID_CURSOR, TWO_CREDENTIALS, KEY_IN_QUERY, VALIDATION_FAILED */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED, INVALID_TOKEN */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INSUFFICIENT_SCOPE */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description TOO_MANY_ATTEMPTS */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAVAILABLE */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "budgets.get": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly subject: string;
                readonly measure: "requests" | "cost";
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The budget */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Budget"];
                };
            };
            /** @description TWO_CREDENTIALS, KEY_IN_QUERY, VALIDATION_FAILED */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED, INVALID_TOKEN */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INSUFFICIENT_SCOPE */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description NOT_FOUND */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description TOO_MANY_ATTEMPTS */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAVAILABLE */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "budgets.put": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly subject: string;
                readonly measure: "requests" | "cost";
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": {
                    readonly amount: number;
                };
            };
        };
        readonly responses: {
            /** @description Replaced */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Budget"];
                };
            };
            /** @description Set */
            readonly 201: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Budget"];
                };
            };
            /** @description TWO_CREDENTIALS, KEY_IN_QUERY, VALIDATION_FAILED, MALFORMED_JSON */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED, INVALID_TOKEN */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INSUFFICIENT_SCOPE */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description NOT_FOUND */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description PAYLOAD_TOO_LARGE */
            readonly 413: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNSUPPORTED_MEDIA_TYPE */
            readonly 415: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description TOO_MANY_ATTEMPTS */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAVAILABLE */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "budgets.delete": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly subject: string;
                readonly measure: "requests" | "cost";
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description What it was */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Budget"];
                };
            };
            /** @description TWO_CREDENTIALS, KEY_IN_QUERY, VALIDATION_FAILED */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED, INVALID_TOKEN */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INSUFFICIENT_SCOPE */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description NOT_FOUND */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description TOO_MANY_ATTEMPTS */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAVAILABLE */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "webhooks.get": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The webhook */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Webhook"];
                };
            };
            /** @description TWO_CREDENTIALS, KEY_IN_QUERY, VALIDATION_FAILED */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED, INVALID_TOKEN */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INSUFFICIENT_SCOPE */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description NOT_FOUND */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description TOO_MANY_ATTEMPTS */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAVAILABLE */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "webhooks.put": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": {
                    readonly url: string;
                    readonly events: readonly string[];
                    readonly account?: string | null;
                    /**
                     * @default standard
                     * @enum {string}
                     */
                    readonly format?: "standard" | "slack";
                    readonly description?: string | null;
                    /** @default true */
                    readonly enabled?: boolean;
                };
            };
        };
        readonly responses: {
            /** @description Replaced */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["WebhookWithSecret"];
                };
            };
            /** @description Created; the secret is shown here and nowhere else */
            readonly 201: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["WebhookWithSecret"];
                };
            };
            /** @description TWO_CREDENTIALS, KEY_IN_QUERY, VALIDATION_FAILED, MALFORMED_JSON */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED, INVALID_TOKEN */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INSUFFICIENT_SCOPE */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description NOT_FOUND */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description CONFLICT */
            readonly 409: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description PAYLOAD_TOO_LARGE */
            readonly 413: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNSUPPORTED_MEDIA_TYPE */
            readonly 415: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description TOO_MANY_ATTEMPTS */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAVAILABLE */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "webhooks.delete": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description What it was */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Webhook"];
                };
            };
            /** @description TWO_CREDENTIALS, KEY_IN_QUERY, VALIDATION_FAILED */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED, INVALID_TOKEN */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INSUFFICIENT_SCOPE */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description NOT_FOUND */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description TOO_MANY_ATTEMPTS */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAVAILABLE */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "webhooks.list": {
        readonly parameters: {
            readonly query?: {
                readonly limit?: number;
                readonly cursor?: string;
                readonly account?: string;
                readonly status?: "active" | "disabled";
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description A page of webhooks */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly data: readonly components["schemas"]["Webhook"][];
                        readonly nextCursor: string | null;
                    };
                };
            };
            /** @description INVALID_CURSOR, TWO_CREDENTIALS, KEY_IN_QUERY, VALIDATION_FAILED */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED, INVALID_TOKEN */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INSUFFICIENT_SCOPE */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description TOO_MANY_ATTEMPTS */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAVAILABLE */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "webhooks.rotate-secret": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                readonly "Idempotency-Key"?: string;
            };
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": {
                    /** @default 24 */
                    readonly overlapHours?: number;
                };
            };
        };
        readonly responses: {
            /** @description The new secret is shown here and nowhere else */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["WebhookWithSecret"];
                };
            };
            /** @description TWO_CREDENTIALS, KEY_IN_QUERY, VALIDATION_FAILED, MALFORMED_JSON */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED, INVALID_TOKEN */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INSUFFICIENT_SCOPE */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description NOT_FOUND */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description IDEMPOTENCY_IN_PROGRESS */
            readonly 409: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description PAYLOAD_TOO_LARGE */
            readonly 413: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNSUPPORTED_MEDIA_TYPE */
            readonly 415: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description IDEMPOTENCY_KEY_REUSED */
            readonly 422: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description TOO_MANY_ATTEMPTS */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAVAILABLE */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "webhooks.test": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                readonly "Idempotency-Key"?: string;
            };
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description It is on its way */
            readonly 202: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Delivery"];
                };
            };
            /** @description TWO_CREDENTIALS, KEY_IN_QUERY, VALIDATION_FAILED */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED, INVALID_TOKEN */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INSUFFICIENT_SCOPE */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description NOT_FOUND */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description STATE_CONFLICT, IDEMPOTENCY_IN_PROGRESS */
            readonly 409: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description IDEMPOTENCY_KEY_REUSED */
            readonly 422: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description TOO_MANY_ATTEMPTS */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAVAILABLE */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "webhooks.deliveries": {
        readonly parameters: {
            readonly query?: {
                readonly limit?: number;
                readonly cursor?: string;
                readonly state?: "waiting" | "delivered" | "failed";
                readonly event?: string;
            };
            readonly header?: never;
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description A page of deliveries */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly data: readonly components["schemas"]["Delivery"][];
                        readonly nextCursor: string | null;
                    };
                };
            };
            /** @description INVALID_CURSOR, TWO_CREDENTIALS, KEY_IN_QUERY, VALIDATION_FAILED */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED, INVALID_TOKEN */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INSUFFICIENT_SCOPE */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description NOT_FOUND */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description TOO_MANY_ATTEMPTS */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAVAILABLE */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "webhooks.replay": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                readonly "Idempotency-Key"?: string;
            };
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": {
                    readonly delivery?: string;
                    /** Format: date-time */
                    readonly from?: string;
                    /** Format: date-time */
                    readonly to?: string;
                    readonly cursor?: string;
                };
            };
        };
        readonly responses: {
            /** @description So many are on their way; where there are more, ask again with the cursor */
            readonly 202: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly replayed: number;
                        readonly nextCursor: string | null;
                    };
                };
            };
            /** @description INVALID_CURSOR, TWO_CREDENTIALS, KEY_IN_QUERY, VALIDATION_FAILED, MALFORMED_JSON */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED, INVALID_TOKEN */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INSUFFICIENT_SCOPE */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description NOT_FOUND */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description STATE_CONFLICT, IDEMPOTENCY_IN_PROGRESS */
            readonly 409: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description PAYLOAD_TOO_LARGE */
            readonly 413: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNSUPPORTED_MEDIA_TYPE */
            readonly 415: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description IDEMPOTENCY_KEY_REUSED */
            readonly 422: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description TOO_MANY_ATTEMPTS */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAVAILABLE */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "notices.get": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly account: string;
                readonly member: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description By kind */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Notices"];
                };
            };
            /** @description TWO_CREDENTIALS, KEY_IN_QUERY, VALIDATION_FAILED */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED, INVALID_TOKEN */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INSUFFICIENT_SCOPE */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description NOT_FOUND */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description TOO_MANY_ATTEMPTS */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAVAILABLE */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "notices.put": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly account: string;
                readonly member: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": {
                    readonly expiry?: boolean;
                    readonly ended?: boolean;
                    readonly rotation?: boolean;
                    readonly reveal?: boolean;
                    readonly approval?: boolean;
                    readonly budget?: boolean;
                };
            };
        };
        readonly responses: {
            /** @description By kind */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Notices"];
                };
            };
            /** @description TWO_CREDENTIALS, KEY_IN_QUERY, VALIDATION_FAILED, MALFORMED_JSON */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED, INVALID_TOKEN */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INSUFFICIENT_SCOPE */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description NOT_FOUND */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description PAYLOAD_TOO_LARGE */
            readonly 413: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNSUPPORTED_MEDIA_TYPE */
            readonly 415: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description TOO_MANY_ATTEMPTS */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAVAILABLE */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "notices.list-mails": {
        readonly parameters: {
            readonly query?: {
                readonly limit?: number;
                readonly cursor?: string;
                readonly account?: string;
                readonly state?: "waiting" | "sent" | "failed" | "dropped";
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description A page of mails */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly data: readonly components["schemas"]["Mail"][];
                        readonly nextCursor: string | null;
                    };
                };
            };
            /** @description INVALID_CURSOR, TWO_CREDENTIALS, KEY_IN_QUERY, VALIDATION_FAILED */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED, INVALID_TOKEN */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INSUFFICIENT_SCOPE */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description TOO_MANY_ATTEMPTS */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAVAILABLE */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "event-types.list": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description All types, on one page */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly data: readonly components["schemas"]["EventType"][];
                        readonly nextCursor: string | null;
                    };
                };
            };
            /** @description TWO_CREDENTIALS, KEY_IN_QUERY */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED, INVALID_TOKEN */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INSUFFICIENT_SCOPE */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description TOO_MANY_ATTEMPTS */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAVAILABLE */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "audit.list": {
        readonly parameters: {
            readonly query?: {
                readonly limit?: number;
                readonly cursor?: string;
                readonly account?: string;
                readonly action?: string;
                readonly actor?: string;
                readonly target?: string;
                readonly from?: string;
                readonly to?: string;
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description A page of audit events */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly data: readonly components["schemas"]["AuditEvent"][];
                        readonly nextCursor: string | null;
                    };
                };
            };
            /** @description INVALID_CURSOR, TWO_CREDENTIALS, KEY_IN_QUERY, VALIDATION_FAILED */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED, INVALID_TOKEN */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INSUFFICIENT_SCOPE */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description TOO_MANY_ATTEMPTS */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAVAILABLE */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "nodes.list": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description All nodes, on one page */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly data: readonly components["schemas"]["Node"][];
                        readonly nextCursor: string | null;
                    };
                };
            };
            /** @description TWO_CREDENTIALS, KEY_IN_QUERY */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED, INVALID_TOKEN */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INSUFFICIENT_SCOPE */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description TOO_MANY_ATTEMPTS */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAVAILABLE */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "system.key-format": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Expression, checksum rule and scanner rules */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly prefix: string;
                        readonly tags: readonly string[];
                        readonly pattern: string;
                        readonly regex: string;
                        readonly maxLength: number;
                        readonly checksum: {
                            readonly algorithm: string;
                            readonly alphabet: string;
                            readonly covers: string;
                            readonly length: number;
                            readonly description: string;
                        };
                        readonly gitleaks: string;
                        readonly trufflehog: string;
                    };
                };
            };
            /** @description INTERNAL */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "system.health": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description It does */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        /** @constant */
                        readonly status: "ok";
                    };
                };
            };
            /** @description INTERNAL */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "system.readiness": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Ready */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly ready: boolean;
                        readonly database: boolean;
                        readonly lease: boolean;
                        readonly leaseMsLeft: number;
                        readonly lag: number;
                        readonly epoch: string | null;
                        readonly draining: boolean;
                    };
                };
            };
            /** @description INTERNAL */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAVAILABLE */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "system.metrics": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Text exposition format */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "text/plain": string;
                };
            };
            /** @description INTERNAL */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "system.openapi": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description OpenAPI 3.1 document */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly [key: string]: string | number | boolean | null | readonly (string | number | boolean | null | readonly unknown[] | {
                            readonly [key: string]: unknown;
                        })[] | {
                            readonly [key: string]: string | number | boolean | null | readonly unknown[] | {
                                readonly [key: string]: unknown;
                            };
                        };
                    };
                };
            };
            /** @description INTERNAL */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "accounts.close": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                readonly "Idempotency-Key"?: string;
            };
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": {
                    readonly reason: string;
                    /** @default 30 */
                    readonly eraseAfterDays?: number;
                    /** @default false */
                    readonly dryRun?: boolean;
                    readonly confirm?: number;
                    /** @default 20 */
                    readonly waitSeconds?: number;
                };
            };
        };
        readonly responses: {
            /** @description Closed, and in force everywhere; or what a dry run found */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly dryRun: boolean;
                        readonly account: components["schemas"]["Account"];
                        readonly selected: components["schemas"]["SelectedKeys"] | null;
                        readonly bulkAct: components["schemas"]["BulkAct"] | null;
                        readonly results: readonly components["schemas"]["BulkActResult"][];
                        readonly effective: components["schemas"]["Effective"] | null;
                    };
                };
            };
            /** @description Closed; its keys are ended one after another, and refused already */
            readonly 202: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly dryRun: boolean;
                        readonly account: components["schemas"]["Account"];
                        readonly selected: components["schemas"]["SelectedKeys"] | null;
                        readonly bulkAct: components["schemas"]["BulkAct"] | null;
                        readonly results: readonly components["schemas"]["BulkActResult"][];
                        readonly effective: components["schemas"]["Effective"] | null;
                    };
                };
            };
            /** @description TWO_CREDENTIALS, KEY_IN_QUERY, VALIDATION_FAILED, MALFORMED_JSON */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED, INVALID_TOKEN */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INSUFFICIENT_SCOPE */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description NOT_FOUND */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description STATE_CONFLICT, CONFIRMATION_REQUIRED, IDEMPOTENCY_IN_PROGRESS */
            readonly 409: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description PAYLOAD_TOO_LARGE */
            readonly 413: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNSUPPORTED_MEDIA_TYPE */
            readonly 415: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description IDEMPOTENCY_KEY_REUSED */
            readonly 422: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description TOO_MANY_ATTEMPTS */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description BARRIER_UNCONFIRMED, UNAVAILABLE */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "accounts.export": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                readonly "Idempotency-Key"?: string;
            };
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description A JSON object on each line; the last one tells their number */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/x-ndjson": string;
                };
            };
            /** @description TWO_CREDENTIALS, KEY_IN_QUERY, VALIDATION_FAILED */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED, INVALID_TOKEN */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INSUFFICIENT_SCOPE */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description NOT_FOUND */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description IDEMPOTENCY_IN_PROGRESS */
            readonly 409: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description IDEMPOTENCY_KEY_REUSED */
            readonly 422: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description TOO_MANY_ATTEMPTS */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAVAILABLE */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
}

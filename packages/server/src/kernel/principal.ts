/** Who a request was proven to come from. Holds no secret. */
export type Principal =
  | { readonly kind: "public" }
  | {
      readonly kind: "management";
      readonly keyId: string;
      /** Explicit names, wildcards expanded against the fixed catalogue. */
      readonly scopes: ReadonlySet<string>;
      /** The environment a verify credential is bound to; `null` where it is not bound. */
      readonly environment: string | null;
      /** Milliseconds since the epoch, or `null` for never. */
      readonly expiresAt: number | null;
    }
  | { readonly kind: "holder"; readonly keyId: string; readonly account: string; readonly version: number };

export type ManagementPrincipal = Extract<Principal, { kind: "management" }>;
export type HolderPrincipal = Extract<Principal, { kind: "holder" }>;

import type { operations } from "../generated/schema.ts";

type Id = keyof operations;

/** The JSON that an operation takes. */
export type Body<I extends Id> =
  NonNullable<operations[I]["requestBody"]> extends { readonly content: { readonly "application/json": infer B } }
    ? B
    : never;

/** The lines that an operation takes. */
export type Lines<I extends Id> =
  NonNullable<operations[I]["requestBody"]> extends { readonly content: { readonly "application/x-ndjson": infer L } }
    ? readonly L[]
    : never;

/** What an operation takes in the query. */
export type Query<I extends Id> = NonNullable<operations[I]["parameters"]["query"]>;

type Contents<R> = R extends { readonly content: infer C } ? C : never;
type OfType<C> = C extends { readonly "application/json": infer J }
  ? J
  : C extends { readonly [type: `text/${string}`]: infer T }
    ? T
    : [keyof C] extends [never]
      ? undefined
      : Uint8Array;
type Success<R> = R[keyof R & (200 | 201 | 202 | 204)];

/** What an operation answers with, whatever the status of its success. */
export type Result<I extends Id> = OfType<Contents<Success<operations[I]["responses"]>>>;

/** One row of a list. */
export type Item<I extends Id> = Result<I> extends { readonly data: readonly (infer T)[] } ? T : never;

import { type Way, way } from "./narrowing-ways.ts";
import type { World } from "./narrowing-world.ts";
import { STORE } from "./samples.ts";

const SCHEDULE = { everyDays: 3650, overlapHours: 24, deliverTo: { offer: true } };
const withStore = ({ name }: World) => ({ method: "PUT" as const, path: `/v1/stores/${name}`, body: STORE });

/** Those of stores, of secrets on their way to them, and of schedules. */
export const STORE_WAYS: readonly Way[] = [
  way("stores.put", "that can be reached by nobody", "*", false, ({ name }) => ({
    ...{ path: `/v1/stores/${name}`, body: STORE },
  })),
  ...(
    [
      ["stores.delete", ""],
      ["stores.test", "/test"],
    ] as const
  ).map(([operation, path]) => ({
    ...way(operation, "of a store", "", false, ({ name }) => ({ path: `/v1/stores/${name}${path}` })),
    before: withStore,
  })),
  {
    ...way("keys.rotate", "with its secret on its way to a store", "deliverTo", true, ({ named, name }) => ({
      path: `/v1/keys/${named.id}/rotate`,
      body: { overlapHours: 24, deliverTo: { store: name, path: "a/path" } },
    })),
    before: withStore,
  },
  way("hand-overs.claim", "that is offered", "", false, ({ handOver }) => ({
    path: `/v1/hand-overs/${handOver}/claim`,
  })),
  way("schedules.put", "of years", "*", false, ({ named }) => ({
    ...{ path: `/v1/keys/${named.id}/schedule`, body: SCHEDULE },
  })),
  {
    ...way("schedules.delete", "of a key", "", false, ({ named }) => ({ path: `/v1/keys/${named.id}/schedule` })),
    before: ({ named }) => ({ method: "PUT", path: `/v1/keys/${named.id}/schedule`, body: SCHEDULE }),
  },
];

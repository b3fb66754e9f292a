import { type Way, way } from "./narrowing-ways.ts";
import type { World } from "./narrowing-world.ts";
import { beginSplit } from "./samples.ts";

const at = ({ named }: World, rest: string): string => `/v1/keys/${named.id}/split${rest}`;
const begun: NonNullable<Way["prepare"]> = async (root, { named }) => {
  await beginSplit(root, named.id);
  return {};
};

/** Those of splits, and of their callers. */
export const SPLIT_WAYS: readonly Way[] = [
  way("splits.start", "of a key that nobody uses", "*", false, (world) => ({ path: at(world, ""), body: {} })),
  ...[
    way("splits.cancel", "that is open", "", false, (world) => ({ path: at(world, "/cancel") })),
    way("splits.finish", "before anybody has moved", "*", true, (world) => ({
      ...{ path: at(world, "/finish"), body: { early: true } },
    })),
    way("split-callers.put", "who is to have no key", "*", false, (world) => ({
      ...{ path: at(world, "/callers/nightly"), body: { match: { network: "192.0.2.0/24" }, dropped: true } },
    })),
    way("split-callers.delete", "who has no key", "", false, (world) => ({ path: at(world, "/callers/nightly") })),
    way("split-callers.issue", "beside the shared key", "*", false, (world) => ({
      path: at(world, "/callers/nightly/key"),
      body: { owner: "team:data", scopes: [`${world.name}:read`] },
    })),
  ].map((each) => ({ ...each, prepare: begun })),
];

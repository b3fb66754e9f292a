import { type Database, PLATFORM } from "../../db/index.ts";
import type { Clock } from "../../kernel/clock.ts";
import { selectEndedVersions } from "../keys/index.ts";
import { deleteSecrets, type SecretPlace, selectPlaces } from "./recovery.store.ts";

const AT_ONCE = 1_000;
/** What a clock that runs ahead takes for ended may be alive, and what is erased does not come back. */
const MARGIN_MS = 86_400_000;

/**
 * Erases the secrets of keys and versions that time has ended, in short transactions. Acts that end something erase with it; nobody is
 * shown the secret of what is over, also before this comes to it. pg errors pass through.
 */
export async function eraseEnded({ database, clock }: { readonly database: Database; readonly clock: Clock }) {
  let place: SecretPlace = null;
  do {
    const after: SecretPlace = place;
    place = await database.transaction(PLATFORM, async (tx) => {
      const kept = await selectPlaces(tx, after, AT_ONCE);
      await deleteSecrets(tx, await selectEndedVersions(tx, kept, new Date(clock.wall() - MARGIN_MS)));
      return kept.length < AT_ONCE ? null : (kept.at(-1) ?? null);
    });
  } while (place !== null);
}

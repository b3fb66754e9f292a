import { createRequire } from "node:module";
import type { CountryResponse } from "maxmind";
import type { Logger } from "../../kernel/log.ts";

/** Where addresses are registered, by a database on this machine; nobody else is asked. */
export interface Countries {
  /** Reads the database, once; what is asked before knows nothing. Never throws. */
  load(): Promise<void>;
  /** Two letters as ISO 3166 has them; null where it is not known. */
  of(ip: string): string | null;
}

interface Entry {
  readonly country_code?: unknown;
}

const DATABASE = "@ip-location-db/geo-whois-asn-country-mmdb/geo-whois-asn-country.mmdb";
/** Answers that are remembered. */
const REMEMBERED = 10_000;
const CODE = /^[A-Z]{2}$/;

/** The eight megabytes are read at the first use, so that a node at rest does without them. */
export function createCountries(logger: Logger): Countries {
  let reader: { get(ip: string): unknown } | null = null;
  let loading: Promise<void> | null = null;
  const read = async (): Promise<void> => {
    try {
      const { open } = await import("maxmind");
      const path = createRequire(import.meta.url).resolve(DATABASE);
      reader = await open<CountryResponse>(path, { cache: { max: REMEMBERED } });
    } catch (error) {
      logger.warn({ error }, "the database of countries cannot be read; uses are counted without");
    }
  };
  return {
    load: () => {
      loading ??= read();
      return loading;
    },
    of: (ip) => {
      const code = (reader?.get(ip) as Entry | null | undefined)?.country_code;
      return typeof code === "string" && CODE.test(code) ? code : null;
    },
  };
}

import { REFUSAL_CODES, type Verdict } from "../verdict/verdict.ts";
import type { TextsOf } from "./recorded-texts.ts";
import { type StrangerCount, USE_LIMITS } from "./use-batch.ts";

/** So that there is always room for each code without its source. */
const MOST_SOURCES = USE_LIMITS.strangers - REFUSAL_CODES.length;

interface Stranger {
  readonly ip: string | null;
  readonly code: Verdict["code"];
  count: number;
}

/** What presented no genuine key, by source and code: a flood from ever new addresses is counted and takes no room. */
export class Strangers {
  readonly #ips: TextsOf;
  readonly #counts = new Map<Verdict["code"], Map<string | null, Stranger>>();
  #sources = 0;

  constructor(ips: TextsOf) {
    this.#ips = ips;
  }

  note(ip: string | undefined, code: Verdict["code"]): void {
    const ofCode = this.#ofCode(code);
    const { text } = this.#ips(ip);
    const known = ofCode.get(text);
    if (known !== undefined) known.count += 1;
    else if (text !== null && this.#sources >= MOST_SOURCES) this.note(undefined, code);
    else {
      if (text !== null) this.#sources += 1;
      ofCode.set(text, { ip: text, code, count: 1 });
    }
  }

  /** Hands over what was counted, and forgets it. */
  take(): StrangerCount[] {
    const taken = [...this.#counts.values()].flatMap((ofCode) => [...ofCode.values()]);
    this.#counts.clear();
    this.#sources = 0;
    return taken;
  }

  #ofCode(code: Verdict["code"]): Map<string | null, Stranger> {
    let ofCode = this.#counts.get(code);
    if (ofCode === undefined) {
      ofCode = new Map();
      this.#counts.set(code, ofCode);
    }
    return ofCode;
  }
}

import { type AgentProduct, productOf } from "./agent-product.ts";
import { OTHERS } from "./bounds.ts";
import { type CallerAddress, networkOf } from "./network-of.ts";

export interface ReadAddress extends CallerAddress {
  readonly country: string | null;
}

/** What texts of callers mean. The same ones come again and again, so what was read is remembered, within a bound. */
export interface Readings {
  /** Null for what is no address. */
  address(ip: string): ReadAddress | null;
  product(agent: string): AgentProduct;
  /** As `plainText`. */
  text(text: string, most: number): string;
}

/** Texts of each kind that are remembered; beyond it all are forgotten at once. */
const REMEMBERED = 20_000;
/** Longer ones are read anew each time. */
const LONGEST = 256;

export function createReadings(countryOf: (ip: string) => string | null): Readings {
  const product = remembering(productOf);
  const address = remembering((ip: string): ReadAddress | null => {
    const read = networkOf(ip);
    return read === null ? null : { ...read, country: countryOf(read.ip) };
  });
  const texts = new Map<number, (text: string) => string>();
  return {
    address,
    product,
    text: (text, most) => {
      let read = texts.get(most);
      if (read === undefined) {
        read = remembering((each: string) => plainText(each, most));
        texts.set(most, read);
      }
      return read(text);
    },
  };
}

function remembering<T>(read: (text: string) => T): (text: string) => T {
  const known = new Map<string, T>();
  return (text) => {
    const found = known.get(text);
    if (found !== undefined) return found;
    const made = read(text);
    if (text.length > LONGEST) return made;
    if (known.size >= REMEMBERED) known.clear();
    known.set(text, made);
    return made;
  };
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: those are what is looked for
const UNPLAIN = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\ud800-\udfff]/;

/** One line of well-formed text without control characters, never empty and never what stands for others. */
export function plainText(text: string, most: number): string {
  const short = text.length > most ? text.slice(0, most) : text;
  const plain = UNPLAIN.test(short)
    ? short
        .toWellFormed()
        // biome-ignore lint/suspicious/noControlCharactersInRegex: those are what is taken out
        .replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g, "_")
    : short;
  return plain === "" || plain === OTHERS ? "_" : plain;
}

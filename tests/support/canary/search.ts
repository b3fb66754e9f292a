import { createHash } from "node:crypto";

/** A secret as it is, and what somebody might take for harmless: its hash, and its encodings. */
export function disguises(secret: string): string[] {
  const digest = createHash("sha256").update(secret).digest();
  const bytes = Buffer.from(secret);
  return [
    secret,
    digest.toString("hex"),
    digest.toString("base64"),
    digest.toString("base64url"),
    bytes.toString("hex"),
    bytes.toString("base64").replace(/=+$/, ""),
    encodeURIComponent(secret),
  ];
}

/** Finds which of the secrets, by name, a text shows in any disguise. The list may grow. */
export class Search {
  readonly secrets: Readonly<Record<string, string>>;
  readonly #needles = new Map<string, readonly string[]>();

  constructor(secrets: Readonly<Record<string, string>>) {
    this.secrets = secrets;
  }

  shownIn(text: string): string[] {
    return Object.entries(this.secrets).flatMap(([name, secret]) =>
      this.#of(secret).some((form) => text.includes(form)) ? [name] : [],
    );
  }

  /** The same where bytes are kept as they are: the secret itself, or its plain hash. */
  shownInBytes(bytes: Uint8Array): string[] {
    const haystack = Buffer.from(bytes);
    return Object.entries(this.secrets).flatMap(([name, secret]) =>
      [Buffer.from(secret), createHash("sha256").update(secret).digest()].some((form) => haystack.includes(form))
        ? [name]
        : [],
    );
  }

  #of(secret: string): readonly string[] {
    const known = this.#needles.get(secret) ?? disguises(secret);
    this.#needles.set(secret, known);
    return known;
  }
}

/** How a caller names an account, member or service: by our id or, as `ext:<id>`, by its own. */
export type Reference =
  | { readonly by: "id"; readonly id: string }
  | { readonly by: "external"; readonly externalId: string };

const EXTERNAL = "ext:";

/** The name of the reserved account that management keys live in; `platform` alone means the same. */
export const PLATFORM_EXTERNAL_ID = "platform";

export function parseReference(text: string): Reference {
  if (text === PLATFORM_EXTERNAL_ID) return { by: "external", externalId: PLATFORM_EXTERNAL_ID };
  return text.startsWith(EXTERNAL)
    ? { by: "external", externalId: text.slice(EXTERNAL.length) }
    : { by: "id", id: text };
}

/** Forms of an older store: what they take, and what is refused as a form. */
import { expect, test } from "vitest";
import { OLD_FORMS, oldForms, parseOldForm } from "./old-forms.ts";

test.each([
  ["sk_old_", ["sk_old_x", "sk_old_"], ["sk_older", "xsk_old_"]],
  ["acme-[0-9a-f]{32}", [`acme-${"0a".repeat(16)}`], [`acme-${"0a".repeat(15)}`, `acme-${"0g".repeat(16)}`]],
  [
    "[A-Za-z0-9._-]{16-20}",
    ["A.b_c-0123456789", "x".repeat(20)],
    ["x".repeat(15), "x".repeat(21), `${"x".repeat(16)}/`],
  ],
  ["a.b*c?(", ["a.b*c?(1"], ["axb*c?(1", "a.bbc("]],
])("%s takes keys of that form and no others", (form, taken, others) => {
  const takes = oldForms([form]);
  expect(taken.map(takes)).toEqual(taken.map(() => true));
  expect(others.map(takes)).toEqual(others.map(() => false));
});

test.each([
  ...["", "sk", "a b c", "sk_old_,", "sk_old_[", "[a-z]", "[a-z]{7}", "[a-z]{40-16}", "[a-z]{8-513}", "[z-a]{16}"],
  ...["[^a]{16}", "[a-z]{16}x", "[a-z]{16}{16}", "schlüssel", "[a]{16}".padStart(OLD_FORMS.length, "a")],
])("%j is no form", (text) => {
  expect(parseOldForm(text)).toBeNull();
  expect(oldForms([text])("aaaaaaaaaaaaaaaa")).toBe(false);
});

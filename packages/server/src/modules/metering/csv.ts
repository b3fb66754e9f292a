/**
 * One line of RFC 4180 with its end. A spreadsheet takes a text that begins with = + - @ or a control character for a formula, which
 * could send what stands beside it anywhere: such a text gets an apostrophe in front.
 */
export function csvLine(values: readonly (string | number | null)[]): string {
  return `${values.map(cell).join(",")}\r\n`;
}

function cell(value: string | number | null): string {
  if (value === null) return "";
  if (typeof value === "number") return String(value);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what a spreadsheet may take for the start of a formula
  const text = /^[\s=+\-@\u0000-\u001f|%]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

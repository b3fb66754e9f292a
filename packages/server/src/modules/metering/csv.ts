/**
 * One line of RFC 4180 with its end. A spreadsheet takes a text that begins with = + - @, one of their full-width forms or a control
 * character for a formula, which could send what stands beside it anywhere: such a text gets an apostrophe in front. So does what
 * follows a semicolon in one, which separates cells where a comma is the decimal sign.
 */
export function csvLine(values: readonly (string | number | null)[]): string {
  return `${values.map(cell).join(",")}\r\n`;
}

function cell(value: string | number | null): string {
  if (value === null) return "";
  if (typeof value === "number") return String(value);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what a spreadsheet may take for the start of a formula
  const text = value.replace(/(^|;)(?=[\s\u0000-\u001f"']*[=+\-@|%＝＋－＠])|^(?=[\s\u0000-\u001f])/g, "$1'");
  return /[",;\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

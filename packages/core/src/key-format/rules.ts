export interface KeyFormatRules {
  readonly regex: string;
  readonly checksum: {
    readonly algorithm: string;
    readonly alphabet: string;
    readonly covers: string;
    readonly length: number;
    readonly description: string;
  };
  readonly maxLength: number;
  readonly gitleaks: string;
  readonly trufflehog: string;
}
export function keyFormatRules(_prefixes: readonly string[], _tags: readonly string[]): KeyFormatRules {
  throw new TypeError("not written yet");
}

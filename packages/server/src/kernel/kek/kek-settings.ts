/** Settings of recoverable keys, with what the reference says of each. */
const KEK_BOUNDS = "32 bytes in base64, vault:<mount>/<key>, or awskms:<id or ARN of a key, no alias>";

const plain = (name: string, unit: string, fallback: string, bounds: string, meaning: string) =>
  ({ name, unit, default: fallback, bounds, meaning, secret: false }) as const;
const secret = (name: string, unit: string, fallback: string, bounds: string, meaning: string) =>
  ({ name, unit, default: fallback, bounds, meaning, secret: true }) as const;

export const KEK_SETTINGS = [
  plain(
    "CLAVIGER_RECOVERABLE",
    "list",
    "none",
    "classes of environments, separated by commas: development, staging, production",
    "In environments of these classes the secrets of new keys are kept, sealed, and can be revealed; needs CLAVIGER_KEK",
  ),
  secret(
    "CLAVIGER_KEK",
    "key",
    "none",
    KEK_BOUNDS,
    "The key-encryption key of recoverable keys, or where it is kept; alike on every node, and in no backup. A file of it must be closed to others",
  ),
  secret(
    "CLAVIGER_KEK_OLD",
    "key",
    "none",
    KEK_BOUNDS,
    "The key-encryption key before this one, until claviger rotate-kek has wrapped everything again",
  ),
  plain(
    "CLAVIGER_KEK_VAULT_URL",
    "URL",
    "none",
    "https:// without path; http:// to loopback, or with CLAVIGER_ALLOW_PLAINTEXT",
    "Where Vault or OpenBao is; required with vault:<mount>/<key>",
  ),
  plain(
    "CLAVIGER_KEK_VAULT_TOKEN_FILE",
    "path",
    "none",
    "a file with a token",
    "Token for Vault, read at each call, so that an agent may renew it; required with vault:<mount>/<key>",
  ),
  plain(
    "CLAVIGER_KEK_AWS_REGION",
    "region",
    "that of the ARN",
    "a region such as eu-central-1",
    "Of AWS KMS; required where awskms: names no ARN",
  ),
  plain(
    "CLAVIGER_KEK_AWS_URL",
    "URL",
    "https://kms.<region>.amazonaws.com",
    "https:// without path; http:// to loopback, or with CLAVIGER_ALLOW_PLAINTEXT",
    "Of AWS KMS where an endpoint of one's own is used",
  ),
  secret(
    "CLAVIGER_KEK_AWS_CREDENTIALS",
    "text",
    "none",
    "<access key id>:<secret access key>, or these and :<session token>",
    "Whoever may call Encrypt and Decrypt with the key; required with awskms:",
  ),
  plain(
    "CLAVIGER_REVEALS_PER_HOUR",
    "per hour and management key",
    "20",
    "an integer from 1 to 10000",
    "Secrets that one management key may reveal within any hour, over all nodes",
  ),
] as const;

export type KekSettingName = (typeof KEK_SETTINGS)[number]["name"];

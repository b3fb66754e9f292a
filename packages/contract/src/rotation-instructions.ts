/** How a program takes a new secret over, in each language: a table, so that all of them say the same. */

/** Languages that there are instructions for. */
export const ROTATION_LANGUAGES = ["node", "python", "ruby", "go", "java", "php", "curl"] as const;
type Language = (typeof ROTATION_LANGUAGES)[number];

/** Reads the secret from the environment and sends it. `$VARIABLE` stands for the variable's name. */
const CODE: Readonly<Record<Language, string>> = {
  node: `const key = process.env.$VARIABLE;
await fetch(url, { headers: { Authorization: \`Bearer \${key}\` } });`,
  python: `key = os.environ["$VARIABLE"]
requests.get(url, headers={"Authorization": f"Bearer {key}"})`,
  ruby: `key = ENV.fetch("$VARIABLE")
Net::HTTP.get(URI(url), { "Authorization" => "Bearer #{key}" })`,
  go: `request.Header.Set("Authorization", "Bearer "+os.Getenv("$VARIABLE"))
response, err := http.DefaultClient.Do(request)`,
  java: `var key = System.getenv("$VARIABLE");
HttpRequest.newBuilder(uri).header("Authorization", "Bearer " + key).build();`,
  php: `$key = getenv('$VARIABLE');
curl_setopt($curl, CURLOPT_HTTPHEADER, ["Authorization: Bearer {$key}"]);`,
  curl: `curl -H "Authorization: Bearer \${$VARIABLE}" "$URL"`,
};

export interface RotationInstructions {
  /** The environment variable that programs take the key from. */
  readonly variable: string;
  readonly steps: readonly string[];
  readonly languages: readonly { readonly language: Language; readonly code: string }[];
}

/** `acme` is `ACME_API_KEY`; no variable begins with a digit. */
function keyVariable(prefix: string): string {
  const name = `${prefix.toUpperCase()}_API_KEY`;
  return /^\d/.test(name) ? `_${name}` : name;
}

/** What to do with a new version of a key. The secret is in none of it. `prefix`: the first part of the platform's keys. */
export function rotationInstructions(prefix: string): RotationInstructions {
  const variable = keyVariable(prefix);
  return {
    variable,
    steps: [
      `Put the new secret where ${variable} is set, in place of the old one: a secret store or the settings of the deployment, never the code.`,
      "Restart or redeploy every program that uses the key, so that it reads the variable again. Until then the old secret goes on working.",
      "Look at the rotation: the new version is seen in use, and the traffic of the old one falls to nothing.",
      "Confirm the rotation. The old version ends by itself at its end; finishing the rotation ends it at once.",
    ],
    languages: ROTATION_LANGUAGES.map((language) => ({
      language,
      code: CODE[language].replaceAll("$VARIABLE", variable),
    })),
  };
}

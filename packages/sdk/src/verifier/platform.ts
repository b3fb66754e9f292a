type Environment = Readonly<Record<string, string | undefined>>;

/** What this process runs on. Some platforms have no `process`, others no `navigator`. */
export function thisPlatform(): { readonly environment: Environment; readonly userAgent: string | undefined } {
  const { process, navigator } = globalThis as {
    readonly process?: { readonly env?: Environment };
    readonly navigator?: { readonly userAgent?: string };
  };
  return { environment: process?.env ?? {}, userAgent: navigator?.userAgent };
}

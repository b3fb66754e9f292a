import { createSmtp, type SmtpSettings } from "./smtp.ts";

interface Settings {
  readonly allowPrivateTargets: boolean;
  readonly smtp: SmtpSettings | null;
  readonly mailGatherSeconds: number;
}

/** What settings say of calls to receivers outside, and of mails; `mail` is null where no server of mails is set. */
export function outgoingBy({ allowPrivateTargets, smtp, mailGatherSeconds }: Settings) {
  const mail = smtp === null ? null : { sender: createSmtp(smtp), gatherMs: mailGatherSeconds * 1_000 };
  return { allowPrivate: allowPrivateTargets, mail };
}

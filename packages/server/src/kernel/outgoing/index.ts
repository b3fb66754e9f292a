/** Calls to receivers outside that somebody named: nobody can make the service call what is inside. And mails, by the server of the operator. */

export { outgoingBy } from "./outgoing-by.ts";
export {
  type Answered,
  type CallOutside,
  createCallOutside,
  createPostOutside,
  type OutsideOptions,
  type PostOutside,
  type ResolveName,
  refusedUrl,
  resolveName,
} from "./post-outside.ts";
export { type AwsCredentials, signV4 } from "./sign-v4.ts";
export { createSmtp, type MailOutcome, type SendMail, type SmtpSettings } from "./smtp.ts";
export { isMailFrom, parseSmtpUrl } from "./smtp-settings.ts";

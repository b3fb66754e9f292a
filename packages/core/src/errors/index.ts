export {
  ClavigerError,
  type ClavigerErrorOptions,
  ERRORS,
  type ErrorCode,
  type FieldError,
  refusalError,
} from "./claviger-error.ts";
export { type ErrorEntry, PROBLEMS, type ProblemCode } from "./problems.ts";
export { REFUSALS, type RefusalEntry } from "./refusals.ts";

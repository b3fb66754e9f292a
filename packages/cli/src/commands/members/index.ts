import { getMember } from "./get.ts";
import { listMembers } from "./list.ts";
import { putMember } from "./put.ts";

export const members = [putMember, getMember, listMembers] as const;

import { getMember } from "./get.ts";
import { listMembers } from "./list.ts";
import { memberOffboarding, offboardMember } from "./offboard.ts";
import { putMember } from "./put.ts";

export const members = [putMember, getMember, listMembers, offboardMember, memberOffboarding] as const;

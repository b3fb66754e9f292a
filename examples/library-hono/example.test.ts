import { describe } from "vitest";
import { managesVerifiesAndLeaves } from "../../tests/support/library-example.ts";

describe("a program of Hono with Claviger in it", () => managesVerifiesAndLeaves("library-hono"));

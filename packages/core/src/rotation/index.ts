/** Rotation of a key's secrets: one state machine for all of its versions. */
export {
  GRACE_STARTS,
  type GraceStart,
  isLive,
  isOpenRotation,
  type RotatingKey,
  type Rotation,
  type RotationKind,
  type RotationPhase,
  type VersionLife,
  versionWorks,
} from "./rotation.ts";
export {
  MOST_WORKING_VERSIONS,
  type RotationEffect,
  type RotationEvent,
  type RotationNews,
  type RotationRefusal,
  stepRotation,
  takesAway,
} from "./step.ts";

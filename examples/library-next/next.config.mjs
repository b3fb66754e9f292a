export default {
  // It reads files that stand beside its own, so it is not made part of a bundle.
  serverExternalPackages: ["@claviger/server"],
};

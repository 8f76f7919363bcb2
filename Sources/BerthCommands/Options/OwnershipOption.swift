import ArgumentParser

/// Whether fields that other clients keep are taken from them.
struct OwnershipOption: ParsableArguments {
  @Flag(
    help:
      "Take over fields of objects on a cluster that another client keeps and that the files state from now on."
  )
  var takeOwnership = false
}

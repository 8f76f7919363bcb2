/// The tags by which compose files say what becomes of a value that an earlier file has. A spec has none.
public enum LayerTag: String, Sendable {
  /// The earlier value goes.
  case reset = "!reset"
  /// The earlier value is replaced, not merged.
  case override = "!override"

  var flag: NodeRecord.Flags {
    switch self {
    case .reset: .reset
    case .override: .override
    }
  }
}
